// Things that return from drawing to drawing: suns, houses, rainbows, viruses, screens, hearts …
import { ring, type Point, type Sheet, type Shape } from './sheet.ts'

export const rainbowColours = [
  '#d62f3a',
  '#f0702a',
  '#f2b90f',
  '#3f9b45',
  '#2f7fd0',
  '#6a4fb3',
] as const

export function rainbow(
  s: Sheet,
  x: number,
  y: number,
  radius: number,
  band = radius * 0.075,
): void {
  rainbowColours.forEach((colour, i) => {
    const r = radius - i * band
    const points = ring(x, y, r, r * 0.94, Math.PI, Math.PI * 2, 14)
    s.curve(points, { stroke: colour, weight: band * 0.86, roughness: s.wobble * 0.9 })
  })
}

/** A sun; in a corner, as it should be, when the child is small. */
export function sun(s: Sheet, x: number, y: number, size: number, face = s.age < 8): void {
  const rays = s.whole(10, 14)
  for (let i = 0; i < rays; i++) {
    const a = (i / rays) * Math.PI * 2 + s.between(-0.08, 0.08)
    const [from, to] = [size * 0.62, size * s.between(0.85, 1.05)]
    s.line(
      x + Math.cos(a) * from,
      y + Math.sin(a) * from,
      x + Math.cos(a) * to,
      y + Math.sin(a) * to,
      {
        stroke: '#f0a01e',
        weight: size * 0.06,
      },
    )
  }
  s.circle(x, y, size, { fill: '#f7c41f', stroke: '#f0a01e' })
  if (face) {
    for (const side of [-1, 1]) s.dot(x + side * size * 0.15, y - size * 0.06, size * 0.03)
    s.arc(x, y + size * 0.04, size * 0.42, size * 0.34, 0.3, Math.PI - 0.3, { weight: size * 0.03 })
  }
}

export function cloud(s: Sheet, x: number, y: number, size: number, fill = '#ffffff'): void {
  const puffs: Point[] = []
  for (let i = 0; i < 7; i++) {
    const a = (i / 7) * Math.PI * 2
    const [px, py] = [x + Math.cos(a) * size * 0.72, y + Math.sin(a) * size * 0.34]
    puffs.push(...ring(px, py, size * 0.34, size * 0.28, a - 1.2, a + 1.2, 4))
  }
  s.polygon(puffs, { fill, flat: fill === '#ffffff', stroke: '#7fa9c9', weight: 5, roughness: 0.6 })
}

export function heart(s: Sheet, x: number, y: number, size: number, fill = '#d62f3a'): void {
  const points: Point[] = []
  for (let i = 0; i < 18; i++) {
    const t = (i / 18) * Math.PI * 2
    points.push([
      x + (size / 32) * 16 * Math.sin(t) ** 3,
      y -
        (size / 32) *
          (13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)),
    ])
  }
  s.blob(points, { fill, stroke: fill, weight: Math.max(2, size * 0.05) })
}

export function star(s: Sheet, x: number, y: number, size: number, fill = '#f7c41f'): void {
  const points = Array.from({ length: 10 }, (_, i): Point => {
    const a = -Math.PI / 2 + (i * Math.PI) / 5
    const r = i % 2 ? size * 0.42 : size
    return [x + Math.cos(a) * r, y + Math.sin(a) * r]
  })
  s.polygon(points, { fill, flat: size < 22, stroke: fill, weight: Math.max(1.5, size * 0.1) })
}

export function flower(s: Sheet, x: number, y: number, h: number, colour = s.colour()): void {
  s.line(x, y, x + s.between(-6, 6), y - h, { stroke: '#3f9b45', weight: Math.max(3, h * 0.05) })
  s.ellipse(x + h * 0.12, y - h * 0.35, h * 0.24, h * 0.1, {
    fill: '#3f9b45',
    stroke: '#3f9b45',
    weight: 3,
  })
  const petals = s.whole(5, 7)
  for (let i = 0; i < petals; i++) {
    const a = (i / petals) * Math.PI * 2
    s.circle(x + Math.cos(a) * h * 0.16, y - h + Math.sin(a) * h * 0.16, h * 0.2, {
      fill: colour,
      flat: true,
      weight: 3,
      stroke: colour,
    })
  }
  s.circle(x, y - h, h * 0.17, { fill: '#f7c41f', flat: true, weight: 3 })
}

