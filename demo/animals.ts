// The animals that took the town back. x is the middle, y the ground, h the height.
import { ring, type Point, type Sheet } from './sheet.ts'

/** A sitting cat. One hides in every large picture. */
export function cat(
  s: Sheet,
  x: number,
  y: number,
  h: number,
  colour = '#2b2a2e',
  masked = false,
): void {
  const w = Math.max(1.6, h * 0.02)
  const flat = s.technique === 'poster' || h < 90
  const rim = colour === '#fbfbf9' && s.technique !== 'poster' ? s.ink : colour
  s.curve(
    [
      [x + h * 0.24, y - h * 0.06],
      [x + h * 0.52, y - h * 0.1],
      [x + h * 0.5, y - h * 0.42],
      [x + h * 0.6, y - h * 0.52],
    ],
    { stroke: rim, weight: rim === colour ? h * 0.07 : h * 0.03, roughness: 0.5 },
  )
  s.blob(
    [
      [x - h * 0.2, y],
      [x - h * 0.22, y - h * 0.3],
      [x, y - h * 0.58],
      [x + h * 0.2, y - h * 0.32],
      [x + h * 0.26, y],
    ],
    { fill: colour, stroke: rim, weight: rim === colour ? w : w * 1.5, flat, gap: h * 0.05 },
  )
  const hy = y - h * 0.7
  for (const side of [-1, 1]) {
    s.polygon(
      [
        [x + side * h * 0.05, hy - h * 0.1],
        [x + side * h * 0.19, hy - h * 0.3],
        [x + side * h * 0.21, hy - h * 0.02],
      ],
      { fill: colour, stroke: rim, weight: rim === colour ? w : w * 1.5, flat: true },
    )
  }
  s.ellipse(x, hy, h * 0.46, h * 0.38, {
    fill: colour,
    stroke: colour,
    weight: w,
    flat: true,
    roughness: 0.5,
  })
  const eye = colour === '#2b2a2e' || colour === '#3a3a40' ? '#f4d94a' : '#2b2a2e'
  for (const side of [-1, 1]) {
    s.dot(x + side * h * 0.1, hy - h * 0.02, h * 0.038, eye)
    const whisker = eye === '#f4d94a' ? '#d9d4cc' : '#2b2a2e'
    for (const dy of [-0.02, 0.04]) {
      s.line(x + side * h * 0.1, hy + h * 0.08, x + side * h * 0.32, hy + h * (0.06 + dy), {
        stroke: whisker,
        weight: w * 0.6,
        roughness: 0.3,
      })
    }
  }
  s.dot(x, hy + h * 0.06, h * 0.025, '#e58f92')
  if (masked) {
    s.rect(x - h * 0.13, hy + h * 0.03, h * 0.26, h * 0.12, {
      fill: '#bfe0ef',
      flat: true,
      weight: w,
    })
  }
}

export function duck(s: Sheet, x: number, y: number, h: number, colour = '#f2c422'): void {
  const w = Math.max(2, h * 0.03)
  for (const dx of [-0.12, 0.12]) {
    s.line(x + dx * h, y - h * 0.22, x + dx * h, y, { stroke: '#ef7d22', weight: w })
    s.line(x + dx * h, y, x + (dx + 0.14) * h, y, { stroke: '#ef7d22', weight: w })
  }
  s.blob(
    [
      [x - h * 0.58, y - h * 0.55],
      [x - h * 0.3, y - h * 0.24],
      [x + h * 0.22, y - h * 0.22],
      [x + h * 0.36, y - h * 0.46],
      [x, y - h * 0.54],
    ],
    { fill: colour, weight: w },
  )
  s.polygon(
    [
      [x + h * 0.5, y - h * 0.83],
      [x + h * 0.78, y - h * 0.74],
      [x + h * 0.5, y - h * 0.68],
    ],
    { fill: '#ef7d22', flat: true, weight: w },
  )
  s.circle(x + h * 0.33, y - h * 0.76, h * 0.42, { fill: colour, weight: w })
  s.dot(x + h * 0.38, y - h * 0.8, h * 0.04)
  s.arc(x - h * 0.08, y - h * 0.44, h * 0.4, h * 0.2, 0.1, Math.PI - 0.2, { weight: w })
}

