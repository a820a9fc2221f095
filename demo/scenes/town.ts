// Scenes outside: the balconies at eight, the street without anyone, the animals that took it over.
import { beast, bird, boar, cat, deer, duck, fish, fox, hound, teddy } from '../animals.ts'
import { head, person, type Look } from '../people.ts'
import {
  bubble,
  cloud,
  flower,
  grass,
  heart,
  house,
  note,
  screen,
  sky,
  star,
  sun,
  tree,
  walls,
} from '../props.ts'
import { ring, type Point, type Sheet } from '../sheet.ts'

/** Eight in the evening: pans, lids, trumpets. */
export function balconies(s: Sheet): void {
  const { width: W, height: H } = s
  s.rect(-10, -10, W + 20, H + 20, { fill: '#4a5698', bare: true, angle: 0.2 })
  for (let i = 0; i < 24; i++) star(s, s.between(0, W), s.between(0, H * 0.16), s.between(7, 15))
  s.circle(W * 0.92, H * 0.09, H * 0.09, { fill: '#fbe9a8', stroke: '#f2c94c' })
  const rows = H > W ? 4 : 3
  const columns = Math.max(3, Math.round((W / H) * rows))
  const [x0, y0, w, h] = [W * 0.05, H * 0.2, W * 0.9, H * 0.8]
  s.rect(x0, y0, w, h, { fill: s.pick(walls), weight: 9, angle: 1.4 })
  s.polygon([[x0 - W * 0.02, y0], [W * 0.12, y0 - H * 0.05], [W * 0.88, y0 - H * 0.05], [x0 + w + W * 0.02, y0]], { fill: '#8c4b3f' }) // prettier-ignore
  const [cw, ch] = [w / columns, h / rows]
  const treat = s.whole(0, columns * rows - 1)
  for (let i = 0; i < rows * columns; i++) {
    const x = x0 + cw * (i % columns)
    const y = y0 + ch * Math.floor(i / columns)
    const lit = s.chance(0.85)
    s.rect(x + cw * 0.2, y + ch * 0.1, cw * 0.6, ch * 0.75, {
      fill: lit ? '#fbdc7a' : '#3b4468',
      flat: true,
    })
    if (i === treat) cat(s, x + cw * 0.5, y + ch * 0.84, ch * 0.5)
    else if (lit) clapper(s, x + cw * 0.5, y + ch * 0.98, ch * 0.78)
    s.line(x + cw * 0.08, y + ch * 0.62, x + cw * 0.92, y + ch * 0.62, { weight: 8 })
    for (let k = 0; k <= 8; k++)
      s.line(x + cw * (0.1 + k * 0.1), y + ch * 0.62, x + cw * (0.1 + k * 0.1), y + ch * 0.88, {
        weight: 4,
      })
    s.line(x + cw * 0.05, y + ch * 0.89, x + cw * 0.95, y + ch * 0.89, { weight: 11 })
    if (s.chance(0.3)) note(s, x + cw * 0.88, y + ch * 0.36, ch * 0.2)
  }
  s.write(W * 0.08, H * 0.115, '20 h : bravo !', H * 0.085, { stroke: '#fbe9a8', fit: W * 0.7 })
}

function clapper(s: Sheet, x: number, y: number, h: number): void {
  const arms = s.pick(['up', 'up', 'wave', 'out'] as const)
  person(s, x, y, h, { arms, mouth: s.pick(['open', 'smile'] as const) })
  if (s.chance(0.45)) {
    const [px, py] = [x + h * 0.3, y - h * 0.84]
    s.circle(px, py, h * 0.2, { fill: '#8f959e', flat: true, weight: 4 })
    s.line(px + h * 0.09, py, px + h * 0.24, py, { weight: 7 })
    s.line(px - h * 0.18, py - h * 0.06, px - h * 0.04, py, { weight: 6, stroke: '#a9713f' })
    for (const a of [-2.2, -1.6, -1])
      s.line(
        px + Math.cos(a) * h * 0.13,
        py + Math.sin(a) * h * 0.13,
        px + Math.cos(a) * h * 0.2,
        py + Math.sin(a) * h * 0.2,
        { weight: 3, stroke: '#d62f3a' },
      )
  }
}

