// GET and POST of /oai (OAI-PMH 2.0, section 3.1.1).
import type Router from '@koa/router'
import type { Context } from '../context.ts'
import { readForm } from '../http/body.ts'
import { answer } from './oai.ts'

export function routes(router: Router, ctx: Context): void {
  router.get('/oai', async (koa) => {
    koa.body = await answer(ctx, new URLSearchParams(koa.querystring))
    koa.type = 'text/xml; charset=utf-8'
    koa.set('Access-Control-Allow-Origin', '*')
  })
  router.post('/oai', async (koa) => {
    koa.body = await answer(ctx, await readForm(koa.req))
    koa.type = 'text/xml; charset=utf-8'
  })
}
