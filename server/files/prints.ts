// What a picture looks like, in few bits: pictures whose prints differ in few bits look alike.
//
// A print is the perceptual hash of a part of a picture: 32 × 32 gray cells, their discrete cosine transform, its 64
// lowest frequencies, each above or below their median. It bears scaling, compression, gray and small changes; cutting off
// the edges and turning move what it is made of. So two parts are kept, the whole and the middle, and who looks for
// a picture asks with some more of its own parts, as if it had been cut and turned.
import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'
import type { Colour, Likeness, Sought } from '../../schemas/likeness.ts'
import type { Level } from './entities.ts'
import { mostHashed } from './picture.ts'

/** What prints are read from: a small picture in sRGB, three bytes a pixel. */
export interface Raster {
  data: Buffer
  width: number
  height: number
}

/** The longest side of a raster. */
const side = 256

/** Of a picture that is upright, in sRGB and without alpha. */
export async function rasterOf(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture
    .resize({ width: side, height: side, fit: 'inside' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/**
 * Of a picture in its pyramid, which is ours. What `pixels` hashes is the level of at most four megapixels as it is
 * decoded: the same for the same picture in another file format without loss, and cheap for a picture of any size.
 */
export async function likenessOf(pyramid: string, levels: Level[]): Promise<Likeness> {
  const open = (page: number): Sharp => {
    const picture = sharp(pyramid, { page, limitInputPixels: false })
    const size = levels[page]
    return size ? picture.extract({ left: 0, top: 0, ...size }) : picture
  }
  const last = Math.max(0, levels.length - 1)
  const hashed = levels.findIndex(({ width, height }) => width * height <= mostHashed)
  const small = levels.findLastIndex(({ width, height }) => Math.max(width, height) >= side)
  const pixels = createHash('sha256')
  for await (const chunk of open(hashed < 0 ? last : hashed).raw()) pixels.update(chunk as Buffer)
  const raster = await rasterOf(open(Math.max(0, small)))
  const { prints, dhash } = printsIn(raster)
  return {
    prints,
    dhash,
    pixels: pixels.digest('hex'),
    colours: coloursIn(raster),
    blurhash: blurhashOf(raster),
  }
}

/** A part of a picture: its share of each side around a point, turned. */
interface Part {
  share: number
  /** From the middle, as a share of the side. */
  right?: number
  down?: number
  /** In degrees, clockwise. */
  turn?: number
}

const whole: Part = { share: 1 }
const middle: Part = { share: 0.75 }

/** What is kept of a picture. */
const kept = [whole, middle]

/** The middle as it lies in a picture from which a little was cut off, or that was turned. */
const asIfChanged: Part[] = [
  ...[0.79, 0.833].map((share) => ({ share })),
  ...[-0.025, 0.025].flatMap((right) =>
    [-0.025, 0.025].map((down) => ({ share: 0.77, right, down })),
  ),
  ...[-4.5, -3, -1.5, 1.5, 3, 4.5].flatMap((turn) =>
    [0.75, 0.79].map((share) => ({ share, turn })),
  ),
]

/** Of what is but one colour there is nothing to tell: its print would be that of its noise. */
export function printsIn(raster: Raster): Pick<Likeness, 'prints' | 'dhash'> {
  const gray = grayOf(raster)
  return { prints: printsOf(gray, kept), dhash: dhashOf(cells(gray, whole, 9, 8)) }
}

/** What to look for: the prints of the picture, and those of what it may have been before it was cut or turned. */
export function soughtIn(raster: Raster): Sought {
  const gray = grayOf(raster)
  const prints = [...new Set(printsOf(gray, [...kept, ...asIfChanged]))]
  return { prints, dhash: dhashOf(cells(gray, whole, 9, 8)) }
}

const printsOf = (gray: Gray, parts: Part[]): string[] =>
  parts.flatMap((part) => {
    const means = cells(gray, part, grid, grid)
    return isFlat(means) ? [] : printOf(means)
  })

/** In steps of brightness, of 256. */
const faintest = 1.5

function isFlat(means: Float32Array): boolean {
  const mean = means.reduce((sum, each) => sum + each, 0) / means.length
  return means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / means.length < faintest ** 2
}

interface Gray {
  data: Float32Array
  width: number
  height: number
}

function grayOf({ data, width, height }: Raster): Gray {
  const gray = new Float32Array(width * height)
  for (let at = 0; at < gray.length; at++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at * 3, at * 3 + 3)
    gray[at] = 0.299 * red + 0.587 * green + 0.114 * blue
  }
  return { data: gray, width, height }
}

/** So many looks into each cell, along each of its sides. */
const looks = 4

/** The means of the cells of a part. */
function cells(gray: Gray, part: Part, columns: number, rows: number): Float32Array {
  const { share, right = 0, down = 0, turn = 0 } = part
  const { width, height } = gray
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)]
  const means = new Float32Array(columns * rows)
  for (let y = 0; y < rows * looks; y++) {
    const v = ((y + 0.5) / (rows * looks) - 0.5) * share * height
    for (let x = 0; x < columns * looks; x++) {
      const u = ((x + 0.5) / (columns * looks) - 0.5) * share * width
      const value = valueAt(
        gray,
        (0.5 + right) * width + u * cos - v * sin - 0.5,
        (0.5 + down) * height + u * sin + v * cos - 0.5,
      )
      const cell = Math.floor(y / looks) * columns + Math.floor(x / looks)
      means[cell] = (means[cell] ?? 0) + value / looks ** 2
    }
  }
  return means
}

