// Scenes of the fight: soap, masks, nurses, distances, and the planet itself.
import { cat, crocodile, duck, teddy } from '../animals.ts'
import { head, person } from '../people.ts'
import {
  bubble,
  cloud,
  flower,
  grass,
  heart,
  house,
  note,
  rainbow,
  rainbowColours,
  roll,
  screen,
  sky,
  star,
  sun,
  virus,
} from '../props.ts'
import { ring, type Point, type Sheet } from '../sheet.ts'

/** A giant soap runs after the viruses. */
export function soapChase(s: Sheet): void {
  const { width: W, height: H } = s
  for (let i = 0; i < 34; i++) {
    const d = s.between(24, 90)
    const [x, y] = [s.between(W * 0.02, W * 0.98), s.between(H * 0.18, H * 0.86)]
    s.circle(x, y, d, { stroke: '#6fb7e0', weight: 4 })
    s.arc(x, y, d * 0.6, d * 0.6, 3.4, 4.4, { stroke: '#6fb7e0', weight: 3 })
  }
  virus(s, W * 0.82, H * 0.3, H * 0.17, 'scared')
  virus(s, W * 0.88, H * 0.66, H * 0.2, 'scared')
  virus(s, W * 0.64, H * 0.48, H * 0.13, 'scared')
  s.turned(W * 0.3, H * 0.52, -8, () => {
    s.blob([[W * 0.12, H * 0.42], [W * 0.3, H * 0.36], [W * 0.47, H * 0.42], [W * 0.49, H * 0.56], [W * 0.46, H * 0.68], [W * 0.3, H * 0.72], [W * 0.13, H * 0.68], [W * 0.1, H * 0.55]], { fill: s.pick(['#f7b7cf', '#b7e3d0', '#f6dd92']), weight: 10 }) // prettier-ignore
    s.write(W * 0.29, H * 0.5, 'SAVON', H * 0.07, {
      align: 'center',
      stroke: '#cf5a9d',
      fit: W * 0.24,
    })
    for (const dx of [0.24, 0.36]) {
      s.circle(W * dx, H * 0.56, 44, { fill: '#ffffff', flat: true, weight: 4 })
      s.dot(W * dx + 8, H * 0.56, 10)
    }
    s.arc(W * 0.3, H * 0.6, W * 0.1, H * 0.1, 0.2, Math.PI - 0.2, { weight: 8 })
    for (const [x, dx] of [
      [0.2, -60],
      [0.38, 70],
    ] as const) {
      // prettier-ignore
      s.lines([[W * x, H * 0.71], [W * x + dx, H * 0.79], [W * x + dx * 1.8, H * 0.77]], { weight: 12 }) // prettier-ignore
    }
    s.line(W * 0.48, H * 0.52, W * 0.57, H * 0.44, { weight: 12 })
    s.line(W * 0.11, H * 0.52, W * 0.05, H * 0.6, { weight: 12 })
  })
  bubble(s, W * 0.66, H * 0.2, 'Sauve qui peut !', H * 0.036, W * 0.78, H * 0.26)
  cat(s, W * 0.06, H * 0.97, H * 0.11, '#2b2a2e')
  s.write(W / 2, H * 0.12, 'Super-Savon arrive', H * 0.085, {
    align: 'center',
    stroke: '#2f7fd0',
    fit: W * 0.8,
  })
  s.write(W / 2, H * 0.96, '30 secondes, devant, derrière et les pouces', H * 0.042, {
    align: 'center',
    fit: W * 0.76,
  })
}

/** Knights of the syringe. */
export function vaccine(s: Sheet): void {
  const { width: W, height: H } = s
  grass(s, H * 0.82)
  virus(s, W * 0.7, H * 0.48, H * 0.42, 'scared', '#3f9b45')
  for (const [x, y] of [[0.93, 0.24], [0.94, 0.72]] as const) virus(s, W * x, H * y, H * 0.13, 'sick') // prettier-ignore
  for (const [i, x] of [0.1, 0.26].entries()) {
    const y = H * (0.88 + i * 0.04)
    person(s, W * x, y, H * 0.46, { cap: 'helmet', arms: 'out', mask: '#bfe0ef', top: '#8f959e' })
    s.turned(W * (x + 0.06), y - H * 0.27, -14 + i * 10, () => {
      const [a, b] = [W * (x + 0.05), y - H * 0.29]
      s.rect(a, b, W * 0.15, H * 0.055, { fill: '#bfe6f5', flat: true })
      s.rect(a, b, W * 0.08, H * 0.055, { fill: '#f2b90f', flat: true })
      s.line(a + W * 0.15, b + H * 0.027, a + W * 0.22, b + H * 0.027, {
        weight: 5,
        stroke: '#6c6c70',
      })
      s.line(a, b + H * 0.027, a - W * 0.04, b + H * 0.027, { weight: 9 })
      s.line(a - W * 0.04, b, a - W * 0.04, b + H * 0.055, { weight: 9 })
    })
  }
  cat(s, W * 0.42, H * 0.96, H * 0.14, '#e08a3a')
  s.rect(W * 0.37, H * 0.96, W * 0.1, H * 0.02, { fill: '#8f959e', flat: true })
  bubble(s, W * 0.56, H * 0.14, 'Oh non, pas les chevaliers !', H * 0.036, W * 0.66, H * 0.3)
  s.write(W * 0.04, H * 0.12, 'Le vaccin', H * 0.09, { stroke: '#d62f3a', fit: W * 0.3 })
}

