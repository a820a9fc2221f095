import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { tools } from '../house.ts'

describe('migrations', () => {
  let brick: Brick
  before(async () => (brick = await tools()))
  after(() => brick.close())

  it('leave no difference between the tables and the entities', async () => {
    const { upQueries } = await brick.ctx.db.dataSource.driver.createSchemaBuilder().log()
    assert.deepEqual(
      upQueries.map((each) => each.query),
      [],
    )
  })
})
