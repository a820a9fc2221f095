// Lists by keyset on the number line: each page costs the same, however deep.
import type { Context } from '../context.ts'
import type { Row as DatabaseRow } from '../db/db.ts'
import { listedConditionOn, publicConditionOn } from '../access/access.ts'
import type { Origin } from '../../schemas/record.ts'
import type { Format, Row } from './formats.ts'

export interface Item extends Row, DatabaseRow {
  sequence: number
  /** Null where its collection is known to the administrator only. */
  set_spec: string | null
  origins: Origin[] | null
  /** False: a tombstone. */
  shown: boolean
}

export interface Window {
  /** Exclusive. */
  after: number
  /** Inclusive. */
  bound: number
  /** Only these collections; undefined: all. */
  collections?: number[]
}

const setSpec = `CASE WHEN ${listedConditionOn('c')} THEN c.set_spec END AS set_spec`

const head = `r.id, r.identifier, r.sequence, r.datestamp, r.collection_id, r.origins, ${setSpec},
  ${publicConditionOn('r')} AS shown`

/** The next items of a window, in order. */
export async function readItems(
  ctx: Context,
  { after, bound, collections }: Window,
  limit: number,
  format: Format | undefined,
): Promise<Item[]> {
  const columns = format ? `${head}, ${format.columns}` : head
  const from = `FROM records r JOIN collections c ON c.id = r.collection_id`
  const window = `r.sequence > $1 AND r.sequence <= $2`
  if (!collections) {
    return ctx.db.query<Item>(
      `SELECT ${columns} ${from} WHERE ${window} ORDER BY r.sequence LIMIT $3`,
      [after, bound, limit],
    )
  }
  return ctx.db.query<Item>(
    `SELECT page.* FROM unnest($4::int[]) AS each(collection), LATERAL (
       SELECT ${columns} ${from} WHERE r.collection_id = each.collection AND ${window}
       ORDER BY r.sequence LIMIT $3) AS page
     ORDER BY sequence LIMIT $3`,
    [after, bound, limit, collections],
  )
}

export async function findItem(
  ctx: Context,
  identifier: string,
  format: Format,
): Promise<Item | undefined> {
  const [item] = await ctx.db.query<Item>(
    `SELECT ${head}, ${format.columns} FROM records r JOIN collections c ON c.id = r.collection_id
     WHERE r.identifier = $1 AND r.sequence IS NOT NULL`,
    [identifier],
  )
  return item
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

const countable = 250_000

/** How many items a window holds; undefined where counting them would cost more than it tells. */
export async function sizeOf(
  ctx: Context,
  { after, bound, collections }: Window,
): Promise<number | undefined> {
  const [row] = await ctx.db.query<{ size: number }>(
    `SELECT count(*) AS size FROM (
       SELECT FROM records WHERE sequence > $1 AND sequence <= $2
         AND ($3::int[] IS NULL OR collection_id = ANY($3)) LIMIT $4) AS counted`,
    [after, bound, collections ?? null, countable + 1],
  )
  return row && row.size <= countable ? row.size : undefined
}

export async function earliestDatestamp(ctx: Context): Promise<Date> {
  const [row] = await ctx.db.query<{ datestamp: Date }>(
    `SELECT datestamp FROM records WHERE datestamp IS NOT NULL ORDER BY datestamp, sequence LIMIT 1`,
  )
  return row?.datestamp ?? ctx.clock()
}
