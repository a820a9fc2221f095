import assert from 'node:assert/strict'
import type { Brick, RunningBrick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import {
  addSource,
  findSource,
  harvestSource,
  type HarvestReport,
} from '../../server/network/network.ts'
import { handOverAll } from '../../server/network/ways.ts'
import { findByIdentifier, readLine, save, withdraw } from '../../server/records/records.ts'
import { identifierOf, oaiDcOf, testSource, type TestSource } from '../harvester/source.ts'
import { brick, collection, draft, tools } from '../house.ts'

const patience = { retryMs: 2, attempts: 2 }

const cameBy = (...addresses: string[]): string => {
  const steps = addresses.reduceRight(
    (inner, address) =>
      `<originDescription harvestDate="2024-01-01T00:00:00Z" altered="false"><baseURL>${address}</baseURL>` +
      `<identifier>oai:x:1</identifier><datestamp>2024-01-01</datestamp>` +
      `<metadataNamespace>http://ns</metadataNamespace>${inner}</originDescription>`,
    '',
  )
  return `<provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance">${steps}</provenance>`
}

describe('two ways to a record', () => {
  let here: Brick
  let ctx: Context
  let one: TestSource
  let other: TestSource
  let now = Date.now()
  let number = 0

  before(async () => {
    here = await tools()
    ctx = Object.assign(here.ctx, { clock: () => new Date(now) })
  })
  after(() => here.close())
  beforeEach(async () => {
    number++
    one = await testSource()
    other = await testSource()
    for (const source of [one, other]) {
      source.now = () => new Date(now)
      for (const id of ['a', 'b', 'c']) source.put(name(id), { metadata: oaiDcOf(source.url) })
    }
    await addSource(ctx, one.url, { slug: `one-${number}`, patience })
    await addSource(ctx, other.url, { slug: `other-${number}`, patience })
    await run('one')
    const second = await run('other')
    assert.deepEqual([second.added, second.problems[0]?.code], [0, 'kept-elsewhere'])
    // Far enough from all that was listed that it is not listed again.
    await later()
  })
  afterEach(() => Promise.all([one.close(), other.close()]))

  const later = async (): Promise<void> => {
    for (let times = 0; times < 2; times++) {
      now += 3_600_000
      for (const each of ['one', 'other']) await run(each)
    }
    now += 3_600_000
    one.requests.length = other.requests.length = 0
  }
  const name = (id: string): string => `${id}${number}`
  const identifier = (id: string): string => identifierOf(name(id))
  const run = async (slug: string): Promise<HarvestReport> =>
    harvestSource(ctx, await findSource(ctx, `${slug}-${number}`), { patience })
  const holder = async (id: string): Promise<string | undefined> => {
    const record = await findByIdentifier(ctx, identifier(id))
    return record?.status === 'published' ? record.dc.title?.[0]?.value : undefined
  }
  const asked = (source: TestSource): (string | null)[] =>
    source.requests
      .filter((each) => each.get('verb') === 'GetRecord')
      .map((each) => each.get('identifier'))
  const due = async (slug: string): Promise<boolean> => {
    const { nextRunAt } = await findSource(ctx, `${slug}-${number}`)
    return nextRunAt !== null && nextRunAt.getTime() <= now
  }

  it('are one record, which the first holds', async () => {
    for (const id of ['a', 'b', 'c']) assert.equal(await holder(id), one.url)
    other.put(name('a'), { metadata: oaiDcOf('changed') })
    await run('other')
    assert.equal(await holder('a'), one.url)
  })

  it('become the other one when the first deletes it, without waiting for a change', async () => {
    one.put(name('a'), { deleted: true })
    assert.equal(await due('other'), false)
    assert.equal((await run('one')).deleted, 1)
    assert.equal(await holder('a'), undefined)
    assert.equal(await due('other'), true)
    const second = await run('other')
    assert.deepEqual([second.changed, second.problems], [1, []])
    assert.deepEqual(asked(other), [identifier('a')])
    assert.equal(await holder('a'), other.url)
    assert.equal(await holder('b'), one.url)
    // It is the other one's now: what the first says of it counts no more, and what the other says does.
    one.put(name('a'), { metadata: oaiDcOf('back') })
    await later()
    assert.equal(await holder('a'), other.url)
    other.put(name('a'), { deleted: true })
    await run('other')
    assert.equal(await holder('a'), undefined)
    assert.equal(await due('one'), true)
    await run('one')
    assert.equal(await holder('a'), 'back')
  })

  it('end together when the other one has deleted it, too', async () => {
    other.put(name('a'), { deleted: true })
    await run('other')
    one.put(name('a'), { deleted: true })
    await run('one')
    assert.equal(await due('other'), false)
    await later()
    other.records.delete(name('b'))
    one.put(name('b'), { deleted: true })
    await run('one')
    await run('other')
    assert.deepEqual(asked(other), [identifier('b')])
    assert.equal(await holder('b'), undefined)
    await later()
    assert.deepEqual(asked(other), [])
  })

  it('do not bring back what the first one deleted by a copy of what that had', async () => {
    const about = cameBy(one.url)
    other.put(name('a'), { metadata: oaiDcOf(other.url), about })
    await later()
    one.put(name('a'), { deleted: true })
    await run('one')
    const report = await run('other')
    assert.deepEqual(asked(other), [identifier('a')])
    assert.deepEqual([report.changed, report.problems[0]?.code], [0, 'kept-elsewhere'])
    assert.equal(await holder('a'), undefined)
    await later()
    assert.deepEqual(asked(other), [], 'it is not asked again')
    one.put(name('a'), { metadata: oaiDcOf('back') })
    await run('one')
    assert.equal(await holder('a'), 'back')
  })

  it('become the other one when the first is forgotten', async () => {
    other.put(name('c'), { metadata: oaiDcOf(other.url), about: cameBy(one.url) })
    await run('other')
    await handOverAll(ctx, await findSource(ctx, `one-${number}`))
    assert.equal(await due('other'), true)
    assert.equal((await run('other')).changed, 3)
    for (const id of ['a', 'b', 'c']) assert.equal(await holder(id), other.url)
  })

  it('are asked later where the other one is not there', async () => {
    one.put(name('a'), { deleted: true })
    await run('one')
    other.misbehave.answer = (query, response) => {
      if (query.get('verb') !== 'GetRecord') return false
      response.writeHead(404).end()
      return true
    }
    assert.equal((await run('other')).problems[0]?.code, 'record-lost')
    other.misbehave = {}
    await run('other')
    assert.equal(await holder('a'), undefined, 'not at once')
    await later()
    assert.equal(await holder('a'), other.url)
  })

  it('are no way when it comes through this brick', async () => {
    const own = ctx.links.oai()
    other.put(name('d'), { about: cameBy('http://x.example/oai', own) })
    other.put(name('e'), { about: cameBy(`${own.replace('http', 'HTTP')}/`) })
    other.put(name('f'), { about: cameBy('http://x.example/oai') })
    const report = await run('other')
    assert.equal(report.added, 1)
    assert.deepEqual(
      report.problems.map((each) => [each.code, each.count]),
      [['came-back', 2]],
    )
  })
})

describe('bricks that read each other', function () {
  this.timeout(60_000)
  const open: RunningBrick[] = []

  const make = async (title: string): Promise<RunningBrick> => {
    const made = await brick({ name: title })
    open.push(made)
    return made
  }
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()))
  })

  const read = async (reader: RunningBrick, from: RunningBrick): Promise<HarvestReport> => {
    const source = await addSource(reader.ctx, from.ctx.config.baseUrl)
    await reader.ctx.db.query('UPDATE sources SET paused = true')
    const report = await harvestSource(reader.ctx, source)
    assert.equal(report.status, 'complete')
    return report
  }
  const published = async ({ ctx }: RunningBrick): Promise<string[]> =>
    (await readLine(ctx, 0, 1000))
      .filter((each) => each.status === 'published')
      .map((each) => each.identifier)
      .toSorted()
  const fill = async ({ ctx }: RunningBrick, count: number): Promise<string[]> => {
    const id = await collection(ctx)
    const inputs = Array.from({ length: count }, (_, index) => draft(id, `k${index}`))
    return (await save(ctx, inputs)).map((each) => each.identifier)
  }

  it('in a ring of three have all that each of them has, once, and come to rest', async () => {
    const ring = [await make('one'), await make('two'), await make('three')] as const
    const own = await Promise.all(ring.map((each) => fill(each, 3)))
    const foreign = await testSource()
    foreign.put('f')
    await addSource(ring[0].ctx, foreign.url, { slug: 'foreign', patience })
    const all = [...own.flat(), identifierOf('f')].toSorted()
    const round = async (): Promise<HarvestReport[]> => {
      const reports = [
        await harvestSource(ring[0].ctx, await findSource(ring[0].ctx, 'foreign'), { patience }),
      ]
      for (const [index, reader] of ring.entries()) {
        reports.push(await read(reader, ring[(index + 2) % 3] as RunningBrick))
      }
      return reports
    }
    await round()
    await round()
    for (const each of ring) assert.deepEqual(await published(each), all)
    const last = await round()
    assert.deepEqual(
      last.map((each) => each.added + each.changed + each.deleted),
      [0, 0, 0, 0],
    )
    const came = last.flatMap((each) => each.problems.map(({ code }) => code))
    assert.deepEqual([...new Set(came)].toSorted(), ['came-back', 'own-record'])
    // What is gone at its home goes everywhere, and does not go round for ever.
    const gone = own[0]?.[0] ?? ''
    await withdraw(ring[0].ctx, [gone])
    foreign.put('f', { deleted: true })
    await round()
    await round()
    const left = all.filter((each) => each !== gone && each !== identifierOf('f'))
    for (const each of ring) assert.deepEqual(await published(each), left)
    await foreign.close()
  })

  it('in a diamond have one record by two ways, and keep it when one of them ends', async () => {
    const [leaf, left, right, root] = [
      await make('leaf'),
      await make('left'),
      await make('right'),
      await make('root'),
    ]
    const own = await fill(leaf, 3)
    for (const middle of [left, right]) await read(middle, leaf)
    assert.equal((await read(root, left)).added, 3)
    assert.equal((await read(root, right)).problems[0]?.code, 'kept-elsewhere')
    assert.deepEqual(await published(root), own)
    // The left one takes one out, though the leaf has it.
    const [first = ''] = own
    await withdraw(left.ctx, [first])
    assert.equal((await read(root, left)).deleted, 1)
    assert.deepEqual(await published(root), own.slice(1))
    await read(root, right)
    assert.deepEqual(await published(root), own)
    const taken = await findByIdentifier(root.ctx, first)
    assert.equal(taken?.origins?.[0]?.baseUrl, right.ctx.links.oai())
    // The leaf takes one out: then it is gone by both.
    await withdraw(leaf.ctx, [own[1] ?? ''])
    for (const middle of [left, right]) await read(middle, leaf)
    for (const middle of [left, right, left]) await read(root, middle)
    assert.deepEqual(await published(root), [first, own[2]])
  })

  it('with a shorter way besides do not bring back what is deleted at its end', async () => {
    const [leaf, middle, root] = [await make('leaf'), await make('middle'), await make('root')]
    const [first = '', ...others] = await fill(leaf, 3)
    await read(middle, leaf)
    await read(root, leaf)
    await read(root, middle)
    await withdraw(leaf.ctx, [first])
    assert.equal((await read(root, leaf)).deleted, 1)
    await read(root, middle)
    assert.deepEqual(await published(root), others, 'the middle has not heard of it')
    await read(middle, leaf)
    await read(root, middle)
    assert.deepEqual(await published(root), others)
  })
})
