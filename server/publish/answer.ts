// What the JSON API answers, as a value: content, or a problem (RFC 9457). The edge only writes it down.
import { createHash } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { hasCopy } from '../http/copy.ts'
import { DomainError, httpStatus } from '../http/errors.ts'
import type { Fault } from './parameters.ts'

export type Answer =
  | {
      kind: 'content'
      body: object
      /** Whether anybody would get the same: then it may be kept by caches, which ask again each time. */
      isPublic: boolean
      /** Values of the Link header (RFC 8288). */
      links?: string[]
    }
  | { kind: 'problem'; status: number; detail: string; faults?: Fault[] }

export const content = (body: object, isPublic = true, links: string[] = []): Answer => ({
  kind: 'content',
  body,
  isPublic,
  links,
})

export const problem = (status: number, detail: string): Answer => ({
  kind: 'problem',
  status,
  detail,
})

/** A request whose parameters make no sense: says which, and what is allowed. */
export const refused = (faults: Fault[]): Answer => ({
  kind: 'problem',
  status: 400,
  detail: faults.map(({ name, allowed }) => `"${name}" ${allowed}.`).join(' '),
  faults,
})

/** Does the work and writes down what comes of it; what nobody expected goes on to the edge of the house. */
export async function answer(
  ctx: Context,
  koa: Koa.Context,
  work: () => Promise<Answer>,
): Promise<void> {
  koa.set('Access-Control-Allow-Origin', '*')
  koa.set('Access-Control-Expose-Headers', 'Link, ETag, Retry-After')
  koa.vary('Authorization')
  send(ctx, koa, await work().catch(known))
}

function known(error: unknown): Answer {
  if (!(error instanceof DomainError)) throw error
  return problem(httpStatus(error), error.message)
}

function send(ctx: Context, koa: Koa.Context, given: Answer): void {
  const description = `<${ctx.links.openApi()}>; rel="service-desc"; type="application/openapi+json"`
  if (given.kind === 'problem') {
    const { status, detail, faults } = given
    koa.status = status
    koa.set('Cache-Control', 'no-store')
    koa.set('Link', description)
    if (status === 503) koa.set('Retry-After', '10')
    const title = STATUS_CODES[status] ?? 'Error'
    koa.body = JSON.stringify({
      type: 'about:blank',
      title,
      status,
      detail,
      ...(faults && { parameters: faults }),
    })
    koa.set('Content-Type', 'application/problem+json')
    return
  }
  const body = JSON.stringify(given.body)
  const etag = `"${createHash('sha1').update(body).digest('hex')}"`
  koa.set('Link', [...(given.links ?? []), description].join(', '))
  koa.set('Cache-Control', given.isPublic ? 'public, no-cache' : 'private, no-store')
  koa.set('ETag', etag)
  koa.status = 200
  if (hasCopy(koa, etag)) {
    koa.status = 304
    return
  }
  koa.body = body
  koa.set('Content-Type', 'application/json; charset=utf-8')
}
