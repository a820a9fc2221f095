// Scenes behind the front door: the window, the screen, the kitchen, the living room.
import { cat, teddy } from '../animals.ts'
import { head, person, skins, type Look } from '../people.ts'
import {
  balloon,
  bubble,
  cloud,
  flower,
  heart,
  house,
  note,
  rainbow,
  screen,
  star,
  sun,
} from '../props.ts'
import { ring, type Point, type Sheet } from '../sheet.ts'

/** The window, the rainbow in it and whoever lives on the sill. */
export function windowRainbow(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(0, 0, W, H, {
    fill: s.pick(['#f2dfc4', '#f3cfc6', '#dfe3c3', '#e0d5ec']),
    bare: true,
    opacity: 0.8,
  })
  const [x, y, w, h] = [W * 0.14, H * 0.08, W * 0.72, H * 0.7]
  s.rect(x, y, w, h, { fill: '#a9d5f0', weight: 14, stroke: '#8a5a34', angle: 0.1, opacity: 0.75 })
  sun(s, x + w * 0.14, y + h * 0.2, w * 0.13)
  rainbow(s, x + w * 0.53, y + h * 0.93, Math.min(w * 0.4, h * 0.72))
  cloud(s, x + w * 0.78, y + h * 0.16, w * 0.09)
  for (let i = 0; i < 5; i++) {
    house(s, x + w * (0.05 + i * 0.19), y + h * 0.98, w * 0.13, h * s.between(0.14, 0.24), {
      floors: 1,
      columns: 1,
    })
  }
  const frame = { stroke: '#8a5a34', weight: 16 }
  s.line(x + w / 2, y, x + w / 2, y + h, frame)
  s.line(x, y + h * 0.48, x + w, y + h * 0.48, frame)
  s.rect(x - W * 0.03, y + h, w + W * 0.06, H * 0.045, { fill: '#a9713f', weight: 8 })
  for (const side of [0, 1]) {
    const cx = side ? x + w - W * 0.01 : x - W * 0.09
    s.blob(
      [[cx, y - 20], [cx + W * 0.1, y - 20], [cx + W * (side ? 0.1 : 0.06), y + h * 0.45], [cx + W * (side ? 0.12 : 0.08), y + h * 0.95], [cx - W * 0.02, y + h * 0.95], [cx + W * (side ? 0.04 : 0), y + h * 0.45]], // prettier-ignore
      { fill: s.pick(['#cf5a9d', '#d62f3a', '#6a4fb3', '#1f8f8a']), angle: 1.4 },
    )
  }
  cat(s, x + w * 0.18, y + h + 4, H * 0.24, s.pick(['#2b2a2e', '#e08a3a', '#8f8f94']))
  s.polygon([[x + w * 0.72, y + h - H * 0.1], [x + w * 0.86, y + h - H * 0.1], [x + w * 0.83, y + h], [x + w * 0.75, y + h]], { fill: '#c9653f' }) // prettier-ignore
  for (const dx of [0.75, 0.79, 0.83])
    flower(s, x + w * dx, y + h - H * 0.1, H * s.between(0.1, 0.15))
  s.write(W / 2, H * 0.95, 'Tout ira bien', H * 0.095, {
    align: 'center',
    stroke: '#6a4fb3',
    fit: W * 0.86,
  })
}

const wallpapers = ['#f6dd92', '#cfe3c8', '#d9cdea', '#f2b8b0', '#c7dff0', '#fbe3cf'] as const

