// What a request comes to on a picture of a certain size: which pixels, and how many of them in the answer.
// Pure; every whole number that leaves here is what the answer's width and height will be.
import { BadParameter, type ImageRequest, type RegionWish, type SizeWish } from './image-request.ts'

export interface Dimensions {
  width: number
  height: number
}

export interface Region extends Dimensions {
  x: number
  y: number
}

/** What is asked for, in pixels. */
export interface Drawing {
  region: Region
  size: Dimensions
}

/** What an answer may measure. Announced in info.json. */
export const limits = {
  // Below what WebP can hold (16,383), so that a size that works in one format works in all.
  maxWidth: 16_000,
  maxHeight: 16_000,
  // 50 megapixels take about 250 MB while they are drawn; one such is drawn at a time.
  maxArea: 50_000_000,
}

/** @throws BadParameter on what lies outside the picture or the limits */
export function draw(request: ImageRequest, picture: Dimensions): Drawing {
  const region = regionOf(request.region, picture)
  const size = sizeOf(request.size, region)
  refuseTooLarge(size, 'size')
  refuseTooLarge(turned(size, request.rotation), 'rotation')
  return { region, size }
}

function regionOf(wish: RegionWish, { width, height }: Dimensions): Region {
  if (wish.kind === 'full') return { x: 0, y: 0, width, height }
  if (wish.kind === 'square') {
    const side = Math.min(width, height)
    return {
      x: Math.floor((width - side) / 2),
      y: Math.floor((height - side) / 2),
      width: side,
      height: side,
    }
  }
  const pixels = wish.kind === 'percent' ? fromPercent(wish, { width, height }) : wish
  if (pixels.x >= width || pixels.y >= height) {
    throw new BadParameter('region', `it begins outside the picture, which is ${width},${height}`)
  }
  return {
    x: pixels.x,
    y: pixels.y,
    // What hangs over the edge is cut off (Image API 3.0, 4.1).
    width: Math.min(pixels.width, width - pixels.x),
    height: Math.min(pixels.height, height - pixels.y),
  }
}

// Edges are rounded rather than lengths, so that neighbours in percent neither overlap nor leave a gap.
function fromPercent(wish: Region, picture: Dimensions): Region {
  const x = edge(wish.x, picture.width)
  const y = edge(wish.y, picture.height)
  return {
    x,
    y,
    width: Math.max(1, Math.round(((wish.x + wish.width) / 100) * picture.width) - x),
    height: Math.max(1, Math.round(((wish.y + wish.height) / 100) * picture.height) - y),
  }
}

// What begins inside the picture does so after rounding too.
const edge = (percent: number, length: number): number =>
  percent < 100 ? Math.min(Math.round((percent / 100) * length), length - 1) : length

function sizeOf(wish: SizeWish, region: Dimensions): Dimensions {
  switch (wish.kind) {
    case 'max':
      // "^max" as well: nobody is served by a small picture blown up to the limits (docs/decisions/0012).
      return within(region, limits.maxWidth, limits.maxHeight, false)
    case 'confined':
      return confined(wish, region)
    case 'percent':
      return refuseUpscaling(wish, region, scaled(region, wish.percent / 100))
    case 'exact':
      return refuseUpscaling(wish, region, {
        width: wish.width ?? side(region.width * ((wish.height ?? 0) / region.height)),
        height: wish.height ?? side(region.height * ((wish.width ?? 0) / region.width)),
      })
  }
}

function confined(
  { width, height, upscale }: Extract<SizeWish, { kind: 'confined' }>,
  region: Dimensions,
): Dimensions {
  // Image API 2 leaves the exact scale to the server: what would only be blown up is not.
  const enlarge = upscale === '^'
  if (upscale === 'never' && width > region.width && height > region.height) {
    refuseUpscaling({ upscale }, region, { width, height })
  }
  return within(
    region,
    Math.min(width, limits.maxWidth),
    Math.min(height, limits.maxHeight),
    enlarge,
  )
}

const side = (length: number): number => Math.max(1, Math.round(length))

const scaled = (region: Dimensions, scale: number): Dimensions => ({
  width: side(region.width * scale),
  height: side(region.height * scale),
})

/** The largest size of the region's shape that fits a box and the area, not larger than the region unless told so. */
function within(region: Dimensions, width: number, height: number, upscale: boolean): Dimensions {
  const byArea = Math.sqrt(limits.maxArea / (region.width * region.height))
  const scale = Math.min(
    width / region.width,
    height / region.height,
    byArea,
    upscale ? Infinity : 1,
  )
  const size = scaled(region, scale)
  // Rounding up may lead over the edge by one pixel.
  if (size.width * size.height > limits.maxArea) {
    size.height = Math.max(1, Math.floor(limits.maxArea / size.width))
  }
  return { width: Math.min(size.width, width), height: Math.min(size.height, height) }
}

function refuseUpscaling(
  { upscale }: Pick<SizeWish, 'upscale'>,
  region: Dimensions,
  size: Dimensions,
): Dimensions {
  if (upscale === 'never' && (size.width > region.width || size.height > region.height)) {
    throw new BadParameter(
      'size',
      `${size.width},${size.height} is larger than the region (${region.width},${region.height}); write ^ before it to have it enlarged`,
    )
  }
  return size
}

/** How large a picture becomes when it is turned. */
export function turned({ width, height }: Dimensions, degrees: number): Dimensions {
  if (degrees % 180 === 0) return { width, height }
  if (degrees % 90 === 0) return { width: height, height: width }
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  return {
    width: Math.ceil(width * cos + height * sin),
    height: Math.ceil(width * sin + height * cos),
  }
}

function refuseTooLarge({ width, height }: Dimensions, parameter: string): void {
  const { maxWidth, maxHeight, maxArea } = limits
  if (width > maxWidth || height > maxHeight || width * height > maxArea) {
    throw new BadParameter(
      parameter,
      `the answer would be ${width},${height}; at most ${maxWidth},${maxHeight} and ${maxArea} pixels in all are drawn`,
    )
  }
}
