// An answer on its way to the client: whole, or part by part as fast as the client reads, compressed where it asks for it.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { recycle } from '../db/db.ts'
import { hasCopy } from '../http/copy.ts'
import { version } from '../http/package.ts'
import { codings, type Coding } from './identify.ts'
import type { Answer } from './oai.ts'
import type { PageEnd } from './page.ts'

/** How an answer ended. */
export interface Sent {
  /** On the wire, without the head. */
  bytes: number
  records: number
  /** Whether a list ended with it. */
  done: boolean
  /** The client went away, or stopped reading. */
  cut: boolean
}

/** A client that takes nothing for so long is given up, in milliseconds. */
const patience = 120_000
/** Shorter answers are not worth compressing, in bytes. */
const worthCompressing = 1400

/** Sends the answer and waits until it is gone. Koa is told that it is answered. */
export async function sendAnswer(koa: Koa.Context, ctx: Context, answer: Answer): Promise<Sent> {
  koa.type = 'text/xml; charset=utf-8'
  koa.set('Access-Control-Allow-Origin', '*')
  koa.vary('Accept')
  koa.vary('Accept-Encoding')
  // Whoever keeps a copy asks whether it still stands.
  koa.set('Cache-Control', 'no-cache')
  const tag = tagOf(koa, answer)
  if (tag !== undefined) {
    koa.set('ETag', tag)
    if (hasCopy(koa, tag.replace(/^W\//, ''))) {
      koa.status = 304
      koa.body = null
      await answer.page?.parts.return({ records: 0, done: false })
      return { bytes: 0, records: 0, done: false, cut: false }
    }
  }
  return answer.page ? sendPage(koa, ctx, answer) : sendText(koa, ctx, answer.text)
}

function tagOf(koa: Koa.Context, answer: Answer): string | undefined {
  const { page } = answer
  // The moment of the answer is in it, but does not make it another one.
  const state = page ? page.tag : answer.text.replace(/<responseDate>[^<]*/, '')
  if (state === undefined) return undefined
  const hash = createHash('sha1').update(`${version} ${koa.querystring} ${state}`)
  return `W/"${hash.digest('base64url')}"`
}

/** What is written at once. */
type Pieces = (string | Buffer)[]
type Parts = AsyncGenerator<Pieces, PageEnd>

async function sendText(koa: Koa.Context, ctx: Context, text: string): Promise<Sent> {
  const end: PageEnd = { records: 0, done: true }
  const parts = (async function* (): Parts {
    yield await Promise.resolve([text])
    return end
  })()
  return sendParts(koa, ctx, parts, Buffer.byteLength(text))
}

async function sendPage(
  koa: Koa.Context,
  ctx: Context,
  { start, page, end }: Extract<Answer, { start: string }>,
): Promise<Sent> {
  const first = await page.parts.next()
  if (first.done) throw new Error('a page has no part')
  const { bytes, end: token } = first.value
  const pieces = [start, bytes, page.whole ? token + end : token]
  const parts = (async function* (): Parts {
    yield pieces
    for (;;) {
      const part = await page.parts.next()
      if (!part.done) {
        yield [part.value.bytes, part.value.end]
        continue
      }
      if (!page.whole) yield [end]
      return part.value
    }
  })()
  const length = pieces.reduce((sum, each) => sum + Buffer.byteLength(each), 0)
  return sendParts(koa, ctx, parts, page.whole ? length : Infinity)
}

async function sendParts(
  koa: Koa.Context,
  ctx: Context,
  parts: Parts,
  length: number,
): Promise<Sent> {
  const coding = length < worthCompressing ? undefined : codingOf(koa)
  if (coding) koa.set('Content-Encoding', coding)
  else if (Number.isFinite(length)) koa.length = length
  koa.status = 200
  // From here on the answer is written to the socket by us.
  koa.respond = false
  const { res } = koa
  const end: PageEnd = { records: 0, done: false }
  if (koa.method === 'HEAD') {
    await parts.return(end)
    res.end()
    return { ...end, bytes: 0, cut: false }
  }
  const before = koa.socket.bytesWritten
  let cut = false
  try {
    Object.assign(end, await pour(res, coding, parts))
  } catch (error) {
    cut = true
    if (!(error instanceof ClientGone)) ctx.log.error({ err: error }, 'an answer broke off')
    // What was sent must not look like a whole answer.
    res.destroy()
  } finally {
    await parts.return(end)
  }
  return { ...end, bytes: koa.socket.bytesWritten - before, cut }
}

class ClientGone extends Error {}

async function pour(
  res: ServerResponse,
  coding: Coding | undefined,
  parts: Parts,
): Promise<PageEnd> {
  const out: Writable = coding ? compressed(res, coding) : res
  for (;;) {
    const part = await parts.next()
    if (part.done) {
      out.end()
      return part.value
    }
    if (res.destroyed) throw new ClientGone()
    if (!write(out, part.value)) await drained(out, res)
  }
}

/** @returns whether more may be written at once */
function write(out: Writable, pieces: Pieces): boolean {
  out.cork()
  let ready = true
  for (const piece of pieces) {
    if (!piece.length) continue
    ready = typeof piece === 'string' ? out.write(piece) : out.write(piece, () => recycle(piece))
  }
  out.uncork()
  return ready
}

async function drained(out: Writable, res: ServerResponse): Promise<void> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  const gone = (): void => stop.abort()
  res.once('close', gone)
  try {
    if (res.destroyed) throw new ClientGone()
    await once(out, 'drain', { signal: stop.signal })
  } catch {
    throw new ClientGone()
  } finally {
    clearTimeout(timer)
    res.off('close', gone)
  }
}

// Fast rather than small: a harvester on the other side of the world saves nine tenths either way.
function compressed(res: ServerResponse, coding: Coding): Writable {
  const packer = {
    gzip: () => createGzip({ level: 3 }),
    deflate: () => createDeflate({ level: 3 }),
    br: () =>
      createBrotliCompress({
        params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_LGWIN]: 18 },
      }),
  }[coding]()
  packer.pipe(res)
  res.once('close', () => packer.destroy())
  return packer
}

function codingOf(koa: Koa.Context): Coding | undefined {
  if (!koa.get('Accept-Encoding')) return undefined
  const chosen = koa.acceptsEncodings([...codings, 'identity'])
  return codings.find((each) => each === chosen)
}
