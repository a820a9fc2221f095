// A small ray tracer for imaginary places: a ground, boxes with procedural faces, a sky and one sun. It renders
// at a modest size; `finish` then enlarges it as a film scan is: soft, grainy, darker in the corners.
import { enlarge, grain, rasterise, type Pixels } from '../develop.ts'
import type { Sheet } from '../sheet.ts'

export type Vector = [number, number, number]
/** What a material fills in: colour (linear 0…1), gloss 0…1, and own light 0…1. */
export interface Surface {
  r: number
  g: number
  b: number
  gloss: number
  glow: number
}
/** u and v run along the face in metres; blur is the width of a pixel there. */
export type Material = (s: Surface, u: number, v: number, blur: number) => void

export interface Box {
  min: Vector
  max: Vector
  /** Side faces (u along the horizontal, v upwards), and optionally another material for the top or bottom. */
  side: Material
  top?: Material
}
export interface World {
  ground: Material
  boxes: Box[]
  sky: (s: Surface, x: number, y: number, z: number) => void
  /** Direction to the sun, and how strong it is against the light of the sky. */
  sun: Vector
  sunlight: Vector
  ambient: Vector
  haze: Vector
  /** Metres after which haze has taken about two thirds. */
  visibility: number
}
export interface Camera {
  at: Vector
  /** Radians: to the right, and upwards. */
  yaw: number
  pitch: number
  /** Width of the view at a distance of one metre. */
  angle: number
}

