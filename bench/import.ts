// The import against its limit: the same rows, already read, upserted in the same batches by one statement each, into a
// bare table of key and row, and into a table of what an import stores. In turn, several rounds, each into fresh tables.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { openTable } from '../server/deposit/rows.ts'
import { median, openStage, type Stage } from './stage.ts'

const rounds = 3
const batch = 500

interface Measured {
  rows: number
  seconds: number
  peakMegabytes?: number
}

/** @param args a file to import, and its profile; without it the largest real file, or rows made up */
export async function benchImport([given, profile = 'museum-object']: string[]): Promise<void> {
  const stage = await openStage()
  try {
    const file = given === undefined ? realFile() : resolve(given)
    const path = file ?? madeUp(stage)
    process.stdout.write(`${path}\n`)
    const imports: Measured[] = []
    const bare: Measured[] = []
    const full: Measured[] = []
    for (let round = 1; round <= rounds; round++) {
      imports.push(await ours(stage, path, profile, round))
      bare.push(await upsert(stage, path, round, 'bare'))
      full.push(await upsert(stage, path, round, 'full'))
      const [a, b, c] = [imports, bare, full].map((each) => rate(each.at(-1)))
      process.stdout.write(
        `round ${round}: import ${a} rows/s (peak ${imports.at(-1)?.peakMegabytes ?? 0} MB), bare upsert ${b} rows/s, upsert of finished records ${c} rows/s\n`,
      )
    }
    const ratio = (limit: Measured[]): string =>
      median(imports.map((each, index) => speed(each) / speed(limit[index]))).toFixed(2)
    process.stdout.write(`import / bare upsert: ${ratio(bare)} (median of ${rounds})\n`)
    process.stdout.write(`import / upsert of finished records: ${ratio(full)}\n`)
    process.stdout.write(
      `peak RSS of the import: ${Math.max(...imports.map((each) => each.peakMegabytes ?? 0))} MB\n`,
    )
  } finally {
    await stage.clear()
  }
}

const speed = (measured: Measured | undefined): number =>
  measured ? measured.rows / measured.seconds : 0
const rate = (measured: Measured | undefined): string =>
  Math.round(speed(measured)).toLocaleString('en-GB')

function realFile(): string | undefined {
  const folder = resolve(import.meta.dirname, '..', '..', 'shared', 'data', 'collections')
  const file = join(folder, 'tate.ndjson.gz')
  return existsSync(file) ? file : undefined
}

function madeUp(stage: Stage): string {
  const path = join(stage.folder, 'made-up.ndjson')
  const rows = Array.from({ length: 30_000 }, (_, index) =>
    JSON.stringify({
      id: `A${index}`,
      title: `Window number ${index}, with a rainbow behind it`,
      creator: [`Child ${index % 97}`],
      date: `2020-0${3 + (index % 6)}`,
      subject: ['window', 'rainbow', `street ${index % 31}`],
      description: 'Felt pen on squared paper. '.repeat(12),
    }),
  )
  writeFileSync(path, `${rows.join('\n')}\n`)
  return path
}

/** The whole command in a process of its own, as an operator runs it; it says itself how long the rows took. */
async function ours(stage: Stage, path: string, profile: string, round: number): Promise<Measured> {
  const root = resolve(import.meta.dirname, '..')
  const program = [
    join(root, 'bin', 'campa.js'),
    'import',
    path,
    '--collection',
    'bench',
    '--profile',
    profile,
  ]
  const child = spawn(process.execPath, program, {
    cwd: stage.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: stage.databaseUrl,
      CAMPA_DATABASE_SCHEMA: `import_${round}`,
      CAMPA_DATA_DIR: join(stage.folder, `data-${round}`),
    },
  })
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, residentKilobytes(child.pid))), 100)
  let measured: Measured | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /^([\d,]+) rows in ([\d.]+) s/.exec(line)
    if (match) measured = { rows: Number(match[1]?.replaceAll(',', '')), seconds: Number(match[2]) }
  }
  clearInterval(watch)
  if (!measured) throw new Error('the import did not finish')
  return { ...measured, peakMegabytes: Math.round(peak / 1024) }
}

function residentKilobytes(pid: number | undefined): number {
  try {
    const status = readStatus(pid)
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}

function readStatus(pid: number | undefined): string {
  return pid === undefined ? '' : readFileSync(`/proc/${pid}/status`, 'utf8')
}

async function upsert(
  stage: Stage,
  path: string,
  round: number,
  kind: 'bare' | 'full',
): Promise<Measured> {
  const client = new pg.Client({ connectionString: stage.databaseUrl })
  await client.connect()
  const table = `${kind}_${round}`
  try {
    const columns = kind === 'bare' ? ['row'] : await finishedColumns(client, round)
    const rows = kind === 'bare' ? await readRows(path) : await finishedRows(client, round, columns)
    await client.query(
      `CREATE TABLE ${table} (key text PRIMARY KEY, ${columns.map((name) => `${name} ${kind === 'bare' ? 'json' : 'text'}`).join(', ')})`,
    )
    const given = ['key', ...columns]
    const statement =
      `INSERT INTO ${table} (${given.join(', ')}) SELECT ${given.map((name) => (kind === 'bare' && name === 'row' ? 'row::json' : name)).join(', ')}` +
      ` FROM unnest(${given.map((_, index) => `$${index + 1}::text[]`).join(', ')}) AS t(${given.join(', ')})` +
      ` ON CONFLICT (key) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`
    const began = performance.now()
    for (let at = 0; at < rows.length; at += batch) {
      const part = rows.slice(at, at + batch)
      await client.query(
        statement,
        given.map((_, index) => part.map((row) => row[index])),
      )
    }
    return { rows: rows.length, seconds: (performance.now() - began) / 1000 }
  } finally {
    await client.query(`DROP TABLE IF EXISTS ${table}`)
    await client.end()
  }
}

async function readRows(path: string): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = []
  for await (const { line, source } of (await openTable(path)).rows())
    rows.push([String(line), JSON.stringify(source)])
  return rows
}

const finished = ['identifier', 'source', 'metadata', 'dc', 'files', 'oai_dc']

async function finishedColumns(client: pg.Client, round: number): Promise<string[]> {
  await client.query(`SET search_path = import_${round}, public`)
  return finished
}

async function finishedRows(
  client: pg.Client,
  round: number,
  columns: string[],
): Promise<(string | null)[][]> {
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT id::text, ${columns.map((name) => `${name}::text`).join(', ')} FROM import_${round}.records`,
    rowMode: 'array',
  })
  return rows
}
