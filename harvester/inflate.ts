// What was sent, unpacked as it comes (RFC 9110, 8.4.1), with a bound on how much may come out of how little.
import { Readable, pipeline, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { Diagnosis } from './diagnosis.ts'
import { peek } from './peek.ts'

// Before so much has come out, it may be as little as it likes.
const harmless = 32 * 2 ** 20
const options = { chunkSize: 256 * 1024 }

// From Node 22.15 on.
const { createZstdDecompress } = zlib as { createZstdDecompress?: (o: typeof options) => Transform }

/** The encodings that we understand, as Accept-Encoding says them. */
export const accepted = ['gzip', 'deflate', 'br', ...(createZstdDecompress ? ['zstd'] : [])].join()

/**
 * @param encoding as Content-Encoding says it
 * @param most how many times as long as what was sent it may become
 * @throws Diagnosis
 */
export async function* unpacked(
  sent: AsyncGenerator<Buffer, void>,
  encoding: string,
  most: number,
): AsyncGenerator<Buffer, void> {
  let received = 0
  async function* counted(): AsyncGenerator<Buffer, void> {
    for await (const chunk of sent) {
      received += chunk.length
      yield chunk
    }
  }
  const layers = encoding
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each && each !== 'identity')
  let chunks: AsyncIterable<Buffer> = counted()
  try {
    for (const layer of layers.toReversed()) chunks = await through(chunks, layer)
  } catch (error) {
    // Nobody is going to read it, and as long as it waits it keeps its connection.
    await sent.return()
    throw error
  }
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > harmless && size > received * most) {
      throw new Diagnosis('too-large', `what it packs is more than ${most} times as long`)
    }
    yield chunk
  }
}

async function through(
  packed: AsyncIterable<Buffer>,
  encoding: string,
): Promise<AsyncIterable<Buffer>> {
  const { head, all } = await peek(packed, 2)
  const transform = transformFor(encoding, head)
  return transform ? inflated(all, encoding, transform) : all
}

function transformFor(encoding: string, [first = 0, second]: Buffer): Transform | undefined {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      // Some servers announce gzip and send plain text.
      return first === 0x1f && second === 0x8b ? zlib.createGunzip(options) : undefined
    case 'deflate':
      // "deflate" means zlib's wrapping, and is taken by some for the bare stream.
      return (first & 0x0f) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options)
    case 'br':
      return zlib.createBrotliDecompress(options)
    case 'zstd':
      if (createZstdDecompress) return createZstdDecompress(options)
  }
  throw new Diagnosis('encoding-broken', `it is packed as "${encoding}", which nobody asked for`)
}

async function* inflated(
  packed: AsyncIterable<Buffer>,
  encoding: string,
  transform: Transform,
): AsyncGenerator<Buffer, void> {
  // Errors come out of the loop below, those of the connection too.
  const stream = pipeline(Readable.from(packed, { objectMode: false }), transform, () => undefined)
  try {
    yield* stream as AsyncIterable<Buffer>
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    if (code === 'Z_BUF_ERROR') {
      throw new Diagnosis('page-cut', 'what it packs ends in the middle', { cause, passing: true })
    }
    if (!/^(?:Z_|ERR__|ZSTD_)/.test(code)) throw cause
    throw new Diagnosis('encoding-broken', `its ${encoding} cannot be unpacked`, {
      cause,
      passing: true,
    })
  }
}