function street(s: Sheet): { road: [number, number] } {
  const { width: W, height: H } = s
  sky(s, H * 0.4)
  const horizon = H * 0.5
  s.polygon([[W * 0.46, horizon], [W * 0.54, horizon], [W * 0.86, H + 10], [W * 0.14, H + 10]], { fill: '#b9b9ba', stroke: '#6c6c70', angle: 0.05 }) // prettier-ignore
  for (const side of [0, 1]) {
    const flip = (x: number) => (side ? W - x : x)
    s.polygon([[flip(W * 0.46), horizon], [flip(-10), horizon + H * 0.06], [flip(-10), H + 10], [flip(W * 0.14), H + 10]], { fill: '#e3d9c4', bare: true }) // prettier-ignore
  }
  return { road: [horizon, H] }
}

/** Nobody in the street but a cat. */
export function catStreet(s: Sheet): void {
  const { width: W, height: H } = s
  street(s)
  sun(s, W * 0.5, H * 0.17, H * 0.14)
  const signs = s.shuffle(['Boulangerie', 'Coiffeur', 'Fermé', 'Café', 'Librairie', 'École'])
  for (let i = 2; i >= 0; i--) {
    const k = 1 - i * 0.27
    const hw = W * 0.24 * k
    const y = H * (0.5 + 0.3 * (k - 0.4))
    for (const side of [0, 1]) {
      const x = W * (0.005 + i * 0.155)
      house(s, side ? W - x - hw : x, y, hw, H * 0.46 * k, {
        sign: signs[i * 2 + side] ?? '',
        smoke: false,
      })
    }
  }
  for (let i = 0; i < 4; i++) {
    const t = i / 4
    const y = H * (0.53 + t * t * 0.4)
    s.rect(W * (0.497 - t * 0.006), y, W * (0.006 + t * 0.012), H * (0.02 + t * 0.05), {
      fill: '#ffffff',
      flat: true,
      bare: true,
    })
  }
  cat(s, W * 0.47, H * 0.86, H * 0.24, s.pick(['#2b2a2e', '#e08a3a', '#8f8f94']))
  s.write(W * 0.68, H * 0.95, 'Personne !', H * 0.075, { align: 'center', fit: W * 0.5 })
  s.write(W * 0.86, H * 0.99, '(sauf Minou)', H * 0.034, { align: 'center' })
}

function crossing(s: Sheet, y: number, h: number): void {
  const { width: W } = s
  s.rect(-10, y, W + 20, h, { fill: '#a6a7ab', stroke: '#6c6c70', angle: 0.04 })
  for (let i = 0; i < 8; i++) {
    const x = W * (0.1 + i * 0.105)
    s.polygon([[x, y + h * 0.12], [x + W * 0.06, y + h * 0.12], [x + W * 0.045, y + h * 0.88], [x - W * 0.02, y + h * 0.88]], { fill: '#ffffff', flat: true, weight: 4 }) // prettier-ignore
  }
}

function trafficLight(s: Sheet, x: number, y: number, h: number): void {
  s.line(x, y, x, y - h, { weight: 14 })
  s.rect(x - h * 0.09, y - h * 1.04, h * 0.18, h * 0.42, { fill: '#3a3d45', flat: true })
  for (const [i, colour] of ['#7b2a2a', '#7a6a2a', '#56d364'].entries())
    s.circle(x, y - h * (0.96 - i * 0.13), h * 0.1, { fill: colour, flat: true, weight: 3 })
}

/** Mother duck respects the green light. */
export function ducks(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.26)
  sun(s, W * 0.09, H * 0.12, H * 0.15)
  for (let i = 0; i < 4; i++)
    house(s, W * (0.03 + i * 0.25), H * 0.58, W * 0.18, H * s.between(0.24, 0.33), { smoke: false })
  crossing(s, H * 0.58, H * 0.32)
  s.rect(-10, H * 0.9, W + 20, H * 0.12, { fill: '#e3d9c4', bare: true })
  trafficLight(s, W * 0.93, H * 0.64, H * 0.34)
  duck(s, W * 0.68, H * 0.84, H * 0.26, '#fbfbf7')
  const colours = ['#f2c422', '#f2c422', '#f2c422', '#f2c422', '#e8b21c']
  colours.forEach((c, i) =>
    duck(s, W * (0.52 - i * 0.1), H * (0.84 + (i % 2) * 0.02), H * 0.115, c),
  )
  bubble(s, W * 0.46, H * 0.42, 'On traverse !', H * 0.045, W * 0.66, H * 0.62)
  cat(s, W * 0.1, H * 0.59, H * 0.1, '#8f8f94')
  s.write(W / 2, H * 0.975, 'Les canards sont en ville', H * 0.065, {
    align: 'center',
    stroke: '#f0702a',
    fit: W * 0.9,
  })
}

