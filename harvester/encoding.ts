// XML in whatever encoding, as UTF-8: by its byte order mark or its declaration (XML 1.0, appendix F).
import { TextDecoder } from 'node:util'
import { peek } from './peek.ts'

export interface Utf8 {
  /** Without byte order mark; a declaration still says what the encoding was. */
  chunks: AsyncIterable<Buffer>
  /** It was another encoding: what was no character in it has become U+FFFD. */
  decoded: boolean
}

const longestDeclaration = 256

export async function toUtf8(bytes: AsyncIterable<Buffer>): Promise<Utf8> {
  const { head, all } = await peek(bytes, longestDeclaration)
  const decoder = decoderFor(encodingOf(head))
  return decoder
    ? { chunks: decoding(all, decoder), decoded: true }
    : { chunks: withoutMark(all), decoded: false }
}

// An encoding that nobody knows is most often UTF-8 all the same.
function decoderFor(label: string): TextDecoder | undefined {
  try {
    return label === 'utf-8' ? undefined : new TextDecoder(label)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let isFirst = true
  for await (const chunk of chunks) {
    yield isFirst && chunk[0] === 0xef && chunk[1] === 0xbb ? chunk.subarray(3) : chunk
    isFirst = false
  }
}

async function* decoding(
  chunks: AsyncIterable<Buffer>,
  decoder: TextDecoder,
): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

function encodingOf(head: Buffer): string {
  const [a, b] = head
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0x3c && b === 0) return 'utf-16le'
  if (a === 0 && b === 0x3c) return 'utf-16be'
  const declared = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(
    head.toString('latin1', 0, longestDeclaration),
  )
  const label = declared?.[1]?.toLowerCase() ?? 'utf-8'
  // Who declares UTF-16 in bytes that are not it, has UTF-8.
  return /^(?:utf-?8|us-ascii|ascii|utf-?16.*)$/.test(label) ? 'utf-8' : label
}