/** The Earth has a temperature. */
export function planet(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(-10, -10, W + 20, H + 20, { fill: '#3a4386', bare: true, angle: 0.5 })
  for (let i = 0; i < 34; i++) star(s, s.between(0, W), s.between(0, H), s.between(6, 18))
  const [x, y, r] = [W * 0.46, H * 0.5, Math.min(W, H) * 0.34]
  s.circle(x, y, r * 2, { fill: '#5db1e2', weight: 9 })
  const land = { fill: '#5fae54', stroke: '#3f8a3c', weight: 5 }
  s.blob([[x - r * 0.75, y - r * 0.4], [x - r * 0.35, y - r * 0.78], [x - r * 0.08, y - r * 0.6], [x - r * 0.3, y - r * 0.3], [x - r * 0.36, y + r * 0.06], [x - r * 0.6, y - r * 0.06]], land) // prettier-ignore
  s.blob([[x + r * 0.12, y - r * 0.72], [x + r * 0.55, y - r * 0.66], [x + r * 0.84, y - r * 0.2], [x + r * 0.66, y + r * 0.1], [x + r * 0.36, y - r * 0.1], [x + r * 0.2, y - r * 0.36]], land) // prettier-ignore
  s.blob([[x - r * 0.3, y + r * 0.66], [x + r * 0.1, y + r * 0.74], [x + r * 0.36, y + r * 0.84], [x, y + r * 0.95], [x - r * 0.3, y + r * 0.88]], land) // prettier-ignore
  for (const side of [-1, 1]) {
    s.circle(x + side * r * 0.3, y - r * 0.14, r * 0.26, { fill: '#ffffff', flat: true, weight: 6 })
    s.dot(x + side * r * 0.3, y - r * 0.1, r * 0.06)
    s.line(x + side * r * 0.5, y + r * 0.24, x + side * r * 0.95, y + r * 0.02, {
      weight: 7,
      stroke: '#ffffff',
    })
  }
  s.polygon([[x - r * 0.55, y + r * 0.14], [x + r * 0.55, y + r * 0.14], [x + r * 0.46, y + r * 0.66], [x - r * 0.46, y + r * 0.66]], { fill: '#f3f8fa', flat: true, weight: 7 }) // prettier-ignore
  for (const dy of [0.3, 0.48])
    s.line(x - r * 0.46, y + r * dy, x + r * 0.46, y + r * dy, { weight: 4 })
  s.turned(x + r * 0.9, y + r * 0.4, 24, () => {
    s.rect(x + r * 0.5, y + r * 0.36, r * 0.8, r * 0.1, { fill: '#ffffff', flat: true, weight: 5 })
    s.rect(x + r * 0.5, y + r * 0.38, r * 0.55, r * 0.06, {
      fill: '#d62f3a',
      flat: true,
      bare: true,
    })
  })
  const [mx, my] = [W * 0.87, H * 0.22]
  s.circle(mx, my, H * 0.19, { fill: '#fbe9a8', weight: 6 })
  for (const side of [-1, 1]) s.dot(mx + side * H * 0.03, my - H * 0.012, 7)
  s.arc(mx, my + H * 0.02, H * 0.06, H * 0.04, 0.2, Math.PI - 0.2, { weight: 5 })
  bubble(s, W * 0.82, H * 0.06, 'Un mouchoir ?', H * 0.034, mx, my - H * 0.07)
  cat(s, mx, my - H * 0.09, H * 0.06, '#17172a')
  s.write(W / 2, H * 0.955, 'La Terre est malade mais elle va guérir', H * 0.058, {
    align: 'center',
    stroke: '#fbe9a8',
    fit: W * 0.92,
  })
}

