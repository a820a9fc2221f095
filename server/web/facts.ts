// What every page says of the brick: how much it holds. Counted by the index, at most half a minute old.
import type { Context } from '../context.ts'
import type { SearchQuery, SearchResult } from '../engine/engine.ts'
import { DomainError } from '../http/errors.ts'
import { optional, remembered } from './memo.ts'

export interface Facts {
  objects: number
  collections: number
  bricks: number
}

export async function factsOf(ctx: Context): Promise<Facts | undefined> {
  return optional(
    ctx,
    'the counts of the brick',
    remembered(ctx, 'facts', 30, async () => {
      const { total, facets } = await ctx.engine.search({
        limit: 1,
        facets: ['collection', 'brick'],
        facetLimit: 1000,
      })
      return {
        objects: total,
        collections: facets.collection?.length ?? 0,
        bricks: facets.brick?.length ?? 0,
      }
    }),
  )
}

/**
 * Asks the index for a page that is nothing without it.
 * @throws unavailable where the index does not answer; invalid as the engine says
 */
export async function searchFor(ctx: Context, query: SearchQuery): Promise<SearchResult> {
  try {
    return await ctx.engine.search(query)
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    throw new DomainError('unavailable', 'The index does not answer.', { cause })
  }
}
