// A harvest: all records of a list, whatever becomes of the list on the way. Where it cannot be walked to its end (a page
// that dies each time, tokens that die or come again, a page too large), it is gone on with from the datestamp that it
// had reached, where it is in the order of its datestamps; else it is listed by stretches of dates that are halved until
// the fault stands alone, and what stands there is named by ListIdentifiers and asked for one by one.
import { readMoment, type Granularity } from '../schemas/datestamp.ts'
import type { Client } from './client.ts'
import { after, halve, holds, inDays, Order, type Bounds, type Dates } from './dates.ts'
import {
  Diagnosis,
  reasonOf,
  type DiagnosisCode,
  type Problem,
  type ProblemCode,
} from './diagnosis.ts'
import { listHeaders, type Header } from './headers.ts'
import { identify } from './identify.ts'
import { walk, type ListPage } from './list.ts'
import type { HarvestedRecord } from './record.ts'
import { getRecord } from './single.ts'

/** Where a harvest stands besides its token: enough for another process to go on. */
export interface Place {
  /** How far the list under way has come, where it is in the order of its datestamps. */
  reached?: string
  /** What is to be listed, the list under way first; otherwise the list as it was asked for. */
  lists?: Dates[]
  /** A token has died on the way, and the list was begun again. */
  begunAgain?: true
}

export interface ListRequest extends Dates {
  metadataPrefix: string
  set?: string
  /** How the source writes datestamps in requests. */
  granularity?: Granularity
  /** Where an earlier run stopped. */
  resumptionToken?: string
  place?: Place
}

export interface HarvestPage extends ListPage {
  place: Place
}

/** Of a recovery in one run. */
const mostRequests = 1000
const longestMs = 30 * 60_000
/** Pieces in a row that could not be listed: then it is not a piece that is broken; before anything came, sooner. */
const mostFailures = 20
const mostAtFirst = 4
const mostNamed = 5000
const mostAtOnce = 50
const recoveryAttempts = 2

/** What asking otherwise may help against. */
const recoverable = new Set<DiagnosisCode>([
  'http-status',
  'timeout',
  'connection-cut',
  'page-cut',
  'too-large',
  'encoding-broken',
  'not-xml',
  'not-oai',
  'html-instead-of-oai',
  'token-repeats',
  'token-dead',
  'identical-pages',
  'empty-pages',
  'oai-error',
])

/**
 * Pages of records until all have come. It is complete when the iteration ends without throwing.
 * @throws Diagnosis
 */
export function harvest(
  client: Client,
  request: ListRequest,
  signal?: AbortSignal,
): AsyncGenerator<HarvestPage, void> {
  return new Course(client, request, signal).pages()
}

class Course {
  private readonly client: Client
  private readonly asked: { metadataPrefix: string; set?: string }
  private readonly signal: AbortSignal | undefined
  /** The list as it was asked for. */
  private whole: Dates
  private granularity: Granularity
  /** Still to be listed, the list under way first. */
  private lists: Dates[]
  private token: string | undefined
  private order: Order
  private noted: Problem[] = []
  private announced = 0
  /** How much has come since the list began in this run. */
  private come: number | undefined
  /** Of the list under way, in recovery. */
  private readonly have = new Set<string>()
  /** Up to where the order of a list was relied on. */
  private relied: string | undefined
  private hasBegunAgain: boolean
  private recovery: Recovery | undefined

  constructor(client: Client, request: ListRequest, signal: AbortSignal | undefined) {
    const { metadataPrefix, set, from, until, resumptionToken, place } = request
    this.client = client
    this.signal = signal
    this.asked = { metadataPrefix, ...(set !== undefined && { set }) }
    this.granularity = request.granularity ?? (from?.length === 10 ? days : seconds)
    this.whole = { ...(from !== undefined && { from }), ...(until !== undefined && { until }) }
    this.lists = place?.lists ?? [this.whole]
    this.token = resumptionToken
    this.hasBegunAgain = place?.begunAgain ?? false
    this.order = new Order(place?.reached)
    if (resumptionToken !== undefined && !place?.reached) this.order.doubt()
    if (resumptionToken === undefined && isSame(this.lists[0], this.whole)) this.come = 0
  }

  async *pages(): AsyncGenerator<HarvestPage, void> {
    for (;;) {
      const [dates] = this.lists
      if (!dates) return
      try {
        yield* this.list(dates)
        this.recovery?.success()
        this.next()
      } catch (error) {
        if (this.signal?.aborted || !(error instanceof Diagnosis)) throw error
        yield* this.recover(error, dates)
      }
    }
  }

