// What the values of a facet are called: collections by their titles, languages by their names.
import { isListed } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import { collectionsBySlug } from '../collections/collections.ts'
import { facets, type Facet, type SearchResult } from '../engine/engine.ts'
import { chosen, said, typeName, type Content, type Visit } from '../web/web.ts'
import type { Wish } from './query.ts'

export interface Labels {
  of(facet: Facet, value: string): Content
}

/** Names for all values that this page shows. */
export async function labelsFor(
  visit: Visit,
  wish: Wish,
  counted: SearchResult['facets'],
): Promise<Labels> {
  const slugs = [
    ...(counted.collection ?? []).map(({ value }) => value),
    ...wish.filters.collection,
  ]
  const known = await collectionsBySlug(visit.ctx, slugs)
  const collections = known.filter((each) => isListed(anybody, each))
  const titles = new Map(
    collections.map(({ slug, title }) => [slug, said(visit, chosen(title, visit.language))]),
  )
  return {
    of(facet, value) {
      if (facet === 'collection') return titles.get(value) ?? value
      if (facet === 'language') return visit.words.languageName(value)
      if (facet === 'type') return typeName(visit, { value })
      return value
    },
  }
}

/** Facets with the values of the wish in them, even where they no longer count among the most frequent. */
export function withChosen(wish: Wish, counted: SearchResult['facets']): SearchResult['facets'] {
  return Object.fromEntries(
    facets.map((facet) => {
      const values = counted[facet] ?? []
      const missing = wish.filters[facet].filter(
        (value) => !values.some((each) => each.value === value),
      )
      return [facet, [...missing.map((value) => ({ value, count: 0 })), ...values]]
    }),
  )
}
