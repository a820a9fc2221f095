// The services of the IIIF Authorization Flow API 2.0: a window that asks for the key, a frame that tells the viewer, a probe
// that says what it would be shown, and the way out. https://iiif.io/api/auth/2.0/
import { randomBytes } from 'node:crypto'
import type Router from '@koa/router'
import type Koa from 'koa'
import { widestSight } from '../access/access.ts'
import { actorOfKey, readPass, writePass, type Actor, type Pass } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { imageById } from '../files/files.ts'
import { readForm } from '../http/body.ts'
import { clientOf } from '../http/client.ts'
import { isOwnRequest } from '../http/same-origin.ts'
import { triesOf } from '../http/tries.ts'
import { recordsOfImage } from '../records/records.ts'
import { html, scriptJson, sendPage, visitOf, type Page, type Visit } from '../web/web.ts'
import {
  answering,
  keeping,
  privateCache,
  refusal,
  send,
  unknownImage,
  type Answer,
} from './answer.ts'
import { accessPage, closedPage, openedPage, wrongOriginPage, type Wrong } from './auth-pages.ts'
import { previewOf, probeResult, tokenError, tokenMessage, type TokenError } from './auth.ts'
import { askerOf, askingOf, givePass, takePass, type Asking } from './auth-pass.ts'
import { authContext } from './image-versions.ts'

const goodFor = 3_600_000
/** Wrong keys of one client. */
const perMinute = 5
/** Sites whose viewers one pass is good for. */
const mostOrigins = 5

export function authRoutes(router: Router, ctx: Context): void {
  const base = '/iiif/auth/2'
  router.get(`${base}/probe/:image`, async (koa) => {
    send(
      koa,
      await answering(() => answerProbe(ctx, koa.params['image'] ?? '', askingOf(ctx, koa))),
    )
  })
  accessRoutes(router, ctx, `${base}/access`)
  router.get(`${base}/token`, (koa) => answerToken(ctx, koa))
  router.get(`${base}/logout`, async (koa) => {
    takePass(ctx, koa)
    const visit = visitOf(ctx, koa)
    await sendPrivately(koa, visit, closedPage(visit))
  })
}

/** Section 5. What nobody is told of is not told here either. */
export async function answerProbe(ctx: Context, id: string, asking: Asking): Promise<Answer> {
  if (!/^[0-9a-f]{32}$/.test(id)) return unknownImage
  const [image, records] = await Promise.all([imageById(ctx, id), recordsOfImage(ctx, id)])
  if (!image) return unknownImage
  const sight = widestSight(await probing(ctx, asking), records)
  const refused = refusal(sight, 'This image')
  if (refused && sight !== 'description') return refused
  const body = JSON.stringify(probeResult(ctx, !refused, previewOf(ctx, image)?.described))
  const mediaType = `application/ld+json;profile="${authContext}"`
  return { kind: 'content', mediaType, body, headers: keeping(false, '') }
}

/** A viewer cannot see its user's cookie; its token says whose it is. */
async function probing(ctx: Context, asking: Asking): Promise<Actor> {
  const actor = await askerOf(ctx, asking)
  const [, token] = /^bearer (\S+)$/i.exec(asking.authorization ?? '') ?? []
  if (actor.kind !== 'public' || token === undefined) return actor
  const pass = await readPass(ctx, 'probe', token)
  return typeof pass === 'string' ? actor : pass.actor
}

async function sendPrivately(koa: Koa.Context, visit: Visit, page: Page): Promise<void> {
  await sendPage(koa, visit, page)
  koa.set('Cache-Control', privateCache)
  // Beside the policy of all pages: no other page may lay itself over the field for the key.
  koa.append('Content-Security-Policy', "frame-ancestors 'none'")
}

