import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { countsAfter, type Counts } from '../../server/network/counts.ts'
import { harvestEntity } from '../../server/network/entities.ts'
import { addSource, harvestSource, sourceById, type Source } from '../../server/network/network.ts'
import { oaiDcOf, testSource, type TestSource } from '../harvester/source.ts'
import { tools } from '../house.ts'

describe('the records of a source', () => {
  let brick: Brick
  let remote: TestSource
  let source: Source
  before(async () => {
    brick = await tools()
    remote = await testSource(50)
    for (let id = 0; id < 40; id++) remote.put(String(id))
    source = await addSource(brick.ctx, remote.url, { slug: 'counted' })
    await harvestSource(brick.ctx, source)
  })
  after(async () => {
    await brick.close()
    await remote.close()
  })

  /** As if ten records were many. */
  async function counted(change: object, isComplete = true, was: Partial<Counts> = {}) {
    const { ctx } = brick
    const [harvest] = await ctx.db.dataSource
      .getRepository(harvestEntity)
      .find({ order: { id: 'DESC' }, take: 1 })
    assert.ok(harvest)
    const known = { ...(await sourceById(ctx, source.id)), ...was }
    const none = { added: 0, changed: 0, deleted: 0, from: '2026-01-01' }
    return countsAfter(ctx, known, { ...harvest, ...none, ...change }, isComplete, 10)
  }

  it('are counted when a whole list has come, and after each change of a small one', async () => {
    const { ctx } = brick
    assert.equal((await sourceById(ctx, source.id)).records, 40)
    remote.put('0', { deleted: true })
    remote.put('1', { metadata: oaiDcOf('autre') })
    remote.put('new')
    remote.put('newer')
    await harvestSource(ctx, source)
    const { records, keepers, uncounted } = await sourceById(ctx, source.id)
    assert.deepEqual([records, uncounted], [41, 0])
    assert.equal(keepers?.[0]?.['records'], 41)
  })

  it('of a large one are reckoned until a tenth has changed', async () => {
    const wrong = { records: 900 }
    const reckoned = await counted({ added: 3, deleted: 1 }, true, wrong)
    assert.deepEqual([reckoned.records, reckoned.uncounted], [902, 4])
    const next = await counted({ added: 1, changed: 90 }, true, reckoned)
    assert.deepEqual([next.records, next.uncounted], [41, 0])
    const whole = await counted({ from: null }, true, wrong)
    assert.deepEqual([whole.records, whole.uncounted], [41, 0])
  })

  it('are not added twice by a harvest that fails and is gone on with', async () => {
    const cut = await counted({ added: 3 }, false, { records: 900 })
    assert.deepEqual([cut.records, cut.uncounted], [900, 3])
    const done = await counted({ added: 5 }, true, cut)
    assert.equal(done.records, 905)
  })

  it('are left alone where nothing has changed', async () => {
    assert.equal((await counted({}, false, { records: 7 })).records, 7)
    assert.equal((await counted({}, true, { records: 7 })).records, 7)
  })
})
