// A sheet of paper and the tools to draw on it. Outlines come from roughjs, fills from the technique in hand
// (wax crayon, felt pen, watercolour, pencil, cut paper); the age of the child sets how unsteady both are.
import rough from 'roughjs'
import type { Drawable, Options } from 'roughjs/bin/core.js'
import type { RoughGenerator } from 'roughjs/bin/generator.js'
import { measure, write, type Point, type Stroke } from './hand.ts'
import { randomFrom, type Random } from './random.ts'

export type { Point } from './hand.ts'
export type Technique = 'crayon' | 'felt' | 'wash' | 'pencil' | 'cut' | 'poster'
export type Ruling = 'plain' | 'squared' | 'seyes'

export interface SheetOptions {
  seed: number
  width: number
  height: number
  age?: number
  technique?: Technique
  paper?: string
  ruling?: Ruling
  /** Colours in reach; scenes ask for them by pick(). */
  palette?: readonly string[]
  ink?: string
}

export interface Pen {
  stroke?: string
  weight?: number
  roughness?: number
}
export interface Shape extends Pen {
  fill?: string
  /** Fill flat and opaque whatever the technique. */
  flat?: boolean
  /** No outline. */
  bare?: boolean
  angle?: number
  gap?: number
  opacity?: number
}
export interface Letters extends Pen {
  align?: 'left' | 'center' | 'right'
  tilt?: number
  tracking?: number
  stretch?: number
  slant?: number
  wobble?: number
  /** Make it as small as needed to fit this width. */
  fit?: number
  cap?: 'round' | 'butt' | 'square'
}

// The package is CommonJS whose types announce an ES default: the value itself is the module.
const generator: RoughGenerator = (
  rough as unknown as { generator: () => RoughGenerator }
).generator()

export const boxOfCrayons = [
  '#d62f3a',
  '#f0702a',
  '#f2b90f',
  '#3f9b45',
  '#1f8f8a',
  '#2f7fd0',
  '#6a4fb3',
  '#cf5a9d',
  '#8a5a34',
] as const

const n = (value: number) => String(Math.round(value * 10) / 10)
const polyline = (points: readonly Point[]) =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('')

/** A smooth path through points (Catmull-Rom as cubic Béziers). */
export function smoothPath(points: readonly Point[], closed = false): string {
  const count = points.length
  if (count < 3) return polyline(points)
  const at = (i: number): Point =>
    points[closed ? (i + count) % count : Math.min(count - 1, Math.max(0, i))] ?? [0, 0]
  let path = `M${n(at(0)[0])} ${n(at(0)[1])}`
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    path += `C${n(b[0] + (c[0] - a[0]) / 6)} ${n(b[1] + (c[1] - a[1]) / 6)} `
    path += `${n(c[0] - (d[0] - b[0]) / 6)} ${n(c[1] - (d[1] - b[1]) / 6)} ${n(c[0])} ${n(c[1])}`
  }
  return closed ? `${path}Z` : path
}

/** Points of an ellipse, or of a part of it. */
export function ring(
  x: number,
  y: number,
  rx: number,
  ry = rx,
  from = 0,
  to = Math.PI * 2,
  steps = 20,
): Point[] {
  const full = to - from >= Math.PI * 2 - 1e-6
  return Array.from({ length: full ? steps : steps + 1 }, (_, i): Point => {
    const angle = from + ((to - from) * i) / steps
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)]
  })
}

/** Scan lines of a polygon as a hand would colour it: to and fro, one chain per part. */
function chains(points: readonly Point[], angle: number, gap: number, random: Random): Point[][] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const turned = points.map(([x, y]): Point => [x * cos + y * sin, y * cos - x * sin])
  const ys = turned.map(([, y]) => y)
  const bottom = Math.max(...ys)
  const open: Point[][] = []
  const done: Point[][] = []
  let parts = 0
  for (let y = Math.min(...ys) + gap * 0.4; y < bottom; y += gap * (0.8 + random() * 0.4)) {
    const cuts: number[] = []
    turned.forEach(([x1, y1], i) => {
      const [x2, y2] = turned[(i + 1) % turned.length] ?? [0, 0]
      if (y1 <= y !== y2 <= y) cuts.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1))
    })
    cuts.sort((a, b) => a - b)
    const pairs = Math.floor(cuts.length / 2)
    if (pairs !== parts) {
      done.push(...open.splice(0))
      parts = pairs
    }
    for (let i = 0; i < pairs; i++) {
      const [left = 0, right = 0] = [cuts[i * 2], cuts[i * 2 + 1]]
      const chain = (open[i] ??= [])
      const ends: [number, number] = chain.length % 4 === 0 ? [left, right] : [right, left]
      for (const x of ends) {
        const miss = (random() - 0.6) * gap * 0.9
        const reach = x === left ? x - miss * -1 : x + miss
        const py = y + (random() - 0.5) * gap * 0.35
        chain.push([reach * cos - py * sin, reach * sin + py * cos])
      }
    }
  }
  done.push(...open)
  return done.filter((chain) => chain.length > 1)
}

