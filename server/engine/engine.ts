// Full text: one interface, two engines (PostgreSQL, Elasticsearch), one contract test suite.
import type { Value } from '../../schemas/dublin-core.ts'
import type { Look, Sought } from '../../schemas/likeness.ts'
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
  /** What its pictures look like, as far as anybody may see them. */
  looks?: Look[]
}

export const facets = ['collection', 'brick', 'type', 'language', 'keyword'] as const
/** A value of `brick` is the keeper's name, of `collection` a slug; the others are the document's words as they stand. */
export type Facet = (typeof facets)[number]

export const sorts = ['relevance', 'newest', 'oldest-date', 'latest-date'] as const
export type Sort = (typeof sorts)[number]

export interface SearchQuery {
  /** As a person typed it: words (all must occur), "phrases", -words to leave out (question.ts). Any text will do. */
  text?: string
  /** Values within one facet are alternatives, facets narrow each other. */
  filters?: Partial<Record<Facet, string[]>>
  /** Inclusive: records whose span of years touches this one. */
  years?: { from?: number; to?: number }
  /** Only records with a picture. */
  pictured?: boolean
  /** Relevance where something is asked for, else newest. */
  sort?: Sort
  /** At most 100. */
  limit: number
  /** `next` of the page before. */
  after?: string
  /**
   * The reader's. Types and keywords are counted as this reader is shown them: of translations that stand side by side in
   * a record only those in this language (`inLanguage`), all where none is. Values that are filtered by are counted in
   * any language. Filters find a record by any of its values all the same. Without it, and in a language that the pages
   * do not speak, all are counted.
   */
  language?: string
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
  /** A facet is counted as if its own filter were not set, so that alternatives can be added. Most frequent first. */
  facets: Partial<Record<Facet, FacetCount[]>>
  /**
   * Counted as if no years were asked for: the number that asking for this one year would find, so a record of
   * 1850–1860 counts in eleven years. Years in order, those without a record left out.
   */
  histogram: { year: number; count: number }[]
}

export interface Alike {
  document: SearchDocument
  /** How many bits of 64 its nearest picture differs in. */
  distance: number
}

/** A document that the index cannot hold: logged, left out, and no reason for the line to stop. */
export interface Refused {
  id: string
  reason: string
}

export interface Changes {
  upserts: SearchDocument[]
  /** Each with the number on the line at which it went. */
  deletes: { id: string; sequence: number }[]
}

export interface Engine {
  readonly name: 'postgresql' | 'elasticsearch'
  /**
   * Makes what it needs; returns the name of the reader that stands for this index, and whether the index is new. Cheap
   * when all is there. An index that was thrown away or replaced has another reader.
   */
  prepare(): Promise<{ reader: string; fresh: boolean }>
  /**
   * Adds, replaces and removes, never a newer one (higher `sequence`) by an older change; removal of what is not there
   * is fine. It may be done again after an error.
   */
  apply(changes: Changes): Promise<Refused[]>
  /** What was applied becomes findable now (tests, end of a harvest). */
  refresh(): Promise<void>
  /** Nothing more is waiting, so what was applied becomes findable: now, or as soon as this is said again a second later. */
  settle(): Promise<void>
  /** @throws invalid on an `after` that is not ours; unavailable when the index does not answer */
  search(query: SearchQuery): Promise<SearchResult>
  /**
   * The records with pictures that look like this one, nearest first: those that differ from its first print in at most
   * `surely.first` bits for certain, from the others in `surely.others`, and beyond that those that chance brings.
   * @throws unavailable when the index does not answer
   */
  alike(sought: Sought, limit: number): Promise<Alike[]>
  /**
   * Starts a new, empty index beside the live one.
   * @throws conflict when another process is doing so
   */
  rebuild(): Promise<Rebuild>
  /** Throws when it cannot answer. */
  check(): Promise<void>
  close(): Promise<void>
}

export interface Rebuild {
  /** The name of the reader that will stand for the new index. */
  readonly reader: string
  apply: Engine['apply']
  /** Puts it in the place of the live one. */
  finish(): Promise<void>
  abandon(): Promise<void>
}
