// GET and POST of /oai (OAI-PMH 2.0, section 3.1.1); people get a page there, and everybody the XML at /oai.xml.
import type Router from '@koa/router'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { readForm } from '../http/body.ts'
import { answer } from './oai.ts'
import { asksForPage, peopleRoutes, sendReading } from './people.ts'

export function routes(router: Router, ctx: Context): void {
  const sendXml = async (koa: Koa.Context, given: URLSearchParams): Promise<void> => {
    koa.body = await answer(ctx, given)
    koa.type = 'text/xml; charset=utf-8'
    koa.set('Access-Control-Allow-Origin', '*')
  }
  router.get('/oai', async (koa) => {
    if (asksForPage(koa)) return sendReading(koa, ctx, (given) => answer(ctx, given))
    await sendXml(koa, new URLSearchParams(koa.querystring))
  })
  router.get('/oai.xml', (koa) => sendXml(koa, new URLSearchParams(koa.querystring)))
  router.post(['/oai', '/oai.xml'], async (koa) => sendXml(koa, await readForm(koa.req)))
  peopleRoutes(router, ctx)
}
