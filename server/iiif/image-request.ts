// The parameters of an image request as written in its address: https://iiif.io/api/image/3.0/#4-image-requests and
// https://iiif.io/api/image/2.1/#image-request-parameters. Pure: text in, values or the one fault out.

export type Version = 2 | 3

/** A parameter that cannot be answered: which one, and why, in one line. */
export class BadParameter extends Error {
  readonly parameter: string
  constructor(parameter: string, reason: string) {
    super(`${parameter}: ${reason}`)
    this.parameter = parameter
  }
}

export type RegionWish =
  | { kind: 'full' }
  | { kind: 'square' }
  | { kind: 'pixels' | 'percent'; x: number; y: number; width: number; height: number }

/** Whether an answer may be larger than its region: where told so (`^`), never without, or freely (Image API 2). */
type Upscale = '^' | 'never' | 'freely'

export type SizeWish = { upscale: Upscale } & (
  | { kind: 'max' }
  | { kind: 'percent'; percent: number }
  | { kind: 'exact'; width: number | undefined; height: number | undefined }
  | { kind: 'confined'; width: number; height: number }
)

export const qualities = ['default', 'color', 'gray', 'bitonal'] as const
type Quality = (typeof qualities)[number]

export const formats = ['jpg', 'png', 'webp', 'gif', 'tif', 'avif'] as const
export type Format = (typeof formats)[number]

export interface ImageRequest {
  region: RegionWish
  size: SizeWish
  mirror: boolean
  rotation: number
  quality: Quality
  format: Format
}

/** The four last parts of an image's address, as they stand after percent-decoding. */
export interface Written {
  region: string
  size: string
  rotation: string
  /** `default.jpg` */
  file: string
}

/** @throws BadParameter */
export function parseRequest(written: Written, version: Version): ImageRequest {
  return {
    region: parseRegion(written.region),
    size: parseSize(written.size, version),
    ...parseRotation(written.rotation),
    ...parseFile(written.file),
  }
}

// Ten digits hold any size; more are a joke or an attack.
const whole = /^\d{1,10}$/
const decimal = /^(?:\d{1,10}(?:\.\d{0,20})?|\.\d{1,20})$/

function numbers(text: string, pattern: RegExp): number[] | undefined {
  const parts = text.split(',')
  return parts.every((part) => pattern.test(part)) ? parts.map(Number) : undefined
}

function parseRegion(text: string): RegionWish {
  if (text === 'full' || text === 'square') return { kind: text }
  const percent = text.startsWith('pct:')
  const given = numbers(percent ? text.slice(4) : text, percent ? decimal : whole)
  const [x, y, width, height] = given ?? []
  if (
    given?.length !== 4 ||
    x === undefined ||
    y === undefined ||
    width === undefined ||
    height === undefined
  ) {
    throw new BadParameter(
      'region',
      `"${short(text)}" is none of full, square, x,y,w,h (whole pixels) and pct:x,y,w,h`,
    )
  }
  if (width === 0 || height === 0) {
    throw new BadParameter('region', `"${short(text)}" has no width or no height`)
  }
  return { kind: percent ? 'percent' : 'pixels', x, y, width, height }
}

function parseSize(text: string, version: Version): SizeWish {
  // Image API 2 has no "^": there a server that says sizeAboveFull scales up without being told so.
  const upscale: Upscale = version === 2 ? 'freely' : text.startsWith('^') ? '^' : 'never'
  const rest = upscale === '^' ? text.slice(1) : text
  if (rest === 'max' || (rest === 'full' && version === 2)) return { kind: 'max', upscale }
  const wish = rest.startsWith('pct:') ? percentSize(rest.slice(4)) : sidesSize(rest)
  if (!wish) {
    const words =
      version === 3
        ? 'max, w, ,h pct:n w,h !w,h and these after ^'
        : 'full, max, w, ,h pct:n w,h !w,h'
    throw new BadParameter('size', `"${short(text)}" is none of ${words}`)
  }
  return { ...wish, upscale }
}

type Plain<T> = T extends { upscale: Upscale } ? Omit<T, 'upscale'> : never

function percentSize(text: string): Plain<SizeWish> | undefined {
  if (!decimal.test(text)) return undefined
  const percent = Number(text)
  if (percent === 0) throw new BadParameter('size', 'pct:0 leaves nothing to see')
  return { kind: 'percent', percent }
}

function sidesSize(text: string): Plain<SizeWish> | undefined {
  const confined = text.startsWith('!')
  const match = /^(\d{0,10}),(\d{0,10})$/.exec(confined ? text.slice(1) : text)
  if (!match || (!match[1] && !match[2])) return undefined
  const width = match[1] ? Number(match[1]) : undefined
  const height = match[2] ? Number(match[2]) : undefined
  if (width === 0 || height === 0) {
    throw new BadParameter('size', `"${short(text)}" leaves nothing to see`)
  }
  if (!confined) return { kind: 'exact', width, height }
  if (width === undefined || height === undefined) return undefined
  return { kind: 'confined', width, height }
}

function parseRotation(text: string): { mirror: boolean; rotation: number } {
  const mirror = text.startsWith('!')
  const degrees = mirror ? text.slice(1) : text
  if (!decimal.test(degrees) || Number(degrees) > 360) {
    throw new BadParameter(
      'rotation',
      `"${short(text)}" is no number from 0 to 360, or such a number after !`,
    )
  }
  return { mirror, rotation: Number(degrees) % 360 }
}

function parseFile(text: string): { quality: Quality; format: Format } {
  const dot = text.lastIndexOf('.')
  const quality = text.slice(0, dot === -1 ? text.length : dot)
  const format = dot === -1 ? '' : text.slice(dot + 1)
  if (!(qualities as readonly string[]).includes(quality)) {
    throw new BadParameter('quality', `"${short(quality)}" is none of ${qualities.join(', ')}`)
  }
  if (!(formats as readonly string[]).includes(format)) {
    throw new BadParameter('format', `"${short(format)}" is none of ${formats.join(', ')}`)
  }
  return { quality: quality as Quality, format: format as Format }
}

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
