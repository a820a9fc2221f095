// After a whole list from a source that does not tell of its deletions: what it no longer lists is noted, and withdrawn
// when it was missing from two complete lists and for the source's days of grace; what comes back meanwhile is forgiven.
// Where much is missing at once, the source itself is more likely to be broken, and the list counts for nothing
// (geonetwork/core-geonetwork#419 lost a catalogue so).
import type { Problem } from '../../harvester/diagnosis.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/db.ts'
import { listHeldFrom } from '../records/records.ts'
import type { Harvest, Source } from './entities.ts'
import { writeProgress } from './harvests.ts'
import { letGo } from './ways.ts'

const leastLists = 2
const largestSample = 1000
const batch = 5000

interface Missed {
  identifier: string
  /** It was missing before, too. */
  known: boolean
}

/** Counts withdrawals in the harvest, and returns what a person should know. */
export async function withdrawVanished(
  ctx: Context,
  source: Source,
  harvest: Harvest,
): Promise<Problem[]> {
  let held = 0
  let missing = 0
  let fresh = 0
  const sample: string[] = []
  for await (const page of pages(ctx, harvest)) {
    const news = page.missed.filter((each) => !each.known).map((each) => each.identifier)
    held += page.held
    missing += page.missed.length
    fresh += news.length
    if (sample.length < largestSample) sample.push(...news.slice(0, largestSample - sample.length))
  }
  const { vanishPercent } = source
  const isMuch = fresh * 100 > held * vanishPercent
  const respelt = isMuch && (await areRespelt(ctx, harvest.id, sample))
  const isBelieved = !isMuch || respelt || harvest.acceptsVanished
  await ctx.db.query('UPDATE sources SET vanished = $2 WHERE id = $1', [
    source.id,
    isBelieved ? null : missing,
  ])
  if (!isBelieved) {
    const message =
      `${fresh} of ${held} records are no longer listed; that is more than ${vanishPercent} %,` +
      ` so they were kept`
    return [{ code: 'vanished-not-withdrawn', message }]
  }
  for await (const { missed } of pages(ctx, harvest)) await note(ctx, harvest, missed)
  await withdrawDue(ctx, source, harvest)
  const waiting = await countMissing(ctx, source.id)
  if (!waiting) return []
  const why = respelt ? ' (they are there in other letters)' : ''
  const message = `${waiting} records are no longer listed${why}; if that stays so they are withdrawn`
  return [{ code: 'vanished-waiting', message }]
}

async function note(ctx: Context, harvest: Harvest, missed: Missed[]): Promise<void> {
  if (!missed.length) return
  // Once for each list, however often a run that is cut short here begins again: a list is told by when it began.
  await ctx.db.query(
    `INSERT INTO missing_records AS known (source_id, identifier, since, lists, harvest_id)
     SELECT $1, identifier, $2, 1, $4 FROM unnest($3::text[]) AS gone(identifier)
     ON CONFLICT (source_id, identifier)
     DO UPDATE SET lists = known.lists + 1, harvest_id = $4 WHERE known.harvest_id <> $4`,
    [harvest.sourceId, ctx.clock(), missed.map((each) => each.identifier), harvest.id],
  )
}

async function withdrawDue(ctx: Context, source: Source, harvest: Harvest): Promise<void> {
  for (;;) {
    const due = await ctx.db.query<{ identifier: string }>(
      `SELECT identifier FROM missing_records
       WHERE source_id = $1 AND ($2 OR (lists >= $3 AND since <= $4::timestamptz - make_interval(days => $5)))
       LIMIT $6`,
      [source.id, harvest.acceptsVanished, leastLists, ctx.clock(), source.graceDays, batch],
    )
    if (!due.length) return
    const identifiers = due.map((each) => each.identifier)
    const before = harvest.deleted
    harvest.deleted += await letGo(ctx, source, identifiers, async (client, withdrawn) => {
      await writeProgress(client, { ...harvest, deleted: before + withdrawn })
      await noLongerMissing(client, source.id, identifiers)
    })
  }
}

export async function noLongerMissing(
  client: Pick<Client, 'query'>,
  sourceId: number,
  identifiers: string[],
): Promise<void> {
  await client.query(
    'DELETE FROM missing_records WHERE source_id = $1 AND identifier = ANY($2::text[])',
    [sourceId, identifiers],
  )
}

export async function countMissing(ctx: Context, sourceId: number): Promise<number> {
  const [row] = await ctx.db.query<{ count: number }>(
    'SELECT count(*) AS count FROM missing_records WHERE source_id = $1',
    [sourceId],
  )
  return row?.count ?? 0
}

async function* pages(
  ctx: Context,
  harvest: Harvest,
): AsyncGenerator<{ held: number; missed: Missed[] }> {
  for (let after = 0; ;) {
    const held = await listHeldFrom(ctx, harvest.sourceId, after, batch)
    const last = held.at(-1)
    if (!last) return
    after = last.id
    const missed = await ctx.db.query<Missed>(
      `SELECT held.identifier, coalesce(missing.harvest_id <> $1, false) AS known
       FROM unnest($3::text[]) AS held(identifier)
       LEFT JOIN missing_records AS missing ON missing.source_id = $2 AND missing.identifier = held.identifier
       WHERE NOT EXISTS (SELECT FROM harvest_seen WHERE harvest_id = $1 AND identifier = held.identifier)`,
      [harvest.id, harvest.sourceId, held.map((each) => each.identifier)],
    )
    yield { held: held.length, missed }
  }
}

/** Whether the list has them, but for a few, in other letters: OAI:x:1 for oai:x:1. Then nothing is lost with them. */
async function areRespelt(ctx: Context, harvestId: number, sample: string[]): Promise<boolean> {
  const [row] = await ctx.db.query<{ count: number }>(
    `SELECT count(DISTINCT lower(identifier)) AS count FROM harvest_seen
     WHERE harvest_id = $1 AND lower(identifier) = ANY($2::text[])`,
    [harvestId, sample.map((each) => each.toLowerCase())],
  )
  return (row?.count ?? 0) >= sample.length * 0.9
}