/** Stag, boar and fox queue at the baker's, at the right distance. */
export function wildQueue(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.3)
  cloud(s, W * 0.25, H * 0.13, W * 0.08)
  house(s, W * 0.72, H * 0.78, W * 0.24, H * 0.5, {
    sign: 'Boulangerie',
    smoke: true,
    wall: '#f6dd92',
  })
  tree(s, W * 0.08, H * 0.78, H * 0.42)
  s.rect(-10, H * 0.78, W + 20, H * 0.25, { fill: '#cfc6b4', angle: 0.03 })
  for (const [i, kind] of [boar, deer, fox].entries()) {
    const x = W * (0.16 + i * 0.23)
    beast(s, x, H * 0.86, H * [0.26, 0.34, 0.25][i]!, kind)
    if (i < 2) {
      s.line(x + W * 0.1, H * 0.91, x + W * 0.2, H * 0.91, { stroke: '#d62f3a', weight: 6 })
      s.write(x + W * 0.15, H * 0.9, '1 m', H * 0.034, { align: 'center', stroke: '#d62f3a' })
    }
  }
  bubble(s, W * 0.43, H * 0.24, 'Une tradition pas trop cuite', H * 0.038, W * 0.45, H * 0.4)
  cat(s, W * 0.955, H * 0.87, H * 0.12, '#e08a3a', true)
  s.write(W / 2, H * 0.975, 'Les animaux font la queue', H * 0.065, {
    align: 'center',
    stroke: '#3f9b45',
    fit: W * 0.86,
  })
}

/** The water is so clean that one sees the fish, and a bicycle. */
export function canal(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.2)
  sun(s, W * 0.88, H * 0.12, H * 0.15)
  for (let i = 0; i < 5; i++)
    house(s, W * (0.02 + i * 0.2), H * 0.44, W * 0.15, H * s.between(0.18, 0.27), { smoke: false })
  s.rect(-10, H * 0.44, W + 20, H * 0.05, { fill: '#b7a98f', angle: 0 })
  s.rect(-10, H * 0.49, W + 20, H * 0.55, {
    fill: '#69b7d8',
    bare: true,
    angle: 0.05,
    opacity: 0.85,
  })
  for (let i = 0; i < 9; i++) {
    const facing = s.chance(0.5) ? 1 : -1
    fish(
      s,
      W * (0.1 + (i % 5) * 0.19) + s.between(-30, 30),
      H * (0.6 + Math.floor(i / 5) * 0.19) + s.between(-20, 20),
      W * s.between(0.06, 0.12),
      s.colour(),
      facing,
    )
  }
  for (const dx of [0, 0.1]) s.circle(W * (0.42 + dx), H * 0.92, W * 0.065, { weight: 6 })
  s.lines([[W * 0.42, H * 0.92], [W * 0.455, H * 0.86], [W * 0.505, H * 0.86], [W * 0.52, H * 0.92]], { stroke: '#d62f3a', weight: 8 }) // prettier-ignore
  const boat: Point[] = [[W * 0.16, H * 0.47], [W * 0.36, H * 0.47], [W * 0.33, H * 0.54], [W * 0.19, H * 0.54]] // prettier-ignore
  s.polygon(boat, { fill: '#d62f3a' })
  cat(s, W * 0.26, H * 0.47, H * 0.13)
  s.line(W * 0.29, H * 0.42, W * 0.37, H * 0.36, { weight: 5 })
  s.line(W * 0.37, H * 0.36, W * 0.38, H * 0.56, { weight: 2.5 })
  for (let i = 0; i < 9; i++)
    s.curve(
      ring(W * s.between(0.05, 0.95), H * s.between(0.52, 0.95), 26, 9, Math.PI, Math.PI * 2, 4),
      { stroke: '#ffffff', weight: 5 },
    )
  s.write(W * 0.42, H * 0.115, 'Il y a des poissons dans le canal', H * 0.06, {
    align: 'center',
    stroke: '#2f7fd0',
    fit: W * 0.66,
  })
}

