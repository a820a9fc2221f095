// People as children draw them: a head on legs at four, a triangle with arms at six, then shoulders, sleeves
// and shoes. One function for all ages, so that every scene follows the age of its artist.
import { ring, type Point, type Sheet } from './sheet.ts'

export type Arms = 'up' | 'out' | 'down' | 'wave' | 'front'
export type Hair =
  'spikes' | 'long' | 'curly' | 'bun' | 'plaits' | 'bald' | 'short' | 'afro' | 'grey'
export interface Look {
  arms?: Arms
  mouth?: 'smile' | 'open' | 'flat' | 'sad' | 'tongue'
  mask?: string
  hair?: Hair
  hairColour?: string
  skin?: string
  top?: string
  bottom?: string
  dress?: boolean
  cape?: string
  cap?: 'nurse' | 'chef' | 'crown' | 'party' | 'helmet'
  glasses?: boolean
  beard?: string
}

export const skins = ['#f7d7bd', '#eec19b', '#d9a06f', '#a86f46', '#7a4d30', '#fbe0cc'] as const
export const hairs = ['#3a2618', '#6b4423', '#c98a2b', '#1f1a1c', '#a3401f', '#e0b545'] as const
const styles: Hair[] = ['spikes', 'long', 'curly', 'bun', 'plaits', 'short', 'afro']

function hairBehind(s: Sheet, x: number, y: number, r: number, hair: Hair, colour: string): void {
  const bare = { fill: colour, stroke: colour, weight: 3 }
  if (hair === 'long') {
    const lock: Point[] = [...ring(x, y, r * 1.16, r * 1.18, Math.PI, Math.PI * 2, 8)]
    lock.push([x + r * 1.22, y + r * 1.5], [x - r * 1.22, y + r * 1.5])
    s.polygon(lock, bare)
  }
  if (hair === 'afro') s.circle(x, y - r * 0.35, r * 2.9, bare)
  if (hair === 'bun') s.circle(x, y - r * 1.25, r * 0.9, bare)
  if (hair === 'plaits') {
    for (const side of [-1, 1]) {
      s.curve(
        [
          [x + side * r * 0.8, y - r * 0.3],
          [x + side * r * 1.5, y + r * 0.3],
          [x + side * r * 1.35, y + r * 1.2],
        ],
        { stroke: colour, weight: r * 0.26 },
      )
      s.circle(x + side * r * 1.36, y + r * 1.2, r * 0.3, {
        fill: '#d62f3a',
        flat: true,
        bare: true,
      })
    }
  }
}

function hairInFront(s: Sheet, x: number, y: number, r: number, hair: Hair, colour: string): void {
  const weight = Math.max(2.5, r * 0.12)
  if (hair === 'spikes' || hair === 'grey') {
    for (let i = 0; i < 9; i++) {
      const a = Math.PI * (1.1 + 0.8 * (i / 8))
      const out = s.between(1.25, 1.5)
      s.line(
        x + Math.cos(a) * r * 0.92,
        y + Math.sin(a) * r * 0.92,
        x + Math.cos(a + s.between(-0.1, 0.1)) * r * out,
        y + Math.sin(a) * r * out,
        { stroke: colour, weight, roughness: 0.6 },
      )
    }
  } else if (hair === 'curly') {
    for (let i = 0; i < 8; i++) {
      const a = Math.PI * (1.02 + 0.96 * (i / 7))
      s.circle(x + Math.cos(a) * r * 1.05, y + Math.sin(a) * r * 1.05, r * 0.5, {
        stroke: colour,
        weight: weight * 1.1,
        roughness: 0.6,
      })
    }
  } else if (hair !== 'bald') {
    const fringe = ring(x, y, r * 1.04, r * 1.06, Math.PI * 1.03, Math.PI * 1.97, 10)
    fringe.push([x + r * 0.55, y - r * 0.52], [x, y - r * 0.36], [x - r * 0.55, y - r * 0.52])
    s.polygon(fringe, { fill: colour, stroke: colour, weight: 2, gap: weight })
  }
}

function cap(s: Sheet, x: number, y: number, r: number, kind: NonNullable<Look['cap']>): void {
  if (kind === 'nurse') {
    s.rect(x - r * 0.7, y - r * 1.5, r * 1.4, r * 0.62, { fill: '#ffffff', flat: true, weight: 4 })
    s.line(x - r * 0.2, y - r * 1.2, x + r * 0.2, y - r * 1.2, {
      stroke: '#d62f3a',
      weight: r * 0.13,
    })
    s.line(x, y - r * 1.4, x, y - r, { stroke: '#d62f3a', weight: r * 0.13 })
  } else if (kind === 'chef') {
    s.blob(ring(x, y - r * 1.7, r, r * 0.6, 0, Math.PI * 2, 9), { fill: '#ffffff', flat: true })
    s.rect(x - r * 0.7, y - r * 1.4, r * 1.4, r * 0.5, { fill: '#ffffff', flat: true })
  } else if (kind === 'crown') {
    const spikes: Point[] = [[x - r * 0.8, y - r * 0.8]]
    for (let i = 0; i < 5; i++) spikes.push([x + r * (i * 0.4 - 0.8), y - r * (i % 2 ? 1.2 : 1.7)])
    spikes.push([x + r * 0.8, y - r * 0.8])
    s.polygon(spikes, { fill: '#f2b90f', weight: 4 })
  } else if (kind === 'party') {
    s.polygon(
      [
        [x - r * 0.55, y - r * 0.8],
        [x + r * 0.08, y - r * 2.1],
        [x + r * 0.6, y - r * 0.78],
      ],
      { fill: s.colour(), weight: 4 },
    )
    s.circle(x + r * 0.08, y - r * 2.12, r * 0.36, { fill: '#f2b90f', flat: true, weight: 3 })
  } else {
    const dome = ring(x, y - r * 0.35, r * 1.15, r, Math.PI, Math.PI * 2, 8)
    s.polygon(dome, { fill: s.colour(), weight: 5 })
  }
}

