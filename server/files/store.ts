// Where files lie, and how they get there. A file's name is its SHA-256, an image's the first half of it, or of that of its
// file's name and its page's number. Each step is written aside and renamed, the rows come last, and a row of `ingests` comes
// first, where each page that is made is noted: when a process dies in between, its file is found there and finished from the
// page it had come to, or forgotten where its bytes had not been stored yet.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { mostLooks, type Likeness } from '../../schemas/likeness.ts'
import type { FileReference } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { openGate } from '../db/gate.ts'
import { unavailable } from '../http/errors.ts'
import { inLargePieces, Missing, StoreError } from '../storage/storage.ts'
import type { Level } from './entities.ts'
import { formats, mostHashed, ofPage, pdf, tileOf, Unfit, type Picture } from './picture.ts'
import { shop } from './workshop.ts'

/** @param page from 1 */
export function imageOf(sha256: string, page: number): string {
  const name = page === 1 ? sha256 : createHash('sha256').update(`${sha256} ${page}`).digest('hex')
  return name.slice(0, 32)
}
const spread = (name: string): string => `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`
export const fileKey = (sha256: string): string => `files/${spread(sha256)}`
export const pyramidKey = (image: string): string => `pyramids/${spread(image)}.tif`
export const edgeKey = (image: string): string => `pyramids/${spread(image)}.edge`

/** What visitors wait for: where the store of files is away, they are told to come again. */
export async function fromStorage<T>(ctx: Context, asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    ctx.log.error({ err: cause }, 'files cannot be reached')
    throw unavailable(
      'The files of this brick cannot be reached at the moment: ask again in a few seconds.',
      { cause },
    )
  }
}

type File = Pick<FileReference, 'sha256' | 'size' | 'mediaType'>

/**
 * What its header says of it, before anything else: a picture that is too large is not even read.
 * @returns its pages; none of what is no picture, or one that this build cannot read
 * @throws Unfit
 */
export async function picturesIn(path: string, mediaType: string): Promise<Picture[]> {
  const isShown = mediaType in formats || mediaType === pdf
  return (isShown && (await shop.run('inspect', 0, path, mediaType))) || []
}

/**
 * Stores a file and makes the pyramids of its pages, unless all of it is there.
 * @throws Unfit
 */
