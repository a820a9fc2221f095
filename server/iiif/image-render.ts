// Draws the answer from the nearest level of the pyramid: of its tiles only those that are needed are decoded.
import { availableParallelism } from 'node:os'
import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { Context } from '../context.ts'
import type { Level } from '../files/entities.ts'
import type { Cutout, Image, Piece } from '../files/files.ts'
import { Kept } from '../http/kept.ts'
import { turnstile, type Turnstile } from '../http/turnstile.ts'
import { BadParameter, type Format, type ImageRequest } from './image-request.ts'
import { turned, type Dimensions, type Drawing, type Region } from './image-geometry.ts'

// libvips keeps no results between requests: what it is given is new each time.
sharp.cache(false)
// One thread a picture: the turnstiles decide how many pictures are worked on.
sharp.concurrency(1)

interface Encoding {
  mediaType: string
  /** Beyond this many pixels it takes more than some seconds of a core, so it is refused. */
  mostPixels?: number
  alpha: boolean
  encode(picture: Sharp): Sharp
}

/** Milliseconds of a core for a tile of 512 px: jpg 6, webp 15, png 18, tif 20, avif 73, gif some hundreds. */
export const encodings: Record<Format, Encoding> = {
  jpg: {
    mediaType: 'image/jpeg',
    alpha: false,
    // Optimised Huffman tables cost 5 % of size, but hold the whole picture in memory and take as long as all the rest:
    // 48 megapixels, peak 370 MB with them and 97 MB without, 0.73 s and 0.36 s.
    encode: (picture) => picture.jpeg({ quality: 82, optimiseCoding: false }),
  },
  png: {
    mediaType: 'image/png',
    alpha: true,
    encode: (picture) => picture.png({ compressionLevel: 3, adaptiveFiltering: false }),
  },
  webp: {
    mediaType: 'image/webp',
    alpha: true,
    encode: (picture) => picture.webp({ quality: 80, effort: 2 }),
  },
  tif: {
    mediaType: 'image/tiff',
    alpha: true,
    encode: (picture) => picture.tiff({ compression: 'lzw', predictor: 'horizontal' }),
  },
  gif: {
    mediaType: 'image/gif',
    mostPixels: 4_000_000,
    alpha: true,
    encode: (picture) => picture.gif({ effort: 1 }),
  },
  avif: {
    mediaType: 'image/avif',
    mostPixels: 8_000_000,
    alpha: true,
    encode: (picture) => picture.avif({ quality: 60, effort: 0 }),
  },
}

interface Gates {
  /** As many as there are cores; the others wait some seconds at most, then are asked to come back. */
  pool: Turnstile
  /** Large ones take memory, and a core for seconds: one at a time, so that the others have a core left. */
  hall: Turnstile
}

const gates = new WeakMap<Context, Gates>()

function gatesOf(ctx: Context): Gates {
  const known = gates.get(ctx)
  if (known) return known
  const abreast = Math.max(1, Math.floor(availableParallelism() / ctx.config.processes))
  const made = { pool: turnstile(abreast, 256, 64), hall: turnstile(1, 32, 8) }
  gates.set(ctx, made)
  return made
}

const large = 6_000_000

/** An image as the one who asks sees it: from this level of its pyramid on. */
export interface Shown extends Image {
  first: number
}

/** What is asked of an image, and what it comes to. */
export interface Wish {
  request: ImageRequest
  drawing: Drawing
}

export interface Task extends Wish {
  image: Shown
  /** The tiles of a level, counted from the first that is shown, that hold a piece of it. */
  cut: (level: number, piece: Piece, isLuma: boolean) => Promise<Cutout>
}

/** @throws BadParameter where the format cannot hold or afford the size; asked before any work */
export function refuseDear({ request, drawing }: Wish): void {
  const { mostPixels } = encodings[request.format]
  const { width, height } = turned(drawing.size, request.rotation)
  if (mostPixels !== undefined && width * height > mostPixels) {
    throw new BadParameter(
      'format',
      `${request.format} is drawn up to ${mostPixels} pixels, and this would be ${width},${height}; ask for jpg or a smaller size`,
    )
  }
}

/**
 * @param wanted whether it is still waited for
 * @param who asks
 * @param once draws it, unless somebody else has begun to
 * @throws unavailable when too many wait already
 */
export async function render(
  ctx: Context,
  task: Task,
  wanted: () => boolean,
  who: string,
  once: (draw: () => Promise<Buffer>) => Promise<Buffer>,
): Promise<Buffer> {
  const { pool, hall } = gatesOf(ctx)
  const found = placeOf(task)
  const draw = (): Promise<Buffer> => once(async () => (await drawing(task, found)).toBuffer())
  const { width, height } = turned(task.drawing.size, task.request.rotation)
  // A level has up to four times the pixels of the answer, and of one that is distorted any number.
  const decodedPixels = (found.from.width * found.from.height) / 4
  return Math.max(width * height, decodedPixels) > large
    ? hall.run(() => pool.run(draw, wanted, who), wanted, who)
    : pool.run(draw, wanted, who)
}

// Its size was judged at ingest, the answer's before this.
const options: SharpOptions = { failOn: 'error', limitInputPixels: false }

interface Pixels {
  data: Buffer
  raw: { width: number; height: number; channels: 1 | 2 | 3 | 4 }
}

