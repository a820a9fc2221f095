// Harvesting as iteration: one loop over the pages of a list hides tokens, restarts and their dangers
// (OAI-PMH 2.0, section 3.5).
import type { Client, Part } from './client.ts'
import { Diagnosis, type Problem } from './diagnosis.ts'
import type { PageEnd } from './page.ts'
import type { HarvestedRecord } from './record.ts'

export interface ListRequest {
  metadataPrefix: string
  from?: string
  until?: string
  set?: string
  /** Where an earlier run stopped; a dead one begins the list again. */
  resumptionToken?: string
}

/** A page of a list, or a part of a long one. */
export interface HarvestPage {
  /** The list begins here (at the first page, or again after its token died). */
  first: boolean
  /** The page ends here. */
  last: boolean
  /** It was given before, by an attempt at this page that broke off. */
  again: boolean
  responseDate?: string
  records: HarvestedRecord[]
  /** With it the list goes on after this page; absent on the last one, and where it must not be used again. */
  token?: string
  completeListSize?: number
  problems: Problem[]
}

const mostEmptyPages = 20

/**
 * Pages of ListRecords until the end, long ones in parts. The list is complete when the iteration ends without throwing.
 * @throws Diagnosis
 */
export async function* harvest(
  client: Client,
  request: ListRequest,
  signal?: AbortSignal,
): AsyncGenerator<HarvestPage, void> {
  const { resumptionToken, ...list } = request
  const start = { verb: 'ListRecords', ...list }
  let token = resumptionToken
  let pages = 0
  let restarts = 0
  let noted: Problem[] = []
  const watch = new Watch()
  for (;;) {
    const query = token === undefined ? start : { verb: 'ListRecords', resumptionToken: token }
    let end: PageEnd | undefined
    let parts = 0
    let rest: Part | undefined
    for await (const part of client.list(query, signal)) {
      watch.count(part)
      if (part.end) {
        end = part.end
        rest = part
      } else {
        yield harvestPage(part, { first: token === undefined && parts++ === 0 }, noted.splice(0))
      }
    }
    if (!end || !rest) return
    if (token !== undefined && hasError(end, 'badResumptionToken')) {
      // That a token of an earlier run is dead is to be expected.
      if (pages > 0 && restarts++ > 0) throw deadToken(end)
      noted = [{ code: 'list-restarted', message: 'its token died, so the list begins again' }]
      token = undefined
      watch.restart()
      continue
    }
    const ended = token !== undefined && hasError(end, 'noRecordsMatch')
    if (isRefused(end) && !hasError(end, 'noRecordsMatch')) throw refusal(end)
    if (ended) {
      noted.push({ code: 'list-ended-early', message: 'a token was answered with noRecordsMatch' })
    }
    pages++
    const next = end.token?.value || undefined
    const problem = watch.see(end, token, next)
    if (!next && watch.missing) noted.push(watch.missing)
    const place = { first: token === undefined && parts === 0, token: problem ? undefined : next }
    yield harvestPage(rest, place, noted.splice(0))
    if (problem) throw problem
    if (!next) return
    token = next
  }
}

const isRefused = ({ errors, answer, isList }: PageEnd): boolean =>
  errors.length > 0 && !answer && !isList

function harvestPage(
  part: Part,
  { first, token }: { first: boolean; token?: string | undefined },
  noted: Problem[],
): HarvestPage {
  const { records, responseDate, end, again } = part
  const size = end?.token?.completeListSize
  return {
    first: first && !again,
    last: end !== undefined,
    again,
    records,
    problems: [...noted, ...part.problems],
    ...(responseDate && { responseDate }),
    ...(token && { token }),
    ...(size !== undefined && { completeListSize: size }),
  }
}

/** Notices lists that never end, in constant memory. */
class Watch {
  private steps = 0
  // Brent: the remembered token moves on at powers of two, so that any cycle meets it.
  private remembered: string | undefined
  private empty = 0
  private records = 0
  private onPage = 0
  private size = 0
  private whole = true

  restart(): void {
    this.remembered = undefined
    this.steps = 0
    this.records = 0
    this.onPage = 0
    this.whole = true
  }

  count({ records, problems, again }: Part): void {
    this.onPage += records.length
    if (!again) this.records += records.length + problems.filter((each) => each.identifier).length
  }

  /** At the end of a page. */
  see(end: PageEnd, token: string | undefined, next: string | undefined): Diagnosis | undefined {
    if (this.steps === 0) this.whole = token === undefined
    this.size = end.token?.completeListSize ?? this.size
    this.empty = this.onPage ? 0 : this.empty + 1
    this.onPage = 0
    if (next === undefined) return undefined
    if (next === token || next === this.remembered) {
      return new Diagnosis('token-repeats', 'the same token comes again: the list would never end')
    }
    if (this.empty > mostEmptyPages) {
      return new Diagnosis('empty-pages', `${this.empty} pages in a row hold no record`)
    }
    this.steps++
    if (Number.isInteger(Math.log2(this.steps))) this.remembered = next
    return undefined
  }

  get missing(): Problem | undefined {
    return this.whole && this.records < this.size
      ? {
          code: 'fewer-than-announced',
          message: `${this.size} records were announced and ${this.records} came`,
        }
      : undefined
  }
}

const hasError = (end: PageEnd, code: string): boolean =>
  isRefused(end) && end.errors.some((each) => each.code === code)

function refusal({ errors: [first] }: PageEnd): Diagnosis {
  return new Diagnosis(
    'oai-error',
    `it refuses with ${first?.code || 'an error'}${first?.message ? `: ${first.message}` : ''}`,
  )
}

const deadToken = ({ errors: [first] }: PageEnd): Diagnosis =>
  new Diagnosis(
    'token-dead',
    `its tokens die before they are used: ${first?.message || 'badResumptionToken'}`,
  )

/**
 * The same pages, the next one on its way while the last is worked on.
 * Leaving the loop cuts a request that is still on its way.
 */
export async function* ahead<T>(
  begin: (signal: AbortSignal) => AsyncGenerator<T, void>,
  signal?: AbortSignal,
): AsyncGenerator<T, void> {
  const stop = new AbortController()
  const pages = begin(signal ? AbortSignal.any([signal, stop.signal]) : stop.signal)
  let next = pages.next()
  try {
    for (;;) {
      const page = await next
      if (page.done) return
      next = pages.next()
      // An error of the next page is thrown when it is its turn, not while this one is worked on.
      next.catch(() => undefined)
      yield page.value
    }
  } finally {
    stop.abort()
  }
}