/** The class in the laptop: one has frozen, one shows the ceiling, one is a cat. */
export function classroom(s: Sheet): void {
  const { width: W, height: H } = s
  const [x, y, w, h] = [W * 0.13, H * 0.13, W * 0.74, H * 0.6]
  s.rect(-10, H * 0.8, W + 20, H * 0.3, { fill: '#c8935a', bare: true, angle: 0.05, opacity: 0.8 })
  screen(s, x, y, w, h)
  const odd = s.shuffle(['cat', 'ceiling', 'frozen', 'teacher', '', '', '', '', ''])
  for (let i = 0; i < 9; i++) {
    const [cx, cy] = [x + (w / 3) * (i % 3), y + (h / 3) * Math.floor(i / 3)]
    const [cw, ch] = [w / 3, h / 3]
    s.rect(cx + 8, cy + 8, cw - 16, ch - 16, { fill: s.pick(wallpapers), flat: true, weight: 4 })
    const kind = odd[i]
    const r = ch * 0.27
    if (kind === 'cat') cat(s, cx + cw / 2, cy + ch - 14, ch * 0.8)
    else if (kind === 'ceiling') {
      s.line(cx + cw / 2, cy + 10, cx + cw / 2, cy + ch * 0.3, { weight: 3 })
      s.polygon([[cx + cw * 0.38, cy + ch * 0.48], [cx + cw / 2, cy + ch * 0.28], [cx + cw * 0.62, cy + ch * 0.48]], { fill: '#f2b90f' }) // prettier-ignore
      head(s, cx + cw * 0.5, cy + ch * 1.02, r * 0.5, { hair: 'spikes' })
      s.write(cx + cw / 2, cy + ch * 0.74, 'tu es là ?', ch * 0.1, { align: 'center' })
    } else {
      const look: Look =
        kind === 'teacher'
          ? { glasses: true, hair: 'bun' }
          : { mouth: s.pick(['smile', 'open', 'tongue', 'flat'] as const) }
      s.blob([[cx + cw * 0.24, cy + ch - 12], [cx + cw * 0.36, cy + ch * 0.74], [cx + cw * 0.64, cy + ch * 0.74], [cx + cw * 0.76, cy + ch - 12]], { fill: s.colour(), weight: 4 }) // prettier-ignore
      head(s, cx + cw / 2, cy + ch * 0.5, r, look)
      if (kind === 'frozen') {
        for (const a of [0, 1, 2])
          star(s, cx + cw * (0.2 + a * 0.07), cy + ch * 0.24, ch * 0.045, '#2f7fd0')
        s.write(cx + cw * 0.16, cy + ch * 0.92, 'ça bugue', ch * 0.09)
      }
      if (kind === 'teacher')
        s.write(cx + cw * 0.94, cy + ch * 0.22, 'Maîtresse', ch * 0.09, { align: 'right' })
    }
  }
  s.write(W / 2, H * 0.095, 'Ma classe à la maison', H * 0.07, {
    align: 'center',
    stroke: '#2f7fd0',
    fit: W * 0.8,
  })
  s.ellipse(W * 0.07, H * 0.9, W * 0.075, W * 0.03, { fill: '#6b3a1e', flat: true })
  s.rect(W * 0.035, H * 0.9, W * 0.07, H * 0.075, { fill: '#d62f3a' })
  for (let i = 0; i < 4; i++)
    s.line(W * (0.88 + i * 0.02), H * 0.97, W * (0.9 + i * 0.024), H * 0.86, {
      stroke: s.colour(),
      weight: 13,
    })
}

/** Two palms on the two sides of a pane. */
export function grandparents(s: Sheet): void {
  const { width: W, height: H } = s
  const skin = s.pick(skins)
  s.rect(W * 0.5, -10, W * 0.55, H * 0.86, {
    fill: '#f0cfa6',
    bare: true,
    angle: 1.3,
    opacity: 0.7,
  })
  s.rect(-10, -10, W * 0.5, H * 0.86, { fill: '#a9d5f0', bare: true, opacity: 0.6, angle: 0.1 })
  s.rect(-10, H * 0.84, W * 0.52, H * 0.2, { fill: '#5fae54', bare: true })
  s.rect(W * 0.5, H * 0.84, W * 0.6, H * 0.2, { fill: '#a9713f', bare: true, angle: 0 })
  person(s, W * 0.3, H * 0.92, H * 0.5, {
    arms: 'out',
    hair: s.pick(['plaits', 'spikes']),
    mouth: 'smile',
  })
  person(s, W * 0.69, H * 0.9, H * 0.64, {
    arms: 'out',
    skin,
    hair: 'grey',
    glasses: true,
    top: '#cf5a9d',
    dress: true,
  })
  person(s, W * 0.89, H * 0.9, H * 0.68, {
    arms: 'wave',
    skin,
    hair: 'bald',
    beard: '#d8d6d2',
    top: '#3d7a4a',
  })
  s.rect(W * 0.485, H * 0.02, W * 0.03, H * 0.94, {
    fill: '#dff1fa',
    flat: true,
    opacity: 0.8,
    weight: 7,
  })
  for (const side of [-1, 1]) {
    const [hx, hy] = [W * 0.5 + side * W * 0.037, H * 0.62]
    for (let i = -2; i <= 2; i++)
      s.line(hx, hy, hx + side * -6 + i * 9, hy - 46 + Math.abs(i) * 9, {
        weight: 9,
        stroke: skin,
      })
    s.circle(hx, hy, 44, { fill: skin, flat: true, weight: 4 })
  }
  for (const [dx, dy, size] of [[0.42, 0.2, 70], [0.5, 0.11, 110], [0.58, 0.2, 70]] as const) heart(s, W * dx, H * dy, size) // prettier-ignore
  s.write(W * 0.06, H * 0.13, 'Mamie, Papi,', H * 0.065, { stroke: '#d62f3a', fit: W * 0.3 })
  s.write(W * 0.06, H * 0.23, 'vous me manquez', H * 0.065, { stroke: '#d62f3a', fit: W * 0.32 })
  flower(s, W * 0.08, H * 0.9, H * 0.15)
  flower(s, W * 0.15, H * 0.93, H * 0.12)
  cat(s, W * 0.95, H * 0.985, H * 0.12, '#e08a3a')
}

