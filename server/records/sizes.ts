// How long the lists are that OAI-PMH gives out, kept with every write, so that nobody counts the table to say so:
// per collection, of all records that were ever public (bit 0) and of those that were ever given in a partial format.
import type { Context } from '../context.ts'
import type { Client, Row } from '../db/db.ts'

/** What decides in which lists a record is. */
export interface Counted extends Row {
  collection_id: number
  numbered: boolean
  formats_once: number
}

export interface Move {
  before: Counted | undefined
  after: Counted
}

/** Only behind the line lock. */
export async function countLists(client: Client, moves: Move[]): Promise<void> {
  const changes = new Map<string, number>()
  const add = (each: Counted | undefined, amount: number): void => {
    for (const mask of each ? listsOf(each) : []) {
      const list = `${each?.collection_id} ${mask}`
      changes.set(list, (changes.get(list) ?? 0) + amount)
    }
  }
  for (const { before, after } of moves) {
    add(before, -1)
    add(after, 1)
  }
  const changed = [...changes].filter(([, amount]) => amount !== 0)
  if (!changed.length) return
  const lists = changed.map(([list]) => list.split(' ').map(Number))
  await client.query(
    `INSERT INTO list_sizes AS known (collection_id, mask, size)
     SELECT * FROM unnest($1::int[], $2::int[], $3::bigint[])
     ON CONFLICT (collection_id, mask) DO UPDATE SET size = known.size + excluded.size`,
    [lists.map(([id]) => id), lists.map(([, mask]) => mask), changed.map(([, amount]) => amount)],
  )
}

function listsOf({ numbered, formats_once: once }: Counted): number[] {
  if (!numbered) return []
  const masks = [0]
  for (let mask = 1; mask <= once; mask <<= 1) if (once & mask) masks.push(mask)
  return masks
}

/**
 * How many records a whole list has.
 * @param mask of a partial format; 0: of a format that has them all
 * @param collections only these
 */
export async function listSize(
  ctx: Context,
  mask: number,
  collections?: number[],
): Promise<{ size: number; last: number }> {
  const [row] = await ctx.db.query<{ size: number; last: number | null }>(
    `SELECT (SELECT coalesce(sum(size), 0)::bigint FROM list_sizes
       WHERE mask = $1 AND ($2::int[] IS NULL OR collection_id = ANY($2))) AS size,
       (SELECT max(sequence) FROM records) AS last`,
    [mask, collections ?? null],
  )
  return { size: row?.size ?? 0, last: row?.last ?? 0 }
}
