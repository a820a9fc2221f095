// Import: a file of rows becomes records of a collection, as a stream, in batches that are stored whole or not at all.
// Run twice it changes nothing; refused rows are written to a file that can be corrected and imported again.
import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import type { JsonObject } from '../../schemas/record.ts'
import { ensureCollection, titleFromSlug, type Collection } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { profilesOf, crosswalk, type Profiles } from '../profiles/profiles.ts'
import { save, type RecordInput } from '../records/records.ts'
import { convert } from './convert.ts'
import { reportPrefix } from './mapping.ts'
import { imagesOf } from './pictures.ts'
import { idOf, type ImportOptions, type Plan } from './plan.ts'
import { openRejects, type Rejects } from './rejects.ts'
import type { Row, RowFault } from './rows.ts'
import { openSeenKeys, type SeenKeys } from './seen-keys.ts'

export { planImport, type ImportOptions, type Plan } from './plan.ts'

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
  /** Rows with characters that XML cannot carry, as U+0003: they are in, with U+FFFD in their place. */
  repaired: number
  /** The first few of them. */
  repairs: { line: number; column: string }[]
  /** The first few refusals. */
  faults: { line: number; fault: RowFault }[]
}
// An index entry of PostgreSQL holds a third of a page.
const longestKey = 500
const batchRows = 500
const batchBytes = 2 * 1024 * 1024

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
    repaired: 0,
    repairs: [],
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
    else {
      ready.push({ row, input: made.input })
      noteRepairs(run.report, row.line, made.repaired)
    }
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

function noteRepairs(report: ImportReport, line: number, columns: string[]): void {
  if (!columns.length) return
  report.repaired++
  for (const column of columns) {
    if (report.repairs.length < 10) report.repairs.push({ line, column })
  }
}

type Prepared =
  | { input: RecordInput; repaired: string[]; fault?: undefined }
  | { input?: undefined; fault: RowFault }

function prepare(run: Run, row: Row): Prepared {
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
    repaired: converted.repaired,
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
    ready.map(async (each) => ({ each, files: await imagesOf(run.ctx, each.row, column, folder) })),
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
