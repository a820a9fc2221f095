// A search engine in memory for the tests of pages: small, honest about totals and facets, no match for a real one.
import { inLanguage } from '../../schemas/dublin-core.ts'
import type { Engine, Facet, SearchDocument, SearchQuery } from '../../server/engine/engine.ts'
import { facets } from '../../server/engine/engine.ts'

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const valuesOf: Record<Facet, (document: SearchDocument) => string[]> = {
  collection: (document) => document.collections,
  brick: (document) => [document.keeper.name],
  type: (document) => document.types.map((each) => each.value),
  language: (document) => document.languages,
  keyword: (document) => document.keywords.map((each) => each.value),
}

function textOf(document: SearchDocument): string {
  const values = [document.title, document.creator, document.description, document.keywords].flat()
  return plain([...values.map((each) => each.value), ...document.other].join(' '))
}

/** As a reader of the query's language is shown them. */
function shownOf(facet: Facet, document: SearchDocument, language?: string): string[] {
  const values = { type: document.types, keyword: document.keywords }[facet as string]
  if (!values || language === undefined) return valuesOf[facet](document)
  return inLanguage(values, language).map(({ value }) => value)
}

function matches(document: SearchDocument, query: SearchQuery, except?: Facet): boolean {
  const words = plain(query.text ?? '')
    .replace(/"/g, '')
    .split(/\s+/)
    .filter(Boolean)
  const { from = -Infinity, to = Infinity } = query.years ?? {}
  return (
    words.every((word) => textOf(document).includes(word)) &&
    facets.every((facet) => {
      const wanted = facet === except ? undefined : query.filters?.[facet]
      return !wanted?.length || valuesOf[facet](document).some((value) => wanted.includes(value))
    }) &&
    (!query.years ||
      (document.years !== undefined && document.years.to >= from && document.years.from <= to)) &&
    (!query.pictured || document.picture !== undefined || document.links.thumbnail !== undefined)
  )
}

function count(values: string[]): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([value, many]) => ({ value, count: many }))
    .toSorted((a, b) => b.count - a.count)
}

function sorted(documents: SearchDocument[], sort: SearchQuery['sort']): SearchDocument[] {
  if (sort === 'oldest-date') {
    return documents.toSorted((a, b) => (a.years?.from ?? 9999) - (b.years?.from ?? 9999))
  }
  if (sort === 'latest-date') {
    return documents.toSorted((a, b) => (b.years?.to ?? -9999) - (a.years?.to ?? -9999))
  }
  return documents.toSorted((a, b) => b.sequence - a.sequence)
}

export function fakeEngine(documents: SearchDocument[]): Engine {
  const later = (): Promise<never> => Promise.reject(new Error('not in the fake'))
  return {
    name: 'postgresql',
    prepare: later,
    apply: later,
    refresh: later,
    settle: later,
    rebuild: later,
    alike: () => Promise.resolve([]),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
    search(query) {
      const found = sorted(
        documents.filter((each) => matches(each, query)),
        query.sort,
      )
      const start = Number(query.after ?? 0)
      const { years: _, ...anyYear } = query
      const years = documents
        .filter((each) => matches(each, anyYear))
        .flatMap((each) => (each.years ? String(each.years.from) : []))
      return Promise.resolve({
        total: found.length,
        hits: found.slice(start, start + query.limit),
        ...(found.length > start + query.limit && { next: String(start + query.limit) }),
        facets: Object.fromEntries(
          (query.facets ?? []).map((facet) => [
            facet,
            count(
              documents
                .filter((each) => matches(each, query, facet))
                .flatMap((each) => shownOf(facet, each, query.language)),
            ).slice(0, query.facetLimit ?? 20),
          ]),
        ),
        histogram: query.histogram
          ? count(years).map((each) => ({ year: Number(each.value), count: each.count }))
          : [],
      })
    },
  }
}

/** A document, to be changed where a test needs it. */
export function sample(id: number, change: Partial<SearchDocument> = {}): SearchDocument {
  return {
    id: String(id),
    identifier: `oai:test.example.org:${id}`,
    sequence: id,
    title: [{ value: `Objet ${id}`, language: 'fr' }],
    creator: [],
    description: [],
    date: [],
    keywords: [],
    types: [],
    languages: [],
    other: [],
    collections: ['drawings'],
    keeper: { name: 'Musée de la ville' },
    links: {},
    ...change,
  }
}
