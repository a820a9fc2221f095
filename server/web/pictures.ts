// Which picture stands for a record in a list, and at which of its stored sizes.
import type { Context } from '../context.ts'
import type { SearchDocument } from '../engine/engine.ts'
import { safeUrl } from './html.ts'

export interface Picture {
  src: string
  srcset?: string
  /** Width over height; undefined where nobody has told. */
  ratio?: number
}

export interface Size {
  width: number
  height: number
}

/** The sizes of a tiled pyramid, largest first: each level half of the one before (IIIF Image API 3.0, sizes). */
export function storedSizes({ width, height }: Size, least = 150): Size[] {
  const sizes: Size[] = []
  for (let factor = 1; sizes.length < 16; factor *= 2) {
    const size = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) }
    if (sizes.length && Math.max(size.width, size.height) < least) break
    sizes.push(size)
  }
  return sizes
}

/** One of our own images at the smallest stored size that is at least this high, and at the next one for fine screens. */
export function ownPicture(ctx: Context, image: string, full: Size, height: number): Picture {
  const sizes = storedSizes(full).toReversed()
  const at = Math.max(
    0,
    sizes.findIndex((size) => size.height >= height),
  )
  const fit = sizes.slice(sizes.some((size) => size.height >= height) ? at : -1).slice(0, 2)
  const address = (size: Size): string => ctx.links.image(image, `${size.width},`)
  const [first = full, second] = fit
  return {
    src: address(first),
    ...(second && { srcset: `${address(first)} 1x, ${address(second)} 2x` }),
    ratio: full.width / full.height,
  }
}

/** The picture of a record in a list, or undefined: then its words stand for it. */
export function pictureOf(
  ctx: Context,
  document: SearchDocument,
  height: number,
): Picture | undefined {
  const { picture, links } = document
  if (picture?.image && picture.width > 0 && picture.height > 0) {
    return ownPicture(ctx, picture.image, picture, height)
  }
  const src = safeUrl(links.thumbnail) ?? safeUrl(links.image)
  if (!src) return undefined
  return picture && picture.width > 0 && picture.height > 0
    ? { src, ratio: picture.width / picture.height }
    : { src }
}
