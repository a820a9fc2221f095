import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { addSource } from '../../server/network/network.ts'
import {
  findByIdentifier,
  formatsOf,
  keep,
  receive,
  save,
  withdraw,
  type Arrival,
  type Saved,
} from '../../server/records/records.ts'
import { testSource, type TestSource } from '../harvester/source.ts'
import { collection, draft, tools } from '../house.ts'

describe('records that arrive from a source', () => {
  let brick: Brick
  let remote: TestSource
  let sourceId: number
  let shelf: number
  let made = 0

  before(async () => {
    brick = await tools()
    remote = await testSource()
    sourceId = (await addSource(brick.ctx, remote.url, { slug: 'remote' })).id
    shelf = await collection(brick.ctx, 'shelf')
  })
  after(async () => {
    await remote.close()
    await brick.close()
  })
  beforeEach(() => (made = 0))

  const arrival = (id: string, words: string, fingerprint: number, change = {}): Arrival => ({
    identifier: `oai:x:${id}`,
    collectionId: shelf,
    fingerprint,
    input: () => {
      made++
      const identifier = `oai:x:${id}`
      return draft(shelf, identifier, {
        dc: { title: [{ value: words }] },
        harvested: {
          sourceId,
          identifier,
          fingerprint,
          xml: Buffer.from('<dc/>'),
          links: {},
          keeper: { name: 'R' },
          origins: [],
        },
        ...change,
      })
    },
  })
  const outcomes = (saved: Saved[]): string[] =>
    saved.map((each) => `${each.identifier} ${each.outcome}`).toSorted()
  const take = async (...arrivals: Arrival[]): Promise<string[]> => {
    let told: Saved[] = []
    const arrived = await receive(brick.ctx, sourceId, arrivals)
    const saved = await keep(brick.ctx, arrived, async (_, inside) => void (told = inside))
    assert.deepEqual(outcomes(told), outcomes(saved))
    return outcomes(saved)
  }
  const end = async (): Promise<number> => {
    const [row] = await brick.ctx.db.query<{ last: number }>('SELECT last_value AS last FROM line')
    return row?.last ?? 0
  }

  it('are looked at only where they are not as they were', async () => {
    const all = await take(arrival('a', 'one', 1), arrival('b', 'two', 2), arrival('c', 'three', 3))
    assert.deepEqual(all, ['oai:x:a added', 'oai:x:b added', 'oai:x:c added'])
    assert.equal(made, 3)
    const before = await end()
    made = 0
    assert.deepEqual(await take(arrival('a', 'one', 1), arrival('b', 'two', 2)), [
      'oai:x:a unchanged',
      'oai:x:b unchanged',
    ])
    assert.equal(made, 0)
    assert.equal(await end(), before)
    const mixed = await take(arrival('a', 'new', 4), arrival('b', 'two', 2), arrival('d', 'x', 5))
    assert.deepEqual(mixed, ['oai:x:a changed', 'oai:x:b unchanged', 'oai:x:d added'])
    assert.equal(made, 2)
    assert.equal(await end(), before + 2)
    const record = await findByIdentifier(brick.ctx, 'oai:x:a')
    assert.deepEqual(record?.dc, { title: [{ value: 'new' }] })
  })

  it('that come to the same in other words keep their number, and are known the next time', async () => {
    await take(arrival('same', 'one', 1))
    const before = await end()
    assert.deepEqual(await take(arrival('same', 'one', 2)), ['oai:x:same unchanged'])
    assert.equal(await end(), before)
    made = 0
    assert.deepEqual(await take(arrival('same', 'one', 2)), ['oai:x:same unchanged'])
    assert.equal(made, 0)
  })

  it('come back after they were withdrawn', async () => {
    await take(arrival('back', 'one', 1))
    await withdraw(brick.ctx, ['oai:x:back'])
    assert.deepEqual(await take(arrival('back', 'one', 1)), ['oai:x:back changed'])
    assert.equal((await findByIdentifier(brick.ctx, 'oai:x:back'))?.status, 'published')
  })

  it('are made anew where another writer was first', async () => {
    const { ctx } = brick
    const arrived = await receive(ctx, sourceId, [
      arrival('race', 'mine', 1),
      arrival('r2', 'x', 1),
    ])
    const other = await collection(ctx, 'other')
    const first = draft(other, 'race')
    await ctx.db.query(`UPDATE records SET identifier = 'oai:x:race' WHERE id = $1`, [
      (await save(ctx, [first]))[0]?.id,
    ])
    let calls = 0
    const saved = await keep(ctx, arrived, async () => void calls++)
    assert.deepEqual(outcomes(saved), ['oai:x:r2 added', 'oai:x:race kept-elsewhere'])
    assert.equal(calls, 1)
  })

  it('are made anew where their collection has changed meanwhile', async () => {
    const { ctx } = brick
    const dc = { title: [{ value: 'one' }], type: [{ value: 'image' }] }
    const arrived = await receive(ctx, sourceId, [arrival('shelved', 'one', 1, { dc })])
    const set = (rights: string | null): Promise<unknown> =>
      ctx.db.query('UPDATE collections SET rights = $2 WHERE id = $1', [shelf, rights])
    const formats = async (): Promise<string[]> => {
      const record = await findByIdentifier(ctx, 'oai:x:shelved')
      return record ? formatsOf(ctx, record).map((each) => each.metadataPrefix) : []
    }
    await set('http://rightsstatements.org/vocab/InC/1.0/')
    try {
      await keep(ctx, arrived, async () => undefined)
      assert.ok((await formats()).includes('edm'), 'rights are of the collection as it is now')
    } finally {
      await set(null)
    }
  })

  it('of which nothing can be made are left out', async () => {
    const none = { ...arrival('none', '', 1), input: () => undefined }
    assert.deepEqual(await take(none, arrival('some', 'x', 1)), ['oai:x:some added'])
    assert.deepEqual(await take(), [])
  })
})
