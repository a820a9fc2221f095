// The places of Sainte-Colombe-sur-Orge without anyone, each a small world, a camera and what stands in it.
import { randomFrom } from '../random.ts'
import {
  band,
  dice,
  mix,
  set,
  speck,
  stain,
  wrap,
  type Box,
  type Camera,
  type Material,
  type Vector,
  type World,
} from './lens.ts'
import { facade, plain, road, shelves, slabs, water, weather, type RoadLook } from './materials.ts'
import type { Overlay } from './things.ts'

export interface View {
  world: World
  camera: Camera
  lay: (o: Overlay) => void
}
export type Hour = Parameters<typeof weather>[0]
export interface Setting {
  seed: number
  hour: Hour
  /** Width of the picture over its height. */
  ratio: number
  side?: number
}

const plaster: Vector[] = [
  [0.78, 0.62, 0.44],
  [0.7, 0.5, 0.38],
  [0.8, 0.72, 0.58],
  [0.66, 0.62, 0.55],
  [0.72, 0.44, 0.34],
  [0.6, 0.6, 0.56],
  [0.82, 0.68, 0.5],
]
const paints: Vector[] = [
  [0.24, 0.36, 0.42],
  [0.3, 0.4, 0.3],
  [0.42, 0.26, 0.2],
  [0.44, 0.46, 0.46],
  [0.2, 0.28, 0.4],
]

/** A row of houses along z on one side of the street. */
function row(
  seed: number,
  x: number,
  depth: number,
  from: number,
  to: number,
  lit = 0,
  tall = 10,
): Box[] {
  const random = randomFrom(seed)
  const boxes: Box[] = []
  let z = from
  let i = 0
  while (z < to) {
    const length = 8 + random() * 9
    const height = tall * (0.8 + random() * 0.6)
    const wall = plaster[Math.floor(random() * plaster.length)]!
    const look = {
      wall,
      shutter: paints[Math.floor(random() * paints.length)]!,
      floor: 3.1 + random() * 0.5,
      bay: 2.3 + random() * 0.8,
      seed: seed + i,
      height,
      lit,
      shop: random() < 0.6,
    }
    const near = x > 0 ? x : x - depth
    boxes.push({
      min: [near, 0, z],
      max: [near + depth, height, z + length],
      side: facade(look),
      top: plain(0.3, 0.2, 0.17),
    })
    boxes.push({
      min: [near - 0.35, height, z - 0.1],
      max: [near + depth + 0.35, height + 0.3, z + length + 0.1],
      side: plain(0.4, 0.3, 0.25),
      top: plain(0.32, 0.22, 0.18),
    })
    if (random() < 0.7)
      boxes.push({
        min: [near + depth * 0.3, height, z + length * 0.3],
        max: [near + depth * 0.3 + 1, height + 1.8, z + length * 0.3 + 0.8],
        side: plain(0.5, 0.3, 0.24),
      })
    z += length
    i++
  }
  return boxes
}

function world(setting: Setting, ground: Material, boxes: Box[]): World {
  return { ground, boxes, ...weather(setting.hour, setting.side ?? -0.6) }
}

/** A straight street, closed at its end by the church. */
export function street(setting: Setting): View {
  const night = setting.hour === 'night'
  const lit = night ? 0.5 : 0
  const look: RoadLook = {
    half: 3.4,
    crossings: [9, 46],
    wet: night || setting.hour === 'grey' ? 0.75 : 0,
    dashes: setting.seed % 2 === 0,
  }
  const boxes = [
    ...row(setting.seed, 5.8, 9, -6, 100, lit, 10.5),
    ...row(setting.seed + 50, -5.8, 9, -6, 100, lit, 9.5),
    {
      min: [-3.4, 0, 112],
      max: [3.4, 24, 120],
      side: facade({
        wall: [0.7, 0.64, 0.54],
        shutter: [0.3, 0.26, 0.22],
        floor: 8,
        bay: 3.4,
        seed: 3,
        height: 24,
      }),
    },
    { min: [-30, 0, 120], max: [30, 11, 124], side: plain(0.6, 0.52, 0.42) },
  ] as Box[]
  const camera: Camera = {
    at: [setting.seed % 3 === 0 ? 0.4 : -1.9, 1.65, -2],
    yaw: setting.seed % 3 === 0 ? 0 : 0.05,
    pitch: setting.ratio < 1 ? 0.16 : 0.09,
    angle: setting.ratio < 1 ? 0.86 : setting.ratio > 2 ? 2.3 : 1.35,
  }
  return {
    world: world(setting, road(look), boxes),
    camera,
    lay: (o) => {
      for (let i = 4; i >= 0; i--) o.lamp([i % 2 ? 4.3 : -4.3, 0.1, 8 + i * 14], 5.4, night)
      for (const z of [70, 44, 20]) o.wire([[-5.8, 8.4, z], [0, 7.7, z], [5.8, 8.6, z]], '#15161a', 0.035) // prettier-ignore
      o.cat([setting.seed % 2 ? -0.6 : 0.9, 0, 10.4], '#15141a', setting.seed % 2 === 0)
      o.notice([5.72, 1.55, 12.6], 0.4, 0.55, ['Fermé'], 'z')
      if (setting.seed % 3 === 0) o.figure([-5, 0, 64], 1.7, '#20222a')
      o.pigeons(7, [-2.6, 0, 13], [2.6, 0, 24])
    },
  }
}

