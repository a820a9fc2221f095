import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { listSources } from '../../server/network/network.ts'
import { fillSources } from '../../bench/fill.ts'
import { brick } from '../house.ts'

describe('a network of thousands', () => {
  let root: RunningBrick
  let now = new Date()
  before(async () => {
    root = await brick()
    root.ctx.clock = () => now
    await fillSources(root.ctx, 1200, `'https://source-' || i || '.example.org/oai'`, 3)
  })
  after(() => root.close())

  it('has a page that is as small as that of a few', async () => {
    const page = await (await fetch(`${root.address}/network?sort=health`)).text()
    assert.match(page, /1,200 sources/)
    assert.ok(page.length < 100_000, `${page.length} characters`)
  })

  it('is read once for many pages, and again soon', async () => {
    const { ctx } = root
    const read = await listSources(ctx)
    assert.equal(read.length, 1200)
    await ctx.db.query(
      `UPDATE sources SET paused = true, paused_at = now() WHERE slug = 'source-7'`,
    )
    assert.equal(await listSources(ctx), read)
    now = new Date(now.getTime() + 20_000)
    const again = await listSources(ctx)
    assert.equal(again.find(({ slug }) => slug === 'source-7')?.health.state, 'paused')
  })

  it('of a few is read for each page', async () => {
    const { ctx } = root
    await ctx.db.query(`UPDATE sources SET forgotten_at = now() WHERE id % 2 = 0`)
    now = new Date(now.getTime() + 20_000)
    const read = await listSources(ctx)
    assert.equal(read.length, 600)
    await ctx.db.query(
      `UPDATE sources SET forgotten_at = NULL WHERE slug = 'source-8' OR slug = 'source-9'`,
    )
    assert.equal((await listSources(ctx)).length, 601)
  })
})
