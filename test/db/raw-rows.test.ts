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
    const long = fc.integer({ min: 1, max: 5000 })
    const cell = fc.option(
      fc.oneof(
        text,
        fc.tuple(text, long).map(([part, times]) => part.repeat(times)),
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 60 }), async (cells) => {
        const { numbers, bytes, ends } = await list.texts({
          name: 'cells',
          text: 'SELECT place, cell FROM unnest($1::text[]) WITH ORDINALITY AS t(cell, place)',
          values: [cells],
        })
        assert.deepEqual(
          ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end).toString()),
          cells.map((each) => each?.toWellFormed() ?? ''),
        )
        assert.deepEqual(
          numbers,
          cells.map((_, index) => index + 1),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('leave the connection as it was, after an error too', async () => {
    const { list } = brick.ctx.db
    const broken = {
      name: 'broken',
      text: `SELECT i, (1 / ($1 - i))::text FROM generate_series(1, 3) AS i`,
      values: [2],
    }
    await assert.rejects(list.texts(broken), /division by zero/)
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
        list.texts({
          name: 'count',
          text: `SELECT i, 'x' FROM generate_series(1, $1::int) AS i`,
          values: [index],
        }),
      ),
    )
    assert.deepEqual(
      many.map(({ numbers }) => numbers.length),
      many.map((_, index) => index),
    )
  })
})