/** One metre is a crocodile. */
export function crocodileRule(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.2)
  grass(s, H * 0.74)
  sun(s, W * 0.9, H * 0.13, H * 0.15)
  person(s, W * 0.12, H * 0.86, H * 0.44, { arms: 'wave', mask: '#bfe0ef' })
  person(s, W * 0.88, H * 0.86, H * 0.44, { arms: 'wave', mask: '#f2b8b0' })
  crocodile(s, W * 0.21, H * 0.86, W * 0.58)
  s.line(W * 0.21, H * 0.91, W * 0.79, H * 0.91, { weight: 7, stroke: '#d62f3a' })
  for (let i = 0; i <= 10; i++)
    s.line(W * (0.21 + i * 0.058), H * (i % 5 ? 0.895 : 0.88), W * (0.21 + i * 0.058), H * 0.925, {
      weight: 5,
      stroke: '#d62f3a',
    })
  s.write(W * 0.5, H * 0.965, '1 mètre', H * 0.055, { align: 'center', stroke: '#d62f3a' })
  bubble(s, W * 0.56, H * 0.42, 'Ne vous approchez pas', H * 0.04, W * 0.66, H * 0.68)
  cat(s, W * 0.38, H * 0.72, H * 0.12, '#e08a3a', true)
  s.write(W * 0.43, H * 0.13, '1 mètre = 1 crocodile', H * 0.085, {
    align: 'center',
    stroke: '#3f9b45',
    fit: W * 0.72,
  })
}

/** Nurses fly. */
export function nurses(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.7, '#bcdff4', 0.7)
  for (const x of [0.15, 0.52, 0.86]) cloud(s, W * x, H * s.between(0.6, 0.7), W * 0.09)
  s.rect(W * 0.3, H * 0.74, W * 0.4, H * 0.27, { fill: '#f4f4f2', weight: 8 })
  s.write(W * 0.5, H * 0.81, 'HÔPITAL', H * 0.05, { align: 'center', stroke: '#2f7fd0' })
  for (let i = 0; i < 10; i++)
    s.rect(
      W * (0.325 + (i % 5) * 0.075),
      H * (0.84 + Math.floor(i / 5) * 0.08),
      W * 0.045,
      H * 0.055,
      { fill: '#fbe6a2', flat: true, weight: 3 },
    )
  for (let i = 0; i < 4; i++) {
    const [x, y] = [W * (0.15 + i * 0.235), H * (0.55 + (i % 2) * 0.07)]
    s.turned(x, y - H * 0.2, s.between(-14, 14), () => {
      person(s, x, y, H * 0.4, {
        cap: 'nurse',
        mask: '#bfe0ef',
        cape: s.pick(['#d62f3a', '#2f7fd0', '#6a4fb3', '#f2b90f']),
        top: '#ffffff',
        bottom: '#9ccbe8',
        arms: 'up',
      })
      heart(s, x, y - H * 0.17, H * 0.035)
    })
  }
  for (let i = 0; i < 7; i++)
    heart(s, s.between(W * 0.05, W * 0.95), s.between(H * 0.7, H * 0.93), s.between(26, 56))
  cat(s, W * 0.08, H * 0.985, H * 0.1, '#fbfbf9')
  s.write(W / 2, H * 0.115, 'Merci les super-soignants', H * 0.085, {
    align: 'center',
    stroke: '#d62f3a',
    fit: W * 0.9,
  })
}

/** Mount Toilet-paper, first ascent. */
export function rollMountain(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(-10, -10, W + 20, H * 0.94, {
    fill: s.pick(['#f7b77a', '#8cc4ea', '#cfa6d8']),
    bare: true,
    angle: 0.05,
    opacity: 0.7,
  })
  const rows = 7
  const size = (H * 0.62) / rows
  for (let row = 0; row < rows; row++) {
    const count = rows - row
    for (let i = 0; i < count; i++)
      roll(
        s,
        W * 0.5 + (i - (count - 1) / 2) * size * 0.96,
        H * 0.9 - row * size * 0.94,
        size * 1.02,
      )
  }
  const top = H * 0.9 - (rows - 1) * size * 0.94 - size * 0.5
  person(s, W * 0.5, top, H * 0.2, { arms: 'up', mouth: 'open', cap: 'helmet' })
  s.line(W * 0.545, top - H * 0.02, W * 0.545, top - H * 0.25, { weight: 7 })
  s.polygon([[W * 0.545, top - H * 0.25], [W * 0.65, top - H * 0.22], [W * 0.545, top - H * 0.17]], { fill: '#d62f3a' }) // prettier-ignore
  person(s, W * 0.28, H * 0.74, H * 0.2, { arms: 'wave', mouth: 'tongue' })
  s.curve([[W * 0.3, H * 0.64], [W * 0.4, H * 0.42], [W * 0.5, top]], { weight: 4, stroke: '#d62f3a' }) // prettier-ignore
  cat(s, W * 0.68, H * 0.66, H * 0.1)
  s.curve([[W * 0.7, H * 0.66], [W * 0.8, H * 0.72], [W * 0.78, H * 0.86], [W * 0.92, H * 0.93]], { weight: 22, stroke: '#fbfbf9' }) // prettier-ignore
  s.write(W * 0.06, H * 0.13, 'Le mont', H * 0.08, { fit: W * 0.36 })
  s.write(W * 0.06, H * 0.235, 'Papier-Toilette', H * 0.08, { fit: W * 0.36 })
  s.write(W * 0.06, H * 0.31, '8 848 rouleaux', H * 0.04, { fit: W * 0.3 })
}

