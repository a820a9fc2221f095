// The sources as pages, programs and alarms see them: each with what it says of itself, its health and its last harvest.
// Counts are those of the end of the last harvest, so this reads a few rows for each source.
import { readPoint, readTypedPoint, type Point } from '../../schemas/point.ts'
import { levels, type JsonObject, type Level } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import type { Row } from '../db/db.ts'
import { webAddress } from '../formats/clean.ts'
import { notFound } from '../http/errors.ts'
import type { Harvest, Source } from './entities.ts'
import { isBrick } from './formats.ts'
import { healthOf, isRunning, type Health } from './health.ts'

export interface SourceSummary {
  id: number
  slug: string
  name: string
  /** Base URL of its OAI-PMH door. */
  url: string
  homepage?: string
  level?: Level
  operator?: string
  /** E-mail address of who keeps it. */
  contact?: string
  /** What it runs, where it says so. */
  software?: string
  /** Whether it is a CaMPA brick, with pages like ours. */
  brick: boolean
  logo?: string
  place?: Point
  records: number
  health: Health
  everyMinutes: number
  nextRunAt: Date | null
  forgetAt: Date | null
  lastHarvest?: LastHarvest
  /** End of its last complete harvest. */
  completedAt: Date | null
  collectionSlug: string
  /** How many bricks keep what it hands on from below. */
  childCount: number
}

export interface LastHarvest extends Pick<
  Harvest,
  | 'status'
  | 'startedAt'
  | 'endedAt'
  | 'pages'
  | 'records'
  | 'added'
  | 'changed'
  | 'deleted'
  | 'completeListSize'
> {
  running: boolean
  /** Records in a second, of this run as far as it is. */
  pace: number
}

/** Who keeps what comes through a source. */
export interface Child {
  name: string
  url?: string
  records: number
}

type Read = Row &
  Pick<
    Source,
    | 'id'
    | 'slug'
    | 'name'
    | 'url'
    | 'place'
    | 'records'
    | 'everyMinutes'
    | 'paused'
    | 'pausedAt'
    | 'nextRunAt'
    | 'forgetAt'
    | 'createdAt'
  > & {
    repositoryName: string | null
    description: JsonObject | null
    logo: string | null
    contact: string | null
    childCount: number
    completedAt: Date | null
    failingSince: Date | null
    status: Harvest['status'] | null
  } & Omit<Harvest, 'id' | 'status'>

const select = `
  SELECT s.id, s.slug, s.name, s.url, s.place, s.records, s.every_minutes AS "everyMinutes", s.paused,
    s.paused_at AS "pausedAt", s.next_run_at AS "nextRunAt", s.forget_at AS "forgetAt",
    s.created_at AS "createdAt", s.identify->>'repositoryName' AS "repositoryName",
    s.identify->'description' AS description, s.identify->>'logo' AS logo,
    s.identify->'adminEmails'->>0 AS contact, (
      SELECT count(*)::int FROM json_array_elements(s.keepers) AS keeper
      WHERE keeper->>'name' NOT IN (s.name, coalesce(s.identify->>'repositoryName', s.name))
    ) AS "childCount",
    last.status, last.started_at AS "startedAt", last.ended_at AS "endedAt", last.pages,
    last.records AS "read", last.added, last.changed, last.deleted,
    last.complete_list_size AS "completeListSize", last.resumed_at AS "resumedAt",
    last.resumed_records AS "resumedRecords", last.advanced_at AS "advancedAt",
    done.ended_at AS "completedAt", failed.since AS "failingSince", failed.diagnosis
  FROM sources s
  LEFT JOIN LATERAL (
    SELECT * FROM harvests WHERE source_id = s.id ORDER BY started_at DESC, id DESC LIMIT 1
  ) AS last ON true
  LEFT JOIN LATERAL (
    SELECT started_at, ended_at FROM harvests WHERE source_id = s.id AND status = 'complete'
    ORDER BY started_at DESC, id DESC LIMIT 1
  ) AS done ON true
  LEFT JOIN LATERAL (
    SELECT min(started_at) AS since,
      (array_agg(diagnosis ORDER BY started_at DESC, id DESC))[1] AS diagnosis
    FROM harvests
    WHERE source_id = s.id AND diagnosis IS NOT NULL AND status <> 'complete'
      AND started_at >= coalesce(done.started_at, '-infinity')
  ) AS failed ON true
  WHERE s.forgotten_at IS NULL`

/** Beyond so many sources a list of them is good for so many milliseconds: it costs as much as hundreds of other pages. */
const kept = { beyond: 1000, for: 15_000 }
const lists = new WeakMap<Context, { at: number; list: Promise<SourceSummary[]> }>()

/** Every source that this brick reads, by name. */
export async function listSources(ctx: Context): Promise<SourceSummary[]> {
  const at = ctx.clock().getTime()
  const last = lists.get(ctx)
  if (last && at < last.at + kept.for) {
    const list = await last.list.catch(() => [])
    if (list.length > kept.beyond) return list
  }
  const list = readSources(ctx)
  lists.set(ctx, { at, list })
  return list
}

