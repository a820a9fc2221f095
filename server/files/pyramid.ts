// A picture becomes a tiled pyramid: TIFF, tiles of 512 px, JPEG quality 85, sRGB, upright, on white.
// Every opening of an untrusted picture by sharp happens here, after its type is known from its bytes, and in a process
// of its own (workshop.ts).
import sharp, { type FormatEnum, type Metadata, type Sharp, type SharpOptions } from 'sharp'
import type { Sought } from '../../schemas/likeness.ts'
import { readDrawing } from './drawing.ts'
import type { Level } from './entities.ts'
import { drawPage, pagesOfPdf } from './pdf.ts'
import {
  formats,
  mostPages,
  ofPage,
  pdf,
  tileOf,
  tooManyPages,
  Unfit,
  type Picture,
} from './picture.ts'
import { rasterOf, soughtIn } from './prints.ts'
import { pagesOfTiff } from './tiff-pages.ts'

// A pixel costs about 30 ns to convert, so a gigapixel takes half a minute; museums' largest scans stay below it.
const mostPixels = 1_000_000_000
// Some decoders hold the whole picture in memory, at 3 to 6 bytes a pixel, and so does turning one that lies on its side.
// The others stream: 300 megapixels were converted in 190 MB.
const mostPixelsAtOnce = 120_000_000
// What a JPEG can count.
const longestSide = 65_535

// libvips fills the last tiles with black, which shows in the picture where it ends within a block of a JPEG, and rounds down
// where a side cannot be halved, while viewers round up. So the last pixels are repeated, which takes the whole picture in
// memory: above this, at most one pixel at the edge of 8,000 is a little off, and tiles there are drawn (edge.ts).
const mostPadded = 64_000_000
const block = 16

// A drawing has no pixels of its own: its longer side gets so many.
const drawnSide = 4096

const options = (mediaType: string): SharpOptions => ({
  // Damage is an error; what a decoder merely finds odd is not.
  failOn: 'error',
  limitInputPixels: decodesAtOnce(mediaType) ? mostPixelsAtOnce : mostPixels,
  // Only the first page or frame.
  pages: 1,
})

const streams = ['image/jpeg', 'image/png', 'image/tiff']
const decodesAtOnce = (mediaType: string): boolean => !streams.includes(mediaType)

/** Whether this build of libvips has the decoder. */
function isRead(mediaType: string): boolean {
  const { input } = sharp.format[formats[mediaType] as keyof FormatEnum] ?? {}
  const isHeic = mediaType === 'image/heic' || mediaType === 'image/heif'
  return isHeic ? (input?.fileSuffix?.includes('.heic') ?? false) : (input?.file ?? false)
}

async function opened(path: string, mediaType: string, change: SharpOptions): Promise<Sharp> {
  const how = { ...options(mediaType), ...change }
  if (mediaType !== 'image/svg+xml') return sharp(path, how)
  const drawing = await readDrawing(path)
  const { width, height } = await sharp(drawing, how).metadata()
  const density = Math.min((72 * drawnSide) / Math.max(width, height), 100_000)
  return sharp(drawing, { ...how, density: Math.max(density, 1) })
}

/**
 * Reads headers alone: nothing is decoded, so a picture that claims a billion pixels costs nothing.
 * @returns its pages, a picture each; undefined for what this build has no decoder for
 * @throws Unfit
 */
export async function inspect(path: string, mediaType: string): Promise<Picture[] | undefined> {
  if (mediaType === pdf) return orDamaged(() => pagesOfPdf(path))
  if (!isRead(mediaType)) return undefined
  const first = await inspectOne(path, mediaType, undefined)
  if (mediaType !== 'image/tiff') return [first]
  const places = await orDamaged(() => pagesOfTiff(path))
  if (places.length > mostPages) throw new Unfit(tooManyPages(places.length))
  const pages: Picture[] = []
  for (const [nth, at] of places.entries()) {
    const page = await ofPage(nth + 1, () => (at ? inspectOne(path, mediaType, at) : first))
    pages.push(page)
  }
  return pages
}

async function inspectOne(
  path: string,
  mediaType: string,
  at: number | undefined,
): Promise<Picture> {
  const header = await readHeader(path, mediaType, at)
  const { width, height } = header.autoOrient
  const upright = (header.orientation ?? 1) === 1
  const remedy = atOnce(mediaType, header, upright)
  const most = remedy ? mostPixelsAtOnce : mostPixels
  if (width * height > most || Math.max(width, height) > longestSide) {
    throw new Unfit(
      `has ${width} × ${height} pixels, more than this brick takes (${most / 1_000_000} million in all, ${longestSide} a side): ` +
        (remedy ?? 'deliver it in parts or scaled down'),
    )
  }
  return { width, height, ...(at !== undefined && { at }) }
}

async function orDamaged<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw cause instanceof Unfit || isOurs(cause) ? cause : damaged(cause)
  }
}

/** For what must stand in memory as a whole: how the same picture would not have to. */
function atOnce(mediaType: string, header: Metadata, upright: boolean): string | undefined {
  if (decodesAtOnce(mediaType) || header.isProgressive) {
    return 'save it as a plain (baseline) JPEG or a tiled TIFF, of which larger ones are taken'
  }
  return upright ? undefined : 'turn it upright in an image editor and save it again'
}