/** Masks on the line; the smallest one is for the bear. */
export function clothesLine(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.3)
  sun(s, W * 0.12, H * 0.16, H * 0.16)
  grass(s, H * 0.78)
  for (const x of [0.06, 0.94])
    s.line(W * x, H * 0.9, W * x, H * 0.26, { weight: 18, stroke: '#8a5a34' })
  const sag = (t: number): Point => [W * (0.06 + 0.88 * t), H * (0.3 + 0.32 * t * (1 - t))]
  s.curve([0, 0.2, 0.4, 0.6, 0.8, 1].map(sag), { weight: 5 })
  for (let i = 0; i < 7; i++) {
    const [x, y] = sag((i + 0.6) / 7.2)
    const small = i === 5 ? 0.5 : s.between(0.85, 1.1)
    const [w, h] = [W * 0.085 * small, H * 0.12 * small]
    for (const side of [-1, 1])
      s.arc(
        x + side * w * 0.55,
        y + h * 0.62,
        w * 0.4,
        h * 0.8,
        side > 0 ? -1.4 : 1.7,
        side > 0 ? 1.4 : 4.6,
        { weight: 4 },
      )
    s.polygon([[x - w * 0.5, y + 6], [x + w * 0.5, y + 6], [x + w * 0.46, y + h], [x, y + h * 1.15], [x - w * 0.46, y + h]], { fill: s.colour(), angle: s.pick([0, 0.8, 1.5]) }) // prettier-ignore
    if (i % 2)
      for (let k = 0; k < 5; k++)
        s.dot(x + s.between(-w, w) * 0.34, y + h * s.between(0.25, 0.85), w * 0.05, '#ffffff')
    else if (i % 4) star(s, x, y + h * 0.55, w * 0.2)
    else heart(s, x, y + h * 0.55, w * 0.3, '#fbf3e2')
    for (const side of [-0.3, 0.3])
      s.rect(x + w * side - 5, y - 10, 11, 30, { fill: '#d9b26f', flat: true, weight: 3 })
  }
  person(s, W * 0.22, H * 0.94, H * 0.4, { arms: 'up', dress: true })
  teddy(s, W * 0.78, H * 0.93, H * 0.24)
  cat(s, W * 0.6, H * 0.94, H * 0.15, '#8f8f94', true)
  for (let i = 0; i < 4; i++) flower(s, W * (0.34 + i * 0.06), H * 0.97, H * 0.09)
  s.write(W * 0.56, H * 0.14, 'Les masques sèchent', H * 0.08, {
    align: 'center',
    stroke: '#1f8f8a',
    fit: W * 0.66,
  })
}

/** The big rainbow, with the hands of the family. */
export function bigRainbow(s: Sheet): void {
  const { width: W, height: H } = s
  rainbow(s, W * 0.5, H * 0.72, Math.min(W * 0.46, H * 0.58), Math.min(W, H) * 0.055)
  for (const x of [0.1, 0.9]) cloud(s, W * x, H * 0.73, W * 0.1)
  sun(s, W * 0.5, H * 0.66, H * 0.14)
  const people = s.shuffle(['Papa', 'Maman', 'moi', 'bébé', 'Mamie'])
  people.forEach((name, i) => {
    const [x, y, k] = [
      W * (0.14 + i * 0.18),
      H * 0.88,
      name === 'bébé' ? 0.5 : name === 'moi' ? 0.72 : 1,
    ]
    const colour = rainbowColours[i] ?? '#d62f3a'
    const size = H * 0.05 * k
    for (let f = 0; f < 5; f++) {
      const a = -Math.PI * (0.18 + f * 0.16)
      const far = size * (f === 4 ? 1.5 : 1.9)
      s.line(x, y, x + Math.cos(a) * far, y + Math.sin(a) * far, {
        stroke: colour,
        weight: size * 0.5,
        roughness: 0.4,
      })
    }
    s.circle(x, y, size * 1.7, { fill: colour, stroke: colour, flat: true })
    s.write(x, y + H * 0.085, name, H * 0.034, { align: 'center' })
  })
  cat(s, W * 0.05, H * 0.985, H * 0.07, '#2b2a2e')
  s.write(W / 2, H * 0.1, s.pick(['Tout ira bien', 'Ça va aller', 'Andrà tutto bene']), H * 0.085, {
    align: 'center',
    stroke: '#d62f3a',
    fit: W * 0.84,
  })
}

