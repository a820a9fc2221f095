import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Brick } from '../../server/brick.ts'
import { catchUp } from '../../server/changes/changes.ts'
import type { Context } from '../../server/context.ts'
import { withSourceLock } from '../../server/network/harvests.ts'
import { addSource, harvestSource, type Source } from '../../server/network/network.ts'
import { setManners } from '../../server/network/manners.ts'
import { restHost, standingOf, takeTurn } from '../../server/network/turns.ts'
import { keepHarvesting } from '../../server/network/work.ts'
import { indexReader } from '../../server/search/search.ts'
import { testSource, type TestSource } from '../harvester/source.ts'
import { rowsRead } from '../explained.ts'
import { tools } from '../house.ts'

const patience = { retryMs: 5, attempts: 2 }

const until = async (what: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await what())) await sleep(20)
}

describe('the turn of a source', () => {
  let brick: Brick
  let ctx: Context
  let remotes: TestSource[]
  let sources: Source[]
  let now: Date

  before(async () => {
    brick = await tools()
    ctx = brick.ctx
    remotes = [await testSource(), await testSource()]
    const [first, second] = remotes.map((each) => each.url)
    sources = []
    for (const [slug, url] of Object.entries({ a: first, b: second, c: `${second}/c` }))
      sources.push(await addSource(ctx, url ?? '', { slug, patience }))
  })
  after(async () => {
    await Promise.all(remotes.map((each) => each.close()))
    await brick.close()
  })
  beforeEach(async () => {
    now = new Date('2026-06-15T12:00:00Z')
    ctx.clock = () => now
    await ctx.db.query(
      `UPDATE sources SET next_run_at = $1::timestamptz + interval '30 days', paused = false, host_places = 1,
         hours_from = NULL, hours_until = NULL, time_zone = NULL`,
      [now],
    )
    await ctx.db.query('DELETE FROM source_hosts')
  })

  const due = (slug: string, minutes: number): Promise<unknown> =>
    ctx.db.query('UPDATE sources SET next_run_at = $2 WHERE slug = $1', [
      slug,
      new Date(now.getTime() - minutes * 60_000),
    ])
  const take = async (): Promise<string | undefined> => (await takeTurn(ctx))?.slug
  const later = (seconds: number): void => void (now = new Date(now.getTime() + seconds * 1000))
  const [a, b, c] = [0, 1, 2].map((index) => () => sources[index] as Source) as [
    () => Source,
    () => Source,
    () => Source,
  ]

  it('comes when its time has come, the longest due first, and is given once', async () => {
    assert.equal(await take(), undefined)
    await due('b', 1)
    await due('a', 5)
    assert.deepEqual([await take(), await take(), await take()], ['a', 'b', undefined])
  })

  it('is given to one of many who ask at once', async () => {
    await due('a', 1)
    await due('b', 1)
    const given = await Promise.all(Array.from({ length: 8 }, take))
    assert.deepEqual(new Set(given), new Set(['a', 'b', undefined]))
    assert.equal(given.filter(Boolean).length, 2)
  })

  it('is not given while somebody harvests it, and soon after he died', async () => {
    await due('a', 1)
    assert.equal(await take(), 'a')
    await withSourceLock(ctx, a(), true, async () => {
      later(3600)
      assert.equal(await take(), undefined)
      await assert.rejects(harvestSource(ctx, a()), { code: 'conflict' })
    })
    // The lock has gone, and nobody said that the harvest was over.
    assert.equal(await take(), 'a')
    later(4)
    assert.equal(await take(), undefined, 'it may be what ends the process')
    later(2)
    assert.equal(await take(), 'a')
  })

  it('is due again after a harvest that was cut short, and in its time after a whole one', async () => {
    for (let index = 0; index < 15; index++) remotes[0]?.put(String(index))
    await due('a', 1)
    const stop = new AbortController()
    const options = { patience, signal: stop.signal, onProgress: () => stop.abort() }
    assert.equal((await harvestSource(ctx, a(), options)).status, 'stopped')
    later(16)
    assert.equal(await take(), 'a')
    assert.equal((await harvestSource(ctx, a(), { patience })).status, 'complete')
    later(a().everyMinutes * 60 - 1)
    assert.equal(await take(), undefined)
    later(2)
    assert.equal(await take(), 'a')
  })

  it('does not come while it is paused', async () => {
    await due('a', 1)
    await ctx.db.query(`UPDATE sources SET paused = true WHERE slug = 'a'`)
    assert.equal(await take(), undefined)
    assert.equal((await standingOf(ctx, a()))?.paused, true)
  })

  it('waits for a place at its host', async () => {
    await due('b', 2)
    await due('c', 1)
    await withSourceLock(ctx, b(), true, async () => {
      assert.equal(await take(), undefined)
      await assert.rejects(
        withSourceLock(ctx, c(), true, async () => undefined),
        {
          code: 'conflict',
        },
      )
      // By hand it goes all the same.
      await withSourceLock(ctx, c(), false, async () => undefined)
      assert.equal((await standingOf(ctx, b()))?.others, true, 'who leaves makes room there')
      assert.equal((await standingOf(ctx, a()))?.others, false, 'and who is elsewhere does not')
      await setManners(ctx, c(), { hostPlaces: 2 })
      assert.equal(await take(), 'c')
    })
  })

  it('comes in its hours, over midnight too, in its own time zone', async () => {
    await due('a', 1)
    const at = async (time: string): Promise<boolean> => {
      now = new Date(`2026-06-15T${time}Z`)
      await due('a', 1)
      assert.equal((await standingOf(ctx, a()))?.closed, (await take()) === undefined)
      await due('a', 1)
      return (await take()) === 'a'
    }
    await setManners(ctx, a(), { hours: '22:00-06:00', timeZone: 'Europe/Paris' })
    assert.deepEqual(
      [await at('19:59:00'), await at('20:00:00'), await at('03:59:00'), await at('04:00:00')],
      [false, true, true, false],
    )
    await setManners(ctx, a(), { hours: '9:30–12:00', timeZone: 'UTC' })
    assert.deepEqual(
      [await at('09:29:00'), await at('09:30:00'), await at('12:00:00')],
      [false, true, false],
    )
    await setManners(ctx, a(), { hours: '' })
    assert.equal(await at('23:00:00'), true)
    await assert.rejects(setManners(ctx, a(), { hours: 'at night' }), /no span of hours/)
    await assert.rejects(setManners(ctx, a(), { timeZone: 'Paris' }), /no time zone/)
  })

  it('waits as long as its host asked to be left alone', async () => {
    await due('b', 1)
    const host = b().url
    await restHost(ctx, host, new Date(now.getTime() + 60_000))
    assert.equal(await take(), undefined)
    later(61)
    assert.equal(await take(), 'b')
    // As a source says it: the others at its host are left alone as well.
    const [, remote] = remotes
    assert.ok(remote)
    remote.misbehave.answer = (_, response) => {
      response.writeHead(503, { 'retry-after': '600' }).end()
      return true
    }
    const report = await harvestSource(ctx, b(), { patience })
    remote.misbehave = {}
    assert.equal(report.diagnosis?.code, 'busy')
    await due('c', 1)
    assert.equal(await take(), undefined)
    later(601)
    assert.equal(await take(), 'c')
  })

  it('is found among thousands that are due without looking at them all', async () => {
    await ctx.db.query(
      `INSERT INTO sources (slug, url, name, every_minutes, next_run_at)
       SELECT 'other-' || i, 'http://other-' || i || '.example.org/oai', i, 1440, $1
       FROM generate_series(1, 3000) AS i`,
      [now],
    )
    await ctx.db.query('ANALYZE sources')
    const read = await rowsRead(ctx, 'sources', async () => {
      assert.match((await take()) ?? '', /^other-/)
      await standingOf(ctx, a())
    })
    assert.equal(read.length, 2)
    for (const rows of read) assert.ok(rows > 0 && rows < 100, `${rows} of 3000 were looked at`)
    await ctx.db.query(`DELETE FROM sources WHERE slug LIKE 'other-%'`)
  })
})

