// The Koa application: what every request passes, then the rooms' routes.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import Router from '@koa/router'
import Koa from 'koa'
import type { Logger } from 'pino'
import { DomainError, httpStatus, messageOf } from './errors.ts'

/** Turns an error into a page or another answer; the last word of the edge. */
export type ErrorPage = (koa: Koa.Context, status: number, message: string) => void

/** Hears of every answer: the route as it was registered, its status, how long it took. */
export type Observe = (route: string, status: number, seconds: number) => void

/** Answers a request, or hands it on. */
export type Front = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => Promise<void>

/** What every answer says. */
export const commonHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
}

export interface App {
  koa: Koa
  router: Router
}

const unanswered = [404, 405, 501]

/**
 * @param prefix path under which the brick lives, from its base URL ("" or "/archive")
 * @param errorPage how an error looks; its message is for people, never an inner text
 */
export function createApp(
  log: Logger,
  prefix: string,
  errorPage: ErrorPage,
  observe: Observe,
): App {
  const koa = new Koa()
  // A proxy's headers are never trusted: addresses come from CAMPA_BASE_URL.
  koa.proxy = false
  koa.silent = true
  const router = new Router({ prefix: prefix === '/' ? '' : prefix })
  koa.use(async (ctx, next) => {
    const began = performance.now()
    const id = randomUUID()
    ctx.set(commonHeaders)
    try {
      await next()
      // What no route answers, or not by this method (then the router has set Allow), gets a page too.
      if (unanswered.includes(ctx.status) && ctx.body === undefined) errorPage(ctx, ctx.status, '')
    } catch (error) {
      const status = statusOf(error)
      if (status >= 500) log.error({ err: error, request: id, path: ctx.path }, 'a request failed')
      ctx.status = status
      errorPage(
        ctx,
        status,
        status >= 500 && !(error instanceof DomainError) ? '' : messageOf(error),
      )
    }
    const seconds = (performance.now() - began) / 1000
    observe(
      typeof ctx['_matchedRoute'] === 'string' ? ctx['_matchedRoute'] : 'none',
      ctx.status,
      seconds,
    )
    log.debug(
      {
        request: id,
        method: ctx.method,
        path: ctx.path,
        status: ctx.status,
        ms: Math.round(seconds * 1000),
      },
      'request',
    )
  })
  koa.use(router.routes())
  koa.use(router.allowedMethods())
  return { koa, router }
}

// Koa's own errors (a malformed address) carry a status.
function statusOf(error: unknown): number {
  if (error instanceof DomainError) return httpStatus(error)
  const status = (error as { status?: unknown }).status
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}