/** A face of radius r. */
export function head(s: Sheet, x: number, y: number, r: number, look: Look = {}): void {
  const hair = look.hair ?? s.pick(styles)
  const colour = look.hairColour ?? (hair === 'grey' ? '#a9a6a3' : s.pick(hairs))
  const fine = Math.max(2.2, r * 0.09)
  hairBehind(s, x, y, r, hair, colour)
  s.ellipse(x, y, r * 2, r * s.between(1.95, 2.15), {
    fill: look.skin ?? s.pick(skins),
    flat: true,
    weight: fine * 1.2,
  })
  hairInFront(s, x, y, r, hair, colour)
  const gaze = s.between(-0.05, 0.05) * r
  for (const side of [-1, 1]) {
    s.dot(x + side * r * 0.36 + gaze, y - r * 0.12, r * 0.1)
    if (look.glasses)
      s.circle(x + side * r * 0.38, y - r * 0.12, r * 0.6, { weight: fine, roughness: 0.5 })
    if (!look.mask && s.age < 9) {
      s.raw(
        `<circle cx="${x + side * r * 0.6}" cy="${y + r * 0.25}" r="${r * 0.19}" fill="#ee8a86" opacity=".45"/>`,
      )
    }
  }
  if (look.glasses) s.line(x - r * 0.1, y - r * 0.14, x + r * 0.1, y - r * 0.14, { weight: fine })
  if (look.beard) {
    const chin = ring(x, y + r * 0.1, r * 0.95, r * 1.15, 0.15, Math.PI - 0.15, 8)
    s.polygon(chin, { fill: look.beard, stroke: look.beard, weight: 2 })
  }
  if (look.mask) mask(s, x, y + r * 0.42, r, look.mask)
  else mouth(s, x, y, r, look.mouth ?? 'smile', fine)
  if (look.cap) cap(s, x, y, r, look.cap)
}

export function mask(s: Sheet, x: number, y: number, r: number, colour: string): void {
  const weight = Math.max(2, r * 0.08)
  for (const side of [-1, 1]) {
    s.line(x + side * r * 0.58, y - r * 0.22, x + side * r * 0.98, y - r * 0.42, {
      weight: weight * 0.8,
    })
    s.line(x + side * r * 0.55, y + r * 0.2, x + side * r * 0.92, y + r * 0.02, {
      weight: weight * 0.8,
    })
  }
  s.polygon(
    [
      [x - r * 0.62, y - r * 0.3],
      [x + r * 0.62, y - r * 0.3],
      [x + r * 0.55, y + r * 0.3],
      [x - r * 0.55, y + r * 0.3],
    ],
    { fill: colour, flat: true, weight },
  )
  if (r > 26) {
    for (const dy of [-0.1, 0.1]) {
      s.line(x - r * 0.5, y + r * dy, x + r * 0.5, y + r * dy, {
        weight: weight * 0.5,
        roughness: 0.5,
      })
    }
  }
}

function mouth(s: Sheet, x: number, y: number, r: number, kind: string, weight: number): void {
  if (kind === 'open') {
    s.ellipse(x, y + r * 0.48, r * 0.46, r * 0.5, { fill: '#a32b2b', flat: true, weight })
  } else if (kind === 'flat') {
    s.line(x - r * 0.3, y + r * 0.48, x + r * 0.3, y + r * 0.48, { weight })
  } else {
    const sad = kind === 'sad'
    const [from, to] = sad ? [Math.PI * 1.15, Math.PI * 1.85] : [0.25, Math.PI - 0.25]
    s.arc(x, y + r * (sad ? 0.75 : 0.22), r, r * 0.7, from, to, { weight, roughness: 0.5 })
    if (kind === 'tongue')
      s.ellipse(x + r * 0.1, y + r * 0.66, r * 0.26, r * 0.34, {
        fill: '#e2707a',
        flat: true,
        weight: 2,
      })
  }
}