describe('the harvests of a process', function () {
  this.timeout(30_000)
  let brick: Brick
  let ctx: Context
  let remote: TestSource
  let stop: () => Promise<void>

  beforeEach(async () => {
    remote = await testSource(10)
    stop = () => Promise.resolve()
  })
  afterEach(async () => {
    await stop()
    await remote.close()
    await brick.close()
  })

  const open = async (config: object): Promise<void> => {
    brick = await tools({ harvests: 1, databasePoolSize: 12, ...config })
    ctx = brick.ctx
  }
  const add = async (slug: string, from: TestSource, minutes: number): Promise<void> => {
    await addSource(ctx, from.url, { slug, patience })
    await ctx.db.query(
      `UPDATE sources SET next_run_at = now() - interval '1 minute' * $2 WHERE slug = $1`,
      [slug, minutes],
    )
  }
  const harvests = (): Promise<
    { slug: string; status: string; pages: number; records: number }[]
  > =>
    ctx.db.query(
      `SELECT slug, status, pages, harvests.records FROM harvests JOIN sources ON sources.id = source_id ORDER BY slug`,
    )

  it('give a small source its turn in the middle of a large one', async () => {
    await open({ harvestTurnSeconds: 0 })
    const small = await testSource(10)
    for (let index = 0; index < 200; index++) remote.put(`large-${index}`)
    for (let index = 0; index < 5; index++) small.put(`small-${index}`)
    const order: string[] = []
    const notes = (name: string) => (query: URLSearchParams) => {
      if (query.get('verb') === 'ListRecords') order.push(name)
      return false
    }
    remote.misbehave.answer = notes('large')
    small.misbehave.answer = notes('small')
    await add('large', remote, 9)
    await add('small', small, 8)
    stop = keepHarvesting(ctx)
    await until(async () => {
      const all = await harvests()
      return all.length === 2 && all.every((each) => each.status === 'complete')
    })
    await small.close()
    assert.deepEqual(await harvests(), [
      { slug: 'large', status: 'complete', pages: 20, records: 200 },
      { slug: 'small', status: 'complete', pages: 1, records: 5 },
    ])
    assert.ok(order.indexOf('small') < 4, order.join(' '))
    const large = order.filter((each) => each === 'large').length
    assert.ok(large <= 21, `${large} requests for 20 pages and one that was cut`)
  })

  it('wait for the index, and go on when it has caught up', async () => {
    await open({ indexLag: 15 })
    for (let index = 0; index < 60; index++) remote.put(String(index))
    await add('source', remote, 1)
    stop = keepHarvesting(ctx)
    const held = async (): Promise<number> =>
      (await ctx.db.query<{ held: number }>('SELECT count(*) AS held FROM records'))[0]?.held ?? 0
    const reader = await indexReader(ctx)
    await until(async () => (await held()) > 15)
    await sleep(300)
    assert.equal(await held(), 20)
    await catchUp(ctx, reader)
    await until(async () => (await held()) > 35)
    await sleep(300)
    assert.equal(await held(), 40)
    await until(async () => {
      await catchUp(ctx, reader)
      return (await harvests())[0]?.status === 'complete'
    })
    assert.equal(await held(), 60)
    const [row] = await ctx.db.query<{ problems: { code: string; count: number }[] }>(
      'SELECT problems FROM harvests',
    )
    assert.deepEqual(
      row?.problems.map((each) => each.code),
      ['waited-for-index'],
    )
  })

  it('stop after the page at hand when the process does, and go on in the next', async () => {
    await open({})
    for (let index = 0; index < 200; index++) remote.put(String(index))
    await add('source', remote, 1)
    const end = keepHarvesting(ctx)
    await until(() => remote.requests.length > 6)
    await end()
    const [cut] = await harvests()
    assert.equal(cut?.status, 'running')
    assert.ok(cut.pages < 20)
    stop = keepHarvesting(ctx)
    await until(async () => (await harvests())[0]?.status === 'complete')
    assert.deepEqual((await harvests())[0]?.records, 200)
  })
})