/** The seeds that we had time to watch. */
export function garden(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.2)
  sun(s, W * 0.1, H * 0.13, H * 0.15)
  const ground = H * 0.52
  s.rect(-10, ground, W + 20, H * 0.5, { fill: '#9a6a42', bare: true, angle: 0.1 })
  grass2(s, ground)
  house(s, W * 0.72, ground, W * 0.2, H * 0.24, { smoke: true })
  person(s, W * 0.5, ground, H * 0.32, { arms: 'wave', cap: 'helmet' })
  for (let i = 0; i < 7; i++) {
    const x = W * (0.08 + i * 0.13)
    const big = i === 3 ? 2.1 : 1
    const kind = i % 3
    for (const lean of [-16, 0, 16])
      s.line(x, ground, x + lean, ground - H * 0.07 * Math.sqrt(big), {
        stroke: '#3f9b45',
        weight: 8,
      })
    if (kind === 0) s.polygon([[x - 30 * big, ground + 8], [x + 30 * big, ground + 8], [x + 4, ground + H * 0.17 * big]], { fill: '#f0702a' }) // prettier-ignore
    else if (kind === 1) s.circle(x, ground + 46, 84, { fill: '#d65a86' })
    else for (const [dx, dy] of [[-34, 60], [22, 76], [-4, 110]] as const) s.ellipse(x + dx, ground + dy, 62, 48, { fill: '#d9b26f' }) // prettier-ignore
  }
  const worm = ring(W * 0.78, H * 0.83, 90, 30, 0, 4.4, 8)
  s.curve(worm, { stroke: '#e98fa0', weight: 20 })
  s.dot(worm[0]![0], worm[0]![1], 5)
  bubble(s, W * 0.62, H * 0.76, 'Restez sous terre', H * 0.034, W * 0.78, H * 0.81)
  s.rect(W * 0.06, H * 0.76, W * 0.2, H * 0.14, { fill: '#5a3a22', flat: true })
  s.rect(W * 0.09, H * 0.81, W * 0.07, H * 0.07, { fill: '#d62f3a', flat: true })
  s.dot(W * 0.21, H * 0.85, 26, '#8f8f94')
  s.dot(W * 0.225, H * 0.845, 4, '#111111')
  for (const x of [0.2, 0.34, 0.62]) flower(s, W * x, ground, H * s.between(0.12, 0.2))
  bird(s, W * 0.36, H * 0.12, 34)
  bird(s, W * 0.43, H * 0.08, 26)
  cat(s, W * 0.66, ground, H * 0.11, '#2b2a2e')
  s.write(W / 2, H * 0.97, 'Le jardin a le droit de sortir', H * 0.065, {
    align: 'center',
    fit: W * 0.88,
    stroke: s.technique === 'wash' ? '#4a2d18' : '#fbf3e2',
  })
}

function grass2(s: Sheet, y: number): void {
  const { width: W } = s
  s.rect(-10, y - 14, W + 20, 30, { fill: '#5fae54', bare: true })
  for (let x = 0; x < W; x += 26)
    s.line(x, y, x + s.between(-6, 6), y - s.between(14, 34), { stroke: '#4c9a48', weight: 6 })
}