export function tree(s: Sheet, x: number, y: number, h: number, crown = '#4aa04d'): void {
  s.polygon(
    [
      [x - h * 0.06, y],
      [x - h * 0.045, y - h * 0.45],
      [x + h * 0.045, y - h * 0.45],
      [x + h * 0.07, y],
    ],
    { fill: '#8a5a34' },
  )
  const leaves: Point[] = Array.from({ length: 10 }, (_, i): Point => {
    const a = (i / 10) * Math.PI * 2
    const r = h * (i % 2 ? 0.31 : 0.26)
    return [x + Math.cos(a) * r, y - h * 0.68 + Math.sin(a) * r]
  })
  s.blob(leaves, { fill: crown })
}

export function grass(s: Sheet, y: number, colour = '#5fae54'): void {
  const edge: Point[] = [[-20, s.height + 20]]
  for (let x = -20; x <= s.width + 20; x += s.width / 12) edge.push([x, y + s.between(-8, 8)])
  edge.push([s.width + 20, s.height + 20])
  s.polygon(edge, { fill: colour, stroke: colour, weight: 5 })
  for (let x = 10; x < s.width; x += s.between(40, 110)) {
    s.line(x, y + 6, x + s.between(-8, 8), y - s.between(14, 34), { stroke: colour, weight: 5 })
  }
}

/** A band of sky along the top, where young children know that it is. */
export function sky(s: Sheet, to: number, colour = '#8cc4ea', opacity = 0.8): void {
  const edge: Point[] = [[-20, -20], [s.width + 20, -20]] // prettier-ignore
  for (let x = s.width + 20; x >= -20; x -= s.width / 9) edge.push([x, to + s.between(-18, 18)])
  s.polygon(edge, { fill: colour, bare: true, opacity, angle: s.between(-0.1, 0.1) })
}

export interface HouseLook {
  wall?: string
  roof?: string
  floors?: number
  columns?: number
  smoke?: boolean
  sign?: string
}
/** A house whose ground is y; its windows are returned so that someone can look out. */
export function house(
  s: Sheet,
  x: number,
  y: number,
  w: number,
  h: number,
  look: HouseLook = {},
): [number, number, number, number][] {
  const { floors = 2, columns = 2, wall = s.pick(walls) } = look
  const roof = h * 0.3
  if (look.smoke ?? s.chance(0.5)) {
    s.rect(x + w * 0.68, y - h - roof * 0.8, w * 0.12, roof * 0.7, { fill: '#b4543c', weight: 5 })
    for (const [i, r] of [0.05, 0.07, 0.09].entries()) {
      s.circle(x + w * (0.77 + i * 0.06), y - h - roof * (1.02 + i * 0.34), w * r * 2, {
        stroke: '#9a9aa0',
        weight: 4.5,
      })
    }
  }
  s.rect(x, y - h, w, h, { fill: wall })
  s.polygon(
    [
      [x - w * 0.07, y - h],
      [x + w * 0.5, y - h - roof],
      [x + w * 1.07, y - h],
    ],
    { fill: look.roof ?? s.pick(['#b4543c', '#8c4b3f', '#5d6b7d']) },
  )
  const panes: [number, number, number, number][] = []
  const door = { w: w * 0.2, h: h * 0.3 }
  for (let f = 0; f < floors; f++) {
    for (let c = 0; c < columns; c++) {
      const ww = (w / columns) * 0.44
      const wh = (h / floors) * 0.42
      const wx = x + (w / columns) * (c + 0.28)
      const wy = y - h + (h / floors) * (f + 0.2)
      if (f === floors - 1 && floors > 1 && Math.abs(wx + ww / 2 - (x + w / 2)) < door.w) continue
      s.rect(wx, wy, ww, wh, { fill: '#fbe6a2', flat: true, weight: 4.5 })
      s.line(wx + ww / 2, wy, wx + ww / 2, wy + wh, { weight: 3 })
      s.line(wx, wy + wh / 2, wx + ww, wy + wh / 2, { weight: 3 })
      panes.push([wx, wy, ww, wh])
    }
  }
  s.rect(x + w / 2 - door.w / 2, y - door.h, door.w, door.h, {
    fill: s.pick(['#7a4d30', '#2f6f86', '#3d7a4a']),
  })
  s.dot(x + w / 2 + door.w * 0.3, y - door.h * 0.45, Math.max(2, w * 0.012), '#f7c41f')
  if (look.sign) {
    s.rect(x + w * 0.08, y - h * 0.5, w * 0.84, h * 0.13, {
      fill: '#fdf3dc',
      flat: true,
      weight: 4,
    })
    s.write(x + w / 2, y - h * 0.5 + h * 0.1, look.sign, h * 0.07, {
      align: 'center',
      fit: w * 0.76,
      weight: 4,
    })
  }
  return panes
}
export const walls = [
  '#f3c9a8',
  '#f6dd92',
  '#cfe3c8',
  '#d9cdea',
  '#f2b8b0',
  '#c7dff0',
  '#efe3cf',
] as const