export async function store(
  ctx: Context,
  path: string,
  file: File,
  pictures: Picture[],
): Promise<void> {
  const { sha256 } = file
  if (await isComplete(ctx, sha256, pictures.length)) return
  await alone(ctx, sha256, async (lost) => {
    if (await isComplete(ctx, sha256, pictures.length)) return
    await ctx.db.query(
      `INSERT INTO ingests (sha256, size, media_type, fresh) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [sha256, file.size, file.mediaType, !(await ctx.storage.has(fileKey(sha256)))],
    )
    try {
      await ctx.storage.tidy(fileKey(sha256))
      await ctx.storage.put(
        fileKey(sha256),
        (aside) => copy(path, aside, sha256),
        (original) => finish(ctx, file, pictures, original),
      )
    } catch (error) {
      // Somebody else may have gone on with it since.
      if (lost.aborted) throw error
      // What cannot be removed now is gone on with later: its row stays.
      await giveUp(ctx, sha256).catch((cause: unknown) =>
        ctx.log.warn({ err: cause, sha256 }, 'a file could not be given up'),
      )
      throw error
    }
  })
}

/**
 * One at a time over all processes: a file that two of them take in, or that one goes on with, is stored once.
 * @param work is told when it is no longer alone
 */
async function alone(
  ctx: Context,
  sha256: string,
  work: (lost: AbortSignal) => Promise<void>,
): Promise<void> {
  const gate = await openGate(ctx.db)
  try {
    while (!(await gate.take(`ingest ${sha256}`))) await sleep(100)
    await work(gate.lost)
  } finally {
    await gate.leave()
  }
}

/** Whether all of it is there: rows are written last, yet a store may have been restored without its files. */
async function isComplete(ctx: Context, sha256: string, pages: number): Promise<boolean> {
  const [row] = await ctx.db.query('SELECT FROM files WHERE sha256 = $1', [sha256])
  if (!row || !(await ctx.storage.has(fileKey(sha256)))) return false
  const known = await levelsOf(ctx, sha256)
  const images = Array.from({ length: pages }, (_, nth) => imageOf(sha256, nth + 1))
  if (!images.every((image) => known.has(image))) return false
  const there = await Promise.all(images.map((image) => ctx.storage.has(pyramidKey(image))))
  return there.every(Boolean)
}

/** The images of a file, and the levels of their pyramids. */
async function levelsOf(ctx: Context, sha256: string): Promise<Map<string, Level[]>> {
  const rows = await ctx.db.query<{ id: string; levels: Level[] }>(
    'SELECT id, levels FROM images WHERE sha256 = $1',
    [sha256],
  )
  return new Map(rows.map(({ id, levels }) => [id, levels]))
}

async function copy(from: string, to: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(createReadStream(from, inLargePieces), watch, createWriteStream(to))
  if (hash.digest('hex') !== sha256) {
    throw new Unfit('changed while it was read: retry when nothing writes to it')
  }
}

/**
 * What is left to do once its bytes are stored: no page is made again that is there.
 * @param original our own copy: what is shown is what was hashed
 */
async function finish(
  ctx: Context,
  file: File,
  pictures: Picture[],
  original: string,
): Promise<void> {
  const { sha256 } = file
  const [ingest] = await ctx.db.query<{ made: Level[][] }>(
    'SELECT made FROM ingests WHERE sha256 = $1',
    [sha256],
  )
  const known = await levelsOf(ctx, sha256)
  for (const [nth, levels] of (ingest?.made ?? []).entries())
    known.set(imageOf(sha256, nth + 1), levels)
  const pages: Made[] = []
  for (const [nth, picture] of pictures.entries()) {
    const page = nth + 1
    const image = imageOf(sha256, page)
    const kept = (await ctx.storage.has(pyramidKey(image))) ? known.get(image) : undefined
    const make = (): Promise<Made> =>
      makeOne(ctx, { image, page }, file.mediaType, picture, original)
    const made = kept ? { image, page, levels: kept } : await ofPage(page, make)
    if (kept) await mendEdge(ctx, image, kept)
    pages.push(made)
    if (page > (ingest?.made.length ?? 0)) await noteMade(ctx, sha256, made.levels)
  }
  await writeRows(ctx, file, pages)
}

interface Made {
  image: string
  page: number
  levels: Level[]
  /** Where it has been looked at. */
  likeness?: Likeness
}

async function makeOne(
  ctx: Context,
  { image, page }: { image: string; page: number },
  mediaType: string,
  picture: Picture,
  original: string,
): Promise<Made> {
  const made: Made = { image, page, levels: [] }
  const pixels = picture.width * picture.height
  for (const key of [pyramidKey(image), edgeKey(image)]) await ctx.storage.tidy(key)
  await ctx.storage.put(
    pyramidKey(image),
    async (aside) => {
      made.levels = await shop.run('makePyramid', pixels, original, mediaType, picture, aside)
    },
    async (pyramid) => {
      await cutEdge(ctx, image, made.levels, pyramid)
      if (page <= mostLooks)
        made.likeness = await shop.run('likenessOf', mostHashed, pyramid, made.levels)
    },
  )
  return made
}

const noteMade = (ctx: Context, sha256: string, levels: Level[]): Promise<unknown> =>
  ctx.db.query('UPDATE ingests SET made = made || jsonb_build_array($2::jsonb) WHERE sha256 = $1', [
    sha256,
    JSON.stringify(levels),
  ])

async function writeRows(ctx: Context, file: File, pages: Made[]): Promise<void> {
  const { sha256 } = file
  await ctx.db.transaction(async (client) => {
    await client.query(
      `INSERT INTO files (sha256, size, media_type) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [sha256, file.size, file.mediaType],
    )
    for (const { image, page, levels, likeness } of pages) {
      const [{ width, height } = { width: 0, height: 0 }] = levels
      await client.query(
        `INSERT INTO images (id, sha256, page, width, height, levels, likeness)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET levels = excluded.levels`,
        [image, sha256, page, width, height, JSON.stringify(levels), likeness ?? null],
      )
    }
    await client.query('DELETE FROM ingests WHERE sha256 = $1', [sha256])
  })
}