/** The dog that was walked twelve times a day. */
export function dogWalk(s: Sheet): void {
  const { width: W, height: H } = s
  const words = [
    '7 h',
    '8 h',
    '9 h',
    '10 h',
    '11 h',
    'midi',
    '14 h',
    '15 h',
    '16 h',
    '17 h',
    '18 h',
    '19 h 59',
  ]
  const who: Look[] = [{ hair: 'short', beard: '#5b3a1e' }, { hair: 'long' }, { hair: 'plaits' }, { hair: 'grey', glasses: true }] // prettier-ignore
  s.write(W / 2, H * 0.09, 'Le chien qu’on promène 12 fois par jour', H * 0.058, {
    align: 'center',
    fit: W * 0.92,
    stroke: '#8a5a34',
  })
  const [cw, ch] = [W * 0.235, H * 0.27]
  for (let i = 0; i < 12; i++) {
    const x = W * 0.03 + cw * (i % 4)
    const y = H * 0.135 + ch * 1.04 * Math.floor(i / 4)
    s.rect(x, y, cw * 0.95, ch * 0.95, {
      fill: s.pick(['#fdf6e3', '#eaf4fa', '#f3ecf8', '#eef6ea']),
      flat: true,
    })
    s.write(x + 16, y + ch * 0.17, words[i] ?? '', ch * 0.11, { stroke: '#d62f3a' })
    s.line(x + 8, y + ch * 0.85, x + cw * 0.93, y + ch * 0.85, { weight: 4, stroke: '#5fae54' })
    if (i < 11) {
      person(s, x + cw * 0.24, y + ch * 0.85, ch * 0.58, {
        ...who[i % 4],
        arms: i > 7 ? 'out' : 'wave',
      })
      const tired = i > 7
      const [dx, dy] = [x + cw * 0.66, y + ch * 0.85]
      if (tired) s.turned(dx, dy - ch * 0.1, 180, () => beast(s, dx, dy, ch * 0.4, hound))
      else beast(s, dx, dy, ch * 0.42, hound)
      s.curve([[x + cw * 0.36, y + ch * 0.5], [x + cw * 0.52, y + ch * 0.62], [x + cw * 0.72, y + ch * 0.62]], { weight: 4, stroke: '#d62f3a' }) // prettier-ignore
      if (i === 7) s.write(x + cw * 0.64, y + ch * 0.3, 'encore ?', ch * 0.1, { align: 'center' })
    } else {
      cat(s, x + cw * 0.3, y + ch * 0.85, ch * 0.42, '#e08a3a')
      s.write(x + cw * 0.5, y + ch * 0.42, 'moi, jamais', ch * 0.1)
      s.ellipse(x + cw * 0.68, y + ch * 0.78, cw * 0.34, ch * 0.16, { fill: '#a9713f' })
      s.write(x + cw * 0.68, y + ch * 0.64, 'Zzz', ch * 0.12, {
        align: 'center',
        stroke: '#2f7fd0',
      })
    }
  }
}

/** Thank you to those who collected the bins. */
export function binLorry(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.22)
  sun(s, W * 0.92, H * 0.12, H * 0.15)
  for (let i = 0; i < 3; i++) house(s, W * (0.04 + i * 0.33), H * 0.6, W * 0.2, H * 0.33)
  s.rect(-10, H * 0.74, W + 20, H * 0.18, { fill: '#a6a7ab', stroke: '#6c6c70', angle: 0.03 })
  s.rect(W * 0.26, H * 0.42, W * 0.36, H * 0.34, { fill: '#3f9b45' })
  s.polygon([[W * 0.62, H * 0.5], [W * 0.72, H * 0.5], [W * 0.76, H * 0.62], [W * 0.76, H * 0.76], [W * 0.62, H * 0.76]], { fill: '#f2b90f' }) // prettier-ignore
  s.polygon([[W * 0.64, H * 0.53], [W * 0.71, H * 0.53], [W * 0.735, H * 0.62], [W * 0.64, H * 0.62]], { fill: '#d7eefa', flat: true }) // prettier-ignore
  head(s, W * 0.675, H * 0.59, H * 0.038, { hair: 'short', mask: '#bfe0ef' })
  for (const x of [0.35, 0.5, 0.69]) {
    s.circle(W * x, H * 0.78, H * 0.12, { fill: '#3a3d45' })
    s.circle(W * x, H * 0.78, H * 0.045, { fill: '#d9d9d9', flat: true })
  }
  s.write(W * 0.44, H * 0.56, 'MERCI', H * 0.1, { align: 'center', stroke: '#ffffff', weight: 14 })
  heart(s, W * 0.44, H * 0.66, H * 0.09)
  person(s, W * 0.2, H * 0.88, H * 0.36, {
    arms: 'wave',
    top: '#f0702a',
    cap: 'helmet',
    mask: '#bfe0ef',
  })
  person(s, W * 0.86, H * 0.88, H * 0.27, { arms: 'up' })
  s.rect(W * 0.07, H * 0.7, W * 0.08, H * 0.17, { fill: '#5d6b7d' })
  cat(s, W * 0.11, H * 0.695, H * 0.11, '#e08a3a')
  s.write(W / 2, H * 0.985, 'Merci aux éboueurs, à la caissière et au facteur', H * 0.05, {
    align: 'center',
    fit: W * 0.93,
  })
}