  private async *list(dates: Dates): AsyncGenerator<HarvestPage, void> {
    const { token, recovery } = this
    const isFirst = isSame(dates, this.whole)
    this.have.clear()
    const query = token === undefined ? { ...this.asked, ...dates } : { resumptionToken: token }
    const attempts = recovery && recoveryAttempts
    for await (const page of walk(this.client, query, this.signal, attempts)) {
      recovery?.count()
      if (recovery && !page.records.every((each) => holds(dates, each)))
        recovery.ignoresDates = true
      const first = page.first && isFirst
      this.count(page, first)
      if (page.last) this.token = page.token
      yield { ...page, first, ...this.withNotes(page.problems, page.done) }
    }
  }

  private count({ records, completeListSize, again }: ListPage, first: boolean): void {
    if (first) this.come = 0
    if (isSame(this.lists[0], this.whole)) this.announced = completeListSize ?? this.announced
    if (this.recovery) {
      for (const { identifier } of records.slice(0, Math.max(0, mostNamed - this.have.size))) {
        this.have.add(identifier)
      }
    }
    if (again) return
    this.order.see(records)
    if (this.come !== undefined) this.come += records.length
  }

  private withNotes(problems: Problem[], done = false): Pick<HarvestPage, 'problems' | 'place'> {
    const { reached } = this.order
    const lists = done ? this.lists.slice(1) : this.lists
    const place: Place = {
      ...(reached !== undefined && !done && { reached }),
      lists,
      ...(this.hasBegunAgain && { begunAgain: true }),
    }
    return { problems: [...this.noted.splice(0), ...problems], place }
  }

  /** The list under way has ended. */
  private next(): void {
    // What is listed whatever the dates is all that there is.
    this.lists = this.recovery?.ignoresDates ? [] : this.lists.slice(1)
    this.token = undefined
    this.order = new Order()
    const isShort = this.come !== undefined && this.come < this.announced
    if (this.lists.length || !isShort || this.relied === undefined) return
    // It was not in order after all.
    this.lists = [{ ...this.whole, until: this.relied }]
    this.relied = undefined
  }

  /** Puts other lists in the place of the one that broke, or gives up. */
  private async *recover(fault: Diagnosis, dates: Dates): AsyncGenerator<HarvestPage, void> {
    if (fault.code === 'argument-refused') {
      this.askOtherwise(fault, dates)
      return
    }
    if (!recoverable.has(fault.code) || fault.hopeless) throw fault
    const rest = this.rest(dates)
    if (fault.code === 'token-dead' && this.beginAgain(rest)) return
    this.recovery ??= await this.openRecovery(fault)
    this.token = undefined
    if (rest) {
      this.goOn(rest)
      return
    }
    this.recovery.failure(this.come === undefined || this.come > 0)
    const halves = halve(dates, this.recovery.bounds, this.granularity)
    if (!halves) yield* this.oneByOne(dates, fault)
    // At the end: one fault after the other is narrowed down, with what is sound between them.
    this.lists = [...this.lists.slice(1), ...(halves ?? [])]
    this.order = new Order()
  }

  private async openRecovery(fault: Diagnosis): Promise<Recovery> {
    const recovery = await Recovery.of(this.client, fault, this.signal)
    this.note(
      'list-by-dates',
      `${reasonOf(fault)} (${fault.code}); so it is listed by dates`,
      fault,
    )
    return recovery
  }

  private goOn(rest: Dates): void {
    this.relied = rest.from
    this.lists = [rest, ...this.lists.slice(1)]
    this.token = undefined
    this.order = new Order()
  }

  /** What is left of a list that came in order; undefined where it came to nothing, or in no order. */
  private rest(dates: Dates): Dates | undefined {
    const { reached } = this.order
    return reached === undefined ? undefined : after(dates, reached, this.granularity)
  }

  /** A token that died: from where its list had come to, or once, or where it is of an earlier run, from its beginning. */
  private beginAgain(rest: Dates | undefined): boolean {
    if (rest) {
      this.note('list-restarted', `its token died, so the list goes on from ${rest.from ?? ''}`)
      this.goOn(rest)
      return true
    }
    if (this.hasBegunAgain || this.recovery) return false
    this.note('list-restarted', 'its token died, so the list begins again')
    this.hasBegunAgain = true
    this.token = undefined
    this.order = new Order()
    return true
  }