/** The houses along the far side of the square. */
function frontage(seed: number, lit: number): Box[] {
  const front: Box[] = []
  const random = randomFrom(seed + 9)
  for (let x = -62, i = 0; x < 62; i++) {
    const w = 7 + random() * 8
    const h = 9.5 + random() * 4.5
    const wall = plaster[Math.floor(random() * plaster.length)]!
    const look = {
      wall,
      shutter: paints[i % paints.length]!,
      floor: 3.3,
      bay: 2.6,
      seed: seed + i,
      height: h,
      lit,
      shop: true,
    }
    front.push({
      min: [x, 0, 46],
      max: [x + w, h, 56],
      side: facade(look),
      top: plain(0.34, 0.22, 0.18),
    })
    front.push({
      min: [x - 0.2, h, 45.6],
      max: [x + w + 0.2, h + 0.35, 56],
      side: plain(0.42, 0.3, 0.25),
      top: plain(0.34, 0.22, 0.18),
    })
    x += w
  }
  return front
}

/** The town square, its fountain dry. */
export function square(setting: Setting): View {
  const lit = setting.hour === 'night' ? 0.45 : 0
  const boxes: Box[] = [
    ...frontage(setting.seed, lit),
    {
      min: [-16, 0, 44.5],
      max: [-8.5, 17, 52],
      side: facade({
        wall: [0.76, 0.7, 0.6],
        shutter: [0.26, 0.3, 0.34],
        floor: 4.4,
        bay: 2.5,
        seed: 21,
        height: 17,
        lit,
      }),
    },
    {
      min: [-14, 17, 46],
      max: [-10.5, 22.4, 50],
      side: facade({
        wall: [0.74, 0.68, 0.58],
        shutter: [0.26, 0.3, 0.34],
        floor: 8,
        bay: 3.5,
        seed: 22,
        height: 25,
      }),
    },
    ...[0, 1, 2].map((k): Box => ({
      min: [3 + k * 0.55, k * 0.26, 20 + k * 0.55],
      max: [9 - k * 0.55, (k + 1) * 0.26, 26 - k * 0.55],
      side: plain(0.6, 0.58, 0.53),
      top: plain(0.62, 0.6, 0.55),
    })),
    { min: [5.7, 0.7, 22.7], max: [6.3, 3.2, 23.3], side: plain(0.52, 0.5, 0.46) },
    { min: [5.1, 2.6, 22.1], max: [6.9, 2.85, 23.9], side: plain(0.56, 0.54, 0.5) },
  ]
  const camera: Camera = {
    at: [-1, 1.9, -4],
    yaw: setting.ratio > 2 ? 0 : 0.05,
    pitch: setting.ratio > 2 ? 0.1 : setting.ratio < 1 ? 0.12 : 0.05,
    angle: setting.ratio > 2 ? 2.1 : setting.ratio < 1 ? 0.9 : 1.5,
  }
  const wet = setting.hour === 'night' || setting.hour === 'grey' ? 0.6 : 0.03
  return {
    world: world(setting, slabs(1.1, 0.44, 0.41, 0.37, wet), boxes),
    camera,
    lay: (o) => {
      o.clock([-12.2, 20, 45.8], 1.15, 20, 0)
      for (const tx of [-34, -24, 18, 28, 38]) o.tree([tx, 0, 36], 9, '#7d9a52', 130)
      for (const lx of [-20, -2, 14, 30]) o.lamp([lx, 0, 30], 5, setting.hour === 'night')
      o.bench([-8, 0, 17])
      o.bench([13, 0, 19])
      o.pigeons(22, [-9, 0, 9], [11, 0, 22])
      o.cat([-7.4, 0.45, 17], '#c27a3a', false, 0.4)
      o.figure([24, 0, 43], 1.75, '#22242c')
      o.gulls(5)
    },
  }
}

