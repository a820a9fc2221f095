import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Brick } from '../../server/brick.ts'
import { tools } from '../house.ts'

describe('rows as bytes', () => {
  let brick: Brick

  before(async () => {
    brick = await tools()
  })
  after(() => brick.close())

  it('are what the database holds, whatever their number and length', async () => {
    const { list } = brick.ctx.db
    const text = fc
      .string({ unit: 'binary', maxLength: 40 })
      .map((each) => each.replaceAll('\0', ''))
    const cell = fc.option(
      fc.oneof(
        text,
        fc
          .tuple(text, fc.integer({ min: 1, max: 5000 }))
          .map(([part, times]) => part.repeat(times)),
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 60 }), async (cells) => {
        const rows = await list.raw({
          name: 'cells',
          text: 'SELECT place, cell, length(cell) FROM unnest($1::text[]) WITH ORDINALITY AS t(cell, place)',
          values: [cells],
        })
        assert.deepEqual(
          rows.map(([place, found]) => [String(place), found === null ? null : String(found)]),
          cells.map((each, index) => [String(index + 1), each?.toWellFormed() ?? null]),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('leave the connection as it was, after an error too', async () => {
    const { list } = brick.ctx.db
    const broken = {
      name: 'broken',
      text: 'SELECT 1 / $1::int FROM generate_series(1, 3)',
      values: [0],
    }
    await assert.rejects(list.raw(broken), /division by zero/)
    const decoded = await list.rows<{ number: number; text: string }>({
      name: 'decoded',
      text: `SELECT i AS number, repeat('é', 30000) AS text FROM generate_series(1, $1::int) AS i`,
      values: [9],
    })
    assert.deepEqual(
      decoded.map(({ number, text }) => [number, text.length]),
      Array.from({ length: 9 }, (_, index) => [index + 1, 30_000]),
    )
    const many = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        list.raw({ name: 'count', text: 'SELECT generate_series(1, $1::int)', values: [index] }),
      ),
    )
    assert.deepEqual(
      many.map((rows) => rows.length),
      many.map((_, index) => index),
    )
  })
})
