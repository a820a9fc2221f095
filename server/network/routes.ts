import type Router from '@koa/router'
import type Koa from 'koa'
import { challenge, isAdministrator } from '../accounts/accounts.ts'
import { collectionsFrom, countBySlug } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { readForm } from '../http/body.ts'
import { forbidden, notFound } from '../http/errors.ts'
import { isOwnRequest } from '../http/same-origin.ts'
import { countByFormat, countByVisibility } from '../records/records.ts'
import {
  factsOf,
  optional,
  remembered,
  sendLocked,
  sendPage,
  visitOf,
  type Page,
  type Visit,
} from '../web/web.ts'
import { listTroubles } from './alarm.ts'
import { changeFrom, doDeed } from './deeds.ts'
import type { KeptPage, Source } from './entities.ts'
import { lastHarvests } from './harvest-list.ts'
import { operatorPage, previewPage } from './operator-page.ts'
import { refusedBy } from './page-frame.ts'
import { keptPage, keptPages } from './kept-pages.ts'
import { mostChildren, networkPage, shownOn } from './pages.ts'
import { previewSource } from './preview.ts'
import { deeds, type DeedSaid } from './source-care.ts'
import { mostShown, sourcePage, type SourceDetail } from './source-page.ts'
import { addSource, findSource, sourceById } from './sources.ts'
import { childrenOf, listLeaving, listSources, sourceSummary } from './summaries.ts'
import { chosenFrom, readWish } from './wish.ts'

export function routes(router: Router, ctx: Context): void {
  router.get('/network', async (koa) => {
    const visit = visitOf(ctx, koa)
    const wish = readWish(visit.address.searchParams)
    const sources = await listSources(ctx)
    const shown = shownOn(sources, wish).shown.map((each) => each.slug)
    const children = await childrenOf(ctx, shown, mostChildren)
    const network = { sources, children, own: await countOwn(ctx), facts: await factsOf(ctx) }
    await sendPage(koa, visit, networkPage(visit, network, wish))
  })
  operatorRoutes(router, ctx)
  sourceRoutes(router, ctx)
  keptRoutes(router, ctx)
}

async function countOwn(ctx: Context): Promise<number> {
  const bricks = await optional(
    ctx,
    'the counts of bricks',
    remembered(ctx, 'brick counts', 30, () =>
      ctx.engine.search({ limit: 1, facets: ['brick'], facetLimit: 1000 }),
    ),
  )
  return bricks?.facets.brick?.find(({ value }) => value === ctx.config.name)?.count ?? 0
}

const isOperator = (ctx: Context, koa: Koa.Context): boolean =>
  isAdministrator(ctx, koa.get('Authorization'))

/** The form that the operator sent from a page of ours; undefined: it was answered with why not. */
async function operatorForm(
  ctx: Context,
  koa: Koa.Context,
  visit: Visit,
): Promise<URLSearchParams | undefined> {
  if (!isOperator(ctx, koa)) {
    await sendLocked(koa, visit, challenge)
    return undefined
  }
  if (!isOwnRequest(koa.req.headers, ctx.config.baseUrl))
    throw forbidden(`Send this from a page of ${ctx.config.baseUrl}/.`)
  return readForm(koa.req)
}

/** What is only for the operator is kept nowhere. */
async function sendToOperator(koa: Koa.Context, visit: Visit, page: Page): Promise<void> {
  await sendPage(koa, visit, page)
  koa.set('Cache-Control', 'no-store')
}

function sourceRoutes(router: Router, ctx: Context): void {
  router.get('/network/:slug', async (koa) => {
    const visit = visitOf(ctx, koa)
    const deed = deeds.find((each) => each === visit.address.searchParams.get('done'))
    await showSource(koa, visit, deed && { kind: 'done', deed })
  })

  router.post('/network/:slug', async (koa) => {
    const visit = visitOf(ctx, koa)
    const form = await operatorForm(ctx, koa, visit)
    if (!form) return
    const source = await findSource(ctx, koa.params['slug'] ?? '')
    try {
      const deed = await doDeed(ctx, source, form)
      koa.status = 303
      koa.redirect(`${ctx.links.network(source.slug)}?done=${deed}`)
    } catch (error) {
      await showSource(koa, visit, refusedBy(error, form))
      koa.status = 400
    }
  })
}

