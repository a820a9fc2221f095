// How long harvests are kept.
import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { pruneHarvests } from '../../server/network/harvest-list.ts'
import { listSources } from '../../server/network/network.ts'
import { tools } from '../house.ts'

const day = 86_400_000

describe('old harvests', () => {
  let brick: Brick
  before(async () => (brick = await tools()))
  after(() => brick.close())
  beforeEach(() => brick.ctx.db.query('TRUNCATE sources CASCADE'))

  /** A source with harvests that began so many days ago. */
  const source = async (
    slug: string,
    harvests: [ago: number, status: string, compares?: boolean][],
  ): Promise<number> => {
    const { db } = brick.ctx
    const [row] = await db.query<{ id: number }>(
      `INSERT INTO sources (slug, url, name, every_minutes) VALUES ($1, $2, $1, 60) RETURNING id`,
      [slug, `https://${slug}.example.org/oai`],
    )
    const id = row?.id ?? 0
    await db.query(
      `INSERT INTO harvests (source_id, started_at, ended_at, status, diagnosis, compares)
       SELECT $1, at, at, status, CASE WHEN status = 'failed' THEN 'unreachable' END, compares
       FROM unnest($2::timestamptz[], $3::text[], $4::boolean[]) AS h(at, status, compares)`,
      [
        id,
        harvests.map(([ago]) => new Date(Date.now() - ago * day)),
        harvests.map(([, status]) => status),
        harvests.map(([, , compares = false]) => compares),
      ],
    )
    return id
  }
  /** What is left, by how many days ago it began. */
  const left = async (id: number): Promise<number[]> => {
    const rows = await brick.ctx.db.query<{ ago: number }>(
      `SELECT round(extract(epoch FROM now() - started_at) / 86400, 1)::float AS ago FROM harvests
       WHERE source_id = $1 ORDER BY started_at DESC`,
      [id],
    )
    return rows.map(({ ago }) => ago)
  }

  it('go after 400 days', async () => {
    const id = await source('old', [
      [1, 'complete', true],
      [399, 'complete'],
      [401, 'complete'],
      [402, 'failed'],
    ])
    await pruneHarvests(brick.ctx)
    assert.deepEqual(await left(id), [1, 399])
  })

  it('go when there are a thousand newer ones, but what failed stays for a year', async () => {
    const many = Array.from({ length: 1000 }, (_, index): [number, string, boolean] => [
      index / 100,
      'complete',
      index === 0,
    ])
    const id = await source('busy', [...many, [20, 'complete'], [21, 'failed'], [366, 'failed']])
    await pruneHarvests(brick.ctx)
    const ago = await left(id)
    assert.equal(ago.length, 1001)
    assert.equal(ago.at(-1), 21)
  })

  it('stay as long as they tell how the source is, and what comes next', async () => {
    const id = await source('silent', [
      [500, 'failed'],
      [510, 'failed'],
      [520, 'failed'],
      [600, 'complete'],
      [610, 'failed'],
      [700, 'complete', true],
      [800, 'complete', true],
    ])
    const [before] = await listSources(brick.ctx)
    await pruneHarvests(brick.ctx)
    assert.deepEqual(await left(id), [500, 520, 600, 700])
    assert.deepEqual((await listSources(brick.ctx))[0], before)
  })

  it('are left alone while they are under way', async () => {
    const id = await source('slow', [
      [1, 'complete', true],
      [450, 'running'],
    ])
    await pruneHarvests(brick.ctx)
    assert.deepEqual(await left(id), [1, 450])
  })
})
