// The harvester against Sickle and oaipmh-scythe, which keep nothing, in turn on the same source: into nothing, into
// PostgreSQL, the same again, into PostgreSQL and Elasticsearch.
//
//   npm run bench -- harvest [RECORDS] [--rounds N]
//
// As an operator runs it: npm run build && node dist/bench/bench.js harvest (sources that are translated while they run
// cost memory of their own). PYTHON names an interpreter that has sickle and oaipmh-scythe, ELASTICSEARCH_URL an Elasticsearch; what is missing is left out.
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { extname, join, resolve } from 'node:path'
import pg from 'pg'
import type { Config } from '../config/config.ts'
import { freePort } from '../server/db/embedded.ts'
import type { Ran, Run } from './harvest-run.ts'
import { forgetIndexes, median, openStage, type Stage } from './stage.ts'

const schema = 'harvest_bench'
const elasticsearchUrl = process.env['ELASTICSEARCH_URL']

const python = process.env['PYTHON'] ?? 'python3'
const measuring = (walk: string): string => `
import json, resource, sys, time
began, cpu, count = time.time(), time.process_time(), 0
${walk}
    count += 1
print(json.dumps({'records': count, 'seconds': time.time() - began, 'cpu': time.process_time() - cpu,
  'peakMegabytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))`
const scripts = {
  Sickle: measuring(`from sickle import Sickle
for record in Sickle(sys.argv[1]).ListRecords(metadataPrefix='oai_dc'):`),
  scythe: measuring(`from oaipmh_scythe import Scythe
for record in Scythe(sys.argv[1]).list_records(metadata_prefix='oai_dc'):`),
}

type Contender = (round: number) => Promise<Ran>

export async function benchHarvest([given = '200000', ...rest]: string[]): Promise<void> {
  const records = Number(given)
  const rounds = rest[0] === '--rounds' ? Number(rest[1]) : 3
  const stage = await openStage()
  const port = await freePort()
  const source = child('harvest-source', [String(port), String(records)])
  try {
    await once(source, 'message')
    const contenders = await contendersFor(stage, `http://127.0.0.1:${port}/oai`)
    const results = new Map<string, Ran[]>()
    for (let round = 1; round <= rounds; round++) {
      for (const [name, run] of contenders) {
        const ran = await run(round)
        if (ran.records !== records) throw new Error(`${name}: ${ran.records} of ${records} came`)
        results.set(name, [...(results.get(name) ?? []), ran])
        say(
          `round ${round}, ${name}: ${number(ran.records / ran.cpu)} records per CPU-second,` +
            ` ${number(ran.records / ran.seconds)} records/s, peak RSS ${ran.peakMegabytes} MB`,
        )
      }
    }
    compare(results)
  } finally {
    source.kill()
    await stage.clear()
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const number = (value: number): string => Math.round(value).toLocaleString('en-GB')

function child(file: string, args: string[]): ChildProcess {
  return fork(resolve(import.meta.dirname, `${file}${extname(import.meta.filename)}`), args, {
    execArgv: process.execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function contendersFor(stage: Stage, url: string): Promise<[string, Contender][]> {
  const contenders: [string, Contender][] = []
  for (const [name, script] of Object.entries(scripts)) {
    const module = name === 'Sickle' ? 'sickle' : 'oaipmh_scythe'
    if (await runs(['-c', `import ${module}`])) contenders.push([name, () => inPython(script, url)])
    else say(`left out: ${name} (${python} has no ${module}; PYTHON names another interpreter)`)
  }
  const config = configOf(stage, await freePort())
  const into = (change: Partial<Config>, isIndexed = false) =>
    ours({ url, config: { ...config, ...change }, isIndexed })
  contenders.push(
    ['into nothing', () => ours({ url, isIndexed: false })],
    ['into PostgreSQL', async () => (await clear(stage), into({}))],
    ['unchanged', () => into({})],
  )
  if (!elasticsearchUrl) say('left out: Elasticsearch (ELASTICSEARCH_URL is not set)')
  else {
    contenders.push([
      'into PostgreSQL and Elasticsearch',
      async (round) => {
        await clear(stage)
        const elasticsearchIndex = `harvest-bench-${process.pid}-${round}`
        const ran = await into({ elasticsearchUrl, elasticsearchIndex }, true)
        await forgetIndexes(elasticsearchUrl, elasticsearchIndex)
        return ran
      },
    ])
  }
  return contenders
}

const configOf = (stage: Stage, port: number): Partial<Config> => ({
  port,
  baseUrl: `http://127.0.0.1:${port}`,
  databaseUrl: stage.databaseUrl,
  databaseSchema: schema,
  dataDir: join(stage.folder, 'data'),
  domain: 'brick.example.org',
  logLevel: 'warn',
})

async function clear(stage: Stage): Promise<void> {
  const client = new pg.Client({ connectionString: stage.databaseUrl })
  await client.connect()
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  await client.query('CHECKPOINT')
  await client.end()
}

async function ours(run: Run): Promise<Ran> {
  const process = child('harvest-run', [JSON.stringify(run)])
  const ended = once(process, 'exit')
  const [ran] = (await Promise.race([once(process, 'message'), ended])) as [Ran | number]
  if (typeof ran !== 'object') throw new Error(`the harvest ended with ${ran}`)
  await ended
  return ran
}

async function runs(args: string[]): Promise<boolean> {
  const process = spawn(python, args, { stdio: 'ignore' })
  try {
    const [code] = (await once(process, 'exit')) as [number]
    return code === 0
  } catch {
    return false
  }
}

async function inPython(script: string, url: string): Promise<Ran> {
  const process = spawn(python, ['-c', script, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  process.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(process, 'close')
  return JSON.parse(said) as Ran
}

function compare(results: Map<string, Ran[]>): void {
  const anchor = results.get('Sickle')
  if (!anchor) return
  for (const [name, ran] of results) {
    const ratio = (speed: (each: Ran) => number): string =>
      median(ran.map((each, round) => speed(each) / speed(anchor[round] ?? each))).toFixed(2)
    say(
      `${name} / Sickle: ${ratio((each) => each.records / each.cpu)} per CPU-second,` +
        ` ${ratio((each) => each.records / each.seconds)} in wall time,` +
        ` peak RSS ${Math.max(...ran.map((each) => each.peakMegabytes))} MB`,
    )
  }
}
