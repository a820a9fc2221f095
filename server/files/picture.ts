// Words about pictures that both sides speak: the server, and the processes that open what nobody vouches for.

/** The types of which pyramids are made where the decoder is there, as sharp names their formats. */
export const formats: Record<string, string> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/tiff': 'tiff',
  'image/svg+xml': 'svg',
  'image/avif': 'heif',
  'image/heic': 'heif',
  'image/heif': 'heif',
  'image/jp2': 'jp2',
  'image/jxl': 'jxl',
}

/** Of this each page is drawn. */
export const pdf = 'application/pdf'

export interface Picture {
  /** After its EXIF orientation is applied. */
  width: number
  height: number
  /** Which of the pages that its decoder counts, from 0; the first where it does not say. */
  at?: number
}

/** Of a file of more pages no pictures are made: a book is better kept as its pages. */
export const mostPages = 500

export const tooManyPages = (count: number): string =>
  `has ${count} pages, more than the ${mostPages} of which this brick makes pictures: deliver it in parts`

/** Side of a pyramid's tiles, in pixels. */
export const tileSize = 512

/** libvips refuses to read tiles much larger than the picture: a smaller picture is one tile of its own size. */
export const tileOf = ({ width, height }: Picture): number =>
  Math.min(tileSize, Math.ceil(Math.max(width, height) / 16) * 16)

/** Why a picture cannot be taken, as the end of the sentence "{file} …", with what to do about it. */
export class Unfit extends Error {}

/** The decoded pixels that tell pictures apart are those of the largest level with no more of them. */
export const mostHashed = 4_194_304

/** What is wrong with a page is said of that page; of the first, or only, one as of the file. */
export async function ofPage<T>(page: number, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (page === 1 || !(cause instanceof Unfit)) throw cause
    throw new Unfit(`cannot be taken whole, for its page ${page} ${cause.message}`, { cause })
  }
}
