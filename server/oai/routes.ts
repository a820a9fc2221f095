// GET and POST of /oai (OAI-PMH 2.0, section 3.1.1).
import type Router from '@koa/router'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { readForm } from '../http/body.ts'
import { clientOf } from '../http/client.ts'
import { limitsOf } from './limits.ts'
import { answer } from './oai.ts'
import { sendAnswer } from './send.ts'

export function routes(router: Router, ctx: Context): void {
  const limits = limitsOf(ctx.config)

  /** Does this for a client, or tells it when to come back. */
  const politely = async (koa: Koa.Context, work: () => Promise<void>): Promise<void> => {
    const pass = limits.enter(clientOf(koa, ctx.config.trustedProxies))
    if ('retryAfter' in pass) {
      koa.status = 503
      koa.set('Retry-After', String(pass.retryAfter))
      koa.type = 'text/plain; charset=utf-8'
      koa.body = `Too many requests at once: please ask again in ${pass.retryAfter} seconds.\n`
      return
    }
    try {
      await work()
    } finally {
      pass.leave()
    }
  }
  const sendXml = async (koa: Koa.Context, given: URLSearchParams): Promise<void> => {
    await sendAnswer(koa, ctx, await answer(ctx, given))
  }

  router.get(['/oai', '/oai.xml'], (koa) =>
    politely(koa, () => sendXml(koa, new URLSearchParams(koa.querystring))),
  )
  router.post(['/oai', '/oai.xml'], (koa) =>
    politely(koa, async () => sendXml(koa, await readForm(koa.req))),
  )
}