/** A platform, the clock, no train. */
export function station(setting: Setting): View {
  const boxes: Box[] = [
    { min: [-7, 0, -4], max: [1.2, 1, 120], side: plain(0.5, 0.48, 0.45), top: (s, x, z, w) => { slabs(0.9, 0.46, 0.45, 0.43)(s, x, z, w); mix(s, 0.85, 0.68, 0.12, band(x, 0.35, 0.6, w)) } }, // prettier-ignore
    { min: [5.2, 0, -4], max: [14, 1, 120], side: plain(0.5, 0.48, 0.45), top: (s, x, z, w) => { slabs(0.9, 0.46, 0.45, 0.43)(s, x, z, w); mix(s, 0.85, 0.68, 0.12, band(x, 5.8, 6.05, w)) } }, // prettier-ignore
    {
      min: [-8, 5.2, 4],
      max: [0.6, 5.5, 90],
      side: plain(0.3, 0.34, 0.34),
      top: plain(0.34, 0.33, 0.3),
    },
    {
      min: [-12, 1, -10],
      max: [-7, 7, 90],
      side: facade({
        wall: [0.72, 0.58, 0.44],
        shutter: [0.25, 0.36, 0.38],
        floor: 4.2,
        bay: 3.2,
        seed: setting.seed,
        height: 7,
      }),
    },
    { min: [13, 1, -4], max: [13.5, 3.2, 120], side: plain(0.55, 0.5, 0.44) },
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((k): Box => ({
      min: [-2.6, 1, 8 + k * 10],
      max: [-2.3, 5.2, 8.3 + k * 10],
      side: plain(0.2, 0.3, 0.3),
    })),
    ...[1.9, 3.4].map((rx): Box => ({
      min: [rx, 0, -4],
      max: [rx + 0.12, 0.18, 160],
      side: plain(0.35, 0.28, 0.24),
      top: plain(0.72, 0.72, 0.74),
    })),
  ]
  const ballast: Material = (s, x, z, w) => {
    const c = 0.2 + 0.2 * speck(x, z, 150) + 0.1 * stain(x, z, 30)
    set(s, c * 1.05, c, c * 0.93)
    mix(s, 0.2, 0.15, 0.11, band(wrap(z, 0.65), 0.1, 0.36, w) * band(x, 1.3, 4.2, w) * 0.85)
  }
  return {
    world: world(setting, ballast, boxes),
    camera: { at: [-0.5, 2.7, -1], yaw: 0.06, pitch: 0.02, angle: setting.ratio < 1 ? 0.95 : 1.45 },
    lay: (o) => {
      o.wire([[-1.4, 5.2, 12], [-1.4, 4.75, 12]], '#1b1d22', 0.07) // prettier-ignore
      o.clock([-1.4, 4.3, 12], 0.45, 17, 42)
      for (const z of [14, 34, 54]) {
        o.wire([[4.6, 0, z], [4.6, 7, z]], '#25282c', 0.16) // prettier-ignore
        o.wire([[4.6, 6.6, z], [2.4, 6.2, z]], '#25282c', 0.08) // prettier-ignore
      }
      o.wire([[2.6, 5.8, 4], [2.6, 5.8, 110]], '#1b1d22', 0.03) // prettier-ignore
      o.notice([-4.9, 3.6, 18], 3.2, 0.6, ['STE-COLOMBE-SUR-ORGE'], 'x', '#24456e', '#f1eee4')
      o.bench([-5.4, 1, 9], '#2f5a4d')
      o.cat([-0.8, 1, 8.2], '#6b6a6e', false)
      o.notice([-2.45, 2.4, 7.95], 0.34, 0.46, ['Pas de train', 'ce jour'])
      o.pigeons(6, [-5, 1, 10], [0, 1, 24])
    },
  }
}

/** Swings tied together with tape. */
export function playground(setting: Setting): View {
  const lawn: Material = (s, x, z, w) => {
    const inside = band(x, -7, 7, w) * band(z, 4, 19, w)
    const g = 0.5 + 0.5 * speck(x, z, 70)
    set(s, 0.16 * g + 0.03, 0.26 * g + 0.05, 0.08 * g + 0.02)
    const soft = 0.8 + 0.3 * stain(x, z, 26)
    mix(s, 0.52 * soft, 0.25 * soft, 0.2 * soft, inside)
    mix(
      s,
      0.24 * soft,
      0.36 * soft,
      0.46 * soft,
      inside * band(Math.hypot(x + 2.5, z - 11), -1, 2.4, w),
    )
  }
  const boxes: Box[] = [
    ...row(setting.seed, 30, 9, 24, 70, 0, 14),
    ...row(setting.seed + 5, -30, 9, 20, 70, 0, 14),
    {
      min: [-60, 0, 62],
      max: [60, 15, 70],
      side: facade({
        wall: [0.7, 0.66, 0.6],
        shutter: [0.4, 0.42, 0.42],
        floor: 2.9,
        bay: 2.6,
        seed: 8,
        height: 15,
      }),
    },
    { min: [-7.2, 0, 19], max: [7.2, 0.9, 19.15], side: (s, u, v, w) => { plain(0.3, 0.45, 0.36)(s, u, v, w); if (wrap(u, 0.18) > 0.06 && v < 0.8 && v > 0.12) set(s, 0.2, 0.26, 0.12) } }, // prettier-ignore
    {
      min: [3.2, 0, 11],
      max: [4.4, 2.1, 12.2],
      side: plain(0.75, 0.55, 0.16),
      top: plain(0.7, 0.3, 0.22),
    },
  ]
  return {
    world: world(setting, lawn, boxes),
    camera: { at: [0, 1.6, -1.5], yaw: 0, pitch: 0.03, angle: setting.ratio < 1 ? 1 : 1.3 },
    lay: (o) => {
      for (const x of [-16, -11, 11, 17]) o.tree([x, 0, 26], 10, '#86a452', 150)
      o.face([[3.3, 2, 11], [2.5, 2, 11], [0.4, 0.25, 10], [1.1, 0.25, 10]], '#c8a13a') // prettier-ignore
      for (const x of [-5, -0.6]) for (const dz of [-0.9, 0.9]) o.wire([[x, 0, 11 + dz], [x, 2.6, 11]], '#3a5f86', 0.09) // prettier-ignore
      o.wire([[-5, 2.6, 11], [-0.6, 2.6, 11]], '#3a5f86', 0.1) // prettier-ignore
      for (const x of [-3.8, -1.8]) {
        for (const dx of [-0.25, 0.25]) o.wire([[x + dx, 2.6, 11], [-2.8 + (x + 2.8) * 0.5 + dx, 0.75, 11]], '#55585f', 0.03) // prettier-ignore
        o.wire([[-2.8 + (x + 2.8) * 0.5 - 0.28, 0.72, 11], [-2.8 + (x + 2.8) * 0.5 + 0.28, 0.72, 11]], '#20232a', 0.09) // prettier-ignore
      }
      const posts: Vector[] = [[-6.6, 0, 6], [-2.2, 0, 5.6], [2.2, 0, 5.6], [6.6, 0, 6]] // prettier-ignore
      for (const p of posts) o.wire([p, [p[0], 1.05, p[2]]], '#5a5d63', 0.05)
      o.tape(posts)
      o.notice(
        [0.2, 0.62, 5.5],
        0.62,
        0.42,
        ['AIRE FERMÉE', 'jusqu’à nouvel ordre'],
        'x',
        '#f0cf52',
      )
      o.cat([2.7, 1.9, 11], '#15141a', false, 0.44)
      o.pigeons(5, [-5, 0, 8], [3, 0, 15])
    },
  }
}

