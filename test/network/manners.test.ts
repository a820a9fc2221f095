import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import {
  addSource,
  changeSource,
  harvestSource,
  type Source,
} from '../../server/network/network.ts'
import { testSource, type TestSource } from '../harvester/source.ts'
import { tools } from '../house.ts'

const patience = { retryMs: 5, attempts: 2 }

describe('a source that has a robots.txt', () => {
  let brick: Brick
  let ctx: Context
  let remote: TestSource
  let source: Source
  let robotsRead: number

  before(async () => {
    brick = await tools()
    ctx = brick.ctx
  })
  after(() => brick.close())
  beforeEach(async () => {
    remote = await testSource(1)
    robotsRead = 0
    for (const id of ['1', '2', '3']) remote.put(id)
    source = await addSource(ctx, remote.url, { patience })
    remote.onRobots = () => void robotsRead++
    remote.requests.length = 0
  })
  afterEach(() => remote.close())

  const harvest = () => harvestSource(ctx, source, { patience, fromScratch: true })

  it('which refuses programs is left alone, and says why', async () => {
    remote.robots = 'User-agent: *\nDisallow: /oai'
    const report = await harvest()
    assert.equal(report.diagnosis?.code, 'robots-refuse')
    assert.match(report.diagnosis.message, /robots\.txt of 127\.0\.0\.1:\d+ asks programs to keep/)
    assert.deepEqual(remote.requests, [])
    remote.robots = 'User-agent: CaMPA\nAllow: /'
    assert.equal((await harvest()).status, 'failed', 'it is read once a day')
    assert.equal(robotsRead, 1)
    const clock = ctx.clock
    ctx.clock = () => new Date(Date.now() + 86_500_000)
    assert.equal((await harvest()).status, 'complete')
    ctx.clock = clock
    assert.equal(robotsRead, 2)
  })

  it('which refuses programs is asked all the same where the operator says so', async () => {
    remote.robots = 'User-agent: *\nDisallow: /'
    source = await changeSource(ctx, source, { manners: { ignoresRobots: true } })
    assert.equal((await harvest()).status, 'complete')
    assert.equal(robotsRead, 0)
  })

  it('which fails is asked, as it wished last', async () => {
    remote.robots = 'User-agent: *\nDisallow: /oai'
    await harvest()
    await ctx.db.query('UPDATE source_hosts SET robots_read_at = NULL')
    remote.onRobots = (response) => void response.writeHead(500)
    assert.equal((await harvest()).diagnosis?.code, 'robots-refuse')
    await ctx.db.query('DELETE FROM source_hosts')
    assert.equal((await harvest()).status, 'complete')
  })

  /** When each request came, counted from the beginning of the harvest. */
  const arrivals = async (): Promise<number[]> => {
    const times: number[] = []
    const begun = performance.now()
    remote.misbehave.answer = () => {
      times.push(performance.now() - begun)
      return false
    }
    assert.equal((await harvest()).status, 'complete')
    return times
  }

  // One that was late on its way does not make the next one early; a timer may be, by a little.
  const isPaced = (times: number[], pause: number): boolean =>
    times.every((time, index) => time > index * pause - 5)

  it('which asks for pauses is asked with pauses', async () => {
    remote.robots = 'User-agent: *\nCrawl-delay: 0.1'
    const times = await arrivals()
    assert.ok(times.length >= 5)
    assert.ok(isPaced(times, 100), times.join())
  })

  it('is asked with the pauses that the operator has set', async () => {
    source = await changeSource(ctx, source, { manners: { delayMs: 80 } })
    const times = await arrivals()
    assert.ok(isPaced(times, 80), times.join())
  })
})
