// Pages of other hosts may read what is public here (Fetch, CORS protocol).
import type Koa from 'koa'

/** The answer to a browser that asks whether it may ask (CORS preflight). */
export function preflight(koa: Koa.Context): void {
  koa.status = 204
  koa.set('Access-Control-Allow-Origin', '*')
  koa.set('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS')
  koa.set('Access-Control-Allow-Headers', 'Accept, Authorization, If-None-Match, If-Modified-Since')
  koa.set('Access-Control-Max-Age', '86400')
}
