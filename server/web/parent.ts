// The brick above: the one that the operator states (CAMPA_PARENT_URL), otherwise the one that this brick joined and that
// has taken it. Pages ask for it everywhere, so it is at hand without waiting, and some seconds old at most.
import type { Context } from '../context.ts'
import { recall, setSetting } from '../db/settings.ts'

/** What a brick remembers of the parent that it joined. */
export type Joined = {
  /** Base URL of the brick, without a slash at its end. */
  url: string
  name: string
  askedAt: string
  /** Since when it is among the children of the other; null: it waits. */
  takenAt: string | null
  /** Since when it is no longer; null: it is. */
  droppedAt: string | null
}

const setting = 'parent'
const freshFor = 5000

interface Known {
  joined: Joined | undefined
  readAt: number
}

const known = new WeakMap<Context, Known>()

export async function readJoined(ctx: Context): Promise<Joined | undefined> {
  const joined = (await recall<Joined | null>(ctx.db, setting)) ?? undefined
  known.set(ctx, { joined, readAt: Date.now() })
  return joined
}

export async function writeJoined(ctx: Context, joined: Joined | undefined): Promise<void> {
  await setSetting(ctx.db.pool, setting, joined ?? null)
  known.set(ctx, { joined, readAt: Date.now() })
}

/** Address of the brick above, where there is one. */
export function parentUrl(ctx: Context): string | undefined {
  if (ctx.config.parentUrl !== undefined) return ctx.config.parentUrl
  const now = known.get(ctx)
  if (!now || Date.now() - now.readAt > freshFor) {
    known.set(ctx, { joined: now?.joined, readAt: Date.now() })
    readJoined(ctx).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'the brick above could not be read'),
    )
  }
  const joined = now?.joined
  return joined?.takenAt && !joined.droppedAt ? joined.url : undefined
}
