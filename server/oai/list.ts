// Stretches of the number line by keyset: each costs the same, however deep. A stretch is bounded by count and by bytes,
// and no connection is held between one and the next.
import type { Context } from '../context.ts'
import { recycle, type Statement, type Texts } from '../db/db.ts'
import type { Format } from '../formats/format.ts'
import { headerAround } from '../formats/oai-record.ts'
import { listedIn, type Offered } from '../records/records.ts'
import {
  finishedPrefix,
  formatColumns,
  headerColumns,
  headerOf,
  itemColumns,
  recordText,
  type HeaderRow,
  type ItemRow,
} from './item.ts'
import { keepTexts, keyOf } from './kept.ts'

export interface Window {
  /** Exclusive. */
  after: number
  /** Inclusive. */
  bound: number
  /** Only these collections; undefined: all. */
  collections?: number[]
}

export interface Chunk {
  bytes: Buffer
  count: number
  /** Number of its last item. */
  last: number
  /** Whether the window goes on behind it; `perhaps`: fewer came than were asked for, at its end or because they were heavy. */
  more: boolean | 'perhaps'
}

/** Reads at most `limit` items of a window. */
export type ReadChunk = (window: Window, limit: number) => Promise<Chunk>

/** Of oai_dc, or what records came with: what the stretch weighs, whatever it is written in. */
const heaviest = 352 * 1024

type Kind = 'finished' | 'kept' | 'written' | 'headers'

const shelves = 'JOIN collections c ON c.id = r.collection_id'

interface Reading {
  /** Of the records, while they are found and weighed: what is not needed then is not carried along. */
  taken: string
  /** Of those that fit in, as `r`. */
  columns: string
  joined: string
}

function readOf(kind: Kind, format: Format, key: number): Reading {
  const weight = 'greatest(octet_length(records.oai_dc), octet_length(records.xml)) AS weight'
  const kept = `(SELECT text FROM kept_texts WHERE format = ${key} AND sequence = r.sequence)`
  switch (kind) {
    case 'finished':
      return {
        taken: `records.sequence, records.oai_dc, ${weight}`,
        columns: `r.sequence, CASE WHEN r.oai_dc = '' THEN ${kept} ELSE r.oai_dc END`,
        joined: '',
      }
    case 'kept':
      return { taken: `records.sequence, ${weight}`, columns: `r.sequence, ${kept}`, joined: '' }
    case 'headers':
      return { taken: `records.*, ${weight}`, columns: headerColumns, joined: shelves }
    default:
      return {
        taken: `records.*, ${weight}`,
        columns: `${itemColumns}, ${formatColumns(format)}`,
        joined: shelves,
      }
  }
}

/** Statement for a stretch of a list; its values: after, bound, limit, weight, then the collections. */
export function stretch(
  kind: Kind,
  { mask, format }: Offered,
  window: Window,
  limit: number,
  key = 0,
): Statement {
  const { after, bound, collections } = window
  const sets = collections === undefined ? 'all' : collections.length === 1 ? 'one' : 'many'
  const listed = listedIn('records', mask)
  const { taken, columns, joined } = readOf(kind, format, key)
  const next = (condition: string): string =>
    `SELECT ${taken} FROM records WHERE ${condition} AND sequence > $1 AND ${listed} ORDER BY sequence LIMIT $3`
  const found = {
    all: next('true'),
    one: next('collection_id = $5'),
    many: `SELECT ${taken} FROM (
        SELECT sequence FROM unnest($5::int[]) AS each(collection), LATERAL (
          SELECT sequence FROM records
          WHERE collection_id = each.collection AND sequence > $1 AND ${listed}
          ORDER BY sequence LIMIT $3) AS next
        ORDER BY sequence LIMIT $3) AS next JOIN records USING (sequence)`,
  }[sets]
  const weighed = `SELECT *, sum(weight) OVER (ORDER BY sequence ROWS UNBOUNDED PRECEDING) - weight AS before
    FROM (${found}) AS found`
  return {
    name: `${kind} ${format.metadataPrefix} ${sets}`,
    text: `SELECT ${columns} FROM (${weighed}) AS r ${joined}
      WHERE r.sequence <= $2 AND r.before < $4 ORDER BY r.sequence`,
    values: [
      after,
      bound,
      limit + 1,
      heaviest,
      ...(sets === 'all' ? [] : [sets === 'one' ? collections?.[0] : collections]),
    ],
  }
}

/** Undefined where a text is missing. */
function chunkOfTexts(
  { numbers, bytes, ends }: Texts,
  limit: number,
  window: Window,
): Chunk | undefined {
  const count = Math.min(numbers.length, limit)
  const end = ends[count - 1] ?? 0
  for (let index = 0, before = 0; index < count; index++) {
    if (ends[index] === before) {
      recycle(bytes)
      return undefined
    }
    before = ends[index] ?? 0
  }
  const last = numbers[count - 1] ?? window.after
  return { bytes: bytes.subarray(0, end), count, last, more: more(numbers, limit) }
}