/** The doll's house: everyone's lockdown at once. Made to be zoomed into. */
export function building(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.2, '#b9dcf2')
  sun(s, W * 0.12, H * 0.07, W * 0.12)
  cloud(s, W * 0.75, H * 0.06, W * 0.1)
  const [x0, y0, w, h] = [W * 0.1, H * 0.16, W * 0.8, H * 0.78]
  s.rect(-10, H * 0.94, W + 20, H * 0.08, { fill: '#b9b9ba', angle: 0 })
  s.polygon([[x0 - W * 0.03, y0], [W * 0.3, y0 - H * 0.07], [W * 0.7, y0 - H * 0.07], [x0 + w + W * 0.03, y0]], { fill: '#7d5a6b' }) // prettier-ignore
  cat(s, W * 0.58, y0 - H * 0.07, H * 0.04)
  s.rect(W * 0.34, y0 - H * 0.11, W * 0.06, H * 0.05, { fill: '#b4543c' })
  const rows = 6
  const columns = 3
  const [cw, ch] = [w / columns, h / rows]
  const rooms = s.shuffle(insideRooms)
  for (let i = 0; i < rows * columns; i++) {
    const x = x0 + cw * (i % columns)
    const y = y0 + ch * Math.floor(i / columns)
    s.rect(x, y, cw, ch, { fill: walls[(i * 3) % walls.length]!, weight: 9, opacity: 0.85 })
    const room = rooms[i % rooms.length]
    if (room) room(s, x, y, cw, ch)
  }
  s.rect(W * 0.44, H * 0.94, W * 0.12, H * 0.02, { fill: '#8a5a34', flat: true })
  person(s, W * 0.05, H * 0.965, H * 0.075, { mask: '#bfe0ef', arms: 'wave' })
  beast(s, W * 0.95, H * 0.97, H * 0.05, fox)
  tree(s, W * 0.045, H * 0.95, H * 0.13)
  s.write(W / 2, H * 0.99, 'Mon immeuble', H * 0.022, { align: 'center' })
}

