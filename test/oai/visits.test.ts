import assert from 'node:assert/strict'
import { startBrick, type Brick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import { readHarvesters, type Harvester } from '../../server/oai/harvesters.ts'
import { networkOf, noteVisit, writeVisits, type OaiVisit } from '../../server/oai/visits.ts'
import { forget, quiet, testConfig, tools } from '../house.ts'

const visit = (change: Partial<OaiVisit> = {}): OaiVisit => ({
  client: '192.0.2.77',
  agent: 'Sickle',
  verb: 'ListRecords',
  metadataPrefix: 'oai_dc',
  records: 100,
  bytes: 1000,
  done: false,
  position: { cursor: 0, completeListSize: 250 },
  ...change,
})

describe('the network of a client', () => {
  it('is what is kept of its address', () => {
    assert.equal(networkOf('192.0.2.77'), '192.0.2.0/24')
    assert.equal(networkOf('::ffff:192.0.2.77'), '192.0.2.0/24')
    assert.equal(networkOf('2001:db8:aaaa:bbbb::1'), '2001:db8:aaaa::/48')
    assert.equal(networkOf('unknown'), '')
    assert.equal(networkOf(''), '')
  })
})

describe('the visits of harvesters', () => {
  let house: Brick
  let now = new Date('2026-11-22T10:00:00Z')
  let ctx: Context
  beforeEach(async () => {
    house = await tools()
    now = new Date('2026-11-22T10:00:00Z')
    ctx = house.ctx
    ctx.clock = () => now
  })
  afterEach(() => house.close())

  const later = (seconds: number): void => void (now = new Date(now.getTime() + seconds * 1000))

  const only = async (): Promise<Harvester> => {
    const [first, ...others] = await readHarvesters(ctx)
    assert.deepEqual(others, [])
    assert.ok(first)
    return first
  }

  it('are added up: one row for each list of a program', async () => {
    noteVisit(ctx, visit())
    await writeVisits(ctx)
    later(60)
    noteVisit(ctx, visit({ position: { cursor: 100, completeListSize: 250 } }))
    noteVisit(ctx, visit({ set: 'drawings', contact: 'who@example.org' }))
    noteVisit(ctx, visit({ verb: 'Identify', metadataPrefix: undefined, records: 0 }))
    const found = await only()
    assert.equal(found.client, '192.0.2.0/24')
    assert.equal(found.contact, 'who@example.org')
    assert.deepEqual([found.requests, found.records, found.bytes], [4, 300, 4000])
    const lists = found.lists
      .map(
        ({ listPrefix, listSet, requests, walkedRecords, walkedSize }) =>
          `${listPrefix} ${listSet}: ${requests} ${walkedRecords} ${walkedSize}`,
      )
      .toSorted((one, other) => one.localeCompare(other))
    assert.deepEqual(lists, [' : 1 null null', 'oai_dc : 2 200 250', 'oai_dc drawings: 1 100 250'])
    assert.deepEqual(found.firstSeen, new Date('2026-11-22T10:00:00Z'))
    assert.deepEqual(found.lastSeen, new Date('2026-11-22T10:01:00Z'))
  })

  it('tell how far a walk is, when one was complete, and what was asked for', async () => {
    noteVisit(ctx, visit({ from: '2026-11-01' }))
    later(1)
    noteVisit(ctx, visit({ done: true, records: 150, position: { cursor: 100 } }))
    let [row] = (await only()).lists
    assert.deepEqual(row?.lastComplete, now)
    assert.deepEqual([row?.walkedFrom, row?.walkedRecords], ['2026-11-01', null])
    const complete = now
    later(3600)
    noteVisit(ctx, visit({ from: '2026-11-22T10:00:00Z' }))
    noteVisit(ctx, visit({ error: 'cut', records: 20, position: { cursor: 100 } }))
    ;[row] = (await only()).lists
    assert.deepEqual(row?.lastComplete, complete)
    assert.deepEqual([row?.walkedFrom, row?.walkedRecords], ['2026-11-22T10:00:00Z', 100])
    assert.deepEqual(row?.errors, { cut: 1 })
    later(1)
    // Nothing new is the end of a list, too.
    noteVisit(ctx, visit({ error: 'noRecordsMatch', records: 0, position: undefined }))
    ;[row] = (await only()).lists
    assert.deepEqual(row?.lastComplete, now)
    assert.equal(row?.walkedRecords, null)
  })

  it('count errors by code, and make no row of a list that there is not', async () => {
    noteVisit(ctx, visit({ error: 'cannotDisseminateFormat', metadataPrefix: 'a', records: 0 }))
    noteVisit(ctx, visit({ error: 'cannotDisseminateFormat', metadataPrefix: 'b', records: 0 }))
    await writeVisits(ctx)
    noteVisit(ctx, visit({ error: 'cannotDisseminateFormat', metadataPrefix: 'c', records: 0 }))
    noteVisit(ctx, visit({ error: 'busy', records: 0 }))
    const { lists } = await only()
    assert.equal(lists.length, 1)
    assert.equal(lists[0]?.listPrefix, '')
    assert.deepEqual(lists[0].errors, { cannotDisseminateFormat: 3, busy: 1 })
  })

  it('come to the right sums however many servers write at once', async () => {
    const servers = Array.from({ length: 6 }, () => ({ ...ctx }))
    for (let round = 0; round < 10; round += 1) {
      for (const server of servers) {
        for (const agent of ['a', 'b', 'c', 'd']) {
          noteVisit(server, visit({ agent }))
          noteVisit(server, visit({ agent, error: 'cut', records: 1 }))
        }
      }
      await Promise.all(servers.map((server) => writeVisits(server)))
    }
    const found = await readHarvesters(ctx)
    assert.equal(found.length, 4)
    for (const { requests, records, bytes, lists } of found) {
      assert.deepEqual([requests, records, bytes], [120, 60 * 101, 120_000])
      assert.deepEqual(lists[0]?.errors, { cut: 60 })
    }
  })

  it('stay within bounds when a program changes its name each time, and count it all the same', async () => {
    noteVisit(ctx, visit({ agent: 'Europeana', client: '198.51.100.1', done: true }))
    await writeVisits(ctx)
    for (let batch = 0; batch < 6; batch += 1) {
      later(5)
      for (let index = 0; index < 2000; index += 1) {
        const network = batch % 2 ? '192.0.2.1' : `10.${index % 250}.${batch}.1`
        noteVisit(ctx, visit({ agent: `Bot ${batch} ${index}`, client: network }))
      }
      await writeVisits(ctx)
    }
    const found = await readHarvesters(ctx)
    assert.ok(found.length <= 500, `${found.length} harvesters`)
    assert.ok(found.some(({ agent }) => agent === 'Europeana'))
    const ofOne = found.filter(({ client }) => client === '192.0.2.0/24')
    assert.ok(ofOne.length <= 20, `${ofOne.length} of one network`)
    const others = found.find(({ agent, client }) => !agent && !client)
    assert.ok((others?.requests ?? 0) > 6000)
    const [row] = await ctx.db.query<{ count: number }>('SELECT count(*) FROM oai_visits')
    assert.ok((row?.count ?? Infinity) <= 600, `${row?.count} rows`)
  })

  it('keep at most forty lists of one harvester', async () => {
    for (let index = 0; index < 100; index += 1) {
      later(1)
      noteVisit(ctx, visit({ set: `s${index}` }))
    }
    const { lists } = await only()
    assert.equal(lists.length, 40)
    assert.equal(lists[0]?.listSet, 's99')
  })

  it('are written whatever a program calls itself', async () => {
    noteVisit(ctx, visit({ agent: `\u0000\uD800 ${'x'.repeat(5000)}`, contact: '\u0001', set: '' }))
    noteVisit(ctx, visit({ client: '1.2.3.4, 5.6.7.8', agent: '', from: "'; DROP TABLE records" }))
    const found = await readHarvesters(ctx)
    assert.equal(found.length, 2)
    assert.ok(found.every(({ agent }) => agent.length <= 200))
  })

  it('are kept for later while the database does not answer', async () => {
    const { db } = ctx
    noteVisit(ctx, visit())
    ctx.db = { ...db, transaction: () => Promise.reject(new Error('no database')) }
    await writeVisits(ctx)
    noteVisit(ctx, visit())
    ctx.db = db
    assert.equal((await only()).requests, 2)
  })

  it('are written when the server stops', async () => {
    const config = await testConfig()
    const first = await startBrick(config, quiet)
    noteVisit(first.ctx, visit())
    await first.close()
    const again = await startBrick(config, quiet)
    assert.equal((await readHarvesters(again.ctx))[0]?.requests, 1)
    await again.close()
    await forget(config)
  })
})
