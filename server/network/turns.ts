// Whose turn it is. The table of sources is the queue of harvests: the one that is due longest goes first, unless it is
// being harvested already, its host has no place free or wants to be left alone, or its hours have not come.
//
// Who harvests holds two locks of its connection to the database, one of the source and one of a place at its host. They
// go with the process, so nobody has to find out who has died: what is due and not locked is there for the taking.
import type { Context } from '../context.ts'
import type { Row } from '../db/db.ts'
import type { Gate } from '../db/gate.ts'
import { sourceEntity, type Source } from './entities.ts'

/** A harvest that is cut short is due again so soon after it began, but no sooner: it may be what ends the process. */
export const lease = 5_000

/** Those who have waited for so long are waiting; a place that is free elsewhere takes them sooner. */
const patience = '5 seconds'

// The names of the locks, here and in SQL.
export const lockOf = ({ id }: Pick<Source, 'id'>): string => `harvest of ${id}`
const lockIn = (id: string): string => `'harvest of ' || ${id}`
const placeOf = (host: string, place: number): string => `harvest at ${host} ${place}`
const placeIn = (host: string, place: string): string =>
  `'harvest at ' || ${host} || ' ' || ${place}`

const asOid = (key: string): string => `(${key}::bigint & 4294967295)::oid`
const held = `held AS MATERIALIZED (
  SELECT objid FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 2 AND classid = ${asOid('hashtext(current_schema())')}
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`
const isHeld = (name: string): string => `${asOid(`hashtext(${name})`)} IN (SELECT objid FROM held)`

/** The same as `hostOf`. */
const hostIn = (url: string): string => `substring(${url} FROM '^https?://([^/?#]+)')`

/** What is one server for us, with the port where it is not the usual one. */
export const hostOf = (url: string): string => new URL(url).host

const isFree = `EXISTS (SELECT FROM generate_series(1, s.host_places) AS place
  WHERE NOT ${isHeld(placeIn(hostIn('s.url'), 'place'))})`
const atHours = (now: string): string => {
  const local = `(${now}::timestamptz AT TIME ZONE coalesce(s.time_zone, 'UTC'))::time`
  return `(s.hours_from IS NULL OR CASE WHEN s.hours_from < s.hours_until
    THEN ${local} >= s.hours_from AND ${local} < s.hours_until
    ELSE ${local} >= s.hours_from OR ${local} < s.hours_until END)`
}
const mayBegin = (now: string): string => `NOT s.paused AND ${atHours(now)}
  AND NOT EXISTS (SELECT FROM source_hosts h WHERE h.host = ${hostIn('s.url')} AND h.not_before > ${now})
  AND NOT ${isHeld(lockIn('s.id'))}`
/** As `sources_due_ix` has it. */
const dueAt = `coalesce(s.next_run_at, '-infinity')`
const isDue = (moment: string): string => `${dueAt} <= ${moment}`

const take = `
  WITH ${held}, next AS (
    SELECT s.id FROM sources s
    WHERE ${isDue('$1')} AND ${mayBegin('$1')} AND ${isFree}
    ORDER BY ${dueAt}, s.id LIMIT 1
    FOR UPDATE OF s SKIP LOCKED)
  UPDATE sources SET next_run_at = $2 FROM next WHERE next.id = sources.id
  RETURNING sources.id`

/** The source to harvest next, which nobody else is given; undefined: none may be harvested now. */
export async function takeTurn(ctx: Context): Promise<Source | undefined> {
  const now = ctx.clock()
  const [row] = await ctx.db.query<{ id: number }>(take, [now, new Date(now.getTime() + lease)])
  return row && (await ctx.db.dataSource.getRepository(sourceEntity).findOneByOrFail(row))
}

/** It is due again at this moment: now, for it comes behind those that are waiting already. */
export async function giveTurnBack(ctx: Context, source: Source, due: Date): Promise<void> {
  await ctx.db.query('UPDATE sources SET next_run_at = $2 WHERE id = $1', [source.id, due])
}

/** Holds a place at the source's host as long as the gate is held, if one is free. */
export async function takePlace(gate: Gate, source: Source): Promise<boolean> {
  const host = hostOf(source.url)
  for (let place = 1; place <= source.hostPlaces; place++)
    if (await gate.take(placeOf(host, place))) return true
  return false
}

export interface Standing extends Row {
  paused: boolean
  /** Its hours are over. */
  closed: boolean
  /** Another one could begin if this one made room. */
  others: boolean
}

const standing = `
  WITH ${held}
  SELECT mine.paused, NOT (SELECT ${atHours('$2')} FROM sources s WHERE s.id = mine.id) AS closed,
    EXISTS (SELECT FROM sources s
      WHERE ${isDue(`$2::timestamptz - interval '${patience}'`)} AND ${mayBegin('$2')}
        AND (${isFree} OR ${hostIn('s.url')} = ${hostIn('mine.url')})) AS others
  FROM sources mine WHERE mine.id = $1`

/** Whether a harvest that is under way may go on; undefined where its source is gone. */
export async function standingOf(ctx: Context, source: Source): Promise<Standing | undefined> {
  const [row] = await ctx.db.query<Standing>(standing, [source.id, ctx.clock()])
  return row
}

/** Nobody from here asks this host for anything before then. */
export async function restHost(ctx: Context, url: string, until: Date): Promise<void> {
  await ctx.db.query(
    `INSERT INTO source_hosts (host, not_before) VALUES ($1, $2)
     ON CONFLICT (host) DO UPDATE SET not_before = excluded.not_before`,
    [hostOf(url), until],
  )
}
