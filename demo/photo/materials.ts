// Faces of an imaginary town: façades with shutters, asphalt, paving, shelves, water, skies.
import {
  band,
  dice,
  mix,
  set,
  speck,
  stain,
  wrap,
  type Material,
  type Surface,
  type Vector,
  type World,
} from './lens.ts'

export interface FacadeLook {
  wall: Vector
  shutter: Vector
  floor: number
  bay: number
  seed: number
  height: number
  /** Share of windows with light in them; 0 by day. */
  lit?: number
  shop?: boolean
}

/** A façade of plaster: windows in bays, shutters half of them closed, cornices, a shop below. */
export function facade(look: FacadeLook): Material {
  return (s, u, v, w) => facadeAt(look, s, u, v, w)
}

// No closures below: they would be made anew for each of a million pixels.
function facadeAt(look: FacadeLook, s: Surface, u: number, v: number, w: number): void {
  const wr = look.wall[0]
  const wg = look.wall[1]
  const wb = look.wall[2]
  const age = 0.84 + 0.3 * stain(u + look.seed * 3, v, 26) - 0.1 * speck(u, v)
  set(s, wr * age, wg * age, wb * age)
  const streak = stain(u * 6 + look.seed, v * 0.4, 20)
  if (streak > 0.55) mix(s, wr * 0.6, wg * 0.6, wb * 0.58, (streak - 0.55) * 1.1)
  const storey = Math.floor(v / look.floor)
  const y = v - storey * look.floor
  const column = Math.floor(u / look.bay)
  const x = u - column * look.bay - look.bay / 2
  if (storey === 0 && look.shop) shopFront(look, s, u, y, w)
  else if (v < look.height - 0.7) windowIn(look, s, u, v, x, y, column, storey, w)
  if (storey > 0) {
    mix(s, wr * 1.12, wg * 1.12, wb * 1.1, band(y, 0, 0.16, w) * 0.8)
    mix(s, wr * 0.55, wg * 0.55, wb * 0.55, band(y, -0.02, 0.05, w) * 0.7)
  }
  if (v > look.height - 1) {
    mix(s, wr * 1.15, wg * 1.13, wb * 1.1, band(v, look.height - 0.5, look.height, w))
    mix(s, wr * 0.5, wg * 0.5, wb * 0.52, band(v, look.height - 0.62, look.height - 0.5, w))
  }
  if (v < 0.8) mix(s, wr * 0.62, wg * 0.6, wb * 0.56, band(v, -1, 0.5, w) * 0.8)
}

function windowIn(
  look: FacadeLook,
  s: Surface,
  u: number,
  v: number,
  dx: number,
  dy: number,
  i: number,
  j: number,
  w: number,
): void {
  const tall = Math.min(2.1, look.floor * 0.62)
  const sill = look.floor * 0.2
  const half = Math.min(0.58, look.bay * 0.24)
  if (dx < -half * 2.3 || dx > half * 2.3 || dy < sill - 0.4 || dy > sill + tall + 0.4) return
  const inY = band(dy, sill, sill + tall, w)
  const wall = look.wall
  mix(
    s,
    wall[0] * 1.14,
    wall[1] * 1.13,
    wall[2] * 1.1,
    band(dx, -half - 0.14, half + 0.14, w) * band(dy, sill - 0.14, sill + tall + 0.18, w),
  )
  const paint = look.shutter
  const slat = 0.77 + 0.23 * band(wrap(dy, 0.12), 0.02, 0.09, w)
  if (dice(i + look.seed, j * 3 + 1) < 0.3) {
    mix(s, paint[0] * slat, paint[1] * slat, paint[2] * slat, band(dx, -half, half, w) * inY)
    mix(s, paint[0] * 0.4, paint[1] * 0.4, paint[2] * 0.4, band(dx, -0.02, 0.02, w) * inY)
  } else {
    const inside = band(dx, -half, half, w) * inY
    pane(look, s, u, v, inside, i, j)
    const frame = Math.max(
      band(dx, -0.035, 0.035, w),
      band(dy, sill + tall * 0.66, sill + tall * 0.69, w),
    )
    mix(s, 0.85, 0.85, 0.82, frame * inside)
    const wings = band(dx, -half * 2.05, -half - 0.06, w) + band(dx, half + 0.06, half * 2.05, w)
    mix(s, paint[0] * slat, paint[1] * slat, paint[2] * slat, Math.min(1, wings) * inY)
  }
  if (dice(i * 5 + look.seed, j) < 0.34) {
    const rail = band(dy, sill - 0.05, sill + 0.75, w) * band(dx, -half - 0.2, half + 0.2, w)
    const bars = Math.max(
      band(wrap(dx + 9, 0.13), 0, 0.035, w),
      band(dy, sill + 0.68, sill + 0.75, w),
    )
    mix(s, 0.05, 0.05, 0.06, rail * bars * 0.9)
  }
}

