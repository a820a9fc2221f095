import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { ensureCollection } from '../../server/collections/collections.ts'
import { sitemapIndex, sitemapPage } from '../../server/publish/sitemap.ts'
import { save, withdraw } from '../../server/records/records.ts'
import { brick, collection, draft, freePort } from '../house.ts'

const places = (text: string): string[] =>
  [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address ?? '')

describe('the sitemap', () => {
  let house: RunningBrick
  let base: string
  before(async () => {
    const port = await freePort()
    base = `http://127.0.0.1:${port}/archive`
    house = await brick({ port, baseUrl: base })
  })
  after(() => house.close())

  const read = async (address: string): Promise<string> => {
    const response = await fetch(address)
    assert.equal(response.status, 200, address)
    return response.text()
  }

  it('of an empty brick names its doors', async () => {
    assert.deepEqual(places(await read(`${base}/sitemap.xml`)), [`${base}/sitemap-0.xml`])
    assert.deepEqual(places(await read(`${base}/sitemap-0.xml`)), [
      `${base}/`,
      `${base}/collections`,
      `${base}/network`,
    ])
    assert.equal((await fetch(`${base}/sitemap-1.xml`)).status, 404)
    for (const page of ['01', '-1', 'x', '9999999999'])
      assert.equal((await fetch(`${base}/sitemap-${page}.xml`)).status, 404)
  })

  it('is named by robots.txt, under the path of the brick', async () => {
    const text = await read(`${base}/robots.txt`)
    assert.match(text, new RegExp(`^Sitemap: ${base}/sitemap.xml$`, 'm'))
    assert.match(text, /^Disallow: \/archive\/search\?$/m)
  })

  it('lists public records of this brick, each once, in pages of bounded length', async () => {
    const { ctx } = house
    const own = await collection(ctx, 'drawings')
    const other = await collection(ctx, 'posters')
    const saved = await save(
      ctx,
      Array.from({ length: 23 }, (_, index) => draft(index % 2 ? own : other, `r${index}`)),
    )
    await save(ctx, [
      draft(own, 'closed', { visibility: 'closed' }),
      draft(own, 'draft', { status: 'draft' }),
      draft(own, 'asked', { visibility: 'on-request' }),
    ])
    await ctx.db.query(
      `INSERT INTO sources (id, slug, url, name, every_minutes)
       VALUES (1, 'leaf', 'https://leaf.example.org/oai', 'Leaf', 1440)`,
    )
    const leaf = await ensureCollection(ctx, {
      slug: 'leaf',
      title: { en: 'Leaf' },
      profile: 'dublin-core',
      sourceId: 1,
    })
    const harvested = {
      sourceId: 1,
      identifier: 'oai:leaf:1',
      xml: Buffer.from('<dc/>'),
      links: {},
      keeper: { name: 'Leaf' },
      origins: [],
    }
    await save(ctx, [draft(leaf.id, 'oai:leaf:1', { harvested })])
    await withdraw(
      ctx,
      saved.slice(4, 12).map(({ identifier }) => identifier),
    )
    // What changes moves to the last page.
    await save(ctx, [draft(other, 'r0', { dc: { title: [{ value: 'Changed' }] } })])

    const index = places(await sitemapIndex(ctx, 4))
    assert.equal(index[0], `${base}/sitemap-0.xml`)
    const listed: string[] = []
    for (const address of index.slice(1)) {
      const number = /sitemap-(\d+)\.xml$/.exec(address)?.[1] ?? ''
      const page = places(await sitemapPage(ctx, number, 4))
      assert.ok(page.length > 0 && page.length <= 4)
      listed.push(...page)
    }
    const asked = await ctx.db.query<{ id: number }>(`SELECT id FROM records WHERE key = 'asked'`)
    const expected = [
      ...saved.filter((_, place) => place < 4 || place >= 12).map(({ id }) => id),
      String(asked[0]?.id),
    ]
    assert.deepEqual(listed.toSorted(), expected.map((id) => ctx.links.record(id)).toSorted())
    assert.equal(listed.at(-1), ctx.links.record(saved[0]?.id ?? ''))
    // Stretches that lie between and hold nothing any more are left out.
    assert.ok(index.length < 11)
    const whole = await read(`${base}/sitemap-1.xml`)
    assert.equal(places(whole).length, 16)
    assert.match(whole, /<lastmod>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/lastmod>/)
    assert.deepEqual(places(await read(`${base}/sitemap-0.xml`)).slice(3), [
      `${base}/collections/drawings`,
      `${base}/collections/posters`,
    ])
  })
})
