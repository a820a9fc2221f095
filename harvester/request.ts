// One answer over HTTP: redirects followed by ourselves, the body handed on as it comes, unpacked, every wait bounded.
import { Agent, errors, request, type Dispatcher } from 'undici'
import { guardedConnector, type Stranger } from './addresses.ts'
import { Diagnosis, reasonOf } from './diagnosis.ts'
import { accepted, unpacked } from './inflate.ts'

export interface Limits {
  /** Of an answer that is read in one piece, unpacked. */
  bytes: number
  /** Of a page of records, unpacked. */
  pageBytes: number
  /** How many times as long as it was sent an answer may become. */
  inflation: number
  connectMs: number
  headersMs: number
  /** Between two pieces of a body. */
  bodyMs: number
  /** Spent waiting for an answer, redirects included; of a long one, for each mebibyte. */
  totalMs: number
  redirects: number
}

export const usualLimits: Limits = {
  bytes: 64 * 2 ** 20,
  pageBytes: 64 * 2 ** 30,
  inflation: 500,
  connectMs: 10_000,
  headersMs: 120_000,
  bodyMs: 20_000,
  totalMs: 600_000,
  redirects: 5,
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Unpacked, as it comes; to be read to its end or left. */
  body: AsyncGenerator<Buffer, void>
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
  stranger?: Stranger,
): Connection {
  const agent = new Agent({
    connect: guardedConnector(typed, limits.connectMs, undefined, stranger),
    connections: 2,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.bodyMs,
    maxHeaderSize: 64 * 1024,
  })
  return { agent, limits, headers: { 'accept-encoding': accepted, ...headers } }
}

const redirects = new Set([301, 302, 303, 307, 308])

/**
 * @param most bytes of its body, unpacked
 * @throws Diagnosis
 */
export async function openAnswer(
  connection: Connection,
  url: string,
  most: number,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted()
  const wait = new Wait(url, connection.limits.totalMs, signal)
  try {
    const { response, movedTo } = await follow(connection, url, wait)
    const { statusCode: status, headers } = response
    const sent = wait.each(response.body)
    const encoding = String(headers['content-encoding'] ?? '')
    const body = bounded(unpacked(sent, encoding, connection.limits.inflation), most)
    return { status, headers, body, ...(movedTo && { movedTo }) }
  } catch (error) {
    wait.end()
    signal?.throwIfAborted()
    throw diagnose(error, url)
  }
}

const mebibyte = 2 ** 20

/** Counts the time that is spent waiting for a source, not that in which what came is worked on. */
class Wait {
  // One controller per request, let go at its end: AbortSignal.any would tie each to the signal of the whole harvest.
  private readonly stop = new AbortController()
  private readonly url: string
  private readonly most: number
  private readonly outer: AbortSignal | undefined
  private left: number
  private since = 0
  private received = 0
  private timer: NodeJS.Timeout | undefined

  constructor(url: string, most: number, outer: AbortSignal | undefined) {
    this.url = url
    this.most = this.left = most
    this.outer = outer
    outer?.addEventListener('abort', this.abort, { once: true })
    this.begin()
  }

  get signal(): AbortSignal {
    return this.stop.signal
  }

  private readonly abort = (): void => this.stop.abort(this.outer?.reason)

  private begin(): void {
    this.since = performance.now()
    this.timer = setTimeout(() => {
      const message = `${new URL(this.url).host} took more than ${this.most / 1000} seconds`
      this.stop.abort(new Diagnosis('timeout', message, { passing: true }))
    }, this.left)
  }

  private pause(): void {
    clearTimeout(this.timer)
    this.left -= performance.now() - this.since
  }

  end(): void {
    clearTimeout(this.timer)
    this.outer?.removeEventListener('abort', this.abort)
  }

  /** @throws Diagnosis */
  async *each(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    const iterator = body[Symbol.asyncIterator]()
    this.pause()
    try {
      for (;;) {
        this.begin()
        const next = await iterator.next()
        this.pause()
        if (next.done) return
        this.received += next.value.length
        if (this.received > mebibyte) {
          this.received = 0
          this.left = this.most
        }
        yield next.value
      }
    } catch (error) {
      this.outer?.throwIfAborted()
      throw diagnose(error, this.url)
    } finally {
      this.end()
      // Whoever leaves early lets go of the rest.
      await iterator.return?.()
    }
  }
}

async function* bounded(
  body: AsyncGenerator<Buffer, void>,
  most: number,
): AsyncGenerator<Buffer, void> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > most) {
      throw new Diagnosis('too-large', `an answer is larger than ${Math.round(most / 2 ** 20)} MiB`)
    }
    yield chunk
  }
}

async function follow(
  connection: Connection,
  start: string,
  { signal }: Wait,
): Promise<{ response: Dispatcher.ResponseData; movedTo: string | undefined }> {
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
      return { response, movedTo }
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

/**
 * One short answer of a program, without redirects: to a question, or to a message in JSON.
 * @param most bytes of the answer
 */
export async function exchange(
  { agent, headers }: Connection,
  url: string,
  { most, signal, message }: { most: number; signal: AbortSignal; message?: string },
): Promise<{ status: number; text: string }> {
  const json = message === undefined ? {} : { 'content-type': 'application/json' }
  const { 'accept-encoding': _, ...plain } = headers
  const { statusCode, body } = await request(url, {
    dispatcher: agent,
    method: message === undefined ? 'GET' : 'POST',
    headers: { ...plain, ...json },
    signal,
    ...(message !== undefined && { body: message }),
  })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw new Diagnosis('too-large', `its answer is longer than ${most} bytes`)
    chunks.push(chunk)
  }
  return { status: statusCode, text: Buffer.concat(chunks).toString('utf8') }
}