function pane(
  look: FacadeLook,
  s: Surface,
  u: number,
  v: number,
  amount: number,
  i: number,
  j: number,
): void {
  if ((look.lit ?? 0) > dice(i + look.seed * 7, j)) {
    const warm = dice(i, j + 31)
    const t = 0.75 + 0.5 * stain(u * 2, v * 2, 60)
    mix(s, 1.3 * t, (0.82 + warm * 0.25) * t, (0.36 + warm * 0.4) * t, amount)
    s.glow = Math.max(s.glow, amount)
  } else {
    const sky = 0.1 + 0.3 * stain(u * 0.5 + i * 9.1, v * 0.7 + j * 5.3, 30)
    mix(s, 0.07 + sky * 0.26, 0.09 + sky * 0.32, 0.12 + sky * 0.4, amount)
  }
}

function shopFront(look: FacadeLook, s: Surface, u: number, y: number, w: number): void {
  const span = look.bay * 2
  const x = wrap(u, span)
  const k = Math.floor(u / span)
  const hue = Math.floor(dice(k, look.seed) * 5)
  const front = fronts[hue] ?? look.shutter
  mix(
    s,
    front[0],
    front[1],
    front[2],
    band(x, 0.2, span - 0.2, w) * band(y, 0, look.floor - 0.2, w),
  )
  const slat = 0.42 + 0.14 * band(wrap(y, 0.09), 0.02, 0.07, w)
  mix(
    s,
    slat,
    slat,
    slat * 1.02,
    band(x, 0.42, span - 0.42, w) * band(y, 0.35, look.floor - 0.85, w),
  )
  if (dice(k, look.seed + 3) < 0.4)
    mix(s, 0.86, 0.84, 0.76, band(x, span * 0.46, span * 0.58, w) * band(y, 1.25, 1.6, w))
  mix(
    s,
    0.85,
    0.8,
    0.66,
    band(x, 0.6, span - 0.6, w) *
      band(y, look.floor - 0.6, look.floor - 0.46, w) *
      band(wrap(u, 0.3), 0.05, 0.22, w) *
      0.75,
  )
}
const fronts: Vector[] = [
  [0.1, 0.2, 0.17],
  [0.32, 0.08, 0.07],
  [0.1, 0.15, 0.3],
  [0.36, 0.24, 0.08],
  [0.16, 0.14, 0.13],
]

export function plain(r: number, g: number, b: number, gloss = 0): Material {
  return (s, u, v) => {
    const age = 0.86 + 0.22 * stain(u, v, 50) + 0.06 * speck(u, v)
    set(s, r * age, g * age, b * age)
    s.gloss = gloss
  }
}
/** Slabs of a given size, joints included. */
export function slabs(size: number, r: number, g: number, b: number, gloss = 0): Material {
  return (s, x, z, w) => {
    const [i, j] = [Math.floor(x / size), Math.floor(z / size + (Math.floor(x / size) & 1) * 0.5)]
    const tile = 0.88 + 0.2 * dice(i, j)
    const worn = tile * (0.85 + 0.3 * stain(x, z, 14))
    set(s, r * worn, g * worn, b * worn)
    const soft = Math.max(w, 0.01)
    const fade = Math.min(1, (size * 0.35) / soft)
    const joint =
      1 -
      band(wrap(x, size), 0.03, size - 0.0, soft) *
        band(wrap(z + (i & 1) * size * 0.5, size), 0.03, size, soft)
    mix(s, r * 0.5, g * 0.5, b * 0.5, joint * 0.55 * fade)
    s.gloss = gloss
  }
}

