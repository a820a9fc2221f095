// A query made whole and safe: defaults, limits, filters as the index knows them, the place that `after` names.
import { isLanguage, type Language } from '../text/text.ts'
import { invalid } from '../http/errors.ts'
import {
  facets,
  sorts,
  type Facet,
  type FacetCount,
  type SearchQuery,
  type Sort,
} from './engine.ts'
import { facetValue } from './entry.ts'
import { questionOf, type Question } from './question.ts'

/** Sort values of the last hit of a page, most telling first, then its number and id, which make the order total. */
export interface Place {
  values: number[]
  sequence: number
  id: string
}

export interface Plan {
  question: Question
  /** Only facets that are filtered; values that the index cannot have are gone, so a list may be empty. */
  filters: Map<Facet, string[]>
  years: { from: number; to: number } | undefined
  pictured: boolean
  sort: Sort
  limit: number
  after: Place | undefined
  facets: Facet[]
  facetLimit: number
  /** Whom types and keywords are counted for. */
  language: Language | undefined
  histogram: boolean
}

/** How many numbers come before the sequence in a place. */
export const placeValues: Record<Sort, number> = {
  relevance: 2,
  newest: 0,
  'oldest-date': 1,
  'latest-date': 1,
}

/** Stands for no year in a sort by date: such records come last. */
export const noYear = 100_000

const mostHits = 100
const mostFacetValues = 1000

/** @throws invalid on an `after` that no answer to such a query gave */
export function planOf(query: SearchQuery): Plan {
  const question = questionOf(query.text ?? '')
  const sort = sortOf(query, question)
  const filters = new Map<Facet, string[]>()
  for (const facet of facets) {
    const values = query.filters?.[facet]
    if (values?.length)
      filters.set(facet, [...new Set(values.flatMap((text) => facetValue(text) ?? []))])
  }
  return {
    question,
    filters,
    years: yearsOf(query.years),
    pictured: query.pictured === true,
    sort,
    limit: whole(query.limit, 0, mostHits),
    after: query.after === undefined ? undefined : readPlace(query.after, sort),
    facets: facets.filter((facet) => query.facets?.includes(facet)),
    facetLimit: whole(query.facetLimit ?? 20, 1, mostFacetValues),
    language: languageOf(query.language),
    histogram: query.histogram === true,
  }
}

function languageOf(tag: string | undefined): Language | undefined {
  const language = tag?.split('-')[0]?.toLowerCase()
  return isLanguage(language) ? language : undefined
}

function sortOf({ sort }: SearchQuery, question: Question): Sort {
  const asked = question.all.length > 0
  const wanted = sort !== undefined && sorts.includes(sort) ? sort : 'relevance'
  return wanted === 'relevance' && !asked ? 'newest' : wanted
}

function yearsOf(years: SearchQuery['years']): Plan['years'] {
  const given = (value: number | undefined): value is number =>
    value !== undefined && Number.isFinite(value)
  if (!years || (!given(years.from) && !given(years.to))) return undefined
  const bound = (value: number): number => whole(value, -noYear, noYear)
  return {
    from: given(years.from) ? bound(years.from) : -noYear,
    to: given(years.to) ? bound(years.to) : noYear,
  }
}

const whole = (value: number, least: number, most: number): number =>
  Number.isNaN(value) ? least : Math.max(least, Math.min(most, Math.trunc(value)))

export function writePlace(sort: Sort, { values, sequence, id }: Place): string {
  return Buffer.from(JSON.stringify([sort, ...values, sequence, id])).toString('base64url')
}

function readPlace(text: string, sort: Sort): Place {
  const parts = parse(text)
  if (parts?.[0] === sort && parts.length === placeValues[sort] + 3) {
    const values = parts.slice(1, -2)
    const [sequence, id] = parts.slice(-2)
    const known = values.every(within(10 ** 6)) && within(2 ** 52)(sequence)
    if (known && typeof id === 'string' && /^\P{Cc}{1,200}$/u.test(id)) {
      return { values, sequence, id }
    }
  }
  throw invalid('This page of results cannot be found: begin the search again.')
}

function parse(text: string): unknown[] | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(text.slice(0, 2000), 'base64url').toString())
    return Array.isArray(read) ? read : undefined
  } catch {
    return undefined
  }
}

// Within what the columns of both engines hold.
const within =
  (most: number) =>
  (value: unknown): value is number =>
    Number.isSafeInteger(value) && Math.abs(value as number) <= most

/** Facets with those of their values that are filtered by, which another language may have hidden; most frequent first. */
export function withChosen(counted: FacetCount[], chosen: FacetCount[]): FacetCount[] {
  const known = new Set(counted.map(({ value }) => value))
  const missing = chosen.filter(({ value, count }) => count > 0 && !known.has(value))
  return [...missing, ...counted].toSorted((a, b) => b.count - a.count)
}
