import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Brick } from '../../server/brick.ts'
import { save } from '../../server/records/records.ts'
import { RecordFiles1763770000000 } from '../../migrations/20261121-record-files.ts'
import { Xml1763960000000 } from '../../migrations/20261122-xml.ts'
import { collection, draft, tools } from '../house.ts'

describe('migrations', () => {
  let brick: Brick
  before(async () => (brick = await tools()))
  after(() => brick.close())

  it('leave no difference between the tables and the entities', async () => {
    const look = async (): Promise<string[]> => {
      const { upQueries } = await brick.ctx.db.dataSource.driver.createSchemaBuilder().log()
      return upQueries.map((each) => each.query)
    }
    // The indexes of partial formats are made when a brick learns of a format, not by a migration.
    const isPartial = (query: string): boolean => /"records_format_\d+_ix"$/.test(query)
    let queries = await look()
    // TypeORM finds constraints by name in all schemas, and those of other tests come and go.
    for (let tries = 0; tries < 20 && !queries.every(isPartial); tries++) {
      await sleep(500)
      queries = await look()
    }
    assert.deepEqual(
      queries.filter((query) => !isPartial(query)),
      [],
    )
    assert.ok(queries.length > 0)
  })

  it('find the files of records that were there before', async () => {
    const { ctx } = brick
    const drawings = await collection(ctx)
    const sha256 = '0'.repeat(64)
    await ctx.db.query(
      `INSERT INTO files (sha256, size, media_type) VALUES ($1, 1, 'text/plain')`,
      [sha256],
    )
    const files = [{ sha256, name: 'a.txt', mediaType: 'text/plain', size: 1 }]
    const [saved] = await save(ctx, [draft(drawings, 'a', { files }), draft(drawings, 'b')])
    const rows = () => ctx.db.query('SELECT record_id, position, sha256 FROM record_files')
    const written = await rows()
    assert.deepEqual(written, [{ record_id: Number(saved?.id), position: 0, sha256 }])
    const runner = ctx.db.dataSource.createQueryRunner()
    const migration = new RecordFiles1763770000000()
    await migration.down(runner)
    await migration.up(runner)
    await runner.release()
    assert.deepEqual(await rows(), written)
  })

  it('put what records came with into a column of its own, and back', async () => {
    const { ctx } = brick
    await ctx.db.query(
      `INSERT INTO sources (id, slug, url, name, every_minutes) VALUES (7, 'leaf', 'https://leaf.example.org/oai', 'Leaf', 1440)`,
    )
    const identifier = 'oai:leaf:1'
    const xml = Buffer.from('<dc>"é" \\u0041</dc>')
    const kept = { links: {}, keeper: { name: 'Leaf' }, origins: [] }
    const harvested = { sourceId: 7, identifier, xml, ...kept }
    const leaf = await collection(ctx, 'leaf')
    await save(ctx, [draft(leaf, identifier, { source: { format: 'oai_dc' }, harvested })])
    const row = async (columns: string) =>
      (await ctx.db.query(`SELECT ${columns} FROM records WHERE identifier = $1`, [identifier]))[0]
    const runner = ctx.db.dataSource.createQueryRunner()
    const migration = new Xml1763960000000()
    await migration.down(runner)
    const before = { source: { format: 'oai_dc', xml: xml.toString() } }
    assert.deepEqual(await row('source'), before)
    await migration.up(runner)
    await runner.release()
    assert.deepEqual(await row('source, xml'), {
      source: { format: 'oai_dc' },
      xml: xml.toString(),
    })
  })
})
