import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Brick } from '../../server/brick.ts'
import { CopyRows, copyInto } from '../../server/db/copy.ts'
import { tools } from '../house.ts'

describe('rows by COPY', () => {
  let brick: Brick

  before(async () => {
    brick = await tools()
    await brick.ctx.db.query(
      'CREATE TABLE copied (id int PRIMARY KEY, big bigint, words text, bytes bytea, at timestamptz)',
    )
  })
  after(() => brick.close())

  const copied = (): Promise<{ id: number; big: number; words: string }[]> =>
    brick.ctx.db.query('SELECT id, big, words FROM copied ORDER BY id')

  it('are in the table what they were, whatever their length and number', async () => {
    const words = fc.option(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 40 }).map((each) => each.replaceAll('\0', '')),
        fc
          .tuple(fc.constantFrom('é', '東', '😀', 'x"\\'), fc.integer({ min: 1, max: 300_000 }))
          .map(([part, times]) => part.repeat(times)),
      ),
    )
    const row = fc.tuple(fc.maxSafeInteger(), words)
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (given) => {
        const rows = new CopyRows()
        const places = given.map(([big, text], id) => {
          rows.row(3)
          rows.integer(id)
          const place = rows.bigint(0)
          if (text === null) rows.null()
          else rows.text(text)
          return { place, big }
        })
        for (const { place, big } of places) rows.setBigint(place, big)
        await brick.ctx.db.transaction(async (client) => {
          await client.query('TRUNCATE copied')
          await copyInto(client, 'copied (id, big, words)', rows)
        })
        assert.deepEqual(
          await copied(),
          given.map(([big, text], id) => ({ id, big, words: text?.toWellFormed() ?? null })),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('take bytes, moments, and texts that are written over', async () => {
    const seconds = Date.UTC(1999, 11, 31, 23, 59, 58) / 1000
    const rows = new CopyRows()
    rows.row(4)
    rows.integer(7)
    const inner = rows.textAround('é', '####', '東')
    rows.raw(Buffer.from([0, 255]))
    rows.bigint(CopyRows.moment(seconds))
    rows.setText(inner, 'abcd')
    const found = await brick.ctx.db.transaction(async (client) => {
      await client.query('TRUNCATE copied')
      await copyInto(client, 'copied (id, words, bytes, at)', rows)
      return (await client.query('SELECT words, bytes, at FROM copied')).rows
    })
    assert.deepEqual(found, [
      { words: 'éabcd東', bytes: Buffer.from([0, 255]), at: new Date(seconds * 1000) },
    ])
  })

  it('that are refused leave the connection as it was', async () => {
    const { db } = brick.ctx
    const rows = (): CopyRows => {
      const made = new CopyRows()
      for (const id of [1, 1]) {
        made.row(2)
        made.integer(id)
        made.text('x'.repeat(3_000_000))
      }
      return made
    }
    const client = await db.pool.connect()
    try {
      await assert.rejects(copyInto(client, 'copied (id, words)', rows()), /duplicate key/)
      await assert.rejects(copyInto(client, 'nowhere (id, words)', rows()), /does not exist/)
      const { rows: answer } = await client.query<{ one: number }>('SELECT 1 AS one')
      assert.deepEqual(answer, [{ one: 1 }])
    } finally {
      client.release()
    }
  })
})
