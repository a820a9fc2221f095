// A single-stroke hand alphabet: each glyph is a few pen strokes on a grid where the baseline is 0, small
// letters reach 6.5, capitals 10 and tails -3.5. A stroke that begins with ~ is a curve through its points.
// Accents are composed from Unicode's decomposition, so « é » is e and an acute drawn above.
import type { Random } from './random.ts'

export type Point = [number, number]
export interface Stroke {
  points: Point[]
  smooth: boolean
}
interface Glyph {
  width: number
  strokes: Stroke[]
}

const drawn: Record<string, string> = {
  A: '7|0,0 3.5,10 7,0|1.2,3.6 5.8,3.6',
  B: '6|0,0 0,10|~0,10 3,10 5,9.2 5.4,7.7 4.8,6 3,5.3 0,5.2|~0,5.2 3.5,5.2 5.6,4.3 6,2.6 5.4,.8 3.5,0 0,0',
  C: '6.3|~6.2,8.2 5,9.6 3.4,10 1.4,9 .2,6.6 .2,3.6 1.3,1.1 3.3,0 5,.4 6.3,1.8',
  D: '6.3|0,0 0,10|~0,10 2.8,9.9 5.2,8.4 6.3,5 5.2,1.6 2.8,.1 0,0',
  E: '5.5|5.4,10 0,10 0,0 5.5,0|0,5.2 4.4,5.2',
  F: '5.3|5.4,10 0,10 0,0|0,5.2 4.4,5.2',
  G: '6.5|~6.2,8.2 5,9.6 3.4,10 1.4,9 .2,6.6 .2,3.6 1.3,1.1 3.3,0 5.2,.4 6.4,1.7|6.4,1.5 6.4,4.6 4,4.6',
  H: '6.2|0,0 0,10|6.2,0 6.2,10|0,5.1 6.2,5.1',
  I: '2.6|1.3,0 1.3,10',
  J: '4.6|~4.5,10 4.5,3 4,.9 2.5,0 .9,.5 .1,2',
  K: '6|0,0 0,10|5.6,10 .1,4.6|1.9,6.2 6,0',
  L: '5|0,10 0,0 5,0',
  M: '7.6|0,0 .4,10 3.8,3.4 7.2,10 7.6,0',
  N: '6.4|0,0 0,10 6.4,0 6.4,10',
  O: '7|~3.5,10 1.3,9 .1,6.4 .2,3.4 1.5,.8 3.5,0 5.6,.8 6.9,3.5 6.9,6.5 5.6,9.1 3.5,10',
  P: '5.6|0,0 0,10|~0,10 3,10 5.1,9 5.6,7.3 5,5.5 3,4.6 0,4.6',
  Q: '7|~3.5,10 1.3,9 .1,6.4 .2,3.4 1.5,.8 3.5,0 5.6,.8 6.9,3.5 6.9,6.5 5.6,9.1 3.5,10|4.4,2.4 7.2,-.8',
  R: '6|0,0 0,10|~0,10 3,10 5,9.1 5.5,7.5 4.9,5.8 3,5 0,5|2.7,5 6,0',
  S: '5.6|~5.3,8.4 4.2,9.7 2.7,10 1,9.3 .4,7.7 1.1,6.2 3,5.2 5,4 5.5,2.3 4.6,.6 2.7,0 1,.4 0,1.8',
  T: '6.4|0,10 6.4,10|3.2,10 3.2,0',
  U: '6.2|~0,10 0,3.4 .8,1 3.1,0 5.4,1 6.2,3.4 6.2,10',
  V: '6.6|0,10 3.3,0 6.6,10',
  W: '9|0,10 2.2,0 4.5,8 6.8,0 9,10',
  X: '6.2|0,10 6.2,0|6.2,10 0,0',
  Y: '6.2|0,10 3.1,5 6.2,10|3.1,5 3.1,0',
  Z: '6|0,10 6,10 0,0 6,0',
  a: '5.6|~4.7,5.2 3.5,6.4 1.9,6.2 .5,4.7 .3,2.3 1.2,.4 2.8,.1 4.2,1.4 4.8,3.4|~4.9,6.4 4.8,2.4 5,.7 5.9,.2',
  b: '5|.3,10 .3,.1|~.3,4 1.4,5.9 2.9,6.4 4.5,5.3 4.9,3.2 4.3,1 2.7,0 1.2,.4 .3,1.6',
  c: '4.7|~4.6,5.1 3.4,6.4 1.8,6.2 .4,4.4 .3,2.2 1.5,.3 3.2,0 4.8,1.1',
  d: '5.2|~4.8,4.9 3.5,6.4 1.8,6.1 .4,4.4 .3,2.2 1.4,.2 3,.1 4.3,1.4 4.8,3|4.9,10 4.9,.1',
  e: '5|~.4,3.4 4.7,3.6 4.4,5.4 3,6.5 1.4,6 .3,4.2 .3,2.1 1.5,.2 3.3,0 4.9,1.3',
  f: '3.8|~4,9.2 3,10 1.9,9.3 1.6,7 1.6,0|.1,5.9 3.5,6',
  g: '5.2|~4.8,4.9 3.5,6.4 1.8,6.1 .4,4.4 .3,2.4 1.4,.4 3,.3 4.3,1.5 4.8,3.2|~4.9,6.3 4.8,0 4.3,-2.4 2.6,-3.5 .6,-2.6',
  h: '5|.3,10 .3,0|~.3,3.6 1.5,5.7 3,6.4 4.4,5.5 4.8,3.6 4.8,0',
  i: '1.4|.6,6.3 .7,.1|.6,8.6 .7,8.9',
  ı: '1.4|.6,6.3 .7,.1',
  j: '2.4|~1.8,6.3 1.8,0 1.3,-2.6 -.4,-3.4|1.8,8.6 1.9,8.9',
  k: '4.7|.3,10 .3,0|4.3,6.2 .4,2.8|1.6,3.9 4.7,0',
  l: '1.8|~.5,10 .5,1.6 .9,.2 1.9,.1',
  m: '7.8|.3,6.3 .3,0|~.3,3.8 1.3,5.8 2.5,6.4 3.6,5.6 3.9,3.6 3.9,0|~3.9,3.8 4.9,5.8 6.1,6.4 7.2,5.6 7.5,3.6 7.5,0',
  n: '5|.3,6.3 .3,0|~.3,3.6 1.5,5.7 3,6.4 4.4,5.5 4.8,3.6 4.8,0',
  o: '5.2|~2.7,6.5 1,5.8 .2,3.9 .4,1.8 1.6,.2 3.3,.1 4.7,1.3 5.1,3.3 4.5,5.4 2.7,6.5',
  p: '5|.3,6.3 .3,-3.5|~.3,4 1.4,5.9 2.9,6.4 4.5,5.3 4.9,3.2 4.3,1 2.7,0 1.2,.4 .3,1.6',
  q: '5.2|~4.8,4.9 3.5,6.4 1.8,6.1 .4,4.4 .3,2.2 1.4,.2 3,.1 4.3,1.4 4.8,3|4.9,6.3 4.9,-3.5 5.7,-2.6',
  r: '3.8|.3,6.3 .3,0|~.3,3.6 1.3,5.6 2.5,6.4 3.9,5.9',
  s: '4.3|~4,5.3 3,6.4 1.5,6.2 .6,5 1.3,3.8 3.2,3 4.1,1.8 3.4,.4 1.8,0 .1,1',
  t: '3.6|~1.5,9 1.5,1.8 2.1,.2 3.7,.4|.1,6.2 3.4,6.3',
  u: '5|~.2,6.3 .3,2.4 1.2,.3 2.8,.1 4.3,1.4 4.8,3.2|4.8,6.3 4.9,.1',
  v: '4.8|.1,6.3 2.4,0 4.7,6.3',
  w: '7|.1,6.3 1.8,0 3.5,5.4 5.2,0 6.9,6.3',
  x: '4.6|.2,6.3 4.6,0|4.4,6.3 0,0',
  y: '4.8|.2,6.3 2.6,.4|~4.8,6.3 2.6,.4 1.6,-2.4 .3,-3.4',
  z: '4.4|.2,6.3 4.3,6.3 .1,0 4.5,0',
  œ: '8.6|~2.7,6.5 1,5.8 .2,3.9 .4,1.8 1.6,.2 3.2,.2 4.3,1.6 4.5,3.5 4,5.5 2.7,6.5|~4.5,3.4 8.3,3.6 8,5.5 6.6,6.5 5.1,5.6 4.5,3.5 4.8,1.4 6.2,.1 7.6,.3 8.6,1.4',
  æ: '8.6|~4.4,5.2 3.3,6.4 1.8,6.2 .5,4.7 .3,2.3 1.2,.4 2.7,.1 4,1.4 4.5,3.4|~4.5,3.4 8.3,3.6 8,5.5 6.6,6.5 5.1,5.6 4.5,3.5 4.8,1.4 6.2,.1 7.6,.3 8.6,1.4',
  Œ: '9.6|~5,9.2 3.4,10 1.3,9 .1,6.4 .2,3.4 1.5,.8 3.4,0 5,.8|9.6,10 5,10 5,0 9.6,0|5,5.2 8.6,5.2',
  0: '5.6|~2.8,10 .9,8.6 .2,5 .9,1.4 2.8,0 4.7,1.4 5.4,5 4.7,8.6 2.8,10',
  1: '3|.2,7.6 2.4,10 2.4,0',
  2: '5.4|~.4,7.8 1.2,9.5 2.8,10 4.5,9.2 4.9,7.3 3.8,4.9 1.6,2 .2,.1|.2,.1 5.4,.1',
  3: '5.3|~.5,8.6 2,9.9 4,9.5 4.7,7.7 3.8,5.9 2,5.3|~2,5.3 4.2,5 5.2,3.2 4.6,1 2.6,0 .3,1',
  4: '5.8|3.9,10 .2,3 5.8,3|4.2,5.6 4.2,0',
  5: '5.3|4.9,10 1,10 .6,5.6|~.6,5.6 2.4,6.3 4.4,5.5 5.2,3.4 4.5,1.1 2.5,0 .3,.9',
  6: '5.3|~4.4,9.7 2.4,8.6 .8,6 .3,3 1,.8 2.8,0 4.6,.9 5.2,2.9 4.4,4.9 2.6,5.4 .9,4.4 .3,3',
  7: '5.2|.2,10 5.2,10 1.8,0|1.6,5.2 4.6,5.2',
  8: '5.4|~2.7,5.3 1,6.4 .6,8.2 1.5,9.7 2.9,10 4.4,9.3 4.8,7.7 4,6.2 2.7,5.3 1,4.3 .2,2.6 1,.7 2.8,0 4.6,.8 5.2,2.6 4.4,4.4 2.7,5.3',
  9: '5.3|~5,7 4.4,9 2.6,10 .9,9.1 .3,7.1 1,5.2 2.8,4.6 4.5,5.6 5,7 4.6,3.4 3.4,1 1.6,.1',
  '’': '1.4|~.9,10.2 1.1,9 .4,7.6',
  "'": '1|.6,10 .5,7.8',
  '!': '1.2|.6,10 .6,2.8|.6,.5 .6,.1',
  '?': '4.6|~.2,8.2 1,9.7 2.6,10 4.2,9.1 4.3,7.2 2.9,5.4 2.3,4.2 2.3,2.8|2.3,.5 2.3,.1',
  '.': '1|.4,.5 .5,.1',
  ',': '1.2|~.7,.6 .7,-.4 .1,-1.6',
  ':': '1|.5,5 .5,4.6|.5,.9 .5,.5',
  ';': '1.2|.6,5 .6,4.6|~.7,.6 .7,-.4 .1,-1.6',
  '-': '3|.2,4 3,4',
  '—': '6.4|.2,4 6.2,4',
  '–': '4.4|.2,4 4.2,4',
  '«': '4.6|2.2,6 .3,3.6 2.2,1.2|4.4,6 2.5,3.6 4.4,1.2',
  '»': '4.6|.2,6 2.1,3.6 .2,1.2|2.4,6 4.3,3.6 2.4,1.2',
  '#': '6.4|2,9.5 1.2,.5|5.2,9.5 4.4,.5|.2,6.6 6.2,6.6|0,3.4 6,3.4',
  '&': '6.8|~6.6,0 4.6,2.6 1.9,6.3 1.5,8.4 2.6,9.9 4.2,9.4 4.4,7.6 3,5.9 .9,4.1 .3,2.1 1.2,.4 3,0 4.9,1.1 6.2,4',
  '+': '5.4|2.7,6.6 2.7,1.2|.1,3.9 5.3,3.9',
  '=': '5.4|.2,5.2 5.2,5.2|.2,2.8 5.2,2.8',
  '/': '4.4|4.2,10.4 .1,-.8',
  '(': '2.4|~2.2,10.6 .7,7.8 .3,4.6 .8,1.2 2.2,-1.4',
  ')': '2.4|~.2,10.6 1.7,7.8 2.1,4.6 1.6,1.2 .2,-1.4',
  '%': '7.4|6.4,10 1,0|~1.8,10 .4,8.8 .6,7 1.9,6.2 3.2,7.2 3.1,9 1.8,10|~5.6,3.8 4.3,2.7 4.4,.9 5.6,0 6.9,1 6.9,2.8 5.6,3.8',
  '°': '2.4|~1.2,10 .2,9 .6,7.7 1.7,7.6 2.3,8.7 1.2,10',
  '×': '4.6|.4,6 4.2,1.8|4.2,6 .4,1.8',
  '→': '7|.2,4 6.6,4|4.6,6 6.8,4 4.6,2',
  '✓': '5.6|.2,4 2,1 5.6,8.4',
}