export interface Beast {
  body: string
  horns?: 'antlers' | 'tusks' | 'ears'
  stripes?: string
  tail?: 'bushy' | 'curl' | 'short'
}
/** A four-legged animal in profile, looking right. */
export function beast(s: Sheet, x: number, y: number, h: number, kind: Beast): void {
  const w = Math.max(2.4, h * 0.018)
  const flat = { fill: kind.body, weight: w }
  for (const dx of [-0.34, -0.22, 0.2, 0.32]) {
    s.line(x + dx * h, y - h * 0.36, x + (dx + 0.01) * h, y, {
      stroke: kind.body,
      weight: h * 0.06,
      roughness: 0.8,
    })
    s.line(x + dx * h, y, x + (dx + 0.06) * h, y, { weight: h * 0.03 })
  }
  if (kind.tail === 'bushy') {
    s.blob(
      [
        [x - h * 0.4, y - h * 0.52],
        [x - h * 0.72, y - h * 0.72],
        [x - h * 0.92, y - h * 0.5],
        [x - h * 0.66, y - h * 0.36],
      ],
      flat,
    )
  } else {
    const curl: Point[] =
      kind.tail === 'curl'
        ? ring(x - h * 0.5, y - h * 0.58, h * 0.07, h * 0.07, 0, 5.4, 8)
        : [
            [x - h * 0.42, y - h * 0.56],
            [x - h * 0.5, y - h * 0.64],
            [x - h * 0.53, y - h * 0.56],
          ]
    s.curve(curl, { stroke: kind.body, weight: h * 0.03 })
  }
  s.blob(ring(x, y - h * 0.47, h * 0.46, h * 0.2, 0, Math.PI * 2, 10), flat)
  const raised = kind.horns === 'antlers' ? 0.3 : 0.08
  s.polygon(
    [
      [x + h * 0.26, y - h * 0.58],
      [x + h * 0.4, y - h * (0.66 + raised)],
      [x + h * 0.56, y - h * (0.6 + raised)],
      [x + h * 0.42, y - h * 0.42],
    ],
    { ...flat, bare: true },
  )
  const hy = y - h * (0.64 + raised)
  s.blob(
    [
      [x + h * 0.36, hy - h * 0.07],
      [x + h * 0.54, hy - h * 0.1],
      [x + h * 0.78, hy + h * 0.03],
      [x + h * 0.74, hy + h * 0.1],
      [x + h * 0.48, hy + h * 0.1],
    ],
    flat,
  )
  s.dot(x + h * 0.55, hy - h * 0.02, h * 0.022)
  s.dot(x + h * 0.77, hy + h * 0.05, h * 0.026)
  crest(s, x, hy, h, kind, w)
}

function crest(s: Sheet, x: number, hy: number, h: number, kind: Beast, w: number): void {
  if (kind.horns === 'antlers') {
    for (const lean of [-0.05, 0.1]) {
      const [bx, by] = [x + h * (0.42 + lean * 0.4), hy - h * 0.08]
      s.curve(
        [
          [bx, by],
          [bx - h * 0.12 + lean * h, by - h * 0.16],
          [bx + lean * h, by - h * 0.34],
        ],
        { stroke: '#7c5a34', weight: w * 1.6 },
      )
      for (const up of [0.12, 0.22, 0.3]) {
        s.line(
          bx - h * 0.08 + lean * h * 0.8,
          by - h * up,
          bx + h * 0.06 + lean * h,
          by - h * (up + 0.08),
          { stroke: '#7c5a34', weight: w * 1.3 },
        )
      }
    }
  } else if (kind.horns === 'tusks') {
    for (let i = 0; i < 12; i++) {
      const bx = x + h * (0.34 - i * 0.06)
      s.line(bx, hy - h * 0.02 + i * 1.2, bx - h * 0.03, hy - h * 0.11 + i * 1.2, {
        weight: w * 1.1,
        roughness: 0.5,
      })
    }
    s.arc(x + h * 0.68, hy + h * 0.05, h * 0.1, h * 0.14, 0.2, 1.8, {
      stroke: '#fdf6e3',
      weight: w * 2.2,
    })
  }
  if (kind.horns !== 'antlers') {
    for (const dx of [0.38, 0.46]) {
      s.polygon(
        [
          [x + h * dx, hy - h * 0.06],
          [x + h * (dx + 0.02), hy - h * 0.2],
          [x + h * (dx + 0.09), hy - h * 0.07],
        ],
        { fill: kind.body, weight: w },
      )
    }
  }
  if (kind.stripes) {
    for (let i = 0; i < 4; i++) {
      const bx = x + h * (-0.26 + i * 0.15)
      s.line(bx, hy + h * 0.07, bx - h * 0.02, hy + h * 0.2, {
        stroke: kind.stripes,
        weight: w * 1.6,
      })
    }
  }
}

export const fox: Beast = { body: '#dd7a2c', horns: 'ears', tail: 'bushy' }
export const boar: Beast = { body: '#6a5445', horns: 'tusks', tail: 'curl' }
export const deer: Beast = { body: '#b98450', horns: 'antlers', tail: 'short' }
export const hound: Beast = { body: '#a9713f', horns: 'ears', tail: 'short' }

