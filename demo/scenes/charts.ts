// Charts drawn by hand on squared paper, as the pupils handed them in.
import { bird, cat } from '../animals.ts'
import { heart, note } from '../props.ts'
import type { Point, Sheet } from '../sheet.ts'
import { loaf } from './home.ts'

function axes(
  s: Sheet,
  title: string,
  across: string[],
  up: string[],
  unit: string,
): (t: number, v: number) => Point {
  const { width: W, height: H } = s
  const [x0, y0, w, h] = [W * 0.13, H * 0.84, W * 0.8, H * 0.64]
  s.line(x0, y0, x0, y0 - h - 40, { weight: 6 })
  s.line(x0, y0, x0 + w + 40, y0, { weight: 6 })
  across.forEach((label, i) =>
    s.write(x0 + (w * (i + 0.5)) / across.length, y0 + H * 0.055, label, H * 0.026, {
      align: 'center',
      weight: 3.4,
    }),
  )
  up.forEach((label, i) => {
    const y = y0 - (h * (i + 1)) / up.length
    s.line(x0 - 12, y, x0 + 12, y, { weight: 4 })
    s.write(x0 - 22, y + H * 0.012, label, H * 0.026, { align: 'right', weight: 3.4 })
  })
  s.write(x0 - 10, y0 - h - 60, unit, H * 0.026, { align: 'center', weight: 3.4 })
  s.write(W / 2, H * 0.085, title, H * 0.055, { align: 'center', fit: W * 0.84, stroke: '#2c4fa0' })
  return (t, v) => [x0 + w * t, y0 - h * v]
}

export function applauseChart(s: Sheet): void {
  const { height: H } = s
  const at = axes(
    s,
    'Le bruit des applaudissements',
    ['mars', 'avril', 'mai'],
    ['70', '80', '90'],
    'dB',
  )
  for (const [colour, base, name] of [
    ['#d62f3a', 0.62, '5e'],
    ['#2f7fd0', 0.46, '2e'],
    ['#3f9b45', 0.3, '1er'],
  ] as const) {
    // prettier-ignore
    const line: Point[] = []
    for (let i = 0; i <= 26; i++) {
      const t = i / 26
      line.push(
        at(
          t,
          base +
            Math.sin(t * 9 + base * 8) * 0.07 +
            (1 - Math.abs(t - 0.22) * 1.4) * 0.16 +
            s.between(-0.04, 0.04),
        ),
      )
    }
    s.curve(line, { stroke: colour, weight: 8, roughness: 0.5 })
    const [x, y] = line[26]!
    s.write(x + 18, y + 10, name, H * 0.028, { stroke: colour, weight: 4 })
  }
  const [px, py] = at(0.2, 0.97)
  s.write(px + 90, py, 'cor des Alpes !', H * 0.03, { stroke: '#d62f3a' })
  note(s, px, py + 10, H * 0.05, '#d62f3a')
  const [qx, qy] = at(0.62, 0.06)
  s.write(qx, qy, 'pluie', H * 0.028, { stroke: '#2f7fd0' })
  heart(s, ...at(0.97, 0.93), 46)
  cat(s, at(0.5, 0)[0], at(0.5, 0)[1], H * 0.07)
}

export function breadChart(s: Sheet): void {
  const { height: H } = s
  const weeks = ['10', '11', '12', '13', '14', '15', '16', '17', '18', '19']
  const at = axes(s, 'La farine et la levure, par semaine', weeks, ['×1', '×2', '×3'], 'ventes')
  const flour = [0.33, 0.36, 0.7, 1, 0.9, 0.84, 0.72, 0.6, 0.5, 0.42]
  const yeast = [0.3, 0.34, 0.8, 0.62, 0.05, 0.03, 0.1, 0.3, 0.5, 0.44]
  weeks.forEach((_, i) => {
    const [x, y] = at((i + 0.16) / 10, 0)
    const [x2] = at((i + 0.5) / 10, 0)
    const [x3] = at((i + 0.84) / 10, 0)
    s.rect(x, at(0, flour[i]!)[1], x2 - x, y - at(0, flour[i]!)[1], { fill: '#e0b25a' })
    s.rect(x2, at(0, yeast[i]!)[1], x3 - x2, y - at(0, yeast[i]!)[1], { fill: '#8a9fc4' })
  })
  s.write(...at(0.4, 1.04), 'plus de levure !', H * 0.03, { stroke: '#d62f3a' })
  loaf(s, at(0.76, 0)[0], at(0, 0.82)[1], 150, 80)
  s.write(at(0.76, 0)[0] + 180, at(0, 0.83)[1], 'farine', H * 0.03, { stroke: '#b07a1e' })
  s.write(at(0.76, 0)[0] + 180, at(0, 0.75)[1], 'levure', H * 0.03, { stroke: '#4c6596' })
  cat(s, at(0.05, 0)[0], at(0, 0.37)[1], H * 0.08, '#fbfbf9')
}

export function birdChart(s: Sheet): void {
  const { height: H } = s
  const at = axes(
    s,
    'Qui chante à l’aube ?',
    ['merle', 'mésange', 'pinson', 'moineau', 'coucou'],
    ['10', '20', '30'],
    'chants',
  )
  const counts = [0.92, 0.7, 0.5, 0.8, 0.08]
  const colours = ['#2b2a2e', '#f2b90f', '#d9825a', '#8a5a34', '#6a4fb3']
  counts.forEach((count, i) => {
    const many = Math.max(1, Math.round(count * 12))
    for (let k = 0; k < many; k++) {
      const [x, y] = at((i + 0.5) / 5, (k + 0.6) / 13)
      bird(s, x, y, 44, colours[i]!)
    }
  })
  s.write(...at(0.84, 0.2), 'une fois !', H * 0.03, { stroke: '#6a4fb3' })
  cat(s, at(0.955, 0)[0], at(0, 0)[1], H * 0.09, '#e08a3a')
  s.write(...at(0.9, 0.3), 'lui écoute aussi', H * 0.024, { align: 'center' })
}