/** Between four pixels; beyond the edge the edge goes on. */
function valueAt({ data, width, height }: Gray, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)]
  const [right, down] = [x - column, y - row]
  const left = Math.min(width - 1, Math.max(0, column))
  const next = Math.min(width - 1, Math.max(0, column + 1))
  const above = Math.min(height - 1, Math.max(0, row)) * width
  const below = Math.min(height - 1, Math.max(0, row + 1)) * width
  const upper = (data[above + left] ?? 0) * (1 - right) + (data[above + next] ?? 0) * right
  const lower = (data[below + left] ?? 0) * (1 - right) + (data[below + next] ?? 0) * right
  return upper * (1 - down) + lower * down
}

const grid = 32
const low = 8

/** cos((2x + 1) u π / 2n), the basis of the discrete cosine transform, for the lowest frequencies. */
const basis = Array.from({ length: low }, (_, frequency) =>
  Float64Array.from({ length: grid }, (__, x) =>
    Math.cos(((2 * x + 1) * frequency * Math.PI) / (2 * grid)),
  ),
)

function printOf(means: Float32Array): string {
  const rows = Array.from({ length: grid }, (_, y) =>
    basis.map((wave) => sumOf(wave, (x) => means[y * grid + x])),
  )
  const all = basis.flatMap((wave) => basis.map((_, u) => sumOf(wave, (y) => rows[y]?.[u])))
  // The first is the mean brightness, far above all others.
  const median = middleOf(all.slice(1))
  return bits(all.map((each) => each > median))
}

function sumOf(wave: Float64Array, value: (index: number) => number | undefined): number {
  let sum = 0
  for (let index = 0; index < wave.length; index++) sum += (wave[index] ?? 0) * (value(index) ?? 0)
  return sum
}

