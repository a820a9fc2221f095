import assert from 'node:assert/strict'
import { openBrick } from '../../server/brick.ts'
import { save } from '../../server/records/records.ts'
import { collection, draft, forget, quiet, testConfig } from '../house.ts'

describe('the domain of identifiers', () => {
  it('follows the configuration until there are records, then stays', async () => {
    const config = await testConfig({ domain: 'first.example.org' })
    const opened = async (domain: string): Promise<string> => {
      const brick = await openBrick({ ...config, domain }, quiet)
      try {
        if (domain.startsWith('second'))
          await save(brick.ctx, [draft(await collection(brick.ctx), 'a')])
        return brick.ctx.config.domain
      } finally {
        await brick.close()
      }
    }
    try {
      assert.equal(await opened('first.example.org'), 'first.example.org')
      assert.equal(await opened('second.example.org'), 'second.example.org')
      assert.equal(await opened('third.example.org'), 'second.example.org')
    } finally {
      await forget(config)
    }
  })
})
