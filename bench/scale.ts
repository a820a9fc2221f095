// What a root is reckoned from (docs/scale.md), each part in sizes that can be waited for:
//
//   npm run bench -- scale bytes [RECORDS]            disk, log and processor time of each record
//   npm run bench -- scale line [WRITERS] [BATCHES]   writers that meet at the line
//   npm run bench -- scale rows [RECORDS] [SOURCES]   what grows with the table
//   npm run bench -- scale queue [SOURCES]            whose turn it is
//   npm run bench -- scale sources [SOURCES] [WORKERS] [PLACES] many small sources, and one large one among them
//
// ELASTICSEARCH_URL: bytes also measures an index.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { extname, join, resolve } from 'node:path'
import { pino } from 'pino'
import { loadConfig, type Config } from '../config/config.ts'
import { openBrick, startBrick } from '../server/brick.ts'
import { catchUp } from '../server/changes/changes.ts'
import type { Context } from '../server/context.ts'
import { freePort } from '../server/db/embedded.ts'
import { addSource, harvestSource } from '../server/network/network.ts'
import { standingOf, takeTurn } from '../server/network/turns.ts'
import {
  countByKeeper,
  keep,
  receive,
  type Arrival,
  type RecordInput,
} from '../server/records/records.ts'
import { indexReader } from '../server/search/reader.ts'
import { fillHarvested, fillSources } from './fill.ts'
import { costOf, cpuOf, peakOf, postmasterIn, type Cost } from './meter.ts'
import { median, openStage, type Stage } from './stage.ts'

const parts: Record<string, (stage: Stage, given: number[]) => Promise<void>> = {
  bytes,
  line,
  rows,
  queue,
  sources,
}

