import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { openClient } from '../../harvester/client.ts'
import { harvest } from '../../harvester/harvest.ts'
import { randomFrom } from '../../demo/random.ts'
import { openBrick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import { save, withdraw, type RecordInput } from '../../server/records/records.ts'
import { collection, draft, quiet } from '../house.ts'
import { described } from './archive.ts'
import { ask, askPatiently, codesOf, follow } from './door.ts'
import { restartable, type Restartable } from './restart.ts'
import { anyVersion, markOf, startWriters, toNextSecond, type Writers } from './writers.ts'

// The central promise: who follows the protocol, whatever is written meanwhile, holds in the end every record as it
// stands and every deletion. SEED=… repeats a run, RUNS=20 makes more of them.
const runs = Number(process.env['RUNS'] ?? 2)
const firstSeed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6))

interface List {
  metadataPrefix: string
  set?: string
  from?: string
}

interface Page {
  responseDate: string
  records: { identifier: string; deleted: boolean; mark: string | undefined }[]
}

type Walk = (url: string, list: List) => AsyncGenerator<Page, void>

/** Tokens followed, nothing else. */
async function* plainly(url: string, list: List): AsyncGenerator<Page, void> {
  for await (const page of follow(url, { verb: 'ListRecords', ...list }, askPatiently)) {
    if (page.errors.length) {
      assert.deepEqual(codesOf(page), ['noRecordsMatch'])
      const maybe = list.from !== undefined || list.metadataPrefix !== 'oai_dc'
      assert.ok(maybe, 'a full list is not empty')
    } else assert.ok(page.records.length, 'a page must not be empty')
    yield {
      responseDate: page.responseDate,
      records: page.records.map(({ identifier, deleted, xml }) => ({
        identifier,
        deleted,
        mark: markOf(xml),
      })),
    }
  }
}

/** As the brick above does. */
async function* asABrick(url: string, list: List): AsyncGenerator<Page, void> {
  const client = openClient(url, { userAgent: 'no-loss', retryMs: 50, attempts: 60 })
  try {
    for await (const page of harvest(client, list)) {
      // What moved on meanwhile is missing from the count; it comes with the next list.
      const problems = page.problems.filter((each) => each.code !== 'fewer-than-announced')
      assert.deepEqual(problems, [])
      yield {
        responseDate: page.responseDate ?? '',
        records: page.records.map(({ identifier, deleted, metadata }) => ({
          identifier,
          deleted,
          mark: metadata && markOf(metadata.xml.toString()),
        })),
      }
    }
  } finally {
    await client.close()
  }
}

/** Identifier to version, or to "deleted". */
type Held = Map<string, string>

/** One who harvests: everything once, then only what is new. */
class Harvester {
  readonly held: Held = new Map()
  private from: string | undefined
  private readonly url: string
  readonly list: List
  private readonly walk: Walk
  readonly name: string

  constructor(url: string, list: List, walk: Walk) {
    this.url = url
    this.list = list
    this.walk = walk
    this.name = `${walk.name} ${JSON.stringify(list)}`
  }

  /** @param between called after each page */
  async harvest(between: () => Promise<void>): Promise<void> {
    let began: string | undefined
    const list = { ...this.list, ...(this.from && { from: this.from }) }
    for await (const { responseDate, records } of this.walk(this.url, list)) {
      began ??= responseDate
      const names = records.map((each) => each.identifier)
      assert.equal(new Set(names).size, names.length, 'a record stands twice on a page')
      for (const { identifier, deleted, mark } of records)
        this.held.set(identifier, deleted ? 'deleted' : (mark ?? 'without a version'))
      await between()
    }
    assert.ok(began, 'a list has a first page')
    this.from = began
  }
}

/** What the database holds and a set (with what is nested in it) should give. */
async function truth(ctx: Context, set?: string): Promise<Held> {
  const rows = await ctx.db.query<{ identifier: string; shown: boolean; title: string }>(
    `SELECT identifier, (status = 'published' AND r.visibility IN ('open', 'on-request')) AS shown,
       dc->'title'->0->>'value' AS title
     FROM records r JOIN collections c ON c.id = collection_id
     WHERE sequence IS NOT NULL AND ($1::text IS NULL OR set_spec = $1 OR set_spec LIKE $1 || ':%')`,
    [set ?? null],
  )
  return new Map(
    rows.map((each) => [each.identifier, each.shown ? (markOf(each.title) ?? '') : 'deleted']),
  )
}

