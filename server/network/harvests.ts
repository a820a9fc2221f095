// The rows of harvests: begun, gone on with, advanced page by page in the transaction of the page, ended.
//
// A row is `running` from its first moment to its end. Where no process holds the source's lock, a running row was
// interrupted: its token (or, when that has died, its `from`) is where the next run goes on. A failed row with a token
// is gone on with likewise, for a source that is down halfway through a long list should not begin again.
import type { Client as Harvester } from '../../harvester/client.ts'
import type { Identity } from '../../harvester/identify.ts'
import type { Granularity } from '../../schemas/datestamp.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/db.ts'
import { openGate } from '../db/gate.ts'
import { conflict } from '../http/errors.ts'
import type { Counts } from './counts.ts'
import { harvestEntity, sourceEntity, type Harvest, type Source } from './entities.ts'
import { closeGaps } from './gaps.ts'
import type { Notes } from './report.ts'
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

/** A run under way. */
export interface Run {
  ctx: Context
  source: Source
  client: Harvester
  signal: AbortSignal
  /** The row as it stands in the database. */
  harvest: Harvest
  /** Who the source says it is today. */
  identity: Identity
  notes: Notes
  /** Formats that it offers and did not give. */
  refused: Set<string>
}

export interface Begun {
  harvest: Harvest
  resumed: boolean
}

/** The row to work on: an interrupted one, or a new one, whose plan is still to be written (`writePlan`). */
export async function beginHarvest(
  ctx: Context,
  source: Source,
  wanted: { fromScratch: boolean; acceptVanished: boolean },
): Promise<Begun> {
  // Due as soon as its lock is free, so that one that is cut short is gone on with.
  const nextRunAt = new Date(ctx.clock().getTime() + lease)
  await ctx.db.dataSource.getRepository(sourceEntity).update({ id: source.id }, { nextRunAt })
  const last = await lastHarvest(ctx, source.id)
  if (last && (last.status === 'running' || (last.status === 'failed' && isUnderWay(last)))) {
    if (isWanted(last, source, wanted)) {
      const again = {
        status: 'running' as const,
        endedAt: null,
        resumedAt: ctx.clock(),
        resumedRecords: last.records,
      }
      await repository(ctx).update({ id: last.id }, again)
      return { harvest: { ...last, ...again }, resumed: last.pages > 0 }
    }
    await repository(ctx).update(
      { id: last.id },
      { status: 'failed', endedAt: ctx.clock(), resumptionToken: null, place: null },
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
    metadataPrefix: source.metadataPrefix,
    fromScratch: wanted.fromScratch,
    acceptsVanished: wanted.acceptVanished,
  })
  return { harvest: await harvestById(ctx, harvest.id), resumed: false }
}

/** Whether a harvest that failed has come to where the next one may go on. */
function isUnderWay({ resumptionToken, place, pages, from }: Harvest): boolean {
  if (resumptionToken !== null) return true
  if (!place?.lists || pages === 0) return false
  const [next] = place.lists
  return next === undefined || next.until !== undefined || (next.from ?? null) !== from
}

/** Whether going on with it gives what is wanted now. */
function isWanted(
  last: Harvest,
  source: Source,
  wanted: { fromScratch: boolean; acceptVanished: boolean },
): boolean {
  return (
    last.metadataPrefix === source.metadataPrefix &&
    (last.fromScratch || !wanted.fromScratch) &&
    (last.acceptsVanished || !wanted.acceptVanished)
  )
}

/** What is asked for, once the source has said who it is. */
export async function writePlan(ctx: Context, harvest: Harvest): Promise<void> {
  const { id, from, compares, metadataPrefix, resumptionToken, place } = harvest
  await repository(ctx).update({ id }, { from, compares, metadataPrefix, resumptionToken })
  await ctx.db.query('UPDATE harvests SET place = $2 WHERE id = $1', [
    id,
    place && JSON.stringify(place),
  ])
}

/** What was begun is not gone on with: another list is wanted now. */
export async function forgetPlaces(ctx: Context, sourceId: number): Promise<void> {
  await ctx.db.query(
    `UPDATE harvests SET status = 'failed', resumption_token = NULL, place = NULL, ended_at = coalesce(ended_at, $2)
     WHERE source_id = $1 AND (status = 'running' OR resumption_token IS NOT NULL OR place IS NOT NULL)`,
    [sourceId, ctx.clock()],
  )
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
       changed = $7, deleted = $8, refused = $9, complete_list_size = $10, problems = $11, place = $12,
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
      harvest.place && JSON.stringify(harvest.place),
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
  counts: Counts
  /** Only when complete. */
  learnt?: Learnt
}

/** What a complete harvest tells about the next one. */
interface Learnt {
  /** For the next `from`. */
  responseDate: string | null
  clockBehind: number
  granularity: Granularity | null
  /** What says that the source began anew. */
  anew: string | null
  /** When all was listed: since when, and the sign of a new beginning that this was the answer to. */
  comparedAt?: Date
  answered?: string | null
}

export async function endHarvest(ctx: Context, harvest: Harvest, ending: Ending): Promise<void> {
  const { learnt } = ending
  await ctx.db.transaction(async (client) => {
    await writeProgress(client, harvest)
    await client.query(
      'UPDATE harvests SET status = $2, ended_at = $3, diagnosis = $4 WHERE id = $1',
      [harvest.id, ending.status, ctx.clock(), ending.diagnosis],
    )
    const { records, keepers, uncounted } = ending.counts
    await client.query(
      'UPDATE sources SET next_run_at = $2, records = $3, keepers = $4, uncounted = $5 WHERE id = $1',
      [harvest.sourceId, ending.nextRunAt, records, JSON.stringify(keepers), uncounted],
    )
    if (!learnt) return
    await client.query(
      `UPDATE sources SET last_response_date = $2, clock_behind = $3, granularity = $4,
         compared_at = coalesce($5, compared_at), anew = coalesce(nullif(anew, $6), $7),
         -- What was wished for meanwhile is still to be done.
         scratch_wanted = scratch_wanted AND NOT $8, accept_wanted = accept_wanted AND NOT $9 WHERE id = $1`,
      [
        harvest.sourceId,
        learnt.responseDate,
        learnt.clockBehind,
        learnt.granularity,
        learnt.comparedAt ?? null,
        learnt.answered ?? null,
        learnt.anew,
        harvest.fromScratch,
        harvest.acceptsVanished,
      ],
    )
    await closeGaps(client, harvest)
    // What it was given to do meanwhile it does at once.
    await client.query(
      `UPDATE sources SET next_run_at = $2 WHERE id = $1
       AND EXISTS (SELECT FROM record_ways WHERE source_id = $1 AND wanted_at <= $2)`,
      [harvest.sourceId, ctx.clock()],
    )
    await client.query('DELETE FROM harvest_seen WHERE harvest_id = $1', [harvest.id])
  })
}