/** Leave by rocket; the form is needed even there. */
export function rocket(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(-10, -10, W + 20, H + 20, { fill: '#33357a', bare: true, angle: 0.8 })
  for (let i = 0; i < 30; i++) star(s, s.between(0, W), s.between(0, H), s.between(6, 16))
  const [x, y, h] = [W * 0.36, H * 0.56, H * 0.56]
  s.turned(x, y, 18, () => {
    s.polygon([[x - h * 0.12, y + h * 0.36], [x, y + h * 0.62], [x + h * 0.12, y + h * 0.36]], { fill: '#f0702a' }) // prettier-ignore
    s.polygon([[x - h * 0.06, y + h * 0.36], [x, y + h * 0.52], [x + h * 0.06, y + h * 0.36]], { fill: '#f7c41f', flat: true }) // prettier-ignore
    for (const side of [-1, 1]) s.polygon([[x + side * h * 0.17, y + h * 0.08], [x + side * h * 0.32, y + h * 0.4], [x + side * h * 0.13, y + h * 0.34]], { fill: '#d62f3a' }) // prettier-ignore
    s.blob([[x, y - h * 0.5], [x + h * 0.19, y - h * 0.1], [x + h * 0.13, y + h * 0.36], [x - h * 0.13, y + h * 0.36], [x - h * 0.19, y - h * 0.1]], { fill: '#eef3f6' }) // prettier-ignore
    s.circle(x, y - h * 0.08, h * 0.22, { fill: '#8cc4ea', flat: true, weight: 9 })
    head(s, x, y - h * 0.07, h * 0.075, { mouth: 'open' })
    cat(s, x, y + h * 0.28, h * 0.16, '#e08a3a')
  })
  const [ax, ay] = [W * 0.78, H * 0.66]
  s.ellipse(ax, ay + H * 0.12, W * 0.28, H * 0.13, { fill: '#8f959e' })
  s.polygon(ring(ax, ay + H * 0.09, W * 0.09, H * 0.16, Math.PI, Math.PI * 2, 10), {
    fill: '#bfe6f5',
  })
  s.ellipse(ax, ay + H * 0.03, H * 0.1, H * 0.12, { fill: '#5fc46a' })
  for (const side of [-1, 1]) s.dot(ax + side * 16, ay + H * 0.015, 12)
  s.rect(ax - 28, ay + H * 0.04, 56, 30, { fill: '#ffffff', flat: true, weight: 3 })
  bubble(s, W * 0.72, H * 0.36, 'Votre attestation ?', H * 0.042, ax, ay - H * 0.05)
  s.circle(W * 0.9, H * 0.13, H * 0.16, { fill: '#cf5a9d' })
  s.ellipse(W * 0.9, H * 0.13, H * 0.3, H * 0.05, { stroke: '#f7c41f', weight: 8 })
  s.write(W * 0.04, H * 0.97, 'Plus d’un kilomètre', H * 0.07, { stroke: '#fbe9a8', fit: W * 0.6 })
}

