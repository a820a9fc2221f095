// Import: a file of rows becomes records of a collection, as a stream, in batches that are stored whole or not at all.
// Run twice it changes nothing; refused rows are written to a file that can be corrected and imported again.
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import type { Profile } from '../../schemas/profile.ts'
import type { FileReference, JsonObject, Translations, Visibility } from '../../schemas/record.ts'
import {
  ensureCollection,
  findCollection,
  titleFromSlug,
  type Collection,
} from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { ingest } from '../files/files.ts'
import { DomainError, invalid } from '../http/errors.ts'
import { crosswalk, profilesOf, type Profiles } from '../profiles/profiles.ts'
import { save, type RecordInput } from '../records/records.ts'
import { convert } from './convert.ts'
import {
  columnsOf,
  findColumn,
  guessMapping,
  normalise,
  parseMapping,
  reportPrefix,
  valuesAt,
  type Mapping,
} from './mapping.ts'
import { openRejects, type Rejects } from './rejects.ts'
import { openTable, type Row, type RowFault, type Table } from './rows.ts'

export interface ImportOptions {
  collection: string
  profile?: string
  map?: string
  /** Folder with the pictures that a column names. */
  images?: string
  /** The column that names them. */
  image?: string
  /** The column that tells rows apart. */
  id?: string
  encoding?: string
  delimiter?: string
  /** Language of texts whose column names none. */
  language?: string
  title?: Translations
  description?: Translations
  rights?: string
  visibility?: Visibility
  draft?: boolean
  /** Where refused rows go. */
  rejected?: string
}

/** How a file will be read: what `--dry-run` shows. */
export interface Plan {
  table: Table
  profile: Profile
  columns: string[]
  mapping: Mapping
  /** undefined: rows are told apart by their content. */
  idColumn: string | undefined
  /** Whether the depositor named it: then two rows with one value are an error. */
  idStated: boolean
  imageColumn: string | undefined
}

export interface Progress {
  rows: number
  bytes: number
  size: number
}

export interface ImportReport {
  rows: number
  added: number
  changed: number
  unchanged: number
  refused: number
  images: number
  /** Rows whose guessed identifier stood on an earlier row too; kept as records of their own. */
  repeated: number
  rejected?: string
  /** The first few refusals. */
  faults: { line: number; fault: RowFault }[]
}

const sampleRows = 1000
// An index entry of PostgreSQL holds a third of a page.
const longestKey = 500
const batchRows = 500
const batchBytes = 2 * 1024 * 1024

/**
 * Looks at the file and decides how to read it; changes nothing.
 * @throws invalid, naming the file, column or field and what there is instead
 */
export async function planImport(
  ctx: Context,
  path: string,
  options: ImportOptions,
): Promise<Plan> {
  const profiles = profilesOf(ctx.config)
  const known = await findCollection(ctx, options.collection)
  if (known && options.profile && known.profile !== options.profile) {
    throw invalid(
      `The collection ${known.slug} has the profile ${known.profile}, not ${options.profile}: choose another collection.`,
    )
  }
  const profile = profiles.get(options.profile ?? known?.profile ?? 'dublin-core')
  const table = await openTable(path, options)
  const sample: Row[] = []
  for await (const row of table.rows()) {
    sample.push(row)
    if (sample.length >= sampleRows) break
  }
  if (!sample.length)
    throw invalid(`${path} has a first line and no rows: there is nothing to import.`)
  const columns = table.dialect?.columns ?? [
    ...new Set(sample.flatMap((row) => columnsOf(row.source))),
  ]
  const idColumn =
    options.id === undefined ? guessId(sample, columns) : findColumn(options.id, columns)
  const imageColumn = imageColumnOf(options, columns)
  const mapping = options.map
    ? parseMapping(options.map, profile, columns)
    : guessMapping(
        profile,
        columns.filter((each) => each !== imageColumn),
      )
  return {
    table,
    profile,
    columns,
    mapping,
    idColumn,
    idStated: options.id !== undefined,
    imageColumn,
  }
}

