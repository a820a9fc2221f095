// An answer on its way to the client: whole, or part by part as fast as the client reads, compressed where it asks for it.
import { createHash } from 'node:crypto'
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
import type { PageEnd, Part } from './page.ts'

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
  koa.set('Vary', 'Accept, Sec-Fetch-Dest, Accept-Encoding')
  // Whoever keeps a copy asks whether it still stands.
  koa.set('Cache-Control', 'no-cache')
  const tag = tagOf(koa, answer)
  if (tag !== undefined) {
    koa.set('ETag', tag)
    if (hasCopy(koa, tag.replace(/^W\//, ''))) {
      koa.status = 304
      koa.body = null
      if (answer.page?.whole) recycle(answer.page.whole.bytes)
      return { bytes: 0, records: 0, done: false, cut: false }
    }
  }
  return answer.page ? sendPage(koa, ctx, answer) : sendText(koa, ctx, answer.text)
}

function tagOf(koa: Koa.Context, answer: Answer): string | undefined {
  // What is asked in a body is not in the address that a copy is kept under.
  if (koa.method === 'POST') return undefined
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

const nothing: PageEnd = { records: 0, done: false }

function sendText(koa: Koa.Context, ctx: Context, text: string): Promise<Sent> {
  return sendWhole(koa, ctx, [text], { records: 0, done: true })
}

function sendPage(
  koa: Koa.Context,
  ctx: Context,
  { start, page, end }: Extract<Answer, { start: string }>,
): Promise<Sent> {
  const { whole, parts } = page
  if (whole) return sendWhole(koa, ctx, [start, whole.bytes, whole.end + end], whole)
  return sendParts(koa, ctx, framed(start, parts, end))
}

async function* framed(
  start: string,
  parts: AsyncGenerator<Part, PageEnd> | undefined,
  end: string,
): Parts {
  let before = start
  let last: PageEnd = nothing
  while (parts) {
    const part = await parts.next()
    if (part.done) {
      last = part.value
      break
    }
    yield [before, part.value.bytes, part.value.end]
    before = ''
  }
  yield [before, end]
  return last
}

/** Koa is told that the answer is written to the socket by us. */
function begin(koa: Koa.Context, length: number): Coding | undefined {
  const coding = length < worthCompressing ? undefined : codingOf(koa)
  if (coding) koa.set('Content-Encoding', coding)
  else if (Number.isFinite(length)) koa.length = length
  koa.status = 200
  koa.respond = false
  // A client that takes nothing for so long is given up.
  koa.res.setTimeout(patience, () => koa.res.destroy())
  return coding
}

async function sendWhole(
  koa: Koa.Context,
  ctx: Context,
  pieces: Pieces,
  { records, done }: PageEnd,
): Promise<Sent> {
  const length = pieces.reduce((sum, each) => sum + Buffer.byteLength(each), 0)
  const coding = begin(koa, length)
  const { res, socket } = koa
  const before = socket.bytesWritten
  if (koa.method === 'HEAD') {
    res.end()
    return { ...nothing, bytes: 0, cut: false }
  }
  const out: Writable = coding ? compressed(res, coding) : res
  write(out, pieces)
  out.end()
  const cut = !(await gone(res))
  if (cut) ctx.log.debug({ path: koa.path }, 'a client hung up')
  return {
    records: cut ? 0 : records,
    done: done && !cut,
    cut,
    bytes: socket.bytesWritten - before,
  }
}

/** Waits until all is handed to the system; false: the client went away before. */
function gone(res: ServerResponse): Promise<boolean> {
  if (res.writableFinished) return Promise.resolve(true)
  if (res.destroyed) return Promise.resolve(false)
  return new Promise((settle) => {
    res.once('finish', () => settle(true))
    res.once('close', () => settle(res.writableFinished))
  })
}

async function sendParts(koa: Koa.Context, ctx: Context, parts: Parts): Promise<Sent> {
  const coding = begin(koa, Infinity)
  const { res, socket } = koa
  const before = socket.bytesWritten
  if (koa.method === 'HEAD') {
    await parts.return(nothing)
    res.end()
    return { ...nothing, bytes: 0, cut: false }
  }
  const out: Writable = coding ? compressed(res, coding) : res
  try {
    for (;;) {
      const part = await parts.next()
      if (part.done) {
        out.end()
        const cut = !(await gone(res))
        return { ...(cut ? nothing : part.value), cut, bytes: socket.bytesWritten - before }
      }
      if (!write(out, part.value) && !(await drained(out, res))) break
    }
  } catch (error) {
    ctx.log.error({ err: error }, 'an answer broke off')
    // What was sent must not look like a whole answer.
    res.destroy()
  } finally {
    await parts.return(nothing)
  }
  return { ...nothing, cut: true, bytes: socket.bytesWritten - before }
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

/** Waits until more may be written; false: the client is gone. */
function drained(out: Writable, res: ServerResponse): Promise<boolean> {
  if (res.destroyed) return Promise.resolve(false)
  return new Promise((settle) => {
    const go = (isThere: boolean) => (): void => {
      out.off('drain', drain)
      res.off('close', close)
      settle(isThere)
    }
    const [drain, close] = [go(true), go(false)]
    out.once('drain', drain)
    res.once('close', close)
  })
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
