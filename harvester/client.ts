// A patient OAI-PMH client: asks again after errors that pass, waits as long as it is told to (within bounds), and gives
// up with a diagnosis.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stranger } from './addresses.ts'
import { usualBounds, type Bounds } from './cut.ts'
import { Diagnosis, evidenceOf, type Evidence, type Problem } from './diagnosis.ts'
import { readPage, type PageEnd, type Stretch } from './page.ts'
import {
  openAnswer,
  openConnection,
  usualLimits,
  type Answer,
  type Connection,
  type Limits,
} from './request.ts'

export interface ClientOptions {
  /** Who asks, with an address to complain to. */
  userAgent: string
  /** E-mail address of the operator, for the From header. */
  from?: string
  limits?: Partial<Limits>
  /** First pause after an error; it doubles. */
  retryMs?: number
  attempts?: number
  /** No new attempt after so long, pauses that the source asked for aside. */
  patienceMs?: number
  /** The longest pause that a source may ask for (Retry-After). */
  longestPauseMs?: number
  /** Between the beginnings of two requests. */
  delayMs?: number
  /** Where the address was typed by somebody else. */
  stranger?: Stranger | undefined
}

/** A stretch of a page, as the client gives it. */
export interface Part extends Stretch {
  /** An earlier attempt at this page gave it already. */
  again: boolean
}

export interface Client {
  /** The base URL. */
  url: string
  /** An answer that is read in one piece, errors of the protocol included. */
  ask(query: Record<string, string>, signal?: AbortSignal, attempts?: number): Promise<Answered>
  /**
   * A page of records, of any length, part by part; the last one has `end`. What came of a page that breaks off is given
   * when it has been asked for often enough, before the diagnosis is thrown.
   */
  list(
    query: Record<string, string>,
    signal?: AbortSignal,
    attempts?: number,
  ): AsyncGenerator<Part, void>
  close(): Promise<void>
}

/** What an answer says that is no list of records. */
export interface Answered extends PageEnd {
  responseDate?: string
  problems: Problem[]
}

/**
 * @param url base URL as the operator typed it
 * @throws Diagnosis when it is no web address
 */
export function openClient(url: string, options: ClientOptions): Client {
  const typed = URL.canParse(url) ? new URL(url) : undefined
  if (!typed || (typed.protocol !== 'http:' && typed.protocol !== 'https:')) {
    throw new Diagnosis('address-wrong', `"${url}" is not an address that begins with http(s)://`)
  }
  const limits = { ...usualLimits, ...options.limits }
  const connection = openConnection(
    typed,
    {
      'user-agent': options.userAgent,
      ...(options.from && { from: options.from }),
      accept: 'text/xml, application/xml;q=0.9, */*;q=0.1',
    },
    limits,
    options.stranger,
  )
  const rest = pacer(options.delayMs ?? 0)
  const addressOf = (query: Record<string, string>): string => {
    const address = new URL(typed)
    address.hash = ''
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    return address.href
  }
  return {
    url,
    async ask(query, signal, attempts = options.attempts) {
      const bounds = { ...usualBounds, page: limits.bytes, head: limits.bytes }
      const patience = new Patience({ ...options, ...(attempts && { attempts }) }, signal)
      for (;;) {
        try {
          const problems: Problem[] = []
          await rest(signal)
          for await (const part of pageAt(connection, addressOf(query), bounds, signal)) {
            problems.push(...part.problems)
            if (part.end?.broken) throw part.end.broken
            const { end, responseDate } = part
            if (end) return { ...end, problems, ...(responseDate && { responseDate }) }
          }
        } catch (error) {
          await patience.orThrow(error)
        }
      }
    },
    list: (query, signal, attempts = options.attempts) =>
      patiently(
        async function* () {
          await rest(signal)
          const bounds = { ...usualBounds, page: limits.pageBytes }
          yield* pageAt(connection, addressOf(query), bounds, signal)
        },
        new Patience({ ...options, ...(attempts && { attempts }) }, signal),
      ),
    async close() {
      await connection.agent.destroy()
    },
  }
}

/** Waits until the next request may begin. */
function pacer(delayMs: number): (signal?: AbortSignal) => Promise<void> {
  let next = 0
  return async (signal) => {
    // The time of day may be set while it waits.
    const now = performance.now()
    const wait = next - now
    next = Math.max(next, now) + delayMs
    if (wait > 0) await sleep(wait, undefined, signal && { signal })
  }
}

