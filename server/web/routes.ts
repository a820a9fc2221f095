// Static files. (Not a Room: that word lies one floor above; it has the same shape.)
import type Router from '@koa/router'
import type { Context } from '../context.ts'
import { serveAsset } from './assets.ts'

export const web = {
  name: 'web',
  routes(router: Router, ctx: Context): void {
    router.get('/static/:version/:name', (koa) => {
      serveAsset(ctx, koa, koa.params['version'] ?? '', koa.params['name'] ?? '')
    })
  },
}
