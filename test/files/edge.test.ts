import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Brick } from '../../server/brick.ts'
import { imageById, ingest, openPyramid } from '../../server/files/files.ts'
import { edgeKey } from '../../server/files/store.ts'
import { keptAt, pathOfImage, tools } from '../house.ts'
import { edgesAt } from './edges-at.ts'

describe('the right edge of a pyramid', () => {
  let brick: Brick
  let folder: string
  before(async () => {
    brick = await tools()
    folder = mkdtempSync(join(tmpdir(), 'campa-edge-'))
  })
  after(async () => {
    await brick.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function picture(width: number, height: number): Promise<string> {
    const path = join(folder, `${width}x${height}.png`)
    const raw = Buffer.alloc(width * height * 3)
    for (let at = 0; at < raw.length; at += 3) {
      const [x, y] = [(at / 3) % width, Math.floor(at / 3 / width)]
      raw.writeUIntBE(
        (((x * 255) / width) << 16) | (((y * 255) / height) << 8) | ((x ^ y) & 0x3f),
        at,
        3,
      )
    }
    await sharp(raw, { raw: { width, height, channels: 3 } }).toFile(path)
    const file = await ingest(brick.ctx, path, { name: path })
    return file.image ?? ''
  }

  /** Decibels; how alike two pictures are. */
  function likeness(one: Buffer, other: Buffer): number {
    assert.equal(one.length, other.length)
    let sum = 0
    for (const [index, value] of one.entries()) sum += (value - (other[index] ?? 0)) ** 2
    return sum === 0 ? Infinity : 10 * Math.log10((255 * 255 * one.length) / sum)
  }

  for (const [width, height] of [
    [1300, 1100],
    [2049, 513],
    [33, 70],
    [1, 1],
  ] as const) {
    it(`of ${width} × ${height} is there for each row of each level, as the level has it`, async () => {
      const id = await picture(width, height)
      const path = keptAt(brick.ctx, edgeKey(id))
      const edges = await edgesAt(path)
      const bytes = readFileSync(path)
      const { levels = [] } = (await imageById(brick.ctx, id)) ?? {}
      const tile = Math.min(512, Math.ceil(Math.max(width, height) / 16) * 16)
      for (const [level, size] of levels.entries()) {
        const cut = size.width % tile
        for (let row = 0; row * tile < size.height; row++) {
          const rest = Math.min(tile, size.height - row * tile)
          const column = Math.floor(size.width / tile)
          const place = edges?.tile({ level, column, row, width: cut, height: rest })
          if (cut === 0) {
            assert.equal(place, undefined)
            continue
          }
          const { offset = 0, length = 0 } = place ?? {}
          const jpeg = sharp(bytes.subarray(offset, offset + length), { failOn: 'warning' })
          const { data, info } = await jpeg.raw().toBuffer({ resolveWithObject: true })
          const region = {
            left: size.width - cut,
            top: row * tile,
            width: cut,
            height: rest,
          }
          assert.deepEqual([info.width, info.height], [region.width, region.height])
          const whole = sharp(pathOfImage(brick.ctx, id), { page: level })
          const stored = await whole.extract(region).raw().toBuffer()
          assert.ok(likeness(data, stored) > 30, `${likeness(data, stored)} dB`)
          // The colours of two pixels beside each other are stored as one, and mixed with their neighbours.
          const inside = (pixels: Buffer): Buffer =>
            Buffer.concat(
              Array.from({ length: region.height - 1 }, (_, y) =>
                pixels.subarray(y * region.width * 3, ((y + 1) * region.width - 1) * 3),
              ),
            )
          assert.ok(inside(data).equals(inside(stored)), `level ${level}, row ${row}`)
        }
        const below = { level, column: 0, row: Math.ceil(size.height / tile) }
        assert.equal(edges?.tile({ ...below, ...size }), undefined)
      }
    })
  }

  it('of a width without rest is an empty list', async () => {
    const edges = await edgesAt(keptAt(brick.ctx, edgeKey(await picture(1024, 600))))
    assert.ok(edges)
    assert.equal(edges.tile({ level: 0, column: 1, row: 0, width: 512, height: 512 }), undefined)
  })

  it('is undefined where another file lies in its place', async () => {
    for (const bytes of ['', 'CaMPAe1\n', 'CaMPAe1\n\u0001\0\0\0', 'x'.repeat(100)]) {
      writeFileSync(join(folder, 'other'), bytes, 'latin1')
      assert.equal(await edgesAt(join(folder, 'other')), undefined)
    }
  })

  for (const [width, height] of [
    [1024, 768],
    [1920, 1088],
    [1025, 511],
    [1537, 1008],
  ] as const) {
    it(`of ${width} × ${height} has the colour of the picture, in all that is drawn`, async () => {
      const path = join(folder, `flat-${width}.png`)
      await sharp({ create: { width, height, channels: 3, background: '#d01010' } }).toFile(path)
      const { image: id = '' } = await ingest(brick.ctx, path, { name: path })
      const { levels = [] } = (await imageById(brick.ctx, id)) ?? {}
      const pyramid = await openPyramid(brick.ctx, id)
      for (const [level, size] of levels.entries()) {
        const { tiff, left, top } = await pyramid.cut(level, { x: 0, y: 0, ...size }, false)
        const pixels = await sharp(tiff)
          .extract({ left, top, ...size })
          .raw()
          .toBuffer()
        const middle = (Math.floor(size.height / 2) * size.width + 8) * 3
        for (const band of [0, 1, 2])
          for (let at = band; at < pixels.length; at += 3) {
            const off = Math.abs((pixels[at] ?? 0) - (pixels[middle + band] ?? 0))
            assert.ok(off <= 2, `level ${level}, pixel ${(at - band) / 3}: ${off}`)
          }
      }
      await pyramid.close()
    })
  }
})