/** Grandfather has the tablet: we see his forehead. */
export function tabletGrandpa(s: Sheet): void {
  const { width: W, height: H } = s
  const [x, y, w, h] = [W * 0.18, H * 0.16, W * 0.64, H * 0.62]
  screen(s, x, y, w, h, 'tablet', '#fbe3cf')
  const skin = '#f3cdb0'
  const brow = ring(
    x + w * 0.5,
    y + h * 1.02,
    w * 0.4,
    h * 0.86,
    Math.PI * 1.02,
    Math.PI * 1.98,
    14,
  )
  s.polygon(brow, { fill: skin, weight: 6, flat: true })
  for (const side of [-1, 1]) {
    s.circle(x + w * (0.5 + side * 0.17), y + h * 0.78, h * 0.34, { weight: 11, stroke: '#5b4636' })
    s.dot(x + w * (0.5 + side * 0.17), y + h * 0.8, h * 0.045)
    s.curve([[x + w * (0.5 + side * 0.08), y + h * 0.52], [x + w * (0.5 + side * 0.17), y + h * 0.46], [x + w * (0.5 + side * 0.28), y + h * 0.53]], { weight: 15, stroke: '#cfccc7' }) // prettier-ignore
    for (let i = 0; i < 6; i++)
      s.line(
        x + w * (0.5 + side * 0.37),
        y + h * (0.4 + i * 0.07),
        x + w * (0.5 + side * 0.44),
        y + h * (0.36 + i * 0.075),
        { weight: 8, stroke: '#cfccc7' },
      )
  }
  for (const dy of [0.28, 0.35]) s.curve([[x + w * 0.38, y + h * dy], [x + w * 0.5, y + h * (dy - 0.03)], [x + w * 0.62, y + h * dy]], { weight: 4 }) // prettier-ignore
  s.rect(x + w * 0.74, y + h * 0.06, w * 0.22, h * 0.26, { fill: '#c7dff0', flat: true, weight: 4 })
  head(s, x + w * 0.85, y + h * 0.21, h * 0.085, { hair: 'plaits', mouth: 'open' })
  bubble(s, W * 0.34, H * 0.085, 'Allô ? On me voit ?', H * 0.036, x + w * 0.3, y + h * 0.3)
  s.write(W / 2, H * 0.93, 'Papi sur la tablette', H * 0.075, {
    align: 'center',
    stroke: '#1f8f8a',
    fit: W * 0.8,
  })
  s.rect(x - W * 0.1, y + h + H * 0.04, w + W * 0.2, H * 0.022, { fill: '#a9713f', flat: true })
}

