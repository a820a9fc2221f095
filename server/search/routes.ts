// The first page, the search, and what a browser needs to search here from its own box.
import type Router from '@koa/router'
import { element, escapeAttribute } from '../../schemas/xml.ts'
import type { Context } from '../context.ts'
import { facets } from '../engine/engine.ts'
import { asset, factsOf, optional, searchFor, sendPage, visitOf, type Visit } from '../web/web.ts'
import { overview } from './daily.ts'
import { firstRunPage, homePage } from './home.ts'
import { labelsFor } from './labels.ts'
import { searchPage, type Nearest } from './pages.ts'
import { nearWishes, queryOf, readWish, withoutFilters, type Wish } from './query.ts'

const wallLength = 18

export function routes(router: Router, ctx: Context): void {
  router.get('/', async (koa) => {
    const visit = visitOf(ctx, koa)
    const seen = await overview(visit, wallLength)
    if (!seen.everything.total) return sendPage(koa, visit, firstRunPage(visit))
    const wish = readWish(new URLSearchParams())
    const labels = await labelsFor(visit, wish, seen.everything.facets)
    await sendPage(koa, visit, homePage(visit, seen, labels, await factsOf(ctx)))
  })

  router.get('/search', async (koa) => {
    const visit = visitOf(ctx, koa)
    const wish = readWish(visit.address.searchParams)
    const result = await searchFor(ctx, {
      ...queryOf(wish),
      language: visit.language,
      facets: [...facets],
      facetLimit: 20,
      histogram: true,
    })
    const labels = await labelsFor(visit, wish, result.facets)
    const nearest = result.hits.length || wish.after ? undefined : await nearestTo(visit, wish)
    await sendPage(koa, visit, searchPage(visit, wish, result, labels, nearest))
  })

  router.get('/opensearch.xml', (koa) => {
    koa.type = 'application/opensearchdescription+xml; charset=utf-8'
    koa.set('Cache-Control', 'public, max-age=86400')
    koa.body = openSearch(ctx)
  })
}

async function nearestTo({ ctx, language }: Visit, wish: Wish): Promise<Nearest> {
  const near = await optional(
    ctx,
    'what is near',
    Promise.all(
      nearWishes(wish).map(async (each) => ({
        wish: each,
        total: (await ctx.engine.search({ ...queryOf(each), limit: 1 })).total,
      })),
    ),
  )
  const wishes = (near ?? []).filter(({ total }) => total > 0)
  const around = await optional(
    ctx,
    'objects to look at',
    ctx.engine.search({
      ...queryOf(wishes[0]?.wish ?? { ...withoutFilters(wish), text: '', sort: undefined }),
      limit: 14,
      language,
      facets: ['keyword'],
      facetLimit: 14,
    }),
  )
  return {
    wishes,
    keywords: (around?.facets.keyword ?? []).map(({ value }) => value),
    objects: around?.hits ?? [],
  }
}

/** OpenSearch 1.1, description document. */
function openSearch(ctx: Context): string {
  const { name } = ctx.config
  const template = `${ctx.links.search()}?q={searchTerms}`
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">` +
    element('ShortName', Array.from(name).slice(0, 16).join('')) +
    element('LongName', Array.from(name).slice(0, 48).join('')) +
    element('Description', name) +
    `<Url type="text/html" method="get" template="${escapeAttribute(template)}"/>` +
    `<Image height="16" width="16" type="image/svg+xml">${asset(ctx, 'icon.svg')}</Image>` +
    element('InputEncoding', 'UTF-8') +
    `</OpenSearchDescription>\n`
  )
}
