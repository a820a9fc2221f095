// A plan as a request to Elasticsearch. Words score by where they stand and by nothing that changes with the index, so
// that the order is the same in both engines and from page to page.
import type { estypes } from '@elastic/elasticsearch'
import {
  facets,
  type Facet,
  type FacetCount,
  type SearchDocument,
  type SearchResult,
} from '../engine.ts'
import type { Print } from '../../../schemas/likeness.ts'
import { farthest, probesOf } from '../prints.ts'
import { isTranslated, levels, parts, worth, worthTogether, type Part } from '../entry.ts'
import { noYear, withChosen, writePlace, type Plan } from '../plan.ts'
import { shownField, stemFields } from './mapping.ts'
import type { Term } from '../question.ts'
import { runningSum } from '../years.ts'

type Query = estypes.QueryDslQueryContainer

const anyOf = (should: Query[]): Query => ({ bool: { should, minimum_should_match: 1 } })

function matches(term: Term, part: Part): Query {
  if (term.kind === 'phrase') return { match_phrase: { [part]: term.words.join(' ') } }
  return anyOf(stemFields(part).map((field) => ({ match: { [field]: term.word } })))
}

const occurs = (term: Term): Query => anyOf(parts.map((part) => matches(term, part)))

const scored = (filter: Query, boost: number): Query => ({ constant_score: { filter, boost } })

function asked({ question, sort }: Plan): Query[] {
  if (sort !== 'relevance') return question.all.map(occurs)
  return question.all.map((term) => ({
    dis_max: { queries: parts.map((part) => scored(matches(term, part), worth[part])) },
  }))
}

type Filters = Map<Facet | 'years', Query>

function filtersOf({ filters, years }: Plan): Filters {
  const clauses: Filters = new Map(
    [...filters].map(([facet, values]) => [facet, { terms: { [facet]: values } }]),
  )
  if (years) {
    const touching: Query[] = [
      { range: { year_from: { lte: years.to } } },
      { range: { year_to: { gte: years.from } } },
    ]
    clauses.set('years', { bool: { filter: touching } })
  }
  return clauses
}

const allBut = (filters: Filters, except?: Facet | 'years'): Query => ({
  bool: { filter: [...filters].filter(([name]) => name !== except).map(([, clause]) => clause) },
})

// The client's own type does not bear `filter` beside `aggs` under exactOptionalPropertyTypes.
type Aggregations = Record<string, { filter: Query; aggs: Record<string, object> }>

function aggregations(plan: Plan, filters: Filters): Aggregations {
  const counted: Aggregations = {}
  for (const facet of plan.facets) {
    const shown = plan.language && isTranslated(facet) && shownField(facet, plan.language)
    const chosen = plan.filters.get(facet) ?? []
    const values = {
      field: shown || facet,
      size: plan.facetLimit,
      shard_size: plan.facetLimit * 10 + 100,
      order: [{ _count: 'desc' as const }, { _key: 'asc' as const }],
    }
    counted[facet] = {
      filter: allBut(filters, facet),
      aggs: {
        values: { terms: values },
        ...(shown &&
          chosen.length && {
            chosen: { terms: { field: facet, include: chosen, size: chosen.length } },
          }),
      },
    }
  }
  const each = (field: string) => ({ histogram: { field, interval: 1, min_doc_count: 1 } })
  if (plan.histogram) {
    const aggs = { from: each('year_from'), to: each('year_to') }
    counted['years'] = { filter: allBut(filters, 'years'), aggs }
  }
  return counted
}

const orders: Record<Plan['sort'], estypes.SortCombinations[]> = {
  relevance: [{ _score: { order: 'desc' } }, { title_length: 'asc' }],
  newest: [],
  'oldest-date': [{ year_from: { order: 'asc', missing: noYear } }],
  'latest-date': [{ year_to: { order: 'desc', missing: -noYear } }],
}

