// What the hierarchy does by itself: whether the brick above has taken this one, what it shares, which children left.
import { Diagnosis, reasonOf } from '../../harvester/diagnosis.ts'
import type { Context } from '../context.ts'
import { recall, setSetting } from '../db/settings.ts'
import { DomainError } from '../http/errors.ts'
import type { Job } from '../queue/queue.ts'
import { parentUrl, readJoined } from '../web/web.ts'
import { readAbove, tellUrgent } from './from-above.ts'
import { tidyRequests } from './joining.ts'
import { noteLeaving } from './leaving.ts'
import { lookUp } from './parent.ts'

const hour = 3_600_000
const day = 24 * hour
/** So long it is asked every time whether it has taken this brick; then once a day. */
const impatience = 30 * day

/** How the last reading of what comes from above went. */
export type AboveState = {
  url: string
  readAt: string | null
  triedAt: string
  /** Why it could not be read; null: it could. */
  problem: string | null
  /** What was not taken, and why. */
  refused: string[]
}

const setting = 'from above'

export const aboveState = (ctx: Context): Promise<AboveState | undefined> =>
  recall<AboveState>(ctx.db, setting)

/** @param atOnce whether it is due or not */
export async function keepUp(ctx: Context, signal?: AbortSignal, atOnce = false): Promise<void> {
  await noteLeaving(ctx)
  await tidyRequests(ctx)
  const state = await aboveState(ctx)
  const since = (date: string | null | undefined): number =>
    date ? ctx.clock().getTime() - new Date(date).getTime() : Infinity
  const before = await readJoined(ctx)
  const isWaiting = before && !before.takenAt && since(before.askedAt) < impatience
  const isDue = since(state?.readAt) >= day && since(state?.triedAt) >= hour
  if (before && (atOnce || isWaiting || isDue))
    await lookUp(ctx).catch(passing(ctx, 'the brick above does not answer'))
  const url = parentUrl(ctx)
  if (url !== undefined && (atOnce || isDue || state?.url !== url))
    await readNow(ctx, url, state, signal)
  // A mail server that is down is asked again at the next look.
  if (url !== undefined)
    await tellUrgent(ctx).catch(passing(ctx, 'the operator could not be told of urgent news'))
}

async function readNow(
  ctx: Context,
  url: string,
  before: AboveState | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const now = ctx.clock().toISOString()
  const known = before?.url === url ? before : undefined
  let state: AboveState = { url, readAt: now, triedAt: now, problem: null, refused: [] }
  try {
    state.refused = (await readAbove(ctx, signal)).refused
  } catch (error) {
    if (!(error instanceof Diagnosis)) throw error
    const { readAt = null, refused = [] } = known ?? {}
    state = { url, readAt, triedAt: now, problem: reasonOf(error), refused }
  }
  await setSetting(ctx.db.pool, setting, state)
}

const passing =
  (ctx: Context, what: string) =>
  (error: unknown): void => {
    if (!(error instanceof DomainError)) throw error
    ctx.log.info({ err: error }, what)
  }

export const keepingUp: Job = {
  name: 'hierarchy',
  schedule: '*/10 * * * *',
  handle: (ctx, _data, signal) => keepUp(ctx, signal),
}
