// Which pictures of a TIFF are its pages: TIFF 6.0 keeps several in one file, and says of smaller copies and masks that they
// are that (NewSubfileType, section 8). Not all who write pyramids and thumbnails do.
import { openPath } from '../storage/storage.ts'
import { mostPages } from './picture.ts'
import { Tiff } from './tiles.ts'

const tags = { newSubfileType: 254, subfileType: 255, width: 256, height: 257 }
const [reduced, page, mask] = [1, 2, 4]
/** SubfileType, which came before NewSubfileType, counts otherwise. */
const reducedOnce = 2

// Pages may each have some smaller copies after them.
const mostDirectories = mostPages * 10
/** In pixels: what is no larger may be a thumbnail. */
const thumbnailSide = 512

interface Directory {
  width: number
  height: number
  /** NewSubfileType. */
  kind: number
}

/** The places in its chain of directories, from 0, at which its pages are. */
export async function pagesOfTiff(path: string): Promise<number[]> {
  const file = await openPath(path)
  try {
    const head = await file.read(0, 16)
    const tiff = new Tiff((start, length) => file.read(start, length), head)
    const first = tiff.isBig ? tiff.number(head, 8, 8) : tiff.number(head, 4, 4)
    return pagesAmong(await directoriesOf(tiff, first))
  } finally {
    await file.close()
  }
}

async function directoriesOf(tiff: Tiff, first: number): Promise<Directory[]> {
  const found: Directory[] = []
  const seen = new Set<number>()
  for (let at = first; at > 0 && !seen.has(at) && seen.size < mostDirectories;) {
    seen.add(at)
    const { fields, next } = await tiff.directory(at)
    const value = (tag: number): Promise<number> => tiff.value(fields.get(tag))
    const formerly = (await value(tags.subfileType)) === reducedOnce ? reduced : 0
    found.push({
      width: await value(tags.width),
      height: await value(tags.height),
      kind: fields.has(tags.newSubfileType) ? await value(tags.newSubfileType) : formerly,
    })
    at = next
  }
  return found
}

function pagesAmong(directories: Directory[]): number[] {
  const full = directories.flatMap(({ kind }, at) => (kind & (reduced | mask) ? [] : [at]))
  const [first = 0] = full
  const isOne = areLevels(full.flatMap((at) => directories[at] ?? []))
  return full.length && !isOne ? full : [first]
}

/** Whether all but the first are that one, smaller: levels of a pyramid, or a thumbnail, that nobody marked. */
function areLevels(all: Directory[]): boolean {
  const [first, ...smaller] = all
  // Some programs call every level of a pyramid a page.
  if (smaller.length < 2 && smaller.some(({ kind }) => kind & page)) return false
  return smaller.every((each, nth) => {
    const before = all[nth]
    const isLast = nth === smaller.length - 1
    return (before && isHalf(each, before)) || (isLast && first && isThumbnail(each, first))
  })
}

const isHalf = (one: Directory, other: Directory): boolean =>
  Math.abs(one.width * 2 - other.width) <= 2 && Math.abs(one.height * 2 - other.height) <= 2

function isThumbnail(one: Directory, other: Directory): boolean {
  const scale = Math.max(one.width, one.height) / Math.max(other.width, other.height)
  const differs = Math.max(
    Math.abs(other.width * scale - one.width),
    Math.abs(other.height * scale - one.height),
  )
  return Math.max(one.width, one.height) <= thumbnailSide && scale <= 1 / 4 && differs <= 2
}
