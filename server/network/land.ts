// The outline of land for maps, from Natural Earth (public domain) as the package world-atlas has it: TopoJSON, whose rings
// are made of arcs that neighbours share, each a chain of small steps (https://github.com/topojson/topojson-specification).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

interface Topology {
  transform: { scale: [number, number]; translate: [number, number] }
  arcs: [number, number][][]
  objects: {
    land: {
      geometries: (
        { type: 'MultiPolygon'; arcs: number[][][] } | { type: 'Polygon'; arcs: number[][] }
      )[]
    }
  }
}

/** A closed line of [longitude, latitude]. */
export type Ring = [number, number][]

/** `110m` is for the whole globe, `50m` for a part of it (millions to one). */
export type Detail = '110m' | '50m'

const read = new Map<Detail, Ring[]>()

export function landRings(detail: Detail): Ring[] {
  const known = read.get(detail)
  if (known) return known
  const file = createRequire(import.meta.url).resolve(`world-atlas/land-${detail}.json`)
  const rings = ringsOf(JSON.parse(readFileSync(file, 'utf8')) as Topology)
  read.set(detail, rings)
  return rings
}

export function ringsOf({ transform, arcs, objects }: Topology): Ring[] {
  const [scaleX, scaleY] = transform.scale
  const [left, bottom] = transform.translate
  const lines = arcs.map((arc): Ring => {
    let [x, y] = [0, 0]
    return arc.map(([dx, dy]) => {
      x += dx
      y += dy
      return [x * scaleX + left, y * scaleY + bottom]
    })
  })
  // An arc that is walked backwards is written as its complement.
  const line = (index: number): Ring =>
    index < 0 ? (lines[~index] ?? []).toReversed() : (lines[index] ?? [])
  return objects.land.geometries
    .flatMap((each) => (each.type === 'Polygon' ? [each.arcs] : each.arcs))
    .flat()
    .map((ring) => ring.flatMap((index, place) => line(index).slice(place ? 1 : 0)))
}
