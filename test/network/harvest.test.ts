import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { allCollections } from '../../server/collections/collections.ts'
import {
  addSource,
  harvestSource,
  listSources,
  type HarvestOptions,
  type HarvestReport,
  type Source,
} from '../../server/network/network.ts'
import { findByIdentifier, listSize, readLine } from '../../server/records/records.ts'
import { identifierOf, oaiDcOf, testSource, type TestSource } from '../harvester/source.ts'
import { tools } from '../house.ts'

const patience = { retryMs: 5, attempts: 3 }

describe('a harvest', () => {
  let brick: Brick
  let remote: TestSource
  let source: Source
  let number = 0

  before(async () => (brick = await tools()))
  after(() => brick.close())
  beforeEach(async () => {
    remote = await testSource(10)
    for (let index = 0; index < 35; index++) {
      remote.put(`${number}-${index}`, { datestamp: past(index) })
    }
    source = await addSource(brick.ctx, remote.url, { slug: `remote-${number}`, patience })
    number++
  })
  afterEach(() => remote.close())

  const past = (index: number): string =>
    `${new Date(Date.UTC(2024, 0, 1, 0, 0, index)).toISOString().slice(0, 19)}Z`
  const name = (index: number): string => `${number - 1}-${index}`
  const run = (options: HarvestOptions = {}): Promise<HarvestReport> =>
    harvestSource(brick.ctx, source, { patience, ...options })
  const held = async (): Promise<number> => (await records()).length
  const records = async () => {
    const { ctx } = brick
    return (await readLine(ctx, 0, 10_000)).filter(
      (each) => each.sourceId === source.id && each.status === 'published',
    )
  }
  const end = async (): Promise<number> => {
    const [row] = await brick.ctx.db.query<{ last: number }>('SELECT last_value AS last FROM line')
    return row?.last ?? 0
  }
  const tokens = (): (string | null)[] =>
    remote.requests
      .filter((each) => each.get('verb') === 'ListRecords')
      .map((each) => each.get('resumptionToken'))

  const tokenAt = (place: number): string => `g0 ${place} & "metadataPrefix=oai_dc"`

  it('brings every record with where it came from', async () => {
    const report = await run()
    assert.deepEqual(
      [report.status, report.pages, report.records, report.added],
      ['complete', 4, 35, 35],
    )
    assert.deepEqual(report.problems, [])
    const record = await findByIdentifier(brick.ctx, identifierOf(name(7)))
    assert.deepEqual(record?.dc, { title: [{ value: `Titre ${name(7)}`, language: 'fr' }] })
    assert.equal(record?.source['format'], 'oai_dc')
    const [kept] = await brick.ctx.db.query<{ xml: string }>(
      'SELECT xml FROM records WHERE identifier = $1',
      [identifierOf(name(7))],
    )
    assert.equal(kept?.xml, oaiDcOf(`Titre ${name(7)}`))
    assert.deepEqual(record?.keeper, { name: 'Archives d’essai' })
    const [origin] = record?.origins ?? []
    assert.equal(origin?.baseUrl, remote.url)
    assert.equal(origin?.identifier, identifierOf(name(7)))
    assert.equal(origin?.datestamp, past(7))
    assert.equal(origin?.altered, false)
  })

  it('counts the records of a page once that comes in parts', async () => {
    const long = '<dc:description>'.concat('x'.repeat(700_000), '</dc:description>')
    // Those of the first page.
    for (const record of [...remote.records.values()].slice(0, 5)) {
      record.metadata = oaiDcOf('long', long)
    }
    const parts: number[] = []
    const report = await run({ onProgress: ({ records }) => parts.push(records) })
    assert.deepEqual([report.pages, report.records, report.added], [4, 35, 35])
    assert.ok(parts.length > 4, 'it comes in parts')
    assert.deepEqual(
      parts,
      parts.toSorted((a, b) => a - b),
    )
    assert.equal(parts.at(-1), 35)
  })

  it('changes nothing the second time, and asks only for what is new', async () => {
    await run()
    const before = await end()
    const report = await run()
    assert.equal(report.status, 'complete')
    assert.equal(await end(), before)
    assert.match(report.from ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.equal(report.records, 0)
    const scratch = await run({ fromScratch: true })
    assert.deepEqual([scratch.records, scratch.unchanged], [35, 35])
    assert.equal(await end(), before)
  })

  it('brings changes, deletions and new records, and moves only those', async () => {
    await run()
    const before = await end()
    remote.put(name(3), { metadata: oaiDcOf('Changé') })
    remote.put(name(4), { deleted: true })
    remote.put('never-seen', { deleted: true })
    remote.put(name(99))
    const report = await run()
    assert.deepEqual([report.added, report.changed, report.deleted], [1, 1, 1])
    assert.equal(await end(), before + 3)
    const gone = await findByIdentifier(brick.ctx, identifierOf(name(4)))
    assert.equal(gone?.status, 'withdrawn')
    assert.deepEqual(
      [gone.dc, gone.source, gone.origins],
      [{}, {}, undefined],
      'nothing is left of it',
    )
    assert.equal(await findByIdentifier(brick.ctx, identifierOf('never-seen')), undefined)
    remote.put(name(4))
    assert.equal((await run()).changed, 1)
    const back = await findByIdentifier(brick.ctx, identifierOf(name(4)))
    assert.deepEqual([back?.status, back?.id], ['published', gone?.id])
  })

  it('that is cut short goes on with its token', async () => {
    const crash = (): never => {
      throw new Error('the process died')
    }
    let pages = 0
    await assert.rejects(
      run({ onProgress: () => (++pages === 2 ? crash() : undefined) }),
      /the process died/,
    )
    assert.equal(await held(), 20)
    remote.requests.length = 0
    const report = await run()
    assert.equal(report.resumed, true)
    assert.equal(report.status, 'complete')
    assert.deepEqual([report.pages, report.records, report.added], [4, 35, 35])
    assert.deepEqual(tokens(), [tokenAt(20), tokenAt(30)])
    assert.equal(await held(), 35)
  })

  it('that is cut short begins its list again when the token has died', async () => {
    const stop = new AbortController()
    const cut = await run({ signal: stop.signal, onProgress: () => stop.abort() })
    assert.equal(cut.status, 'stopped')
    assert.equal(await held(), 10)
    remote.forgetTokens()
    const report = await run()
    assert.deepEqual([report.status, report.resumed], ['complete', true])
    assert.equal(await held(), 35)
    assert.deepEqual(
      report.problems.map((each) => each.code),
      ['list-restarted'],
    )
  })

  it('goes on where it was when a token dies on the way, however often', async () => {
    let deaths = 1
    remote.misbehave = {
      body: (xml, query) => {
        if (query.get('resumptionToken') === null || deaths-- <= 0) return xml
        return xml.replace(/<ListRecords>.*<\/ListRecords>/s, '<error code="badResumptionToken"/>')
      },
    }
    const report = await run()
    assert.equal(report.status, 'complete')
    assert.equal(await held(), 35)
    deaths = Infinity
    const again = await run({ fromScratch: true })
    assert.deepEqual([again.status, again.added, again.changed], ['complete', 0, 0])
    assert.deepEqual(
      again.problems.map((each) => each.code),
      ['list-restarted'],
    )
    assert.equal(await held(), 35)
  })

  it('keeps what it has when the source fails, says why, and goes on there next time', async () => {
    let left = 2
    remote.misbehave = {
      answer: (query, response) => {
        if (query.get('verb') === 'ListRecords' && left-- > 0) return false
        if (left > 0) return false
        response.writeHead(500).end('oops')
        return true
      },
    }
    const report = await run()
    assert.equal(report.status, 'failed')
    assert.equal(report.diagnosis?.code, 'http-status')
    assert.match(report.diagnosis?.message ?? '', /HTTP 500/)
    assert.equal(await held(), 20)
    const [summary] = (await listSources(brick.ctx)).filter((each) => each.slug === source.slug)
    assert.equal(summary?.lastHarvest?.status, 'failed')
    assert.equal(summary?.records, 20)
    remote.misbehave = {}
    remote.requests.length = 0
    assert.equal((await run()).status, 'complete')
    assert.deepEqual(tokens(), [tokenAt(20), tokenAt(30)])
    assert.equal(await held(), 35)
  })

  it('never takes a web page for an empty list', async () => {
    await run()
    remote.misbehave = {
      answer: (query, response) => {
        if (query.get('verb') !== 'ListRecords') return false
        response.setHeader('content-type', 'text/html')
        response.end('<html><head><title>Sign in</title></head><body><br></body></html>')
        return true
      },
    }
    const report = await run({ fromScratch: true })
    assert.equal(report.diagnosis?.code, 'html-instead-of-oai')
    assert.equal(await held(), 35)
  })

  it('keeps the good records of a broken page and names the bad one', async () => {
    remote.put(name(5), {
      datestamp: past(5),
      metadata: oaiDcOf('ok', '<dc:description>a <b> c</dc:description>'),
    })
    remote.put(name(6), {
      datestamp: past(6),
      metadata: oaiDcOf('ok', '<dc:description>\u0003 R&D</dc:description>'),
    })
    const report = await run()
    assert.equal(report.status, 'complete')
    assert.deepEqual([report.added, report.refused], [34, 1])
    const bad = report.problems.find((each) => each.code === 'record-not-well-formed')
    assert.equal(bad?.examples[0]?.identifier, identifierOf(name(5)))
    const repaired = await findByIdentifier(brick.ctx, identifierOf(name(6)))
    assert.equal(repaired?.dc.description?.[0]?.value, '\uFFFD R&D')
    assert.ok(report.problems.some((each) => each.code === 'characters-replaced'))
  })

  it('goes round a token that comes again and again', async () => {
    remote.misbehave = {
      body: (xml) => xml.replace(/(<resumptionToken[^>]*>)[^<]*/, '$1same'),
      answer: (query) => {
        if (query.has('resumptionToken')) query.set('resumptionToken', tokenAt(10))
        return false
      },
    }
    const report = await run()
    assert.equal(report.status, 'complete')
    assert.ok(report.problems.some((each) => each.code === 'list-by-dates'))
    assert.ok(remote.requests.length < 100, String(remote.requests.length))
    assert.equal(await held(), 35)
  })

  it('puts records into nested collections after the sets of the source', async () => {
    remote.sets = [
      { setSpec: 'Prints', setName: 'Estampes' },
      { setSpec: 'Prints:XIXe', setName: 'Estampes du XIXe siècle' },
    ]
    remote.put(name(1), { datestamp: past(1), sets: ['Prints', 'Prints:XIXe', 'other'] })
    remote.put(name(2), { datestamp: past(2), sets: ['prints'] })
    await run()
    const all = await allCollections(brick.ctx)
    const own = all.filter((each) => each.sourceId === source.id)
    assert.deepEqual(
      own.map((each) => each.setSpec),
      ['', ':Prints', ':Prints:XIXe', ':prints'].map((each) => `${source.slug}${each}`),
    )
    const deep = own.find((each) => each.setSpec.endsWith(':Prints:XIXe'))
    assert.equal(deep?.slug, `${source.slug}.prints.xixe`)
    assert.deepEqual(deep?.title, { und: 'Estampes du XIXe siècle' })
    const record = await findByIdentifier(brick.ctx, identifierOf(name(1)))
    assert.equal(record?.collectionId, deep?.id)
    const top = own[0]?.id ?? 0
    assert.equal((await listSize(brick.ctx, 0, [top])).size, 33)
    const before = await end()
    await run({ fromScratch: true })
    assert.equal(await end(), before)
    assert.equal((await allCollections(brick.ctx)).length, all.length)
  })

  it('withdraws nothing on absence where the source promises to tell', async () => {
    await run()
    remote.records.delete(name(0))
    assert.equal((await run({ fromScratch: true })).deleted, 0)
    assert.equal(await held(), 35)
  })

  it('leaves alone what another source brought, and what is our own', async () => {
    await run()
    const other = await testSource()
    const first = [...remote.records.values()][0]?.id ?? ''
    other.put(first, { metadata: oaiDcOf('usurped') })
    other.put('gone', { deleted: true })
    const usurper = await addSource(brick.ctx, other.url, { slug: `other-${number}`, patience })
    const report = await harvestSource(brick.ctx, usurper, { patience })
    assert.equal(report.added, 0)
    assert.equal(report.problems[0]?.code, 'kept-elsewhere')
    other.put(first, { deleted: true })
    assert.equal((await harvestSource(brick.ctx, usurper, { patience })).deleted, 0)
    const record = await findByIdentifier(brick.ctx, identifierOf(first))
    assert.equal(record?.dc.title?.[0]?.value, `Titre ${first}`)
    other.misbehave = {
      body: (xml) => xml.replaceAll('oai:source.example.org:', `oai:${brick.ctx.config.domain}:`),
    }
    other.put('mine')
    const own = await harvestSource(brick.ctx, usurper, { fromScratch: true, patience })
    assert.equal(own.problems[0]?.code, 'own-record')
    assert.equal(own.added, 0)
    await other.close()
  })

  it('keeps the way that a record travelled', async () => {
    const step = (harvestDate: string, inner: string): string =>
      `<originDescription harvestDate="${harvestDate}" altered="false"><baseURL>http://${harvestDate}.example/oai</baseURL>` +
      `<identifier>oai:x:1</identifier><datestamp>2020-01-01</datestamp>` +
      `<metadataNamespace>http://ns</metadataNamespace>${inner}</originDescription>`
    remote.put(name(1), {
      about: `<provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance">${step('b', step('a', ''))}</provenance>`,
    })
    await run()
    const record = await findByIdentifier(brick.ctx, identifierOf(name(1)))
    assert.deepEqual(
      record?.origins?.map((each) => each.baseUrl),
      [remote.url, 'http://b.example/oai', 'http://a.example/oai'],
    )
  })

  it('asks a source of days by the day', async () => {
    remote.granularity = 'YYYY-MM-DD'
    remote.now = () => new Date('2025-06-15T12:00:00Z')
    await run()
    const report = await run()
    assert.equal(report.status, 'complete')
    assert.equal(report.from, '2025-06-14')
  })

  it('is made by one process at a time', async () => {
    let second: unknown
    const first = await run({
      onProgress: () => (second ??= run().catch((error: unknown) => error)),
    })
    assert.equal(first.status, 'complete')
    assert.match(String(await second), /Another process is harvesting/)
  })
})
