// UTCdatetime of OAI-PMH 2.0, section 3.3: seconds or day granularity, always UTC.

export type Granularity = 'YYYY-MM-DD' | 'YYYY-MM-DDThh:mm:ssZ'

const day = /^\d{4}-\d{2}-\d{2}$/
const second = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** `2020-03-17T11:00:00Z`; fractions of a second are cut, never rounded up into the future. */
export function formatDatestamp(
  date: Date,
  granularity: Granularity = 'YYYY-MM-DDThh:mm:ssZ',
): string {
  const iso = date.toISOString()
  return granularity === 'YYYY-MM-DD' ? iso.slice(0, 10) : `${iso.slice(0, 19)}Z`
}

export function granularityOf(text: string): Granularity | undefined {
  if (day.test(text)) return 'YYYY-MM-DD'
  return second.test(text) ? 'YYYY-MM-DDThh:mm:ssZ' : undefined
}

// What need not be looked up in a calendar.
const sound =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)?$/

/** Whether it names a moment. */
export function isDatestamp(text: string): boolean {
  return sound.test(text) || parseDatestamp(text) !== undefined
}

/** The moment that a datestamp names (a day begins at midnight), or undefined where it names none, as 2020-02-30. */
export function parseDatestamp(text: string): Date | undefined {
  const granularity = granularityOf(text)
  if (!granularity) return undefined
  const date = new Date(granularity === 'YYYY-MM-DD' ? `${text}T00:00:00Z` : text)
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text.slice(0, 10))
    ? undefined
    : date
}

/**
 * The moment meant by what repositories write for a datestamp: with fractions, with an offset, without a zone (UTC), with
 * a blank for the T.
 */
export function readMoment(text: string | null | undefined): Date | undefined {
  const [, date, time, zone] =
    /^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?\s*$/i.exec(
      text ?? '',
    ) ?? []
  if (!date) return undefined
  const moment = new Date(`${date}T${time ?? '00:00:00'}${time && zone ? zone : 'Z'}`)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}