export function fish(
  s: Sheet,
  x: number,
  y: number,
  size: number,
  colour = s.colour(),
  facing = 1,
): void {
  const w = Math.max(2, size * 0.03)
  s.polygon(
    [
      [x - facing * size * 0.4, y],
      [x - facing * size * 0.72, y - size * 0.24],
      [x - facing * size * 0.68, y + size * 0.24],
    ],
    { fill: colour, weight: w },
  )
  s.ellipse(x, y, size, size * 0.52, { fill: colour, weight: w })
  s.circle(x + facing * size * 0.28, y - size * 0.06, size * 0.12, {
    fill: '#ffffff',
    flat: true,
    weight: w * 0.7,
  })
  s.dot(x + facing * size * 0.3, y - size * 0.06, size * 0.03)
  s.arc(x + facing * size * 0.05, y, size * 0.2, size * 0.3, -1.2, 1.2, { weight: w * 0.8 })
}

export function bird(s: Sheet, x: number, y: number, size: number, colour = s.ink): void {
  const pen = { stroke: colour, weight: Math.max(2.4, size * 0.09), roughness: 0.5 }
  s.curve([[x - size, y - size * 0.25], [x - size * 0.5, y - size * 0.45], [x, y]], pen) // prettier-ignore
  s.curve([[x, y], [x + size * 0.5, y - size * 0.45], [x + size, y - size * 0.25]], pen) // prettier-ignore
}

/** A crocodile of a given length, snout to the right, feet on y. */
export function crocodile(
  s: Sheet,
  x: number,
  y: number,
  length: number,
  colour = '#2f8f86',
): void {
  const u = length / 20
  for (const dx of [5.5, 7, 12, 13.4]) {
    s.line(x + dx * u, y - u * 1.2, x + dx * u, y, { stroke: colour, weight: u * 0.7 })
    s.line(x + dx * u, y, x + (dx + 0.7) * u, y, { weight: u * 0.25 })
  }
  const back: Point[] = [[x, y - u * 0.8]]
  for (let i = 0; i <= 11; i++)
    back.push([
      x + u * (1.5 + i * 1.08),
      y - u * (i % 2 ? 2.1 : 3.1) + Math.max(0, 4 - i) * u * 0.35,
    ])
  back.push([x + u * 14.6, y - u * 3.9], [x + u * 15.8, y - u * 2.9], [x + u * 19.6, y - u * 2.5])
  back.push([x + u * 20, y - u * 1.9], [x + u * 15, y - u * 1.7], [x + u * 19.6, y - u * 1.1])
  back.push([x + u * 19, y - u * 0.7], [x + u * 13.5, y - u * 0.8], [x + u * 5, y - u * 0.9])
  s.polygon(back, { fill: colour, weight: u * 0.22 })
  for (let i = 0; i < 6; i++) {
    const tx = x + u * (15.8 + i * 0.62)
    s.polygon([[tx, y - u * 1.85], [tx + u * 0.28, y - u * 1.3], [tx + u * 0.5, y - u * 1.9]], { fill: '#ffffff', flat: true, weight: u * 0.1 }) // prettier-ignore
  }
  s.circle(x + u * 14.6, y - u * 3.5, u * 1.1, { fill: '#ffffff', flat: true, weight: u * 0.18 })
  s.dot(x + u * 14.8, y - u * 3.5, u * 0.22)
  s.dot(x + u * 19.2, y - u * 2.35, u * 0.16)
}

export function teddy(s: Sheet, x: number, y: number, h: number, colour = '#b9824c'): void {
  const w = Math.max(2, h * 0.02)
  for (const side of [-1, 1]) {
    s.circle(x + side * h * 0.19, y - h * 0.88, h * 0.18, { fill: colour, weight: w })
    s.ellipse(x + side * h * 0.26, y - h * 0.36, h * 0.2, h * 0.3, { fill: colour, weight: w })
    s.ellipse(x + side * h * 0.18, y - h * 0.06, h * 0.26, h * 0.2, { fill: colour, weight: w })
  }
  s.ellipse(x, y - h * 0.27, h * 0.46, h * 0.5, { fill: colour, weight: w })
  s.circle(x, y - h * 0.7, h * 0.5, { fill: colour, weight: w })
  s.ellipse(x, y - h * 0.63, h * 0.22, h * 0.17, { fill: '#f3dfc2', flat: true, weight: w })
  s.dot(x, y - h * 0.67, h * 0.03)
  for (const side of [-1, 1]) s.dot(x + side * h * 0.1, y - h * 0.77, h * 0.027)
}