export interface RoadLook {
  half: number
  crossings?: number[]
  wet?: number
  dashes?: boolean
}
/** A street lengthwise: asphalt, gutters, kerbs and paved pavements. */
export function road(look: RoadLook): Material {
  const pavement = slabs(0.8, 0.42, 0.4, 0.37)
  return (s, x, z, w) => {
    const a = Math.abs(x)
    if (a > look.half) {
      pavement(s, x, z, w)
      mix(s, 0.6, 0.59, 0.56, band(a, look.half, look.half + 0.22, w))
      s.gloss = (look.wet ?? 0) * 0.5
      return
    }
    const tar = 0.105 + 0.05 * stain(x * 0.7, z * 0.35, 12) + 0.035 * speck(x, z, 60)
    set(s, tar, tar, tar * 1.04)
    const patch = stain(x * 0.2 + 3, z * 0.1, 10)
    if (patch > 0.6) mix(s, 0.07, 0.07, 0.075, 0.5)
    if (look.dashes !== false)
      mix(
        s,
        0.72,
        0.71,
        0.66,
        band(x, -0.07, 0.07, w) *
          band(wrap(z, 6), 0, 2.6, w * 2) *
          (0.55 + 0.4 * stain(x * 3, z, 30)),
      )
    for (const at of look.crossings ?? []) {
      const zebra = band(z, at, at + 3.2, w * 2) * band(wrap(x + 20, 1), 0.22, 0.76, w)
      mix(s, 0.78, 0.77, 0.72, zebra * (0.6 + 0.4 * stain(x * 2, z * 2, 30)))
    }
    mix(s, 0.05, 0.05, 0.055, band(a, look.half - 0.35, look.half, w) * 0.6)
    s.gloss = (look.wet ?? 0) * (0.4 + 0.6 * (stain(x * 0.5, z * 0.3, 16) > 0.45 ? 1 : 0.35))
  }
}

export function water(r: number, g: number, b: number, calm = 0.85): Material {
  return (s, x, z) => {
    const wave = stain(x * 2.2, z * 0.7, 24)
    set(s, r * (0.7 + wave * 0.6), g * (0.7 + wave * 0.6), b * (0.7 + wave * 0.6))
    s.gloss = calm * (0.75 + 0.35 * (wave - 0.5))
  }
}

/** Shelves by height: mostly boards and price strips; something is left here and there. */
export function shelves(seed: number, filled: number): Material {
  return (s, u, v, w) => {
    set(s, 0.5, 0.5, 0.49)
    const step = 0.42
    const row = Math.floor(v / step)
    const y = v - row * step
    mix(s, 0.2, 0.2, 0.21, band(y, 0.06, step, w) * 0.85)
    mix(s, 0.33, 0.33, 0.34, band(y, 0.06, step, w) * stain(u, v, 30) * 0.5)
    const bay = Math.floor(u / 1.2)
    const size = 0.16 + 0.12 * dice(bay + seed, row)
    const item = Math.floor(u / size)
    if (dice(bay * 3 + seed, row * 7) < filled && dice(item + seed, row) < 0.7) {
      const tall = 0.2 + 0.14 * dice(bay, row + 4)
      const inside = band(wrap(u, size), 0.012, size - 0.012, w) * band(y, 0.06, 0.06 + tall, w)
      const hue = dice(bay + 11, row + seed)
      mix(
        s,
        0.25 + 0.6 * hue,
        0.3 + 0.4 * dice(bay, row + 2),
        0.3 + 0.5 * dice(bay + 5, row),
        inside * 0.95,
      )
      mix(s, 0.85, 0.84, 0.8, inside * band(y, 0.12, 0.12 + tall * 0.4, w) * 0.7)
    }
    mix(s, 0.8, 0.8, 0.78, band(y, 0, 0.07, w))
    mix(s, 0.75, 0.2, 0.14, band(y, 0.012, 0.058, w) * band(wrap(u + row, 0.9), 0, 0.22, w))
    mix(s, 0.14, 0.14, 0.15, band(wrap(u, 1.2), 0, 0.05, w) * 0.9)
  }
}

