// Children that go. A child leaves by no longer naming this brick as the one above it, which everybody can see and nobody but
// itself can do. Its records stay for a while, in which it may come back or its operator's mistake be mended; then they are
// withdrawn here, and come from wherever it is now.
import type { Context } from '../context.ts'
import { notFound } from '../http/errors.ts'
import { findByDoor, introduce, plainAddress } from '../network/network.ts'
import { noteAttempt } from './joining.ts'

const week = 7 * 86_400_000

/** SQL: the address of the brick above a source, as that one says, without what may be written or not. */
const parentOf = `rtrim(regexp_replace(identify->'description'->>'relation', '/oai/?$', ''), '/')`

/**
 * Looks at what the sources said last of the brick above them: who names this one, who no longer does, who does again.
 * @returns names of those that leave now
 */
export async function noteLeaving(ctx: Context): Promise<string[]> {
  const { baseUrl } = ctx.config
  const now = ctx.clock()
  await ctx.db.query(
    `UPDATE sources SET named_us_at = $2 WHERE named_us_at IS NULL AND ${parentOf} = $1`,
    [baseUrl, now],
  )
  await ctx.db.query(
    `UPDATE sources SET left_at = NULL, forget_at = NULL, paused = paused_at IS NOT NULL, next_run_at = $2
     WHERE left_at IS NOT NULL AND forgotten_at IS NULL AND ${parentOf} = $1`,
    [baseUrl, now],
  )
  const gone = await ctx.db.query<{ name: string }>(
    `UPDATE sources SET left_at = $2, forget_at = $3, paused = true
     WHERE named_us_at IS NOT NULL AND left_at IS NULL AND forget_at IS NULL
       AND identify IS NOT NULL AND ${parentOf} IS DISTINCT FROM $1
     RETURNING name`,
    [baseUrl, now, new Date(now.getTime() + week)],
  )
  for (const { name } of gone) ctx.log.info({ name }, 'a child leaves: its records go in a week')
  return gone.map(({ name }) => name)
}

/**
 * A child says that its place has changed: it is asked what it says of itself now.
 * @param client address of who says so
 */
export async function hearNotice(ctx: Context, door: string, client: string): Promise<void> {
  const source = await findByDoor(ctx, plainAddress(door))
  if (!source || source.forgottenAt !== null) throw notFound('No such child is known here.')
  await noteAttempt(ctx, client, source.url)
  const patience = { attempts: 1, patienceMs: 5000, stranger: source.stranger }
  const { identity } = await introduce(ctx, source.url, { patience })
  await ctx.db.query('UPDATE sources SET identify = $2 WHERE id = $1', [
    source.id,
    JSON.stringify(identity),
  ])
  await noteLeaving(ctx)
}
