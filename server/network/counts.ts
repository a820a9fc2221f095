// How many public records of a source there are here, and who keeps them. To count them reads them all, so of a large source
// they are counted when a tenth has changed since, and reckoned from what came and went until then.
import type { Context } from '../context.ts'
import { countByKeeper } from '../records/records.ts'
import type { Harvest, Source } from './entities.ts'

export type Counts = Pick<Source, 'records' | 'keepers' | 'uncounted'>

const mostKeepers = 1000
/** Up to so many records of a source are counted after each harvest that changed any. */
const few = 10_000

/** @param harvest at its end, which may not have come to the end of its list */
export async function countsAfter(
  ctx: Context,
  source: Source,
  harvest: Harvest,
  isComplete: boolean,
  least = few,
): Promise<Counts> {
  const { records, keepers, uncounted } = source
  const changes = harvest.added + harvest.changed + harvest.deleted
  const since = uncounted + changes
  const listsAll = isComplete && harvest.from === null
  const isDue = changes > 0 && (records <= least || since * 10 >= records)
  if (keepers === null || listsAll || isDue) return counted(ctx, source)
  // One that is gone on with says all of it again at its end.
  const came = isComplete ? harvest.added - harvest.deleted : 0
  return { records: Math.max(0, records + came), keepers, uncounted: since }
}

async function counted(ctx: Context, source: Source): Promise<Counts> {
  const keepers = await countByKeeper(ctx, source.id)
  return {
    records: keepers.reduce((sum, each) => sum + each.records, 0),
    keepers: keepers.slice(0, mostKeepers).map((each) => ({ ...each })),
    uncounted: 0,
  }
}
