// Files: bytes kept by what they are, and pictures with their pyramids; the same file twice is stored once.
import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { mostLooks, type Likeness, type Sought } from '../../schemas/likeness.ts'
import type { FileReference, Page } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { invalid } from '../http/errors.ts'
import { turnstile } from '../http/turnstile.ts'
import { digest } from '../storage/storage.ts'
import type { ImageRow, Level } from './entities.ts'
import { headLength, mediaTypeOf } from './media-type.ts'
import { mostHashed, pdf, Unfit } from './picture.ts'
import { fileKey, fromStorage, imageOf, picturesIn, pyramidKey, store } from './store.ts'
import { shop } from './workshop.ts'

export type { Cutout, Piece } from './cutout.ts'
export type { TilePlace } from './edge.ts'
export { openPyramid, type Pyramid } from './opened.ts'
export { tileSize } from './picture.ts'

export interface IngestOptions {
  /** What people call it: goes into the reference and into messages, never into a path. */
  name: string
  /** Refuses what no pyramid can be made of. */
  mustBeImage?: boolean
}

export type Image = Pick<ImageRow, 'id' | 'sha256' | 'width' | 'height' | 'levels' | 'createdAt'>

// Two pictures at a time: each takes a core and up to some hundred megabytes while it is converted.
const door = turnstile(2, Infinity)

/** In pixels: what anybody may ask us to look at costs two seconds of a core, not twenty. */
const mostShown = 100_000_000

/**
 * Takes a file in: checked, stored under its content, and, when it is a picture, with its pyramid.
 * @throws invalid with one sentence that names the file, what is wrong with it and what to do
 */
export async function ingest(
  ctx: Context,
  path: string,
  options: IngestOptions,
): Promise<FileReference> {
  return door.run(async () => {
    try {
      return await take(ctx, path, options)
    } catch (error) {
      if (error instanceof Unfit)
        throw invalid(`${options.name} ${error.message}.`, { cause: error })
      throw error
    }
  })
}

export interface Looked {
  sha256: string
  sought: Sought
}

/**
 * Looks at a picture that somebody shows us, to find it by; nothing of it is kept.
 * @throws invalid as `ingest`
 */
export async function lookAt(path: string, name: string): Promise<Looked> {
  try {
    const { mediaType } = await look(path)
    const source = resolve(path)
    const [picture] = await picturesIn(source, mediaType)
    if (!picture) throw new Unfit(notPicture(mediaType))
    const { width, height } = picture
    const pixels = width * height
    if (pixels > mostShown) {
      throw new Unfit(
        `has ${width} × ${height} pixels, more than this brick looks at (${mostShown / 1_000_000} million in all): scale it down and try again`,
      )
    }
    const sought = await shop.run('soughtOf', pixels, source, mediaType, picture)
    return { sha256: await digest(path), sought }
  } catch (error) {
    if (error instanceof Unfit) throw invalid(`${name} ${error.message}.`, { cause: error })
    throw error
  }
}

async function take(ctx: Context, path: string, options: IngestOptions): Promise<FileReference> {
  const { size, mediaType } = await look(path)
  const keep = async (draw: boolean): Promise<FileReference> => {
    const pictures = draw ? await picturesIn(resolve(path), mediaType) : []
    if (options.mustBeImage && !pictures.length) throw new Unfit(notPicture(mediaType))
    const reference = { sha256: await digest(path), name: options.name, mediaType, size }
    await store(ctx, path, reference, pictures)
    return { ...reference, ...(await shownIn(ctx, reference.sha256, pictures.length)) }
  }
  try {
    return await keep(true)
  } catch (error) {
    // A document is worth keeping whether or not its pages can be drawn.
    if (options.mustBeImage || mediaType !== pdf || !(error instanceof Unfit)) throw error
    ctx.log.warn({ err: error, file: options.name }, 'the pages of a PDF cannot be drawn')
    return keep(false)
  }
}

type Shown = Pick<FileReference, 'image' | 'width' | 'height' | 'likeness' | 'furtherPages'>

async function shownIn(ctx: Context, sha256: string, count: number): Promise<Shown> {
  const ids = Array.from({ length: count }, (_, nth) => imageOf(sha256, nth + 1))
  const images = await imagesById(ctx, ids)
  const pages: Page[] = []
  for (const [nth, image] of ids.entries()) {
    const { width = 0, height = 0 } = images.get(image) ?? {}
    // A record is found by so many of its pictures, and carries no more about.
    const likeness = nth < mostLooks ? await likenessOfImage(ctx, image) : undefined
    pages.push({ image, width, height, ...(likeness && { likeness }) })
  }
  const [first, ...furtherPages] = pages
  return { ...first, ...(furtherPages.length && { furtherPages }) }
}