function imageColumnOf(options: ImportOptions, columns: string[]): string | undefined {
  if (options.image !== undefined) {
    if (options.images === undefined)
      throw invalid(
        '--image names a column of file names; --images DIR must say where the files lie.',
      )
    return findColumn(options.image, columns)
  }
  if (options.images === undefined) return undefined
  const found = columns.find((each) => ['image', 'images', 'file'].includes(normalise(each)))
  if (found === undefined) {
    throw invalid(
      `The file has no column "image", "images" or "file": name it with --image; its columns are ${columns.join(', ')}.`,
    )
  }
  return found
}

const idNames = [
  'id',
  'identifier',
  'identifiant',
  'uuid',
  'guid',
  'key',
  'slug',
  'inventorynumber',
  'numeroinventaire',
  'referencecode',
  'cote',
  'accession',
  'accessionnumber',
  'objectid',
  'objectnumber',
]

/** A column that looks like an identifier and is filled and different on every row of the sample. */
function guessId(sample: Row[], columns: string[]): string | undefined {
  const [first] = columns
  const named = idNames.flatMap((name) => columns.filter((each) => normalise(each) === name))
  const candidates = first !== undefined && /id$/i.test(first) ? [...named, first] : named
  const sound = sample.filter((row) => !row.fault)
  return candidates.find((column) => {
    const values = sound.map((row) => idOf(row.source, column))
    return values.every(Boolean) && new Set(values).size === values.length
  })
}

function idOf(source: JsonObject, column: string): string {
  const [value] = valuesAt(source, column)
  return value === undefined || value === null || typeof value === 'object'
    ? ''
    : String(value).trim()
}

/** Everything that stays the same during one import. */
interface Run {
  ctx: Context
  plan: Plan
  options: ImportOptions
  profiles: Profiles
  collection: Collection
  seen: SeenKeys
  rejects: Rejects
  report: ImportReport
}

/**
 * Imports by a plan.
 * @throws invalid when the file breaks off in the middle: what was read before is stored, and running it again is safe
 */
export async function runImport(
  ctx: Context,
  plan: Plan,
  options: ImportOptions,
  onProgress?: (progress: Progress) => void,
  /** Ends the import with an error after what was read. */
  signal?: AbortSignal,
): Promise<ImportReport> {
  const collection = await ensureCollection(ctx, {
    slug: options.collection,
    title: options.title ?? titleFromSlug(options.collection),
    profile: plan.profile.id,
    ...(options.description && { description: options.description }),
    ...(options.rights !== undefined && { rights: options.rights }),
    ...(options.visibility && { visibility: options.visibility }),
  })
  const report: ImportReport = {
    rows: 0,
    added: 0,
    changed: 0,
    unchanged: 0,
    refused: 0,
    images: 0,
    repeated: 0,
    faults: [],
  }
  const ending = plan.table.shape === 'csv' || plan.table.shape === 'xlsx' ? 'csv' : 'ndjson'
  const stem = basename(plan.table.file.name).replace(/\.[^.]+$/, '')
  const rejects = openRejects(
    resolve(options.rejected ?? `${stem}.rejected.${ending}`),
    plan.table,
    plan.columns,
  )
  const seen = await openSeenKeys(ctx)
  const run: Run = {
    ctx,
    plan,
    options,
    profiles: profilesOf(ctx.config),
    collection,
    seen,
    rejects,
    report,
  }
  try {
    await readAll(run, onProgress, signal)
  } finally {
    await seen.close()
    await rejects.close()
  }
  if (report.refused) report.rejected = rejects.path
  return report
}

