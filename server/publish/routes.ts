// Addresses for programs: the JSON API and its description, the sitemap and robots.txt; and files to download.
import type Router from '@koa/router'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { clientOf } from '../http/client.ts'
import { preflight } from '../http/cors.ts'
import { answer, content, problem, type Answer } from './answer.ts'
import {
  answerAlike,
  answerCollection,
  answerCollections,
  answerImage,
  answerNetwork,
  answerRecord,
  answerRecords,
  type Asked,
} from './api.ts'
import { sendFile } from './download.ts'
import { openApi } from './openapi.ts'
import { robots, sitemapIndex, sitemapPage } from './sitemap.ts'

const base = '/api/v1'

export function routes(router: Router, ctx: Context): void {
  const door = (
    path: string,
    work: (asked: Asked, parameters: Record<string, string>) => Promise<Answer>,
  ): void => {
    router.get(path, (koa) => answer(ctx, koa, () => work(asked(koa), koa.params)))
  }
  door(`${base}/records`, (given) => answerRecords(ctx, given))
  door(`${base}/records/:id`, (given, { id = '' }) => answerRecord(ctx, id, given))
  door(`${base}/records/:id/alike`, (given, { id = '' }) => answerAlike(ctx, id, given))
  router.post(`${base}/search/image`, async (koa) => {
    const client = clientOf(koa, ctx.config.trustedProxies)
    await answer(ctx, koa, () => answerImage(ctx, koa.req, client, asked(koa)))
    // What was not read of a request that is refused would be taken for the next one.
    if (!koa.req.complete) koa.set('Connection', 'close')
  })
  door(`${base}/collections`, (given) => answerCollections(ctx, given))
  door(`${base}/collections/:slug`, (given, { slug = '' }) => answerCollection(ctx, slug, given))
  door(`${base}/network`, (given) => answerNetwork(ctx, given))
  door('/api/openapi.json', () => Promise.resolve(content(openApi(ctx))))
  door('/api/*path', () =>
    Promise.resolve(problem(404, `The API has no such address: see ${ctx.links.openApi()}`)),
  )
  router.options(`${base}/search/image`, (koa) => {
    preflight(koa)
    koa.set('Access-Control-Allow-Methods', 'POST, OPTIONS')
    // Here only: what changes something is to be asked for by no page of another host.
    koa.set('Access-Control-Allow-Headers', 'Accept, Content-Type')
  })
  router.options('/api/*path', preflight)

  router.get('/files/:sha256/:name', (koa) => sendFile(ctx, koa, koa.params))
  router.get('/sitemap.xml', async (koa) => xml(koa, await sitemapIndex(ctx)))
  router.get('/sitemap-:page.xml', async (koa) => {
    xml(koa, await sitemapPage(ctx, koa.params['page'] ?? ''))
  })
  router.get('/robots.txt', (koa) => {
    koa.type = 'text/plain; charset=utf-8'
    koa.body = robots(ctx)
  })
}

function xml(koa: Koa.Context, text: string): void {
  koa.type = 'application/xml; charset=utf-8'
  koa.set('Cache-Control', 'public, max-age=600')
  koa.body = text
}

const asked = (koa: Koa.Context): Asked => ({
  parameters: new URLSearchParams(koa.querystring),
  authorization: koa.get('Authorization') || undefined,
})
