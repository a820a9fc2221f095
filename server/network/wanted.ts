// What a source could not give, or is to give now: asked for by name after each list.
import type { Problem } from '../../harvester/diagnosis.ts'
import type { HarvestedRecord } from '../../harvester/record.ts'
import { getRecord } from '../../harvester/single.ts'
import { oaiDc } from '../../schemas/oai.ts'
import { receivePage, storePage, type Storing } from './store.ts'
import { wantedOf } from './ways.ts'

/** So many are asked for one by one; for more the source is listed as a whole. */
const mostSingles = 1000
const batch = 50

/** Records that another source held, or that this one could not give: by GetRecord. */
export async function storeWanted(storing: Storing): Promise<void> {
  const { ctx, source, client, signal, harvest } = storing
  const wanted = await wantedOf(ctx, source.id, mostSingles + 1)
  if (wanted.length > mostSingles) {
    await ctx.db.query('UPDATE sources SET anew = $2 WHERE id = $1 AND anew IS NULL', [
      source.id,
      `more than ${mostSingles} of its records are to be asked for one by one`,
    ])
    return
  }
  storing.open.wanted ||= wanted.length > 0
  const metadataPrefix = harvest.metadataPrefix ?? oaiDc.metadataPrefix
  for (let start = 0; start < wanted.length; start += batch) {
    const records: HarvestedRecord[] = []
    const problems: Problem[] = []
    for (const { identifier } of wanted.slice(start, start + batch)) {
      const single = await getRecord(client, { identifier, metadataPrefix }, signal)
      if ('record' in single) records.push(single.record)
      else if ('problem' in single) problems.push(single.problem)
      else records.push({ identifier, datestamp: '', sets: [], deleted: true, origins: [] })
    }
    const place = { lists: [] }
    const whole = { first: false, last: true, done: true, again: false, place }
    await storePage(storing, await receivePage(storing, { ...whole, records, problems }))
  }
}