/** Bread: everyone bakes, the flour wins. */
export function bread(s: Sheet): void {
  const { width: W, height: H } = s
  for (let i = 0; i < 12; i++) {
    for (let j = 0; j < 4; j++) {
      if ((i + j) % 2)
        s.rect((W / 12) * i, H * 0.12 * j, W / 12, H * 0.12, {
          fill: '#bfe0e8',
          bare: true,
          opacity: 0.55,
        })
    }
  }
  person(s, W * 0.26, H * 0.74, H * 0.62, {
    cap: 'chef',
    arms: 'up',
    mouth: 'open',
    top: '#cf5a9d',
  })
  person(s, W * 0.72, H * 0.74, H * 0.46, { arms: 'wave', hair: 'curly', top: '#f2b90f' })
  s.rect(W * 0.04, H * 0.66, W * 0.92, H * 0.09, { fill: '#c8935a', angle: 0.02 })
  s.rect(W * 0.08, H * 0.75, W * 0.84, H * 0.13, { fill: '#a9713f', angle: 1.5 })
  for (let i = 0; i < 3; i++)
    loaf(s, W * (0.4 + i * 0.11), H * 0.655, W * 0.09, H * s.between(0.07, 0.11))
  s.polygon([[W * 0.8, H * 0.66], [W * 0.81, H * 0.46], [W * 0.92, H * 0.46], [W * 0.93, H * 0.66]], { fill: '#fbf3e2', flat: true }) // prettier-ignore
  s.write(W * 0.865, H * 0.575, 'farine', H * 0.035, { align: 'center' })
  for (let i = 0; i < 70; i++)
    s.dot(s.between(W * 0.1, W * 0.9), s.between(H * 0.2, H * 0.66), s.between(2, 7), '#ffffff')
  s.curve([[W * 0.13, H * 0.3], [W * 0.2, H * 0.18], [W * 0.34, H * 0.19], [W * 0.4, H * 0.3]], { stroke: '#e2c48e', weight: 26 }) // prettier-ignore
  cat(s, W * 0.12, H * 0.98, H * 0.17, '#fbfbf9')
  s.write(W * 0.56, H * 0.965, 'On a fait du pain', H * 0.07, {
    align: 'center',
    stroke: '#8a5a34',
    fit: W * 0.7,
  })
}

export function loaf(s: Sheet, x: number, y: number, w: number, h: number): void {
  s.blob([[x, y], [x + w * 0.06, y - h * 0.8], [x + w * 0.5, y - h * 1.1], [x + w * 0.94, y - h * 0.8], [x + w, y]], { fill: '#d59a4e' }) // prettier-ignore
  for (const dx of [0.3, 0.5, 0.7])
    s.line(x + w * (dx - 0.06), y - h * 0.35, x + w * (dx + 0.05), y - h * 0.85, {
      stroke: '#8a5a34',
      weight: 6,
    })
}

/** Seven candles and the family in rectangles. */
export function birthday(s: Sheet): void {
  const { width: W, height: H } = s
  for (let i = 0; i < 7; i++)
    balloon(s, W * (0.06 + i * 0.148), H * s.between(0.08, 0.16), W * 0.06)
  const [x, y, w, h] = [W * 0.5, H * 0.3, W * 0.4, H * 0.33]
  screen(s, x, y, w, h)
  for (let i = 0; i < 4; i++) {
    const [cx, cy] = [x + (w / 2) * (i % 2), y + (h / 2) * Math.floor(i / 2)]
    s.rect(cx + 5, cy + 5, w / 2 - 10, h / 2 - 10, {
      fill: s.pick(wallpapers),
      flat: true,
      weight: 4,
    })
    head(s, cx + w / 4, cy + h * 0.29, h * 0.13, {
      cap: 'party',
      mouth: 'open',
      hair: i === 0 ? 'grey' : s.pick(['long', 'curly', 'short'] as const),
      glasses: i === 0,
    })
  }
  person(s, W * 0.2, H * 0.86, H * 0.56, { cap: 'crown', arms: 'up', mouth: 'open' })
  s.rect(-10, H * 0.82, W + 20, H * 0.22, { fill: '#f2b8b0', angle: 0 })
  const [cx, cy] = [W * 0.42, H * 0.82]
  s.rect(cx - W * 0.09, cy - H * 0.13, W * 0.18, H * 0.13, { fill: '#8a5a34' })
  const icing: Point[] = [[cx - W * 0.095, cy - H * 0.13], [cx + W * 0.095, cy - H * 0.13]] // prettier-ignore
  for (let i = 6; i >= 0; i--)
    icing.push([cx - W * 0.095 + (W * 0.19 * i) / 6, cy - H * (i % 2 ? 0.07 : 0.105)])
  s.polygon(icing, { fill: '#f7c9dc', flat: true })
  const candles = Math.min(9, Math.max(4, Math.round(s.age)))
  for (let i = 0; i < candles; i++) {
    const px = cx - W * 0.075 + (W * 0.15 * i) / (candles - 1)
    s.line(px, cy - H * 0.13, px, cy - H * 0.19, { stroke: s.colour(), weight: 9 })
    s.ellipse(px, cy - H * 0.21, 12, 22, {
      fill: '#f2b90f',
      flat: true,
      weight: 3,
      stroke: '#f0702a',
    })
  }
  for (let i = 0; i < 26; i++)
    s.rect(s.between(0, W), s.between(H * 0.2, H * 0.8), 14, 9, {
      fill: s.colour(),
      flat: true,
      bare: true,
    })
  s.write(W / 2, H * 0.955, 'Joyeux anniversaire (avec du réseau)', H * 0.058, {
    align: 'center',
    stroke: '#d62f3a',
    fit: W * 0.9,
  })
}