function hand(s: Sheet, x: number, y: number, size: number, angle: number, skin: string): void {
  if (s.age < 7.5 && size > 8) {
    for (let i = -2; i <= 2; i++) {
      const a = angle + i * 0.42
      s.line(x, y, x + Math.cos(a) * size * 1.3, y + Math.sin(a) * size * 1.3, {
        weight: Math.max(2, size * 0.24),
        roughness: 0.4,
      })
    }
  }
  s.circle(x, y, size * (s.age < 7.5 ? 0.9 : 1.3), {
    fill: skin,
    flat: true,
    weight: Math.max(2, size * 0.16),
    roughness: 0.5,
  })
}

const reach: Record<Arms, [[number, number], [number, number]]> = {
  up: [
    [-0.9, -1.05],
    [0.9, -1.05],
  ],
  out: [
    [-1.25, -0.1],
    [1.25, -0.1],
  ],
  down: [
    [-0.75, 0.95],
    [0.75, 0.95],
  ],
  wave: [
    [-0.75, 0.9],
    [1, -1.05],
  ],
  front: [
    [-0.2, 0.15],
    [0.2, 0.15],
  ],
}

/** Someone whose feet stand on y and who is h tall. */
export function person(s: Sheet, x: number, y: number, h: number, look: Look = {}): void {
  const skin = look.skin ?? s.pick(skins)
  const top = look.top ?? s.colour()
  const full: Look = { hair: s.pick(styles), ...look, skin }
  if (s.age < 4.8) {
    tadpole(s, x, y, h, full)
    return
  }
  const r = h * (s.age < 7 ? 0.2 : 0.165)
  const headY = y - h + r * 1.1
  const neck = headY + r * 0.95
  const hip = y - h * 0.26
  const half = h * 0.13
  const limb = Math.max(2.6, h * 0.018)
  if (look.cape) {
    s.polygon(
      [
        [x - half * 0.7, neck],
        [x + half * 0.7, neck],
        [x + half * 2.3, hip + h * 0.1],
        [x + half * 0.9, hip],
        [x - half * 0.6, hip + h * 0.12],
        [x - half * 2, hip + h * 0.02],
      ],
      { fill: look.cape, weight: limb },
    )
  }
  legs(
    s,
    x,
    y,
    hip,
    half,
    { ...full, bottom: look.bottom ?? s.pick(['#3b4a63', '#5b4636', '#39424e', '#6d5a8c']) },
    limb,
  )
  const dress = look.dress ?? (s.age < 7 && s.chance(0.4))
  const wide = dress ? half * 1.55 : half * (s.age < 7 ? 0.95 : 0.9)
  const shoulder = dress ? half * 0.45 : half * 0.92
  const low = hip + (dress ? h * 0.06 : 0)
  s.polygon(
    [
      [x - shoulder, neck],
      [x + shoulder, neck],
      [x + wide, low],
      [x - wide, low],
    ],
    { fill: top, weight: limb * 1.1 },
  )
  const span = (hip - neck) * 0.95
  for (const [i, side] of [-1, 1].entries()) {
    const [dx, dy] = reach[look.arms ?? 'out'][i] ?? [0, 0]
    const sx = x + side * shoulder * 0.9
    const sy = neck + span * 0.14
    const [ex, ey] = [
      sx + dx * span * 0.72 * (look.arms === 'front' ? 0.6 : 1),
      sy + dy * span * 0.72,
    ]
    s.line(sx, sy, ex, ey, {
      stroke: s.age < 7 ? s.ink : top,
      weight: s.age < 7 ? limb * 1.2 : limb * 3,
      roughness: 0.8,
    })
    hand(s, ex, ey, h * 0.036, Math.atan2(ey - sy, ex - sx), skin)
  }
  head(s, x, headY, r, full)
}

function legs(
  s: Sheet,
  x: number,
  y: number,
  hip: number,
  half: number,
  look: Look,
  limb: number,
): void {
  for (const side of [-1, 1]) {
    const lx = x + side * half * 0.5
    const foot = lx + side * half * 0.55
    if (s.age < 7) s.line(lx, hip, lx, y, { weight: limb * 1.3 })
    else
      s.line(lx, hip, lx + side * half * 0.1, y, {
        stroke: look.bottom ?? s.ink,
        weight: limb * 4,
        roughness: 0.6,
      })
    s.line(lx, y, foot, y, { weight: limb * 2.2, roughness: 0.4 })
  }
}

/** A four-year-old's person: the head does everything. */
function tadpole(s: Sheet, x: number, y: number, h: number, look: Look): void {
  const r = h * 0.27
  const cy = y - h * 0.62
  for (const side of [-1, 1]) {
    s.line(x + side * r * 0.4, cy + r * 0.9, x + side * r * 0.5, y, { weight: 7 })
    s.line(x + side * r * 0.5, y, x + side * r * 0.9, y, { weight: 8 })
    const up = look.arms === 'up' || (look.arms === 'wave' && side > 0) ? -1 : 0.25
    const [ex, ey] = [x + side * r * 1.9, cy + r * up]
    s.line(x + side * r * 0.95, cy + r * 0.1, ex, ey, { weight: 7 })
    for (const a of [-0.7, 0, 0.7]) {
      s.line(ex, ey, ex + side * r * 0.28, ey + a * r * 0.34, { weight: 5 })
    }
  }
  head(s, x, cy, r, look)
}
