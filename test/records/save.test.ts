import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Brick } from '../../server/brick.ts'
import { textArray } from '../../server/db/arrays.ts'
import {
  findByIdentifier,
  findRecord,
  readLine,
  save,
  withdraw,
} from '../../server/records/records.ts'
import { collection, draft, tools } from '../house.ts'

describe('saving records', () => {
  let brick: Brick
  let collectionId: number
  before(async () => {
    brick = await tools()
    collectionId = await collection(brick.ctx)
  })
  after(() => brick.close())

  it('stores all of a batch or none, with what is stored beside it', async () => {
    const { ctx } = brick
    const before = (await readLine(ctx, 0, 1000)).length
    await assert.rejects(
      save(ctx, [draft(collectionId, 'x'), draft(collectionId, 'y')], () =>
        Promise.reject(new Error('disk full')),
      ),
      /disk full/,
    )
    assert.equal((await readLine(ctx, 0, 1000)).length, before)
  })

  it('brings back what was withdrawn, under its old identifier', async () => {
    const { ctx } = brick
    const [first] = await save(ctx, [draft(collectionId, 'back')])
    await withdraw(ctx, [first?.identifier ?? ''])
    const [again] = await save(ctx, [draft(collectionId, 'back')])
    assert.deepEqual([again?.id, again?.outcome], [first?.id, 'changed'])
    assert.equal((await findRecord(ctx, first?.id ?? ''))?.status, 'published')
  })

  it('leaves a harvested record to the source that brought it first', async () => {
    const { ctx } = brick
    const [one, two] = (
      await ctx.db.query<{ id: number }>(
        `INSERT INTO sources (slug, url, name, every_minutes, paused) VALUES ('s1', 'http://one.example/oai', 'One', 60, true),
         ('s2', 'http://two.example/oai', 'Two', 60, true) RETURNING id`,
      )
    ).map((row) => row.id)
    const identifier = 'oai:leaf.example.org:1'
    const from = (sourceId: number) =>
      draft(collectionId, identifier, {
        harvested: {
          sourceId,
          identifier,
          xml: Buffer.from('<dc/>'),
          links: {},
          keeper: { name: 'Leaf' },
          origins: [],
        },
      })
    const [first] = await save(ctx, [from(one ?? 0)])
    const [second] = await save(ctx, [from(two ?? 0)])
    assert.deepEqual([first?.outcome, second?.outcome], ['added', 'kept-elsewhere'])
    assert.equal((await findByIdentifier(ctx, identifier))?.sourceId, one)
  })

  it('keeps collections and sources that records belong to', async () => {
    const { ctx } = brick
    const [leaf] = await ctx.db.query<{ id: number }>(
      `INSERT INTO sources (slug, url, name, every_minutes) VALUES ('held', 'https://held.example.org/oai', 'Held', 60)
       RETURNING id`,
    )
    const sourceId = leaf?.id ?? assert.fail()
    const shelf = await collection(ctx, 'held')
    const identifier = 'oai:held:1'
    const harvested = {
      sourceId,
      identifier,
      xml: Buffer.from('<dc/>'),
      links: {},
      keeper: { name: 'Held' },
      origins: [],
    }
    const input = draft(shelf, identifier, { harvested })
    const gone = { ...input, harvested: { ...harvested, sourceId: sourceId + 1000 } }
    await assert.rejects(save(ctx, [gone]), /a source of these records is not there/)
    await save(ctx, [input])
    for (const [table, id] of [
      ['collections', shelf],
      ['sources', sourceId],
    ] as const) {
      const drop = () => ctx.db.query(`DELETE FROM ${table} WHERE id = $1`, [id])
      await assert.rejects(drop, { message: `records belong to ${table} ${id}`, code: '23503' })
      assert.equal((await findByIdentifier(ctx, identifier))?.collectionId, shelf)
    }
    await ctx.db.query('DELETE FROM records WHERE identifier = $1', [identifier])
    await ctx.db.query('DELETE FROM sources WHERE id = $1', [sourceId])
  })

  it('sends any text to the database and back', async () => {
    const text = fc.option(
      fc.string({ unit: 'binary' }).map((each) => each.replaceAll('\u0000', '')),
      { nil: null },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 20 }), async (values) => {
        const [row] = await brick.ctx.db.query<{ back: (string | null)[] }>(
          'SELECT $1::text[] AS back',
          [textArray(values)],
        )
        assert.deepEqual(
          row?.back,
          values.map((each) => (each === null ? null : each.toWellFormed())),
        )
      }),
      { numRuns: 50 },
    )
  })
})
