// Who is asking. Until accounts come: anybody, or the administrator who bears the token of the configuration, as a bearer
// token (RFC 6750) or, from a browser, as the password of any name (RFC 7617).
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'

export type Actor = { kind: 'public' } | { kind: 'administrator' }

export const anybody: Actor = { kind: 'public' }
export const administrator: Actor = { kind: 'administrator' }

/** What a browser is told so that it asks for a name and a password. */
export const challenge = 'Basic realm="CaMPA", charset="UTF-8"'

/** @param authorization the request's Authorization header */
export function actorOf(ctx: Context, authorization: string | undefined): Actor {
  const given = tokenIn(authorization ?? '')
  const token = ctx.config.adminToken
  return given !== undefined && token !== undefined && same(given, token) ? administrator : anybody
}

/** @param authorization the request's Authorization header */
export const isAdministrator = (ctx: Context, authorization: string | undefined): boolean =>
  actorOf(ctx, authorization).kind === 'administrator'

function tokenIn(authorization: string): string | undefined {
  const [, scheme = '', credentials = ''] = /^(bearer|basic)\s+(\S+)$/i.exec(authorization) ?? []
  if (scheme.toLowerCase() !== 'basic') return credentials || undefined
  const pair = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : pair.slice(colon + 1)
}

// Digests have one length, so the comparison takes the same time whatever was given.
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