export class Sheet {
  readonly width: number
  readonly height: number
  readonly age: number
  readonly technique: Technique
  readonly paper: string
  readonly ruling: Ruling
  readonly palette: readonly string[]
  ink: string
  readonly random: Random
  private readonly marks: string[] = []

  constructor(options: SheetOptions) {
    this.width = options.width
    this.height = options.height
    this.age = options.age ?? 8
    this.technique = options.technique ?? 'crayon'
    this.paper = options.paper ?? '#fbf8f1'
    this.ruling = options.ruling ?? 'plain'
    this.palette = options.palette ?? boxOfCrayons
    this.ink = options.ink ?? '#2c2930'
    this.random = randomFrom(options.seed)
  }

  /** 2 for a child of four, 0.5 for one of twelve. */
  get wobble(): number {
    return Math.max(0.45, Math.min(2.2, 2.4 - (this.age - 3.5) * 0.24))
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.random()
  }
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1))
  }
  chance(probability: number): boolean {
    return this.random() < probability
  }
  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T
  }
  colour(): string {
    return this.pick(this.palette)
  }
  shuffle<T>(from: readonly T[]): T[] {
    return from
      .map((value): [number, T] => [this.random(), value])
      .toSorted((a, b) => a[0] - b[0])
      .map(([, value]) => value)
  }

  raw(mark: string): void {
    this.marks.push(mark)
  }

  /** Draws what `draw` draws, turned and scaled about a point. */
  turned(
    x: number,
    y: number,
    degrees: number,
    draw: () => void,
    scaleX = 1,
    scaleY = scaleX,
  ): void {
    const scale = scaleX === 1 && scaleY === 1 ? '' : `scale(${n2(scaleX)} ${n2(scaleY)}) `
    this.raw(
      `<g transform="translate(${n(x)} ${n(y)}) rotate(${n(degrees)}) ${scale}translate(${n(-x)} ${n(-y)})">`,
    )
    draw()
    this.raw('</g>')
  }

  private pen(pen: Pen): Options & { stroke: string; strokeWidth: number } {
    const base = { crayon: 8, felt: 6.5, wash: 3.6, pencil: 3.2, cut: 0, poster: 6 }[this.technique]
    return {
      stroke: pen.stroke ?? this.ink,
      strokeWidth: pen.weight ?? base,
      roughness: pen.roughness ?? this.wobble,
      bowing: this.wobble,
      disableMultiStroke: this.technique === 'felt' || this.technique === 'crayon',
      seed: 1 + Math.floor(this.random() * 2 ** 30),
    }
  }

  private outline(drawable: Drawable): void {
    const { stroke, strokeWidth } = drawable.options
    if (!(strokeWidth > 0)) return
    const grease = this.technique === 'pencil' || this.technique === 'wash' ? '.82' : '.94'
    for (const set of drawable.sets) {
      if (set.type !== 'path') continue
      this.raw(
        `<path d="${generator.opsToPath(set, 1)}" fill="none" stroke="${stroke}" stroke-width="${n(strokeWidth)}" stroke-linecap="round" stroke-linejoin="round" opacity="${grease}"/>`,
      )
    }
  }

  line(x1: number, y1: number, x2: number, y2: number, pen: Pen = {}): void {
    this.outline(generator.line(x1, y1, x2, y2, this.pen(pen)))
  }
  lines(points: Point[], pen: Pen = {}): void {
    this.outline(generator.linearPath(points, this.pen(pen)))
  }
  curve(points: Point[], pen: Pen = {}): void {
    this.outline(generator.curve(points, this.pen(pen)))
  }
  dot(x: number, y: number, radius: number, colour = this.ink): void {
    this.raw(`<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" fill="${colour}"/>`)
  }

  rect(x: number, y: number, w: number, h: number, shape: Shape = {}): void {
    this.polygon(
      [
        [x, y],
        [x + w, y],
        [x + w, y + h],
        [x, y + h],
      ],
      shape,
    )
  }
  polygon(points: Point[], shape: Shape = {}): void {
    if (shape.fill) this.fill(points, shape, false)
    if (!shape.bare) this.outline(generator.polygon(points, this.pen(shape)))
  }
  /** A closed curve through the points. */
  blob(points: Point[], shape: Shape = {}): void {
    const [first, second] = points
    if (!first || !second) return
    if (shape.fill) this.fill(points, shape, true)
    if (!shape.bare) this.outline(generator.curve([...points, first, second], this.pen(shape)))
  }
  circle(x: number, y: number, diameter: number, shape: Shape = {}): void {
    this.ellipse(x, y, diameter, diameter, shape)
  }
  ellipse(x: number, y: number, w: number, h: number, shape: Shape = {}): void {
    if (shape.fill) this.fill(ring(x, y, w / 2, h / 2), shape, true)
    if (!shape.bare) this.outline(generator.ellipse(x, y, w, h, this.pen(shape)))
  }
  arc(x: number, y: number, w: number, h: number, from: number, to: number, pen: Pen = {}): void {
    this.curve(ring(x, y, w / 2, h / 2, from, to, 8), pen)
  }

  private fill(points: Point[], shape: Shape, round: boolean): void {
    const colour = shape.fill ?? this.ink
    const edge = round ? smoothPath(points, true) : `${polyline(points)}Z`
    if (shape.flat || this.technique === 'poster' || this.technique === 'cut') {
      if (this.technique === 'cut') {
        this.raw(`<path d="${edge}" fill="#3b2f1e" opacity=".2" transform="translate(5 8)"/>`)
      }
      this.raw(`<path d="${edge}" fill="${colour}" opacity="${shape.opacity ?? 1}"/>`)
      return
    }
    // What is drawn in front was drawn first: the colour behind stops at its edge.
    this.raw(`<path d="${edge}" fill="${this.paper}"/>`)
    if (this.technique === 'wash') this.wash(points, colour, shape.opacity ?? 1)
    else this.scribble(points, colour, shape)
  }

  /** Colours a polygon to and fro with a wide tip. */
  private scribble(points: Point[], colour: string, shape: Shape): void {
    const xs = points.map(([x]) => x)
    const ys = points.map(([, y]) => y)
    const span = Math.min(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys))
    const tip = { crayon: 13, felt: 10, pencil: 4.5, wash: 8, cut: 8, poster: 8 }[this.technique]
    const weight = Math.max(3, Math.min(tip * (span > 700 ? 1.9 : 1), span * 0.3))
    const gap = shape.gap ?? weight * (this.technique === 'pencil' ? 1.25 : 0.92)
    const angle = shape.angle ?? this.pick([-0.8, -0.5, 0.4, 0.9, -1.1]) + this.between(-0.2, 0.2)
    const coat = (turn: number, width: number, step: number, opacity: number) => {
      const path = chains(points, turn, step, this.random).map(polyline).join('')
      this.raw(
        `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${n(width)}" stroke-linejoin="round" stroke-linecap="round" opacity="${opacity}"/>`,
      )
    }
    const strength = shape.opacity ?? 1
    if (this.technique === 'felt') {
      this.raw(`<path d="${polyline(points)}Z" fill="${colour}" opacity="${0.55 * strength}"/>`)
      coat(angle, weight * 0.8, gap * 1.5, 0.5 * strength)
    } else if (this.technique === 'pencil') {
      this.raw(`<path d="${polyline(points)}Z" fill="${colour}" opacity="${0.16 * strength}"/>`)
      coat(angle, weight, gap, 0.62 * strength)
      if (span < 420) coat(angle + 0.3, weight, gap * 1.8, 0.35 * strength)
    } else {
      this.raw(`<path d="${polyline(points)}Z" fill="${colour}" opacity="${0.34 * strength}"/>`)
      coat(angle, weight, gap, 0.84 * strength)
    }
  }

  /** Watercolour: three uneven coats, and the darker rim where the water dried. */
  private wash(points: Point[], colour: string, opacity: number): void {
    for (let coat = 0; coat < 3; coat++) {
      const loose = points.map(([x, y]): Point => [
        x + this.between(-4, 4) * this.wobble,
        y + this.between(-4, 4) * this.wobble,
      ])
      const path = points.length > 6 ? smoothPath(loose, true) : `${polyline(loose)}Z`
      const rim = coat === 2 ? ` stroke="${colour}" stroke-width="7" stroke-opacity=".35"` : ''
      this.raw(
        `<path d="${path}" fill="${colour}" fill-opacity="${n2((0.3 + coat * 0.06) * opacity)}"${rim}/>`,
      )
    }
  }

  private strokes(
    strokes: Stroke[],
    colour: string,
    weight: number,
    cap = 'round',
    rims = '',
  ): void {
    const path = strokes.map((s) => (s.smooth ? smoothPath(s.points) : polyline(s.points))).join('')
    const join = cap === 'round' ? 'round' : 'miter'
    this.raw(
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${n(weight)}" stroke-linecap="${cap}" stroke-linejoin="${join}"${rims}/>`,
    )
  }

  /** Writes a line by hand, in the writing of the child: small ones write capitals, some of them mirrored. */
  write(x: number, y: number, text: string, size: number, letters: Letters = {}): void {
    const shown = this.age < 6 ? text.toLocaleUpperCase('fr') : text
    const wobble = letters.wobble ?? Math.max(0.22, Math.min(1.5, 1.75 - (this.age - 4) * 0.2))
    const how = {
      size,
      wobble,
      slant: letters.slant ?? 0,
      mirrored: this.age < 5.5 ? 0.22 : 0,
      ...(letters.tracking === undefined ? {} : { tracking: letters.tracking }),
      ...(letters.stretch === undefined ? {} : { stretch: letters.stretch }),
    }
    const wide = measure(shown, how) * (1 + wobble * 0.09)
    if (letters.fit && wide > letters.fit) how.size *= letters.fit / wide
    const width = measure(shown, how)
    const left = x - { left: 0, center: width / 2, right: width }[letters.align ?? 'left']
    const colour = letters.stroke ?? this.ink
    const weight =
      letters.weight ?? Math.max(2.4, how.size * (this.technique === 'pencil' ? 0.07 : 0.115))
    const lines = write(left, y, shown, how, this.random)
    const draw = () => {
      this.strokes(
        lines.filter((line) => line.smooth),
        colour,
        weight,
      )
      for (const { points, smooth } of lines) {
        if (smooth) continue
        const roughness = Math.min(1.4, (how.size / 90) * wobble)
        this.lines(points, { stroke: colour, weight, roughness })
      }
    }
    if (letters.tilt) this.turned(x, y, letters.tilt, draw)
    else draw()
  }

  /** Prints a line in block letters: the same skeleton, a thick and steady stroke. */
  print(x: number, y: number, text: string, size: number, letters: Letters = {}): number {
    const weight = (letters.weight ?? 0.2) * size
    const how = {
      size,
      tracking: letters.tracking ?? 1.4 + (weight / size) * 10,
      stretch: letters.stretch ?? 1,
      slant: letters.slant ?? 0,
      wobble: letters.wobble ?? 0,
    }
    const wide = measure(text, how) + weight
    const ratio = letters.fit && wide > letters.fit ? letters.fit / wide : 1
    how.size *= ratio
    const width = measure(text, how)
    const left = x - { left: 0, center: width / 2, right: width }[letters.align ?? 'left']
    const lines = write(left, y, text, how, this.random)
    const draw = () =>
      this.strokes(lines, letters.stroke ?? this.ink, weight * ratio, letters.cap ?? 'round')
    if (letters.tilt) this.turned(x, y, letters.tilt, draw)
    else draw()
    return how.size
  }

  /** The marks alone, for what is laid over a photograph. */
  overlay(): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(this.width)} ${n(this.height)}">${this.marks.join('')}</svg>`
  }

  svg(): string {
    const { width, height, paper } = this
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(width)} ${n(height)}"><rect width="${n(width)}" height="${n(height)}" fill="${paper}"/>${this.marks.join('')}</svg>`
  }
}

const n2 = (value: number) => String(Math.round(value * 1000) / 1000)