/** Fifty-five days, one face each. */
export function calendar(s: Sheet): void {
  const { width: W, height: H } = s
  s.write(W / 2, H * 0.085, 'Mes 55 jours', H * 0.075, { align: 'center', stroke: '#d62f3a' })
  const columns = W > H ? 11 : 7
  const rows = Math.ceil(55 / columns)
  const [cw, ch] = [(W * 0.92) / columns, (H * 0.78) / rows]
  const notes: Record<number, string> = { 1: 'youpi', 4: 'crêpes', 9: 'pyjama', 13: 'dentier', 17: 'ma fête', 22: 'orage', 28: 'Pâques', 33: 'dispute', 40: 'un escargot', 46: 'la dent', 50: 'muguet', 55: 'dehors !' } // prettier-ignore
  for (let day = 1; day <= 55; day++) {
    const x = W * 0.04 + cw * ((day - 1) % columns)
    const y = H * 0.13 + ch * Math.floor((day - 1) / columns)
    s.rect(x + 5, y + 5, cw - 10, ch - 10, {
      weight: 3.5,
      ...(notes[day] ? { fill: s.pick(['#f6dd92', '#c7dff0', '#f2b8b0', '#cfe3c8']) } : {}),
    })
    s.write(x + 16, y + ch * 0.24, String(day), ch * 0.13, { weight: 3.4 })
    const mood =
      day === 55 ? 'open' : s.pick(['smile', 'flat', 'sad', 'tongue', 'smile', 'open'] as const)
    const r = Math.min(cw, ch) * 0.19
    if (day % 13 === 0) cat(s, x + cw * 0.5, y + ch * 0.8, ch * 0.46)
    else
      head(s, x + cw * 0.55, y + ch * 0.5, r, {
        mouth: mood,
        hair: 'spikes',
        hairColour: '#6b4423',
        skin: '#f7d7bd',
      })
    const word = notes[day]
    if (word)
      s.write(x + cw * 0.5, y + ch * 0.92, word, ch * 0.11, {
        align: 'center',
        fit: cw * 0.86,
        weight: 3,
      })
  }
  s.write(
    W / 2,
    H * 0.965,
    'compte bien fait, le 26 je n’ai pas dessiné, c’est le chat',
    H * 0.034,
    { align: 'center', fit: W * 0.9 },
  )
}

/** A portrait with the mask that Mother sewed. */
export function maskPortrait(s: Sheet): void {
  portrait(s, 'Je souris dessous')
}
export function maskRiddle(s: Sheet): void {
  portrait(s, 'Devine si je souris')
}

function portrait(s: Sheet, text: string): void {
  const { width: W, height: H } = s
  s.rect(-10, -10, W + 20, H + 20, {
    fill: s.pick(['#f6dd92', '#b7e3d0', '#f2b8b0', '#c7dff0']),
    bare: true,
  })
  const r = Math.min(W, H) * 0.27
  const [x, y] = [W * 0.5, H * 0.47]
  s.blob([[x - r * 1.7, H + 10], [x - r * 1.2, y + r * 1.25], [x, y + r], [x + r * 1.2, y + r * 1.25], [x + r * 1.7, H + 10]], { fill: s.colour(), weight: 9 }) // prettier-ignore
  head(s, x, y, r, { mask: '#fdfbf4', hair: s.pick(['plaits', 'curly', 'afro', 'long']) })
  for (let i = 0; i < 9; i++)
    flowerPrint(
      s,
      x + r * (-0.44 + (i % 3) * 0.44),
      y + r * (0.2 + Math.floor(i / 3) * 0.2),
      r * 0.08,
    )
  for (const side of [-1, 1]) s.curve([[x + side * r * 0.22, y - r * 0.36], [x + side * r * 0.4, y - r * 0.43], [x + side * r * 0.56, y - r * 0.34]], { weight: 9 }) // prettier-ignore
  s.write(W / 2, H * 0.11, text, H * 0.075, {
    align: 'center',
    stroke: '#6a4fb3',
    fit: W * 0.86,
  })
  cat(s, W * 0.1, H * 0.99, H * 0.1)
}

function flowerPrint(s: Sheet, x: number, y: number, size: number): void {
  const colour = s.pick(['#d62f3a', '#2f7fd0', '#cf5a9d'])
  for (let i = 0; i < 5; i++)
    s.dot(
      x + Math.cos(i * 1.257) * size * 0.6,
      y + Math.sin(i * 1.257) * size * 0.6,
      size * 0.42,
      colour,
    )
  s.dot(x, y, size * 0.36, '#f7c41f')
}

/** A letter to Grandmother, on lined paper, with a drawing below. */
export function letter(s: Sheet): void {
  const { width: W, height: H } = s
  const lines = ['Chère Mamie,', 'Je vais bien et toi ?', 'Le matin je fais l’école à la maison', 'avec Papa. Il ne sait plus les divisions.', 'Hier on a vu un hérisson sur le parking.', 'Le chat a mangé mon exposé.', 'Je t’envoie un bisou qui ne touche pas.'] // prettier-ignore
  const left = W * 0.2
  lines.forEach((line, i) =>
    s.write(left + (i === 0 ? 40 : 0), 62 * (2.68 + i * 2), line, 40, {
      stroke: '#2c4fa0',
      weight: 4.4,
      fit: W * 0.76,
      slant: 0.06,
    }),
  )
  const y = 62 * (2.7 + lines.length * 2 + 0.4)
  const rest = H - y
  house(s, left, y + rest * 0.78, W * 0.2, rest * 0.5, { smoke: true })
  for (let i = 0; i < 5; i++)
    heart(s, left + W * (0.27 + i * 0.07), y + rest * (0.6 - 0.12 * Math.sin(i * 0.78)), 40)
  house(s, left + W * 0.56, y + rest * 0.78, W * 0.17, rest * 0.42, { smoke: false })
  cat(s, left + W * 0.44, y + rest * 0.86, rest * 0.22, '#e08a3a')
}