export function surface(): Surface {
  return { r: 0, g: 0, b: 0, gloss: 0, glow: 0 }
}
export function set(s: Surface, r: number, g: number, b: number): void {
  s.r = r
  s.g = g
  s.b = b
}
/** Mixes a colour in. */
export function mix(s: Surface, r: number, g: number, b: number, amount: number): void {
  s.r += (r - s.r) * amount
  s.g += (g - s.g) * amount
  s.b += (b - s.b) * amount
}
const unit = (v: number) => (v < 0 ? 0 : v > 1 ? 1 : v)
/** 1 between a and b, with edges as soft as a pixel. */
export function band(x: number, a: number, b: number, blur: number): number {
  return unit((x - a) / blur + 0.5) * unit((b - x) / blur + 0.5)
}
/** The rest after dividing, always positive. */
export function wrap(x: number, step: number): number {
  return x - Math.floor(x / step) * step
}
const blotch = grain('blotch')
const fine = grain('fibre')
/** Stains: 0…1, features of about a metre at scale 40. */
export function stain(u: number, v: number, scale = 40): number {
  return blotch[((Math.floor(v * scale) & 511) << 9) | (Math.floor(u * scale) & 511)] as number
}
export function speck(u: number, v: number, scale = 120): number {
  return fine[((Math.floor(v * scale) & 511) << 9) | (Math.floor(u * scale) & 511)] as number
}
/** A fixed number for a cell: which window is lit, which tile is dark. */
export function dice(i: number, j: number): number {
  let h = Math.imul(i | 0, 374761393) ^ Math.imul(j | 0, 668265263)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Where a point of the world lands on a picture, and how many pixels a metre is there. */
export function project(
  camera: Camera,
  width: number,
  height: number,
  p: Vector,
): { x: number; y: number; metre: number } | undefined {
  const [cx, cy, cz] = camera.at
  const [dx, dy, dz] = [p[0] - cx, p[1] - cy, p[2] - cz]
  const [cosY, sinY] = [Math.cos(camera.yaw), Math.sin(camera.yaw)]
  const x = dx * cosY - dz * sinY
  const z1 = dx * sinY + dz * cosY
  const [cosP, sinP] = [Math.cos(camera.pitch), Math.sin(camera.pitch)]
  const y = dy * cosP - z1 * sinP
  const z = dy * sinP + z1 * cosP
  if (z < 0.05) return undefined
  const metre = width / camera.angle / z
  return { x: width / 2 + x * metre, y: height / 2 - y * metre, metre }
}

interface Hit {
  t: number
  box: number
  axis: number
}

/** The corners of all boxes in one array: walking it is several times quicker than walking objects. */
function cornersOf(boxes: Box[]) {
  return Float64Array.from(boxes.flatMap(({ min, max }) => [...min, ...max]))
}
let corners = new Float64Array(0)

/** The nearest box along a ray; with `any`, the first one found will do (for shadows). */
function nearest(
  o: Vector,
  dx: number,
  dy: number,
  dz: number,
  limit: number,
  found: Hit,
  any: boolean,
): void {
  found.t = limit
  found.box = -1
  const ix = 1 / dx
  const iy = 1 / dy
  const iz = 1 / dz
  const ox = o[0]
  const oy = o[1]
  const oz = o[2]
  // Whichever way the ray goes, it enters by these three sides and leaves by the others.
  const ex = ix < 0 ? 3 : 0
  const ey = iy < 0 ? 4 : 1
  const ez = iz < 0 ? 5 : 2
  for (let i = 0, c = 0; c < corners.length; i++, c += 6) {
    const nx = ((corners[c + ex] as number) - ox) * ix
    const fy = ((corners[c + 5 - ey] as number) - oy) * iy
    if (nx > fy) continue
    const fx = ((corners[c + 3 - ex] as number) - ox) * ix
    const ny = ((corners[c + ey] as number) - oy) * iy
    if (ny > fx) continue
    const nz = ((corners[c + ez] as number) - oz) * iz
    if (nz > fx || nz > fy) continue
    const fz = ((corners[c + 7 - ez] as number) - oz) * iz
    const near = nx > ny ? (nx > nz ? nx : nz) : ny > nz ? ny : nz
    if (near > fz || near < 1e-4 || near >= found.t) continue
    found.t = near
    found.box = i
    found.axis = near === nx ? 0 : near === ny ? 1 : 2
    if (any) return
  }
}

/** What the last ray met, and whether in the sun: where it changes there is an edge. */
let seen = 0
const hit: Hit = { t: 0, box: -1, axis: 0 }
const shadow: Hit = { t: 0, box: -1, axis: 0 }
const bounce = surface()
const start: Vector = [0, 0, 0]
const mirror: Vector = [0, 0, 0]

/** The light that comes back along a ray. */
function look(
  world: World,
  o: Vector,
  dx: number,
  dy: number,
  dz: number,
  pixel: number,
  s: Surface,
  depth: number,
): void {
  const floor = dy < -1e-5 ? -o[1] / dy : 1e9
  nearest(o, dx, dy, dz, Math.min(floor, 4000), hit, false)
  const box = hit.box < 0 ? undefined : world.boxes[hit.box]
  const { t, axis } = hit
  if (depth === 1) seen = (hit.box + 1) * 8 + axis * 2
  if (!box && floor > 4000) {
    world.sky(s, dx, dy, dz)
    return
  }
  const px = o[0] + dx * t
  const py = o[1] + dy * t
  const pz = o[2] + dz * t
  s.gloss = 0
  s.glow = 0
  let nx = 0
  let ny = 1
  let nz = 0
  if (!box) {
    world.ground(s, px, pz, (pixel * t) / Math.max(0.06, -dy))
  } else if (axis === 1) {
    ny = dy > 0 ? -1 : 1
    ;(box.top ?? box.side)(s, px, pz, (pixel * t) / Math.max(0.06, Math.abs(dy)))
  } else if (axis === 0) {
    nx = dx > 0 ? -1 : 1
    ny = 0
    box.side(s, pz, py, (pixel * t) / Math.max(0.08, Math.abs(dx)))
  } else {
    nz = dz > 0 ? -1 : 1
    ny = 0
    box.side(s, px, py, (pixel * t) / Math.max(0.08, Math.abs(dz)))
  }
  const sx = world.sun[0]
  const sy = world.sun[1]
  const sz = world.sun[2]
  let lit = Math.max(0, nx * sx + ny * sy + nz * sz)
  if (lit > 0 && world.sunlight[0] > 0.1) {
    start[0] = px + nx * 0.01
    start[1] = py + ny * 0.01
    start[2] = pz + nz * 0.01
    nearest(start, sx, sy, sz, 300, shadow, true)
    if (shadow.box >= 0) lit = 0
    else if (depth === 1) seen += 1
  }
  // The sky lights what faces it; corners near the ground get less.
  const open = (0.62 + 0.38 * ny) * (ny === 0 ? 0.72 + 0.28 * unit(py / 3) : 1)
  const keep = 1 - s.glow
  const { ambient, sunlight } = world
  let r = s.r * ((ambient[0] * open + sunlight[0] * lit) * keep + s.glow)
  let g = s.g * ((ambient[1] * open + sunlight[1] * lit) * keep + s.glow)
  let b = s.b * ((ambient[2] * open + sunlight[2] * lit) * keep + s.glow)
  if (s.gloss > 0.01 && depth > 0) {
    const gloss = s.gloss
    const rough = (stain(px, pz, 90) - 0.5) * 0.03
    const rx = axis === 0 && box ? -dx : dx + rough
    const ry = ny === 0 ? dy : -dy
    const rz = axis === 2 && box ? -dz : dz
    mirror[0] = px + nx * 0.01
    mirror[1] = py + ny * 0.01
    mirror[2] = pz + nz * 0.01
    look(world, mirror, rx, ry, rz, pixel * 3, bounce, depth - 1)
    const grazing = gloss * (0.25 + 0.75 * (1 - Math.abs(dy)) ** 3)
    r += (bounce.r - r) * grazing
    g += (bounce.g - g) * grazing
    b += (bounce.b - b) * grazing
  }
  set(s, r, g, b)
  veil(s, world, t)
}

/** Haze grows with the distance. */
function veil(s: Surface, world: World, distance: number): void {
  const [r, g, b] = world.haze
  mix(s, r, g, b, 1 - Math.exp(-distance / world.visibility))
}

/** Exposes one frame. */
export function expose(world: World, camera: Camera, width: number, height: number): Pixels {
  corners = cornersOf(world.boxes)
  const data = new Uint8Array(width * height * 3)
  const [cosY, sinY, cosP, sinP] = [
    Math.cos(camera.yaw),
    Math.sin(camera.yaw),
    Math.cos(camera.pitch),
    Math.sin(camera.pitch),
  ]
  const pixel = camera.angle / width
  const s = surface()
  const aim = (i: number, j: number) => {
    const v = (height / 2 - j) * pixel
    const u = (i - width / 2) * pixel
    const y = v * cosP + sinP
    const z1 = cosP - v * sinP
    const x = u * cosY + z1 * sinY
    const z = z1 * cosY - u * sinY
    const length = Math.sqrt(x * x + y * y + z * z)
    look(world, camera.at, x / length, y / length, z / length, pixel, s, 1)
  }
  const above = new Int32Array(width).fill(-1)
  let o = 0
  for (let j = 0; j < height; j++) {
    let left = -1
    let tone = 0
    for (let i = 0; i < width; i++, o += 3) {
      aim(i + 0.5, j + 0.5)
      const here = seen
      const level = s.g
      if (here !== left || here !== above[i] || Math.abs(level - tone) > 0.12) smooth(aim, s, i, j)
      left = here
      tone = level
      above[i] = here
      data[o] = film(s.r)
      data[o + 1] = film(s.g)
      data[o + 2] = film(s.b)
    }
  }
  return { data, width, height }
}

/** On an edge a pixel is looked at four times more. */
function smooth(aim: (i: number, j: number) => void, s: Surface, i: number, j: number): void {
  let { r, g, b } = s
  for (let k = 0; k < 4; k++) {
    aim(i + (k & 1 ? 0.8 : 0.15), j + (k & 2 ? 0.85 : 0.2))
    r += s.r
    g += s.g
    b += s.b
  }
  set(s, r / 5, g / 5, b / 5)
}

/** Highlights roll off as on film; then the curve of a screen. A table, for it is asked three times a pixel. */
const developed = Uint8Array.from({ length: 4096 }, (_, i) => {
  const x = i / 1024
  return 255 * Math.min(1, ((x * (1 + x * 0.12)) / (1 + x * 0.55)) * 1.38) ** (1 / 2.1)
})
function film(v: number): number {
  return v <= 0 ? 0 : v >= 3.99 ? 255 : (developed[(v * 1024) | 0] as number)
}

export interface Tone {
  /** 0 black and white, 1 full colour. */
  colour: number
  shadows: Vector
  highlights: Vector
  contrast: number
  grain: number
  vignette: number
}
export const tones = {
  colour: {
    colour: 1.12,
    shadows: [8, 10, 16],
    highlights: [255, 251, 242],
    contrast: 0.35,
    grain: 11,
    vignette: 0.32,
  },
  faded: {
    colour: 0.85,
    shadows: [38, 36, 44],
    highlights: [252, 244, 226],
    contrast: 0.15,
    grain: 12,
    vignette: 0.24,
  },
  mono: {
    colour: 0,
    shadows: [16, 16, 17],
    highlights: [248, 246, 240],
    contrast: 0.6,
    grain: 17,
    vignette: 0.38,
  },
  sepia: {
    colour: 0.1,
    shadows: [30, 22, 18],
    highlights: [250, 238, 214],
    contrast: 0.4,
    grain: 15,
    vignette: 0.4,
  },
  blue: {
    colour: 0.85,
    shadows: [10, 20, 42],
    highlights: [255, 240, 214],
    contrast: 0.4,
    grain: 13,
    vignette: 0.42,
  },
} satisfies Record<string, Tone>
export type ToneName = keyof typeof tones

/** Enlarges, lays the fine things over it and prints it with the film's tone, grain and vignette. */
export async function finish(
  shot: Pixels,
  width: number,
  overlay: Sheet | undefined,
  tone: Tone,
  softness = 0.55,
): Promise<Pixels> {
  const height = Math.round((shot.height / shot.width) * width)
  const data = await enlarge(shot.data, shot.width, shot.height, 3, width, height)
  const rows = Math.max(64, Math.floor(5e6 / width))
  const svg = overlay?.overlay()
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top)
    let layer: Uint8Array | undefined
    if (svg && overlay) {
      const k = overlay.width / width
      const [w, h] = [Math.round(width * softness), Math.round(count * softness)]
      const box = `viewBox="0 ${top * k} ${overlay.width} ${count * k}"`
      layer = await enlarge(await rasterise(svg, box, w, h, 4), w, h, 4, width, count)
    }
    print(data, layer, width, height, top, count, tone)
  }
  return { data, width, height }
}