/** Sections 3 and 4: where the key is given, for pages of which site. */
function accessRoutes(router: Router, ctx: Context, path: string): void {
  const tries = triesOf(perMinute)

  router.get(path, async (koa) => {
    const visit = visitOf(ctx, koa)
    const origin = originOf(visit)
    if (origin === undefined) return sendPrivately(koa, visit, wrongOriginPage(visit))
    const isKnown = typeof (await passOf(ctx, koa)) === 'object'
    await sendPrivately(koa, visit, accessPage(visit, { origin, isKnown }))
  })

  router.post(path, async (koa) => {
    const visit = visitOf(ctx, koa)
    const origin = originOf(visit)
    if (origin === undefined) return sendPrivately(koa, visit, wrongOriginPage(visit))
    const key = (await readForm(koa.req)).get('key')?.trim()
    const known = await passOf(ctx, koa)
    const pass = isOwnRequest(koa.headers, ctx.config.baseUrl)
      ? passFor(key, typeof known === 'object' ? known : undefined, koa)
      : 'elsewhere'
    if (typeof pass === 'string') {
      if (pass === 'tooOften') koa.set('Retry-After', '60')
      return sendPrivately(koa, visit, accessPage(visit, { origin, wrong: pass }))
    }
    const origins = [...new Set([origin, ...pass.origins])].slice(0, mostOrigins)
    await givePass(ctx, koa, { ...pass, origins })
    await sendPrivately(koa, visit, openedPage(visit))
  })

  /** Who has a pass need not give the key again for another site. */
  function passFor(
    key: string | undefined,
    known: Pass | undefined,
    koa: Koa.Context,
  ): Pass | Wrong {
    if (known && !key) return known
    const client = clientOf(koa, ctx.config.trustedProxies)
    if (!tries.isLeft(client)) return 'tooOften'
    const actor = actorOfKey(ctx, key ?? '')
    if (actor.kind === 'public') {
      tries.spend(client)
      return 'wrong'
    }
    const until = new Date(ctx.clock().getTime() + goodFor)
    return { actor, until, origins: known?.origins ?? [] }
  }
}

async function passOf(ctx: Context, koa: Koa.Context): Promise<Pass | TokenError> {
  const { pass } = askingOf(ctx, koa)
  // https://privacycg.github.io/storage-access-headers/
  const isKeptBack = ['none', 'inactive'].includes(koa.get('Sec-Fetch-Storage-Access'))
  if (pass === undefined) return isKeptBack ? 'keptBack' : 'missingAspect'
  const read = await readPass(ctx, 'pictures', pass)
  if (typeof read === 'object') return read
  return read === 'expired' ? 'expiredAspect' : 'invalidAspect'
}

/** As it goes into a header; a viewer that says nothing is one of ours. */
function originOf({ ctx, address }: Visit): string | undefined {
  const origin = address.searchParams.get('origin') ?? new URL(ctx.config.baseUrl).origin
  const isHost = /^https?:\/\/(?:[\w.-]{1,253}|\[[\da-f:]+\])(?::\d+)?$/.test(origin)
  return isHost && URL.canParse(origin) && new URL(origin).origin === origin ? origin : undefined
}

/** Section 4.3: the answer is a page in a frame of the viewer, and a message to its site only. */
async function answerToken(ctx: Context, koa: Koa.Context): Promise<void> {
  const visit = visitOf(ctx, koa)
  const origin = originOf(visit)
  if (origin === undefined) return sendPrivately(koa, visit, wrongOriginPage(visit))
  const message = await tokenFor(ctx, koa, visit.address.searchParams.get('messageId'), origin)
  const nonce = randomBytes(16).toString('base64')
  koa.set(
    'Content-Security-Policy',
    `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors ${origin}`,
  )
  koa.set(keeping(false, ''))
  koa.type = 'html'
  koa.body = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${ctx.config.name}</title>
      </head>
      <body>
        <script nonce="${nonce}">
          parent.postMessage(${scriptJson(message)}, ${scriptJson(origin)})
        </script>
      </body>
    </html>`.text
}

async function tokenFor(
  ctx: Context,
  koa: Koa.Context,
  messageId: string | null,
  origin: string,
): Promise<object> {
  if (messageId === null) return tokenError(ctx, '', 'invalidRequest')
  const pass = await passOf(ctx, koa)
  if (typeof pass === 'string') return tokenError(ctx, messageId, pass)
  if (!pass.origins.includes(origin)) return tokenError(ctx, messageId, 'invalidOrigin')
  const token = await writePass(ctx, 'probe', { ...pass, origins: [origin] })
  const seconds = Math.ceil((pass.until.getTime() - ctx.clock().getTime()) / 1000)
  return tokenMessage(messageId, token, seconds)
}