/** The alphabet of the lockdown: 26 squares to read one by one. */
export function alphabet(s: Sheet): void {
  const { width: W, height: H } = s
  const words = ['Attestation', 'Balcon', 'Canard', 'Dessin', 'École', 'Fenêtre', 'Gel', 'Héros', 'Infirmière', 'Jardin', 'Kilomètre', 'Lit', 'Masque', 'Nuit', 'Ordinateur', 'Pain', 'Quatre murs', 'Rouleau', 'Savon', 'Téléphone', 'Un mètre', 'Virus', 'Wifi', 'Xylophone', 'Yaourt', 'Zéro copain'] // prettier-ignore
  s.write(W / 2, H * 0.075, 'L’abécédaire du confinement', H * 0.055, {
    align: 'center',
    stroke: '#d62f3a',
  })
  const columns = 6
  const rows = 5
  const [cw, ch] = [(W * 0.94) / columns, (H * 0.88) / rows]
  for (const [i, word] of words.entries()) {
    const cell = i < 24 ? i : i + 2
    const x = W * 0.03 + cw * (cell % columns)
    const y = H * 0.1 + ch * Math.floor(cell / columns)
    s.rect(x + 8, y + 8, cw - 16, ch - 16, {
      fill: ['#fdf1c9', '#dceefa', '#fbe0dc', '#e3f1de', '#ece3f5'][i % 5]!,
      flat: true,
      weight: 5,
    })
    s.print(x + cw * 0.16, y + ch * 0.36, word[0]!.normalize('NFD')[0]!, ch * 0.22, {
      align: 'center',
      stroke: rainbowColours[i % 6]!,
      weight: 0.22,
    })
    s.write(x + cw * 0.5, y + ch * 0.9, word, ch * 0.1, { align: 'center', fit: cw * 0.84 })
    icon(s, word, x + cw * 0.6, y + ch * 0.72, ch * 0.52)
  }
  s.write(W * 0.05, H * 0.92, 'CM1 de', H * 0.03)
  s.write(W * 0.05, H * 0.965, 'Mme Perrin', H * 0.03)
  cat(s, W * 0.82, H * 0.96, H * 0.09)
  s.write(W * 0.86, H * 0.93, 'C comme Chat', H * 0.022)
}

