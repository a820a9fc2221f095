// The provider against its limits, in one run, in turn: the same rows by a bare cursor of pg, the same bytes by COPY and from
// the memory of a node:http server; by page size, by format, by depth, by set, one walk and several together.
//
//   npm run bench -- oai [RECORDS] [--rounds N]
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { pino } from 'pino'
import { loadConfig, type Config } from '../config/config.ts'
import { openBrick } from '../server/brick.ts'
import { fillLine } from './fill.ts'
import { freePort, median, openStage, type Stage } from './stage.ts'

interface Walk {
  records: number
  bytes: number
  seconds: number
  /** Milliseconds of each page, in order. */
  pages: number[]
}

const schema = 'oai_bench'
const pageSizes = [100, 1000]

export async function benchOai([given = '100000', ...rest]: string[]): Promise<void> {
  const records = Number(given)
  const rounds = rest[0] === '--rounds' ? Number(rest[1]) : 3
  const stage = await openStage()
  try {
    const config = await configOf(stage)
    const { ctx, close } = await openBrick(config, pino({ level: 'warn' }))
    say(`filling the line with ${number(records)} records …`)
    await fillLine(ctx, records)
    await close()
    for (const size of pageSizes) await compare(stage, config, size, records, rounds)
    await others(stage, config, rounds)
    await depth(stage, config)
    await crowd(stage, config)
  } finally {
    await stage.clear()
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const number = (value: number): string => Math.round(value).toLocaleString('en-GB')
const speed = ({ records, seconds }: Pick<Walk, 'records' | 'seconds'>): number => records / seconds

async function configOf(stage: Stage): Promise<Config> {
  const port = await freePort()
  return loadConfig(
    {},
    {
      port,
      baseUrl: `http://127.0.0.1:${port}`,
      databaseUrl: stage.databaseUrl,
      databaseSchema: schema,
      dataDir: join(stage.folder, 'data'),
      domain: 'bench.example.org',
      logLevel: 'warn',
    },
  )
}

interface Server {
  oai: string
  /** Peak of the resident memory, in MB. */
  peak(): number
  stop(): Promise<void>
}

/** The whole application in a process of its own, as an operator runs it. */
async function serve(stage: Stage, config: Config, pageSize: number): Promise<Server> {
  const program = resolve(import.meta.dirname, '..', 'bin', 'campa.js')
  const child = spawn(process.execPath, [program, 'start'], {
    cwd: stage.folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      CAMPA_PORT: String(config.port),
      DATABASE_URL: stage.databaseUrl,
      CAMPA_DATABASE_SCHEMA: schema,
      CAMPA_DATA_DIR: join(stage.folder, 'data'),
      CAMPA_DOMAIN: config.domain,
      CAMPA_LOG_LEVEL: 'warn',
      CAMPA_OAI_PAGE_SIZE: String(pageSize),
      CAMPA_OAI_CONCURRENCY: '64',
      CAMPA_OAI_REQUESTS_PER_MINUTE: '10000000',
    },
  })
  const oai = `http://127.0.0.1:${config.port}/oai`
  await answering(child, oai)
  return {
    oai,
    peak: () => Math.round(residentPeak(child.pid) / 1024),
    async stop() {
      child.kill('SIGTERM')
      await new Promise((done) => child.once('exit', done))
    },
  }
}

async function answering(child: ChildProcess, oai: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 300) throw new Error('the brick did not start')
    try {
      await get(`${oai}?verb=Identify`)
      return
    } catch {
      await sleep(100)
    }
  }
}

function residentPeak(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0)
}

const agent = new http.Agent({ keepAlive: true })

function get(url: string): Promise<Buffer> {
  return new Promise((done, failed) => {
    http
      .get(url, { agent }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          response.statusCode === 200
            ? done(Buffer.concat(chunks))
            : failed(new Error(`${response.statusCode} ${Buffer.concat(chunks).toString()}`)),
        )
        response.on('error', failed)
      })
      .on('error', failed)
  })
}

