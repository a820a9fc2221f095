// Addresses of the IIIF room.
import type Router from '@koa/router'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { clientOf } from '../http/client.ts'
import { hasCopy } from '../http/copy.ts'
import { preflight } from '../http/cors.ts'
import { answering, failure, openToPages, send, type Answer } from './answer.ts'
import { askingOf } from './auth-pass.ts'
import { authRoutes } from './auth-routes.ts'
import { foundBefore } from './front.ts'
import { answerImage, type Asked } from './image.ts'
import { answerCollection, answerManifest, answerPage, answerTop } from './presentation.ts'
import { viewerFile, viewerPage } from './viewer.ts'

const imagePrefix = '/iiif/image/'

export function routes(router: Router, ctx: Context): void {
  router.get('/iiif/image/*path', async (koa) => {
    // Of an error of ours too, a viewer must be able to read that it is one.
    koa.set(openToPages)
    send(koa, await answering(() => answerImage(ctx, asked(ctx, koa))))
  })
  router.get('/iiif/presentation/3/records/:id/manifest', async (koa) => {
    const authorization = koa.get('Authorization') || undefined
    send(koa, await answering(() => answerManifest(ctx, koa.params['id'] ?? '', authorization)))
  })
  const base = '/iiif/presentation/3/collections'
  router.get(base, async (koa) => {
    send(koa, await answering(() => answerTop(ctx)))
  })
  router.get(`${base}/:slug`, async (koa) => {
    send(koa, await answering(() => answerCollection(ctx, koa.params['slug'] ?? '', 0)))
  })
  router.get(`${base}/:slug/after/:after`, async (koa) => {
    send(koa, await answering(() => numbered(koa, answerCollection)))
  })
  router.get(`${base}/:slug/pages/:after`, async (koa) => {
    send(koa, await answering(() => numbered(koa, answerPage)))
  })
  async function numbered(
    koa: Koa.Context & { params: Record<string, string> },
    door: (ctx: Context, slug: string, after: number) => Promise<Answer>,
  ): Promise<Answer> {
    const after = koa.params['after'] ?? ''
    if (!/^\d{1,15}$/.test(after)) return failure(404, 'There is no such page.')
    return door(ctx, koa.params['slug'] ?? '', Number(after))
  }
  authRoutes(router, ctx)
  router.get('/viewer', (koa) => viewerPage(ctx, koa))
  router.get('/viewer/:file', viewerFile)
  router.options('/iiif/*path', preflight)
}

function asked(ctx: Context, koa: Koa.Context): Asked {
  return {
    path: koa.path.slice(koa.path.indexOf(imagePrefix) + imagePrefix.length),
    accept: koa.get('Accept'),
    asking: askingOf(ctx, koa),
    found: foundBefore(koa.req),
    headOnly: koa.method === 'HEAD',
    has: (etag, lastModified) => hasCopy(koa, etag, lastModified),
    wanted: () => !koa.req.socket.destroyed,
    client: clientOf(koa, ctx.config.trustedProxies),
  }
}
