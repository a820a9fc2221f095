// The sitemap (https://www.sitemaps.org/protocol.html) of what lives here: harvested records belong to their brick.
// Page n holds the records whose last change lies in the n-th stretch of the change line. So its address and what it
// means never change, no page is longer than a stretch, and what changes moves to the last page.
import { isSharedSet } from '../../schemas/shared.ts'
import { element } from '../../schemas/xml.ts'
import { isListed } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import { allCollections, type Collection } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { notFound } from '../http/errors.ts'
import { listOwn, ownStretches } from '../records/records.ts'
import { remembered } from '../web/web.ts'

const stretch = 10_000
/** What the protocol allows in one index. */
const mostPages = 50_000

const head = `<?xml version="1.0" encoding="UTF-8"?>\n`
const namespace = 'http://www.sitemaps.org/schemas/sitemap/0.9'

interface Entry {
  address: string
  datestamp?: string
}

const entry = (name: 'url' | 'sitemap', { address, datestamp }: Entry): string =>
  `<${name}>${element('loc', address)}${datestamp ? element('lastmod', datestamp) : ''}</${name}>\n`

const ownCollections = async (ctx: Context): Promise<Collection[]> =>
  (await allCollections(ctx)).filter(
    ({ sourceId, setSpec }) => sourceId === null && !isSharedSet(setSpec),
  )

/** @param length of a stretch, for tests */
export async function sitemapIndex(ctx: Context, length = stretch): Promise<string> {
  const stretches = await remembered(ctx, `sitemap ${length}`, 60, async () => {
    const ids = (await ownCollections(ctx)).map(({ id }) => id)
    return ownStretches(ctx, ids, length, mostPages - 1)
  })
  const pages: Entry[] = [
    { address: ctx.links.sitemap(0) },
    ...stretches.map(({ number, datestamp }) => ({
      address: ctx.links.sitemap(number),
      datestamp,
    })),
  ]
  return `${head}<sitemapindex xmlns="${namespace}">\n${pages.map((page) => entry('sitemap', page)).join('')}</sitemapindex>\n`
}

/**
 * Page 0 holds the pages that are no records.
 * @throws not-found where nothing lies there
 */
export async function sitemapPage(ctx: Context, page: string, length = stretch): Promise<string> {
  const none = notFound(`There is no page ${page} of the sitemap.`)
  if (!/^(?:0|[1-9]\d{0,8})$/.test(page)) throw none
  const entries = page === '0' ? await doors(ctx) : await recordsOf(ctx, Number(page), length)
  if (!entries.length) throw none
  return `${head}<urlset xmlns="${namespace}">\n${entries.map((each) => entry('url', each)).join('')}</urlset>\n`
}

async function doors(ctx: Context): Promise<Entry[]> {
  const { links } = ctx
  const collections = (await ownCollections(ctx))
    .filter((each) => isListed(anybody, each))
    .slice(0, stretch)
  return [
    { address: links.home() },
    { address: links.collections() },
    { address: links.network() },
    ...collections.map(({ slug }) => ({ address: links.collection(slug) })),
  ]
}

async function recordsOf(ctx: Context, number: number, length: number): Promise<Entry[]> {
  const ids = (await ownCollections(ctx)).map(({ id }) => id)
  const own = await listOwn(ctx, ids, number, length)
  return own.map(({ id, datestamp }) => ({ address: ctx.links.record(id), datestamp }))
}

/** Pages are for everybody; the endless combinations of filters are not, and the sitemap names what they lead to. */
export function robots(ctx: Context): string {
  const path = (address: string): string => new URL(address).pathname
  return [
    'User-agent: *',
    `Disallow: ${path(ctx.links.search())}?`,
    `Disallow: ${path(ctx.links.api('records'))}?`,
    `Disallow: ${path(ctx.links.viewerFiles()).replace(/\/$/, '')}?`,
    `Sitemap: ${ctx.links.sitemap()}`,
    '',
  ].join('\n')
}
