// Looking for prints without looking at all of them: a print is cut into four bands of 16 bits, and two prints that differ
// in few bits differ in fewer in one of the bands at least. So those are candidates that have one of its bands, or one that
// differs from it in a bit or two.
import { distance, type Print, type Sought } from '../../schemas/likeness.ts'
import type { Alike, SearchDocument } from './engine.ts'

/** Pictures that differ in more look like each other by chance: of a million one or two do. */
export const farthest = 14

/** In how many bits a print may differ and be found for certain: with 4 bands of r bits probed, 4 r + 3. */
export const surely = { first: 11, others: 7 }

/** So many times as many are read as are asked for: those as near as the last one are put in order afterwards. */
export const overlook = 2

const bandsIn = [0, 1, 2, 3]
const bandSize = 2 ** 16
const single = Array.from({ length: 16 }, (_, bit) => 1 << bit)
const twofold = single.flatMap((one, index) => single.slice(index + 1).map((other) => one | other))

/** Of all prints of a record, each with its place in the print. */
export const bandsOf = (prints: Print[]): number[] => [...new Set(prints.flatMap(bandsOfOne))]

const bandsOfOne = (print: Print): number[] =>
  bandsIn.map((band) => band * bandSize + parseInt(print.slice(band * 4, band * 4 + 4), 16))

/** The bands that candidates have one of. */
export function probesOf(print: Print, isFirst: boolean): number[] {
  const near = isFirst ? [0, ...single, ...twofold] : [0, ...single]
  return bandsOfOne(print).flatMap((band) => near.map((bits) => band ^ bits))
}

export const printsOf = ({ looks = [] }: SearchDocument): Print[] => [
  ...new Set(looks.flatMap(({ prints }) => prints)),
]

/** The nearest of what an engine found, in the order of both engines: of two as near the one first that is nearer otherwise. */
export function nearest(found: SearchDocument[], sought: Sought, limit: number): Alike[] {
  return found
    .map((document) => ({ document, ...distanceOf(document, sought) }))
    .filter((each) => each.distance <= farthest)
    .toSorted(
      (a, b) =>
        a.distance - b.distance || a.other - b.other || b.document.sequence - a.document.sequence,
    )
    .slice(0, limit)
    .map(({ document, distance: bits }) => ({ document, distance: bits }))
}

function distanceOf({ looks = [] }: SearchDocument, { prints, dhash }: Sought) {
  let best = { distance: 64, other: 64 }
  for (const look of looks) {
    const each = {
      distance: Math.min(
        64,
        ...look.prints.flatMap((one) => prints.map((other) => distance(one, other))),
      ),
      other: distance(look.dhash, dhash),
    }
    if (
      each.distance < best.distance ||
      (each.distance === best.distance && each.other < best.other)
    )
      best = each
  }
  return best
}
