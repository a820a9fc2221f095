// After a whole list from a source that does not tell of its deletions: what it no longer lists is withdrawn, unless so
// much is missing that the source itself is more likely to be broken (geonetwork/core-geonetwork#419 lost a catalogue so).
import type { Problem } from '../../harvester/diagnosis.ts'
import type { Context } from '../context.ts'
import { listHeldFrom, withdraw } from '../records/records.ts'
import type { Harvest } from './entities.ts'
import { writeProgress } from './harvests.ts'

/** The largest share of a source that may vanish at once. */
const largestShare = 0.2
const batch = 5000

/** Withdraws what was not met, and counts it in the harvest; or says why it does not. */
export async function withdrawVanished(
  ctx: Context,
  harvest: Harvest,
): Promise<Problem | undefined> {
  let held = 0
  let missing = 0
  for await (const page of pages(ctx, harvest)) {
    held += page.held
    missing += page.missing.length
  }
  if (missing === 0) return undefined
  if (missing > held * largestShare) {
    return {
      code: 'vanished-not-withdrawn',
      message:
        `${missing} of ${held} records are no longer listed; that is more than ${largestShare * 100} %,` +
        ` so they were kept`,
    }
  }
  for await (const page of pages(ctx, harvest)) {
    if (!page.missing.length) continue
    const before = harvest.deleted
    const withdrawn = await withdraw(ctx, page.missing, (client, count) =>
      writeProgress(client, { ...harvest, deleted: before + count }),
    )
    harvest.deleted = before + withdrawn
  }
  return undefined
}

async function* pages(
  ctx: Context,
  harvest: Harvest,
): AsyncGenerator<{ held: number; missing: string[] }> {
  for (let after = 0; ;) {
    const held = await listHeldFrom(ctx, harvest.sourceId, after, batch)
    const last = held.at(-1)
    if (!last) return
    after = last.id
    const rows = await ctx.db.query<{ identifier: string }>(
      `SELECT identifier FROM unnest($2::text[]) AS held(identifier)
       EXCEPT SELECT identifier FROM harvest_seen WHERE harvest_id = $1`,
      [harvest.id, held.map((each) => each.identifier)],
    )
    yield { held: held.length, missing: rows.map((row) => row.identifier) }
  }
}
