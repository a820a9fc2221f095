// A pyramid kept open, from which tiles are handed out as they lie.
import type { Context } from '../context.ts'
import { Missing, readAhead, type Opened } from '../storage/storage.ts'
import { cutOut, type Cutout, type Piece } from './cutout.ts'
import { readEdges, type TilePlace } from './edge.ts'
import { edgeKey, fromStorage, pyramidKey } from './store.ts'
import { readTile, readTileMap } from './tiles.ts'

/** The pyramid of an image, opened to hand out its tiles. */
export interface Pyramid {
  /** Side of its tiles. */
  tile: number
  /** A tile as a JPEG of its own; undefined where it is not stored. */
  read(place: TilePlace): Promise<Buffer | undefined>
  /** What a decoder needs for a piece of a level. */
  cut(level: number, piece: Piece, isLuma: boolean): Promise<Cutout>
  /** Once what is being read is read. */
  close(): Promise<void>
}

export const openPyramid = (ctx: Context, id: string): Promise<Pyramid> =>
  fromStorage(ctx, openIn(ctx, id))

async function openIn(ctx: Context, id: string): Promise<Pyramid> {
  const file = await ctx.storage.open(pyramidKey(id))
  // Asked for while the directories are read, one after the other.
  const beside = openIfThere(ctx, edgeKey(id))
  const reading = new Set<Promise<unknown>>()
  const busy = async <T>(work: Promise<T>): Promise<T> => {
    reading.add(work)
    try {
      return await fromStorage(ctx, work)
    } finally {
      reading.delete(work)
    }
  }
  try {
    const [map, edge] = await Promise.all([readTileMap(readAhead(file)), beside])
    if (!map) throw new Error(`the pyramid of image ${id} is not as this program writes them`)
    const edges = edge && (await readEdges(edge))
    return {
      tile: map.tile,
      read(place) {
        const cut = edges?.tile(place)
        if (cut && edge) return busy(edge.read(cut.offset, cut.length))
        const size = map.levels[place.level]
        const isWhole = place.width === map.tile
        const isThere = size && place.row * map.tile + place.height <= size.height
        return isWhole && isThere
          ? busy(readTile(file, map, place, place.height))
          : Promise.resolve(undefined)
      },
      cut(level, piece, isLuma) {
        const size = map.levels[level]
        if (!size) throw new Error(`the pyramid of image ${id} has no level ${level}`)
        if (piece.x + piece.width > size.width || piece.y + piece.height > size.height)
          throw new Error(`level ${level} of the pyramid of image ${id} is smaller than was said`)
        return busy(cutOut(file, map, size, piece, isLuma))
      },
      async close() {
        await Promise.allSettled(reading)
        await Promise.all([file.close(), edge?.close()])
      },
    }
  } catch (error) {
    const edge = await beside.catch(() => undefined)
    await Promise.all([file.close(), edge?.close()])
    throw error
  }
}

async function openIfThere(ctx: Context, key: string): Promise<Opened | undefined> {
  try {
    return await ctx.storage.open(key)
  } catch (error) {
    if (error instanceof Missing) return undefined
    throw error
  }
}
