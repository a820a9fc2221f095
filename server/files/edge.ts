// The edges of a pyramid, cut: tiles in a TIFF are all of full width, padded, and a viewer asks for what is picture. And where
// a side cannot be halved without a rest, viewers round up and pyramids down: there a tile is drawn one pixel larger.
// A complete JPEG for each of them, in one file beside the pyramid: a mark, how many they are, for each its level, column,
// row, width, height, offset and length (32 bits each, little-endian), then the JPEGs.
import { open } from 'node:fs/promises'
import sharp from 'sharp'
import { openPath, type Opened } from '../storage/storage.ts'
import { cutOut } from './cutout.ts'
import type { Level } from './entities.ts'
import { cutRight } from './jpeg-cut.ts'
import { readTile, readTileMap, type TileMap } from './tiles.ts'

/** A tile of a pyramid: where it is, and how much of it is picture, in pixels. */
export interface TilePlace {
  level: number
  column: number
  row: number
  width: number
  height: number
}

export interface Edges {
  /** Where in the file the tile of just this size lies; undefined where it is not at an edge, and lies in the pyramid. */
  tile(place: TilePlace): { offset: number; length: number } | undefined
}

const mark = Buffer.from('CaMPAe2\n', 'latin1')
const headLength = mark.length + 4
const entryLength = 28
// As many as fit a picture of the longest side, of all its levels.
const mostEntries = 2000

/** Undefined where it cannot be used: then a tile is cut when somebody asks for it. */
export async function readEdges(file: Opened): Promise<Edges | undefined> {
  if (file.size < headLength) return undefined
  const head = await file.read(0, headLength)
  if (!head.subarray(0, mark.length).equals(mark)) return undefined
  const count = head.readUInt32LE(mark.length)
  const length = count * entryLength
  if (count > mostEntries || file.size < headLength + length) return undefined
  return edgesOf(await file.read(headLength, length))
}

function edgesOf(index: Buffer): Edges {
  const places = new Map<string, { offset: number; length: number }>()
  for (let at = 0; at < index.length; at += entryLength) {
    const [level = 0, column = 0, row = 0, width = 0, height = 0, offset = 0, length = 0] =
      Array.from({ length: entryLength / 4 }, (_, nth) => index.readUInt32LE(at + nth * 4))
    places.set(nameOf({ level, column, row, width, height }), { offset, length })
  }
  return { tile: (place) => places.get(nameOf(place)) }
}

const nameOf = ({ level, column, row, width, height }: TilePlace): string =>
  `${level} ${column},${row} ${width}×${height}`

/** Cuts them from the pyramid, of which nothing but the edges of each level is read. */
export async function cutEdges(
  pyramid: string,
  levels: Level[],
  tile: number,
  target: string,
): Promise<void> {
  const places = edgesIn(levels, tile)
  const [from, file] = [await openPath(pyramid), await open(target, 'w')]
  try {
    const map = await readTileMap(from)
    const index: number[] = []
    let offset = headLength + places.length * entryLength
    for (const { place, isDrawn } of map ? places : []) {
      const jpeg = map && (isDrawn ? await drawn(from, map, place) : await cut(from, map, place))
      // Not written as libvips does: then it is cut when somebody asks for it.
      if (!jpeg) continue
      await file.write(jpeg, 0, jpeg.length, offset)
      const { level, column, row, width, height } = place
      index.push(level, column, row, width, height, offset, jpeg.length)
      offset += jpeg.length
    }
    const head = Buffer.alloc(headLength + index.length * 4)
    mark.copy(head)
    head.writeUInt32LE((index.length * 4) / entryLength, mark.length)
    for (const [nth, value] of index.entries()) head.writeUInt32LE(value, headLength + nth * 4)
    await file.write(head, 0, head.length, 0)
  } finally {
    await Promise.all([from.close(), file.close()])
  }
}

interface Edge {
  place: TilePlace
  /** The level has not got just this size. */
  isDrawn: boolean
}

function edgesIn(levels: Level[], tile: number): Edge[] {
  const [{ width, height } = { width: 0, height: 0 }] = levels
  return levels.flatMap((size, level) => {
    const asked = { width: Math.ceil(width / 2 ** level), height: Math.ceil(height / 2 ** level) }
    const [columns, rows] = [Math.ceil(asked.width / tile), Math.ceil(asked.height / tile)]
    const edges: Edge[] = []
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const part = (of: Level): TilePlace => ({
          level,
          column,
          row,
          width: Math.min(tile, of.width - column * tile),
          height: Math.min(tile, of.height - row * tile),
        })
        const [wanted, there] = [part(asked), part(size)]
        if (there.width > 0 && there.height > 0 && there.width < tile)
          edges.push({ place: there, isDrawn: false })
        if (wanted.width !== there.width || wanted.height !== there.height)
          edges.push({ place: wanted, isDrawn: true })
      }
    }
    return edges
  })
}

async function cut(from: Opened, map: TileMap, place: TilePlace): Promise<Buffer | undefined> {
  const whole = await readTile(from, map, place, place.height)
  return whole && cutRight(whole, place.width)
}

/** What the level has of the tile, one pixel larger; the last one once more where it has nothing of it. */
async function drawn(
  from: Opened,
  map: TileMap,
  { level, column, row, width, height }: TilePlace,
): Promise<Buffer | undefined> {
  const size = map.levels[level]
  if (!size) return undefined
  const [x, y] = [
    Math.min(column * map.tile, size.width - 1),
    Math.min(row * map.tile, size.height - 1),
  ]
  const piece = {
    x,
    y,
    width: Math.min(width, size.width - x),
    height: Math.min(height, size.height - y),
  }
  const { tiff, left, top } = await cutOut(from, map, size, piece, false)
  return sharp(tiff, { failOn: 'error', limitInputPixels: false })
    .extract({ left, top, width: piece.width, height: piece.height })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .jpeg({ quality: 85 })
    .toBuffer()
}