export function headerChunks(ctx: Context, offered: Offered): ReadChunk {
  return async (window, limit) => {
    const rows = await ctx.db.list.rows<HeaderRow>(stretch('headers', offered, window, limit))
    let text = ''
    for (const row of rows.slice(0, limit)) {
      const [opening, rest] = headerAround(headerOf(row, offered))
      text += opening + row.datestamp + rest
    }
    return chunkOf(rows, limit, window, text)
  }
}

/**
 * Records in a format: as they were finished when they were saved, or are kept since somebody asked for them last; else
 * written now and kept. A number on the line means one state of one record for ever, so what is kept under it is never
 * out of date.
 */
export function recordChunks(ctx: Context, offered: Offered): ReadChunk {
  const { format } = offered
  const key = keyOf(ctx, format)
  const kind = format.metadataPrefix === finishedPrefix ? 'finished' : 'kept'
  return async (window, limit) => {
    const texts = await ctx.db.list.texts(stretch(kind, offered, window, limit, key))
    return chunkOfTexts(texts, limit, window) ?? writeChunk(ctx, offered, window, limit)
  }
}

async function writeChunk(
  ctx: Context,
  offered: Offered,
  window: Window,
  limit: number,
): Promise<Chunk> {
  const rows = await ctx.db.list.rows<ItemRow>(stretch('written', offered, window, limit))
  const texts: [number, string][] = []
  let all = ''
  for (const row of rows.slice(0, limit)) {
    const text = recordText(ctx, offered, row)
    all += text
    if (!row.oai_dc) texts.push([row.sequence, text])
  }
  keepTexts(ctx, offered.format, texts)
  return chunkOf(rows, limit, window, all)
}

function chunkOf(rows: HeaderRow[], limit: number, window: Window, text: string): Chunk {
  const count = Math.min(rows.length, limit)
  const bytes = Buffer.from(text)
  const last = rows[count - 1]?.sequence ?? window.after
  return { bytes, count, last, more: more(rows, limit) }
}

// Fewer than were asked for: the window is at its end, or they were heavy enough.
function more(rows: unknown[], limit: number): Chunk['more'] {
  if (rows.length > limit) return true
  return rows.length > 0 && 'perhaps'
}

const within = (collections: number[] | undefined): string =>
  collections ? 'collection_id = each.collection' : 'true'

/** Whether a list goes on. */
export async function goesOn(
  ctx: Context,
  { mask }: Offered,
  { after, bound, collections }: Window,
): Promise<boolean> {
  const rows = await ctx.db.query(
    `SELECT FROM unnest($3::int[]) AS each(collection), LATERAL (
       SELECT FROM records
       WHERE ${within(collections)} AND sequence > $1 AND sequence <= $2 AND ${listedIn('records', mask)}
       LIMIT 1) AS next
     LIMIT 1`,
    [after, bound, collections ?? [0]],
  )
  return rows.length > 0
}

/** Dates to numbers: datestamps never run backwards along the line, so a span of time is a span of numbers. */
export async function windowOf(
  ctx: Context,
  from: Date | undefined,
  until: Date | undefined,
): Promise<Window> {
  const [row] = await ctx.db.query<{ first: number | null; last: number | null }>(
    `SELECT
       (SELECT sequence FROM records WHERE datestamp >= $1 ORDER BY datestamp, sequence LIMIT 1) AS first,
       (SELECT sequence FROM records WHERE datestamp <= $2 ORDER BY datestamp DESC, sequence DESC LIMIT 1) AS last`,
    [from ?? '-infinity', until ?? 'infinity'],
  )
  return row?.first && row.last ? { after: row.first - 1, bound: row.last } : { after: 0, bound: 0 }
}

const countable = 10_000

/** How many items a window holds; undefined where counting them would cost more than it tells. */
export async function countOf(
  ctx: Context,
  { mask }: Offered,
  { after, bound, collections }: Window,
): Promise<number | undefined> {
  const [row] = await ctx.db.query<{ size: number }>(
    `SELECT count(*) AS size FROM (
       SELECT FROM unnest($3::int[]) AS each(collection), LATERAL (
         SELECT FROM records
         WHERE ${within(collections)} AND sequence > $1 AND sequence <= $2 AND ${listedIn('records', mask)}
         ORDER BY sequence LIMIT $4) AS next
       LIMIT $4) AS counted`,
    [after, bound, collections ?? [0], countable + 1],
  )
  return row && row.size <= countable ? row.size : undefined
}

/** The record of an identifier with what a format needs of it, whether that has it or not. */
export async function findItem(
  ctx: Context,
  identifier: string,
  { format }: Offered,
): Promise<(ItemRow & { formats_once: number }) | undefined> {
  // PostgreSQL has no text with it.
  if (identifier.includes('\0')) return undefined
  const [item] = await ctx.db.query<ItemRow & { formats_once: number }>(
    `SELECT ${itemColumns}, ${formatColumns(format)}, r.formats_once
     FROM records r ${shelves}
     WHERE r.identifier = $1 AND r.sequence IS NOT NULL`,
    [identifier],
  )
  return item
}

export async function earliestDatestamp(ctx: Context): Promise<Date> {
  const [row] = await ctx.db.query<{ datestamp: Date }>(
    `SELECT datestamp FROM records WHERE datestamp IS NOT NULL ORDER BY datestamp, sequence LIMIT 1`,
  )
  return row?.datestamp ?? ctx.clock()
}