/** The beach at low tide, forbidden. */
export function beach(setting: Setting): View {
  const shore: Material = (s, x, z, w) => {
    const edge = 26 + 4 * Math.sin(x * 0.08) + 3 * stain(x * 0.1, 2, 30)
    const damp = Math.min(1, Math.max(0, (z - edge + 11) / 9))
    const ripple = stain(x * 0.5, z * 1.6, 26)
    const c = 0.85 + 0.2 * ripple + 0.08 * speck(x, z, 130)
    set(s, 0.62 * c - damp * 0.24, 0.53 * c - damp * 0.2, 0.4 * c - damp * 0.13)
    s.gloss = damp * 0.35
    if (z > edge) {
      const wave = stain(x * 0.35, z * 0.9 + x * 0.05, 20)
      set(s, 0.12 + wave * 0.1, 0.24 + wave * 0.13, 0.28 + wave * 0.14)
      s.gloss = 0.65
      const foam = Math.max(
        band(z, edge, edge + 0.7, w * 2),
        band(wrap(z + 2.4 * stain(x * 0.12, z * 0.02, 34), 8.5), 0, 0.5, w * 2) *
          (z < edge + 40 ? 0.8 : 0) *
          (ripple > 0.42 ? 1 : 0.3),
      )
      mix(s, 0.92, 0.94, 0.94, foam)
      s.gloss *= 1 - foam
    }
  }
  return {
    world: world(setting, shore, []),
    camera: {
      at: [0, 2.4, -2],
      yaw: 0,
      pitch: setting.ratio < 1 ? -0.04 : -0.02,
      angle: setting.ratio > 2 ? 2.2 : setting.ratio < 1 ? 0.9 : 1.4,
    },
    lay: (o) => {
      for (let i = -7; i <= 7; i++) o.wire([[i * 2.6, 0, 8 + Math.abs(i) * 0.1], [i * 2.6 + 0.1, 1, 8]], '#4b4136', 0.09) // prettier-ignore
      o.tape([[-18.2, 0, 8], [-7.8, 0, 8], [-2.6, 0, 8], [2.6, 0, 8], [7.8, 0, 8], [18.2, 0, 8]], 0.82) // prettier-ignore
      o.notice(
        [-3.9, 1.25, 7.9],
        1.5,
        0.85,
        ['PLAGE INTERDITE', 'mouettes exceptées'],
        'x',
        '#2a4f78',
        '#f4f1e6',
      )
      o.wire([[-3.9, 0, 7.95], [-3.9, 0.85, 7.95]], '#4b4136', 0.07) // prettier-ignore
      o.cat([4.4, 0, 11], '#c27a3a', true)
      for (let i = 0; i < 12; i++) o.shadow([4.1 - i * 0.32, 0, 11.2 + i * 0.5], 0.07, 0.35)
      o.gulls(14, '#4a4d55')
      o.wire([[24, 0, 120], [24, 9, 120]], '#e8e4da', 0.16) // prettier-ignore
      o.face([[20, 0.6, 120], [28, 0.6, 120], [26.6, -0.2, 120], [21, -0.2, 120]], '#3a4658') // prettier-ignore
      o.face([[24.3, 1, 120], [24.3, 8.6, 120], [28, 1.4, 120]], '#f1ece0') // prettier-ignore
    },
  }
}

