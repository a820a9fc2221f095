// The index reads the change line like everybody else: what is public is put in, what is not is taken out.
//
// The reader's name is that of the index. So an index that was thrown away, or replaced by a rebuild in another process,
// has another position on the line: the reader sees it before each reading, and begins again from there.
import { sharedProfile } from '../../schemas/shared.ts'
import { isPublic } from '../access/access.ts'
import { catchUp, forgetReader, setPosition, type LineReader } from '../changes/changes.ts'
import { collectionsUpFrom } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import type { Changes, Refused } from '../engine/engine.ts'
import { listSize, readLine, type LineRecord } from '../records/records.ts'
import { documentOf } from './document.ts'

const batch = 1000

/** Reads the line by batches, in order. While one is put in, the next is on its way. */
function walk(ctx: Context): (position: number) => Promise<LineRecord[]> {
  let ahead: { position: number; items: Promise<LineRecord[] | undefined> } | undefined
  return async (position) => {
    const known = ahead?.position === position ? await ahead.items : undefined
    ahead = undefined
    // What was less than a batch may be more by now; what failed is asked for again.
    const items = known?.length === batch ? known : await readLine(ctx, position, batch)
    const last = items.at(-1)?.sequence
    if (items.length === batch && last !== undefined)
      ahead = { position: last, items: readLine(ctx, last, batch).catch(() => undefined) }
    return items
  }
}

/** Feeds the live index. */
export async function indexReader(ctx: Context): Promise<LineReader<LineRecord>> {
  const { engine, log } = ctx
  const next = walk(ctx)
  let name = 'search'
  try {
    name = (await engine.prepare()).reader
  } catch (error) {
    log.warn({ err: error }, 'the search index does not answer yet; it is fed as soon as it does')
  }
  return {
    get name() {
      return name
    },
    async read(position) {
      const { reader } = await engine.prepare()
      if (reader !== name) {
        const before = name
        name = reader
        await forgetReader(ctx, before)
        throw new Error(`the search index is another one: ${reader} instead of ${before}`)
      }
      const items = await next(position)
      if (!items.length) await engine.settle()
      return { items, last: items.at(-1)?.sequence ?? position }
    },
    async apply(items) {
      await engine.apply(await changesOf(ctx, items))
    },
  }
}

/** How many numbers the line is ahead of the index, as far as that was ever read; whether it can be reached or not. */
export async function indexLag(ctx: Context): Promise<number> {
  const [row] = await ctx.db.query<{ lag: number }>(
    `SELECT coalesce((SELECT max(sequence) FROM records), 0)
       - coalesce((SELECT max(position) FROM readers WHERE starts_with(name, $1)), 0) AS lag`,
    [`search-${ctx.engine.name}-`],
  )
  return row?.lag ?? 0
}

async function changesOf(ctx: Context, records: LineRecord[]): Promise<Changes> {
  const shelves = [...new Set(records.map((each) => each.collectionId))]
  const collections = new Map(
    (await collectionsUpFrom(ctx, shelves)).map((each) => [each.id, each]),
  )
  const isFound = (record: LineRecord): boolean =>
    isPublic(record) && record.profile !== sharedProfile
  const [shown, hidden] = [
    records.filter((record) => isFound(record)),
    records.filter((record) => !isFound(record)),
  ]
  return {
    upserts: shown.map((record) => documentOf(ctx, record, collections)),
    deletes: hidden.map(({ id, sequence = 0 }) => ({ id, sequence })),
  }
}

export interface Progress {
  /** Changes read from the line. */
  done: number
  /** About how many there are. */
  total: number
  refused: number
}

/**
 * Makes a new index from the whole line while the old one answers, and puts it in its place. A server that is running
 * goes on with the new one by itself.
 * @throws conflict when another process is doing so
 */
export async function rebuildIndex(
  ctx: Context,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Progress & { problems: Refused[] }> {
  const { reader: before } = await ctx.engine.prepare()
  const next = await ctx.engine.rebuild()
  const { size: total } = await listSize(ctx, 0)
  const problems: Refused[] = []
  const progress: Progress = { done: 0, total, refused: 0 }
  try {
    const read = walk(ctx)
    let last = 0
    for (;;) {
      const items = await read(last)
      const end = items.at(-1)?.sequence
      if (end === undefined) break
      const refused = await next.apply(await changesOf(ctx, items))
      // The first hundred say what is wrong; the log has them all.
      problems.push(...refused.slice(0, 100 - problems.length))
      last = end
      progress.done += items.length
      progress.refused += refused.length
      progress.total = Math.max(total, progress.done)
      onProgress({ ...progress })
    }
    // Before the new index is live: a server that sees it begins here and not at 0.
    await setPosition(ctx, next.reader, last)
    await next.finish()
  } catch (error) {
    await next.abandon()
    throw error
  }
  await catchUp(ctx, await indexReader(ctx))
  if (before !== next.reader) await forgetReader(ctx, before)
  await ctx.engine.refresh()
  return { ...progress, problems }
}
