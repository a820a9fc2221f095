// Harvesting as iteration: one loop over the pages of a list hides tokens, restarts and their dangers
// (OAI-PMH 2.0, section 3.5).
import type { Client } from './client.ts'
import { Diagnosis, type Problem } from './diagnosis.ts'
import type { Page } from './page.ts'
import type { HarvestedRecord } from './record.ts'

export interface ListRequest {
  metadataPrefix: string
  from?: string
  until?: string
  set?: string
  /** Where an earlier run stopped; a dead one begins the list again. */
  resumptionToken?: string
}

export interface HarvestPage {
  /** The list begins here (at the first page, or again after its token died). */
  first: boolean
  responseDate?: string
  records: HarvestedRecord[]
  /** With it the list goes on after this page; absent on the last one, and where it must not be used again. */
  token?: string
  completeListSize?: number
  problems: Problem[]
}

const mostEmptyPages = 20

/**
 * Pages of ListRecords until the end. The list is complete when the iteration ends without throwing.
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
    const page = await client.ask(query, signal)
    if (token !== undefined && hasError(page, 'badResumptionToken')) {
      // That a token of an earlier run is dead is to be expected.
      if (pages > 0 && restarts++ > 0) throw deadToken(page)
      noted = [{ code: 'list-restarted', message: 'its token died, so the list begins again' }]
      token = undefined
      watch.restart()
      continue
    }
    const ended = token !== undefined && hasError(page, 'noRecordsMatch')
    if (page.errors.length && !page.answer && !hasError(page, 'noRecordsMatch')) throw refusal(page)
    if (ended) {
      noted.push({ code: 'list-ended-early', message: 'a token was answered with noRecordsMatch' })
    }
    pages++
    const next = page.token?.value || undefined
    const problem = watch.see(page, token, next)
    if (!next && watch.missing) noted.push(watch.missing)
    yield harvestPage(page, token === undefined, problem ? undefined : next, noted)
    if (problem) throw problem
    if (!next) return
    noted = []
    token = next
  }
}

function harvestPage(
  page: Page,
  first: boolean,
  token: string | undefined,
  noted: Problem[],
): HarvestPage {
  const size = page.token?.completeListSize
  return {
    first,
    records: page.records,
    problems: [...noted, ...page.problems],
    ...(page.responseDate && { responseDate: page.responseDate }),
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
  private count = 0
  private size = 0
  private whole = true

  restart(): void {
    this.remembered = undefined
    this.steps = 0
    this.count = 0
    this.whole = true
  }

  see(page: Page, token: string | undefined, next: string | undefined): Diagnosis | undefined {
    if (this.steps === 0) this.whole = token === undefined
    this.count += page.records.length + page.problems.filter((each) => each.identifier).length
    this.size = page.token?.completeListSize ?? this.size
    this.empty = page.records.length ? 0 : this.empty + 1
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
    return this.whole && this.count < this.size
      ? {
          code: 'fewer-than-announced',
          message: `${this.size} records were announced and ${this.count} came`,
        }
      : undefined
  }
}

const hasError = (page: Page, code: string): boolean =>
  !page.answer && page.errors.some((each) => each.code === code)

function refusal(page: Page): Diagnosis {
  const [first] = page.errors
  return new Diagnosis(
    'oai-error',
    `it refuses with ${first?.code || 'an error'}${first?.message ? `: ${first.message}` : ''}`,
  )
}

const deadToken = (page: Page): Diagnosis =>
  new Diagnosis(
    'token-dead',
    `its tokens die before they are used: ${page.errors[0]?.message || 'badResumptionToken'}`,
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