export function requestOf(plan: Plan): estypes.SearchRequest {
  const { question, sort, after, limit } = plan
  const filters = filtersOf(plan)
  const together: Term = { kind: 'phrase', words: question.together }
  return {
    query: {
      bool: {
        must: asked(plan),
        should:
          sort === 'relevance' && together.words.length
            ? [scored(anyOf(levels.map((level) => matches(together, level))), worthTogether)]
            : [],
        must_not: question.none.map(occurs),
        filter: plan.pictured ? [{ term: { pictured: true } }] : [{ match_all: {} }],
      },
    },
    ...(filters.size && { post_filter: allBut(filters) }),
    aggs: aggregations(plan, filters) as Record<string, estypes.AggregationsAggregationContainer>,
    _source: ['document'],
    sort: [...orders[sort], { sequence: 'desc' }, { id: 'asc' }],
    ...(after && limit > 0 && { search_after: [...after.values, after.sequence, after.id] }),
    // One more than the page holds, to know whether there is a next one.
    size: limit === 0 ? 0 : limit + 1,
    track_total_hits: true,
    // Half an answer looks like a whole one.
    allow_partial_search_results: false,
  }
}

// As many as Elasticsearch takes: where the filter lets no more through it looks at these and at nothing else.
const mostCompared = 10_000

/** For each print those that share a band with it, the nearest of them. */
export function alikeRequest(prints: Print[], most: number): estypes.SearchRequest {
  const queries = prints.map((print, index): Query => {
    const knn: estypes.KnnQuery = {
      field: 'prints.print',
      // In hexadecimal digits, which the client's types do not know.
      query_vector: print as unknown as number[],
      k: mostCompared,
      num_candidates: mostCompared,
      // Of bits it is how many may differ.
      similarity: farthest,
      filter: { terms: { bands: probesOf(print, index === 0) } },
    }
    return { nested: { path: 'prints', score_mode: 'max', query: { knn } } }
  })
  return {
    query: { dis_max: { queries } },
    _source: ['document'],
    size: most,
    track_total_hits: false,
    allow_partial_search_results: false,
  }
}

interface Buckets<Key> {
  buckets: { key: Key; doc_count: number }[]
}

interface Counted {
  values?: Buckets<string>
  chosen?: Buckets<string>
  from?: Buckets<number>
  to?: Buckets<number>
}

export type Answer = estypes.SearchResponse<{ document: SearchDocument }, Record<string, Counted>>

export const documentsOf = (answer: Answer): SearchDocument[] =>
  answer.hits.hits.flatMap((hit) => hit._source?.document ?? [])

export function resultOf(plan: Plan, answer: Answer): SearchResult {
  const { total, hits } = answer.hits
  const last = hits[plan.limit - 1]?.sort
  const counted = answer.aggregations ?? {}
  return {
    total: typeof total === 'number' ? total : (total?.value ?? 0),
    hits: hits.slice(0, plan.limit).flatMap((hit) => hit._source?.document ?? []),
    ...(hits.length > plan.limit && last && { next: placeOf(plan, last) }),
    facets: Object.fromEntries(
      facets
        .filter((facet) => plan.facets.includes(facet))
        .map((facet) => [
          facet,
          withChosen(countsOf(counted[facet]?.values), countsOf(counted[facet]?.chosen)),
        ]),
    ),
    histogram: yearsOf(counted['years']),
  }
}

const countsOf = (counted: Buckets<string> | undefined): FacetCount[] =>
  (counted?.buckets ?? []).map(({ key, doc_count }) => ({ value: key, count: doc_count }))

function placeOf(plan: Plan, sort: estypes.SortResults): string {
  const numbers = sort.slice(0, -1).map(Number)
  return writePlace(plan.sort, {
    values: numbers.slice(0, -1),
    sequence: numbers.at(-1) ?? 0,
    id: String(sort.at(-1)),
  })
}

function yearsOf(counted: Counted | undefined): SearchResult['histogram'] {
  const steps = new Map<number, number>()
  const add = (year: number, step: number): void =>
    void steps.set(year, (steps.get(year) ?? 0) + step)
  for (const { key, doc_count } of counted?.from?.buckets ?? []) add(key, doc_count)
  for (const { key, doc_count } of counted?.to?.buckets ?? []) add(key + 1, -doc_count)
  return runningSum(
    [...steps].map(([year, step]) => ({ year, step })).toSorted((a, b) => a.year - b.year),
  )
}