type Room = (s: Sheet, x: number, y: number, w: number, h: number) => void
const insideRooms: Room[] = [
  (s, x, y, w, h) => {
    for (let i = 0; i < 3; i++) note(s, x + w * (0.55 + i * 0.13), y + h * 0.4, h * 0.16)
    person(s, x + w * 0.3, y + h * 0.96, h * 0.7, { arms: 'front', hair: 'long' })
    s.line(x + w * 0.2, y + h * 0.62, x + w * 0.5, y + h * 0.48, { weight: 9, stroke: '#8a5a34' })
    s.write(x + w * 0.7, y + h * 0.86, 'do ré do', h * 0.08, { align: 'center' })
  },
  (s, x, y, w, h) => {
    s.rect(x + w * 0.1, y + h * 0.6, w * 0.8, h * 0.3, { fill: '#eef3f6' })
    person(s, x + w * 0.5, y + h * 0.95, h * 0.55, { arms: 'up', hair: 'curly' })
    for (let i = 0; i < 18; i++)
      s.circle(x + w * s.between(0.12, 0.88), y + h * s.between(0.5, 0.68), h * 0.08, {
        fill: '#ffffff',
        flat: true,
        weight: 2,
      })
    duck(s, x + w * 0.25, y + h * 0.6, h * 0.16)
  },
  (s, x, y, w, h) => {
    screen(s, x + w * 0.32, y + h * 0.36, w * 0.36, h * 0.26)
    head(s, x + w * 0.5, y + h * 0.5, h * 0.08, { hair: 'grey', glasses: true })
    s.rect(x + w * 0.1, y + h * 0.7, w * 0.8, h * 0.06, { fill: '#a9713f' })
    person(s, x + w * 0.16, y + h * 0.96, h * 0.6, {
      arms: 'out',
      glasses: true,
      hair: 'short',
      top: '#2f7fd0',
    })
    s.write(x + w * 0.5, y + h * 0.22, 'télétravail', h * 0.09, { align: 'center' })
  },
  (s, x, y, w, h) => {
    for (let i = 0; i < 15; i++)
      s.rect(
        x + w * (0.12 + 0.16 * (i % 5)),
        y + h * (0.7 - 0.2 * Math.floor(i / 5)),
        w * 0.13,
        h * 0.16,
        { fill: '#fdfdfb', flat: true, weight: 3 },
      )
    s.write(x + w * 0.5, y + h * 0.18, 'réserve', h * 0.1, { align: 'center' })
    person(s, x + w * 0.88, y + h * 0.97, h * 0.5, { arms: 'up' })
  },
  (s, x, y, w, h) => {
    s.rect(x + w * 0.12, y + h * 0.62, w * 0.76, h * 0.2, { fill: s.colour() })
    head(s, x + w * 0.24, y + h * 0.58, h * 0.12, { mouth: 'flat', hair: 'spikes' })
    s.write(x + w * 0.52, y + h * 0.42, 'Zzz', h * 0.16, { stroke: '#2f7fd0' })
    cat(s, x + w * 0.72, y + h * 0.62, h * 0.26, '#8f8f94')
  },
  (s, x, y, w, h) => {
    for (let i = 0; i < 5; i++)
      flower(s, x + w * (0.14 + i * 0.18), y + h * 0.92, h * s.between(0.3, 0.6))
    person(s, x + w * 0.5, y + h * 0.95, h * 0.66, { arms: 'wave', hair: 'bun' })
  },
  (s, x, y, w, h) => {
    person(s, x + w * 0.25, y + h * 0.95, h * 0.7, { arms: 'up', mouth: 'open' })
    person(s, x + w * 0.55, y + h * 0.95, h * 0.5, { arms: 'up', mouth: 'open' })
    person(s, x + w * 0.8, y + h * 0.95, h * 0.6, { arms: 'wave', mouth: 'tongue' })
    s.rect(x + w * 0.04, y + h * 0.62, w * 0.92, h * 0.03, { fill: '#8a5a34', flat: true })
  },
  (s, x, y, w, h) => {
    s.polygon([[x + w * 0.15, y + h * 0.92], [x + w * 0.5, y + h * 0.3], [x + w * 0.85, y + h * 0.92]], { fill: '#cf5a9d' }) // prettier-ignore
    head(s, x + w * 0.5, y + h * 0.76, h * 0.11, { mouth: 'tongue' })
    teddy(s, x + w * 0.66, y + h * 0.92, h * 0.24)
  },
  (s, x, y, w, h) => {
    s.rect(x + w * 0.2, y + h * 0.55, w * 0.5, h * 0.38, { fill: '#d9d9d9' })
    s.circle(x + w * 0.45, y + h * 0.74, h * 0.26, { fill: '#a9d5f0' })
    person(s, x + w * 0.84, y + h * 0.96, h * 0.6, { arms: 'out', mouth: 'sad' })
    s.write(x + w * 0.45, y + h * 0.4, 'en panne', h * 0.1, { align: 'center' })
  },
  (s, x, y, w, h) => {
    for (let i = 0; i < 3; i++)
      s.rect(x + w * 0.08, y + h * (0.2 + i * 0.22), w * 0.3, h * 0.02, {
        fill: '#8a5a34',
        flat: true,
      })
    for (let i = 0; i < 18; i++)
      s.rect(
        x + w * (0.1 + (i % 6) * 0.045),
        y + h * (0.06 + Math.floor(i / 6) * 0.22),
        w * 0.032,
        h * 0.14,
        { fill: s.colour(), flat: true, weight: 2 },
      )
    person(s, x + w * 0.66, y + h * 0.95, h * 0.6, { arms: 'front', glasses: true, hair: 'plaits' })
    s.polygon([[x + w * 0.55, y + h * 0.6], [x + w * 0.66, y + h * 0.64], [x + w * 0.77, y + h * 0.6], [x + w * 0.77, y + h * 0.72], [x + w * 0.66, y + h * 0.76], [x + w * 0.55, y + h * 0.72]], { fill: '#d62f3a', flat: true }) // prettier-ignore
  },
]