  /** A source that refuses dates in seconds is asked in days, and one that refuses them at all without. */
  private askOtherwise(fault: Diagnosis, dates: Dates): void {
    const hasDates = dates.from !== undefined || dates.until !== undefined
    if (!hasDates || this.token !== undefined) throw fault
    if (this.granularity === seconds) {
      this.note('granularity-refused', `${fault.message}; so it is asked in days`)
      this.granularity = days
      this.whole = inDays(this.whole)
      this.lists = this.lists.map(inDays)
    } else if (this.recovery) {
      throw this.recovery.fault
    } else {
      this.note('from-refused', `${fault.message}; so all of it is listed`)
      this.whole = {}
      this.lists = [this.whole]
    }
  }

  private note(code: ProblemCode, message: string, fault?: Diagnosis): void {
    this.noted.push({ code, message, ...(fault?.evidence && { evidence: fault.evidence }) })
  }

  /** What cannot be listed, but perhaps be named and asked for. */
  private async *oneByOne(dates: Dates, fault: Diagnosis): AsyncGenerator<HarvestPage, void> {
    const { headers, isWhole } = await this.nameAll(dates)
    for (const identifier of this.have) headers.delete(identifier)
    const left = [...headers.values()]
    do {
      const { records, problems } = await this.ask(left.splice(0, mostAtOnce))
      const done = left.length === 0
      if (done && !isWhole) problems.push(lost(dates, fault))
      const part = { first: false, last: true, done, again: false }
      yield { ...part, records, ...this.withNotes(problems, done) }
    } while (left.length)
  }

  private async nameAll(dates: Dates): Promise<{ headers: Map<string, Header>; isWhole: boolean }> {
    const headers = new Map<string, Header>()
    try {
      for await (const page of listHeaders(this.client, { ...this.asked, ...dates }, this.signal)) {
        const before = headers.size
        for (const header of page) headers.set(header.identifier, header)
        if (headers.size === before || headers.size > mostNamed) return { headers, isWhole: false }
      }
      return { headers, isWhole: true }
    } catch (error) {
      if (this.signal?.aborted || !(error instanceof Diagnosis)) throw error
      return { headers, isWhole: false }
    }
  }

  private async ask(
    headers: Header[],
  ): Promise<{ records: HarvestedRecord[]; problems: Problem[] }> {
    const { metadataPrefix } = this.asked
    const records: HarvestedRecord[] = []
    const problems: Problem[] = []
    for (const { identifier, datestamp, deleted } of headers) {
      this.recovery?.inTime()
      const tombstone = { identifier, datestamp, sets: [], deleted: true, origins: [] }
      const single = deleted
        ? { record: tombstone }
        : await getRecord(this.client, { identifier, metadataPrefix }, this.signal)
      if ('record' in single) records.push(single.record)
      else if ('problem' in single) problems.push(single.problem)
    }
    return { records, problems }
  }
}

const lost = (dates: Dates, fault: Diagnosis): Problem => ({
  code: 'dates-lost',
  message: `its records of ${dates.from ?? dates.until ?? 'that time'} cannot be listed: ${reasonOf(fault)}`,
  dates,
  ...(fault.evidence && { evidence: fault.evidence }),
})

const isSame = (one: Dates | undefined, other: Dates): boolean =>
  one !== undefined && one.from === other.from && one.until === other.until

const seconds: Granularity = 'YYYY-MM-DDThh:mm:ssZ'
const days: Granularity = 'YYYY-MM-DD'

/** A list that is put together from pieces: what it may cost. */
class Recovery {
  /** What it is made for. */
  readonly fault: Diagnosis
  readonly bounds: Bounds
  private failures = 0
  ignoresDates = false
  private requests = 0
  private readonly until = Date.now() + longestMs

  private constructor(fault: Diagnosis, bounds: Bounds) {
    this.fault = fault
    this.bounds = bounds
  }

  /** @throws the fault itself, where it is not the list but the source that is broken */
  static async of(client: Client, fault: Diagnosis, signal?: AbortSignal): Promise<Recovery> {
    try {
      const { earliestDatestamp, responseDate } = await identify(client, signal)
      // Before there was OAI-PMH there were no datestamps, but some have older ones.
      const earliest = readMoment(earliestDatestamp) ?? new Date('1970-01-01T00:00:00Z')
      return new Recovery(fault, { earliest, latest: readMoment(responseDate) ?? new Date() })
    } catch (error) {
      if (signal?.aborted || !(error instanceof Diagnosis)) throw error
      throw fault
    }
  }

  count(): void {
    this.inTime()
    if (++this.requests > mostRequests) throw this.fault
  }

  inTime(): void {
    if (Date.now() > this.until) throw this.fault
  }

  /** @param hasCome whether the source gave any record before */
  failure(hasCome: boolean): void {
    const most = hasCome ? mostFailures : mostAtFirst
    if (++this.failures > most || this.ignoresDates) throw this.fault
  }

  success(): void {
    this.failures = 0
  }
}

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
