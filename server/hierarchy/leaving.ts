// Children that go. A child leaves by no longer naming this brick as the one above it, which everybody can see and nobody but
// itself can do. Its records stay for a while, in which it may come back or its operator's mistake be mended; then they are
// withdrawn here, and come from wherever it is now.
import type { Context } from '../context.ts'
import { notFound } from '../http/errors.ts'
import {
  findByDoor,
  forget,
  introduce,
  keep,
  plainAddress,
  sourceById,
} from '../network/network.ts'
import { noteAttempt } from './joining.ts'

const week = 7 * 86_400_000

/** SQL: the address of the brick above a source, as that one says, without what may be written or not. */
const parentOf = `rtrim(regexp_replace(identify->'description'->>'relation', '/oai/?$', ''), '/')`

/**
 * Looks at what the sources said last of the brick above them: who names this one, who no longer does, who does again.
 */
export async function noteLeaving(ctx: Context): Promise<void> {
  const { baseUrl } = ctx.config
  await ctx.db.query(
    `UPDATE sources SET named_us_at = $2 WHERE named_us_at IS NULL AND ${parentOf} = $1`,
    [baseUrl, ctx.clock()],
  )
  const back = await ctx.db.query<{ id: number }>(
    `SELECT id FROM sources WHERE left_at IS NOT NULL AND forgotten_at IS NULL AND ${parentOf} = $1`,
    [baseUrl],
  )
  for (const { id } of back) {
    const source = await sourceById(ctx, id)
    if (source.forgetAt !== null) await keep(ctx, source)
    await ctx.db.query('UPDATE sources SET left_at = NULL WHERE id = $1', [id])
  }
  const gone = await ctx.db.query<{ id: number }>(
    `SELECT id FROM sources
     WHERE named_us_at IS NOT NULL AND left_at IS NULL AND forget_at IS NULL
       AND identify IS NOT NULL AND ${parentOf} IS DISTINCT FROM $1`,
    [baseUrl],
  )
  for (const { id } of gone) {
    const source = await sourceById(ctx, id)
    await forget(ctx, source, week)
    await ctx.db.query('UPDATE sources SET left_at = $2 WHERE id = $1', [id, ctx.clock()])
    ctx.log.info({ slug: source.slug }, 'a child leaves: its records go in a week')
  }
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
