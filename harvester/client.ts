// A patient OAI-PMH client: asks again after errors that pass, waits as long as it is told to (within bounds), and gives
// up with a diagnosis.
import { setTimeout as sleep } from 'node:timers/promises'
import { Diagnosis } from './diagnosis.ts'
import { readPage, type Page } from './page.ts'
import { fetchAnswer, openConnection, usualLimits, type Answer, type Limits } from './request.ts'

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
}

export interface Client {
  /** The base URL. */
  url: string
  /** An OAI-PMH answer, errors of the protocol included. */
  ask(query: Record<string, string>, signal?: AbortSignal): Promise<Page>
  close(): Promise<void>
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
  const connection = openConnection(
    typed,
    {
      'user-agent': options.userAgent,
      ...(options.from && { from: options.from }),
      accept: 'text/xml, application/xml;q=0.9, */*;q=0.1',
    },
    { ...usualLimits, ...options.limits },
  )
  return {
    url,
    async ask(query, signal) {
      const address = new URL(typed)
      address.hash = ''
      for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
      return patiently(options, signal, async () => {
        const answer = await fetchAnswer(connection, address.href, signal)
        const page = readPage(pageBody(answer))
        if (answer.movedTo) {
          const to = answer.movedTo.split('?')[0] ?? ''
          page.problems.push({ code: 'moved', message: `the source has moved to ${to}` })
        }
        return page
      })
    },
    async close() {
      await connection.agent.destroy()
    },
  }
}

function pageBody(answer: Answer): Buffer {
  const { status } = answer
  if (status >= 200 && status < 300) return answer.body
  const wait = retryAfter(answer.headers['retry-after'])
  const passing = status >= 500 || status === 429 || status === 408
  const busy = status === 503 || status === 429
  throw new Diagnosis(
    busy ? 'busy' : 'http-status',
    `it answers with HTTP ${status}${busy ? ' (busy)' : ''}`,
    { passing, retryAfter: wait },
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

async function patiently<T>(
  options: ClientOptions,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const attempts = options.attempts ?? 5
  const longest = options.longestPauseMs ?? 300_000
  let pause = options.retryMs ?? 500
  let ordered = 0
  const started = Date.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Diagnosis) || !error.passing) throw error
      const told = error.retryAfter
      const wait = told === undefined ? pause * (0.75 + Math.random() / 2) : told * 1000
      const spent = Date.now() - started - ordered
      // A source that says when it will be back may do so a few times more than one that just fails.
      const most = told === undefined ? attempts : attempts * 2
      if (attempt >= most || spent > (options.patienceMs ?? 30_000) || wait > longest) throw error
      if (told === undefined) pause = Math.min(pause * 2, 30_000)
      else ordered += wait
      await sleep(wait, undefined, signal && { signal })
    }
  }
}