/** Follows the tokens and parses nothing: what is timed is the server. */
async function walk(oai: string, query: string, most = Infinity): Promise<Walk> {
  const pages: number[] = []
  let bytes = 0
  let records = 0
  const began = performance.now()
  for (let next: string | undefined = query; next && pages.length < most;) {
    const asked = performance.now()
    const page = await get(`${oai}?verb=ListRecords&${next}`)
    pages.push(performance.now() - asked)
    bytes += page.length
    const end = page.subarray(-600).toString('latin1')
    const [, cursor = '0', token = ''] =
      /<resumptionToken[^>]* cursor="(\d+)">([^<]*)</.exec(end) ?? []
    records = Number(cursor)
    if (!token) records += countRecords(page)
    next = token ? `resumptionToken=${token}` : undefined
  }
  return { records, bytes, seconds: (performance.now() - began) / 1000, pages }
}

function countRecords(page: Buffer): number {
  let count = 0
  for (let at = page.indexOf('<record>'); at >= 0; at = page.indexOf('<record>', at + 8)) count++
  return count
}

async function together(oai: string, query: string, count: number): Promise<Walk> {
  const began = performance.now()
  const walks = await Promise.all(Array.from({ length: count }, () => walk(oai, query)))
  return {
    records: walks.reduce((sum, each) => sum + each.records, 0),
    bytes: walks.reduce((sum, each) => sum + each.bytes, 0),
    seconds: (performance.now() - began) / 1000,
    pages: walks.flatMap((each) => each.pages),
  }
}

/** The same rows by a cursor, to strings in memory. */
async function bareCursor(stage: Stage, length: number): Promise<Walk> {
  const client = new pg.Client({ connectionString: stage.databaseUrl })
  await client.connect()
  try {
    const began = performance.now()
    const cursor = client.query(
      new Cursor<{ oai_dc: string }>(
        `SELECT oai_dc FROM ${schema}.records WHERE sequence IS NOT NULL ORDER BY sequence`,
      ),
    )
    let records = 0
    for (;;) {
      const rows = await cursor.read(length)
      if (!rows.length) break
      records += rows.length
    }
    await cursor.close()
    return { records, bytes: 0, seconds: (performance.now() - began) / 1000, pages: [] }
  } finally {
    await client.end()
  }
}

/** The same bytes by COPY, which is the fastest way out of PostgreSQL; counted by the server's own rows. */
async function copied(stage: Stage): Promise<Walk> {
  const client = new pg.Client({ connectionString: stage.databaseUrl })
  await client.connect()
  try {
    const began = performance.now()
    const { rows } = await client.query<{ count: string }>(
      `SELECT count(length(oai_dc)) FROM (SELECT oai_dc FROM ${schema}.records WHERE sequence IS NOT NULL ORDER BY sequence) AS t`,
    )
    await client.query(
      `COPY (SELECT oai_dc FROM ${schema}.records WHERE sequence IS NOT NULL ORDER BY sequence) TO PROGRAM 'cat > /dev/null'`,
    )
    const seconds = (performance.now() - began) / 1000
    return { records: Number(rows[0]?.count), bytes: 0, seconds, pages: [] }
  } finally {
    await client.end()
  }
}

