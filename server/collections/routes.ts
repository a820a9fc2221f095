import type Router from '@koa/router'
import { actorOf } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import type { SearchDocument } from '../engine/engine.ts'
import { gone, notFound } from '../http/errors.ts'
import { optional, remembered, searchFor, sendPage, visitOf } from '../web/web.ts'
import {
  allCollections,
  collectionBySlug,
  collectionsIn,
  collectionsUpFrom,
  countBySlug,
  isCatalogued,
  withAncestors,
} from './collections.ts'
import type { Collection } from './entities.ts'
import { collectionPage, collectionsPage, type Shown } from './pages.ts'

const pageLength = 40
const covers = 12

export function routes(router: Router, ctx: Context): void {
  router.get('/collections', async (koa) => {
    const visit = visitOf(ctx, koa)
    const seen = visible(ctx, koa.get('authorization'), await allCollections(ctx))
    const known = new Set(seen.map(({ id }) => id))
    const tops = seen.filter(({ parentId }) => parentId === null || !known.has(parentId))
    const after = visit.address.searchParams.get('after') ?? ''
    const start = tops.findIndex((each) => each.slug === after) + 1
    const page = tops.slice(start, start + pageLength)
    const counts = await countBySlug(ctx)
    const shown = await Promise.all(
      page.map(async (collection, index): Promise<Shown> => ({
        collection,
        below: seen.filter((each) => each.parentId === collection.id),
        objects: index < covers ? await cover(ctx, collection.slug) : [],
      })),
    )
    const next = tops.length > start + pageLength ? page.at(-1)?.slug : undefined
    await sendPage(koa, visit, collectionsPage(visit, shown, counts, next))
  })

  router.get('/collections/:slug', async (koa) => {
    const visit = visitOf(ctx, koa)
    const slug = koa.params['slug'] ?? ''
    const collection = await collectionBySlug(ctx, slug)
    if (collection.retired) throw gone(`The collection "${slug}" is kept here no longer.`)
    const allowed = (some: Collection[]) => visible(ctx, koa.get('authorization'), some)
    if (!allowed([collection]).length) throw notFound(`There is no collection "${slug}".`)
    const result = await searchFor(ctx, {
      filters: { collection: [slug] },
      sort: 'newest',
      limit: 24,
      language: visit.language,
      facets: ['collection', 'brick', 'keyword', 'type'],
      facetLimit: 16,
      histogram: true,
    })
    const up = await collectionsUpFrom(ctx, [collection.id])
    const above = withAncestors(new Map(up.map((each) => [each.id, each])), collection)
    await sendPage(
      koa,
      visit,
      collectionPage(visit, {
        collection,
        above: allowed(above.slice(1)).toReversed(),
        below: allowed(await collectionsIn(ctx, collection.id)),
        counts: await countBySlug(ctx),
        result,
      }),
    )
  })
}

/** A closed collection is known to the administrator only. */
function visible(ctx: Context, authorization: string, all: Collection[]): Collection[] {
  const actor = actorOf(ctx, authorization)
  return all.filter((each) => isCatalogued(actor, each))
}

async function cover(ctx: Context, slug: string): Promise<SearchDocument[]> {
  const found = await optional(
    ctx,
    'the pictures of a collection',
    remembered(ctx, `cover ${slug}`, 60, () =>
      ctx.engine.search({
        filters: { collection: [slug] },
        pictured: true,
        sort: 'newest',
        limit: 7,
      }),
    ),
  )
  return found?.hits ?? []
}
