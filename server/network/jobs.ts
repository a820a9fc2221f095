// Harvests on a schedule. Every minute the sources that are due are sent to the queue, those that were interrupted first.
//
// A source is due when its time has come, or when it has none (a run takes it away) and nobody holds its lock: then the
// run was cut short, by a crash or a restart. Sending is a lease of ten minutes, in case the job itself gets lost.
import { DomainError } from '../http/errors.ts'
import type { Context } from '../context.ts'
import type { Job } from '../queue/queue.ts'
import { lockKey } from './harvests.ts'
import { harvestSource } from './run.ts'
import { findSource } from './sources.ts'

const [classKey, objectKey] = lockKey('sources.id').split(/, (?=hashtext)/)
const asOid = (key: string | undefined): string => `(${key ?? ''}::bigint & 4294967295)::oid`

const takeDue = `
  WITH due AS (
    SELECT id, next_run_at FROM sources
    WHERE NOT paused AND (next_run_at <= $1 OR (next_run_at IS NULL AND NOT EXISTS (
      SELECT FROM pg_locks
      WHERE locktype = 'advisory' AND classid = ${asOid(classKey)} AND objid = ${asOid(objectKey)}
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))))
    FOR UPDATE SKIP LOCKED)
  UPDATE sources SET next_run_at = $1::timestamptz + interval '10 minutes'
  FROM due WHERE due.id = sources.id
  RETURNING sources.slug, due.next_run_at AS was`

/** Slugs of the sources to harvest now, which are not due again for ten minutes. */
export async function takeDueSources(ctx: Context): Promise<string[]> {
  const rows = await ctx.db.query<{ slug: string; was: Date | null }>(takeDue, [ctx.clock()])
  return rows
    .toSorted((a, b) => (a.was?.getTime() ?? 0) - (b.was?.getTime() ?? 0))
    .map((row) => row.slug)
}

const harvestJob: Job = {
  name: 'harvest',
  expireInSeconds: 6 * 3600,
  async handle(ctx, data, signal) {
    const { slug } = data as { slug: string }
    try {
      const source = await findSource(ctx, slug)
      const { problems, ...report } = await harvestSource(ctx, source, { signal })
      ctx.log.info({ ...report, problems: problems.length }, `harvested ${slug}`)
    } catch (error) {
      // Another process is at it, or the source is gone: either way there is nothing to do.
      const settled = error instanceof DomainError && ['conflict', 'not-found'].includes(error.code)
      if (!settled) throw error
      ctx.log.debug({ slug }, error.message)
    }
  },
}

const scheduleJob: Job = {
  name: 'harvest-due',
  schedule: '* * * * *',
  expireInSeconds: 60,
  async handle(ctx, _data, _signal, queue) {
    const minute = Math.floor(ctx.clock().getTime() / 60_000)
    for (const slug of await takeDueSources(ctx)) {
      // The minute is part of the key: the job of a process that died must not stand in the way of the next one.
      await queue.send(harvestJob.name, { slug }, `${slug} ${minute}`)
    }
  },
}

export const harvestJobs: Job[] = [harvestJob, scheduleJob]
