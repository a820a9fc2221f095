// A piece of a level of a pyramid as a TIFF of its own in memory: the tiles that hold it, as they lie in the file, behind a
// new directory. A decoder is given what it needs and nothing else, wherever the file is kept.
import type { Opened } from '../storage/storage.ts'
import { setHeight, tags, type TileLevel, type TileMap } from './tiles.ts'

/** Pixels of a level. */
export interface Piece {
  x: number
  y: number
  width: number
  height: number
}

export interface Cutout {
  tiff: Buffer
  /** The picture that this TIFF holds: the piece, and what else is on its tiles. */
  width: number
  height: number
  /** Where the piece begins in it. */
  left: number
  top: number
}

const endOfImage = Buffer.from([0xff, 0xd9])

/** Tiles that lie one behind the other in the file: libvips writes each row of the largest level from its right end. */
interface Run {
  start: number
  length: number
  /** As they are numbered in the level. */
  tiles: number[]
  /** Where it lies in the new file, after its head. */
  at: number
}

// A store elsewhere takes its time for each answer, and as long again for each megabyte: some are asked for at once.
const longestRun = 4 * 2 ** 20
const readAtOnce = 4

/**
 * @param isLuma only brightness is wanted: colours are left as they are stored, and the first of the three is brightness
 */
export async function cutOut(
  { readInto }: Pick<Opened, 'readInto'>,
  map: TileMap,
  level: TileLevel,
  { x, y, width, height }: Piece,
  isLuma: boolean,
): Promise<Cutout> {
  const { tile } = map
  const [first, last] = [Math.floor(x / tile), Math.floor((x + width - 1) / tile)]
  const [upper, lower] = [Math.floor(y / tile), Math.floor((y + height - 1) / tile)]
  const tiles = tilesIn(level, { first, last, upper, lower })
  const runs = runsOf(level, tiles)
  // No further than the level: what is below it may be black, and would be mixed into its last row.
  const needed = Math.min(rowsNeeded(y + height - lower * tile, tile), level.height - lower * tile)
  const picture = {
    width: Math.min((last - first + 1) * tile, level.width - first * tile),
    height: Math.min((lower - upper) * tile + needed, level.height - upper * tile),
  }
  const places = placesOf(level, runs)
  const head = headOf(map, level, picture, tiles, places, isLuma)
  const tiff = Buffer.allocUnsafe(head.length + sumOf(runs))
  head.copy(tiff)
  const left = runs.values()
  const readRuns = async (): Promise<void> => {
    for (const { start, length, at } of left) {
      const from = head.length + at
      await readInto(tiff.subarray(from, from + length), start)
    }
  }
  await Promise.all(Array.from({ length: readAtOnce }, readRuns))
  if (needed < tile)
    for (const index of tiles.slice(-(last - first + 1)))
      setHeight(tiff.subarray(head.length + (places.get(index) ?? 0)), needed)
  return { tiff, ...picture, left: x - first * tile, top: y - upper * tile }
}

/** Rows of the lowest tiles that are decoded: whole blocks, and what the colours of the last row are mixed with. */
const rowsNeeded = (wanted: number, tile: number): number =>
  Math.min(tile, Math.ceil((wanted + 2) / 16) * 16)

const sumOf = (runs: Run[]): number => runs.reduce((sum, { length }) => sum + length, 0)

/** Row by row. */
function tilesIn(
  level: TileLevel,
  { first, last, upper, lower }: Record<'first' | 'last' | 'upper' | 'lower', number>,
): number[] {
  const across = last - first + 1
  return Array.from(
    { length: across * (lower - upper + 1) },
    (_, nth) => (upper + Math.floor(nth / across)) * level.across + first + (nth % across),
  )
}

function runsOf(level: TileLevel, tiles: number[]): Run[] {
  const runs: Run[] = []
  const startOf = (index: number): number => level.offsets[index] ?? 0
  let at = 0
  for (const index of tiles.toSorted((one, other) => startOf(one) - startOf(other))) {
    const [start, length] = [startOf(index), level.lengths[index]]
    if (!start || !length) throw new Error('a pyramid has no tile where one is needed')
    const run = runs.at(-1)
    if (run && run.start + run.length === start && run.length + length <= longestRun) {
      run.length += length
      run.tiles.push(index)
    } else runs.push({ start, length, tiles: [index], at })
    at += length
  }
  return runs
}

/** Where each tile lies in the new file, after its head. */
function placesOf(level: TileLevel, runs: Run[]): Map<number, number> {
  return new Map(
    runs.flatMap(({ start, tiles, at }) =>
      tiles.map((index) => [index, at + (level.offsets[index] ?? 0) - start] as const),
    ),
  )
}

const [short, long, bytes] = [3, 4, 7]
/** What the numbers of a pixel mean. */
const [gray, rgb, ycbcr] = [1, 2, 6]
const entries = 11
const directoryEnd = 8 + 2 + entries * 12 + 4

/** What comes before the tiles: a TIFF of one picture (TIFF 6.0, sections 2 and 15; Technical Note 2 for JPEG). */
function headOf(
  { tile, tables, bands }: TileMap,
  level: TileLevel,
  { width, height }: { width: number; height: number },
  tiles: number[],
  places: Map<number, number>,
  isLuma: boolean,
): Buffer {
  const bitsAt = directoryEnd
  const offsetsAt = bitsAt + 8
  const lengthsAt = offsetsAt + 4 * tiles.length
  const tablesAt = lengthsAt + 4 * tiles.length
  const tablesLength = tables.length + endOfImage.length
  const head = Buffer.alloc(tablesAt + tablesLength)
  const offsets = tiles.map((index) => head.length + (places.get(index) ?? 0))
  const lengths = tiles.map((index) => level.lengths[index] ?? 0)
  // One value alone stands in its entry.
  const many = (values: number[], at: number): number =>
    values.length === 1 ? (values[0] ?? 0) : at
  const fields: [tag: number, type: number, count: number, value: number][] = [
    [tags.width, long, 1, width],
    [tags.height, long, 1, height],
    [tags.bits, short, bands, bands === 1 ? 8 : bitsAt],
    [tags.compression, short, 1, 7],
    [tags.photometric, short, 1, bands === 1 ? gray : isLuma ? rgb : ycbcr],
    [tags.bands, short, 1, bands],
    [tags.tileWidth, long, 1, tile],
    [tags.tileHeight, long, 1, tile],
    [tags.tileOffsets, long, tiles.length, many(offsets, offsetsAt)],
    [tags.tileLengths, long, tiles.length, many(lengths, lengthsAt)],
    [tags.jpegTables, bytes, tablesLength, tablesAt],
  ]
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(entries, 8)
  for (const [nth, [tag, type, count, value]] of fields.entries()) {
    const at = 10 + nth * 12
    head.writeUInt16LE(tag, at)
    head.writeUInt16LE(type, at + 2)
    head.writeUInt32LE(count, at + 4)
    head.writeUInt32LE(value, at + 8)
  }
  for (let band = 0; band < bands; band++) head.writeUInt16LE(8, bitsAt + 2 * band)
  for (const [nth, offset] of offsets.entries()) head.writeUInt32LE(offset, offsetsAt + 4 * nth)
  for (const [nth, length] of lengths.entries()) head.writeUInt32LE(length, lengthsAt + 4 * nth)
  tables.copy(head, tablesAt)
  endOfImage.copy(head, tablesAt + tables.length)
  return head
}
