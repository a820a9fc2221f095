import type Router from '@koa/router'
import type { Context } from '../context.ts'
import { factsOf, optional, remembered, sendPage, visitOf } from '../web/web.ts'
import { listSources } from './network.ts'
import { networkPage } from './pages.ts'

export function routes(router: Router, ctx: Context): void {
  router.get('/network', async (koa) => {
    const visit = visitOf(ctx, koa)
    const sources = await listSources(ctx)
    const bricks = await optional(
      ctx,
      'the counts of bricks',
      remembered(ctx, 'brick counts', 30, () =>
        ctx.engine.search({ limit: 1, facets: ['brick'], facetLimit: 1000 }),
      ),
    )
    const own = bricks?.facets.brick?.find(({ value }) => value === ctx.config.name)?.count
    await sendPage(koa, visit, networkPage(visit, sources, own ?? 0, await factsOf(ctx)))
  })
}
