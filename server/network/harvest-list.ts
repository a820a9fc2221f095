// The last harvests of a source, for its page, and how long they are kept.
import type { Context } from '../context.ts'
import type { Job } from '../queue/queue.ts'
import { harvestEntity, type Harvest } from './entities.ts'
import type { Noted } from './report.ts'

export interface PastHarvest extends Pick<
  Harvest,
  | 'id'
  | 'startedAt'
  | 'endedAt'
  | 'status'
  | 'from'
  | 'metadataPrefix'
  | 'fromScratch'
  | 'pages'
  | 'records'
  | 'added'
  | 'changed'
  | 'deleted'
  | 'refused'
  | 'diagnosis'
> {
  problems: Noted[]
}

/** Newest first. */
export async function lastHarvests(
  ctx: Context,
  sourceId: number,
  most: number,
): Promise<PastHarvest[]> {
  const rows = await ctx.db.dataSource.getRepository(harvestEntity).find({
    where: { sourceId },
    order: { startedAt: 'DESC', id: 'DESC' },
    take: most,
  })
  return rows.map((row) => ({ ...row, problems: (row.problems ?? []) as unknown as Noted[] }))
}

const day = 86_400_000
const mostKept = 1000
const longestKept = 400 * day
const faultsKept = 365 * day

/**
 * Lets go of harvests that nothing asks for any more. Of each source stay the last thousand of the last 400 days, what failed
 * within a year, and what tells its health and its next plan: the last one, the last whole ones, the first failure since.
 */
export async function pruneHarvests(ctx: Context): Promise<void> {
  const now = ctx.clock().getTime()
  await ctx.db.query(
    `WITH bounds AS (
       SELECT s.id, done, greatest($1, (
           SELECT started_at FROM harvests WHERE source_id = s.id
           ORDER BY started_at DESC, id DESC OFFSET $3 - 1 LIMIT 1)) AS since,
         (SELECT max(started_at) FROM harvests WHERE source_id = s.id) AS last,
         (SELECT max(started_at) FROM harvests
          WHERE source_id = s.id AND status = 'complete' AND compares) AS compared,
         (SELECT min(started_at) FROM harvests
          WHERE source_id = s.id AND status = 'failed' AND started_at >= coalesce(done, '-infinity')) AS failing
       FROM sources s, LATERAL (
         SELECT max(started_at) AS done FROM harvests WHERE source_id = s.id AND status = 'complete') AS d)
     DELETE FROM harvests h USING bounds b
     WHERE h.source_id = b.id AND h.started_at < b.since AND h.status <> 'running'
       AND NOT (h.status = 'failed' AND h.started_at >= $2)
       AND h.started_at <> ALL (array_remove(ARRAY[b.last, b.done, b.compared, b.failing], NULL))`,
    [new Date(now - longestKept), new Date(now - faultsKept), mostKept],
  )
}

export const pruning: Job = {
  name: 'prune-harvests',
  schedule: '41 3 * * *',
  handle: (ctx) => pruneHarvests(ctx),
}