/** Sport in the living room. */
export function gym(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(0, H * 0.72, W, H * 0.3, { fill: '#d8ad72', bare: true, angle: 0 })
  s.rect(W * 0.05, H * 0.42, W * 0.34, H * 0.3, { fill: '#1f8f8a' })
  for (const side of [0.03, 0.37])
    s.rect(W * side, H * 0.5, W * 0.05, H * 0.24, { fill: '#1f8f8a' })
  s.rect(W * 0.58, H * 0.14, W * 0.26, H * 0.2, { fill: '#3a3d45', weight: 10 })
  person(s, W * 0.71, H * 0.335, H * 0.17, { arms: 'up', top: '#cf5a9d' })
  s.turned(W * 0.53, H * 0.7, 180, () =>
    person(s, W * 0.53, H * 0.9, H * 0.42, {
      arms: 'up',
      hair: 'long',
      top: '#6a4fb3',
      mouth: 'flat',
    }),
  )
  person(s, W * 0.78, H * 0.92, H * 0.42, { arms: 'up', mouth: 'open', hair: 'spikes' })
  s.turned(W * 0.24, H * 0.88, -84, () =>
    person(s, W * 0.24, H * 1.06, H * 0.44, {
      arms: 'out',
      mouth: 'sad',
      beard: '#6b4423',
      top: '#2f7fd0',
      hair: 'short',
    }),
  )
  cat(s, W * 0.15, H * 0.425, H * 0.16, '#e08a3a')
  for (const [x, y] of [[0.36, 0.72], [0.41, 0.66], [0.34, 0.64]] as const) star(s, W * x, H * y, 20) // prettier-ignore
  for (const x of [0.88, 0.92]) note(s, W * x, H * 0.24, 60)
  s.write(W * 0.3, H * 0.15, 'Le sport dans le salon', H * 0.07, {
    align: 'center',
    stroke: '#f0702a',
    fit: W * 0.5,
  })
  s.write(W * 0.12, H * 0.25, '(Papa est tombé)', H * 0.045, { fit: W * 0.34 })
}

/** A hut of sheets with a lamp in it. */
export function fort(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(-10, -10, W + 20, H + 20, { fill: '#4b4f86', bare: true, angle: 0.3 })
  for (let i = 0; i < 22; i++) star(s, s.between(0, W), s.between(0, H * 0.42), s.between(9, 20))
  const hut: Point[] = [[W * 0.1, H * 0.88], [W * 0.24, H * 0.4], [W * 0.5, H * 0.26], [W * 0.78, H * 0.4], [W * 0.92, H * 0.88]] // prettier-ignore
  s.polygon(hut, { fill: s.pick(['#e8735a', '#cf5a9d', '#2f9c95']), angle: 0.2 })
  for (let i = 0; i < 16; i++)
    s.dot(s.between(W * 0.2, W * 0.8), s.between(H * 0.42, H * 0.84), 16, '#fbf3e2')
  s.polygon([[W * 0.36, H * 0.88], [W * 0.43, H * 0.52], [W * 0.58, H * 0.52], [W * 0.66, H * 0.88]], { fill: '#fbe08a', flat: true }) // prettier-ignore
  person(s, W * 0.46, H * 0.87, H * 0.27, { arms: 'out', hair: 'plaits' })
  teddy(s, W * 0.57, H * 0.87, H * 0.17)
  s.rect(-10, H * 0.87, W + 20, H * 0.2, { fill: '#8a5a34', angle: 0.03 })
  for (const dx of [0.2, 0.78])
    s.ellipse(W * dx, H * 0.89, W * 0.15, H * 0.08, { fill: s.colour() })
  cat(s, W * 0.86, H * 0.95, H * 0.13, '#fbfbf9')
  s.rect(W * 0.68, H * 0.56, W * 0.17, H * 0.1, { fill: '#fdf3dc', flat: true, weight: 5 })
  s.write(W * 0.765, H * 0.6, 'interdit', H * 0.032, { align: 'center' })
  s.write(W * 0.765, H * 0.64, 'aux parents', H * 0.032, { align: 'center', fit: W * 0.15 })
  s.write(W / 2, H * 0.13, 'Ma cabane est ouverte', H * 0.075, {
    align: 'center',
    stroke: '#fbe08a',
    fit: W * 0.84,
  })
}

