// The pass that a browser bears as a cookie: it opens pictures and nothing else, for no other door reads it.
import type Koa from 'koa'
import {
  actorOf,
  anybody,
  readPass,
  writePass,
  type Actor,
  type Pass,
} from '../accounts/accounts.ts'
import type { Context } from '../context.ts'

/** What a request says of who asks. */
export interface Asking {
  authorization: string | undefined
  pass: string | undefined
}

// Bricks on one machine share its cookies, whatever their ports.
const cookieName = ({ config }: Context): string => {
  const { port } = new URL(config.baseUrl)
  return `campa-pictures${port && `-${port}`}`
}

export const askingOf = (ctx: Context, koa: Koa.Context): Asking => ({
  authorization: koa.get('Authorization') || undefined,
  pass: koa.cookies.get(cookieName(ctx)),
})

/** Whom a request for a picture stands for. */
export async function askerOf(ctx: Context, asking: Asking | undefined): Promise<Actor> {
  const actor = actorOf(ctx, asking?.authorization)
  if (actor.kind !== 'public' || asking?.pass === undefined) return actor
  const pass = await readPass(ctx, 'pictures', asking.pass)
  return typeof pass === 'string' ? anybody : pass.actor
}

export async function givePass(ctx: Context, koa: Koa.Context, pass: Pass): Promise<void> {
  const seconds = Math.ceil((pass.until.getTime() - ctx.clock().getTime()) / 1000)
  setCookie(ctx, koa, await writePass(ctx, 'pictures', pass), seconds)
}

export const takePass = (ctx: Context, koa: Koa.Context): void => setCookie(ctx, koa, '', 0)

function setCookie(ctx: Context, koa: Koa.Context, value: string, seconds: number): void {
  const { pathname, protocol } = new URL(ctx.links.iiifAuth())
  // Viewers on other sites show the pictures too. Browsers let them send the cookie by HTTPS only.
  const site = protocol === 'https:' ? 'SameSite=None; Secure' : 'SameSite=Lax'
  const path = pathname.replace(/\/auth\/2$/, '')
  koa.append(
    'Set-Cookie',
    `${cookieName(ctx)}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; ${site}`,
  )
}