function middleOf(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Whether it grows brighter from each cell to the next on its right. */
function dhashOf(means: Float32Array): string {
  const brighter: boolean[] = []
  for (let at = 0; at < means.length; at++)
    if (at % 9 < 8) brighter.push((means[at] ?? 0) < (means[at + 1] ?? 0))
  return bits(brighter)
}

function bits(values: boolean[]): string {
  let number = 0n
  for (const value of values) number = number * 2n + (value ? 1n : 0n)
  return number.toString(16).padStart(16, '0')
}

/** Colours that are nearer to each other, in steps of red, green and blue together, are one. */
const alike = 60
const mostColours = 5

function coloursIn({ data }: Raster): Colour[] {
  const bins = new Map<number, { sums: [number, number, number]; count: number }>()
  for (let at = 0; at + 2 < data.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3)
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4)
    const bin = bins.get(key) ?? { sums: [0, 0, 0], count: 0 }
    bin.sums = [bin.sums[0] + red, bin.sums[1] + green, bin.sums[2] + blue]
    bin.count++
    bins.set(key, bin)
  }
  const all = [...bins.values()].toSorted((a, b) => b.count - a.count)
  const chosen: { mean: number[]; count: number }[] = []
  for (const { sums, count } of all) {
    const mean = sums.map((sum) => sum / count)
    const known = chosen.find((each) => apart(each.mean, mean) < alike)
    if (known) known.count += count
    else chosen.push({ mean, count })
  }
  const total = data.length / 3
  return chosen
    .toSorted((a, b) => b.count - a.count)
    .map(({ mean, count }) => ({ colour: hex(mean), share: Math.round((100 * count) / total) }))
    .filter(({ share }) => share > 0)
    .slice(0, mostColours)
}

const apart = (one: number[], other: number[]): number =>
  one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0)

const hex = (mean: number[]): string =>
  `#${mean.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~'
const waves = { across: 4, down: 3 }

/** As written in https://github.com/woltapp/blurhash/blob/master/Algorithm.md, of 4 × 3 components. */
function blurhashOf(raster: Raster): string {
  const [mean = [0, 0, 0], ...others] = Array.from(
    { length: waves.across * waves.down },
    (_, index) => component(raster, index % waves.across, Math.floor(index / waves.across)),
  )
  const largest = Math.max(...others.flat().map(Math.abs))
  const steps = Math.max(0, Math.min(82, Math.floor(largest * 166 - 0.5)))
  const most = (steps + 1) / 166
  const amount = (value: number): number =>
    Math.max(
      0,
      Math.min(18, Math.floor(Math.sign(value) * Math.abs(value / most) ** 0.5 * 9 + 9.5)),
    )
  const [red = 0, green = 0, blue = 0] = mean.map(toSrgb)
  return [
    base83(waves.across - 1 + (waves.down - 1) * 9, 1),
    base83(steps, 1),
    base83((red << 16) | (green << 8) | blue, 4),
    ...others.map(([r = 0, g = 0, b = 0]) =>
      base83(amount(r) * 361 + amount(g) * 19 + amount(b), 2),
    ),
  ].join('')
}

/** How much of a wave there is in linear red, green and blue. */
function component({ data, width, height }: Raster, across: number, down: number): number[] {
  const sums = [0, 0, 0]
  for (let y = 0; y < height; y++) {
    const wave = Math.cos((Math.PI * down * y) / height)
    for (let x = 0; x < width; x++) {
      const weight = wave * Math.cos((Math.PI * across * x) / width)
      const at = (y * width + x) * 3
      for (const band of [0, 1, 2])
        sums[band] = (sums[band] ?? 0) + weight * (linear[data[at + band] ?? 0] ?? 0)
    }
  }
  const scale = (across === 0 && down === 0 ? 1 : 2) / (width * height)
  return sums.map((sum) => sum * scale)
}

const linear = Float64Array.from({ length: 256 }, (_, step) => {
  const value = step / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

function toSrgb(value: number): number {
  const clear = Math.max(0, Math.min(1, value))
  return Math.floor(
    (clear <= 0.0031308 ? clear * 12.92 : 1.055 * clear ** (1 / 2.4) - 0.055) * 255 + 0.5,
  )
}

function base83(value: number, length: number): string {
  let text = ''
  for (let left = value; text.length < length; left = Math.floor(left / 83))
    text = `${digits[left % 83]}${text}`
  return text
}
