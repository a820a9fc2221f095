// The tiles of a pyramid as they lie in its file: TIFF 6.0 (sections 2 and 15), BigTIFF, JPEG in TIFF (Technical Note 2).
// Where each tile lies is read once; then one is handed out by reading its bytes, and nothing is decoded.
import type { Opened } from '../storage/storage.ts'

export interface TileLevel {
  /** In pixels. */
  width: number
  height: number
  /** Tiles in a row. */
  across: number
  offsets: Float64Array
  lengths: Float64Array
}

export interface TileMap {
  /** Side of a tile, in pixels. */
  tile: number
  /** The largest first. */
  levels: TileLevel[]
  /** What all tiles begin with: a JPEG up to its first frame. */
  tables: Buffer
  /** Numbers of a pixel: 1 is gray, 3 are brightness and two of colour. */
  bands: 1 | 3
}

export const tags = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  bands: 277,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileLengths: 325,
  jpegTables: 347,
}
const jpeg = 7
/** Gray and YCbCr, what a JPEG is without being told (JFIF), and how many numbers a pixel has. */
const plainColours: Record<number, 1 | 3> = { 1: 1, 6: 3 }
/** Bytes of each type of values (TIFF 6.0, section 2; BigTIFF). */
const sizes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8, 18: 8 }
const mostLevels = 32
const mostFields = 4096
const mostTiles = 4_000_000

type Read = (start: number, length: number) => Promise<Buffer>

interface Field {
  type: number
  count: number
  /** Where its values lie. */
  at: number
}

/** Numbers of a TIFF as it writes them: in either order of bytes, and wider in a BigTIFF. */
export class Tiff {
  readonly isBig: boolean
  private readonly isLittle: boolean
  private readonly read: Read

  constructor(read: Read, head: Buffer) {
    this.read = read
    this.isLittle = head.toString('latin1', 0, 2) === 'II'
    this.isBig = this.number(head, 2, 2) === 43
  }

  number(bytes: Buffer, at: number, size: number): number {
    if (size === 1) return bytes.readUInt8(at)
    if (size === 2) return this.isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
    if (size === 4) return this.isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
    return Number(this.isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
  }

  /** The directory at a place, and where the next one is; 0: there is none. */
  async directory(at: number): Promise<{ fields: Map<number, Field>; next: number }> {
    const [counted, entry, word] = this.isBig ? [8, 20, 8] : [2, 12, 4]
    const count = this.number(await this.read(at, counted), 0, counted)
    if (count > mostFields) throw new Error(`a directory of a TIFF claims ${count} fields`)
    const bytes = await this.read(at + counted, count * entry + word)
    const fields = new Map<number, Field>()
    for (let index = 0; index < count; index++) {
      const start = index * entry
      const type = this.number(bytes, start + 2, 2)
      const values = this.number(bytes, start + 4, word)
      const inside = start + 4 + word
      const fits = values * (sizes[type] ?? 1) <= word
      fields.set(this.number(bytes, start, 2), {
        type,
        count: values,
        at: fits ? at + counted + inside : this.number(bytes, inside, word),
      })
    }
    return { fields, next: this.number(bytes, count * entry, word) }
  }

  async bytes({ type, count, at }: Field): Promise<Buffer> {
    return this.read(at, count * (sizes[type] ?? 1))
  }

  async values(field: Field | undefined): Promise<Float64Array> {
    if (!field || field.count > mostTiles) return new Float64Array()
    const bytes = await this.bytes(field)
    const size = sizes[field.type] ?? 1
    return Float64Array.from({ length: field.count }, (_, index) =>
      this.number(bytes, index * size, size),
    )
  }

  async value(field: Field | undefined): Promise<number> {
    const [value = 0] = await this.values(field && { ...field, count: 1 })
    return value
  }
}

/** @returns undefined where its tiles cannot be handed out as they lie */
export async function readTileMap({ read }: Pick<Opened, 'read'>): Promise<TileMap | undefined> {
  const head = await read(0, 16)
  const tiff = new Tiff(read, head)
  const map: TileMap = { tile: 0, levels: [], tables: Buffer.alloc(0), bands: 3 }
  let at = tiff.isBig ? tiff.number(head, 8, 8) : tiff.number(head, 4, 4)
  while (at > 0 && map.levels.length < mostLevels) {
    const { fields, next } = await tiff.directory(at)
    const value = (tag: number): Promise<number> => tiff.value(fields.get(tag))
    const tables = fields.get(tags.jpegTables)
    const tile = await value(tags.tileWidth)
    const bands = plainColours[await value(tags.photometric)]
    const isPlain =
      (await value(tags.compression)) === jpeg && tile === (await value(tags.tileHeight))
    if (!isPlain || !bands || !tables || tile === 0) return undefined
    if (!map.levels.length) {
      map.tile = tile
      map.bands = bands
      map.tables = openEnded(await tiff.bytes(tables))
    } else if (tile !== map.tile || !openEnded(await tiff.bytes(tables)).equals(map.tables)) {
      return undefined
    }
    const width = await value(tags.width)
    map.levels.push({
      width,
      height: await value(tags.height),
      across: Math.ceil(width / tile),
      offsets: await tiff.values(fields.get(tags.tileOffsets)),
      lengths: await tiff.values(fields.get(tags.tileLengths)),
    })
    at = next
  }
  return map
}

/** Tables without the marker of their end. */
const openEnded = (tables: Buffer): Buffer =>
  tables.readUInt16BE(tables.length - 2) === 0xffd9 ? tables.subarray(0, -2) : tables

/**
 * A stored tile as a JPEG of its own.
 * @param height of what is wanted of it from above, in pixels: what a tile holds below the edge of the picture is left out
 */
export async function readTile(
  { read }: Pick<Opened, 'read'>,
  { tile, levels, tables }: TileMap,
  place: { level: number; column: number; row: number },
  height = tile,
): Promise<Buffer | undefined> {
  const level = levels[place.level]
  const index = place.row * (level?.across ?? 0) + place.column
  const [offset, length] = [level?.offsets[index], level?.lengths[index]]
  if (!offset || !length) return undefined
  // Without its own SOI, which the tables bring.
  const whole = await read(offset + 2, length - 2, tables)
  return height === tile || setHeight(whole, height) ? whole : undefined
}

/** Writes the height of a picture into its frame header (ISO/IEC 10918-1, B.2.2). */
export function setHeight(picture: Buffer, height: number): boolean {
  for (let at = 2; at + 9 < picture.length && picture[at] === 0xff;) {
    const marker = picture[at + 1] ?? 0
    if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) {
      picture.writeUInt16BE(height, at + 5)
      return true
    }
    at += 2 + picture.readUInt16BE(at + 2)
  }
  return false
}
