// The rows of harvests: begun, gone on with, advanced page by page in the transaction of the page, ended.
//
// A row is `running` from its first moment to its end. Where no process holds the source's lock, a running row was
// interrupted: its token (or, when that has died, its `from`) is where the next run goes on. A failed row with a token
// is gone on with likewise, for a source that is down halfway through a long list should not begin again.
import type { Context } from '../context.ts'
import type { Client } from '../db/db.ts'
import { openGate } from '../db/gate.ts'
import { conflict } from '../http/errors.ts'
import { harvestEntity, sourceEntity, type Harvest, type Source } from './entities.ts'
import { lease, lockOf, takePlace } from './turns.ts'

const repository = (ctx: Context) => ctx.db.dataSource.getRepository(harvestEntity)

/**
 * Runs `work` while no other process harvests this source.
 * @param politely not without a place at its host either
 * @throws conflict when one does, or there is none
 */
export async function withSourceLock<T>(
  ctx: Context,
  source: Source,
  politely: boolean,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gate = await openGate(ctx.db)
  try {
    if (!(await gate.take(lockOf(source))))
      throw conflict(`Another process is harvesting "${source.slug}" right now.`)
    const hasPlace = await takePlace(gate, source)
    if (politely && !hasPlace)
      throw conflict(`All places at the host of "${source.slug}" are taken.`)
    return await work(gate.lost)
  } finally {
    await gate.leave()
  }
}

export interface Begun {
  harvest: Harvest
  resumed: boolean
}

/**
 * The row to work on: an interrupted one, or a new one.
 * @param from for a new one
 */
export async function beginHarvest(
  ctx: Context,
  source: Source,
  wanted: { fromScratch: boolean; from: string | null; metadataPrefix: string },
): Promise<Begun> {
  // Due as soon as its lock is free, so that one that is cut short is gone on with.
  const nextRunAt = new Date(ctx.clock().getTime() + lease)
  await ctx.db.dataSource
    .getRepository(sourceEntity)
    .update({ id: source.id }, { nextRunAt, scratchWanted: false })
  const last = await lastHarvest(ctx, source.id)
  const fits = last?.metadataPrefix === wanted.metadataPrefix
  const open = last?.status === 'running' || (last?.status === 'failed' && last.resumptionToken)
  if (last && open) {
    if (fits && (last.fromScratch || !wanted.fromScratch)) {
      const again = {
        status: 'running' as const,
        endedAt: null,
        diagnosis: null,
        resumedAt: ctx.clock(),
        resumedRecords: last.records,
      }
      await repository(ctx).update({ id: last.id }, again)
      return { harvest: { ...last, ...again }, resumed: last.pages > 0 }
    }
    await repository(ctx).update(
      { id: last.id },
      { status: 'failed', endedAt: ctx.clock(), resumptionToken: null },
    )
  }
  await ctx.db.query(
    `DELETE FROM harvest_seen USING harvests WHERE harvests.id = harvest_id AND source_id = $1`,
    [source.id],
  )
  const harvest = await repository(ctx).save({
    sourceId: source.id,
    startedAt: ctx.clock(),
    status: 'running' as const,
    from: wanted.from,
    metadataPrefix: wanted.metadataPrefix,
    fromScratch: wanted.fromScratch,
  })
  return { harvest: await harvestById(ctx, harvest.id), resumed: false }
}

async function harvestById(ctx: Context, id: number): Promise<Harvest> {
  return repository(ctx).findOneByOrFail({ id })
}

async function lastHarvest(ctx: Context, sourceId: number): Promise<Harvest | undefined> {
  const [last] = await repository(ctx).find({
    where: { sourceId },
    order: { startedAt: 'DESC', id: 'DESC' },
    take: 1,
  })
  return last
}

/** Writes where the harvest stands, in the transaction of what it stands for. */
export async function writeProgress(client: Client, harvest: Harvest): Promise<void> {
  await client.query(
    `UPDATE harvests SET response_date = $2, resumption_token = $3, pages = $4, records = $5, added = $6,
       changed = $7, deleted = $8, refused = $9, complete_list_size = $10, problems = $11,
       advanced_at = now()
     WHERE id = $1`,
    [
      harvest.id,
      harvest.responseDate,
      harvest.resumptionToken,
      harvest.pages,
      harvest.records,
      harvest.added,
      harvest.changed,
      harvest.deleted,
      harvest.refused,
      harvest.completeListSize,
      JSON.stringify(harvest.problems),
    ],
  )
}

export async function writeSeen(
  client: Client,
  harvestId: number,
  identifiers: string[],
): Promise<void> {
  await client.query(
    `INSERT INTO harvest_seen (harvest_id, identifier)
     SELECT $1, * FROM unnest($2::text[]) ON CONFLICT DO NOTHING`,
    [harvestId, identifiers],
  )
}

export interface Ending {
  status: 'complete' | 'failed'
  /** Code of the diagnosis, when failed. */
  diagnosis: string | null
  nextRunAt: Date
  /** For the next `from`; only when complete. */
  responseDate: string | null
  records: number
  keepers: { name: string; url?: string; records: number }[]
}

export async function endHarvest(ctx: Context, harvest: Harvest, ending: Ending): Promise<void> {
  await ctx.db.transaction(async (client) => {
    await writeProgress(client, harvest)
    await client.query(
      'UPDATE harvests SET status = $2, ended_at = $3, diagnosis = $4 WHERE id = $1',
      [harvest.id, ending.status, ctx.clock(), ending.diagnosis],
    )
    await client.query(
      `UPDATE sources SET next_run_at = $2, records = $3, keepers = $4,
         last_response_date = CASE WHEN $5 THEN $6 ELSE last_response_date END
       WHERE id = $1`,
      [
        harvest.sourceId,
        ending.nextRunAt,
        ending.records,
        JSON.stringify(ending.keepers),
        ending.status === 'complete',
        ending.responseDate,
      ],
    )
    if (ending.status === 'complete') {
      await client.query('DELETE FROM harvest_seen WHERE harvest_id = $1', [harvest.id])
    }
  })
}
