// Whatever is killed in the middle of a harvest, its end is as if nothing had happened. KILLS and RECORDS make it larger
// (the full size is KILLS=50 RECORDS=150000), and then Elasticsearch is among what is killed, and what it took is said in
// one line at the end.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../../config/config.ts'
import { openBrick, type Brick } from '../../server/brick.ts'
import { addSource } from '../../server/network/network.ts'
import { indexLag } from '../../server/search/search.ts'
import { campa, passableFolder, postgresOf, type Command } from '../command.ts'
import { elasticsearchNodes, type Node } from '../elasticsearch.ts'
import { testSource, type TestSource } from '../harvester/source.ts'
import { quiet } from '../house.ts'
import { differences, found, held, offered, until } from './state.ts'

const isLarge = process.env['KILLS'] !== undefined
const kills = Number(process.env['KILLS'] ?? 2)
const records = Number(process.env['RECORDS'] ?? 2000)
const pageSize = Math.ceil(records / (isLarge ? 300 : 40))
const pages = Math.ceil(records / pageSize)

describe('a harvest whose processes are killed', function () {
  this.timeout(isLarge ? 3_600_000 : 120_000)
  let folder: string
  let settings: Record<string, string>
  let brick: Brick
  let remote: TestSource
  let search: Node | undefined
  let coming: Promise<void> | undefined
  const workers = new Map<string, Command>()
  /** Who asked for each page. */
  const asked: string[] = []
  /** Which pages there have been. */
  const tokens = new Set<string | null>()

  let isOver = false
  /** Whatever ends it, it is started again, as a supervisor does. */
  const startWorker = (name: string): void => {
    const own = { CAMPA_ADMIN_EMAIL: `${name}@example.org`, CAMPA_HARVESTS: '1' }
    const worker = campa(folder, ['work'], { ...settings, ...own })
    workers.set(name, worker)
    void worker.ended.then(() => isOver || startWorker(name))
  }

  before(async () => {
    folder = passableFolder('kill')
    if (isLarge) search = (await elasticsearchNodes(1))?.[0]
    settings = {
      CAMPA_DATA_DIR: folder,
      CAMPA_ELASTICSEARCH_INDEX: 'kill',
      CAMPA_LOG_LEVEL: 'warn',
      ...(search && { ELASTICSEARCH_URL: search.url }),
    }
    brick = await openBrick(loadConfig(settings), quiet)
    remote = await testSource(pageSize)
    for (let index = 0; index < records; index++)
      remote.put(String(index), { deleted: index % 50 === 9 })
    remote.misbehave.answer = (query, { req }) => {
      if (query.get('verb') !== 'ListRecords') return false
      asked.push(req.headers.from?.split('@')[0] ?? '')
      tokens.add(query.get('resumptionToken'))
      return false
    }
    // So slowly that it can be hit in the middle.
    await addSource(brick.ctx, remote.url, {
      slug: 'victim',
      manners: { delayMs: isLarge ? 400 : 25 },
    })
    await brick.ctx.db.query('UPDATE sources SET next_run_at = now()')
  })
  after(async () => {
    isOver = true
    await Promise.all(
      [...workers.values()].map((each) => {
        each.kill('SIGTERM')
        return each.ended
      }),
    )
    await remote.close()
    await brick.close()
    await coming?.catch(() => undefined)
    search?.end()
    rmSync(folder, { recursive: true })
  })

  const victims: Record<string, () => Promise<void> | void> = {
    worker: () => workers.get(asked.at(-1) ?? '')?.kill('SIGKILL'),
    postgresql: () => void process.kill(postgresOf(folder) ?? 0, 'SIGKILL'),
    ...(isLarge && {
      async elasticsearch() {
        await coming
        search?.kill()
        // The harvest does not wait for it.
        coming = search?.start()
      },
    }),
  }

  it('ends as if nothing had happened, and does little twice', async () => {
    const { ctx } = brick
    for (const name of ['one', 'two']) startWorker(name)
    const state = async (): Promise<unknown[]> =>
      ctx.db.query('SELECT status, pages, records, added FROM harvests').catch(() => [])
    const isComplete = async (): Promise<boolean> =>
      JSON.stringify(await state()).includes('complete')
    const slowest = new Map<string, number>()
    for (let kill = 0; kill < kills; kill++) {
      const stride = (pages - tokens.size) / (kills - kill + 2)
      const target = asked.length + 1 + Math.floor(Math.random() * stride)
      await until(async () => {
        assert.ok(!(await isComplete()), `it was over after ${kill} kills`)
        return asked.length >= target
      })
      await sleep(Math.random() * 60)
      const [name, strike] = Object.entries(victims)[kill % Object.keys(victims).length] ?? []
      await strike?.()
      const struck = performance.now()
      const before = asked.length
      await until(() => asked.length > before)
      slowest.set(name ?? '', Math.max(slowest.get(name ?? '') ?? 0, performance.now() - struck))
    }
    const alive = offered([remote])
    const whole = [{ status: 'complete', pages, records, added: alive.size }]
    await until(isComplete, 200)
    await coming
    assert.deepEqual(await state(), whole)
    await until(async () => (await indexLag(ctx)) === 0, 200)
    assert.deepEqual(differences(alive, await held(ctx)), [])
    assert.deepEqual(differences(alive, await found(ctx)), [])
    const twice = asked.length - pages
    if (isLarge) {
      const times = [...slowest].map(([name, time]) => `${name} ${(time / 1000).toFixed(1)} s`)
      process.stdout.write(
        `      ${kills} kills, ${twice} of ${pages} pages asked for again; until the next page at most: ${times.join(', ')}\n`,
      )
    }
    assert.ok(twice <= 2 * kills, `${twice} pages were asked for again after ${kills} kills`)
  })
})
