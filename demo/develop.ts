// From a drawing to its scan: the drawing is rasterised in bands and laid on paper whose tooth catches the
// pigment, with its ruling, its fibres and the shade of the scanner's lid.
import sharp from 'sharp'
import { randomFrom } from './random.ts'
import type { Ruling, Sheet, Technique } from './sheet.ts'

export interface Pixels {
  data: Uint8Array
  width: number
  height: number
}

const side = 512

/** Tileable noise of a given grain size in pixels, 0…1. */
function noise(grain: number, seed: number): Float32Array {
  const random = randomFrom(seed)
  const cells = Math.max(2, Math.round(side / grain))
  const lattice = Float32Array.from({ length: cells * cells }, () => random())
  const tile = new Float32Array(side * side)
  for (let y = 0; y < side; y++) {
    const v = (y / side) * cells
    const row = Math.floor(v)
    const fy = ease(v - row)
    for (let x = 0; x < side; x++) {
      const u = (x / side) * cells
      const column = Math.floor(u)
      const fx = ease(u - column)
      const at = (i: number, j: number) => lattice[(j % cells) * cells + (i % cells)] ?? 0
      const top = at(column, row) + (at(column + 1, row) - at(column, row)) * fx
      const low = at(column, row + 1) + (at(column + 1, row + 1) - at(column, row + 1)) * fx
      tile[y * side + x] = top + (low - top) * fy
    }
  }
  return tile
}
const ease = (t: number) => t * t * (3 - 2 * t)

function blend(...parts: [Float32Array, number][]): Float32Array {
  const total = new Float32Array(side * side)
  for (const [tile, share] of parts)
    tile.forEach((v, i) => (total[i] = (total[i] ?? 0) + v * share))
  return total
}

const tiles = new Map<string, Float32Array>()
/** The noises in use; made once. */
export function grain(name: 'tooth' | 'blotch' | 'fibre' | 'streak' | 'film'): Float32Array {
  let tile = tiles.get(name)
  if (!tile) {
    const make = {
      tooth: () => blend([noise(2.1, 1), 0.55], [noise(4.6, 2), 0.45]),
      blotch: () => blend([noise(90, 3), 0.5], [noise(34, 4), 0.3], [noise(5, 5), 0.2]),
      fibre: () => blend([noise(3, 6), 0.6], [noise(40, 7), 0.4]),
      streak: () => blend([noise(12, 8), 0.7], [noise(60, 9), 0.3]),
      film: () => blend([noise(1.4, 10), 0.6], [noise(2.6, 11), 0.4]),
    }
    tile = make[name]()
    tiles.set(name, tile)
  }
  return tile
}

/** How much pigment the tooth of the paper lets through: base + tooth × depth + darkness × press. */
const touch: Record<
  Technique,
  { tile: 'tooth' | 'blotch' | 'streak'; base: number; depth: number; press: number }
> = {
  crayon: { tile: 'tooth', base: 0.18, depth: 1.25, press: 0.35 },
  pencil: { tile: 'tooth', base: 0.3, depth: 1, press: 0.25 },
  felt: { tile: 'streak', base: 0.86, depth: 0.2, press: 0.1 },
  wash: { tile: 'blotch', base: 0.38, depth: 0.95, press: 0.5 },
  cut: { tile: 'streak', base: 0.93, depth: 0.1, press: 0.05 },
  poster: { tile: 'tooth', base: 0.88, depth: 0.14, press: 0.2 },
}

interface Lines {
  across: Float32Array
  down: Float32Array
  tint: [number, number, number]
  margin: number
}

/** School paper: squares of 5 mm, or the French « Seyès » lines with their red margin. */
function rulingOf(ruling: Ruling, width: number, height: number, scale: number): Lines | undefined {
  if (ruling === 'plain') return undefined
  const across = new Float32Array(height)
  const down = new Float32Array(width)
  const cell = (ruling === 'seyes' ? 62 : 40) * scale
  const thick = Math.max(1, 1.6 * scale)
  const stripe = (into: Float32Array, step: number, strength: number) => {
    for (let i = step * 0.7; i < into.length; i += step) {
      for (let k = 0; k < thick; k++) {
        const at = Math.floor(i) + k
        if (at < into.length) into[at] = Math.max(into[at] ?? 0, strength)
      }
    }
  }
  if (ruling === 'seyes') stripe(across, cell / 4, 0.3)
  stripe(across, cell, 0.75)
  stripe(down, cell, 0.6)
  const margin = ruling === 'seyes' ? Math.floor(cell * 2.7) : -1
  return { across, down, tint: ruling === 'seyes' ? [72, 56, 22] : [78, 50, 26], margin }
}

function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

