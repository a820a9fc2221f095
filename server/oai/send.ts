// An answer on its way to the client: whole, or part by part as fast as the client reads, compressed where it asks for it.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib'
import type Koa from 'koa'
import type { Context } from '../context.ts'
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
      if (!answer.text) void answer.page?.parts.return({ records: 0, done: false })
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

async function sendText(koa: Koa.Context, ctx: Context, text: string): Promise<Sent> {
  const whole = Buffer.from(text)
  // oxlint-disable-next-line require-yield
  const parts = (async function* (): AsyncGenerator<Buffer, PageEnd> {
    yield whole
    return { records: 0, done: true }
  })()
  return sendParts(koa, ctx, parts, whole.length)
}

async function sendPage(
  koa: Koa.Context,
  ctx: Context,
  { start, page, end }: Extract<Answer, { start: string }>,
): Promise<Sent> {
  const parts = (async function* (): AsyncGenerator<Buffer, PageEnd> {
    let before = Buffer.from(start)
    for (;;) {
      const part = await page.parts.next()
      if (part.done) {
        yield Buffer.concat([before, Buffer.from(end)])
        return part.value
      }
      yield before.length ? Buffer.concat([before, part.value]) : part.value
      before = Buffer.alloc(0)
    }
  })()
  return sendParts(koa, ctx, parts, Infinity)
}

async function sendParts(
  koa: Koa.Context,
  ctx: Context,
  parts: AsyncGenerator<Buffer, PageEnd>,
  length: number,
): Promise<Sent> {
  const coding = length < worthCompressing ? undefined : codingOf(koa)
  if (coding) koa.set('Content-Encoding', coding)
  else if (Number.isFinite(length)) koa.length = length
  koa.status = 200
  // From here on the answer is written to the socket by us.
  koa.respond = false
  const { res } = koa
  if (koa.method === 'HEAD') {
    res.end()
    return { bytes: 0, records: 0, done: false, cut: false }
  }
  const before = koa.socket.bytesWritten
  const sent = { records: 0, done: false, cut: false }
  try {
    const { records, done } = await pour(res, coding, parts)
    Object.assign(sent, { records, done })
  } catch (error) {
    sent.cut = true
    if (!(error instanceof ClientGone)) ctx.log.error({ err: error }, 'an answer broke off')
    // What was sent must not look like a whole answer.
    res.destroy()
  } finally {
    await parts.return({ records: 0, done: false })
  }
  return { ...sent, bytes: koa.socket.bytesWritten - before }
}

class ClientGone extends Error {}

async function pour(
  res: ServerResponse,
  coding: Coding | undefined,
  parts: AsyncGenerator<Buffer, PageEnd>,
): Promise<PageEnd> {
  const out: Writable = coding ? compressed(res, coding) : res
  for (;;) {
    const part = await parts.next()
    if (part.done) {
      out.end()
      return part.value
    }
    if (res.destroyed) throw new ClientGone()
    if (!out.write(part.value)) await drained(out, res)
  }
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