async function pixels(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true })
  return { data, raw: { width: info.width, height: info.height, channels: info.channels } }
}

// Thumbnails of all sizes come from the same few levels, and to decode one costs more than all that follows.
const mostDecoded = 16 * 2 ** 20
const smallLevel = 500_000
const decoded = new Kept<Promise<Pixels>>(mostDecoded)

function pixelsOf(task: Task, level: number, { width, height }: Dimensions): Promise<Pixels> {
  const { image, cut, request } = task
  const isLuma = isGray(request)
  const key = `${image.id} ${image.first + level} ${isLuma}`
  const known = decoded.get(key)
  if (known) return known
  const drawn = cut(level, { x: 0, y: 0, width, height }, isLuma).then((cutout) =>
    pixels(sharp(cutout.tiff, options).extract({ left: 0, top: 0, width, height })),
  )
  decoded.set(key, drawn, width * height * 3)
  drawn.catch(() => decoded.delete(key))
  return drawn
}

async function source(task: Task, level: number, size: Dimensions, from: Region): Promise<Sharp> {
  const { x, y, width, height } = from
  const isMost = width * height * 2 > size.width * size.height
  if (size.width * size.height <= smallLevel && isMost) {
    const { data, raw } = await pixelsOf(task, level, size)
    return sharp(data, { raw }).extract({ left: x, top: y, width, height })
  }
  const { tiff, left, top } = await task.cut(level, from, isGray(task.request))
  // From top to bottom, row by row, unless it is turned: then little of it is in memory at a time.
  const sequentialRead = task.request.rotation === 0
  return sharp(tiff, { ...options, sequentialRead }).extract({ left, top, width, height })
}

/** What is drawn from: a piece of a level. */
interface Found {
  level: number
  whole: Dimensions
  from: Region
}

function placeOf({ image: { levels }, drawing: { region, size } }: Task): Found {
  const level = nearestLevel(levels, region, size)
  const whole = levels[level] ?? region
  return { level, whole, from: onLevel(region, size, level, whole) }
}

async function drawing(task: Task, { level, whole, from }: Found): Promise<Sharp> {
  const { request } = task
  const { size } = task.drawing
  let picture = await source(task, level, whole, from)
  if (from.width !== size.width || from.height !== size.height) {
    // Cubic costs two thirds of lanczos3, and below a factor of two nobody sees the difference.
    picture = picture.resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' })
  }
  return encodings[request.format].encode(await finished(picture, request))
}

/** The smallest level that still has the pixels that are asked for. */
function nearestLevel(levels: Level[], region: Region, size: Dimensions): number {
  for (let level = levels.length - 1; level > 0; level--) {
    const factor = 2 ** level
    // A level may be rounded down, so one pixel less than asked for is still that level.
    const enough =
      region.width / factor > size.width - 1 && region.height / factor > size.height - 1
    if (enough) return level
  }
  return 0
}

/** The region's pixels on a level: each of them stands for a square of 2^level pixels, whatever the rounded size. */
function onLevel(region: Region, size: Dimensions, level: number, whole: Dimensions): Region {
  const across = stretchOn(level, region.x, region.width, size.width, whole.width)
  const down = stretchOn(level, region.y, region.height, size.height, whole.height)
  return { x: across.start, y: down.start, width: across.length, height: down.length }
}

/**
 * @param wanted pixels in the answer
 * @param most pixels of the level
 */
function stretchOn(
  level: number,
  start: number,
  length: number,
  wanted: number,
  most: number,
): { start: number; length: number } {
  const factor = 2 ** level
  // As many pixels as are wanted: to move them by half a pixel would cost more than all the rest.
  if (length / factor === wanted && wanted <= most) {
    return { start: Math.min(Math.round(start / factor), most - wanted), length: wanted }
  }
  const first = Math.min(Math.floor(start / factor), most - 1)
  const end = Math.min(Math.ceil((start + length) / factor), most)
  return { start: first, length: Math.max(1, end - first) }
}

function turn(picture: Sharp, { mirror, rotation, format }: ImageRequest): Sharp {
  // Mirrored first, then turned (3.0, 4.3): the order in which sharp does it as well.
  const mirrored = mirror ? picture.flop() : picture
  if (rotation === 0) return mirrored
  const background = encodings[format].alpha ? { r: 255, g: 255, b: 255, alpha: 0 } : '#ffffff'
  return mirrored.rotate(rotation, { background })
}

const isGray = ({ quality }: ImageRequest): boolean => quality === 'gray' || quality === 'bitonal'

/** Turned, and in the quality that is asked for; what is gray comes with its brightness as the first of three numbers. */
async function finished(picture: Sharp, request: ImageRequest): Promise<Sharp> {
  if (!isGray(request)) return turn(picture, request)
  const isBitonal = request.quality === 'bitonal'
  if (request.rotation % 90 === 0) {
    const turned = turn(picture, request)
    return (isBitonal ? turned.threshold(128, { greyscale: false }) : turned).extractChannel(0)
  }
  // What was outside of the picture is to be seen through, so brightness is taken alone before it is turned.
  const { data, raw } = await pixels(picture.extractChannel(0))
  const turned = turn(sharp(data, { raw }), request)
  return (isBitonal ? turned.threshold(128) : turned).toColourspace('b-w')
}
