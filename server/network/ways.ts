// The ways that a record comes by. One source holds it; that others have it too is noted, and when the way that holds it
// ends (deleted there, vanished, the source forgotten) they are asked for it by name, without waiting for it to change.
import { sameAddress } from '../../schemas/address.ts'
import type { Origin } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/db.ts'
import { listHeldFrom, withdraw, type Saved } from '../records/records.ts'
import type { Source } from './entities.ts'

type Database = Pick<Client, 'query'>

const batch = 5000

/** Another source brought these first; those that are gone there are asked for at the end of the run. */
export async function noteWays(
  client: Database,
  sourceId: number,
  found: Saved[],
  now: Date,
): Promise<void> {
  if (!found.length) return
  await client.query(
    `INSERT INTO record_ways (source_id, identifier, held_by, deleted, wanted_at)
     SELECT $1, identifier, held_by, gone, CASE WHEN gone THEN $2::timestamptz END
     FROM unnest($3::text[], $4::int[], $5::bool[]) AS found(identifier, held_by, gone)
     ON CONFLICT DO NOTHING`,
    [
      sourceId,
      now,
      found.map((each) => each.identifier),
      found.map((each) => each.heldBy ?? null),
      found.map((each) => each.withdrawn ?? false),
    ],
  )
}

/** The source holds these now, or has them no longer. */
export async function dropWays(
  client: Database,
  sourceId: number,
  identifiers: string[],
): Promise<void> {
  if (!identifiers.length) return
  await client.query(
    'DELETE FROM record_ways WHERE source_id = $1 AND identifier = ANY($2::text[])',
    [sourceId, identifiers],
  )
}

/**
 * Withdraws what this source no longer gives; other ways to it are asked soon.
 * @returns how many were withdrawn
 */
export async function letGo(
  ctx: Context,
  source: Pick<Source, 'id'>,
  identifiers: string[],
  within: (client: Client, withdrawn: number) => Promise<void>,
): Promise<number> {
  return withdraw(ctx, identifiers, async (client, withdrawn) => {
    await handOver(client, source.id, identifiers, { deleted: true, now: ctx.clock() })
    await within(client, withdrawn)
  })
}

/** All that this source holds, to those that have it too, for the source is forgotten. */
export async function handOverAll(ctx: Context, source: Pick<Source, 'id'>): Promise<void> {
  for (let after = 0; ;) {
    const held = await listHeldFrom(ctx, source.id, after, batch)
    const last = held.at(-1)
    if (!last) return
    after = last.id
    const identifiers = held.map((each) => each.identifier)
    await handOver(ctx.db.pool, source.id, identifiers, { deleted: false, now: ctx.clock() })
  }
}

async function handOver(
  client: Database,
  from: number,
  identifiers: string[],
  { deleted, now }: { deleted: boolean; now: Date },
): Promise<void> {
  const { rows } = await client.query<{ source_id: number }>(
    `UPDATE record_ways SET wanted_at = $3, held_by = $1, deleted = $4, tries = 0
     WHERE identifier = ANY($2::text[]) AND source_id <> $1 RETURNING source_id`,
    [from, identifiers, now, deleted],
  )
  if (!rows.length) return
  await client.query(
    `UPDATE sources SET next_run_at = least(next_run_at, $2)
     WHERE id = ANY($1::int[]) AND next_run_at IS NOT NULL`,
    [[...new Set(rows.map((row) => row.source_id))], now],
  )
}

/** A record to ask a source for by itself. */
export interface Wanted {
  identifier: string
  /** The source that held it; null: this one. */
  heldBy: number | null
  /** Base URL of the source that deleted it; null: it was not deleted. */
  deletedAt: string | null
}

const wantedColumns = `record_ways.identifier, record_ways.held_by AS "heldBy",
  CASE WHEN record_ways.deleted THEN coalesce(sources.identify->>'baseUrl', sources.url) END AS "deletedAt"`

