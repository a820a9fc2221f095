import assert from 'node:assert/strict'
import { openBrick, type Brick } from '../../server/brick.ts'
import type { Config } from '../../config/config.ts'
import type { Context } from '../../server/context.ts'
import { addSource, harvestSource, type HarvestReport } from '../../server/network/network.ts'
import { readLine, save, withdraw } from '../../server/records/records.ts'
import { campa, type Command } from '../command.ts'
import { collection, draft, forget, quiet, testConfig, tools } from '../house.ts'

describe('a leaf that is killed while its parent reads it', function () {
  this.timeout(90_000)
  const records = 2600
  const gone: string[] = []
  let config: Config
  let leaf: Command | undefined
  let parent: Brick
  let twin: Brick

  const start = async (): Promise<void> => {
    leaf = campa(config.dataDir, ['start'], {
      DATABASE_URL: config.databaseUrl ?? '',
      CAMPA_DATABASE_SCHEMA: config.databaseSchema,
      CAMPA_DATA_DIR: config.dataDir,
      CAMPA_PORT: String(config.port),
      CAMPA_DOMAIN: config.domain,
      CAMPA_LOG_LEVEL: 'warn',
    })
    await leaf.said(/is at http/)
  }
  const harvest = async (ctx: Context, page = 0): Promise<HarvestReport> =>
    harvestSource(ctx, await addSource(ctx, config.baseUrl, { slug: 'leaf' }), {
      patience: { attempts: 2, retryMs: 50 },
      onProgress: ({ pages }) => {
        if (pages === page) leaf?.kill('SIGKILL')
      },
    })
  /** What a reader of this brick can know, whatever its own numbers are. */
  const state = async (ctx: Context): Promise<string[]> => {
    const line = await readLine(ctx, 0, 10_000)
    return line
      .map(({ identifier, status, dc }) => JSON.stringify({ identifier, status, dc }))
      .toSorted()
  }

  before(async () => {
    config = await testConfig()
    const { ctx, close } = await openBrick(config, quiet)
    const drawings = await collection(ctx)
    const inputs = Array.from({ length: records }, (_, index) => draft(drawings, `d${index}`))
    for (let at = 0; at < records; at += 500) {
      const saved = await save(ctx, inputs.slice(at, at + 500))
      gone.push(saved[7]?.identifier ?? '')
    }
    await withdraw(ctx, gone)
    await close()
    parent = await tools()
    twin = await tools()
  })
  after(async () => {
    leaf?.kill('SIGKILL')
    await leaf?.ended
    await parent.close()
    await twin.close()
    await forget(config)
  })

  it('is read on where it broke off, and the end is as if nothing had happened', async () => {
    await start()
    const cut = await harvest(parent.ctx, 2)
    assert.equal(cut.status, 'failed')
    assert.ok(cut.pages >= 2 && cut.records < records, `${cut.pages} pages`)
    assert.ok(cut.diagnosis)
    await leaf?.ended
    await start()
    const rest = await harvest(parent.ctx)
    assert.equal(rest.status, 'complete')
    assert.equal((await harvest(twin.ctx)).status, 'complete')
    assert.deepEqual(await state(parent.ctx), await state(twin.ctx))
    const published = (await state(parent.ctx)).filter((each) => each.includes('"published"'))
    assert.equal(published.length, records - gone.length)
    const again = await harvest(parent.ctx)
    assert.deepEqual([again.added, again.changed, again.deleted], [0, 0, 0])
  })
})
