// What is asked for again and again lies ready: a request that is exactly a tile of the pyramid is answered with its bytes.
import type { Context } from '../context.ts'
import {
  openPyramid,
  type Cutout,
  type Image,
  type Piece,
  type Pyramid,
  type TilePlace,
} from '../files/files.ts'
import { Kept } from '../http/kept.ts'
import type { Shown, Wish } from './image-render.ts'

/** The tile that a request asks for, as it lies in the file. */
export function tileAsked(
  image: Pick<Image, 'width' | 'height' | 'levels'>,
  { request: { format, quality, rotation, mirror }, drawing: { region, size } }: Wish,
  tile: number,
): TilePlace | undefined {
  const isPlain =
    format === 'jpg' && (quality === 'default' || quality === 'color') && rotation === 0 && !mirror
  if (!isPlain || size.width > tile || size.height > tile) return undefined
  for (let level = 0; level < image.levels.length; level++) {
    const side = tile * 2 ** level
    const [column, row] = [region.x / side, region.y / side]
    if (!Number.isInteger(column) || !Number.isInteger(row)) return undefined
    const isCell =
      region.width === Math.min(side, image.width - region.x) &&
      region.height === Math.min(side, image.height - region.y)
    if (!isCell) continue
    // Of a side that cannot be halved without a rest, viewers ask for one pixel more than the level has.
    const isAsked = [Math.floor, Math.ceil].some(
      (round) =>
        size.width === Math.min(tile, round(image.width / 2 ** level) - column * tile) &&
        size.height === Math.min(tile, round(image.height / 2 ** level) - row * tile),
    )
    if (isAsked) return { level, column, row, ...size }
  }
  return undefined
}

const mostOpen = 128
const pyramids = new WeakMap<Context, Kept<Promise<Pyramid>>>()

function pyramidOf(ctx: Context, id: string): Promise<Pyramid> {
  const open =
    pyramids.get(ctx) ??
    new Kept<Promise<Pyramid>>(mostOpen, (gone) => {
      void gone.then(
        (pyramid) => pyramid.close(),
        () => undefined,
      )
    })
  pyramids.set(ctx, open)
  const known = open.get(id)
  if (known) return known
  const opening = openPyramid(ctx, id)
  open.set(id, opening)
  opening.catch(() => open.delete(id))
  return opening
}

async function fromPyramid<T>(
  ctx: Context,
  id: string,
  take: (pyramid: Pyramid) => Promise<T>,
): Promise<T> {
  const pyramid = await pyramidOf(ctx, id)
  try {
    return await take(pyramid)
  } catch (error) {
    // It may have been made again since: the next one opens it anew.
    pyramids.get(ctx)?.delete(id)
    throw error
  }
}

/** The bytes of what is asked for, where they are stored just so. */
export async function storedTile(
  ctx: Context,
  image: Shown,
  wish: Wish,
): Promise<Buffer | undefined> {
  return fromPyramid(ctx, image.id, async (pyramid) => {
    const tile = tileAsked(image, wish, pyramid.tile)
    return tile && pyramid.read({ ...tile, level: image.first + tile.level })
  })
}

/** What a decoder needs for a piece of a level, counted from the first that is shown. */
export async function storedPiece(
  ctx: Context,
  { id, first }: Shown,
  level: number,
  piece: Piece,
  isLuma: boolean,
): Promise<Cutout> {
  return fromPyramid(ctx, id, async (pyramid) => pyramid.cut(first + level, piece, isLuma))
}