/** Before and after: the fringe. */
export function haircut(s: Sheet): void {
  const { width: W, height: H } = s
  const skin = s.pick(skins)
  s.line(W / 2, H * 0.14, W / 2, H * 0.86, { weight: 8 })
  const dad: Look = { skin, hairColour: '#5b3a1e' }
  head(s, W * 0.25, H * 0.48, H * 0.2, { ...dad, hair: 'afro', beard: '#5b3a1e', mouth: 'flat' })
  head(s, W * 0.75, H * 0.48, H * 0.2, { ...dad, hair: 'bald', mouth: 'sad' })
  for (const [dx, dy, tall] of [
    [-0.09, -0.24, 60],
    [-0.03, -0.28, 26],
    [0.05, -0.29, 90],
    [0.1, -0.22, 40],
  ] as const) {
    // prettier-ignore
    for (let i = 0; i < 4; i++) s.line(W * (0.75 + dx) + i * 9, H * (0.48 + dy) + 70, W * (0.75 + dx) + i * 11, H * (0.48 + dy) + 70 - tall, { stroke: '#5b3a1e', weight: 9 })
  }
  for (let i = 0; i < 24; i++) {
    const [x, y] = [s.between(W * 0.54, W * 0.97), s.between(H * 0.8, H * 0.88)]
    s.curve([[x, y], [x + 14, y - 12], [x + 30, y]], { stroke: '#5b3a1e', weight: 6 }) // prettier-ignore
  }
  s.line(W * 0.9, H * 0.3, W * 0.98, H * 0.18, { weight: 12, stroke: '#8f8f94' })
  s.line(W * 0.9, H * 0.18, W * 0.98, H * 0.3, { weight: 12, stroke: '#8f8f94' })
  for (const dy of [0.33, 0.15]) s.circle(W * 0.89, H * dy, 54, { weight: 12, stroke: '#d62f3a' })
  s.write(W * 0.25, H * 0.12, 'Avant', H * 0.08, { align: 'center', stroke: '#3f9b45' })
  s.write(W * 0.72, H * 0.12, 'Après', H * 0.08, { align: 'center', stroke: '#d62f3a' })
  s.write(W / 2, H * 0.965, 'Maman a coupé les cheveux de Papa', H * 0.06, {
    align: 'center',
    fit: W * 0.92,
  })
}

