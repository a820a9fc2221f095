import type Router from '@koa/router'
import type { Context } from '../context.ts'
import { metrics, readiness } from './operations.ts'

export function routes(router: Router, ctx: Context): void {
  router.get('/healthz', (koa) => {
    koa.set('Cache-Control', 'no-store')
    koa.body = { status: 'ok' }
  })
  router.get('/readyz', async (koa) => {
    const { ready, parts } = await readiness(ctx)
    koa.set('Cache-Control', 'no-store')
    koa.status = ready ? 200 : 503
    koa.body = { status: ready ? 'ready' : 'not ready', ...parts }
  })
  router.get('/metrics', async (koa) => {
    const { type, text } = await metrics(ctx)
    koa.set('Cache-Control', 'no-store')
    koa.set('Content-Type', type)
    koa.body = text
  })
}