async function readHeader(
  path: string,
  mediaType: string,
  at: number | undefined,
): Promise<Metadata> {
  // The limit is ours to tell, in pixels and with a remedy, so the header is read without one.
  const change = { limitInputPixels: false, ...placed(at) }
  const header = await orDamaged(async () => (await opened(path, mediaType, change)).metadata())
  // The bytes said what it is and libvips must agree: no other decoder is reached by a file of two faces.
  if (header.format !== formats[mediaType]) {
    throw new Unfit(`does not hold together as ${mediaType}: open it, save it again and retry`)
  }
  return header
}

const placed = (at: number | undefined): SharpOptions => (at === undefined ? {} : { page: at })

interface Shown {
  image: Sharp
  size: Level
}

/** Upright, in sRGB, on white: as it is shown. */
async function shown(source: string, mediaType: string, picture: Picture): Promise<Shown> {
  if (mediaType === pdf) {
    const { pixels, ...size } = await drawPage(source, picture)
    return { image: sharp(pixels, { raw: { ...size, channels: 4 } }).removeAlpha(), size }
  }
  const change = { sequentialRead: true, ...placed(picture.at) }
  const image = await opened(source, mediaType, change)
  const { width, height } = picture
  return {
    image: image.autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb'),
    size: { width, height },
  }
}

/**
 * What to look for to find a picture that passed `inspect`.
 * @throws Unfit when the picture turns out to be damaged
 */
export const soughtOf = (source: string, mediaType: string, picture: Picture): Promise<Sought> =>
  orDamaged(async () => soughtIn(await rasterOf((await shown(source, mediaType, picture)).image)))

/**
 * Writes the pyramid of a picture that passed `inspect`.
 * @returns the sizes of its levels, the largest first; in the file, with what was added at their right and below
 * @throws Unfit when the picture turns out to be damaged
 */
export async function makePyramid(
  source: string,
  mediaType: string,
  picture: Picture,
  target: string,
): Promise<Level[]> {
  const { image, size } = await orDamaged(() => shown(source, mediaType, picture))
  const tile = tileOf(size)
  const padded = levelsOf(size, tile, Math.ceil)
  const pad = padOf(size, tile, padded.length)
  const levels = pad ? padded : levelsOf(size, tile, Math.floor)
  await orDamaged(async () => {
    await (pad ? image.extend({ ...pad, extendWith: 'copy' }) : image)
      .tiff({
        compression: 'jpeg',
        // From 90 on libvips writes RGB at full chroma: three times the size, and tiles that some browsers misread.
        quality: 85,
        tile: true,
        tileWidth: tile,
        tileHeight: tile,
        pyramid: true,
        bigtiff: true,
      })
      .toFile(target)
  })
  await check(target, size, levels, pad)
  return levels
}

interface Pad {
  right: number
  bottom: number
}

/** Half as large each time, until one tile holds it, or nothing would be left of a side. */
function levelsOf(picture: Level, tile: number, round: (side: number) => number): Level[] {
  const { width, height } = picture
  const next = { width: round(width / 2), height: round(height / 2) }
  const isLast = Math.max(width, height) <= tile || Math.min(next.width, next.height) === 0
  return isLast ? [picture] : [picture, ...levelsOf(next, tile, round)]
}

/**
 * What it needs at its right and below so that every level ends with a tile, or within a block of a JPEG whose rest is like
 * it: a decoder mixes the colours of the last pixels with what is beside them. Undefined where that would be too much.
 */
function padOf({ width, height }: Level, tile: number, levels: number): Pad | undefined {
  const least = 2 ** (levels - 1)
  const step = block * least
  const endOf = (side: number): number => {
    const beyond = Math.ceil((side + least) / step) * step
    return beyond <= tile * least ? beyond : Math.ceil(side / step) * step
  }
  const [across, down] = [endOf(width), endOf(height)]
  return Math.max(across, down) > longestSide || across * down > mostPadded
    ? undefined
    : { right: across - width, bottom: down - height }
}

async function check(
  path: string,
  picture: Level,
  levels: Level[],
  { right, bottom }: Pad = { right: 0, bottom: 0 },
): Promise<void> {
  const { pages = 1, width, height } = await sharp(path, { limitInputPixels: false }).metadata()
  const [across, down] = [width - right, height - bottom]
  if (across !== picture.width || down !== picture.height) {
    throw new Unfit(
      `says that it has ${picture.width} × ${picture.height} pixels and has ${across} × ${down}: save it again and retry`,
    )
  }
  if (pages !== levels.length)
    throw new Error(`a pyramid has ${pages} levels, and ${levels.length} were expected`)
}

// A full disk is our trouble, not the picture's.
const isOurs = (cause: unknown): boolean =>
  /no space|unable to write|wrote? (error|failed)|permission denied/i.test((cause as Error).message)

function damaged(cause: unknown): Unfit {
  const reason = (cause as Error).message
    .split('\n')
    .map((line) =>
      line
        .replace(/^(Input file (has corrupt header|is missing)|VipsJpeg|vips\w*): /i, '')
        // Where it lies is nobody's business.
        .replace(/^\/\S+: /, '')
        .trim(),
    )
    .find(Boolean)
  if (reason && /not configured|not supported|bad labq/i.test(reason)) {
    return new Unfit(
      `is written in a way that this brick cannot read (${reason}): save it again as plain TIFF, PNG or JPEG and retry`,
      { cause },
    )
  }
  return new Unfit(
    `is damaged or cut short (${reason ?? 'it cannot be read'}): take it from its origin again and retry`,
    { cause },
  )
}