/** One small thing that stands on y, for the alphabet. */
function icon(s: Sheet, word: string, x: number, y: number, h: number): void {
  const draw: Record<string, () => void> = {
    Attestation: () => {
      s.rect(x - h * 0.3, y - h, h * 0.6, h, { fill: '#ffffff', flat: true })
      for (let i = 0; i < 6; i++)
        s.line(x - h * 0.2, y - h * (0.8 - i * 0.12), x + h * 0.2, y - h * (0.8 - i * 0.12), {
          weight: 3,
        })
    },
    Balcon: () => person(s, x, y, h, { arms: 'up', mouth: 'open' }),
    Canard: () => duck(s, x, y, h * 0.85),
    Dessin: () => sun(s, x, y - h * 0.5, h * 0.5),
    École: () => house(s, x - h * 0.4, y, h * 0.8, h * 0.6, { floors: 1 }),
    Fenêtre: () => rainbow(s, x, y, h * 0.6),
    Gel: () => s.polygon([[x - h * 0.2, y], [x - h * 0.2, y - h * 0.6], [x - h * 0.06, y - h * 0.8], [x + h * 0.06, y - h * 0.8], [x + h * 0.2, y - h * 0.6], [x + h * 0.2, y]], { fill: '#8cc4ea' }), // prettier-ignore
    Héros: () => person(s, x, y, h, { cape: '#d62f3a', arms: 'up' }),
    Infirmière: () => person(s, x, y, h, { cap: 'nurse', mask: '#bfe0ef', top: '#ffffff' }),
    Jardin: () => [-0.3, 0, 0.3].forEach((d) => flower(s, x + h * d, y, h * 0.7)),
    Kilomètre: () => crocodile(s, x - h * 0.7, y, h * 1.4),
    Lit: () => s.rect(x - h * 0.6, y - h * 0.35, h * 1.2, h * 0.35, { fill: '#6a4fb3' }),
    Masque: () => head(s, x, y - h * 0.5, h * 0.36, { mask: '#f2b8b0' }),
    Nuit: () =>
      [0, 1, 2].forEach((i) =>
        star(s, x + h * (i - 1) * 0.35, y - h * (0.3 + (i % 2) * 0.4), h * 0.17),
      ),
    Ordinateur: () => screen(s, x - h * 0.36, y - h * 0.75, h * 0.72, h * 0.5),
    Pain: () => s.blob([[x - h * 0.5, y], [x - h * 0.4, y - h * 0.4], [x, y - h * 0.5], [x + h * 0.4, y - h * 0.4], [x + h * 0.5, y]], { fill: '#d59a4e' }), // prettier-ignore
    'Quatre murs': () => s.rect(x - h * 0.4, y - h * 0.8, h * 0.8, h * 0.8, { weight: 12 }),
    Rouleau: () => roll(s, x, y - h * 0.45, h * 0.7),
    Savon: () => s.ellipse(x, y - h * 0.3, h, h * 0.55, { fill: '#f7b7cf' }),
    Téléphone: () => s.rect(x - h * 0.2, y - h * 0.85, h * 0.4, h * 0.85, { fill: '#5d6b7d' }),
    'Un mètre': () =>
      s.line(x - h * 0.7, y - h * 0.3, x + h * 0.7, y - h * 0.3, { weight: 10, stroke: '#d62f3a' }),
    Virus: () => virus(s, x, y - h * 0.45, h * 0.6),
    Wifi: () =>
      [0.3, 0.6, 0.9].forEach((d) =>
        s.arc(x, y - h * 0.1, h * d * 1.5, h * d * 1.5, 3.9, 5.5, { weight: 9 }),
      ),
    Xylophone: () => rainbowColours.forEach((c, i) => s.rect(x - h * 0.6 + i * h * 0.2, y - h * (0.7 - i * 0.06), h * 0.16, h * (0.7 - i * 0.06), { fill: c, flat: true, weight: 3 })), // prettier-ignore
    Yaourt: () => s.polygon([[x - h * 0.25, y - h * 0.5], [x + h * 0.25, y - h * 0.5], [x + h * 0.18, y], [x - h * 0.18, y]], { fill: '#fbfbf9', flat: true }), // prettier-ignore
    'Zéro copain': () => head(s, x, y - h * 0.5, h * 0.34, { mouth: 'sad' }),
  }
  draw[word]?.()
}

/** Everyone plays at the window: a string quartet of neighbours. */
export function windowConcert(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(-10, -10, W + 20, H + 20, { fill: '#e7b98a', bare: true, angle: 0.02, opacity: 0.9 })
  for (let i = 0; i < 6; i++) {
    const [x, y] = [W * (0.08 + (i % 3) * 0.31), H * (0.2 + Math.floor(i / 3) * 0.38)]
    const [w, h] = [W * 0.2, H * 0.3]
    for (const side of [-0.5, 1.02])
      s.rect(x + (side < 0 ? -w * 0.26 : w * 1.02), y, w * 0.24, h, { fill: '#3d7a6a', angle: 0 })
    s.rect(x, y, w, h, { fill: i === 4 ? '#3b4468' : '#fbe6a2', flat: true, weight: 8 })
    if (i === 4) cat(s, x + w * 0.5, y + h, h * 0.7)
    else {
      person(s, x + w * 0.5, y + h * 1.22, h * 1.1, {
        arms: i % 2 ? 'out' : 'front',
        mouth: 'open',
      })
      if (i % 2) s.ellipse(x + w * 0.5, y + h * 0.82, w * 0.3, h * 0.32, { fill: '#a9713f' })
      else
        s.line(x + w * 0.24, y + h * 0.66, x + w * 0.82, y + h * 0.5, {
          weight: 12,
          stroke: '#f2b90f',
        })
      s.rect(x - w * 0.02, y + h, w * 1.04, h * 0.28, { fill: '#e7b98a', bare: true, flat: true })
      s.rect(x - w * 0.05, y + h, w * 1.1, h * 0.09, { fill: '#c9653f' })
      note(s, x + w * s.between(0.1, 0.8), y - H * 0.02, H * 0.06)
    }
  }
  s.write(W / 2, H * 0.11, 'Le concert des fenêtres', H * 0.08, {
    align: 'center',
    stroke: '#d62f3a',
    fit: W * 0.88,
  })
  s.write(W / 2, H * 0.975, 'le basson n’est pas venu, il dort', H * 0.04, { align: 'center' })
}
