// The provider against its limits, in one run, in turn: the same rows by a bare cursor of pg, the same bytes by COPY and from
// the memory of a node:http server; by page size, by format, by depth, by set, one walk and several together.
//
//   npm run bench -- oai [RECORDS] [--rounds N]
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect as connectTo } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { pino } from 'pino'
import type { Config } from '../config/config.ts'
import { openBrick } from '../server/brick.ts'
import { freePort } from '../server/db/embedded.ts'
import { fillLine } from './fill.ts'
import { configOf, start } from './served.ts'
import { median, openStage, type Stage } from './stage.ts'

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
    const config = await configOf(stage, schema)
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

interface Server {
  port: number
  /** Peak of the resident memory, in MB. */
  peak(): number
  stop(): Promise<void>
}

async function serve(stage: Stage, config: Config, pageSize: number): Promise<Server> {
  const child = start(stage, config, {
    CAMPA_OAI_PAGE_SIZE: String(pageSize),
    CAMPA_OAI_CONCURRENCY: '64',
    CAMPA_OAI_REQUESTS_PER_MINUTE: '10000000',
  })
  await answering(child, config.port)
  return {
    port: config.port,
    peak: () => Math.round(residentPeak(child.pid) / 1024),
    async stop() {
      child.kill('SIGTERM')
      await new Promise((done) => child.once('exit', done))
    },
  }
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 300) throw new Error('the brick did not start')
    try {
      await getOnce(port, '/oai?verb=Identify')
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

type Get = (path: string) => Promise<Buffer>

/**
 * A client that only receives: one connection, one piece of memory, nothing parsed but where an answer ends. What is
 * measured is the server, and a client that costs as much would be measured with it.
 */
function connect(port: number): { get: Get; close: () => void } {
  let held = Buffer.allocUnsafeSlow(4 * 2 ** 20)
  let length = 0
  let needed = 0
  let settle: { done: (answer: Buffer) => void; failed: (error: Error) => void } | undefined
  const receive = (part: Buffer): void => {
    if (length + part.length > held.length) held = Buffer.concat([held], held.length * 2)
    part.copy(held, length)
    length += part.length
    if (needed === 0) needed = lengthOf(held.subarray(0, length))
    const isWhole =
      needed > 0
        ? length >= needed
        : held.toString('latin1', length - 7, length) === '\r\n0\r\n\r\n'
    if (!isWhole) return
    const answer = held.subarray(0, length)
    length = needed = 0
    if (answer.toString('latin1', 9, 12) === '200') settle?.done(answer)
    else settle?.failed(new Error(answer.toString('latin1', 0, 1000)))
  }
  const socket = connectTo({
    port,
    host: '127.0.0.1',
    onread: {
      buffer: Buffer.allocUnsafeSlow(256 * 1024),
      callback: (size, buffer) => {
        receive(Buffer.from(buffer.buffer, buffer.byteOffset, size))
        return true
      },
    },
  })
  socket.on('error', (error) => settle?.failed(error))
  return {
    get: (path) =>
      new Promise((done, failed) => {
        settle = { done, failed }
        socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
      }),
    close: () => socket.destroy(),
  }
}

/** Of the whole answer; 0 where its head is not whole yet, -1 where only its end tells. */
function lengthOf(answer: Buffer): number {
  const head = answer.subarray(0, 8192).indexOf('\r\n\r\n')
  if (head < 0) return 0
  const stated = /content-length: (\d+)/i.exec(answer.toString('latin1', 0, head))?.[1]
  return stated === undefined ? -1 : head + 4 + Number(stated)
}

async function getOnce(port: number, path: string): Promise<Buffer> {
  const { get, close } = connect(port)
  try {
    return Buffer.from(await get(path))
  } finally {
    close()
  }
}

interface WalkOptions {
  /** Pages. */
  most?: number
  /** Milliseconds that the harvester takes for each page before it asks for the next one. */
  pause?: number
}

/** Follows the tokens to the end of a list. */
async function walk(
  { port }: Server,
  query: string,
  { most = Infinity, pause = 0 }: WalkOptions = {},
): Promise<Walk> {
  const { get, close } = connect(port)
  const pages: number[] = []
  let bytes = 0
  let records = 0
  const began = performance.now()
  for (let next: string | undefined = query; next && pages.length < most;) {
    const asked = performance.now()
    const page: Buffer = await get(`/oai?verb=ListRecords&${next}`)
    pages.push(performance.now() - asked)
    bytes += page.length
    const end = page.toString('latin1', page.length - 700)
    const [, cursor = '0', token = ''] =
      /<resumptionToken[^>]* cursor="(\d+)">([^<]*)</.exec(end) ?? []
    records = Number(cursor)
    if (!token) records += countRecords(page)
    next = token ? `resumptionToken=${token}` : undefined
    if (pause) await sleep(pause)
  }
  close()
  return { records, bytes, seconds: (performance.now() - began) / 1000, pages }
}

function countRecords(page: Buffer): number {
  let count = 0
  for (let at = page.indexOf('<record>'); at >= 0; at = page.indexOf('<record>', at + 8)) count++
  return count
}

async function together(
  server: Server,
  query: string,
  count: number,
  options?: WalkOptions,
): Promise<Walk> {
  const began = performance.now()
  const walks = await Promise.all(Array.from({ length: count }, () => walk(server, query, options)))
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

/** The same page from the memory of a bare node:http server, asked in the same way. */
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
    const { get, close } = connect(port)
    const began = performance.now()
    let bytes = 0
    for (let request = 0; request < requests; request++) bytes += (await get('/')).length
    const seconds = (performance.now() - began) / 1000
    close()
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
    const answer = await getOnce(server.port, `/oai?verb=ListRecords&${query}`)
    const page = answer.subarray(answer.indexOf('<?xml'))
    // As long as it runs, a server runs faster: it is not timed from its first request.
    for (let warm = 0; warm < 500_000;) warm += (await walk(server, query)).records
    const ratios: Record<'one' | 'four' | 'memory' | 'copy', number[]> = {
      one: [],
      four: [],
      memory: [],
      copy: [],
    }
    for (let round = 1; round <= rounds; round++) {
      const bare = speed(await bareCursor(stage, size))
      const one = await walk(server, query)
      if (one.records !== records) throw new Error(`${one.records} of ${records} records came`)
      const four = speed(await together(server, query, 4))
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
    const answer = await getOnce(server.port, '/oai?verb=ListMetadataFormats')
    const formats = [...answer.toString().matchAll(/<metadataPrefix>([^<]*)/g)]
      .map(([, prefix = '']) => prefix)
      .filter((each) => each !== 'oai_dc')
    for (const prefix of formats) {
      const query = `metadataPrefix=${prefix}`
      const first = await walk(server, query, { most: 100 })
      // Keywords and announcements are formats of their own, and no record of this line has them.
      if (first.records === 0) continue
      const ratios: number[] = []
      let again = first
      for (let round = 0; round < rounds; round++) {
        const bare = speed(await bareCursor(stage, 1000))
        again = await walk(server, query, { most: 100 })
        ratios.push(speed(again) / bare)
      }
      say(
        `${prefix}: written for the first time ${number(speed(first))} records/s, again ${number(speed(again))}` +
          ` (${number(again.bytes / again.seconds / 1e6)} MB/s), again / bare cursor ${ratio(ratios)}`,
      )
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
    await walk(server, 'metadataPrefix=oai_dc', { most: 400 })
    for (const query of ['metadataPrefix=oai_dc', 'metadataPrefix=oai_dc&set=bench:b']) {
      const ratios: number[] = []
      for (let round = 0; round < 3; round++) {
        const { pages } = await walk(server, query)
        // The last page may be a short one, and the first knows the size of the list.
        const part = Math.max(1, Math.floor(pages.length / 20))
        const [first, last] = [median(pages.slice(1, part + 1)), median(pages.slice(-part - 1, -1))]
        ratios.push(last / first)
      }
      say(`${query}: last pages / first pages ${ratio(ratios)}`)
    }
  } finally {
    await server.stop()
  }
}

/** So long does the fastest harvester known take to parse a page of 500, at 10,000 records/s. */
const parsing = 50

async function crowd(stage: Stage, config: Config): Promise<void> {
  const server = await serve(stage, config, 500)
  try {
    const query = 'metadataPrefix=oai_dc'
    await walk(server, query, { most: 400 })
    const alone = await walk(server, query, { most: 200, pause: parsing })
    const busy = await together(server, query, 16, { most: 100, pause: parsing })
    const flat = await together(server, query, 16, { most: 100 })
    const p50 = quantile(alone.pages, 0.5)
    const p99 = quantile(busy.pages, 0.99)
    say(
      `16 harvesters that take ${parsing} ms for a page of 500: p99 ${p99} ms, p50 of one alone ${p50} ms,` +
        ` p99 / p50 ${(Number(p99) / Number(p50)).toFixed(1)} (${number(speed(busy))} records/s in all)`,
    )
    say(
      `16 that ask again at once: p50 ${quantile(flat.pages, 0.5)} ms, p99 ${quantile(flat.pages, 0.99)} ms,` +
        ` ${number(speed(flat))} records/s in all; peak RSS ${server.peak()} MB`,
    )
  } finally {
    await server.stop()
  }
}
