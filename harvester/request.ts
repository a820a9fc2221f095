// One answer over HTTP: redirects followed by ourselves, bodies counted and inflated under a cap, every wait bounded.
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { Agent, errors, request, type Dispatcher } from 'undici'
import { guardedConnector } from './addresses.ts'
import { Diagnosis, reasonOf } from './diagnosis.ts'

export interface Limits {
  /** Of a body, as sent and as inflated. */
  bytes: number
  connectMs: number
  headersMs: number
  /** Between two pieces of a body. */
  bodyMs: number
  /** Of one request, redirects included. */
  totalMs: number
  redirects: number
}

export const usualLimits: Limits = {
  bytes: 64 * 2 ** 20,
  connectMs: 10_000,
  headersMs: 120_000,
  bodyMs: 20_000,
  totalMs: 600_000,
  redirects: 5,
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  /** Where it came from in the end. */
  url: string
  /** The address to use from now on, where the server says so (301, 308). */
  movedTo?: string
}

export interface Connection {
  agent: Agent
  limits: Limits
  headers: Record<string, string>
}

/**
 * @param typed the address that the operator typed; private addresses are reached only at its host and port
 */
export function openConnection(
  typed: URL,
  headers: Record<string, string>,
  limits: Limits,
): Connection {
  const agent = new Agent({
    connect: guardedConnector(typed, limits.connectMs),
    connections: 2,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.bodyMs,
    maxHeaderSize: 64 * 1024,
  })
  return { agent, limits, headers: { 'accept-encoding': 'gzip, deflate, br', ...headers } }
}

const redirects = new Set([301, 302, 303, 307, 308])

/** @throws Diagnosis */
export async function fetchAnswer(
  connection: Connection,
  url: string,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted()
  // One controller per request, let go at its end: AbortSignal.any would tie each to the signal of the whole harvest.
  const stop = new AbortController()
  const abort = (): void => stop.abort(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const { totalMs } = connection.limits
  const timer = setTimeout(() => {
    const message = `${new URL(url).host} took more than ${totalMs / 1000} seconds`
    stop.abort(new Diagnosis('timeout', message, { passing: true }))
  }, totalMs)
  try {
    return await follow(connection, url, stop.signal)
  } catch (error) {
    signal?.throwIfAborted()
    throw diagnose(error, url)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

async function follow(connection: Connection, start: string, signal: AbortSignal): Promise<Answer> {
  let at = start
  let movedTo: string | undefined
  let permanent = true
  for (let hop = 0; hop <= connection.limits.redirects; hop++) {
    const response = await request(at, {
      dispatcher: connection.agent,
      headers: connection.headers,
      signal,
    })
    const location = response.headers['location']
    if (!redirects.has(response.statusCode) || typeof location !== 'string') {
      const body = await bodyOf(response, connection.limits)
      const { statusCode: status, headers } = response
      return { status, headers, body, url: at, ...(movedTo && { movedTo }) }
    }
    await response.body.dump({ limit: 64 * 1024, signal })
    if (!URL.canParse(location, at)) {
      throw new Diagnosis('address-wrong', `it redirects to "${location}", which is no address`)
    }
    const next = new URL(location, at)
    if (next.protocol !== 'http:' && next.protocol !== 'https:') {
      throw new Diagnosis('address-refused', `it redirects to ${next.protocol}, not to the web`)
    }
    permanent &&= response.statusCode === 301 || response.statusCode === 308
    if (permanent) movedTo = next.href
    at = next.href
  }
  throw new Diagnosis(
    'too-many-redirects',
    `more than ${connection.limits.redirects} redirects, the last to ${at}`,
  )
}

async function bodyOf(response: Dispatcher.ResponseData, limits: Limits): Promise<Buffer> {
  const announced = Number(response.headers['content-length'] ?? 0)
  if (announced > limits.bytes) {
    response.body.destroy()
    throw tooLarge(limits)
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop destroys the stream, so the rest is not sent.
    if (size > limits.bytes) throw tooLarge(limits)
    chunks.push(chunk)
  }
  const encodings = String(response.headers['content-encoding'] ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each && each !== 'identity')
  let body: Buffer = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)
  for (const encoding of encodings.toReversed()) body = await inflated(body, encoding, limits)
  return body
}

const unzip = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  raw: promisify(inflateRaw),
  br: promisify(brotliDecompress),
}

async function inflated(body: Buffer, encoding: string, limits: Limits): Promise<Buffer> {
  const options = { maxOutputLength: limits.bytes }
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') {
      // Some servers announce gzip and send plain text.
      return body[0] === 0x1f && body[1] === 0x8b ? await unzip.gzip(body, options) : body
    }
    if (encoding === 'br') return await unzip.br(body, options)
    if (encoding === 'deflate') {
      // "deflate" means zlib's wrapping, and is taken by some for the bare stream.
      return ((body[0] ?? 0) & 0x0f) === 8
        ? await unzip.deflate(body, options)
        : await unzip.raw(body, options)
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits)
    throw new Diagnosis('encoding-broken', `its ${encoding} cannot be unpacked`, {
      cause,
      passing: true,
    })
  }
  throw new Diagnosis('encoding-broken', `it is packed as "${encoding}", which nobody asked for`)
}

const tooLarge = (limits: Limits): Diagnosis =>
  new Diagnosis('too-large', `an answer is larger than ${Math.round(limits.bytes / 2 ** 20)} MiB`)

function diagnose(error: unknown, url: string): Diagnosis {
  if (error instanceof Diagnosis) return error
  const cause = error instanceof Error && error.cause instanceof Diagnosis ? error.cause : undefined
  if (cause) return cause
  const where = new URL(url).host
  const late =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  if (late) {
    return new Diagnosis('timeout', `${where} did not answer in time: ${reasonOf(error)}`, {
      cause: error,
      passing: true,
    })
  }
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) {
    return new Diagnosis('unreachable', `${where} cannot be reached: ${reasonOf(error)}`, {
      cause: error,
      passing: true,
    })
  }
  return new Diagnosis('connection-cut', `the connection to ${where} broke: ${reasonOf(error)}`, {
    cause: error,
    passing: true,
  })
}
