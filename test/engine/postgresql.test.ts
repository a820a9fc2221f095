import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { openEngine } from '../../server/engine/open.ts'
import { quiet, tools } from '../house.ts'
import { document, engineContract } from './contract.ts'

describe('the PostgreSQL engine', () => {
  engineContract(async () => {
    const brick = await tools({ elasticsearchUrl: undefined })
    return {
      engine: await openEngine(brick.ctx.config, brick.ctx.db, quiet),
      close: () => brick.close(),
    }
  })

  describe('on its own', () => {
    let brick: Brick
    before(async () => (brick = await tools({ elasticsearchUrl: undefined })))
    after(() => brick.close())

    it('makes another index when its table was thrown away', async () => {
      const { engine, db } = brick.ctx
      const before = await engine.prepare()
      assert.equal((await engine.prepare()).fresh, false)
      await engine.apply({ upserts: [document('1')], deletes: [] })
      await db.query('DROP TABLE search_documents')
      assert.equal((await engine.search({ limit: 1 })).total, 0)
      const after = await engine.prepare()
      assert.notEqual(after.reader, before.reader)
    })

    it('counts again when another process has changed the index', async () => {
      const { config, db, engine } = brick.ctx
      const other = await openEngine(config, db, quiet)
      await engine.apply({ upserts: [document('1')], deletes: [] })
      assert.equal((await other.search({ limit: 1 })).total, 1)
      await engine.apply({ upserts: [document('2')], deletes: [] })
      assert.equal((await other.search({ limit: 1 })).total, 2)
    })

    it('makes one index when many processes begin', async () => {
      const { config, db } = brick.ctx
      await db.query('DROP TABLE search_documents')
      const engines = await Promise.all(
        Array.from({ length: 5 }, () => openEngine(config, db, quiet)),
      )
      const made = await Promise.all(engines.map((each) => each.prepare()))
      assert.equal(new Set(made.map((each) => each.reader)).size, 1)
      assert.equal(made.filter((each) => each.fresh).length, 1)
    })

    it('heals after a rebuild that was killed', async () => {
      const { engine, db } = brick.ctx
      await db.query('CREATE TABLE search_documents_next (half boolean)')
      const next = await engine.rebuild()
      await next.apply({ upserts: [document('1')], deletes: [] })
      await next.finish()
      assert.equal((await engine.search({ limit: 1 })).total, 1)
    })
  })
})