/** 11 May: the gate opens. */
export function reopening(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.22)
  sun(s, W * 0.1, H * 0.13, H * 0.16)
  grass(s, H * 0.68)
  for (const x of [0.06, 0.94]) tree(s, W * x, H * 0.72, H * 0.46)
  for (const x of [0.3, 0.7]) s.rect(W * x - 18, H * 0.34, 36, H * 0.4, { fill: '#8a5a34' })
  s.curve(ring(W * 0.5, H * 0.36, W * 0.2, H * 0.12, Math.PI, Math.PI * 2, 8), {
    weight: 16,
    stroke: '#3f9b45',
  })
  s.write(W * 0.5, H * 0.33, 'Parc ouvert', H * 0.055, {
    align: 'center',
    stroke: '#d62f3a',
    fit: W * 0.34,
  })
  for (let i = 0; i < 5; i++) {
    const x = W * (0.16 + i * 0.165)
    person(s, x, H * (0.9 + 0.03 * (i % 2)), H * s.between(0.3, 0.4), {
      arms: 'up',
      mouth: i % 2 ? 'open' : 'tongue',
    })
  }
  for (let i = 0; i < 8; i++) flower(s, W * s.between(0.03, 0.97), H * 0.99, H * 0.09)
  cat(s, W * 0.5, H * 0.74, H * 0.11, '#2b2a2e')
  for (let i = 0; i < 4; i++) bird(s, W * s.between(0.35, 0.9), H * s.between(0.06, 0.2), 30)
  s.write(W * 0.56, H * 0.13, 'Onze mai !', H * 0.1, {
    align: 'center',
    stroke: '#6a4fb3',
    fit: W * 0.5,
  })
}

/** The class fresco: one house each, one long street. */
export function fresco(s: Sheet): void {
  const { width: W, height: H } = s
  sky(s, H * 0.3, '#a9d5f0')
  sun(s, W * 0.05, H * 0.2, H * 0.22)
  grass(s, H * 0.82)
  const names = [
    'Lina',
    'Noé',
    'Inès',
    'Malo',
    'Aya',
    'Tom',
    'Zoé',
    'Sacha',
    'Élie',
    'Maïa',
    'Côme',
  ]
  for (const [i, name] of names.entries()) {
    const x = W * (0.03 + i * 0.088)
    const w = W * 0.058
    const h = H * s.between(0.36, 0.54)
    const panes = house(s, x, H * 0.82, w, h, { columns: 2, floors: 3 })
    for (const [px, py, pw, ph] of panes) {
      if (s.chance(0.55))
        head(s, px + pw / 2, py + ph * 0.55, pw * 0.36, {
          mouth: s.pick(['smile', 'open', 'tongue'] as const),
        })
    }
    s.write(x + w / 2, H * 0.9, name, H * 0.055, { align: 'center', stroke: s.colour() })
    if (i % 3 === 1) tree(s, x + w * 1.25, H * 0.83, H * 0.3)
    if (i % 4 === 2) flower(s, x + w * 1.2, H * 0.84, H * 0.14)
    if (i < names.length - 1) s.curve([[x + w, H * 0.5], [x + w + W * 0.015, H * 0.54], [x + W * 0.088, H * 0.5]], { weight: 4 }) // prettier-ignore
  }
  cat(s, W * 0.553, H * 0.97, H * 0.12, '#e08a3a')
  duck(s, W * 0.33, H * 0.98, H * 0.09)
  for (let i = 0; i < 12; i++) bird(s, W * s.between(0.1, 0.98), H * s.between(0.05, 0.22), 26)
  s.write(W * 0.5, H * 0.14, 'La rue de la classe : chacun chez soi, tous ensemble', H * 0.085, {
    align: 'center',
    stroke: '#d62f3a',
    fit: W * 0.7,
  })
}