/**
 * Lines are drawn at a part of the size and enlarged: the tooth of the paper, at full size, hides it. Within 2,000
 * pixels the rasteriser walks the drawing once; beyond, once for each tile.
 */
function shareOf(width: number, height: number): number {
  if (width <= 1500) return 1
  return Math.max(0.47, Math.min(0.66, 1998 / Math.max(width, height)))
}

async function raster(
  svg: string,
  sheet: Sheet,
  width: number,
  top: number,
  rows: number,
  share: number,
) {
  const scale = width / sheet.width
  const [w, h] = [Math.round(width * share), Math.round(rows * share)]
  const box = `viewBox="0 ${top / scale} ${sheet.width} ${rows / scale}"`
  return enlarge(await rasterise(svg, box, w, h, 3), w, h, 3, width, rows)
}

/** Rasterises part of an SVG. The pixels are taken out before enlarging: sharp would draw the SVG again, larger. */
export async function rasterise(
  svg: string,
  viewBox: string,
  width: number,
  height: number,
  channels: 3 | 4,
): Promise<Buffer> {
  const size = `${viewBox} width="${width}" height="${height}" preserveAspectRatio="none"`
  const image = sharp(Buffer.from(svg.replace(/viewBox="[^"]*"/, size)), { unlimited: true })
  return (channels === 3 ? image.removeAlpha() : image.ensureAlpha()).raw().toBuffer()
}

export async function enlarge(
  data: Uint8Array,
  width: number,
  height: number,
  channels: 3 | 4,
  toWidth: number,
  toHeight: number,
): Promise<Uint8Array> {
  if (width === toWidth && height === toHeight) return data
  return sharp(data, { raw: { width, height, channels } })
    .resize(toWidth, toHeight, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer()
}

export async function develop(sheet: Sheet, width: number): Promise<Pixels> {
  const scale = width / sheet.width
  const height = Math.round(sheet.height * scale)
  const svg = sheet.svg()
  const data = new Uint8ClampedArray(width * height * 3)
  const rows = Math.max(64, Math.min(height, Math.floor(6e6 / width)))
  const share = shareOf(width, height)
  const paint = paper(sheet, width, height, scale)
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top)
    const band = await raster(svg, sheet, width, top, count, share)
    paint(band, data, top, count)
  }
  return { data: new Uint8Array(data.buffer), width, height }
}

function paper(sheet: Sheet, width: number, height: number, scale: number) {
  const [pr, pg, pb] = rgb(sheet.paper)
  const { tile, base, depth, press } = touch[sheet.technique]
  const [tooth, fibre] = [grain(tile), grain('fibre')]
  const lines = rulingOf(sheet.ruling, width, height, scale)
  const step = Math.min(1, 0.75 / scale) // grain keeps its size on the paper, not on the screen
  const contrast = pr + pg + pb < 560 ? 0.077 : 0.035
  const fibres = fibre.map((v) => 1 + (v - 0.5) * contrast)
  const bite = tooth.map((v) => base + v * depth)
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor(x * step) & (side - 1))
  const lid = Float32Array.from(
    { length: width },
    (_, x) => 1 - 0.05 * ((x / width - 0.45) * 2) ** 4,
  )
  return (band: Uint8Array, out: Uint8ClampedArray, top: number, count: number) => {
    for (let y = 0; y < count; y++) {
      const row = top + y
      const line = (Math.floor(row * step) & (side - 1)) * side
      const shade = 1.012 - 0.06 * ((row / height - 0.5) * 2) ** 4
      const ruled = lines?.across[row] ?? 0
      let i = y * width * 3
      let o = row * width * 3
      for (let x = 0; x < width; x++, i += 3, o += 3) {
        const cell = line + (columns[x] as number)
        const r = (band[i] as number) - pr
        const g = (band[i + 1] as number) - pg
        const b = (band[i + 2] as number) - pb
        const light = (fibres[cell] as number) * shade * (lid[x] as number)
        let red = pr
        let green = pg
        let blue = pb
        if (lines) {
          const mark = Math.max(ruled, lines.down[x] as number)
          red -= lines.tint[0] * mark
          green -= lines.tint[1] * mark
          blue -= lines.tint[2] * mark
          if (x >= lines.margin && x < lines.margin + 3 * scale && lines.margin > 0) {
            green -= 70
            blue -= 60
          }
        }
        if (r !== 0 || g !== 0 || b !== 0) {
          const dark = -(r + g + b) / 765
          let m = (bite[cell] as number) + dark * press
          m = m < 0 ? 0 : m > 1 ? 1 : m
          red += r * m
          green += g * m
          blue += b * m
        }
        out[o] = red * light
        out[o + 1] = green * light
        out[o + 2] = blue * light
      }
    }
  }
}
