import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { catchUp, type LineReader } from '../../server/changes/changes.ts'
import { readLine, save, withdraw, type LineRecord } from '../../server/records/records.ts'
import { collection, draft, tools } from '../house.ts'

describe('the change line', () => {
  let brick: Brick
  before(async () => (brick = await tools({ databasePoolSize: 16 })))
  after(() => brick.close())

  it('never lets a reader miss or repeat a change while eight writers write', async function () {
    this.timeout(60_000)
    const { ctx } = brick
    const collectionId = await collection(ctx, 'busy')
    const versions = new Map<string, number>()
    const write = async (writer: number): Promise<void> => {
      for (let round = 0; round < 30; round++) {
        const keys = Array.from(
          { length: 1 + ((writer + round) % 4) },
          (_, index) => `${writer}-${(round * 3 + index) % 20}`,
        )
        const inputs = keys.map((key) => {
          versions.set(key, round)
          return draft(collectionId, key, { dc: { title: [{ value: `version ${round}` }] } })
        })
        await save(ctx, inputs)
      }
    }
    const seen = new Map<string, LineRecord>()
    let last = 0
    const reader: LineReader<LineRecord> = {
      name: 'test-reader',
      async read(position) {
        const items = await readLine(ctx, position, 7)
        return { items, last: items.at(-1)?.sequence ?? position }
      },
      async apply(items) {
        for (const item of items) {
          assert.ok((item.sequence ?? 0) > last, 'a number came twice or out of order')
          last = item.sequence ?? 0
          const before = seen.get(item.key)
          assert.ok(
            !before || (before.datestamp ?? '') <= (item.datestamp ?? ''),
            'datestamps ran backwards',
          )
          seen.set(item.key, item)
        }
      },
    }
    let writing = true
    const reading = (async () => {
      while (writing) await catchUp(ctx, reader)
    })()
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
    writing = false
    await reading
    await catchUp(ctx, reader)
    assert.equal(seen.size, versions.size)
    for (const [key, version] of versions) {
      assert.equal(seen.get(key)?.dc.title?.[0]?.value, `version ${version}`, key)
    }
  })

  it('gives no number to what did not change, and a new one to what did', async () => {
    const { ctx } = brick
    const collectionId = await collection(ctx, 'calm')
    const [first] = await save(ctx, [draft(collectionId, 'a'), draft(collectionId, 'b')])
    const again = await save(ctx, [
      draft(collectionId, 'a'),
      draft(collectionId, 'b', { dc: { title: [{ value: 'Other' }] } }),
    ])
    assert.equal(first?.outcome, 'added')
    assert.deepEqual(
      again.map((each) => each.outcome),
      ['unchanged', 'changed'],
    )
    assert.equal(again[0]?.id, first?.id)
  })

  it('tells readers of a withdrawal, and never numbers a draft', async () => {
    const { ctx } = brick
    const collectionId = await collection(ctx, 'leaving')
    const [shown, hidden] = await save(ctx, [
      draft(collectionId, 'shown'),
      draft(collectionId, 'hidden', { status: 'draft' }),
    ])
    const line = await readLine(ctx, 0, 10_000)
    const before = line.find((each) => each.id === shown?.id)?.sequence ?? 0
    assert.ok(!line.some((each) => each.id === hidden?.id))
    assert.equal(await withdraw(ctx, [shown?.identifier ?? '', hidden?.identifier ?? '']), 2)
    const after = (await readLine(ctx, before, 10_000)).filter(
      (each) => each.collectionId === collectionId,
    )
    assert.deepEqual(
      after.map((each) => [each.key, each.status]),
      [['shown', 'withdrawn']],
    )
  })
})