function assertSame(held: Held, expected: Held, who: string): void {
  const wrong = [...new Set([...held.keys(), ...expected.keys()])]
    .filter((each) => held.get(each) !== expected.get(each))
    .map((each) => `${each}: ${held.get(each) ?? 'missing'}, not ${expected.get(each) ?? 'there'}`)
  assert.deepEqual(wrong.slice(0, 5), [], `${who}: ${wrong.length} of ${expected.size} are wrong`)
}

async function filled(): Promise<{ leaf: Restartable; collections: number[] }> {
  const leaf = await restartable({ oaiPageSize: 90 })
  const drawings = await collection(leaf.ctx, 'drawings')
  const april = await collection(leaf.ctx, 'april', drawings)
  const letters = await collection(leaf.ctx, 'letters')
  return { leaf, collections: [drawings, april, letters] }
}

const formatsOf = async (url: string): Promise<string[]> =>
  [...(await ask(url, 'verb=ListMetadataFormats')).text.matchAll(/<metadataPrefix>([^<]+)/g)].map(
    (match) => match[1] ?? '',
  )

async function trial(seed: number, restarts: boolean): Promise<void> {
  const random = randomFrom(seed)
  const { leaf, collections } = await filled()
  const desks = await openBrick({ ...leaf.ctx.config, databasePoolSize: 10 }, quiet)
  let writers: Writers | undefined
  try {
    const saved = await save(
      leaf.ctx,
      Array.from({ length: 1150 }, (_, index) =>
        anyVersion(random, collections[index % collections.length] as number, String(index)),
      ),
    )
    const identifiers = saved.map((each) => each.identifier)
    writers = startWriters(desks.ctx, 8, collections, identifiers, seed)
    const more = (batches: number): Promise<void> | undefined => writers?.more(batches)

    const all = await formatsOf(leaf.url)
    // A short run takes EDM and one of the others, by turns.
    const others = all.filter((each) => each !== 'edm')
    const prefixes = runs > 2 ? all : ['edm', others[seed % others.length] ?? 'oai_dc']
    const harvesters = [
      new Harvester(leaf.url, { metadataPrefix: 'oai_dc' }, plainly),
      new Harvester(leaf.url, { metadataPrefix: 'oai_dc', set: 'drawings' }, plainly),
      new Harvester(leaf.url, { metadataPrefix: 'oai_dc', set: 'drawings:april' }, asABrick),
      ...prefixes.map((metadataPrefix) => new Harvester(leaf.url, { metadataPrefix }, asABrick)),
    ]
    const pace = async (): Promise<void> => more(1 + Math.floor(random() * 4))
    const restarting = async (): Promise<void> => {
      if (!restarts) return
      await more(15)
      await leaf.restart({ oaiPageSize: 70 })
    }
    await Promise.all([restarting(), ...harvesters.map((each) => each.harvest(pace))])
    // Half of them harvest again while all goes on; the others only when it is quiet.
    const eager = harvesters.filter((_, index) => index % 2 === 0)
    for (let round = 0; round < 2; round++) {
      await sleep(toNextSecond() + random() * 60)
      await Promise.all(eager.map((each) => each.harvest(pace)))
    }
    await writers.stop()
    for (const each of harvesters) await each.harvest(() => Promise.resolve())

    for (const each of harvesters) {
      const { metadataPrefix, set } = each.list
      const expected = await truth(leaf.ctx, set)
      assertSame(each.held, await given(leaf.url, metadataPrefix, expected), each.name)
    }
  } finally {
    await writers?.stop().catch(() => undefined)
    await desks.close()
    await leaf.close()
  }
}

