// SEED=… repeats a run.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Brick } from '../../server/brick.ts'
import { imageById, ingest, openPyramid } from '../../server/files/files.ts'
import { pathOfImage, tools } from '../house.ts'
import { randomFrom } from '../../demo/random.ts'

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6))

describe(`a piece of a pyramid (SEED=${seed})`, () => {
  const random = randomFrom(seed)
  const below = (most: number): number => Math.floor(random() * most)
  let brick: Brick
  let folder: string
  before(async () => {
    brick = await tools()
    folder = mkdtempSync(join(tmpdir(), 'campa-cutout-'))
  })
  after(async () => {
    await brick.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function picture(width: number, height: number): Promise<string> {
    const path = join(folder, `${width}x${height}.png`)
    const noise = { type: 'gaussian', mean: 120, sigma: 60 } as const
    await sharp({ create: { width: 97, height: 61, channels: 3, background: 'red', noise } })
      .resize(width, height, { fit: 'fill' })
      .toFile(path)
    const file = await ingest(brick.ctx, path, { name: path })
    return file.image ?? ''
  }

  for (const [width, height] of [
    [1300, 1601],
    [2047, 700],
    [300, 41],
  ] as const) {
    it(`of ${width} × ${height} decodes as it does in the whole`, async () => {
      const id = await picture(width, height)
      const { levels = [] } = (await imageById(brick.ctx, id)) ?? {}
      const pyramid = await openPyramid(brick.ctx, id)
      for (let piece = 0; piece < 40; piece++) {
        const level = below(levels.length)
        const whole = levels[level] ?? { width: 0, height: 0 }
        const [left, top] = [below(whole.width), below(whole.height)]
        const size = {
          width: 1 + below(whole.width - left),
          height: 1 + below(whole.height - top),
        }
        const wanted = await sharp(pathOfImage(brick.ctx, id), { page: level })
          .extract({ left, top, ...size })
          .raw()
          .toBuffer()
        const cut = await pyramid.cut(level, { x: left, y: top, ...size }, false)
        const inside = { left: cut.left, top: cut.top, ...size }
        const { width: across, height: down } = await sharp(cut.tiff).metadata()
        assert.deepEqual([across, down], [cut.width, cut.height])
        const got = await sharp(cut.tiff, { failOn: 'warning' }).extract(inside).raw().toBuffer()
        assert.ok(got.equals(wanted), `level ${level}, ${left},${top} ${size.width}×${size.height}`)

        const gray = await pyramid.cut(level, { x: left, y: top, ...size }, true)
        const luma = await sharp(gray.tiff).extract(inside).extractChannel(0).raw().toBuffer()
        assert.ok(Math.abs(meanOf(luma) - meanOf(brightness(wanted))) < 2)
      }
      await pyramid.close()
    })
  }

  it('is refused of a level that there is not', async () => {
    const pyramid = await openPyramid(brick.ctx, await picture(300, 41))
    const piece = { x: 0, y: 0, width: 1, height: 1 }
    assert.throws(() => pyramid.cut(7, piece, false), /no level 7/)
    await pyramid.close()
  })
})

/** ITU-R BT.601, as JPEG keeps it (JFIF 1.02). */
const brightness = (rgb: Buffer): number[] =>
  Array.from({ length: rgb.length / 3 }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(at * 3, at * 3 + 3)
    return 0.299 * red + 0.587 * green + 0.114 * blue
  })

const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at] ?? 0
  return sum / values.length
}
