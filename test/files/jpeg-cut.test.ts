import assert from 'node:assert/strict'
import fc from 'fast-check'
import sharp from 'sharp'
import { cutRight } from '../../server/files/jpeg-cut.ts'

async function drawn(width: number, height: number, seed: number): Promise<Buffer> {
  const raw = Buffer.alloc(width * height * 3)
  let state = seed + 1
  for (let at = 0; at < raw.length; at++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    raw[at] = ((at * seed) >> 4) + (state >> 26)
  }
  return sharp(raw, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

describe('cutting a JPEG at its right edge', () => {
  it('leaves the pixels that stay as they are, all but the last of each row', async () => {
    const sides = fc.integer({ min: 17, max: 90 })
    const qualities = fc.integer({ min: 5, max: 95 })
    const samplings = fc.constantFrom('4:2:0', '4:4:4')
    await fc.assert(
      fc.asyncProperty(
        sides,
        sides,
        fc.nat(1000),
        qualities,
        samplings,
        async (width, height, seed, quality, chromaSubsampling) => {
          const jpeg = await sharp(await drawn(width, height, seed))
            .jpeg({ quality, chromaSubsampling, optimiseCoding: false })
            .toBuffer()
          // Narrower ones have their colours doubled, not mixed (libjpeg).
          const left = 5 + (seed % (width - 5))
          const cut = cutRight(jpeg, left)
          assert.ok(cut)
          const { data, info } = await sharp(cut, { failOn: 'warning' })
            .raw()
            .toBuffer({ resolveWithObject: true })
          assert.deepEqual([info.width, info.height], [left, height])
          const whole = await sharp(jpeg).raw().toBuffer()
          for (let y = 0; y < height; y++) {
            const row = data.subarray(y * left * 3, (y * left + left - 1) * 3)
            assert.ok(row.equals(whole.subarray(y * width * 3, (y * width + left - 1) * 3)))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is not done to what is written in another way', async () => {
    const picture = sharp(await drawn(64, 64, 3))
    const plain = await picture.clone().jpeg({ optimiseCoding: false }).toBuffer()
    assert.equal(
      cutRight(await picture.clone().jpeg({ progressive: true }).toBuffer(), 20),
      undefined,
    )
    assert.equal(
      cutRight(await picture.clone().toColourspace('b-w').jpeg().toBuffer(), 20),
      undefined,
    )
    assert.equal(cutRight(plain.subarray(0, 300), 20), undefined)
    assert.equal(cutRight(Buffer.from('no picture'), 20), undefined)
  })

  it('comes to an end with any bytes', async () => {
    const plain = await sharp(await drawn(48, 48, 7))
      .jpeg({ optimiseCoding: false })
      .toBuffer()
    fc.assert(
      fc.property(fc.nat(plain.length - 1), fc.nat(255), (at, value) => {
        const damaged = Buffer.from(plain)
        damaged[at] = value
        cutRight(damaged, 20)
      }),
      { numRuns: 300 },
    )
  })
})
