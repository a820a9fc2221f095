// Who is asking. Until accounts come: anybody, or the administrator who bears the token of the configuration, as a bearer
// token (RFC 6750) or, from a browser, as the password of any name (RFC 7617). Where a browser cannot send either, it bears
// a pass, which is good for one thing only.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import { brickSecret } from '../db/settings.ts'

export type Actor = { kind: 'public' } | { kind: 'administrator' }

export const anybody: Actor = { kind: 'public' }
export const administrator: Actor = { kind: 'administrator' }

/** What a browser is told so that it asks for a name and a password. */
export const challenge = 'Basic realm="CaMPA", charset="UTF-8"'

/** @param authorization the request's Authorization header */
export function actorOf(ctx: Context, authorization: string | undefined): Actor {
  const given = tokenIn(authorization ?? '')
  return given === undefined ? anybody : actorOfKey(ctx, given)
}

/** Whom a key stands for that somebody gives. */
export function actorOfKey(ctx: Context, key: string): Actor {
  const token = ctx.config.adminToken
  return token !== undefined && same(key, token) ? administrator : anybody
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

/** What a pass is good for: to be shown pictures, or to be told that one would be. One is never taken for the other. */
export type Purpose = 'pictures' | 'probe'

export interface Pass {
  actor: Actor
  until: Date
  /** Of which sites the pages may know of it. */
  origins: string[]
}

/** A pass as it is handed out; it is kept nowhere, any server of this brick knows it again. */
export async function writePass(
  ctx: Context,
  purpose: Purpose,
  { actor, until, origins }: Pass,
): Promise<string> {
  const body = Buffer.from(JSON.stringify([actor.kind, until.getTime(), origins]))
  const said = body.toString('base64url')
  return `${said}.${await signature(ctx, purpose, said)}`
}

/** The pass that this brick wrote for this purpose, or why it is none. */
export async function readPass(
  ctx: Context,
  purpose: Purpose,
  text: string,
): Promise<Pass | 'forged' | 'expired'> {
  const [said = '', signed = ''] = text.split('.')
  if (!same(signed, await signature(ctx, purpose, said))) return 'forged'
  const [kind, until, origins] = JSON.parse(Buffer.from(said, 'base64url').toString()) as [
    Actor['kind'],
    number,
    string[],
  ]
  if (until <= ctx.clock().getTime()) return 'expired'
  return { actor: { kind }, until: new Date(until), origins }
}

// The administrator's token is part of it: when that is changed, the passes that were given for it are worth nothing.
async function signature(ctx: Context, purpose: Purpose, said: string): Promise<string> {
  return createHmac('sha256', await brickSecret(ctx.db))
    .update(JSON.stringify([purpose, ctx.config.adminToken ?? null, said]))
    .digest('base64url')
}
