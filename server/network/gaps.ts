// Dates between which a source could neither list its records nor name them: asked for again with each list.
import type { Dates } from '../../harvester/dates.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/db.ts'
import type { Harvest } from './entities.ts'

export async function noteGaps(ctx: Context, harvest: Harvest, gaps: Dates[]): Promise<void> {
  for (const { from = '', until = '' } of gaps) {
    await ctx.db.query(
      `INSERT INTO source_gaps (source_id, from_datestamp, until_datestamp, harvest_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (source_id, from_datestamp, until_datestamp) DO UPDATE SET harvest_id = excluded.harvest_id`,
      [harvest.sourceId, from, until, harvest.id],
    )
  }
}

export async function gapsOf(ctx: Context, sourceId: number): Promise<Dates[]> {
  const rows = await ctx.db.query<{ from: string; until: string }>(
    `SELECT from_datestamp AS from, until_datestamp AS until FROM source_gaps
     WHERE source_id = $1 ORDER BY from_datestamp`,
    [sourceId],
  )
  return rows.map(({ from, until }) => ({ ...(from && { from }), ...(until && { until }) }))
}

/** After a complete harvest: all that it was asked for and did not miss again has come. */
export async function closeGaps(client: Pick<Client, 'query'>, harvest: Harvest): Promise<void> {
  await client.query('DELETE FROM source_gaps WHERE source_id = $1 AND harvest_id <> $2', [
    harvest.sourceId,
    harvest.id,
  ])
}