// While one batch is stored the next one is made ready; an error of either ends the import.
async function readAll(
  run: Run,
  onProgress?: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { plan, report } = run
  const { size } = plan.table.file
  let bytes = 0
  let batch: Row[] = []
  let weight = 0
  let [before, last]: Promise<void>[] = [Promise.resolve(), Promise.resolve()]
  const flush = async (): Promise<void> => {
    const rows = batch
    batch = []
    weight = 0
    await before
    before = last
    last = writeBatch(run, rows)
    // Awaited at the flush after the next; until then a failure must not count as unhandled.
    last.catch(() => undefined)
    onProgress?.({ rows: report.rows, bytes, size })
  }
  try {
    for await (const row of plan.table.rows((count) => (bytes += count))) {
      if (signal?.aborted) throw stopped(report.rows)
      report.rows++
      batch.push(row)
      weight += estimate(row)
      if (batch.length >= batchRows || weight >= batchBytes) await flush()
    }
  } finally {
    // Also when the file breaks off: what was read before is stored.
    await flush()
    await Promise.all([before, last])
  }
  onProgress?.({ rows: report.rows, bytes: size, size })
}

const stopped = (rows: number): Error =>
  new Error(
    `Stopped after ${rows} rows, which are kept; the same command begins again and changes nothing in them.`,
  )

function estimate(row: Row): number {
  let size = 100
  for (const value of Object.values(row.source))
    size += typeof value === 'string' ? value.length : 200
  return size
}

interface Ready {
  row: Row
  input: RecordInput
}

async function writeBatch(run: Run, rows: Row[]): Promise<void> {
  const ready: Ready[] = []
  for (const row of rows) {
    const fault = row.fault
    const made = fault ? { fault } : prepare(run, row)
    if (made.fault) await refuse(run, row, made.fault)
    else ready.push({ row, input: made.input })
  }
  const distinct = await distinguish(run, ready)
  const pictured = await withImages(run, distinct)
  if (!pictured.length) return
  const saved = await save(
    run.ctx,
    pictured.map((each) => each.input),
  )
  for (const { outcome } of saved) {
    if (outcome === 'added' || outcome === 'changed' || outcome === 'unchanged')
      run.report[outcome]++
  }
}

async function refuse(run: Run, row: Row, fault: RowFault): Promise<void> {
  run.report.refused++
  if (run.report.faults.length < 10) run.report.faults.push({ line: row.line, fault })
  await run.rejects.add(row, fault)
}

function prepare(
  run: Run,
  row: Row,
): { input: RecordInput; fault?: undefined } | { input?: undefined; fault: RowFault } {
  const { plan, profiles, collection, options } = run
  const source = withoutRemarks(row.source)
  const converted = convert(profiles, plan.profile, plan.mapping, source, options.language)
  if (converted.fault) return { fault: converted.fault }
  const key = plan.idColumn === undefined ? contentKey(source) : idOf(source, plan.idColumn)
  if (key === '')
    return { fault: { column: plan.idColumn ?? '', value: '', reason: 'it has no identifier' } }
  if (key.length > longestKey) {
    return {
      fault: {
        column: plan.idColumn ?? '',
        value: key.slice(0, 80),
        reason: 'its identifier is longer than 500 characters',
      },
    }
  }
  return {
    input: {
      collectionId: collection.id,
      key,
      profile: plan.profile.id,
      status: options.draft ? 'draft' : 'published',
      visibility: options.visibility ?? collection.visibility,
      source,
      ...(row.json !== undefined && source === row.source && { sourceText: row.json }),
      metadata: converted.metadata,
      dc: crosswalk(plan.profile, converted.metadata),
      files: [],
    },
  }
}

function withoutRemarks(source: JsonObject): JsonObject {
  const remarks = Object.keys(source).filter((name) => name.startsWith(reportPrefix))
  if (!remarks.length) return source
  return Object.fromEntries(Object.entries(source).filter(([name]) => !remarks.includes(name)))
}

function contentKey(source: JsonObject): string {
  return `#${createHash('sha256').update(JSON.stringify(source)).digest('base64url').slice(0, 22)}`
}