/** The same pages from the memory of a bare node:http server, asked in the same way. */
async function fromMemory(page: Buffer, requests: number): Promise<Walk> {
  const port = await freePort()
  const child = fork(resolve(import.meta.dirname, 'constant.ts'), [String(port)], {
    execArgv: process.execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    await new Promise((done) => child.once('message', done))
    child.send(page.toString('base64'))
    await new Promise((done) => child.once('message', done))
    const began = performance.now()
    let bytes = 0
    for (let request = 0; request < requests; request++) {
      bytes += (await get(`http://127.0.0.1:${port}/`)).length
    }
    const seconds = (performance.now() - began) / 1000
    return { records: countRecords(page) * requests, bytes, seconds, pages: [] }
  } finally {
    child.kill()
  }
}

async function compare(
  stage: Stage,
  config: Config,
  size: number,
  records: number,
  rounds: number,
): Promise<void> {
  const server = await serve(stage, config, size)
  try {
    const query = 'metadataPrefix=oai_dc'
    const page = await get(`${server.oai}?verb=ListRecords&${query}`)
    await walk(server.oai, query)
    const ratios: Record<'one' | 'four' | 'memory' | 'copy', number[]> = {
      one: [],
      four: [],
      memory: [],
      copy: [],
    }
    for (let round = 1; round <= rounds; round++) {
      const bare = speed(await bareCursor(stage, size))
      const one = await walk(server.oai, query)
      if (one.records !== records) throw new Error(`${one.records} of ${records} records came`)
      const four = speed(await together(server.oai, query, 4))
      const memory = speed(await fromMemory(page, Math.min(2000, Math.ceil(records / size))))
      const copy = speed(await copied(stage))
      ratios.one.push(speed(one) / bare)
      ratios.four.push(four / bare)
      ratios.memory.push(speed(one) / memory)
      ratios.copy.push(speed(one) / copy)
      say(
        `pages of ${size}, round ${round}: one walk ${number(speed(one))} records/s (${number(one.bytes / one.seconds / 1e6)} MB/s,` +
          ` p50 ${quantile(one.pages, 0.5)} ms, p99 ${quantile(one.pages, 0.99)} ms), four ${number(four)},` +
          ` bare cursor ${number(bare)}, COPY ${number(copy)}, from memory ${number(memory)}`,
      )
    }
    say(
      `pages of ${size}: one walk / bare cursor ${ratio(ratios.one)}, four walks ${ratio(ratios.four)},` +
        ` one walk / COPY ${ratio(ratios.copy)}, / from memory ${ratio(ratios.memory)}; peak RSS ${server.peak()} MB`,
    )
  } finally {
    await server.stop()
  }
}

const ratio = (values: number[]): string => median(values).toFixed(2)
const quantile = (values: number[], share: number): string =>
  (
    values.toSorted((a, b) => a - b)[
      Math.min(values.length - 1, Math.floor(values.length * share))
    ] ?? 0
  ).toFixed(1)

async function others(stage: Stage, config: Config, rounds: number): Promise<void> {
  const server = await serve(stage, config, 1000)
  try {
    const formats = [
      ...(await get(`${server.oai}?verb=ListMetadataFormats`))
        .toString()
        .matchAll(/<metadataPrefix>([^<]*)/g),
    ].map(([, prefix = '']) => prefix)
    for (const prefix of formats.filter((each) => each !== 'oai_dc')) {
      const ratios: number[] = []
      let last: Walk | undefined
      for (let round = 0; round < rounds; round++) {
        const bare = speed(await bareCursor(stage, 1000))
        // As deep as it takes to know its speed.
        last = await walk(server.oai, `metadataPrefix=${prefix}`, 100)
        ratios.push(speed(last) / bare)
      }
      if (last?.records)
        say(`${prefix}: ${number(speed(last))} records/s, / bare cursor ${ratio(ratios)}`)
    }
    say(`peak RSS ${server.peak()} MB`)
  } finally {
    await server.stop()
  }
}

/** Whether the last pages cost what the first ones do. */
async function depth(stage: Stage, config: Config): Promise<void> {
  const server = await serve(stage, config, 500)
  try {
    for (const query of ['metadataPrefix=oai_dc', 'metadataPrefix=oai_dc&set=bench:b']) {
      const walks = [await walk(server.oai, query), await walk(server.oai, query)]
      const { pages } = walks.at(-1) as Walk
      // The last page may be a short one.
      const part = Math.max(1, Math.floor(pages.length / 20))
      const [first, last] = [median(pages.slice(1, part + 1)), median(pages.slice(-part - 1, -1))]
      say(
        `${query}: first pages ${first.toFixed(1)} ms, last pages ${last.toFixed(1)} ms, last / first ${(last / first).toFixed(2)}`,
      )
    }
  } finally {
    await server.stop()
  }
}

async function crowd(stage: Stage, config: Config): Promise<void> {
  const server = await serve(stage, config, 500)
  try {
    const query = 'metadataPrefix=oai_dc'
    await walk(server.oai, query, 100)
    const alone = await walk(server.oai, query, 400)
    const began = await Promise.all(Array.from({ length: 16 }, () => walk(server.oai, query, 100)))
    const pages = began.flatMap((each) => each.pages)
    const [p50, p99] = [quantile(alone.pages, 0.5), quantile(pages, 0.99)]
    say(
      `16 walks together, pages of 500: p99 ${p99} ms, p50 of one alone ${p50} ms, p99 / p50 ${(Number(p99) / Number(p50)).toFixed(1)}; peak RSS ${server.peak()} MB`,
    )
  } finally {
    await server.stop()
  }
}
