import type Router from '@koa/router'
import type Koa from 'koa'
import { challenge, isAdministrator } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { readForm, readJson } from '../http/body.ts'
import { clientOf } from '../http/client.ts'
import { DomainError, forbidden, httpStatus, invalid } from '../http/errors.ts'
import { isOwnRequest } from '../http/same-origin.ts'
import {
  refusal,
  sendLocked,
  sendPage,
  sendProblem,
  visitOf,
  type Page,
  type Visit,
} from '../web/web.ts'
import { refusedBy, type Said } from '../network/network.ts'
import { adopt, listReceived, markRead } from './from-above.ts'
import { confirm, decide, isTaken, listRequests, look, request, requestOf } from './joining.ts'
import { aboveState, keepUp } from './keeping-up.ts'
import { hearNotice } from './leaving.ts'
import { abovePage } from './page-above.ts'
import { confirmPage, confirmedPage, joinPage, requestedPage, seenPage } from './page-join.ts'
import { requestsPage } from './page-requests.ts'
import { join, leave, standingOf } from './parent.ts'
import { listShared } from './sharing.ts'

export function routes(router: Router, ctx: Context): void {
  joinRoutes(router, ctx)
  operatorRoutes(router, ctx)
  programRoutes(router, ctx)
}

/** A page about one person's affair is kept nowhere. */
async function send(koa: Koa.Context, visit: Visit, page: Page): Promise<void> {
  await sendPage(koa, visit, page)
  koa.set('Cache-Control', 'no-store')
  koa.set('Referrer-Policy', 'no-referrer')
}

function joinRoutes(router: Router, ctx: Context): void {
  const client = (koa: Koa.Context): string => clientOf(koa, ctx.config.trustedProxies)

  router.get('/network/join', (koa) => {
    const visit = visitOf(ctx, koa)
    return send(koa, visit, joinPage(visit, visit.address.searchParams.get('url') ?? ''))
  })
  router.post('/network/join', async (koa) => {
    const visit = visitOf(ctx, koa)
    const form = await readForm(koa.req)
    const url = (form.get('url') ?? '').trim()
    try {
      if (form.get('deed') === 'ask') {
        const answered = await request(ctx, url, client(koa))
        await send(koa, visit, requestedPage(visit, answered))
      } else {
        await send(koa, visit, seenPage(visit, await look(ctx, url, client(koa))))
      }
    } catch (error) {
      await send(koa, visit, joinPage(visit, url, refusedBy(error)))
      koa.status = httpStatus(error)
    }
  })
  // The link of a mail: programs that look through mail follow it too, so only the button behind it does something.
  router.get('/network/join/:token', async (koa) => {
    const visit = visitOf(ctx, koa)
    const found = await requestOf(ctx, koa.params['token'] ?? '')
    await send(koa, visit, confirmPage(visit, found))
  })
  router.post('/network/join/:token', async (koa) => {
    const visit = visitOf(ctx, koa)
    await send(koa, visit, confirmedPage(visit, await confirm(ctx, koa.params['token'] ?? '')))
  })
}

function operatorRoutes(router: Router, ctx: Context): void {
  /** A page of the operator, and the forms on it. */
  const operatorPage = (
    path: string,
    show: (visit: Visit, said: Said | undefined) => Promise<Page>,
    act: (form: URLSearchParams) => Promise<string>,
  ): void => {
    router.get(path, async (koa) => {
      const visit = visitOf(ctx, koa)
      if (!isAdministrator(ctx, koa.get('Authorization'))) return sendLocked(koa, visit, challenge)
      const deed = visit.address.searchParams.get('done')
      return send(koa, visit, await show(visit, deed === null ? undefined : { kind: 'done', deed }))
    })
    router.post(path, async (koa) => {
      const visit = visitOf(ctx, koa)
      if (!isAdministrator(ctx, koa.get('Authorization'))) return sendLocked(koa, visit, challenge)
      if (!isOwnRequest(koa.req.headers, ctx.config.baseUrl))
        throw forbidden(`Send this from a page of ${ctx.config.baseUrl}/.`)
      try {
        const deed = await act(await readForm(koa.req))
        koa.status = 303
        koa.redirect(`${ctx.config.baseUrl}${path}?done=${encodeURIComponent(deed)}`)
      } catch (error) {
        await send(koa, visit, await show(visit, refusedBy(error)))
        koa.status = httpStatus(error)
      }
      return undefined
    })
  }

  operatorPage(
    '/network/requests',
    async (visit, said) => requestsPage(visit, await listRequests(ctx), said),
    async (form) => {
      const decision = form.get('deed') === 'take' ? 'taken' : 'refused'
      await decide(ctx, Number(form.get('id')), decision)
      return decision
    },
  )
  operatorPage(
    '/network/above',
    async (visit, said) =>
      abovePage(visit, {
        standing: await standingOf(ctx),
        state: await aboveState(ctx),
        received: await listReceived(ctx),
        shared: await listShared(ctx),
        said,
      }),
    (form) => actAbove(ctx, form),
  )
}

/** @returns what was done */
async function actAbove(ctx: Context, form: URLSearchParams): Promise<string> {
  const [deed, id] = [form.get('deed') ?? '', form.get('id') ?? '']
  switch (deed) {
    case 'join': {
      const { answered } = await join(ctx, form.get('url') ?? '')
      if (answered.state === 'taken') await keepUp(ctx, undefined, true)
      return answered.state
    }
    case 'leave':
      if (form.get('sure') !== 'yes') throw refusal('invalid', ({ t }) => t('refusal.sure'))
      return (await leave(ctx)).heard ? 'left' : 'leftUnheard'
    case 'check':
      await keepUp(ctx, undefined, true)
      return 'checked'
    case 'read':
    case 'unread':
      await markRead(ctx, id, deed === 'read')
      return deed
    case 'template':
    case 'vocabulary':
      await adopt(ctx, deed, id)
      return 'adopted'
    default:
      throw refusal('invalid', ({ t }) => t('refusal.deed'))
  }
}

/** Addresses for programs: whoever asks there reads no page. */
function programRoutes(router: Router, ctx: Context): void {
  const answer = async (koa: Koa.Context, work: () => Promise<void>): Promise<void> => {
    koa.set('Cache-Control', 'no-store')
    try {
      await work()
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      if (error.code === 'unavailable') koa.set('Retry-After', '60')
      sendProblem(koa, httpStatus(error), error.message)
    }
  }
  const doorIn = (url: unknown): string => {
    if (typeof url === 'string' && url) return url
    throw invalid('"url" must be the address of an OAI-PMH door.')
  }
  const client = (koa: Koa.Context): string => clientOf(koa, ctx.config.trustedProxies)

  router.get('/api/v1/network/join', (koa) =>
    answer(koa, async () => {
      const url = doorIn(new URLSearchParams(koa.querystring).get('url'))
      koa.body = { taken: await isTaken(ctx, url) }
    }),
  )
  router.post('/api/v1/network/join', (koa) =>
    answer(koa, async () => {
      const { url } = await readJson(koa.req)
      const answered = await request(ctx, doorIn(url), client(koa))
      koa.status = answered.state === 'taken' ? 200 : 202
      koa.body = answered
    }),
  )
  router.post('/api/v1/network/notice', (koa) =>
    answer(koa, async () => {
      const { url } = await readJson(koa.req)
      await hearNotice(ctx, doorIn(url), client(koa))
      koa.status = 202
      koa.body = {}
    }),
  )
}
