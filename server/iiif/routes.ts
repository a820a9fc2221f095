// Addresses of the IIIF room.
import type Router from '@koa/router'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { answering, preflight, send } from './answer.ts'
import { answerImage, type Asked } from './image.ts'

const imagePrefix = '/iiif/image/'

export function routes(router: Router, ctx: Context): void {
  router.get('/iiif/image/*path', async (koa) => {
    send(koa, await answering(() => answerImage(ctx, asked(koa))))
  })
  router.options('/iiif/*path', preflight)
}

function asked(koa: Koa.Context): Asked {
  return {
    path: koa.path.slice(koa.path.indexOf(imagePrefix) + imagePrefix.length),
    accept: koa.get('Accept'),
    authorization: koa.get('Authorization') || undefined,
    headOnly: koa.method === 'HEAD',
    has: (etag) => tagsOf(koa.get('If-None-Match')).includes(etag),
    wanted: () => !koa.req.socket.destroyed,
  }
}

const tagsOf = (header: string): string[] =>
  header.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
