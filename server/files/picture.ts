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

export interface Picture {
  /** After its EXIF orientation is applied. */
  width: number
  height: number
}

/** Side of a pyramid's tiles, in pixels. */
export const tileSize = 512

/** libvips refuses to read tiles much larger than the picture: a smaller picture is one tile of its own size. */
export const tileOf = ({ width, height }: Picture): number =>
  Math.min(tileSize, Math.ceil(Math.max(width, height) / 16) * 16)

/** Why a picture cannot be taken, as the end of the sentence "{file} …", with what to do about it. */
export class Unfit extends Error {}

/** The decoded pixels that tell pictures apart are those of the largest level with no more of them. */
export const mostHashed = 4_194_304
