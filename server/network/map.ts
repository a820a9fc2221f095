// The map of the network: an SVG made here, without tiles from elsewhere. Sources that stand close together are one dot, which
// leads to a map of its own; so it can be walked into without a script.
import type { Point } from '../../schemas/point.ts'
import { html, type Content, type Html, type Visit } from '../web/web.ts'
import type { SourceSummary } from './network.ts'
import { landRings } from './land.ts'
import { boxText, pathOf, viewOf, type Box, type View } from './projection.ts'

export type Placed = SourceSummary & { place: Point }

export const isPlaced = (source: SourceSummary): source is Placed => source.place !== undefined

interface Dot {
  sources: Placed[]
  x: number
  y: number
  radius: number
}

/** @param addressOf the list and the map of just this part of the globe */
export function networkMap(
  visit: Visit,
  placed: Placed[],
  addressOf: (box: Box) => string,
): Content {
  if (!placed.length) return ''
  const { t } = visit
  const view = viewOf(placed.map((each) => each.place))
  const dots = dotsOf(placed, view)
  return html`<figure class="map">
    <svg
      viewBox="0 0 ${view.width} ${view.height}"
      role="group"
      aria-label="${t('map.label', { count: placed.length })}"
    >
      <path class="land" d="${landOf(view)}" />
      <path class="grid" d="${gridOf(view)}" />
      ${dots.map((dot) => dotOf(visit, dot, addressOf))} ${labelsOf(dots, view)}
    </svg>
  </figure>`
}

// The same part of the globe is asked for again and again.
const outlines = new Map<string, string>()
const most = 100

function landOf(view: View): string {
  const key = boxText(view.box)
  const known = outlines.get(key)
  if (known !== undefined) return known
  if (outlines.size >= most) outlines.clear()
  const path = pathOf(landRings(view.box.east - view.box.west > 60 ? '110m' : '50m'), view)
  outlines.set(key, path)
  return path
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30]

function gridOf({ box, width, height, at }: View): string {
  const step = steps.find((each) => (box.east - box.west) / each < 14) ?? 30
  const between = (from: number, to: number): number[] => {
    const first = Math.ceil(from / step)
    return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step)
  }
  const downs = between(box.west, box.east).map(
    (east) => `M${Math.round(at({ east, north: 0 }).x)} 0v${height}`,
  )
  const acrosses = between(box.south, box.north).map(
    (north) => `M0 ${Math.round(at({ east: 0, north }).y)}h${width}`,
  )
  return [...downs, ...acrosses].join('')
}

/** Dots nearer than this are one. */
const apart = 26
const radii = { least: 6, most: 20 }

function dotsOf(placed: Placed[], view: View): Dot[] {
  const largest = Math.max(1, ...placed.map((each) => each.records))
  const dots: Dot[] = []
  for (const source of placed.toSorted((a, b) => b.records - a.records)) {
    const { x, y } = view.at(source.place)
    const near = dots.find((dot) => Math.hypot(dot.x - x, dot.y - y) < apart)
    if (near) near.sources.push(source)
    else dots.push({ sources: [source], x, y, radius: radii.least })
  }
  for (const dot of dots) {
    const records = dot.sources.reduce((sum, each) => sum + each.records, 0)
    const size =
      radii.least + Math.sqrt(Math.min(1, records / largest)) * (radii.most - radii.least)
    dot.radius = dot.sources.length > 1 ? Math.max(size, 13) : size
  }
  return dots
}

function dotOf(
  visit: Visit,
  { sources, x, y, radius }: Dot,
  addressOf: (box: Box) => string,
): Html {
  const { ctx, t, words } = visit
  const [only] = sources
  const [cx, cy] = [Math.round(x), Math.round(y)]
  if (sources.length === 1 && only) {
    const label = t('map.source', {
      name: only.name,
      objects: t('site.objects', { count: only.records }),
      state: t(`health.name.${only.health.state}`),
    })
    return html`<a href="${ctx.links.network(only.slug)}" class="dot ${only.health.state}"
      ><title>${label}</title>${shapeOf(only, cx, cy, radius)}</a
    > `
  }
  const failing = sources.filter((each) => each.health.state === 'failing').length
  const label = t('map.sources', {
    count: sources.length,
    names: words.list(sources.slice(0, 6).map((each) => each.name)),
  })
  return html`<a href="${addressOf(around(sources))}" class="dot many ${failing > 0 && 'failing'}"
    ><title>${label}</title><circle cx="${cx}" cy="${cy}" r="${radius.toFixed(0)}" /><text
      x="${cx}"
      y="${cy}"
      >${sources.length}</text
    ></a
  > `
}

// Not in colour alone: what fails is a triangle, what is not there yet a dotted ring.
function shapeOf(source: SourceSummary, x: number, y: number, radius: number): Html {
  const r = Math.round(radius)
  return source.health.state === 'failing'
    ? html`<path d="M${x} ${y - r - 2}l${r + 2} ${2 * r + 1}h${-2 * (r + 2)}z" />`
    : html`<circle cx="${x}" cy="${y}" r="${r}" />`
}

function around(sources: Placed[]): Box {
  const norths = sources.map((each) => each.place.north)
  const easts = sources.map((each) => each.place.east)
  const slack = 0.001
  return {
    west: Math.min(...easts) - slack,
    east: Math.max(...easts) + slack,
    south: Math.min(...norths) - slack,
    north: Math.max(...norths) + slack,
  }
}

const lettering = { height: 18, width: 7.6, most: 16, longest: 34 }

interface Area {
  left: number
  right: number
  top: number
  bottom: number
}

// Names where there is room for them, the largest first; all of them are in the list.
function labelsOf(dots: Dot[], view: View): Html[] {
  const taken = dots.map(({ x, y, radius: r }) => ({
    left: x - r,
    right: x + r,
    top: y - r,
    bottom: y + r,
  }))
  const labels: Html[] = []
  for (const { sources, x, y, radius } of dots) {
    if (labels.length >= lettering.most) break
    const text = labelOf(sources)
    if (!text) continue
    const length = text.length * lettering.width
    const area = [x + radius + 5, x - radius - 5 - length]
      .map((left): Area => ({
        left,
        right: left + length,
        top: y - lettering.height / 2,
        bottom: y + lettering.height / 2,
      }))
      .find(
        (each) =>
          each.left > 0 && each.right < view.width && !taken.some((other) => overlap(each, other)),
      )
    if (!area) continue
    taken.push(area)
    labels.push(
      html`<text class="name" x="${Math.round(area.left)}" y="${Math.round(y)}">${text}</text>`,
    )
  }
  return labels
}

function labelOf(sources: Placed[]): string | undefined {
  const [first] = sources
  const name = first?.place.name
  const text = sources.every((each) => each.place.name === name)
    ? (name ?? (sources.length === 1 ? first?.name : undefined))
    : undefined
  return text !== undefined && text.length <= lettering.longest ? text : undefined
}

const overlap = (a: Area, b: Area): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top