// Marks sit on a height of 0; the letter says how high that is.
const marks: Record<string, string> = {
  '\u0300': '-1.3,2.4 .7,.6',
  '\u0301': '-.6,.6 1.4,2.4',
  '\u0302': '-1.7,.6 0,2.4 1.7,.6',
  '\u0308': '-1.2,1.1 -1.1,1.4|1.2,1.1 1.3,1.4',
  '\u0303': '~-1.7,1 -.7,1.9 .6,1 1.7,1.9',
}
const cedilla = '~.2,0 .9,-1.1 .5,-2.4 -.9,-2.6'
const placeholder = '5|0,0 0,7 5,7 5,0 0,0'

function parseStroke(text: string): Stroke {
  const smooth = text.startsWith('~')
  const pairs = (smooth ? text.slice(1) : text).split(' ')
  return { smooth, points: pairs.map((pair) => pair.split(',').map(Number) as Point) }
}

const cache = new Map<string, Glyph>()

function shift(stroke: Stroke, x: number, y: number): Stroke {
  return { ...stroke, points: stroke.points.map(([a, b]): Point => [a + x, b + y]) }
}

function glyphOf(character: string): Glyph {
  const known = cache.get(character)
  if (known) return known
  const [base = character, ...accents] = drawn[character]
    ? [character]
    : Array.from(character.normalize('NFD'))
  const above = accents.some((mark) => mark in marks)
  const name = above && base === 'i' ? 'ı' : base
  const [width = '5', ...strokes] = (drawn[name] ?? placeholder).split('|')
  const glyph: Glyph = { width: Number(width), strokes: strokes.map(parseStroke) }
  const height = base === base.toLowerCase() ? 7.2 : 10.6
  for (const mark of accents) {
    if (mark === '\u0327') glyph.strokes.push(shift(parseStroke(cedilla), glyph.width / 2, 0))
    for (const stroke of (marks[mark] ?? '').split('|').filter(Boolean)) {
      glyph.strokes.push(shift(parseStroke(stroke), glyph.width / 2, height))
    }
  }
  cache.set(character, glyph)
  return glyph
}