export async function benchScale([part = '', ...given]: string[]): Promise<void> {
  const run = parts[part]
  if (!run)
    throw new Error(`there is no part "${part}"; there are ${Object.keys(parts).join(', ')}`)
  const stage = await openStage()
  try {
    await run(stage, given.map(Number))
  } finally {
    await stage.clear()
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const number = (value: number): string => Math.round(value).toLocaleString('en-GB')
const time = (milliseconds: number): string =>
  milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : `${number(milliseconds)} ms`

const settingsOf = (stage: Stage): Partial<Config> => ({
  databaseUrl: stage.databaseUrl,
  dataDir: join(stage.folder, 'data'),
  domain: 'brick.example.org',
  elasticsearchUrl: process.env['ELASTICSEARCH_URL'],
  elasticsearchIndex: `scale-bench-${process.pid}`,
  databasePoolSize: 40,
  harvests: 0,
  logLevel: 'warn',
})

async function withBrick(
  stage: Stage,
  work: (ctx: Context) => Promise<void>,
  change: Partial<Config> = {},
): Promise<void> {
  const config = loadConfig({}, { ...settingsOf(stage), ...change })
  const brick = await openBrick(config, pino({ level: 'warn' }))
  try {
    await work(brick.ctx)
  } finally {
    await brick.close()
  }
}

async function child(file: string, args: (string | number)[]): Promise<ChildProcess> {
  const path = resolve(import.meta.dirname, `${file}${extname(import.meta.filename)}`)
  const started = fork(path, args.map(String), {
    execArgv: process.execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(started, 'message')
  return started
}

async function bytes(stage: Stage, [records = 5000]: number[]): Promise<void> {
  const port = await freePort()
  const source = await child('harvest-source', [port, records])
  const postmaster = postmasterIn(stage.folder)
  const report = (what: string, cost: Cost, of = records): void => {
    const each = (value: number): string => number((value / of) * 1e6)
    say(
      `${what}: ${number(of / cost.seconds)} records/s; of each ${each(cost.own)} µs of the harvester, ` +
        `${each(cost.database)} µs of PostgreSQL, ${number(cost.log / of)} bytes of log`,
    )
  }
  try {
    await withBrick(stage, async (ctx) => {
      const url = `http://127.0.0.1:${port}/oai`
      const added = await addSource(ctx, url, { slug: 'bench', prefix: 'oai_dc' })
      const harvest = (how: object) => async (): Promise<void> => {
        const { status, diagnosis } = await harvestSource(ctx, added, { fromScratch: true, ...how })
        if (status !== 'complete') throw new Error(diagnosis?.message)
      }
      report('the first harvest', await costOf(ctx.db, postmaster, harvest({})))
      await ctx.db.query('VACUUM ANALYZE records')
      await saySizes(ctx, records)
      await ctx.db.query('CHECKPOINT')
      report('all again, nothing changed', await costOf(ctx.db, postmaster, harvest({})))
      const compared = await costOf(ctx.db, postmaster, harvest({ acceptVanished: true }))
      report('the same, compared', compared)
      const [seen] = await ctx.db.query<{ size: string }>(
        `SELECT pg_total_relation_size('harvest_seen') AS size`,
      )
      say(`what a comparison notes: ${number(Number(seen?.size) / records)} bytes of each`)
      await ctx.db.query(`UPDATE records SET fingerprint = 0, hash = '' WHERE id % 100 = 0`)
      await ctx.db.query('VACUUM records')
      await ctx.db.query('CHECKPOINT')
      const changed = await costOf(ctx.db, postmaster, harvest({}))
      report('all again, one in a hundred changed', changed)
      if (ctx.engine.name === 'elasticsearch') await sayIndex(ctx, report)
    })
  } finally {
    source.kill()
  }
}

async function saySizes(ctx: Context, records: number): Promise<void> {
  const parts = await ctx.db.query<{ name: string; size: string }>(
    `SELECT CASE WHEN c.relkind = 'i' THEN 'index ' || c.relname ELSE c.relname || ', rows' END AS name,
       pg_relation_size(c.oid) AS size
     FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'i')
     UNION ALL
     SELECT c.relname || ', what is kept aside', pg_total_relation_size(c.reltoastrelid)
     FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.reltoastrelid <> 0
     ORDER BY size DESC`,
  )
  const all = parts.reduce((sum, { size }) => sum + Number(size), 0)
  const noted = parts.filter(({ size }) => Number(size) > all / 500)
  for (const { name, size } of noted)
    say(`  ${name}: ${number(Number(size) / records)} bytes of each`)
  say(`  together ${number(all / records)} bytes of each`)
}

async function sayIndex(
  ctx: Context,
  report: (what: string, cost: Cost, of: number) => void,
): Promise<void> {
  const url = ctx.config.elasticsearchUrl ?? ''
  const index = `${url}/${ctx.config.elasticsearchIndex}`
  const asked = async (address: string, method = 'GET'): Promise<Stats> =>
    (await fetch(address, { method })).json() as Promise<Stats>
  const busy = async (): Promise<number> => {
    const { nodes = {} } = await asked(`${url}/_nodes/stats/process`)
    return Object.values(nodes).reduce((sum, each) => sum + each.process.cpu.total_in_millis, 0)
  }
  const before = await busy()
  const postmaster = postmasterIn(ctx.config.dataDir.replace(/data$/, ''))
  const reader = await indexReader(ctx)
  let count = 0
  const cost = await costOf(ctx.db, postmaster, async () => (count = await catchUp(ctx, reader)))
  report('into the index', cost, count)
  say(`  and ${number((((await busy()) - before) / count) * 1000)} µs of Elasticsearch`)
  for (const step of ['_refresh', '_forcemerge?max_num_segments=1']) {
    await asked(`${index}/${step}`, 'POST')
    const { _all } = await asked(`${index}/_stats/store,docs`)
    const { store, docs } = _all?.primaries ?? { store: { size_in_bytes: 0 }, docs: { count: 1 } }
    say(`  after ${step}: ${number(store.size_in_bytes / docs.count)} bytes of each document`)
  }
  const made = await fetch(`${url}/_alias/${ctx.config.elasticsearchIndex}`)
  for (const name of Object.keys((await made.json()) as object))
    await fetch(`${url}/${name}`, { method: 'DELETE' })
}

interface Stats {
  nodes?: Record<string, { process: { cpu: { total_in_millis: number } } }>
  _all?: { primaries: { store: { size_in_bytes: number }; docs: { count: number } } }
}

const words =
  'archive registre photographie carte église commune délibération fonds série plan affiche gravure marché pêche'.split(
    ' ',
  )
const text = (seed: number, length: number): string =>
  Array.from({ length }, (_, index) => words[(seed * 7 + index * 5) % words.length]).join(' ')

/** What a source would bring: a record whose XML takes 1.3 kB. */
function arrivalOf(sourceId: number, collectionId: number, seed: number, of = 'bench'): Arrival {
  const identifier = `oai:${of}.example.org:${seed}`
  const baseUrl = `https://${of}.example.org/oai`
  const input = (): RecordInput => ({
    collectionId,
    key: identifier,
    profile: 'dublin-core',
    status: 'published',
    visibility: 'open',
    source: { format: 'oai_dc' },
    metadata: {},
    dc: {
      title: [{ value: text(seed, 6), language: 'fr' }],
      description: [{ value: text(seed + 1, 60), language: 'fr' }],
      subject: [{ value: text(seed + 2, 2), language: 'fr' }],
      date: [{ value: '1931' }],
    },
    files: [],
    harvested: {
      sourceId,
      identifier,
      fingerprint: seed,
      xml: Buffer.from(`<oai_dc:dc>${text(seed, 120)}</oai_dc:dc>`),
      links: { homepage: `https://${of}.example.org/${seed}` },
      keeper: { name: of, url: `https://${of}.example.org/` },
      origins: [
        {
          baseUrl,
          identifier,
          datestamp: '2026-01-01',
          metadataNamespace: 'http://www.openarchives.org/OAI/2.0/oai_dc/',
          harvestDate: '2026-01-01T00:00:00Z',
          altered: false,
        },
      ],
    },
  })
  return { identifier, collectionId, fingerprint: seed, input }
}

const batch = 1000

interface Place {
  source_id: number
  id: number
  slug: string
}

const placesIn = (ctx: Context): Promise<(Place & Record<string, unknown>)[]> =>
  ctx.db.query(
    'SELECT id, source_id, slug FROM collections WHERE source_id IS NOT NULL ORDER BY id',
  )

async function line(stage: Stage, [writers = 8, batches = 2]: number[]): Promise<void> {
  await withBrick(stage, async (ctx) => {
    await fillSources(ctx, writers, `'http://127.0.0.1/' || i`, 0)
    const places = await placesIn(ctx)
    let seed = 0
    // In turn, for the machine may be doing other things.
    for (const together of [1, writers, 1, writers]) {
      const ready = await Promise.all(
        places.slice(0, together).map(async ({ id, source_id }) => {
          const made = []
          for (let count = 0; count < (batches * writers) / together; count++) {
            const some = Array.from({ length: batch }, () => arrivalOf(source_id, id, seed++))
            made.push(await receive(ctx, source_id, some))
          }
          return made
        }),
      )
      const cost = await costOf(ctx.db, postmasterIn(stage.folder), () =>
        Promise.all(
          ready.map(async (mine) => {
            for (const each of mine) await keep(ctx, each, async () => undefined)
          }),
        ),
      )
      const records = batches * writers * batch
      say(
        `${together} at once: ${number(records / cost.seconds)} records/s, a batch of ${batch} every ` +
          `${time((cost.seconds * 1000) / (batches * writers))}; ${number((cost.database / records) * 1e6)} µs of PostgreSQL each`,
      )
    }
  })
}

async function timed(what: string, work: () => Promise<unknown>, rounds = 5): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  say(`  ${what}: ${time(median(times))}`)
}

async function rows(stage: Stage, [records = 20_000, count = 100]: number[]): Promise<void> {
  const port = await freePort()
  const settings = { ...settingsOf(stage), elasticsearchUrl: undefined, port }
  const config = loadConfig({}, { ...settings, baseUrl: `http://127.0.0.1:${port}` })
  const brick = await startBrick(config, pino({ level: 'error' }))
  const { ctx, address } = brick
  try {
    await fillSources(ctx, count, `'https://source-' || i || '.example.org/oai'`, 30)
    await fillHarvested(ctx, records, count)
    say(`${number(records)} records of ${number(count)} sources`)
    const [large, ...others] = await placesIn(ctx)
    const small = others[Math.floor(others.length / 2)]
    if (!large || !small) throw new Error('at least two sources')
    await timedStores(ctx, large, records)
    for (const { source_id, slug } of [large, small])
      await timed(`who keeps what, of ${slug}`, () => countByKeeper(ctx, source_id))
    const paths = {
      'page of the network': '/network',
      'the same, by health': '/network?sort=health',
      'page of a source': `/network/${small.slug}`,
      'page of the largest': `/network/${large.slug}`,
      'first page': '/',
      'page of collections': '/collections',
      'JSON of the network': '/api/v1/network',
      metrics: '/metrics',
      'ListRecords, first page': '/oai.xml?verb=ListRecords&metadataPrefix=oai_dc',
      ListSets: '/oai.xml?verb=ListSets',
      sitemap: '/sitemap.xml',
    }
    for (const [what, path] of Object.entries(paths)) {
      let size = 0
      await timed(what, async () => {
        const answer = await fetch(address + path)
        size = (await answer.arrayBuffer()).byteLength
      })
      say(`    ${number(size / 1024)} KiB`)
    }
  } finally {
    await brick.close()
  }
}

async function timedStores(
  ctx: Context,
  { source_id, id, slug }: Place,
  records: number,
): Promise<void> {
  let seed = records
  const known = await ctx.db.query<{ identifier: string; fingerprint: number }>(
    `SELECT identifier, fingerprint FROM records WHERE source_id = $1 AND id > $2 ORDER BY id LIMIT ${batch}`,
    [source_id, Math.floor(records / 2)],
  )
  const same = known.map(({ identifier, fingerprint }): Arrival => ({
    identifier,
    fingerprint,
    collectionId: id,
    input: () => undefined,
  }))
  await timed(`${batch} unchanged records, compared`, () => receive(ctx, source_id, same))
  await timed(`${batch} new ones, stored`, async () => {
    const some = Array.from({ length: batch }, () => arrivalOf(source_id, id, ++seed, slug))
    await keep(ctx, await receive(ctx, source_id, some), async () => undefined)
  })
  await timed(`${batch} changed ones, stored`, async () => {
    const some = Array.from({ length: batch }, (_, index) => {
      const arrival = arrivalOf(source_id, id, seed - index, slug)
      const other = { ...arrival.input(), source: { round: Math.random() } } as RecordInput
      return { ...arrival, fingerprint: arrival.fingerprint + 1, input: () => other }
    })
    await keep(ctx, await receive(ctx, source_id, some), async () => undefined)
  })
}

async function sources(stage: Stage, [count = 200, most = 4, places = 4]: number[]): Promise<void> {
  const [port, largePort] = [await freePort(), await freePort()]
  const remotes = [
    await child('scale-source', [port, 10]),
    await child('harvest-source', [largePort, 30_000]),
  ]
  const address = `'http://127.' || 1 + i / 65025 || '.' || i / 255 % 255 || '.' || 1 + i % 255 || ':${port}/oai'`
  try {
    await withBrick(
      stage,
      async (ctx) => {
        await fillSources(ctx, count, address, 30)
        await ctx.db.query(`UPDATE sources SET next_run_at = now() + interval '1 day'`)
        await sayWorkers(ctx, stage, { workers: 1, places, share: 0 })
        await sayWorkers(ctx, stage, { workers: most, places, share: 1 })
        await sayFairness(ctx, stage, `http://127.0.0.1:${largePort}/oai`, Math.min(count, 100))
      },
      { elasticsearchUrl: undefined },
    )
  } finally {
    for (const each of remotes) each.kill()
  }
}

/** What it costs to find out whose turn it is, when nobody and when everybody is due. */
async function queue(stage: Stage, [count = 1000]: number[]): Promise<void> {
  await withBrick(
    stage,
    async (ctx) => {
      await fillSources(ctx, count, `'http://source-' || i || '.example.org/oai'`, 0)
      await sayQueue(ctx, count)
    },
    { elasticsearchUrl: undefined },
  )
}

async function sayQueue(ctx: Context, count: number): Promise<void> {
  say(`${number(count)} sources`)
  const [one] = await placesIn(ctx)
  const source = await ctx.db.dataSource
    .getRepository('source')
    .findOneByOrFail({ id: one?.source_id })
  const due = (when: string) => ctx.db.query(`UPDATE sources SET next_run_at = now() ${when}`)
  for (const [what, when] of [
    ['nobody is due', `+ interval '1 hour'`],
    ['all are due', `- interval '1 hour'`],
  ] as const) {
    await due(when)
    await ctx.db.query('VACUUM ANALYZE sources')
    await timed(`whose turn it is, ${what}`, () => takeTurn(ctx), 15)
    await timed(`whether others wait, ${what}`, () => standingOf(ctx, source as never), 15)
  }
}

async function withWorkers<T>(
  stage: Stage,
  workers: number,
  settings: Record<string, string>,
  work: (processes: ChildProcess[]) => Promise<T>,
): Promise<T> {
  const program = resolve(
    import.meta.dirname,
    import.meta.filename.endsWith('.ts') ? '..' : '../..',
    'bin/campa.js',
  )
  const processes = Array.from({ length: workers }, () =>
    fork(program, ['work'], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        DATABASE_URL: stage.databaseUrl,
        CAMPA_DATA_DIR: join(stage.folder, 'data'),
        CAMPA_DOMAIN: 'brick.example.org',
        CAMPA_LOG_LEVEL: 'error',
        ...settings,
      },
    }),
  )
  try {
    return await work(processes)
  } finally {
    await Promise.all(processes.map((each) => (each.kill(), once(each, 'exit'))))
  }
}

const complete = async (ctx: Context, since: Date): Promise<number> => {
  const [row] = await ctx.db.query<{ count: number }>(
    `SELECT count(*) AS count FROM harvests WHERE status = 'complete' AND started_at >= $1`,
    [since],
  )
  return row?.count ?? 0
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

interface Crew {
  workers: number
  /** Harvests at once in each. */
  places: number
  /** Half of the sources: none is harvested twice. */
  share: 0 | 1
}

async function sayWorkers(
  ctx: Context,
  stage: Stage,
  { workers, places, share }: Crew,
): Promise<void> {
  const settings = { CAMPA_HARVESTS: String(places), CAMPA_DATABASE_POOL: String(4 + 3 * places) }
  await withWorkers(stage, workers, settings, async (processes) => {
    await pause(5000)
    const before = processes.map(({ pid }) => cpuOf(pid))
    const begun = new Date()
    const due = await ctx.db.query(
      `UPDATE sources SET next_run_at = now() WHERE id % 2 = $1 RETURNING id`,
      [share],
    )
    const cost = await costOf(ctx.db, postmasterIn(stage.folder), async () => {
      while ((await complete(ctx, begun)) < due.length) await pause(250)
    })
    const spent = processes.map(({ pid }, index) => cpuOf(pid) - (before[index] ?? 0))
    const each = (seconds: number): string => time((seconds / due.length) * 1000)
    say(
      `  ${workers} workers of ${places}: ${(due.length / cost.seconds).toFixed(1)} sources/s; of each ` +
        `${each(spent.reduce((sum, one) => sum + one, 0))} of a worker, ${each(cost.database)} of PostgreSQL, ` +
        `${number(cost.log / due.length)} bytes of log; ` +
        `at most ${Math.max(...processes.map(({ pid }) => peakOf(pid)))} MB in a worker`,
    )
  })
}

/** One place for a large source and many small ones. */
async function sayFairness(ctx: Context, stage: Stage, url: string, small: number): Promise<void> {
  const large = await addSource(ctx, url, { slug: 'large', prefix: 'oai_dc' })
  await ctx.db.query(
    `UPDATE sources SET next_run_at = now() + interval '1 day', last_response_date = NULL`,
  )
  const settings = { CAMPA_HARVESTS: '1', CAMPA_HARVEST_TURN_SECONDS: '3' }
  await withWorkers(stage, 1, settings, async () => {
    await pause(5000)
    const begun = new Date()
    await ctx.db.query(`UPDATE sources SET next_run_at = now() WHERE id = $1`, [large.id])
    await pause(1000)
    await ctx.db.query(
      `UPDATE sources SET next_run_at = now() WHERE id IN (SELECT id FROM sources WHERE slug <> 'large' LIMIT $1)`,
      [small],
    )
    let served = 0
    for (let done = 0; done <= small; done = await complete(ctx, begun)) {
      if (!served && done === small) served = Date.now() - begun.getTime()
      await pause(100)
    }
    say(
      `  one place, turns of 3 s: ${small} small sources through after ${time(served)}, ` +
        `the large one that was before them after ${time(Date.now() - begun.getTime())}`,
    )
  })
}
