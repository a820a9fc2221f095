// Where a picture is looked for, and, for the operator, the pictures that are here twice.
import type Router from '@koa/router'
import { challenge, isAdministrator } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { clientOf } from '../http/client.ts'
import { DomainError, httpStatus } from '../http/errors.ts'
import { sendLocked, sendPage, visitOf } from '../web/web.ts'
import { findDuplicates } from './duplicates.ts'
import { findByUpload } from './find.ts'
import { duplicatesPage } from './page-duplicates.ts'
import { likenessPage } from './page.ts'

export function routes(router: Router, ctx: Context): void {
  router.get('/search/image', (koa) => {
    const visit = visitOf(ctx, koa)
    return sendPage(koa, visit, likenessPage(visit, { kind: 'empty' }))
  })

  router.post('/search/image', async (koa) => {
    const visit = visitOf(ctx, koa)
    try {
      const client = clientOf(koa, ctx.config.trustedProxies)
      const matches = await findByUpload(ctx, koa.req, client)
      await sendPage(koa, visit, likenessPage(visit, { kind: 'found', matches }))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      // What was not read of a request that is refused would be taken for the next one.
      if (!koa.req.complete) koa.set('Connection', 'close')
      const status = httpStatus(error)
      if (status === 503) koa.set('Retry-After', '10')
      await sendPage(koa, visit, likenessPage(visit, { kind: 'refused', status, error }))
    }
    koa.set('Cache-Control', 'no-store')
  })

  router.get('/search/image/duplicates', async (koa) => {
    const visit = visitOf(ctx, koa)
    if (!isAdministrator(ctx, koa.get('authorization'))) {
      return sendLocked(koa, visit, challenge)
    }
    await sendPage(koa, visit, duplicatesPage(visit, await findDuplicates(ctx)))
    koa.set('Cache-Control', 'private, no-store')
  })
}
