// From an entry of a catalogue to a finished picture: which sheet, which scene, which size.
import type { Drawing } from './catalogue/drawings.ts'
import { papers } from './catalogue/drawings.ts'
import type { Dataset } from './catalogue/datasets.ts'
import type { Photograph } from './catalogue/photographs.ts'
import type { Poster } from './catalogue/posters.ts'
import { develop, type Pixels } from './develop.ts'
import { contactSheet } from './photo/contact.ts'
import { expose, finish, tones } from './photo/lens.ts'
import { Overlay } from './photo/things.ts'
import { places } from './photo/views.ts'
import { seedOf } from './random.ts'
import { chartScenes, posterScenes, scenes } from './scenes/all.ts'
import { Sheet } from './sheet.ts'

/** Drawing units and millimetres of the formats in use. */
export const formats = {
  landscape: { units: [1600, 1200], mm: [320, 240] },
  portrait: { units: [1200, 1600], mm: [240, 320] },
  square: { units: [1400, 1400], mm: [250, 250] },
  wide: { units: [1760, 1160], mm: [420, 277] },
  frieze: { units: [4800, 1280], mm: [3300, 880] },
  tall: { units: [2200, 2860], mm: [500, 650] },
  a2: { units: [1200, 1697], mm: [420, 594] },
} as const satisfies Record<string, { units: [number, number]; mm: [number, number] }>

const boxes = [
  [
    '#d62f3a',
    '#f0702a',
    '#f2b90f',
    '#3f9b45',
    '#1f8f8a',
    '#2f7fd0',
    '#6a4fb3',
    '#cf5a9d',
    '#8a5a34',
  ],
  ['#e0483e', '#f5a623', '#7cb342', '#26a69a', '#3f6fd8', '#8e5bbf', '#e573a5'],
  ['#b8322a', '#d9822b', '#e3b23c', '#5a8f3c', '#2f6f7a', '#3b5b92', '#7a4a7d'],
  ['#ff5a5f', '#ffb400', '#00a68c', '#2d7dd2', '#97459b', '#f17f29', '#5aa9a0'],
] as const
const inks = ['#2c2930', '#3a2f2a', '#24324a', '#2b2b2b'] as const

export function drawingSheet(entry: Drawing): Sheet {
  const seed = seedOf(`${entry.scene} ${entry.maker}`)
  const { colour, ruling } = papers[entry.paper ?? 'white']
  const [width, height] = formats[entry.shape ?? 'landscape'].units
  const dark = entry.how === 'pencil' ? '#45434a' : inks[seed % inks.length]!
  const sheet = new Sheet({
    seed,
    width,
    height,
    age: entry.age,
    technique: entry.how,
    paper: colour,
    ruling,
    palette: boxes[seed % boxes.length]!,
    ink: dark,
  })
  const scene = scenes[entry.scene]
  if (!scene) throw new Error(`There is no scene called ${entry.scene}`)
  scene(sheet)
  if (!entry.maker.startsWith('Classe')) signature(sheet, entry)
  return sheet
}

function signature(sheet: Sheet, { maker, age }: Drawing): void {
  const size = age < 6 ? 36 : 27
  const text = age < 9 ? `${maker} ${age} ans` : maker
  const stroke = sheet.technique === 'pencil' ? '#55535a' : '#5a4a42'
  sheet.write(sheet.width - size - 16, sheet.height * 0.42, text, size, {
    weight: 4,
    stroke,
    tilt: 90,
  })
}

/** The back of a drawing: what the museum's registrar and the child wrote there. */
export function backSheet(entry: Drawing): Sheet {
  const seed = seedOf(`back of ${entry.scene}`)
  const [width, height] = formats[entry.shape ?? 'landscape'].units
  const sheet = new Sheet({
    seed,
    width,
    height,
    age: entry.age,
    technique: 'felt',
    paper: '#f7f3ea',
  })
  const lines = [
    'Pour Mamie et Papi',
    'chambre 12, Les Tilleuls',
    '',
    'Quand on pourra se toucher',
    'je serre très fort, promis.',
    `${entry.maker}`,
  ]
  lines.forEach((line, i) =>
    sheet.write(width * 0.12, height * (0.22 + i * 0.105), line, 62, {
      stroke: '#2c4fa0',
      weight: 6.5,
      fit: width * 0.76,
    }),
  )
  sheet.turned(width * 0.78, height * 0.16, -7, () => {
    sheet.rect(width * 0.64, height * 0.09, width * 0.27, height * 0.13, {
      stroke: '#8a3a5a',
      weight: 5,
      roughness: 0.4,
    })
    sheet.print(width * 0.775, height * 0.145, 'MUSÉE DE LA VILLE', 26, {
      align: 'center',
      stroke: '#8a3a5a',
      weight: 0.14,
    })
    sheet.print(width * 0.775, height * 0.19, 'reçu le 9 juin 2020', 22, {
      align: 'center',
      stroke: '#8a3a5a',
      weight: 0.13,
    })
  })
  return sheet
}

export async function drawing(entry: Drawing): Promise<Pixels> {
  return develop(drawingSheet(entry), entry.pixels ?? 1640)
}
export async function drawingBack(entry: Drawing): Promise<Pixels> {
  return develop(backSheet(entry), Math.round((entry.pixels ?? 1640) * 0.8))
}

export function posterSheet(entry: Poster): Sheet {
  const [width, height] = formats[entry.shape].units
  const sheet = new Sheet({
    seed: seedOf(entry.scene),
    width,
    height,
    age: 12,
    technique: 'poster',
    paper: '#fbf8ef',
  })
  const scene = posterScenes[entry.scene]
  if (!scene) throw new Error(`There is no poster called ${entry.scene}`)
  scene(sheet)
  return sheet
}
export async function poster(entry: Poster): Promise<Pixels> {
  return develop(posterSheet(entry), entry.pixels)
}

export function chartSheet(name: NonNullable<Dataset['chart']>): Sheet {
  const sheet = new Sheet({
    seed: seedOf(name),
    width: 1600,
    height: 1200,
    age: 13,
    technique: 'felt',
    paper: '#fbfaf5',
    ruling: 'squared',
  })
  chartScenes[name]?.(sheet)
  return sheet
}
export async function chart(name: NonNullable<Dataset['chart']>): Promise<Pixels> {
  return develop(chartSheet(name), 1640)
}

/** Film is softer than paper: the frame is exposed at about a third of the width of the print. */
export async function photograph(entry: Photograph): Promise<Pixels> {
  const [width, height] = entry.size
  const small = Math.round(Math.min(width * 0.38, 640 + width * 0.13))
  const sheet = new Sheet({
    seed: seedOf(entry.name),
    width: 1800,
    height: (1800 * height) / width,
    age: 12,
    technique: 'poster',
  })
  if (entry.view === 'contact') {
    const half = Math.round(width * 0.42)
    return finish(
      contactSheet(entry.seed, half, Math.round((half * height) / width), sheet),
      width,
      sheet,
      tones.colour,
    )
  }
  const view = places[entry.view]({
    seed: entry.seed,
    hour: entry.hour,
    ratio: width / height,
    ...(entry.side === undefined ? {} : { side: entry.side }),
  })
  view.lay(new Overlay(sheet, view.camera))
  const shot = expose(view.world, view.camera, small, Math.round((small * height) / width))
  return finish(shot, width, sheet, tones[entry.tone])
}
