// Where files lie, and how they get there. A file's name is its SHA-256, an image's the first half of it. Each step is
// written aside and renamed, the rows come last, and a row of `ingests` comes first: when a process dies in between, its
// file is found there and finished, or forgotten where its bytes had not been stored yet.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileReference } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { openGate } from '../db/gate.ts'
import { Missing } from '../storage/storage.ts'
import type { Level } from './entities.ts'
import { formats, tileOf, Unfit, type Picture } from './picture.ts'
import { shop } from './workshop.ts'

export const imageOf = (sha256: string): string => sha256.slice(0, 32)
const spread = (name: string): string => `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`
export const fileKey = (sha256: string): string => `files/${spread(sha256)}`
export const pyramidKey = (image: string): string => `pyramids/${spread(image)}.tif`
export const edgeKey = (image: string): string => `pyramids/${spread(image)}.edge`

/** Where the pyramid of an image lies in a folder. @NOTE: gone with the last who draws by path. */
export function pathOfImage(ctx: Context, id: string): string {
  return join(ctx.config.dataDir, 'files', pyramidKey(id))
}

type File = Pick<FileReference, 'sha256' | 'size' | 'mediaType'>

/**
 * What its header says of it, before anything else: a picture that is too large is not even read.
 * @returns undefined for what is no picture, or one that this build cannot read
 * @throws Unfit
 */
export async function pictureIn(path: string, mediaType: string): Promise<Picture | undefined> {
  return mediaType in formats ? shop.run('inspect', 0, path, mediaType) : undefined
}

/**
 * Stores a file and, when it is a picture, makes its pyramid, unless all of it is there.
 * @throws Unfit
 */
export async function store(
  ctx: Context,
  path: string,
  file: File,
  picture: Picture | undefined,
): Promise<void> {
  const { sha256 } = file
  if (await isComplete(ctx, sha256, picture !== undefined)) return
  await alone(ctx, sha256, async () => {
    if (await isComplete(ctx, sha256, picture !== undefined)) return
    await ctx.db.query(
      `INSERT INTO ingests (sha256, size, media_type, fresh) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [sha256, file.size, file.mediaType, !(await ctx.storage.has(fileKey(sha256)))],
    )
    try {
      await tidy(ctx, sha256)
      await ctx.storage.put(
        fileKey(sha256),
        (aside) => copy(path, aside, sha256),
        (original) => finish(ctx, file, picture, original),
      )
    } catch (error) {
      await giveUp(ctx, sha256)
      throw error
    }
  })
}

/** One at a time over all processes: a file that two of them take in, or that one goes on with, is stored once. */
async function alone(ctx: Context, sha256: string, work: () => Promise<void>): Promise<void> {
  const gate = await openGate(ctx.db)
  try {
    while (!(await gate.take(`ingest ${sha256}`))) await sleep(100)
    await work()
  } finally {
    await gate.leave()
  }
}

/** Whether all of it is there: rows are written last, yet a store may have been restored without its files. */
async function isComplete(ctx: Context, sha256: string, picture: boolean): Promise<boolean> {
  const [row] = await ctx.db.query<{ image: string | null }>(
    `SELECT images.id AS image FROM files LEFT JOIN images USING (sha256) WHERE sha256 = $1`,
    [sha256],
  )
  if (!row || !(await ctx.storage.has(fileKey(sha256)))) return false
  if (!picture) return true
  return row.image !== null && (await ctx.storage.has(pyramidKey(row.image)))
}

async function tidy(ctx: Context, sha256: string): Promise<void> {
  const image = imageOf(sha256)
  for (const key of [fileKey(sha256), pyramidKey(image), edgeKey(image)])
    await ctx.storage.tidy(key)
}

/** A file of 100 MB is read in a hundred steps, not in 1,500. */
export const inLargePieces = { highWaterMark: 2 ** 20 }

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
 * What is left to do once its bytes are stored.
 * @param original our own copy: what is shown is what was hashed
 */
async function finish(
  ctx: Context,
  file: File,
  picture: Picture | undefined,
  original: string,
): Promise<void> {
  const image = imageOf(file.sha256)
  let levels: Level[] = []
  if (picture) {
    const pixels = picture.width * picture.height
    await ctx.storage.put(
      pyramidKey(image),
      async (aside) => {
        levels = await shop.run('makePyramid', pixels, original, file.mediaType, picture, aside)
      },
      (pyramid) => cutEdge(ctx, image, levels, pyramid),
    )
  }
  await ctx.db.transaction(async (client) => {
    await client.query(
      `INSERT INTO files (sha256, size, media_type) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [file.sha256, file.size, file.mediaType],
    )
    if (picture) {
      await client.query(
        `INSERT INTO images (id, sha256, width, height, levels) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET levels = excluded.levels`,
        [image, file.sha256, picture.width, picture.height, JSON.stringify(levels)],
      )
    }
    await client.query('DELETE FROM ingests WHERE sha256 = $1', [file.sha256])
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
  const [row] = await ctx.db.query<{ fresh: boolean }>(
    'DELETE FROM ingests WHERE sha256 = $1 RETURNING fresh',
    [sha256],
  )
  if (row?.fresh) await ctx.storage.remove(fileKey(sha256))
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
  await tidy(ctx, sha256)
  try {
    await ctx.storage.local(fileKey(sha256), async (original) =>
      finish(ctx, file, await pictureIn(original, file.mediaType), original),
    )
  } catch (error) {
    if (error instanceof Unfit || error instanceof Missing) await giveUp(ctx, sha256)
    if (!(error instanceof Missing)) throw error
  }
}

interface Made extends File {
  [column: string]: unknown
  id: string
  width: number
  height: number
  levels: Level[]
}

/** Makes again what a store has lost, and the edges that pictures of former times have not got. */
export async function mend(ctx: Context, stopping: AbortSignal): Promise<void> {
  for (let after = ''; ;) {
    const images = await ctx.db.query<Made>(
      `SELECT id, sha256, size, media_type AS "mediaType", width, height, levels
         FROM images JOIN files USING (sha256) WHERE id > $1 ORDER BY id LIMIT 500`,
      [after],
    )
    for (const image of images) {
      if (stopping.aborted) return
      try {
        await mendOne(ctx, image)
      } catch (error) {
        ctx.log.warn({ err: error, image: image.id }, 'a pyramid could not be made again')
      }
    }
    const last = images.at(-1)
    if (!last) return
    after = last.id
  }
}

async function mendOne(ctx: Context, image: Made): Promise<void> {
  if (!(await ctx.storage.has(pyramidKey(image.id)))) {
    await alone(ctx, image.sha256, () =>
      ctx.storage.local(fileKey(image.sha256), (original) => finish(ctx, image, image, original)),
    )
  } else if (!(await ctx.storage.has(edgeKey(image.id)))) {
    await ctx.storage.local(pyramidKey(image.id), (pyramid) =>
      cutEdge(ctx, image.id, image.levels, pyramid),
    )
  }
}
