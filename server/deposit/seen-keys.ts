// Identifiers that an import has met so far.
import type { Context } from '../context.ts'

export interface SeenKeys {
  /** For each key, how often it has come in this import by now. */
  count(keys: string[]): Promise<number[]>
  close(): Promise<void>
}

/** Keys of this import in a temporary table, so that memory stays the same whatever the file's size. */
export async function openSeenKeys(ctx: Context): Promise<SeenKeys> {
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
