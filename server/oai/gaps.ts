// What is not given out and why: for each format that not every record can fill, how many it leaves out, and what they lack.
import type { Context } from '../context.ts'
import type { Lack } from '../formats/format.ts'
import { listSize, partialFormats, type Offered } from '../records/records.ts'
import type { Words } from '../text/text.ts'
import type { FormatGap } from './harvesters.ts'
import { describeRow, formatColumns, itemColumns, type ItemRow } from './item.ts'

/** So many of the records that are left out are asked what they lack, the latest first. */
const sample = 500

export async function readGaps(ctx: Context, t: Words['t']): Promise<FormatGap[]> {
  const gaps: FormatGap[] = []
  const all = await listSize(ctx, 0)
  for (const offered of partialFormats(ctx)) {
    const { size } = await listSize(ctx, offered.mask)
    if (size >= all.size) continue
    const counts = await lacksOf(ctx, offered)
    gaps.push({
      metadataPrefix: offered.format.metadataPrefix,
      missing: all.size - size,
      of: all.size,
      reasons: [...counts]
        .toSorted(([, a], [, b]) => b - a)
        .map(([lack, count]) => ({ lack: t(`lack.${lack}`), count })),
    })
  }
  return gaps
}

async function lacksOf(ctx: Context, { format, mask }: Offered): Promise<Map<Lack, number>> {
  const rows = await ctx.db.query<ItemRow>(
    `SELECT ${itemColumns}, ${formatColumns(format)}
     FROM records r JOIN collections c ON c.id = r.collection_id
     WHERE r.sequence > (SELECT coalesce(max(sequence), 0) - 20000 FROM records)
       AND (r.formats & $1::int) = 0 AND r.status = 'published'
     ORDER BY r.sequence DESC LIMIT $2`,
    [mask, sample],
  )
  const counts = new Map<Lack, number>()
  for (const row of rows) {
    for (const lack of format.lacks(describeRow(ctx, row))) {
      counts.set(lack, (counts.get(lack) ?? 0) + 1)
    }
  }
  return counts
}