/** The pasta aisle. */
export function aisle(setting: Setting): View {
  const left = setting.seed % 2 ? 0.06 : 0.3
  const tiles: Material = (s, x, z, w) => {
    slabs(0.6, 0.62, 0.62, 0.6)(s, x, z, w)
    s.gloss = 0.45
  }
  const boxes: Box[] = [
    { min: [-3.4, 0, -2], max: [-1.6, 2.15, 30], side: shelves(setting.seed, left) },
    { min: [1.6, 0, -2], max: [3.4, 2.15, 30], side: shelves(setting.seed + 4, left * 0.6) },
    { min: [-8, 0, 36], max: [8, 3.6, 37], side: plain(0.5, 0.56, 0.55) },
    { min: [-8, 3.6, -4], max: [8, 3.8, 40], side: (s, x, z, w) => { slabs(0.6, 0.5, 0.5, 0.5)(s, x, z, w); s.glow = 0.35; if (Math.abs(Math.abs(x) - 0.9) < 0.14 && wrap(z, 3) < 2.5) { set(s, 2, 2, 1.9); s.glow = 1 } } }, // prettier-ignore
    { min: [-2.6, 0, 31], max: [2.6, 1.5, 33], side: shelves(setting.seed + 9, 0.2) },
  ]
  const indoor: World = {
    ...world(setting, tiles, boxes),
    sunlight: [0, 0, 0],
    ambient: [0.86, 0.9, 0.88],
    haze: [0.6, 0.64, 0.62],
    visibility: 90,
  }
  return {
    world: indoor,
    camera: {
      at: [0.25, 1.55, -1],
      yaw: -0.02,
      pitch: -0.02,
      angle: setting.ratio < 1 ? 0.95 : 1.35,
    },
    lay: (o) => {
      o.notice(
        [0, 2.75, 9],
        1.7,
        0.5,
        [setting.seed % 2 ? 'PÂTES - RIZ' : 'PAPIER - HYGIÈNE'],
        'x',
        '#2c6e57',
        '#f4f1e6',
      )
      for (const dx of [-0.8, 0.8]) o.wire([[dx, 3, 9], [dx, 3.6, 9]], '#50545a', 0.02) // prettier-ignore
      o.notice([-1.58, 1.3, 5], 0.5, 0.36, ['2 par famille'], 'z', '#f3d44a')
      o.cat([1.86, 0.42, 8], '#6b6a6e', false, 0.36)
      for (const z of [4.2, 5.2, 6.2]) o.face([[-0.5, 0.002, z], [0.5, 0.002, z], [0.5, 0.002, z + 0.1], [-0.5, 0.002, z + 0.1]], '#d8b52a', 0.85) // prettier-ignore
      o.face([[0.5, 0.3, 3.4], [0.62, 0.3, 3.4], [0.62, 0.56, 3.4], [0.5, 0.56, 3.4]], '#d9d3c4', 0.95) // prettier-ignore
    },
  }
}

/** Seats waiting for the second movement. */
export function concertHall(setting: Setting): View {
  const red = setting.seed % 2 ? [0.4, 0.06, 0.05] : [0.07, 0.12, 0.3]
  const [cr = 0, cg = 0, cb = 0] = red
  const seats: Material = (s, u, v, w) => {
    const x = wrap(u + (Math.floor(v) & 1) * 0.3, 0.62)
    const c = 0.7 + 0.5 * stain(u, v, 40)
    set(s, 0.05, 0.04, 0.035)
    mix(s, cr * c, cg * c, cb * c, band(x, 0.05, 0.57, w))
    mix(s, cr * 1.8, cg * 1.8 + 0.03, cb * 1.8 + 0.02, band(x, 0.08, 0.54, w) * 0.25 * c)
  }
  const boxes: Box[] = []
  for (let i = 0; i < 15; i++) {
    const y = i * 0.24
    boxes.push({
      min: [-11, 0, 5 + i * 1.05],
      max: [11, y + 0.1, 6.05 + i * 1.05],
      side: plain(0.16, 0.1, 0.07),
      top: plain(0.2, 0.13, 0.09),
    })
    for (const [a, b] of [[-10.4, -1], [1, 10.4]] as const) boxes.push({ min: [a, y + 0.35, 5.6 + i * 1.05], max: [b, y + 1, 5.75 + i * 1.05], side: seats, top: plain(cr * 1.3, cg, cb) }) // prettier-ignore
  }
  const panels: Material = (s, u, v, w) => {
    plain(0.3, 0.19, 0.11)(s, u, v, w)
    mix(s, 0.1, 0.06, 0.04, 1 - band(wrap(u, 1.6), 0.06, 1.6, w))
    if (wrap(u, 4.8) < 0.5 && v > 3.4 && v < 4.2) { set(s, 1.6, 1.1, 0.6); s.glow = 1 } // prettier-ignore
  }
  boxes.push(
    { min: [-12, 0, -6], max: [-11, 12, 24], side: panels },
    { min: [11, 0, -6], max: [12, 12, 24], side: panels },
  )
  boxes.push({ min: [-12, 0, 23], max: [12, 12, 24], side: panels }, { min: [-12, 9.4, -6], max: [12, 9.6, 24], side: (s, x, z) => { set(s, 0.14, 0.1, 0.07); if (Math.hypot(wrap(x, 3) - 1.5, wrap(z, 3) - 1.5) < 0.16) { set(s, 3, 2.3, 1.5); s.glow = 1 } } }) // prettier-ignore
  boxes.push({ min: [-12, 5.4, 17], max: [12, 6.4, 23], side: panels })
  const indoor: World = { ...world(setting, (s, x, z, w) => { slabs(0.35, 0.34, 0.21, 0.11, 0.3)(s, x * 0.4, z, w) }, boxes), sun: [0, 0.96, 0.28], sunlight: [0.55, 0.42, 0.28], ambient: [0.5, 0.4, 0.33], haze: [0.1, 0.07, 0.05], visibility: 60 } // prettier-ignore
  indoor.sunlight = [0, 0, 0]
  return {
    world: indoor,
    camera: { at: [0, 1.9, -1.5], yaw: 0, pitch: 0.08, angle: setting.ratio < 1 ? 1 : 1.5 },
    lay: (o) => {
      for (const [x, z] of [
        [-1.6, 2.6],
        [1.5, 2.9],
        [0, 2.2],
      ] as const) {
        // prettier-ignore
        o.shadow([x, 0, z], 0.4, 0.5)
        o.wire([[x, 0, z], [x, 1.05, z]], '#0d0c0c', 0.03) // prettier-ignore
        o.face([[x - 0.26, 1, z], [x + 0.26, 1, z], [x + 0.26, 1.34, z + 0.1], [x - 0.26, 1.34, z + 0.1]], '#17151a') // prettier-ignore
        o.face([[x - 0.2, 1.04, z - 0.01], [x + 0.2, 1.04, z - 0.01], [x + 0.2, 1.29, z + 0.07], [x - 0.2, 1.29, z + 0.07]], '#e7e1d0') // prettier-ignore
      }
      o.cat([3.1, 1.72, 8.8], '#d8d2c6', false, 0.4)
    },
  }
}