function keptRoutes(router: Router, ctx: Context): void {
  router.get('/network/:slug/kept/:id', async (koa) => {
    if (!isOperator(ctx, koa)) return sendLocked(koa, visitOf(ctx, koa), challenge)
    const source = await findSource(ctx, koa.params['slug'] ?? '')
    const page = await keptPage(ctx, source.id, Number(koa.params['id']))
    // Nothing in it may come to life here: it is what a stranger sent.
    koa.set({
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'no-store',
    })
    koa.body = asText(page)
    return undefined
  })
}

/** What was asked, what came before the answer, and the answer. */
function asText({ url, status, headers, body }: KeptPage): Buffer {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  const lines = [`# ${url}`, `# ${status ?? '–'}`, ...head.map((each) => `# ${each}`), '', '']
  return Buffer.concat([Buffer.from(lines.join('\n')), body])
}

async function showSource(
  koa: Koa.Context,
  visit: Visit,
  said: DeedSaid | undefined,
): Promise<void> {
  const { ctx } = visit
  const detail = await detailOf(ctx, koa.params['slug'] ?? '')
  const operator = isOperator(ctx, koa)
  if (!operator) {
    // To everybody else it is gone already.
    if (detail.summary.forgetAt) throw notFound(`There is no source "${detail.source.slug}".`)
    return sendPage(koa, visit, sourcePage(visit, detail, undefined))
  }
  const harvests = await lastHarvests(ctx, detail.source.id, mostShown.harvests)
  const kept = await keptPages(ctx, detail.source.id)
  await sendToOperator(koa, visit, sourcePage(visit, detail, { harvests, kept, said }))
}

async function detailOf(ctx: Context, slug: string): Promise<SourceDetail> {
  const summary = await sourceSummary(ctx, slug)
  const source = await sourceById(ctx, summary.id)
  const { collections: most, children } = mostShown
  return {
    source,
    summary,
    collections: await collectionsFrom(ctx, source.id, most + 1),
    counts: await countBySlug(ctx),
    ...(await kindsOf(ctx, source)),
    children: (await childrenOf(ctx, [slug], children)).get(slug) ?? [],
  }
}

/** Beyond so many records they are not counted for a page. */
const mostCounted = 20_000

async function kindsOf(
  ctx: Context,
  source: Source,
): Promise<Pick<SourceDetail, 'formats' | 'access'>> {
  const none = { formats: [], access: [] }
  if (source.records > mostCounted) return none
  const counted = remembered(ctx, `kinds of ${source.slug}`, 60, async () => ({
    formats: await countByFormat(ctx, source.id),
    access: await countByVisibility(ctx, source.id),
  }))
  return (await optional(ctx, 'the kinds of objects of a source', counted)) ?? none
}

function operatorRoutes(router: Router, ctx: Context): void {
  router.get('/network/operator', async (koa) => {
    const visit = visitOf(ctx, koa)
    if (!isOperator(ctx, koa)) return sendLocked(koa, visit, challenge)
    // Whoever came from the page of a source goes back there, known now.
    const to = visit.address.searchParams.get('to')
    if (to === null) return showOperator(koa, visit, undefined)
    koa.status = 303
    koa.redirect(ctx.links.network(to))
    return undefined
  })

  router.post('/network/operator', async (koa) => {
    const visit = visitOf(ctx, koa)
    const form = await operatorForm(ctx, koa, visit)
    if (!form) return
    const [url, set] = [form.get('url') ?? '', (form.get('set') ?? '').trim()]
    try {
      if (form.get('deed') === 'add') {
        const { name, everyMinutes } = changeFrom(form)
        const source = await addSource(ctx, url, {
          everyMinutes,
          ...(name && { name }),
          ...(set && { set }),
        })
        koa.status = 303
        koa.redirect(`${ctx.links.network(source.slug)}?done=run`)
      } else {
        const preview = await previewSource(ctx, url, set)
        await sendToOperator(koa, visit, previewPage(visit, preview, set))
      }
    } catch (error) {
      await showOperator(koa, visit, refusedBy(error, form))
      koa.status = 400
    }
  })
}

async function showOperator(
  koa: Koa.Context,
  visit: Visit,
  said: DeedSaid | undefined,
): Promise<void> {
  const { ctx } = visit
  const sources = await listSources(ctx)
  const wish = readWish(new URLSearchParams({ sort: 'health' }))
  const troubles = await listTroubles(ctx)
  const named = new Set(troubles.map((each) => each.slug))
  const ailing = chosenFrom(sources, wish).filter(
    ({ slug, health }) => ['failing', 'late'].includes(health.state) && !named.has(slug),
  )
  const view = { sources: sources.length, ailing, troubles, leaving: await listLeaving(ctx), said }
  await sendToOperator(koa, visit, operatorPage(visit, view))
}