/** What is to be asked of this source by now, longest waiting first. */
export async function wantedOf(ctx: Context, sourceId: number, limit: number): Promise<Wanted[]> {
  return ctx.db.query<Wanted & Record<string, unknown>>(
    `SELECT ${wantedColumns} FROM record_ways LEFT JOIN sources ON sources.id = held_by
     WHERE source_id = $1 AND wanted_at <= $2 ORDER BY wanted_at LIMIT $3`,
    [sourceId, ctx.clock(), limit],
  )
}

/** Which of these are to be asked of this source, by identifier. */
export async function wantedAmong(
  ctx: Context,
  sourceId: number,
  identifiers: string[],
): Promise<Map<string, Wanted>> {
  const rows = await ctx.db.query<Wanted & Record<string, unknown>>(
    `SELECT ${wantedColumns} FROM record_ways LEFT JOIN sources ON sources.id = held_by
     WHERE source_id = $1 AND record_ways.identifier = ANY($2::text[]) AND wanted_at <= $3`,
    [sourceId, identifiers, ctx.clock()],
  )
  return new Map(rows.map((row) => [row.identifier, row]))
}

/**
 * Whether this is a copy of what was deleted: it came through where that was done, and has not heard of it yet.
 * @param origins the steps before this source
 */
export function isStale({ deletedAt }: Pick<Wanted, 'deletedAt'>, origins: Origin[]): boolean {
  return deletedAt !== null && origins.some((each) => sameAddress(each.baseUrl, deletedAt))
}

/** What was asked for has come: the source holds it now, or it is a way like any other again. */
export async function settleWays(
  client: Database,
  sourceId: number,
  saved: { identifier: string; outcome: string }[],
): Promise<void> {
  const held = saved.filter((each) => each.outcome !== 'kept-elsewhere')
  await dropWays(
    client,
    sourceId,
    held.map((each) => each.identifier),
  )
  const others = saved.filter((each) => each.outcome === 'kept-elsewhere')
  await client.query(
    `UPDATE record_ways SET wanted_at = NULL, tries = 0
     WHERE source_id = $1 AND identifier = ANY($2::text[]) AND wanted_at IS NOT NULL`,
    [sourceId, others.map((each) => each.identifier)],
  )
}

/** What is under an embargo is asked for again when that ends. */
export async function wantWhenOpen(
  client: Database,
  sourceId: number,
  embargoes: Map<string, Date>,
  saved: Saved[],
): Promise<void> {
  if (!embargoes.size) return
  const closed = saved.flatMap(({ identifier, outcome }) => {
    const at = embargoes.get(identifier)
    return at && outcome !== 'kept-elsewhere' ? [{ identifier, at }] : []
  })
  if (!closed.length) return
  await client.query(
    `INSERT INTO record_ways (source_id, identifier, wanted_at)
     SELECT $1, * FROM unnest($2::text[], $3::timestamptz[])
     ON CONFLICT (source_id, identifier) DO UPDATE SET wanted_at = excluded.wanted_at`,
    [sourceId, closed.map((each) => each.identifier), closed.map((each) => each.at)],
  )
}

/** To be asked for by name some time later, the more seldom the more often that was in vain. */
export async function wantLater(
  ctx: Context,
  sourceId: number,
  identifiers: string[],
): Promise<void> {
  if (!identifiers.length) return
  await ctx.db.query(
    `INSERT INTO record_ways AS way (source_id, identifier, wanted_at, tries)
     SELECT $1, identifier, $3::timestamptz + interval '1 hour', 1
     FROM unnest($2::text[]) AS lost(identifier)
     ON CONFLICT (source_id, identifier) DO UPDATE SET tries = way.tries + 1,
       wanted_at = $3::timestamptz + make_interval(hours => least(168, power(2, least(way.tries, 8))::int))`,
    [sourceId, [...new Set(identifiers)], ctx.clock()],
  )
}