/** Two rows with one identifier: an error where the depositor named the column, else records of their own. */
async function distinguish(run: Run, ready: Ready[]): Promise<Ready[]> {
  const times = await run.seen.count(ready.map((each) => each.input.key))
  const kept: Ready[] = []
  for (const [index, each] of ready.entries()) {
    const time = times[index] ?? 1
    if (time === 1) kept.push(each)
    else if (run.plan.idStated) {
      const column = run.plan.idColumn ?? ''
      await refuse(run, each.row, {
        column,
        value: each.input.key,
        reason: 'an earlier row has the same identifier',
      })
    } else {
      if (run.plan.idColumn !== undefined) run.report.repeated++
      kept.push({ ...each, input: { ...each.input, key: `${each.input.key}#${time}` } })
    }
  }
  return kept
}

async function withImages(run: Run, ready: Ready[]): Promise<Ready[]> {
  const column = run.plan.imageColumn
  const folder = run.options.images
  if (column === undefined || folder === undefined) return ready
  const outcomes = await Promise.all(
    ready.map(async (each) => ({ each, files: await imagesOf(run, each.row, column, folder) })),
  )
  const kept: Ready[] = []
  for (const { each, files } of outcomes) {
    if (Array.isArray(files)) {
      run.report.images += files.length
      kept.push({ ...each, input: { ...each.input, files } })
    } else await refuse(run, each.row, files)
  }
  return kept
}

/** The pictures of a row, all or the fault of the first that cannot be taken. */
async function imagesOf(
  run: Run,
  row: Row,
  column: string,
  folder: string,
): Promise<FileReference[] | RowFault> {
  const names = valuesAt(row.source, column)
    .flatMap((each) => (typeof each === 'string' ? each.split(/[|;]/) : []))
    .map((each) => each.trim())
    .filter(Boolean)
  const files: FileReference[] = []
  for (const name of names) {
    try {
      files.push(
        await ingest(run.ctx, inside(folder, name), { name: basename(name), mustBeImage: true }),
      )
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return { column, value: name, reason: error.message }
    }
  }
  return files
}

/** @throws invalid when a name leads out of the folder or to nothing */
function inside(folder: string, name: string): string {
  const root = realpathSync(resolve(folder))
  const path = join(root, name)
  const out = (from: string): boolean =>
    from.startsWith('..') || resolve(root, from) !== join(root, from)
  if (out(relative(root, path))) throw invalid(`"${name}" leads out of the folder ${folder}.`)
  try {
    if (out(relative(root, realpathSync(path))))
      throw invalid(`"${name}" leads out of the folder ${folder}.`)
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw invalid(`"${name}" is not in the folder ${folder}.`, { cause: error })
  }
  return path
}

interface SeenKeys {
  /** For each key, how often it has come in this import by now. */
  count(keys: string[]): Promise<number[]>
  close(): Promise<void>
}

/** Keys of this import in a temporary table, so that memory stays the same whatever the file's size. */
async function openSeenKeys(ctx: Context): Promise<SeenKeys> {
  const client = await ctx.db.pool.connect()
  await client.query(
    'CREATE TEMPORARY TABLE IF NOT EXISTS seen_keys (key text PRIMARY KEY, times integer NOT NULL)',
  )
  await client.query('TRUNCATE seen_keys')
  return {
    async count(keys) {
      const within = new Map<string, number>()
      const order = keys.map((key) => {
        const time = (within.get(key) ?? 0) + 1
        within.set(key, time)
        return time
      })
      const { rows } = await client.query<{ key: string; times: number }>(
        `INSERT INTO seen_keys (key, times) SELECT * FROM unnest($1::text[], $2::int[])
         ON CONFLICT (key) DO UPDATE SET times = seen_keys.times + excluded.times
         RETURNING key, times`,
        [[...within.keys()], [...within.values()]],
      )
      const totals = new Map(rows.map((row) => [row.key, row.times]))
      return keys.map(
        (key, index) => (totals.get(key) ?? 1) - (within.get(key) ?? 1) + (order[index] ?? 1),
      )
    },
    async close() {
      await client.query('DROP TABLE IF EXISTS seen_keys').catch(() => undefined)
      client.release()
    },
  }
}
