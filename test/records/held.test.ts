import assert from 'node:assert/strict'
import { fillHarvested, fillSources } from '../../bench/fill.ts'
import type { Brick } from '../../server/brick.ts'
import { listHeldFrom } from '../../server/records/records.ts'
import { rowsRead } from '../explained.ts'
import { tools } from '../house.ts'

describe('the records that a source brought', () => {
  let brick: Brick
  const records = 4000
  before(async () => {
    brick = await tools()
    const { ctx } = brick
    await fillSources(ctx, 3, `'https://source-' || i || '.example.org/oai'`, 0)
    await fillHarvested(ctx, records, 3)
    // As they come: one source after the other.
    await ctx.db.query(
      `UPDATE records SET source_id = (SELECT id FROM sources WHERE slug = CASE WHEN records.id > $1 THEN 'source-2' ELSE 'source-1' END)`,
      [records - 400],
    )
    await ctx.db.query('VACUUM ANALYZE records')
  })
  after(() => brick.close())

  const held = async (slug: string, after: number, limit: number): Promise<number[]> => {
    const [source] = await brick.ctx.db.query<{ id: number }>(
      'SELECT id FROM sources WHERE slug = $1',
      [slug],
    )
    let found: { id: number }[] = []
    const read = await rowsRead(brick.ctx, 'records', async () => {
      found = await listHeldFrom(brick.ctx, source?.id ?? 0, after, limit)
    })
    assert.ok(Math.max(...read) <= limit + 1, `${read.join()} rows were looked at for ${limit}`)
    return found.map(({ id }) => id)
  }

  it('come in stretches, and no other is looked at for them', async () => {
    assert.deepEqual(await held('source-1', 3, 3), [4, 5, 6])
    assert.deepEqual(await held('source-2', 0, 2), [records - 399, records - 398])
    assert.deepEqual(await held('source-2', records - 1, 50), [records])
    assert.deepEqual(await held('source-3', 0, 1), [])
  })
})
