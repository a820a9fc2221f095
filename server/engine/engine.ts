// Full text: one interface, two engines (PostgreSQL, Elasticsearch), one contract test suite.
import type { Value } from '../../schemas/dublin-core.ts'
import type { Keeper, Links } from '../../schemas/record.ts'
import type { Years } from '../../schemas/years.ts'

/** What the index knows of a record: enough to find it and to show it in a list without asking the database. */
export interface SearchDocument {
  id: string
  identifier: string
  sequence: number
  title: Value[]
  creator: Value[]
  description: Value[]
  /** dc:date as text. */
  date: Value[]
  keywords: Value[]
  types: Value[]
  languages: string[]
  /** All other text that should be found: places, publishers, rights, fields of the profile. */
  other: string[]
  /** Slugs of its collection and of all above it. */
  collections: string[]
  /** The brick that holds it; this brick for its own. */
  keeper: Keeper
  years?: Years
  links: Links
  /** Width and height of the first image in pixels, where known. */
  picture?: { width: number; height: number; image?: string }
}

export const facets = ['collection', 'brick', 'type', 'language', 'keyword'] as const
export type Facet = (typeof facets)[number]

export interface SearchQuery {
  /** As a person typed it: words (all must occur), "phrases", -words to leave out. */
  text?: string
  /** Values within one facet are alternatives, facets narrow each other. */
  filters?: Partial<Record<Facet, string[]>>
  /** Inclusive. */
  years?: { from?: number; to?: number }
  /** Only records with a picture. */
  pictured?: boolean
  sort?: 'relevance' | 'newest' | 'oldest-date' | 'latest-date'
  /** At most 100. */
  limit: number
  /** `next` of the page before. */
  after?: string
  /** Facets to count, each with at most `facetLimit` values (20). */
  facets?: Facet[]
  facetLimit?: number
  /** Count years for the bar of years. */
  histogram?: boolean
}

export interface FacetCount {
  value: string
  count: number
}

export interface SearchResult {
  total: number
  hits: SearchDocument[]
  next?: string
  /** A facet is counted as if its own filter were not set, so that alternatives can be added. */
  facets: Partial<Record<Facet, FacetCount[]>>
  histogram: { year: number; count: number }[]
}

export interface Engine {
  readonly name: 'postgresql' | 'elasticsearch'
  /** Makes what it needs; returns the name of the reader that stands for this index, and whether the index is new. */
  prepare(): Promise<{ reader: string; fresh: boolean }>
  /** Adds, replaces and removes in one go; removal of what is not there is fine. */
  apply(changes: { upserts: SearchDocument[]; deletes: string[] }): Promise<void>
  /** What was applied becomes findable now (tests, end of a harvest). */
  refresh(): Promise<void>
  search(query: SearchQuery): Promise<SearchResult>
  /** Starts a new, empty index beside the live one; `finish` puts it in its place. */
  rebuild(): Promise<{
    apply: Engine['apply']
    finish(): Promise<void>
    abandon(): Promise<void>
  }>
  /** Throws when it cannot answer. */
  check(): Promise<void>
  close(): Promise<void>
}
