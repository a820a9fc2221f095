// Stretches of datestamps, to list by pieces what cannot be listed whole; and how far a list has come that is in the
// order of its datestamps. Pure.
import { formatDatestamp, readMoment, type Granularity } from '../schemas/datestamp.ts'
import type { HarvestedRecord } from './record.ts'

/** Both ends are in it; without one it is open to that side. */
export interface Dates {
  from?: string
  until?: string
}

/** Moments that open ends stand for. */
export interface Bounds {
  earliest: Date
  latest: Date
}

const unitOf = (granularity: Granularity): number =>
  granularity === 'YYYY-MM-DD' ? 86_400_000 : 1000

/** Two halves of about the same length; undefined where it is one day or second. */
export function halve(
  { from, until }: Dates,
  bounds: Bounds,
  granularity: Granularity,
): [Dates, Dates] | undefined {
  const unit = unitOf(granularity)
  const lower = Math.floor((readMoment(from) ?? bounds.earliest).getTime() / unit)
  const upper = Math.floor((readMoment(until) ?? bounds.latest).getTime() / unit)
  if (upper <= lower) return undefined
  const middle = Math.floor((lower + upper) / 2)
  const at = (units: number): string => formatDatestamp(new Date(units * unit), granularity)
  return [
    { ...(from !== undefined && { from }), until: at(middle) },
    { from: at(middle + 1), ...(until !== undefined && { until }) },
  ]
}

/** The same stretch as a source writes it that counts in days. */
export function inDays({ from, until }: Dates): Dates {
  return {
    ...(from !== undefined && { from: from.slice(0, 10) }),
    ...(until !== undefined && { until: until.slice(0, 10) }),
  }
}

/** What begins at a later moment of the same stretch; undefined where that is no later. */
export function after(dates: Dates, reached: string, granularity: Granularity): Dates | undefined {
  const moment = readMoment(reached)
  if (!moment) return undefined
  const from = formatDatestamp(moment, granularity)
  const begin = readMoment(dates.from)
  return begin && begin >= (readMoment(from) ?? begin) ? undefined : { ...dates, from }
}

/** Whether a source that heeds dates could give this record; clocks and zones are never exact to the hour. */
export function holds(dates: Dates, record: HarvestedRecord): boolean {
  const at = readMoment(record.datestamp)?.getTime()
  if (at === undefined) return true
  const day = 86_400_000
  const from = readMoment(dates.from)?.getTime() ?? -Infinity
  const until = readMoment(dates.until)?.getTime() ?? Infinity
  return at >= from - day && at <= until + 2 * day
}

/** As they are written nearly always, so that letters can be compared; empty where it is no datestamp. */
function inSeconds(datestamp: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(datestamp)) return datestamp
  const moment = readMoment(datestamp)
  return moment ? formatDatestamp(moment) : ''
}

/** So many different datestamps in a row are in order by design, not by chance. */
const leastDistinct = 10

/** Whether the records of a list have come in the order of their datestamps, all of them, and how far. */
export class Order {
  private last: string
  private distinct: number
  private isKept = true

  /** @param reached where an earlier run had come to in order */
  constructor(reached = '') {
    this.last = reached
    this.distinct = reached ? leastDistinct : 0
  }

  see(records: HarvestedRecord[]): void {
    for (const { datestamp } of records) {
      const at = inSeconds(datestamp)
      if (at === this.last && at) continue
      if (at > this.last) this.distinct++
      else this.isKept = false
      this.last = at
    }
  }

  /** What was seen before is not known. */
  doubt(): void {
    this.isKept = false
  }

  /** All that is older than this has come; undefined where that cannot be relied on. */
  get reached(): string | undefined {
    return this.isKept && this.distinct >= leastDistinct ? this.last : undefined
  }
}