function print(
  data: Uint8Array,
  layer: Uint8Array | undefined,
  width: number,
  height: number,
  top: number,
  count: number,
  tone: Tone,
): void {
  const noise = grain('film')
  const { colour, vignette } = tone
  const curves = [0, 1, 2].map((channel) => curve(tone, channel))
  const [reds, greens, blues] = curves as [Uint8Array, Uint8Array, Uint8Array]
  for (let y = top; y < top + count; y++) {
    const dy = (y / height - 0.5) * 2
    const line = (Math.floor(y * 0.8) & 511) << 9
    for (let x = 0; x < width; x++) {
      const o = (y * width + x) * 3
      let r = data[o] as number
      let g = data[o + 1] as number
      let b = data[o + 2] as number
      if (layer) {
        const l = ((y - top) * width + x) * 4
        const a = (layer[l + 3] as number) / 255
        if (a > 0) {
          r += ((layer[l] as number) - r) * a
          g += ((layer[l + 1] as number) - g) * a
          b += ((layer[l + 2] as number) - b) * a
        }
      }
      const dx = (x / width - 0.5) * 2
      const corner = dx * dx + dy * dy
      const shade = 1 - vignette * corner * corner * 0.25 - vignette * corner * 0.12
      const grey = 0.3 * r + 0.59 * g + 0.11 * b
      const grit = ((noise[line | (Math.floor(x * 0.8) & 511)] as number) - 0.5) * tone.grain * 2
      const vary = grit * (1.15 - grey / 300)
      data[o] = reds[level((grey + (r - grey) * colour) * shade + vary)] as number
      data[o + 1] = greens[level((grey + (g - grey) * colour) * shade + vary)] as number
      data[o + 2] = blues[level((grey + (b - grey) * colour) * shade + vary)] as number
    }
  }
}

function level(v: number): number {
  return v < 0 ? 0 : v > 255 ? 255 : v | 0
}
/** The film's curve of one channel, as a table. */
function curve({ contrast, shadows, highlights }: Tone, channel: number): Uint8Array {
  const low = shadows[channel] ?? 0
  const high = highlights[channel] ?? 255
  return Uint8Array.from({ length: 256 }, (_, i) => {
    const x = i / 255
    return low + (high - low) * (x + (x * x * (3 - 2 * x) - x) * contrast)
  })
}