/** A façade at night: everyone is behind a window. */
export function nightFacade(setting: Setting): View {
  const look = {
    wall: [0.5, 0.42, 0.34] as Vector,
    shutter: [0.2, 0.26, 0.3] as Vector,
    floor: 3,
    bay: 2.7,
    seed: setting.seed,
    height: 24,
    lit: 0.78,
  }
  const boxes: Box[] = [
    { min: [-20, 0, 20], max: [20, 24, 30], side: facade(look) },
    { min: [-20, 0, 18.6], max: [20, 0.25, 20], side: plain(0.3, 0.3, 0.3) },
  ]
  const random = randomFrom(setting.seed)
  return {
    world: world(setting, road({ half: 60, wet: 0.8, dashes: false }), boxes),
    camera: { at: [1.2, 7.2, -4], yaw: -0.03, pitch: 0.05, angle: setting.ratio < 1 ? 0.66 : 0.95 },
    lay: (o) => {
      for (let j = 0; j < 8; j++) {
        for (let i = -7; i < 7; i++) {
          const closed = dice(i + look.seed, j * 3 + 1) < 0.3
          if (closed || look.lit <= dice(i + look.seed * 7, j)) continue
          const base: Vector = [(i + 0.5) * look.bay, j * look.floor + 0.62, 19.9]
          const kind = random()
          if (kind < 0.46)
            o.figure(
              [base[0] + (random() - 0.5) * 0.4, base[1], base[2]],
              1.25 + random() * 0.25,
              '#2a1c10',
              random() < 0.55,
            )
          else if (kind < 0.52) o.cat([base[0] + 0.2, base[1], base[2]], '#1c130c', false, 0.42)
          else if (kind < 0.64)
            for (let k = 0; k < 3; k++) o.wire([[base[0] - 0.3 + k * 0.3, base[1], base[2]], [base[0] - 0.36 + k * 0.34, base[1] + 0.5, base[2]]], '#1f2c14', 0.07) // prettier-ignore
          else if (kind < 0.7)
            ['#c8452f', '#d98b2b', '#d9c02f', '#4f9a4a', '#3f78b8'].forEach((c, k) =>
              o.wire(
                Array.from({ length: 9 }, (_, q): Vector => [
                  base[0] + Math.cos((Math.PI * q) / 8) * (0.42 - k * 0.06),
                  base[1] + 0.2 + Math.sin((Math.PI * q) / 8) * (0.42 - k * 0.06),
                  base[2],
                ]),
                c,
                0.05,
              ),
            )
        }
      }
      o.lamp([-6, 0, 17], 5.2, true)
      o.lamp([9, 0, 17], 5.2, true)
      o.cat([3, 0.25, 18.8], '#0c0b0f', true)
    },
  }
}

/** The ring road at the hour of traffic jams. */
export function motorway(setting: Setting): View {
  const lanes: Material = (s, x, z, w) => {
    const a = Math.abs(x)
    const g = 0.5 + 0.5 * speck(x, z, 50)
    set(s, 0.2 * g + 0.04, 0.28 * g + 0.05, 0.1 * g + 0.02)
    const tar = 0.15 + 0.05 * stain(x * 0.9, z * 0.1, 12) + 0.02 * speck(x, z, 60)
    mix(s, tar, tar, tar * 1.03, band(a, 1.2, 13.4, w))
    for (const l of [4.9, 8.5])
      mix(s, 0.8, 0.8, 0.77, band(a, l - 0.08, l + 0.08, w) * band(wrap(z, 13), 0, 3, w * 2))
    for (const l of [1.6, 12]) mix(s, 0.8, 0.8, 0.77, band(a, l - 0.09, l + 0.09, w))
  }
  const boxes: Box[] = [
    {
      min: [-0.3, 0, -4],
      max: [0.3, 0.8, 600],
      side: plain(0.55, 0.54, 0.52),
      top: plain(0.6, 0.6, 0.58),
    },
    { min: [1.4, 5.4, 42], max: [13, 8, 42.3], side: plain(0.05, 0.16, 0.4) },
    { min: [1, 0, 42.4], max: [1.35, 8.2, 42.7], side: plain(0.4, 0.42, 0.43) },
    { min: [13.4, 0, 42.4], max: [13.8, 8.2, 42.7], side: plain(0.4, 0.42, 0.43) },
    {
      min: [-60, 0, 150],
      max: [-34, 26, 170],
      side: facade({
        wall: [0.62, 0.6, 0.56],
        shutter: [0.4, 0.4, 0.4],
        floor: 2.9,
        bay: 3,
        seed: 4,
        height: 26,
      }),
    },
    {
      min: [40, 0, 190],
      max: [70, 34, 210],
      side: facade({
        wall: [0.66, 0.6, 0.52],
        shutter: [0.4, 0.4, 0.4],
        floor: 2.9,
        bay: 3,
        seed: 6,
        height: 34,
      }),
    },
    { min: [-14.6, 0, -4], max: [-14.2, 3, 400], side: plain(0.46, 0.46, 0.43) },
  ]
  return {
    world: world(setting, lanes, boxes),
    camera: { at: [3, 5.8, -6], yaw: 0.02, pitch: -0.06, angle: setting.ratio > 2 ? 1.9 : 1.3 },
    lay: (o) => {
      o.notice(
        [7.2, 6.7, 41.9],
        10.4,
        2.2,
        ['RESTEZ CHEZ VOUS', 'MERCI'],
        'x',
        '#14161a',
        '#f0b23c',
      )
      for (const x of [19, 25, 33]) for (const z of [70, 110]) o.tree([x, 0, z], 8, '#7d9a52', 60)
      o.cat([6.6, 0, 20], '#15141a', true, 0.5)
      o.gulls(4)
    },
  }
}