export interface SkyLook {
  zenith: Vector
  horizon: Vector
  clouds: number
  cloud: Vector
  glow?: Vector
}
export function sky(look: SkyLook, sun: Vector): World['sky'] {
  return (s, x, y, z) => {
    const up = Math.max(0, y)
    const t = Math.min(1, up * 1.7) ** 0.55
    const [h, q] = [look.horizon, look.zenith]
    set(s, h[0] + (q[0] - h[0]) * t, h[1] + (q[1] - h[1]) * t, h[2] + (q[2] - h[2]) * t)
    if (look.clouds > 0 && up > 0.01) {
      const k = 1 / (up + 0.16)
      const puff =
        stain(x * k + 7, z * k * 0.6, 46) * 0.62 + stain(x * k * 2.3, z * k * 1.6 + 3, 60) * 0.38
      const amount =
        Math.min(1, Math.max(0, (puff - (1 - look.clouds)) * 3.4)) * Math.min(1, up * 6)
      mix(s, ...look.cloud, amount * 0.85)
    }
    if (look.glow) {
      const facing = Math.max(0, x * sun[0] + y * sun[1] + z * sun[2])
      const [r, g, b] = look.glow
      const halo = facing ** 14 * 0.5 + facing ** 90 * 1.2
      set(s, s.r + r * halo, s.g + g * halo, s.b + b * halo)
    }
    s.gloss = 0
    s.glow = 0
  }
}

export interface Weather {
  sun: Vector
  sunlight: Vector
  ambient: Vector
  haze: Vector
  visibility: number
  sky: World['sky']
}
interface Light {
  sun: (side: number) => Vector
  sunlight: Vector
  ambient: Vector
  visibility: number
  sky: SkyLook
}
const lights = {
  dawn: {
    sun: (side) => towards(side, 0.34, 1),
    sunlight: [1.9, 1.2, 0.7],
    ambient: [0.4, 0.45, 0.6],
    visibility: 190,
    sky: {
      zenith: [0.24, 0.36, 0.6],
      horizon: [0.95, 0.74, 0.56],
      clouds: 0.42,
      cloud: [1, 0.8, 0.68],
      glow: [0.9, 0.6, 0.3],
    },
  },
  noon: {
    sun: (side) => towards(side, 1.25, -0.35),
    sunlight: [2.1, 1.95, 1.6],
    ambient: [0.38, 0.47, 0.62],
    visibility: 420,
    sky: {
      zenith: [0.14, 0.32, 0.68],
      horizon: [0.66, 0.78, 0.88],
      clouds: 0.44,
      cloud: [1, 1, 1],
    },
  },
  evening: {
    sun: (side) => towards(side * 1.4, 0.42, 0.3),
    sunlight: [2.3, 1.25, 0.6],
    ambient: [0.34, 0.38, 0.56],
    visibility: 230,
    sky: {
      zenith: [0.2, 0.28, 0.52],
      horizon: [0.98, 0.66, 0.44],
      clouds: 0.46,
      cloud: [1, 0.62, 0.5],
      glow: [0.5, 0.3, 0.14],
    },
  },
  grey: {
    sun: (side) => towards(side, 1, 0),
    sunlight: [0.06, 0.06, 0.06],
    ambient: [0.9, 0.92, 0.97],
    visibility: 150,
    sky: {
      zenith: [0.62, 0.66, 0.7],
      horizon: [0.82, 0.84, 0.86],
      clouds: 0.5,
      cloud: [0.92, 0.93, 0.95],
    },
  },
  night: {
    sun: (side) => towards(side, 0.8, -0.2),
    sunlight: [0, 0, 0],
    ambient: [0.07, 0.085, 0.14],
    visibility: 240,
    sky: {
      zenith: [0.012, 0.02, 0.055],
      horizon: [0.07, 0.075, 0.12],
      clouds: 0.3,
      cloud: [0.09, 0.09, 0.13],
    },
  },
} satisfies Record<string, Light>

/** The light of an hour; `side` is where the sun stands, -1 left to 1 right. */
export function weather(kind: keyof typeof lights, side = -0.6): Weather {
  const light: Light = lights[kind]
  const sun = light.sun(side)
  const { sunlight, ambient, visibility } = light
  return { sun, sunlight, ambient, visibility, haze: light.sky.horizon, sky: sky(light.sky, sun) }
}
const towards = (x: number, y: number, z: number): Vector => {
  const l = Math.hypot(x, y, z)
  return [x / l, y / l, z / l]
}