async function cutEdge(
  ctx: Context,
  image: string,
  levels: Level[],
  pyramid: string,
): Promise<void> {
  const [{ width, height } = { width: 0, height: 0 }] = levels
  await ctx.storage.put(edgeKey(image), (aside) =>
    shop.run('cutEdges', width * height, pyramid, levels, tileOf({ width, height }), aside),
  )
}

async function giveUp(ctx: Context, sha256: string): Promise<void> {
  const [row] = await ctx.db.query<{ fresh: boolean; made: Level[][] }>(
    'SELECT fresh, made FROM ingests WHERE sha256 = $1',
    [sha256],
  )
  if (!row) return
  const known = await levelsOf(ctx, sha256)
  // The page after those that were made may have been made in part.
  for (let page = 1; page <= row.made.length + 1; page++) {
    const image = imageOf(sha256, page)
    if (known.has(image)) continue
    for (const key of [pyramidKey(image), edgeKey(image)]) {
      await ctx.storage.tidy(key)
      await ctx.storage.remove(key)
    }
  }
  if (row.fresh) await ctx.storage.remove(fileKey(sha256))
  await ctx.db.query('DELETE FROM ingests WHERE sha256 = $1', [sha256])
}

/** Goes on with what processes had begun that are no more. */
export async function resume(ctx: Context, stopping: AbortSignal): Promise<void> {
  const begun = await ctx.db.query<File>(
    'SELECT sha256, size, media_type AS "mediaType" FROM ingests',
  )
  for (const file of begun) {
    if (stopping.aborted) return
    const gate = await openGate(ctx.db)
    try {
      // Somebody is at it.
      if (!(await gate.take(`ingest ${file.sha256}`))) continue
      await goOn(ctx, file)
    } catch (error) {
      ctx.log.warn({ err: error, sha256: file.sha256 }, 'a file could not be taken in to its end')
    } finally {
      await gate.leave()
    }
  }
}

async function goOn(ctx: Context, { sha256 }: File): Promise<void> {
  const [file] = await ctx.db.query<File>(
    'SELECT sha256, size, media_type AS "mediaType" FROM ingests WHERE sha256 = $1',
    [sha256],
  )
  if (!file) return
  await ctx.storage.tidy(fileKey(sha256))
  try {
    await ctx.storage.local(fileKey(sha256), async (original) =>
      finish(ctx, file, await picturesIn(original, file.mediaType), original),
    )
  } catch (error) {
    if (error instanceof Unfit || error instanceof Missing) await giveUp(ctx, sha256)
    if (!(error instanceof Missing)) throw error
  }
}

interface Mended extends File {
  [column: string]: unknown
  id: string
  page: number
  levels: Level[]
}

/** Makes again what a store has lost, and the edges that pictures of former times have not got. */
export async function mend(ctx: Context, stopping: AbortSignal): Promise<void> {
  for (let after = ''; ;) {
    const images = await ctx.db.query<Mended>(
      `SELECT id, sha256, size, media_type AS "mediaType", page, levels
         FROM images JOIN files USING (sha256) WHERE id > $1 ORDER BY id LIMIT 500`,
      [after],
    )
    const lost = await ctx.storage.missing(
      images.flatMap(({ id }) => [pyramidKey(id), edgeKey(id)]),
    )
    for (const image of images) {
      if (stopping.aborted) return
      try {
        if (lost.has(pyramidKey(image.id))) await mendOne(ctx, image)
        else if (lost.has(edgeKey(image.id))) await mendEdge(ctx, image.id, image.levels)
      } catch (error) {
        ctx.log.warn({ err: error, image: image.id }, 'a pyramid could not be made again')
      }
    }
    const last = images.at(-1)
    if (!last) return
    after = last.id
  }
}

async function mendOne(ctx: Context, image: Mended): Promise<void> {
  const { sha256, mediaType, page } = image
  await alone(ctx, sha256, () =>
    ctx.storage.local(fileKey(sha256), async (original) => {
      const pictures = await picturesIn(original, mediaType)
      await finish(ctx, image, pictures.slice(0, page), original)
    }),
  )
}

async function mendEdge(ctx: Context, image: string, levels: Level[]): Promise<void> {
  if (await ctx.storage.has(edgeKey(image))) return
  await ctx.storage.local(pyramidKey(image), (pyramid) => cutEdge(ctx, image, levels, pyramid))
}
