// The last harvests of a source, for its page.
import type { Context } from '../context.ts'
import { harvestEntity, type Harvest } from './entities.ts'
import type { Noted } from './report.ts'

export interface PastHarvest extends Pick<
  Harvest,
  | 'id'
  | 'startedAt'
  | 'endedAt'
  | 'status'
  | 'from'
  | 'metadataPrefix'
  | 'fromScratch'
  | 'pages'
  | 'records'
  | 'added'
  | 'changed'
  | 'deleted'
  | 'refused'
  | 'diagnosis'
> {
  problems: Noted[]
}

/** Newest first. */
export async function lastHarvests(
  ctx: Context,
  sourceId: number,
  most: number,
): Promise<PastHarvest[]> {
  const rows = await ctx.db.dataSource.getRepository(harvestEntity).find({
    where: { sourceId },
    order: { startedAt: 'DESC', id: 'DESC' },
    take: most,
  })
  return rows.map((row) => ({ ...row, problems: (row.problems ?? []) as unknown as Noted[] }))
}
