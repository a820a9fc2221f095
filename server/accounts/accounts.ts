// Who is asking. Until accounts come: anybody, or the administrator who bears the token of the configuration.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'

export type Actor = { kind: 'public' } | { kind: 'administrator' }

export const anybody: Actor = { kind: 'public' }
export const administrator: Actor = { kind: 'administrator' }

/** @param authorization the request's Authorization header */
export function actorOf(ctx: Context, authorization: string | undefined): Actor {
  const given = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  const token = ctx.config.adminToken
  return given !== undefined && token !== undefined && same(given, token) ? administrator : anybody
}

// Digests have one length, so the comparison takes the same time whatever was given.
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
