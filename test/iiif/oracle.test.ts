import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { randomFrom } from '../../demo/random.ts'
import type { RunningBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'
import { save } from '../../server/records/records.ts'
import { brick, collection, draft } from '../house.ts'
import { expected } from './oracle.ts'
import { painting } from './painting.ts'

// SEED=… repeats a run, PATHS=20000 makes it a long one.
const paths = Number(process.env['PATHS'] ?? 400)
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6))
const picture = { width: 1501, height: 1003 }
const limits = { maxWidth: 16_000, maxHeight: 16_000, maxArea: 50_000_000 }

describe(`random addresses of images (SEED=${seed})`, () => {
  let house: RunningBrick
  let folder: string
  let image = ''
  before(async () => {
    house = await brick({ imageCacheMegabytes: 0 })
    folder = mkdtempSync(join(tmpdir(), 'campa-oracle-'))
    const path = join(folder, 'picture.png')
    await painting(picture.width, picture.height, path)
    const file = await ingest(house.ctx, path, { name: 'picture.png', mustBeImage: true })
    image = file.image ?? ''
    await save(house.ctx, [draft(await collection(house.ctx), 'picture', { files: [file] })])
  })
  after(async () => {
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are answered as the specification says, and none with an error of ours', async function () {
    this.timeout(60_000 + paths * 100)
    const random = randomFrom(seed)
    const count = (most: number): number => Math.floor(random() * most)
    let drawn = 0
    for (let index = 0; index < paths; index++) {
      const parts = address(count)
      const version = count(3) === 0 ? 2 : 3
      const path = parts.map(encodeURIComponent).join('/')
      const answer = await fetch(`${house.address}/iiif/image/${version}/${image}/${path}`)
      const body = Buffer.from(await answer.arrayBuffer())
      const wanted = expected(parts, picture, version, limits)
      const what = `version ${version}, ${JSON.stringify(parts)}: ${answer.status}`
      assert.ok(answer.status < 500, what)
      // A client takes dots for a way up, and asks for something else.
      if (wanted === 'either' || parts.some((each) => /^\.\.?$/.test(each))) continue
      assert.equal(answer.status, wanted.status, what)
      if (answer.status !== 200) {
        assert.equal(body.toString().trim().split('\n').length, 1, what)
        continue
      }
      drawn++
      const { width, height } = await sharp(body, { limitInputPixels: false }).metadata()
      assert.ok(
        Math.abs(width - wanted.width) <= wanted.give &&
          Math.abs(height - wanted.height) <= wanted.give,
        `${what} ${width},${height} for ${wanted.width},${wanted.height}`,
      )
    }
    assert.ok(drawn > paths / 10, `${drawn} were drawn`)
  })
})

type Count = (most: number) => number

const pick = <T>(count: Count, list: readonly T[]): T => list[count(list.length)] as T

/** Mostly right, now and then a little wrong, now and then nonsense. */
function address(count: Count): string[] {
  const n = (most: number): string => {
    const odd = ['', '0', '-1', '1e3', '01', ' 1', '99999999999', 'NaN', '٣', '1.5', '0x10']
    return count(25) === 0 ? pick(count, odd) : String(count(most))
  }
  const part = (): string => (count(20) === 0 ? n(9) : String(count(10_100) / 100))
  const region = pick(count, [
    () => 'full',
    () => 'square',
    () => `${n(1600)},${n(1100)},${n(1600)},${n(1100)}`,
    () => `${count(3) * 512},${count(2) * 512},512,512`,
    () => `pct:${part()},${part()},${part()},${part()}`,
    () => nonsense(count),
  ])()
  const size = pick(count, [
    () => pick(count, ['max', '^max', 'full', '^full']),
    () => `${n(700)},`,
    () => `,${n(700)}`,
    () => `${n(700)},${n(700)}`,
    () => `^${n(700)},${n(700)}`,
    () => `!${n(900)},${n(900)}`,
    () => `^!${n(900)},${n(900)}`,
    () => `pct:${n(120)}`,
    () => `^pct:${n(150)}`,
    () => `${pick(count, ['', '^', '!'])}${n(10 ** (3 + count(7)))},${n(10 ** (3 + count(7)))}`,
    () => nonsense(count),
  ])()
  const rotation = pick(count, [
    () => '0',
    () => '0',
    () => String(count(5) * 90),
    () => `!${count(5) * 90}`,
    () => n(400),
    () => `${n(400)}.${n(99)}`,
    () => (count(4) === 0 ? nonsense(count) : '0'),
  ])()
  const quality = pick(count, ['default', 'default', 'color', 'gray', 'bitonal', 'native'])
  const format = pick(count, ['jpg', 'jpg', 'jpg', 'png', 'webp', 'tif', 'gif', 'avif', 'jp2', ''])
  return [
    region,
    size,
    rotation,
    count(30) === 0 ? nonsense(count) : `${quality}${format && '.'}${format}`,
  ]
}

const signs = [
  ...'abc019,.:!^%/\\?#&=+-_ ~\'"<>()[]{}|;*@$€é東\u0000\u0007\u202e\ufeff'.split(''),
  '..',
  '%2f',
  '\n',
]

const nonsense = (count: Count): string =>
  Array.from({ length: 1 + count(12) }, () => pick(count, signs)).join('')