/** Chairs on tables, the date of 13 March on the board. */
export function schoolroom(setting: Setting): View {
  const boxes: Box[] = []
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 3; j++) {
      const [x, z] = [-3.3 + j * 2.5, 2.4 + i * 1.5]
      boxes.push({
        min: [x, 0.7, z],
        max: [x + 1.5, 0.75, z + 0.6],
        side: plain(0.6, 0.44, 0.26),
        top: plain(0.68, 0.5, 0.3, 0.1),
      })
      for (const [dx, dz] of [[0.05, 0.05], [1.4, 0.05], [0.05, 0.5], [1.4, 0.5]] as const) boxes.push({ min: [x + dx, 0, z + dz], max: [x + dx + 0.05, 0.7, z + dz + 0.05], side: plain(0.2, 0.3, 0.36) }) // prettier-ignore
      for (const dx of [0.12, 0.86]) {
        boxes.push({
          min: [x + dx, 1.06, z + 0.12],
          max: [x + dx + 0.45, 1.1, z + 0.52],
          side: plain(0.5, 0.34, 0.18),
        })
        boxes.push({
          min: [x + dx, 0.77, z + 0.5],
          max: [x + dx + 0.45, 0.98, z + 0.53],
          side: plain(0.5, 0.34, 0.18),
        })
      }
    }
  }
  const panes: Material = (s, u, v, w) => {
    plain(0.78, 0.74, 0.62)(s, u, v, w)
    const open = band(wrap(u, 2.2), 0.2, 2, w) * band(v, 1, 2.9, w)
    mix(s, 1.9, 1.9, 1.8, open)
    s.glow = open
    mix(s, 0.5, 0.5, 0.48, open * band(wrap(u, 2.2), 1.06, 1.14, w))
  }
  boxes.push({ min: [-5.2, 0, -3], max: [-5, 3.4, 11], side: panes }, { min: [5, 0, -3], max: [5.2, 3.4, 11], side: (s, u, v, w) => { plain(0.8, 0.7, 0.5)(s, u, v, w); mix(s, 0.36, 0.5, 0.46, band(v, -1, 1.2, w)) } }) // prettier-ignore
  boxes.push({ min: [-5.2, 0, 10.6], max: [5.2, 3.4, 11], side: (s, u, v, w) => { plain(0.8, 0.74, 0.6)(s, u, v, w); mix(s, 0.5, 0.36, 0.22, band(u, -2.7, 2.7, w) * band(v, 0.95, 2.5, w)); const t = 0.85 + 0.3 * stain(u, v, 40); mix(s, 0.05 * t, 0.13 * t, 0.1 * t, band(u, -2.6, 2.6, w) * band(v, 1.05, 2.4, w)) } }) // prettier-ignore
  boxes.push({ min: [-5.2, 3.4, -3], max: [5.2, 3.6, 11], side: plain(0.72, 0.72, 0.7) })
  const indoor: World = {
    ...world(setting, (s, x, z, w) => slabs(0.5, 0.5, 0.46, 0.38, 0.3)(s, x, z, w), boxes),
    sunlight: [0, 0, 0],
    ambient: [0.74, 0.72, 0.66],
    haze: [0.8, 0.78, 0.7],
    visibility: 80,
  }
  return {
    world: indoor,
    camera: { at: [0.6, 1.7, -1], yaw: -0.06, pitch: -0.06, angle: setting.ratio < 1 ? 0.95 : 1.4 },
    lay: (o) => {
      const q = o.at([0, 2.12, 10.55])
      if (q) {
        o.sheet.write(q.x, q.y, 'vendredi 13 mars 2020', q.metre * 0.2, {
          align: 'center',
          stroke: '#e9e6da',
          wobble: 0.3,
          weight: q.metre * 0.02,
        })
        o.sheet.write(q.x, q.y + q.metre * 0.45, 'À lundi !', q.metre * 0.24, {
          align: 'center',
          stroke: '#f0cf6a',
          wobble: 0.3,
          weight: q.metre * 0.022,
        })
      }
      for (let i = 0; i < 9; i++)
        o.notice(
          [4.98, 2.2, 4.6 + i * 0.62],
          0.42,
          0.32,
          [],
          'z',
          ['#d9c48a', '#9fc0c8', '#d49a86', '#b4c690'][i % 4]!,
        )
      o.cat([-1.6, 0.76, 6.9], '#15141a', false, 0.36)
    },
  }
}

