// Forgetting a source. At once it is not read and not shown any more; its records stay for a day, in which the operator can
// think again, and then become tombstones, so that whoever harvests us learns that they are gone. The row stays for ever:
// tombstones refer to it, and the source may be added again.
import { retireCollections } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import type { Job } from '../queue/queue.ts'
import { DomainError } from '../http/errors.ts'
import { listHeldFrom, withdraw } from '../records/records.ts'
import { refusal } from '../web/web.ts'
import { sourceEntity, type Source } from './entities.ts'
import { forgetPlaces, withSourceLock } from './harvests.ts'
import { handOverAll } from './ways.ts'

const timeToThink = 24 * 3_600_000
const batch = 2000

const repository = (ctx: Context) => ctx.db.dataSource.getRepository(sourceEntity)

/**
 * @param time until its records go
 * @returns when they do
 */
export async function forget(ctx: Context, source: Source, time = timeToThink): Promise<Date> {
  const forgetAt = source.forgetAt ?? new Date(ctx.clock().getTime() + time)
  // It is paused without a date of its own, by which `keep` knows whether the operator had paused it before.
  await repository(ctx).update({ id: source.id }, { forgetAt, paused: true })
  await retireCollections(ctx, source.id, true)
  return forgetAt
}

/**
 * Takes it back. What was withdrawn meanwhile comes back with the next harvest, which reads all.
 * @throws conflict where it is not being forgotten
 */
export async function keep(ctx: Context, source: Source): Promise<void> {
  if (source.forgetAt === null)
    throw refusal('conflict', ({ t }) => t('refusal.staying', { source: source.slug }))
  await repository(ctx).update(
    { id: source.id },
    {
      forgetAt: null,
      forgottenAt: null,
      paused: source.pausedAt !== null,
      scratchWanted: source.forgetAt <= ctx.clock(),
      nextRunAt: ctx.clock(),
    },
  )
  await retireCollections(ctx, source.id, false)
}

/** Withdraws the records of those whose time has come. */
export async function forgetDue(ctx: Context, signal: AbortSignal): Promise<void> {
  const due = await repository(ctx)
    .createQueryBuilder('source')
    .where('source.forgetAt <= :now AND source.forgottenAt IS NULL', { now: ctx.clock() })
    .getMany()
  for (const source of due) {
    try {
      await withSourceLock(ctx, source, false, (lost) =>
        withdrawAll(ctx, source, AbortSignal.any([signal, lost])),
      )
    } catch (error) {
      // Its last harvest is still storing a page: next time, then.
      if (!(error instanceof DomainError && error.code === 'conflict')) throw error
    }
  }
}

async function withdrawAll(ctx: Context, source: Source, signal: AbortSignal): Promise<void> {
  let withdrawn = 0
  // Others that have some of it are asked for that.
  await handOverAll(ctx, source)
  for (;;) {
    signal.throwIfAborted()
    // The operator may have thought again meanwhile.
    const now = await repository(ctx).findOneByOrFail({ id: source.id })
    if (now.forgetAt === null) return
    const held = await listHeldFrom(ctx, source.id, 0, batch)
    if (!held.length) break
    withdrawn += await withdraw(
      ctx,
      held.map((each) => each.identifier),
    )
  }
  await repository(ctx).update(
    { id: source.id },
    { forgottenAt: ctx.clock(), records: 0, keepers: null, vanished: null, lastResponseDate: null },
  )
  for (const table of ['record_ways', 'missing_records', 'source_gaps', 'kept_pages'])
    await ctx.db.query(`DELETE FROM ${table} WHERE source_id = $1`, [source.id])
  await forgetPlaces(ctx, source.id)
  ctx.log.info({ slug: source.slug, withdrawn }, 'a source is forgotten')
}

export const forgetting: Job = {
  name: 'forget-sources',
  schedule: '*/5 * * * *',
  expireInSeconds: 3600,
  handle: (ctx, _data, signal) => forgetDue(ctx, signal),
}