export type Mood = 'angry' | 'scared' | 'silly' | 'sick' | 'sleepy'
export function virus(
  s: Sheet,
  x: number,
  y: number,
  size: number,
  mood: Mood = 'angry',
  colour = s.pick(['#3f9b45', '#d62f3a', '#6a4fb3', '#cf5a9d', '#1f8f8a']),
): void {
  const spikes = s.whole(9, 13)
  const w = Math.max(2.5, size * 0.028)
  for (let i = 0; i < spikes; i++) {
    const a = (i / spikes) * Math.PI * 2 + s.between(-0.1, 0.1)
    const far = size * s.between(0.62, 0.7)
    s.line(
      x + Math.cos(a) * size * 0.46,
      y + Math.sin(a) * size * 0.46,
      x + Math.cos(a) * far,
      y + Math.sin(a) * far,
      { stroke: colour, weight: w * 1.5 },
    )
    s.circle(x + Math.cos(a) * far, y + Math.sin(a) * far, size * 0.12, {
      fill: colour,
      stroke: colour,
      flat: true,
      weight: 2,
    })
  }
  s.circle(x, y, size, { fill: colour, weight: w })
  for (const side of [-1, 1]) {
    const ex = x + side * size * 0.18
    const ey = y - size * 0.1
    if (mood === 'sick') {
      s.line(ex - size * 0.07, ey - size * 0.07, ex + size * 0.07, ey + size * 0.07, { weight: w })
      s.line(ex + size * 0.07, ey - size * 0.07, ex - size * 0.07, ey + size * 0.07, { weight: w })
      continue
    }
    s.circle(ex, ey, size * 0.2, { fill: '#ffffff', flat: true, weight: w * 0.8, roughness: 0.6 })
    s.dot(
      ex + (mood === 'scared' ? side * size * 0.03 : size * 0.02),
      ey + size * 0.02,
      size * (mood === 'scared' ? 0.025 : 0.045),
    )
    if (mood === 'angry')
      s.line(ex - side * size * 0.1, ey - size * 0.06, ex + side * size * 0.13, ey - size * 0.18, {
        weight: w * 1.3,
      })
  }
  const smile = mood === 'silly'
  if (mood === 'scared')
    s.ellipse(x, y + size * 0.22, size * 0.18, size * 0.22, {
      fill: '#3b1f28',
      flat: true,
      weight: w,
    })
  else
    s.arc(
      x,
      y + size * (smile ? 0.1 : 0.3),
      size * 0.44,
      size * 0.28,
      smile ? 0.2 : Math.PI * 1.1,
      smile ? Math.PI - 0.2 : Math.PI * 1.9,
      { weight: w * 1.2 },
    )
  if (mood === 'angry') {
    for (const dx of [-0.1, 0.08]) {
      s.polygon([[x + dx * size, y + size * 0.17], [x + (dx + 0.05) * size, y + size * 0.27], [x + (dx + 0.09) * size, y + size * 0.17]], { fill: '#ffffff', flat: true, weight: w * 0.6 }) // prettier-ignore
    }
  }
}