async function look(path: string): Promise<{ size: number; mediaType: string }> {
  try {
    const { size } = await stat(path)
    if (size === 0) throw new Unfit('is empty: copy it from its origin again')
    const handle = await open(path, 'r')
    try {
      const head = Buffer.alloc(Math.min(size, headLength))
      await handle.read(head, 0, head.length, 0)
      return { size, mediaType: mediaTypeOf(head) }
    } finally {
      await handle.close()
    }
  } catch (cause) {
    const remedy: Record<string, string> = {
      ENOENT: 'cannot be found: check its name and folder',
      EACCES: 'may not be read by this server: give it the right to',
      EISDIR: 'is a folder: give a file',
    }
    const reason = remedy[(cause as NodeJS.ErrnoException).code ?? '']
    throw reason ? new Unfit(reason, { cause }) : cause
  }
}

function notPicture(mediaType: string): string {
  const known: Record<string, string> = {
    'image/heic': 'is a HEIC picture, which this brick cannot read: deliver it as JPEG or TIFF',
    'image/heif': 'is a HEIF picture, which this brick cannot read: deliver it as JPEG or TIFF',
    'image/jp2': 'is a JPEG 2000 picture, which this brick cannot read: deliver it as TIFF or JPEG',
    'image/jxl': 'is a JPEG XL picture, which this brick cannot read: deliver it as TIFF or JPEG',
    'text/html': 'is a web page, not a picture: download the picture itself and retry',
  }
  return (
    known[mediaType] ??
    `is not a picture (its content is ${mediaType}): deliver JPEG, PNG, TIFF, WebP, GIF, AVIF, SVG or PDF`
  )
}

/** The bytes of a file, or undefined where there is no such file. */
export async function openFile(
  ctx: Context,
  sha256: string,
): Promise<
  | { size: number; mediaType: string; read(range?: { start: number; end: number }): Readable }
  | undefined
> {
  const [row] = await ctx.db.query<{ media_type: string }>(
    'SELECT media_type FROM files WHERE sha256 = $1',
    [sha256],
  )
  if (!row) return undefined
  const key = fileKey(sha256)
  // Asked of the store, so that a file it has lost is an error before anything is sent.
  const size = await fromStorage(ctx, ctx.storage.size(key))
  return { size, mediaType: row.media_type, read: (range) => ctx.storage.read(key, range) }
}

interface Raw {
  [column: string]: unknown
  id: string
  sha256: string
  width: number
  height: number
  levels: Level[]
  created_at: Date
}

/** Images by identifier; those that there are not are left out. */
export async function imagesById(ctx: Context, ids: string[]): Promise<Map<string, Image>> {
  const rows = await ctx.db.query<Raw>(
    `SELECT id, sha256, width, height, levels, created_at FROM images WHERE id = ANY($1::text[])`,
    [ids],
  )
  return new Map(
    rows.map(({ created_at, ...image }) => [image.id, { ...image, createdAt: created_at }]),
  )
}

export async function imageById(ctx: Context, id: string): Promise<Image | undefined> {
  return (await imagesById(ctx, [id])).get(id)
}

/** What an image looks like: looked at when it is asked for the first time. */
export async function likenessOfImage(ctx: Context, id: string): Promise<Likeness | undefined> {
  const [row] = await ctx.db.query<{ levels: Level[]; likeness: Likeness | null }>(
    'SELECT levels, likeness FROM images WHERE id = $1',
    [id],
  )
  if (!row || row.likeness) return row?.likeness ?? undefined
  const likeness = await ctx.storage.local(pyramidKey(id), (pyramid) =>
    shop.run('likenessOf', mostHashed, pyramid, row.levels),
  )
  await ctx.db.query('UPDATE images SET likeness = $2 WHERE id = $1', [id, likeness])
  return likeness
}

/** Of those of these images that somebody has looked at. */
export async function likenessesOf(ctx: Context, ids: string[]): Promise<Map<string, Likeness>> {
  const rows = await ctx.db.query<{ id: string; likeness: Likeness }>(
    'SELECT id, likeness FROM images WHERE id = ANY($1::text[]) AND likeness IS NOT NULL',
    [ids],
  )
  return new Map(rows.map(({ id, likeness }) => [id, likeness]))
}