/** A journey round my flat. */
export function worldTour(s: Sheet): void {
  const { width: W, height: H } = s
  const rooms: [number, number, number, number, string, string][] = [
    [0.06, 0.16, 0.3, 0.32, 'Chambre', '#d9cdea'],
    [0.36, 0.16, 0.24, 0.32, 'Bain', '#c7dff0'],
    [0.6, 0.16, 0.34, 0.4, 'Cuisine', '#f6dd92'],
    [0.06, 0.48, 0.38, 0.36, 'Salon', '#cfe3c8'],
    [0.44, 0.48, 0.16, 0.36, 'Couloir', '#f2dfc4'],
    [0.6, 0.56, 0.34, 0.28, 'Balcon', '#f2b8b0'],
  ]
  const names: Record<string, string> = { Chambre: 'le Royaume du Lit', Bain: 'la Mer', Cuisine: 'le Pays des Gâteaux', Salon: 'l’Île du Canapé', Couloir: 'le Tunnel', Balcon: 'l’Espace' } // prettier-ignore
  for (const [x, y, w, h, name, fill] of rooms) {
    s.rect(W * x, H * y, W * w, H * h, { fill, weight: 9, opacity: 0.8 })
    s.write(W * (x + w / 2), H * (y + 0.055), names[name] ?? name, H * 0.034, {
      align: 'center',
      fit: W * w * 0.88,
    })
  }
  const path: Point[] = [[0.2, 0.36], [0.3, 0.42], [0.46, 0.34], [0.52, 0.56], [0.5, 0.74], [0.3, 0.7], [0.18, 0.76], [0.3, 0.62], [0.52, 0.62], [0.7, 0.42], [0.82, 0.34], [0.76, 0.62], [0.84, 0.74]].map(([a = 0, b = 0]): Point => [W * a, H * b]) // prettier-ignore
  for (let i = 0; i < path.length - 1; i++) {
    const [[ax, ay], [bx, by]] = [path[i] ?? [0, 0], path[i + 1] ?? [0, 0]]
    for (let k = 0; k < 6; k++)
      s.line(
        ax + ((bx - ax) * k) / 6,
        ay + ((by - ay) * k) / 6,
        ax + ((bx - ax) * (k + 0.55)) / 6,
        ay + ((by - ay) * (k + 0.55)) / 6,
        { stroke: '#d62f3a', weight: 9, roughness: 0.6 },
      )
  }
  s.rect(W * 0.1, H * 0.26, W * 0.12, H * 0.13, { fill: '#6a4fb3' })
  for (let i = 0; i < 5; i++)
    s.curve(ring(W * (0.42 + i * 0.03), H * 0.4, 18, 12, Math.PI, Math.PI * 2, 5), {
      stroke: '#2f7fd0',
      weight: 6,
    })
  s.rect(W * 0.1, H * 0.66, W * 0.2, H * 0.1, { fill: '#3f9b45' })
  cat(s, W * 0.24, H * 0.665, H * 0.11, '#e08a3a')
  flower(s, W * 0.9, H * 0.82, H * 0.1)
  person(s, W * 0.86, H * 0.8, H * 0.17, { arms: 'up' })
  s.line(W * 0.13, H * 0.42, W * 0.17, H * 0.46, { stroke: '#d62f3a', weight: 12 })
  s.line(W * 0.17, H * 0.42, W * 0.13, H * 0.46, { stroke: '#d62f3a', weight: 12 })
  s.write(W / 2, H * 0.1, 'Mon tour du monde en 55 jours', H * 0.068, {
    align: 'center',
    stroke: '#2f7fd0',
    fit: W * 0.9,
  })
  s.write(W / 2, H * 0.93, 'départ : 8 h   arrivée : 8 h 04', H * 0.045, { align: 'center' })
}

/** The moon says good night: it has a mask too. */
export function moonNight(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(-10, -10, W + 20, H + 20, { fill: '#2f3f7c', bare: true, angle: -0.4 })
  for (let i = 0; i < 40; i++) star(s, s.between(0, W), s.between(0, H * 0.62), s.between(6, 16))
  const [mx, my, r] = [W * 0.66, H * 0.3, Math.min(W, H) * 0.2]
  s.circle(mx, my, r * 2, { fill: '#fbe9a8', stroke: '#f2c94c' })
  for (const side of [-1, 1]) {
    s.arc(mx + side * r * 0.36, my - r * 0.1, r * 0.3, r * 0.2, 0.1, Math.PI - 0.1, { weight: 6 })
    s.line(mx + side * r * 0.6, my + r * 0.25, mx + side * r * 0.98, my, {
      weight: 5,
      stroke: '#ffffff',
    })
  }
  s.rect(mx - r * 0.6, my + r * 0.16, r * 1.2, r * 0.58, { fill: '#bfe0ef', flat: true, weight: 5 })
  for (const dy of [0.34, 0.54])
    s.line(mx - r * 0.5, my + r * dy, mx + r * 0.5, my + r * dy, { weight: 3 })
  for (let i = 0; i < 7; i++) {
    const w = W * s.between(0.1, 0.15)
    const x = (W / 7) * i
    const h = H * s.between(0.16, 0.34)
    s.rect(x, H - h, w, h + 10, { fill: s.pick(['#23233f', '#3b2f55', '#1f3050']), bare: true })
    for (let k = 0; k < 6; k++)
      if (s.chance(0.55))
        s.rect(x + w * (0.18 + 0.4 * (k % 2)), H - h + 24 + Math.floor(k / 2) * 62, w * 0.22, 34, {
          fill: '#fbdc6a',
          flat: true,
          weight: 2,
        })
  }
  cat(s, W * 0.22, H * 0.79, H * 0.13, '#17172a')
  s.write(W * 0.06, H * 0.14, 'Bonne nuit', H * 0.085, { stroke: '#fbe9a8', fit: W * 0.4 })
  s.write(W * 0.06, H * 0.25, 'la Terre', H * 0.085, { stroke: '#fbe9a8', fit: W * 0.36 })
}