/** A screen with its frame; a laptop gets a keyboard, a tablet a round button. */
export function screen(
  s: Sheet,
  x: number,
  y: number,
  w: number,
  h: number,
  kind: 'laptop' | 'tablet' = 'laptop',
  fill = '#e6eef3',
): void {
  const rim = w * 0.035
  s.rect(x - rim, y - rim, w + rim * 2, h + rim * 2, { fill: '#4a4d55', weight: 6 })
  s.rect(x, y, w, h, { fill, flat: true, weight: 5 })
  if (kind === 'tablet') {
    s.dot(x + w / 2, y - rim * 0.5, rim * 0.2, '#cccccc')
    return
  }
  const top = y + h + rim
  s.polygon(
    [
      [x - rim, top],
      [x + w + rim, top],
      [x + w + rim * 3.4, top + h * 0.17],
      [x - rim * 3.4, top + h * 0.17],
    ],
    { fill: '#a9adb5', weight: 6 },
  )
  for (let row = 0; row < 3; row++) {
    for (let key = 0; key < 12; key++) {
      const spread = rim * (0.2 + row * 0.8)
      const kx = x - spread + ((w + spread * 2) / 12) * (key + 0.2)
      s.raw(
        `<rect x="${kx.toFixed(1)}" y="${(top + h * (0.025 + row * 0.045)).toFixed(1)}" width="${(w / 22).toFixed(1)}" height="${(h * 0.028).toFixed(1)}" fill="#5a5e67"/>`,
      )
    }
  }
}

export function note(s: Sheet, x: number, y: number, size: number, colour = s.colour()): void {
  const pen = { stroke: colour, weight: size * 0.11 }
  s.ellipse(x, y, size * 0.42, size * 0.3, { fill: colour, flat: true, stroke: colour, weight: 3 })
  s.line(x + size * 0.2, y, x + size * 0.22, y - size, pen)
  if (s.chance(0.5))
    s.curve([[x + size * 0.22, y - size], [x + size * 0.5, y - size * 0.8], [x + size * 0.44, y - size * 0.5]], pen) // prettier-ignore
  else {
    s.line(x + size * 0.22, y - size, x + size * 0.85, y - size * 1.1, {
      ...pen,
      weight: size * 0.17,
    })
    s.line(x + size * 0.85, y - size * 1.1, x + size * 0.83, y - size * 0.1, pen)
    s.ellipse(x + size * 0.64, y - size * 0.08, size * 0.42, size * 0.3, {
      fill: colour,
      flat: true,
      stroke: colour,
      weight: 3,
    })
  }
}

export function roll(s: Sheet, x: number, y: number, size: number): void {
  s.rect(x - size * 0.42, y - size * 0.4, size * 0.84, size * 0.8, {
    fill: '#fdfdfb',
    flat: true,
    weight: Math.max(2, size * 0.045),
  })
  s.ellipse(x, y + size * 0.4, size * 0.84, size * 0.24, {
    fill: '#fdfdfb',
    flat: true,
    weight: Math.max(2, size * 0.03),
  })
  s.ellipse(x, y - size * 0.4, size * 0.84, size * 0.26, {
    fill: '#fdfdfb',
    flat: true,
    weight: Math.max(2, size * 0.045),
  })
  s.ellipse(x, y - size * 0.4, size * 0.3, size * 0.1, {
    fill: '#b59871',
    flat: true,
    weight: Math.max(1.5, size * 0.03),
  })
}

export function balloon(s: Sheet, x: number, y: number, size: number, colour = s.colour()): void {
  s.curve([[x, y + size * 0.6], [x + size * 0.12, y + size], [x - size * 0.06, y + size * 1.5]], { weight: 3 }) // prettier-ignore
  s.ellipse(x, y, size, size * 1.2, { fill: colour })
}

/** Someone speaks. */
export function bubble(
  s: Sheet,
  x: number,
  y: number,
  text: string,
  size: number,
  toX: number,
  toY: number,
  shape: Shape = {},
): void {
  const w = Math.max(size * 2.4, text.length * size * 0.68)
  const h = size * 2.5
  s.polygon([[x - size * 0.5, y + h * 0.4], [toX, toY], [x + size * 0.6, y + h * 0.4]], { fill: '#ffffff', flat: true, weight: 4 }) // prettier-ignore
  s.ellipse(x, y, w * 1.2, h, { fill: '#ffffff', flat: true, weight: 4, ...shape })
  s.raw(
    `<path d="M${x - size * 0.4} ${y + h * 0.36}L${x + size * 0.5} ${y + h * 0.36}" stroke="#fff" stroke-width="10"/>`,
  )
  s.write(x, y + size * 0.45, text, size, { align: 'center', fit: w })
}
