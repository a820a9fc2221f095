import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import { keptPages } from '../../server/network/kept-pages.ts'
import {
  addSource,
  findSource,
  harvestSource,
  type HarvestOptions,
  type HarvestReport,
  type Source,
} from '../../server/network/network.ts'
import { findByIdentifier, readLine } from '../../server/records/records.ts'
import { identifierOf, oaiDcOf, testSource, type TestSource } from '../harvester/source.ts'
import { tools } from '../house.ts'

const patience = { retryMs: 2, attempts: 2 }
const day = 86_400_000

describe('the course of harvests', () => {
  let brick: Brick
  let ctx: Context
  let remote: TestSource
  let source: Source
  let number = 0
  let now = Date.now()

  before(async () => {
    brick = await tools({ harvestUnannounced: 100 })
    ctx = Object.assign(brick.ctx, { clock: () => new Date(now) })
  })
  after(() => brick.close())
  beforeEach(async () => {
    now = Date.now()
    remote = await testSource(10)
    remote.now = () => new Date(now)
    for (let index = 0; index < 40; index++) remote.put(name(index), { datestamp: past(index) })
    source = await addSource(ctx, remote.url, { slug: `remote-${number}`, patience })
  })
  afterEach(async () => {
    number++
    await remote.close()
  })

  const past = (index: number): string =>
    `${new Date(Date.UTC(2024, 0, 1, 0, 0, index)).toISOString().slice(0, 19)}Z`
  const name = (index: number): string => `${number}-${index}`
  const run = async (options: HarvestOptions = {}): Promise<HarvestReport> =>
    harvestSource(ctx, await findSource(ctx, source.slug), { patience, ...options })
  const held = async (): Promise<number> =>
    (await readLine(ctx, 0, 10_000)).filter(
      (each) => each.sourceId === source.id && each.status === 'published',
    ).length
  const codes = ({ problems }: HarvestReport): string[] => problems.map((each) => each.code)
  const vanish = (from: number, to: number): void => {
    for (let index = from; index < to; index++) remote.records.delete(name(index))
  }

  it('end where other records come on every page and there is no end: what came is kept', async () => {
    let page = 0
    remote.pageSize = 30
    remote.misbehave.answer = (query) => {
      if (query.has('resumptionToken')) query.delete('resumptionToken')
      query.set('metadataPrefix', 'oai_dc')
      return false
    }
    remote.misbehave.body = (xml) =>
      xml
        .replaceAll(`:${number}-`, `:${number}-${++page}-`)
        .replace(
          /<resumptionToken.*<\/resumptionToken>/,
          `<resumptionToken>${page}</resumptionToken>`,
        )
    const first = await run()
    assert.deepEqual([first.diagnosis?.code, await held()], ['endless', 120])
    // A page more at each try, until the operator allows for more.
    const second = await run()
    assert.deepEqual([second.diagnosis?.code, second.records, await held()], ['endless', 150, 150])
    remote.misbehave = {}
    assert.equal((await run({ fromScratch: true })).status, 'complete')
  })

  describe('of a source that does not tell of its deletions', () => {
    beforeEach(async () => {
      remote.deletedRecord = 'no'
      assert.equal((await run()).added, 40)
    })

    it('lists all every week, and withdraws what was missing twice and for days', async () => {
      vanish(0, 4)
      now += day
      const between = await run()
      assert.ok(between.from)
      assert.deepEqual([between.deleted, codes(between)], [0, []])
      now += 7 * day
      const first = await run()
      assert.equal(first.from, undefined)
      assert.deepEqual([first.deleted, codes(first)], [0, ['vanished-waiting']])
      const soon = await run({ fromScratch: true })
      assert.deepEqual([soon.deleted, codes(soon)], [0, ['vanished-waiting']], 'not within days')
      now += 7 * day
      const second = await run()
      assert.deepEqual([second.from, second.deleted, codes(second)], [undefined, 4, []])
      assert.equal(await held(), 36)
      assert.equal((await findByIdentifier(ctx, identifierOf(name(0))))?.status, 'withdrawn')
    })

    it('forgives what comes back in the meantime', async () => {
      vanish(0, 4)
      now += 8 * day
      await run()
      remote.put(name(0), { datestamp: past(0) })
      remote.put(name(1))
      now += day
      assert.equal((await run()).from !== undefined, true)
      remote.records.delete(name(1))
      now += 7 * day
      const second = await run()
      assert.equal(second.deleted, 2, 'the other two')
      assert.deepEqual(codes(second), ['vanished-waiting'])
      assert.equal(await held(), 38)
    })

    it('keeps all when much is missing at once, until the operator says that it may go', async () => {
      vanish(0, 10)
      for (let times = 0; times < 3; times++) {
        now += 8 * day
        const report = await run()
        assert.deepEqual([report.deleted, codes(report)], [0, ['vanished-not-withdrawn']])
      }
      assert.equal(await held(), 40)
      const accepted = await run({ acceptVanished: true })
      assert.deepEqual([accepted.deleted, codes(accepted)], [10, []])
      assert.equal(await held(), 30)
    })

    it('believes a list of which less is missing than the operator has set for the source', async () => {
      await addSource(ctx, remote.url, { vanishPercent: 50, graceDays: 0 })
      vanish(0, 10)
      now += 8 * day
      assert.deepEqual(codes(await run()), ['vanished-waiting'])
      now += 8 * day
      assert.equal((await run()).deleted, 10)
      vanish(10, 30)
      now += 8 * day
      assert.deepEqual(codes(await run()), ['vanished-not-withdrawn'])
    })

    it('is not emptied by a source that answers empty, nor by one that fails', async () => {
      const all = [...remote.records]
      remote.records.clear()
      now += 8 * day
      assert.deepEqual(codes(await run()), ['vanished-not-withdrawn'])
      now += 8 * day
      assert.deepEqual(codes(await run()), ['vanished-not-withdrawn'])
      for (const [id, record] of all) remote.records.set(id, record)
      now += 8 * day
      remote.misbehave.body = (xml) => xml.replace(/<resumptionToken.*?<\/resumptionToken>/, '')
      const cut = await run()
      assert.deepEqual(codes(cut), ['vanished-not-withdrawn'])
      assert.equal(await held(), 40)
    })

    it('compares nothing by a list with gaps', async () => {
      vanish(0, 2)
      remote.misbehave.body = (xml) =>
        xml.replace(`<identifier>${identifierOf(name(7))}</identifier>`, '')
      now += 8 * day
      const report = await run()
      assert.ok(codes(report).includes('vanished-not-withdrawn'))
      const waiting = await ctx.db.query('SELECT FROM missing_records WHERE source_id = $1', [
        source.id,
      ])
      assert.equal(waiting.length, 0)
    })

    it('takes the same identifiers in other letters for the same records', async () => {
      remote.misbehave.body = (xml) => xml.replaceAll('oai:source', 'OAI:Source')
      now += 8 * day
      const first = await run()
      assert.deepEqual([first.added, first.deleted], [40, 0])
      assert.match(first.problems[0]?.examples[0]?.message ?? '', /other letters/)
      now += 8 * day
      assert.equal((await run()).deleted, 40)
      assert.equal(await held(), 40)
    })
  })

  it('lists all when the source was filled anew, and says why', async () => {
    await run()
    now += 30 * day
    for (let index = 0; index < 40; index++) remote.put(name(index))
    remote.earliestDatestamp = new Date(now).toISOString()
    vanish(39, 40)
    const report = await run()
    assert.equal(report.from, undefined)
    assert.match(report.problems[0]?.examples[0]?.message ?? '', /filled anew; so all of it/)
    assert.deepEqual(codes(report), ['source-reset', 'vanished-waiting'])
    now += day
    const next = await run()
    assert.deepEqual([next.from !== undefined, codes(next)], [true, []])
  })

  it('lists all when the clock of the source runs backwards, once', async () => {
    await run()
    remote.now = () => new Date(now - 30 * day)
    now += day
    const report = await run()
    assert.deepEqual([report.from, codes(report)], [undefined, ['source-reset', 'clock-changed']])
    now += day
    const next = await run()
    assert.equal(next.from, new Date(now - 31 * day - 60_000).toISOString().slice(0, 19) + 'Z')
    assert.deepEqual(codes(next), [])
  })

  it('remembers that a source takes days only', async () => {
    await run()
    remote.misbehave.body = (xml, query) =>
      (query.get('from')?.length ?? 0) > 10
        ? xml.replace(
            /<ListRecords>.*<\/ListRecords>|<error.*<\/error>/s,
            '<error code="badArgument"/>',
          )
        : xml
    now += day
    const first = await run()
    assert.deepEqual([first.status, codes(first)], ['complete', ['granularity-refused']])
    now += day
    const second = await run()
    assert.equal(second.from?.length, 10)
    assert.deepEqual(codes(second), [])
  })

  describe('by the format', () => {
    const format = (metadataPrefix: string): void =>
      void remote.formats.push({ metadataPrefix, metadataNamespace: `http://${metadataPrefix}/` })
    const prefix = async (): Promise<string | null> =>
      (await findSource(ctx, source.slug)).metadataPrefix

    it('is a better one when all is listed and the source has learnt it', async () => {
      await run()
      format('mods')
      await run()
      assert.equal(await prefix(), 'oai_dc')
      const report = await run({ fromScratch: true })
      assert.deepEqual([await prefix(), codes(report)], ['mods', ['format-changed']])
      assert.equal(remote.requests.at(-4)?.get('metadataPrefix'), 'mods')
    })

    it('is not one in which a part of the records is missing', async () => {
      format('edm')
      for (let index = 0; index < 5; index++) {
        remote.put(name(index), { datestamp: past(index), formats: ['oai_dc'] })
      }
      const report = await run()
      assert.deepEqual([report.added, await prefix()], [40, 'oai_dc'])
      assert.match(
        report.problems[0]?.examples[0]?.message ?? '',
        /35 records in edm and 40 in oai_dc/,
      )
    })

    it('is the next one of its order when it is refused', async () => {
      for (const each of ['edm', 'mods']) format(each)
      source = await addSource(ctx, remote.url, { prefix: 'mods, edm, oai_dc' })
      await run()
      assert.equal(await prefix(), 'mods')
      remote.misbehave.body = (xml, query) =>
        query.get('metadataPrefix') === 'mods'
          ? xml.replace(
              /<ListRecords>.*<\/ListRecords>|<error.*<\/error>/s,
              '<error code="cannotDisseminateFormat"/>',
            )
          : xml
      now += day
      const report = await run()
      assert.deepEqual([report.status, report.from, await prefix()], ['complete', undefined, 'edm'])
      assert.deepEqual(codes(report), ['format-changed'])
      assert.equal((await addSource(ctx, remote.url, { prefix: 'auto' })).formats, null)
    })
  })

  it('keeps the pages that were wrong, the last ones', async () => {
    const bad = (index: number): void =>
      remote.put(name(index), {
        datestamp: past(index),
        metadata: oaiDcOf('x', '<dc:description>a <b> c</dc:description>'),
      })
    for (let index = 0; index < 40; index += 5) bad(index)
    await run()
    const pages = await keptPages(ctx, source.id)
    assert.ok(pages.length >= 1)
    const [page] = pages
    assert.equal(page?.code, 'page-not-well-formed')
    assert.match(page.url, /verb=ListRecords/)
    assert.equal(page.status, 200)
    assert.equal(page.headers['content-type'], 'text/xml; charset=utf-8')
    assert.match(page.body.toString(), /a <b> c/)
    remote.misbehave.answer = (query, response) => {
      if (query.get('verb') !== 'ListRecords') return false
      response.writeHead(404, { 'set-cookie': 'secret' }).end('x'.repeat(100_000))
      return true
    }
    for (let times = 0; times < 25; times++) await run()
    const after = await keptPages(ctx, source.id)
    assert.equal(after.length, 20)
    assert.equal(after[0]?.code, 'http-status')
    assert.equal(after[0].status, 404)
    assert.equal(after[0].headers['set-cookie'], undefined)
    assert.ok(after[0].body.length <= 65_536)
  })

  it('asks again for what the source could not give', async () => {
    let broken = true
    remote.misbehave.body = (xml, query) =>
      broken &&
      query.get('verb') !== 'ListIdentifiers' &&
      xml.includes(`>${identifierOf(name(17))}<`)
        ? 'oops'
        : xml
    const first = await run()
    assert.deepEqual([first.status, first.added], ['complete', 39])
    assert.deepEqual(codes(first), ['list-by-dates', 'record-lost'])
    now += day
    assert.deepEqual(codes(await run()), ['record-lost'])
    broken = false
    now += day
    const third = await run()
    assert.deepEqual([third.added, codes(third)], [1, []])
    now += day
    assert.equal((await run()).records, 0)
  })

  it('asks again between the dates where nothing could be named', async () => {
    let broken = true
    remote.misbehave.body = (xml) =>
      broken && xml.includes(`>${identifierOf(name(17))}<`) ? 'oops' : xml
    const first = await run()
    assert.deepEqual([first.added, codes(first)], [39, ['list-by-dates', 'dates-lost']])
    now += day
    assert.deepEqual(codes(await run()), ['list-by-dates', 'dates-lost'])
    broken = false
    now += day
    const third = await run()
    assert.deepEqual([third.added, codes(third)], [1, []])
    now += day
    remote.requests.length = 0
    await run()
    assert.equal(remote.requests.filter((each) => each.has('until')).length, 0)
  })
})
