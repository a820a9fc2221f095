// The wall of the day: other objects every day, from many collections, the same for everybody on that day.
import type { Context } from '../context.ts'
import type { SearchDocument, SearchResult } from '../engine/engine.ts'
import { remembered, searchFor, type Visit } from '../web/web.ts'

/** A list in an order that only the seed decides. */
export function shuffled<T>(items: T[], seed: number): T[] {
  const random = mulberry(seed)
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

// mulberry32: 32 bits of state are plenty to hang pictures.
function mulberry(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const dayNumber = (date: Date): number => Math.floor(date.getTime() / 86_400_000)

export interface Overview {
  everything: SearchResult
  wall: SearchDocument[]
}

/** What the first page shows: counts of everything for its reader, and the wall of today. */
export async function overview({ ctx, language }: Visit, length: number): Promise<Overview> {
  const day = dayNumber(ctx.clock())
  const count = (reader?: string): Promise<SearchResult> =>
    searchFor(ctx, {
      limit: length,
      sort: 'newest',
      facets: ['collection', 'brick', 'keyword'],
      facetLimit: 24,
      histogram: true,
      ...(reader !== undefined && { language: reader }),
    })
  // The same in every language.
  const hung = async (): Promise<SearchDocument[]> => hang(ctx, await count(), day, length)
  const fresh = remembered(ctx, `overview ${day} ${length} ${language}`, 30, () => count(language))
  const wall = remembered(ctx, `wall ${day} ${length}`, 30, hung)
  // An empty brick is looked at again at once: its operator waits for the first object to appear.
  const [known, pictures] = await Promise.all([fresh, wall])
  return {
    everything: known.total ? known : await count(language),
    wall: pictures.length ? pictures : await hung(),
  }
}

async function hang(
  ctx: Context,
  { facets, hits }: SearchResult,
  day: number,
  length: number,
): Promise<SearchDocument[]> {
  const topics = [
    ...shuffled(facets.collection ?? [], day)
      .slice(0, 3)
      .map(({ value }) => ({ filters: { collection: [value] } })),
    ...shuffled(facets.keyword ?? [], day + 1)
      .slice(0, 3)
      .map(({ value }) => ({ filters: { keyword: [value] } })),
    {},
  ]
  const found = await Promise.all(
    topics.map((topic) => searchFor(ctx, { ...topic, pictured: true, sort: 'newest', limit: 60 })),
  )
  const chosen = new Map<string, SearchDocument>()
  const piles = found.map((each, index) => shuffled(each.hits, day * 31 + index))
  for (let round = 0; chosen.size < length && piles.some((pile) => pile.length > round); round++) {
    for (const pile of piles) {
      const next = pile[round]
      if (next && chosen.size < length) chosen.set(next.id, next)
    }
  }
  // Words stand in where there are too few pictures.
  for (const hit of hits) if (chosen.size < length) chosen.set(hit.id, hit)
  return shuffled([...chosen.values()], day)
}