async function readSources(ctx: Context): Promise<SourceSummary[]> {
  const rows = await ctx.db.query<Read>(`${select} AND s.forget_at IS NULL ORDER BY s.name, s.id`)
  const now = ctx.clock()
  return rows.map((row) => summary(row, now))
}

/** Those that are being forgotten, the next to go first. */
export async function listLeaving(ctx: Context): Promise<SourceSummary[]> {
  const rows = await ctx.db.query<Read>(
    `${select} AND s.forget_at IS NOT NULL ORDER BY s.forget_at, s.id`,
  )
  const now = ctx.clock()
  return rows.map((row) => summary(row, now))
}

/**
 * One source, being forgotten or not.
 * @throws not-found
 */
export async function sourceSummary(ctx: Context, slug: string): Promise<SourceSummary> {
  const [row] = await ctx.db.query<Read>(`${select} AND s.slug = $1`, [slug])
  if (!row) throw notFound(`There is no source "${slug}".`)
  return summary(row, ctx.clock())
}

/** Who keeps what came through these sources, by slug: the `most` with the most records of each. */
export async function childrenOf(
  ctx: Context,
  slugs: string[],
  most: number,
): Promise<Map<string, Child[]>> {
  const rows = await ctx.db.query<{ slug: string } & Child>(
    `SELECT slug, child.* FROM sources s, LATERAL (
       SELECT keeper->>'name' AS name, keeper->>'url' AS url, (keeper->>'records')::int AS records
       FROM json_array_elements(s.keepers) AS keeper
       WHERE keeper->>'name' NOT IN (s.name, coalesce(s.identify->>'repositoryName', s.name))
       ORDER BY records DESC, name LIMIT $2) AS child
     WHERE slug = ANY($1::text[])`,
    [slugs, most],
  )
  const children = new Map<string, Child[]>()
  for (const { slug, name, url, records } of rows) {
    const list = children.get(slug) ?? []
    list.push({ name, ...(url && { url }), records })
    children.set(slug, list)
  }
  return children
}

function summary(row: Read, now: Date): SourceSummary {
  const { id, slug, name, url, records, everyMinutes, nextRunAt, forgetAt, completedAt } = row
  const facts = {
    ...row,
    lastStatus: row.status,
    movedAt: row.status && latest([row.advancedAt, row.resumedAt, row.startedAt]),
  }
  const place = row.place === null ? undefined : readTypedPoint(row.place)
  return {
    id,
    slug,
    name,
    url,
    records,
    everyMinutes,
    nextRunAt,
    forgetAt,
    completedAt,
    collectionSlug: slug,
    childCount: row.childCount,
    ...selfDescription(row),
    ...(place && { place }),
    health: healthOf(facts, now),
    ...(row.status && { lastHarvest: lastHarvest(row, row.status, isRunning(facts, now), now) }),
  }
}

const latest = (dates: (Date | null)[]): Date =>
  new Date(Math.max(...dates.map((each) => each?.getTime() ?? 0)))

function lastHarvest(
  row: Read,
  status: Harvest['status'],
  running: boolean,
  now: Date,
): LastHarvest {
  const { startedAt, endedAt, pages, added, changed, deleted, completeListSize } = row
  const read = Number(row['read'])
  const from = row.resumedAt ?? startedAt
  const seconds = ((endedAt ?? now).getTime() - from.getTime()) / 1000
  // A list that was begun again counts from nothing.
  const since = read >= row.resumedRecords ? read - row.resumedRecords : read
  return {
    status,
    startedAt,
    endedAt,
    pages,
    records: read,
    added,
    changed,
    deleted,
    completeListSize,
    running,
    pace: seconds > 0 ? since / seconds : 0,
  }
}

/** What it says of itself in Identify; a brick says more than others. */
function selfDescription(
  row: Pick<Read, 'description' | 'logo' | 'contact'>,
): Pick<
  SourceSummary,
  'homepage' | 'level' | 'operator' | 'contact' | 'software' | 'brick' | 'logo' | 'place'
> {
  const said = (name: string): string | undefined => {
    const value = row.description?.[name]
    return typeof value === 'string' ? value : undefined
  }
  const brick = isBrick(row.description)
  const homepage = webAddress(said('identifier') ?? '')
  const level = brick && levels.find((each) => each === said('type'))
  const operator = brick && said('publisher')
  const software = brick && said('format')
  const logo = webAddress(row.logo ?? '')
  const place = readPoint(said('coverage') ?? '')
  const contact = row.contact && /^[^\s@<>]+@[^\s@<>]+$/.test(row.contact) && row.contact
  return {
    brick,
    ...(homepage && { homepage }),
    ...(level && { level }),
    ...(operator && { operator }),
    ...(contact && { contact }),
    ...(software && { software }),
    ...(logo && { logo }),
    ...(place && { place }),
  }
}