export interface Writing {
  /** Height of a capital. */
  size: number
  tracking?: number
  /** Horizontal scale: 0.7 is narrow, 1.3 wide. */
  stretch?: number
  slant?: number
  /** How unsteady the hand is: 0 is a printer, 1 a four-year-old. */
  wobble?: number
  /** Letters that a beginner writes the wrong way round. */
  mirrored?: number
}

const spaces: Record<string, number> = { ' ': 4.4, '\u00a0': 4, '\u202f': 2.2 }

export function measure(text: string, { size, tracking = 1.7, stretch = 1 }: Writing): number {
  let width = 0
  for (const character of text) {
    const space = spaces[character]
    width += space ?? glyphOf(character).width + tracking
  }
  return (Math.max(0, width - tracking) * stretch * size) / 10
}

/** Lays a line of text out as pen strokes; (x, y) is the left end of the baseline, y runs down the page. */
export function write(x: number, y: number, text: string, how: Writing, random: Random): Stroke[] {
  const { size, tracking = 1.7, stretch = 1, slant = 0, wobble = 0, mirrored = 0 } = how
  const unit = size / 10
  const strokes: Stroke[] = []
  const jitter = (amount: number) => (random() - 0.5) * 2 * amount * wobble
  let pen = 0
  let drift = 0
  for (const character of text) {
    const space = spaces[character]
    if (space !== undefined) {
      pen += space + Math.abs(jitter(1.2))
      continue
    }
    const glyph = glyphOf(character)
    drift = drift * 0.7 + jitter(0.9)
    const grow = 1 + jitter(0.16)
    const turn = jitter(0.14)
    const flip = mirrored > 0 && /[NSJZ2357]/.test(character) && random() < mirrored
    const place = ([a, b]: Point): Point => {
      const across = (flip ? glyph.width - a : a) * grow
      const up = b * grow
      const px = pen + across + up * (slant + turn) + jitter(0.28)
      const py = up - across * turn + drift + jitter(0.28)
      return [x + px * unit * stretch, y - py * unit]
    }
    for (const stroke of glyph.strokes) {
      strokes.push({ smooth: stroke.smooth, points: stroke.points.map(place) })
    }
    pen += glyph.width * grow + tracking + jitter(0.5)
  }
  return strokes
}

/** The characters that have a shape of their own, for the tests. */
export function canWrite(text: string): boolean {
  return Array.from(text).every((character) => {
    if (character in spaces || character in drawn) return true
    const [base = '', ...accents] = Array.from(character.normalize('NFD'))
    return base in drawn && accents.every((mark) => mark in marks || mark === '\u0327')
  })
}
