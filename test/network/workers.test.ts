// Many workers and many sources. RECORDS makes the sources larger; NODES=2 gives them an Elasticsearch that loses a node. The
// full size is RECORDS=1000 NODES=2; what it took is then said in one line at the end.
import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { addSource } from '../../server/network/network.ts'
import { indexLag } from '../../server/search/search.ts'
import { campa, type Command } from '../command.ts'
import { elasticsearchNodes, type Node } from '../elasticsearch.ts'
import { testSource, type TestSource } from '../harvester/source.ts'
import { tools } from '../house.ts'
import { differences, found, held, offered, until } from './state.ts'

const count = 40
const records = Number(process.env['RECORDS'] ?? 20)
const nodes = Number(process.env['NODES'] ?? 0)
const isLarge = nodes > 0 || records > 100

describe('four workers and forty sources', function () {
  this.timeout(isLarge ? 1_800_000 : 90_000)
  let cluster: Node[] = []
  let brick: Brick
  const remotes: TestSource[] = []
  const workers = new Map<string, Command>()
  /** Who asked each source for what. */
  const asked: { who: string; verb: string }[][] = []
  let last = ''

  before(async () => {
    if (nodes) cluster = (await elasticsearchNodes(nodes)) ?? []
    // The one that dies is the one that is asked first.
    const urls = cluster.map(({ url }) => url).toReversed()
    const elasticsearchUrl = urls.length ? urls.join() : undefined
    brick = await tools({ elasticsearchUrl, elasticsearchIndex: 'workers' })
    const { ctx } = brick
    for (let index = 0; index < count; index++) {
      const remote = await testSource(Math.ceil(records / 5))
      for (let id = 0; id < records; id++) remote.put(`${index}-${id}`)
      await addSource(ctx, remote.url, { slug: `source-${index}`, manners: { delayMs: 20 } })
      const log: { who: string; verb: string }[] = []
      remote.misbehave.answer = (query, { req }) => {
        last = req.headers.from?.split('@')[0] ?? ''
        log.push({ who: last, verb: query.get('verb') ?? '' })
        return false
      }
      remotes.push(remote)
      asked.push(log)
    }
    const { databaseUrl, databaseSchema, domain } = ctx.config
    for (const who of ['one', 'two', 'three', 'four']) {
      const worker = campa(ctx.config.dataDir, ['work'], {
        DATABASE_URL: databaseUrl ?? '',
        CAMPA_DATABASE_SCHEMA: databaseSchema,
        CAMPA_DATA_DIR: ctx.config.dataDir,
        CAMPA_DOMAIN: domain,
        CAMPA_ADMIN_EMAIL: `${who}@example.org`,
        CAMPA_ELASTICSEARCH_INDEX: 'workers',
        CAMPA_LOG_LEVEL: 'warn',
        CAMPA_ELASTICSEARCH_SHARDS: '4',
        ...(elasticsearchUrl && { ELASTICSEARCH_URL: elasticsearchUrl }),
      })
      workers.set(who, worker)
    }
    for (const worker of workers.values()) await worker.said(/Working for/)
  })
  after(async () => {
    for (const worker of workers.values()) {
      worker.kill('SIGTERM')
      await worker.ended
    }
    await Promise.all(remotes.map((each) => each.close()))
    await brick.close()
    for (const node of cluster) node.end()
  })

  const complete = async (): Promise<number> => {
    const rows = await brick.ctx.db.query(`SELECT FROM harvests WHERE status = 'complete'`)
    return rows.length
  }

  it('lose nothing when a worker dies, and never harvest a source twice at once', async () => {
    const { ctx } = brick
    await ctx.db.query('UPDATE sources SET next_run_at = now()')
    const begun = performance.now()
    await until(async () => (await complete()) >= count / 4)
    const dead = last
    workers.get(dead)?.kill('SIGKILL')
    cluster.at(-1)?.kill()
    await until(async () => (await complete()) === count)
    const harvested = performance.now() - begun
    await until(async () => (await indexLag(ctx)) === 0)
    const indexed = performance.now() - begun
    const wanted = offered(remotes)
    assert.deepEqual(differences(wanted, await held(ctx)), [])
    assert.deepEqual(differences(wanted, await found(ctx)), [])
    for (const [index, log] of asked.entries()) {
      let at = ''
      for (const { who, verb } of log) {
        // Every run begins by asking who is there.
        if (verb === 'Identify') at = who
        assert.equal(who, at, `two at once at source ${index}: ${JSON.stringify(log)}`)
      }
    }
    const active = new Set(asked.flat().map(({ who }) => who))
    assert.deepEqual(active, new Set(workers.keys()))
    const cut = asked.flat().filter(({ verb }) => verb === 'Identify').length - count
    if (isLarge) {
      const [stored, found] = [harvested, indexed].map((each) => (each / 1000).toFixed(1))
      process.stdout.write(
        `      ${count} sources, ${wanted.size} records: stored after ${stored} s, in the index after ${found} s; ` +
          `${cut} harvests begun again, ${nodes ? `1 of ${nodes} nodes and ` : ''}1 of ${workers.size} workers lost\n`,
      )
    }
    assert.ok(cut <= 2, `${cut} harvests were begun again, and two at most were cut short`)
  })
})
