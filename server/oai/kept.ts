// What was written in a format is kept under the record's number, so that the next harvester gets it as it is. A format
// that nobody asks for takes no room; what a record has left behind is swept away at night.
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { textArray } from '../db/arrays.ts'
import type { Format } from '../formats/format.ts'
import { version } from '../http/package.ts'
import type { Job } from '../queue/queue.ts'
import { offeredFormats } from '../records/records.ts'

const keys = new WeakMap<Context, Map<Format, number>>()

/** Stands for a format as it writes now: another one as soon as anything changes that is not told by a new number. */
export function keyOf(ctx: Context, format: Format): number {
  const known = keys.get(ctx) ?? new Map<Format, number>()
  keys.set(ctx, known)
  const key = known.get(format) ?? digest(ctx, format)
  known.set(format, key)
  return key
}

function digest({ config }: Context, { metadataPrefix, revision }: Format): number {
  const { baseUrl, name, metadataRights } = config
  const parts = [version, metadataPrefix, revision, baseUrl, name, metadataRights]
  return createHash('sha256').update(JSON.stringify(parts)).digest().readUIntBE(0, 6)
}

/** Writings that wait; what comes beyond is written again for the next who asks. */
const mostWaiting = 4
const waiting = new WeakMap<Context, Set<Promise<void>>>()

/** Keeps texts behind the back of who asked for them. Empty ones are of records that are held back. */
export function keepTexts(ctx: Context, format: Format, texts: [number, string][]): void {
  const queue = waiting.get(ctx) ?? new Set<Promise<void>>()
  waiting.set(ctx, queue)
  const kept = texts.filter(([, text]) => text)
  if (queue.size >= mostWaiting || !kept.length) return
  const writing = ctx.db
    .query(
      `INSERT INTO kept_texts (format, sequence, text)
       SELECT $1, * FROM unnest($2::bigint[], $3::text[]) ON CONFLICT DO NOTHING`,
      [
        keyOf(ctx, format),
        kept.map(([sequence]) => sequence),
        textArray(kept.map(([, text]) => text)),
      ],
    )
    .then(
      () => undefined,
      (error: unknown) => ctx.log.debug({ err: error }, 'texts could not be kept'),
    )
  queue.add(writing)
  void writing.then(() => queue.delete(writing))
}

/** Waits until what is to be kept is kept: before the database is closed. */
export async function keptTexts(ctx: Context): Promise<void> {
  for (const writing of waiting.get(ctx) ?? []) await writing
}

/** Throws away what no record and no format answers to any more. */
export async function sweepTexts(ctx: Context): Promise<void> {
  await ctx.db.query(
    `DELETE FROM kept_texts WHERE format <> ALL($1::bigint[])
       OR NOT EXISTS (SELECT FROM records WHERE records.sequence = kept_texts.sequence)`,
    [offeredFormats(ctx).map(({ format }) => keyOf(ctx, format))],
  )
}

export const sweepJob: Job = {
  name: 'oai-sweep',
  schedule: '17 3 * * *',
  handle: (ctx) => sweepTexts(ctx),
}