/** Not every format can give every record: those that this one must give. */
async function given(url: string, metadataPrefix: string, all: Held): Promise<Held> {
  if (metadataPrefix === 'oai_dc') return all
  const listed = new Set<string>()
  for await (const { records } of plainly(url, { metadataPrefix }))
    for (const each of records) listed.add(each.identifier)
  const missing = [...all.keys()].filter((each) => !listed.has(each))
  for (const identifier of missing.slice(0, 5)) {
    const answer = await ask(url, { verb: 'GetRecord', metadataPrefix, identifier })
    assert.deepEqual(codesOf(answer), ['cannotDisseminateFormat'], `${identifier} is not listed`)
  }
  return new Map([...all].filter(([identifier]) => listed.has(identifier)))
}

/** One who writes while its transaction is held open; `let go` ends it. */
function heldOpen(
  ctx: Context,
  input: RecordInput,
): { begun: Promise<void>; letGo(): Promise<string> } {
  let letGo = (): void => undefined
  const open = new Promise<void>((done) => (letGo = done))
  let begin = (): void => undefined
  const begun = new Promise<void>((done) => (begin = done))
  const saving = save(ctx, [input], () => {
    begin()
    return open
  })
  return {
    begun,
    async letGo() {
      letGo()
      return (await saving)[0]?.identifier ?? ''
    },
  }
}

describe('who follows the protocol', function () {
  this.timeout(120_000)
  for (let run = 0; run < runs; run++) {
    const seed = firstSeed + run
    const restarts = run % 2 === 1
    it(`holds everything as it stands in the end, whatever 8 writers do meanwhile${restarts ? ', through a restart too' : ''} (SEED=${seed})`, () =>
      trial(seed, restarts))
  }

  for (const verb of ['ListRecords', 'ListIdentifiers']) {
    it(`is told by ${verb} of a change that was on its way while it asked, and of those that overtook it`, async () => {
      const { leaf, collections } = await filled()
      const desks = await openBrick(leaf.ctx.config, quiet)
      try {
        const [drawings = 0, april = 0] = collections
        await save(leaf.ctx, [draft(drawings, 'old')])
        const slow = heldOpen(desks.ctx, draft(drawings, 'slow'))
        await slow.begun
        const overtaking = save(desks.ctx, [draft(april, 'quick')])
        // The change bears a second that is over when the list is asked for.
        await sleep(toNextSecond() + 20)
        const list = { verb, metadataPrefix: 'oai_dc' }
        const asked = ask(leaf.url, list)
        await Promise.race([asked, sleep(300)])
        const identifiers = [await slow.letGo(), (await overtaking)[0]?.identifier ?? '']
        const first = await asked
        const second = await ask(leaf.url, { ...list, from: first.responseDate })
        const told = [...first.records, ...second.records].map((each) => each.identifier)
        assert.deepEqual(
          identifiers.filter((each) => !told.includes(each)),
          [],
        )
      } finally {
        await desks.close()
        await leaf.close()
      }
    })
  }

  it('is told of a change that was made while it was told that there is nothing new', async () => {
    const { leaf, collections } = await filled()
    const desks = await openBrick(leaf.ctx.config, quiet)
    try {
      const [old] = await save(leaf.ctx, [described(collections[0] ?? 0, 'old')])
      await sleep(toNextSecond() + 20)
      const list = { verb: 'ListRecords', metadataPrefix: 'edm' }
      const from = `${new Date().toISOString().slice(0, 19)}Z`
      // The provider has looked for what is new and waits for what it keeps, to write it down.
      const gate = await desks.ctx.db.pool.connect()
      await gate.query('BEGIN')
      await gate.query('LOCK TABLE kept_texts IN ACCESS EXCLUSIVE MODE')
      const asked = ask(leaf.url, { ...list, from })
      await Promise.race([asked, sleep(300)])
      await withdraw(desks.ctx, [old?.identifier ?? ''])
      await sleep(toNextSecond() + 20)
      await gate.query('COMMIT')
      gate.release()
      const first = await asked
      const second = await ask(leaf.url, { ...list, from: first.responseDate })
      assert.deepEqual(
        [...first.records, ...second.records].map((each) => each.identifier),
        [old?.identifier],
      )
    } finally {
      await desks.close()
      await leaf.close()
    }
  })
})
