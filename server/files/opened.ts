// A pyramid kept open, from which tiles are handed out as they lie.
import type { Context } from '../context.ts'
import { Missing, readAhead, type Opened } from '../storage/storage.ts'
import { readEdges } from './edge.ts'
import { edgeKey, pyramidKey } from './store.ts'
import { readTile, readTileMap } from './tiles.ts'

/** A tile of a pyramid: where it is, and how much of it is picture, in pixels. */
export interface TilePlace {
  level: number
  column: number
  row: number
  width: number
  height: number
}

/** The pyramid of an image, opened to hand out its tiles. */
export interface Pyramid {
  /** Side of its tiles; undefined where they cannot be handed out as they lie. */
  tile: number | undefined
  /** A tile as a JPEG of its own; undefined where it is not stored. */
  read(place: TilePlace): Promise<Buffer | undefined>
  /** Once what is being read is read. */
  close(): Promise<void>
}

export async function openPyramid(ctx: Context, id: string): Promise<Pyramid> {
  const file = await ctx.storage.open(pyramidKey(id))
  let edge: Opened | undefined
  const reading = new Set<Promise<unknown>>()
  try {
    const map = await readTileMap(readAhead(file))
    edge = await openIfThere(ctx, edgeKey(id))
    const edges = edge && (await readEdges(edge))
    return {
      tile: map?.tile,
      async read(place) {
        if (!map) return undefined
        const cut = place.width < map.tile ? edges?.tile(place.level, place.row) : undefined
        if (place.width < map.tile && !cut) return undefined
        const read = cut
          ? edge?.read(cut.offset, cut.length)
          : readTile(file, map, place, place.height)
        if (!read) return undefined
        reading.add(read)
        try {
          return await read
        } finally {
          reading.delete(read)
        }
      },
      async close() {
        await Promise.allSettled(reading)
        await Promise.all([file.close(), edge?.close()])
      },
    }
  } catch (error) {
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
