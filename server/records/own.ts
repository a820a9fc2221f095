// This brick's own public records by stretches of the line: for lists that must not name what belongs to other bricks.
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { publicCondition } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Row } from '../db/db.ts'

interface Own {
  id: string
  datestamp: string
}

/** A stretch of the line that holds at least one of them. */
interface Stretch {
  /** Counted from 1. */
  number: number
  /** The last change in it. */
  datestamp: string
}

const own = `${publicCondition} AND source_id IS NULL`

/** Those of these collections in stretch `number` of the line, in order: never more than it is long. */
export async function listOwn(
  ctx: Context,
  collectionIds: number[],
  number: number,
  length: number,
): Promise<Own[]> {
  const rows = await ctx.db.query<{ id: number; datestamp: Date }>(
    `SELECT id, datestamp FROM records
     WHERE collection_id = ANY($1::int[]) AND sequence > $2 AND sequence <= $3 AND ${own}
     ORDER BY sequence`,
    [collectionIds, (number - 1) * length, number * length],
  )
  return rows.map(({ id, datestamp }) => ({
    id: String(id),
    datestamp: formatDatestamp(datestamp),
  }))
}

// From one stretch to the next that holds something: as many steps as there are such stretches, however long the line
// is and whatever else lies on it.
const hops = `
  WITH RECURSIVE stretch(number) AS (
    SELECT (min(sequence) - 1) / $2::bigint + 1 FROM (${first('0')}) AS found
    UNION ALL
    SELECT (SELECT (min(sequence) - 1) / $2::bigint + 1 FROM (${first('stretch.number * $2::bigint')}) AS found)
    FROM stretch WHERE stretch.number IS NOT NULL
  )
  SELECT number, (
    SELECT max(datestamp) FROM unnest($1::int[]) AS each(collection), LATERAL (
      SELECT datestamp FROM records
      WHERE collection_id = each.collection AND sequence <= number * $2::bigint AND ${own}
      ORDER BY sequence DESC LIMIT 1) AS last) AS datestamp
  FROM stretch WHERE number IS NOT NULL ORDER BY number LIMIT $3`

/** SQL for the first of each collection after a number on the line. */
function first(after: string): string {
  return `SELECT sequence FROM unnest($1::int[]) AS each(collection), LATERAL (
      SELECT sequence FROM records
      WHERE collection_id = each.collection AND sequence > ${after} AND ${own}
      ORDER BY sequence LIMIT 1) AS next`
}

export async function ownStretches(
  ctx: Context,
  collectionIds: number[],
  length: number,
  limit: number,
): Promise<Stretch[]> {
  const rows = await ctx.db.query<{ number: number; datestamp: Date } & Row>(hops, [
    collectionIds,
    length,
    limit,
  ])
  return rows.map(({ number, datestamp }) => ({ number, datestamp: formatDatestamp(datestamp) }))
}
