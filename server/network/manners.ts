// How a source is asked: as its operator and ours have it. What a host's robots.txt says is read once a day, and kept for
// the days on which it does not say.
import { Diagnosis, reasonOf } from '../../harvester/diagnosis.ts'
import { allows, fetchRobots, readRobots, type Robots } from '../../harvester/robots.ts'
import type { Context } from '../context.ts'
import { refusal } from '../web/web.ts'
import { product, strangerOf, userAgent } from './client.ts'
import { sourceEntity, type Source } from './entities.ts'
import { hostOf } from './turns.ts'

const day = 86_400_000
/** Longer pauses are meant for those who read pages one by one: a harvest would not come to its end. */
const longestPause = 60_000

export interface Manners {
  /** Between two requests. */
  delayMs: number
  /** Why it must not be asked at all. */
  refusal?: Diagnosis
}

export async function mannersOf(
  ctx: Context,
  source: Source,
  signal: AbortSignal,
): Promise<Manners> {
  const { delayMs, url } = source
  if (source.ignoresRobots) return { delayMs }
  const robots = await robotsOf(ctx, source, signal)
  const wished = Math.min((robots.crawlDelay ?? 0) * 1000, longestPause)
  const { pathname, search, host } = new URL(url)
  if (allows(robots, pathname + search)) return { delayMs: Math.max(delayMs, wished) }
  const message =
    `the robots.txt of ${host} asks programs to keep away from ${pathname}: its operator can allow it` +
    ` for "${product}", or you can agree with them to ignore it (campa source set --ignore-robots)`
  return { delayMs, refusal: new Diagnosis('robots-refuse', message) }
}

type Host = Pick<Source, 'url' | 'stranger'>

async function robotsOf(ctx: Context, source: Host, signal: AbortSignal): Promise<Robots> {
  const host = hostOf(source.url)
  const [known] = await ctx.db.query<{ robots: string | null; fresh: boolean }>(
    'SELECT robots, robots_read_at > $2 AS fresh FROM source_hosts WHERE host = $1',
    [host, new Date(ctx.clock().getTime() - day)],
  )
  const text = known?.fresh ? known.robots : await robotsNow(ctx, source, signal)
  return readRobots(text ?? known?.robots ?? '', product)
}

async function robotsNow(
  ctx: Context,
  { url, stranger }: Host,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const text = await fetchRobots(url, userAgent(ctx), signal, strangerOf(ctx, stranger))
    await ctx.db.query(
      `INSERT INTO source_hosts (host, robots, robots_read_at) VALUES ($1, $2, $3)
       ON CONFLICT (host) DO UPDATE SET robots = excluded.robots, robots_read_at = excluded.robots_read_at`,
      // PostgreSQL has no text with NUL.
      [hostOf(url), text.replaceAll('\0', ''), ctx.clock()],
    )
    return text
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Diagnosis)) throw error
    ctx.log.info({ reason: reasonOf(error), url }, 'the robots.txt of a source cannot be read')
    return undefined
  }
}

type Manner = 'delayMs' | 'hostPlaces' | 'ignoresRobots' | 'hoursFrom' | 'hoursUntil' | 'timeZone'

/** What an operator may set of how a source is asked. */
export interface MannersOptions {
  delayMs?: number
  hostPlaces?: number
  ignoresRobots?: boolean
  /** `22:00-06:00`; empty: any. */
  hours?: string
  /** Name of the IANA database; without it that of this machine. */
  timeZone?: string
}

/** @throws invalid on hours or a time zone that are none */
export async function setManners(
  ctx: Context,
  source: Pick<Source, 'id'>,
  { hours, timeZone, ...plain }: MannersOptions,
): Promise<void> {
  const change: Partial<Pick<Source, Manner>> = {
    ...plain,
    ...(hours !== undefined && hoursOf(hours)),
    ...(timeZone !== undefined && { timeZone: await knownZone(ctx, timeZone) }),
  }
  if (change.hoursFrom && timeZone === undefined)
    change.timeZone = await knownZone(ctx, Intl.DateTimeFormat().resolvedOptions().timeZone)
  if (!Object.keys(change).length) return
  await ctx.db.dataSource.getRepository(sourceEntity).update({ id: source.id }, change)
}

function hoursOf(text: string): Pick<Source, 'hoursFrom' | 'hoursUntil'> {
  if (!text.trim()) return { hoursFrom: null, hoursUntil: null }
  const time = '((?:[01]?\\d|2[0-3]):[0-5]\\d)'
  const [, hoursFrom, hoursUntil] =
    new RegExp(`^\\s*${time}\\s*[-–]\\s*${time}\\s*$`).exec(text) ?? []
  if (hoursFrom && hoursUntil) return { hoursFrom, hoursUntil }
  throw refusal('invalid', ({ t }) => t('refusal.hours', { text }))
}

// The database reckons with it, so it is the one that must know it.
async function knownZone(ctx: Context, timeZone: string): Promise<string> {
  try {
    await ctx.db.query('SELECT now() AT TIME ZONE $1', [timeZone])
    return timeZone
  } catch (cause) {
    throw refusal('invalid', ({ t }) => t('refusal.zone', { timeZone }), { cause })
  }
}
