// How many objects each collection holds, as the index counts them: with those of the collections in it.
import type { Context } from '../context.ts'
import { optional, remembered } from '../web/web.ts'

/** Public objects by slug, at most half a minute old; the thousand largest, and none while the index does not answer. */
export async function countBySlug(ctx: Context): Promise<Map<string, number>> {
  const counted = await optional(
    ctx,
    'the counts of collections',
    remembered(ctx, 'collection counts', 30, () =>
      ctx.engine.search({ limit: 1, facets: ['collection'], facetLimit: 1000 }),
    ),
  )
  return new Map((counted?.facets.collection ?? []).map(({ value, count }) => [value, count]))
}
