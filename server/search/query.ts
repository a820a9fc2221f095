// The address of a search: what it says to the engine, and the addresses that lead on from it.
import { facets, type Facet, type SearchQuery } from '../engine/engine.ts'

export const sorts = ['relevance', 'newest', 'oldest-date', 'latest-date'] as const
export type Sort = (typeof sorts)[number]

export const views = ['wall', 'list'] as const
export type View = (typeof views)[number]

/** What a visitor asked for; all of it lies in the address, so that it can be kept and sent. */
export interface Wish {
  text: string
  filters: Record<Facet, string[]>
  from: number | undefined
  to: number | undefined
  pictured: boolean
  sort: Sort | undefined
  view: View
  after: string | undefined
}

const pageLength = 30

/** What an address can say of one thing; what is beyond is left out. */
export const limits = { values: 20, characters: 300 }

/** Reads an address; what makes no sense is left out rather than refused, for people type addresses. */
export function readWish(parameters: URLSearchParams): Wish {
  const year = (name: string): number | undefined => {
    const text = parameters.get(name)?.trim() ?? ''
    return /^-?\d{1,4}$/.test(text) ? Number(text) : undefined
  }
  const [from, to] = [year('from'), year('to')]
  const turned = from !== undefined && to !== undefined && from > to
  return {
    text: (parameters.get('q') ?? '').trim().slice(0, limits.characters),
    filters: Object.fromEntries(
      facets.map((facet) => [facet, valuesOf(parameters, facet)]),
    ) as Record<Facet, string[]>,
    from: turned ? to : from,
    to: turned ? from : to,
    pictured: parameters.get('pictured') === '1',
    sort: sorts.find((each) => each === parameters.get('sort')),
    view: views.find((each) => each === parameters.get('view')) ?? 'wall',
    after: parameters.get('after') || undefined,
  }
}

function valuesOf(parameters: URLSearchParams, name: string): string[] {
  const values = parameters.getAll(name).map((each) => each.trim().slice(0, limits.characters))
  return [...new Set(values.filter(Boolean))].slice(0, limits.values)
}

/** The parameters of an address that says this wish, in a fixed order. */
export function parametersOf(wish: Wish): Record<string, string | string[]> {
  return {
    ...(wish.text && { q: wish.text }),
    ...Object.fromEntries(
      facets.flatMap((facet) =>
        wish.filters[facet].length ? [[facet, wish.filters[facet]] as const] : [],
      ),
    ),
    ...(wish.from !== undefined && { from: String(wish.from) }),
    ...(wish.to !== undefined && { to: String(wish.to) }),
    ...(wish.pictured && { pictured: '1' }),
    ...(wish.sort && { sort: wish.sort }),
    ...(wish.view !== 'wall' && { view: wish.view }),
    ...(wish.after && { after: wish.after }),
  }
}

export function sortOf(wish: Wish): Sort {
  if (wish.sort && (wish.sort !== 'relevance' || wish.text)) return wish.sort
  return wish.text ? 'relevance' : 'newest'
}

export function queryOf(wish: Wish): SearchQuery {
  const filters = Object.fromEntries(
    Object.entries(wish.filters).filter(([, values]) => values.length),
  )
  return {
    ...(wish.text && { text: wish.text }),
    ...(Object.keys(filters).length && { filters }),
    ...((wish.from !== undefined || wish.to !== undefined) && {
      years: {
        ...(wish.from !== undefined && { from: wish.from }),
        ...(wish.to !== undefined && { to: wish.to }),
      },
    }),
    ...(wish.pictured && { pictured: true }),
    sort: sortOf(wish),
    limit: pageLength,
    ...(wish.after && { after: wish.after }),
  }
}

/** The same wish, changed; it begins at its first page again. */
export function changed(wish: Wish, change: Partial<Wish>): Wish {
  return { ...wish, after: undefined, ...change }
}

export function toggled(wish: Wish, facet: Facet, value: string): Wish {
  const values = wish.filters[facet]
  return changed(wish, {
    filters: {
      ...wish.filters,
      [facet]: values.includes(value)
        ? values.filter((each) => each !== value)
        : [...values, value],
    },
  })
}

export function withoutFilters(wish: Wish): Wish {
  return changed(wish, {
    filters: { collection: [], brick: [], type: [], language: [], keyword: [] },
    from: undefined,
    to: undefined,
    pictured: false,
  })
}

/** How many filters narrow this search. */
export function filterCount(wish: Wish): number {
  const years = wish.from !== undefined || wish.to !== undefined
  return (
    Object.values(wish.filters).reduce((sum, values) => sum + values.length, 0) +
    Number(years) +
    Number(wish.pictured)
  )
}

/** Searches that are near one which found nothing: fewer filters, fewer words. */
export function nearWishes(wish: Wish): Wish[] {
  const bare = withoutFilters(wish)
  const words = wish.text.split(/\s+/).filter(Boolean)
  const near: Wish[] = filterCount(wish) ? [bare] : []
  if (words.length > 1) {
    near.push(changed(bare, { text: words.slice(0, -1).join(' ') }))
    const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? ''
    near.push(changed(bare, { text: longest }))
  } else if (wish.text.length > 5) {
    // A slip at the end of a word, or an ending that the index does not know.
    near.push(changed(bare, { text: wish.text.slice(0, -2) }))
  }
  const seen = new Set<string>([wish.text + filterCount(wish)])
  return near.filter(({ text }) => !seen.has(`${text}0`) && seen.add(`${text}0`))
}