/** Whole stretches come at the same places each time, so those that were given are known by their number. */
async function* patiently(
  attempt: () => AsyncGenerator<Stretch, void>,
  patience: Patience,
): AsyncGenerator<Part, void> {
  for (let given = 0; ;) {
    let count = 0
    let rest: Stretch | undefined
    try {
      for await (const stretch of attempt()) {
        if (stretch.end?.broken) {
          rest = stretch
          throw stretch.end.broken
        }
        count++
        yield { ...stretch, again: count <= given }
        if (count > given) patience.restore()
        given = Math.max(given, count)
      }
      return
    } catch (error) {
      try {
        await patience.orThrow(error)
      } catch (final) {
        if (rest && count >= given) yield withoutEnd(rest)
        throw final
      }
    }
  }
}

const withoutEnd = ({ records, problems, responseDate }: Stretch): Part => ({
  records,
  problems,
  again: false,
  ...(responseDate && { responseDate }),
})

async function* pageAt(
  connection: Connection,
  url: string,
  bounds: Bounds & { page: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Stretch, void> {
  let asked: Omit<Evidence, 'bytes'> = { url }
  try {
    const answer = await openAnswer(connection, url, bounds.page, signal)
    const { status, headers, body, movedTo } = answer
    asked = { url, status, headers }
    if (status < 200 || status >= 300) throw await refusal(answer)
    const moved: Problem[] = movedTo
      ? [{ code: 'moved', message: `the source has moved to ${movedTo.split('?')[0] ?? ''}` }]
      : []
    for await (const stretch of readPage(body, bounds)) {
      const problems = [...moved.splice(0), ...stretch.problems]
      for (const { evidence } of problems) if (evidence) Object.assign(evidence, asked)
      if (stretch.end?.broken) addEvidence(stretch.end.broken, asked)
      yield { ...stretch, problems }
    }
  } catch (error) {
    if (error instanceof Diagnosis) addEvidence(error, asked)
    throw error
  }
}

function addEvidence(diagnosis: Diagnosis, asked: Omit<Evidence, 'bytes'>): void {
  diagnosis.evidence = { bytes: Buffer.alloc(0), ...diagnosis.evidence, ...asked }
}

async function refusal({ status, headers, body }: Answer): Promise<Diagnosis> {
  const said: Buffer[] = []
  try {
    for await (const chunk of body) {
      said.push(chunk)
      if (said.length > 4) break
    }
  } catch (error) {
    // It is the status that counts.
    if (!(error instanceof Diagnosis)) throw error
  }
  const passing = status >= 500 || status === 429 || status === 408
  const busy = status === 503 || status === 429
  return new Diagnosis(
    busy ? 'busy' : 'http-status',
    `it answers with HTTP ${status}${busy ? ' (busy)' : ''}`,
    {
      passing,
      retryAfter: retryAfter(headers['retry-after']),
      evidence: evidenceOf(Buffer.concat(said)),
    },
  )
}

/** Seconds that a Retry-After header asks for, as a number or as a date (RFC 9110, 10.2.3). */
export function retryAfter(
  header: string | string[] | undefined,
  now = Date.now(),
): number | undefined {
  if (typeof header !== 'string') return undefined
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}

/** How often and how long a question is asked again. */
class Patience {
  private readonly options: ClientOptions
  private readonly signal: AbortSignal | undefined
  private started = 0
  private attempt = 0
  private pause = 0
  private ordered = 0

  constructor(options: ClientOptions, signal: AbortSignal | undefined) {
    this.options = options
    this.signal = signal
    this.restore()
  }

  /** It has got further. */
  restore(): void {
    this.started = Date.now()
    this.attempt = 0
    this.pause = this.options.retryMs ?? 500
    this.ordered = 0
  }

  /** Waits for the next attempt; or throws the error, where there is to be none. */
  async orThrow(error: unknown): Promise<void> {
    if (!(error instanceof Diagnosis) || !error.passing) throw error
    const { attempts = 5, longestPauseMs = 300_000, patienceMs = 30_000 } = this.options
    this.attempt++
    const told = error.retryAfter
    const wait = told === undefined ? this.pause * (0.75 + Math.random() / 2) : told * 1000
    const spent = Date.now() - this.started - this.ordered
    // A source that says when it will be back may do so a few times more than one that just fails.
    const most = told === undefined ? attempts : attempts * 2
    if (this.attempt >= most || spent > patienceMs || wait > longestPauseMs) throw error
    if (told === undefined) this.pause = Math.min(this.pause * 2, 30_000)
    else this.ordered += wait
    const { signal } = this
    await sleep(wait, undefined, signal && { signal })
  }
}
