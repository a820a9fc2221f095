// The right edge of a pyramid, cut: tiles in a TIFF are all of full width, padded, and a viewer asks for what is picture.
// A complete JPEG for each row of each level whose last column is not full, in one file beside the pyramid: a mark, how
// many they are, for each its level, row, offset and length (32 bits each, little-endian), then the JPEGs.
import { open } from 'node:fs/promises'
import { openPath, type Opened } from '../storage/storage.ts'
import type { Level } from './entities.ts'
import { cutRight } from './jpeg-cut.ts'
import { readTile, readTileMap } from './tiles.ts'

export interface Edges {
  /** Where in the file the cut tile lies; undefined where the column is full, and its tile is whole in the pyramid. */
  tile(level: number, row: number): { offset: number; length: number } | undefined
}

const mark = Buffer.from('CaMPAe1\n', 'latin1')
const headLength = mark.length + 4
const entryLength = 16
// As many as fit a picture of the longest side, of all its levels.
const mostEntries = 1000

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
    places.set(`${index.readUInt32LE(at)}/${index.readUInt32LE(at + 4)}`, {
      offset: index.readUInt32LE(at + 8),
      length: index.readUInt32LE(at + 12),
    })
  }
  return { tile: (level, row) => places.get(`${level}/${row}`) }
}

/** Cuts them from the pyramid, of which nothing but the last column of each level is read. */
export async function cutEdges(
  pyramid: string,
  levels: Level[],
  tile: number,
  target: string,
): Promise<void> {
  const columns = levels
    .map((size, level) => ({ ...size, level, rows: Math.ceil(size.height / tile) }))
    .filter(({ width }) => width % tile !== 0)
  const most = columns.reduce((sum, { rows }) => sum + rows, 0)
  const [from, file] = [await openPath(pyramid), await open(target, 'w')]
  try {
    const map = await readTileMap(from)
    const index: number[] = []
    let offset = headLength + most * entryLength
    for (const { level, width, height, rows } of map ? columns : []) {
      for (let row = 0; map && row < rows; row++) {
        const place = { level, row, column: Math.floor(width / tile) }
        const whole = await readTile(from, map, place, Math.min(tile, height - row * tile))
        const jpeg = whole && cutRight(whole, width % tile)
        // Not written as libvips does: then it is cut when somebody asks for it.
        if (!jpeg) continue
        await file.write(jpeg, 0, jpeg.length, offset)
        index.push(level, row, offset, jpeg.length)
        offset += jpeg.length
      }
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
