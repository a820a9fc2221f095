// From degrees to a flat picture: plate carrée, true to scale along the middle of what it shows. Good enough for a town
// and for the globe, and a line of latitude stays a line.
import type { Point } from '../../schemas/point.ts'
import type { Ring } from './land.ts'

/** A part of the globe, in degrees. */
export interface Box {
  west: number
  south: number
  east: number
  north: number
}

export interface View {
  box: Box
  width: number
  height: number
  at: (point: Pick<Point, 'north' | 'east'>) => { x: number; y: number }
}

const globe: Box = { west: -180, south: -58, east: 180, north: 78 }
/** Beyond so many degrees the whole globe is shown. */
const widest = 130
/** A map of less would be empty: coasts are not drawn so finely. */
const narrowest = 3
const width = 1000
const heights = { least: 420, most: 560 }

/** A picture that holds these points, with some room around them. */
export function viewOf(points: Pick<Point, 'north' | 'east'>[]): View {
  const norths = points.map((each) => each.north)
  const easts = points.map((each) => each.east)
  const tight = {
    west: Math.min(...easts),
    east: Math.max(...easts),
    south: Math.min(...norths),
    north: Math.max(...norths),
  }
  const whole = !points.length || tight.east - tight.west > widest
  return framed(whole ? globe : tight, whole)
}

function framed(tight: Box, whole: boolean): View {
  const middle = { north: (tight.north + tight.south) / 2, east: (tight.west + tight.east) / 2 }
  // Degrees of longitude shrink towards the poles; of the globe, those where most people live.
  const shrink = Math.cos(((whole ? 38 : Math.min(Math.abs(middle.north), 75)) * Math.PI) / 180)
  const room = whole ? 1 : 1.3
  const across = Math.max((tight.east - tight.west) * room, whole ? 0 : narrowest / shrink) * shrink
  const down = Math.max((tight.north - tight.south) * room, whole ? 0 : narrowest / 2)
  const height = Math.round(
    Math.min(heights.most, Math.max(heights.least, (width * down) / across)),
  )
  const scale = Math.min(width / across, height / down)
  const half = { x: width / scale / shrink / 2, y: height / scale / 2 }
  const box = {
    west: middle.east - half.x,
    east: middle.east + half.x,
    south: middle.north - half.y,
    north: middle.north + half.y,
  }
  return {
    box,
    width,
    height,
    at: ({ north, east }) => ({
      x: (east - box.west) * scale * shrink,
      y: (box.north - north) * scale,
    }),
  }
}

/** Beyond the edge of the picture by so much, so that the cut does not show. */
const margin = 4

/** Rings as the data of an SVG path, cut to the picture and no finer than can be seen. */
export function pathOf(rings: Ring[], view: View): string {
  return rings.map((ring) => ringPath(ring, view)).join('')
}

function ringPath(ring: Ring, view: View): string {
  let xs: [number, number][] = ring.map(([east, north]) => {
    const { x, y } = view.at({ east, north })
    return [x, y]
  })
  // Sutherland and Hodgman: each edge of the picture in turn takes away what lies beyond it.
  for (const [axis, sign, bound] of [
    [0, 1, -margin],
    [0, -1, -(view.width + margin)],
    [1, 1, -margin],
    [1, -1, -(view.height + margin)],
  ] as const) {
    xs = cut(xs, (each) => each[axis] * sign - bound)
    if (!xs.length) return ''
  }
  return drawn(xs)
}

function cut(line: [number, number][], inside: (point: [number, number]) => number): typeof line {
  const kept: typeof line = []
  let before = line.at(-1)
  for (const point of line) {
    if (!before) break
    const [a, b] = [inside(before), inside(point)]
    if (a >= 0 !== b >= 0) {
      const share = a / (a - b)
      kept.push([
        before[0] + (point[0] - before[0]) * share,
        before[1] + (point[1] - before[1]) * share,
      ])
    }
    if (b >= 0) kept.push(point)
    before = point
  }
  return kept
}

/** Steps shorter than this are not drawn, nor are islands smaller than it. */
const finest = 2

function drawn(line: [number, number][]): string {
  let [x, y] = [NaN, NaN]
  const steps: string[] = []
  for (const point of line) {
    const [toX, toY] = [Math.round(point[0]), Math.round(point[1])]
    if (Math.abs(toX - x) + Math.abs(toY - y) < finest) continue
    steps.push(steps.length ? `${toX - x} ${toY - y}` : `M${toX} ${toY}l`)
    ;[x, y] = [toX, toY]
  }
  return steps.length < 4 ? '' : `${steps[0]}${steps.slice(1).join(' ')}z`
}

/** Whether a place lies in a box. */
export const isIn = (box: Box, { north, east }: Pick<Point, 'north' | 'east'>): boolean =>
  north >= box.south && north <= box.north && east >= box.west && east <= box.east

/** `west,south,east,north`, as addresses say it. */
export function readBox(text: string | null): Box | undefined {
  const numbers = (text ?? '').split(',').map(Number)
  const [west, south, east, north] = numbers
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return undefined
  if (west === undefined || south === undefined || east === undefined || north === undefined)
    return undefined
  return west <= east && south <= north ? { west, south, east, north } : undefined
}

export const boxText = ({ west, south, east, north }: Box): string =>
  [west, south, east, north].map((each) => Number(each.toFixed(4))).join(',')