/** The quay: nothing moves on the water. */
export function quay(setting: Setting): View {
  const lit = setting.hour === 'night' ? 0.5 : 0
  const pave = slabs(0.9, 0.46, 0.43, 0.38)
  const flow = water(0.05, 0.075, 0.07, 0.9)
  const ground: Material = (s, x, z, w) => {
    if (x > 2.6) flow(s, x, z, w)
    else {
      pave(s, x, z, w)
      mix(s, 0.66, 0.63, 0.57, band(x, 2.1, 2.6, w))
      s.gloss = setting.hour === 'grey' ? 0.3 : 0
    }
  }
  const boxes: Box[] = [
    ...row(setting.seed, -6.5, 9, -8, 110, lit, 11),
    ...row(setting.seed + 33, 17, 9, -8, 110, lit, 10),
    { min: [15.4, 0, -8], max: [17, 0.9, 120], side: plain(0.5, 0.47, 0.42) },
    { min: [-8, 2.6, 78], max: [30, 4, 82], side: plain(0.56, 0.52, 0.46) },
    { min: [8, 0, 78], max: [10, 2.6, 82], side: plain(0.5, 0.46, 0.4) },
    {
      min: [5.4, 0, 20],
      max: [8, 0.8, 34],
      side: plain(0.14, 0.22, 0.3),
      top: plain(0.4, 0.3, 0.2),
    },
    { min: [5.8, 0.8, 22], max: [7.6, 1.7, 28], side: (s, u, v, w) => { plain(0.6, 0.56, 0.48)(s, u, v, w); mix(s, 0.1, 0.12, 0.14, band(wrap(u, 1.4), 0.3, 1.1, w) * band(v, 1.05, 1.5, w)) }, top: plain(0.5, 0.2, 0.16) }, // prettier-ignore
  ]
  return {
    world: world(setting, ground, boxes),
    camera: {
      at: [0.4, 1.8, -2],
      yaw: 0.14,
      pitch: 0.03,
      angle: setting.ratio > 2 ? 2.2 : setting.ratio < 1 ? 0.95 : 1.45,
    },
    lay: (o) => {
      for (const z of [60, 46, 32, 18]) o.tree([-1.6, 0, z], 8.5, '#87a458', 150)
      for (const z of [10, 26, 42]) o.lamp([1.5, 0, z], 4.6, setting.hour === 'night')
      o.cat([1.9, 0, 6.4], '#c27a3a', false)
      o.bench([-1.9, 0, 10])
      o.gulls(4)
    },
  }
}

/** The avenue of plane trees in the park, benches facing nobody. */
export function avenue(setting: Setting): View {
  const gravel: Material = (s, x, z, w) => {
    const g = 0.6 + 0.6 * speck(x, z, 60)
    set(s, 0.15 * g, 0.24 * g, 0.075 * g)
    const c = 0.85 + 0.2 * stain(x, z, 20) + 0.1 * speck(x, z, 140)
    mix(
      s,
      0.58 * c,
      0.5 * c,
      0.38 * c,
      band(x, -3 + 0.4 * stain(0, z, 20), 3 - 0.4 * stain(4, z, 20), w),
    )
    const shade = stain(x * 0.9 + 3, z * 0.5, 26)
    mix(s, s.r * 0.45, s.g * 0.48, s.b * 0.6, shade > 0.47 ? 0.75 : 0)
  }
  return {
    world: world(setting, gravel, [
      {
        min: [-40, 0, 120],
        max: [40, 9, 126],
        side: facade({
          wall: [0.7, 0.64, 0.54],
          shutter: [0.4, 0.42, 0.4],
          floor: 4,
          bay: 3,
          seed: 2,
          height: 9,
        }),
      },
    ]),
    camera: { at: [0, 1.6, -2], yaw: 0, pitch: 0.08, angle: setting.ratio < 1 ? 0.8 : 1.25 },
    lay: (o) => {
      for (let i = 8; i >= 0; i--)
        for (const side of [-1, 1])
          o.tree([side * 4.4, 0, 6 + i * 7], 11, i % 2 ? '#7f9e4c' : '#93ad5a', i > 4 ? 90 : 260)
      o.bench([2.2, 0, 14])
      o.bench([-2.3, 0, 24])
      o.cat([0.3, 0, 12], '#15141a', true)
      o.wire([[-3.1, 0, 9], [-3.1, 1.1, 9]], '#5a5d63', 0.05) // prettier-ignore
      o.wire([[3.1, 0, 9], [3.1, 1.1, 9]], '#5a5d63', 0.05) // prettier-ignore
      o.tape([[-3.1, 0, 9], [3.1, 0, 9]], 1) // prettier-ignore
    },
  }
}

/** Every view by name. */
export const places = {
  street,
  square,
  station,
  playground,
  beach,
  aisle,
  concertHall,
  nightFacade,
  motorway,
  schoolroom,
  quay,
  avenue,
} satisfies Record<string, (setting: Setting) => View>
