import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { Unfit } from '../../server/files/picture.ts'
import { openWorkshop, type Workshop } from '../../server/files/workshop.ts'
import { hands } from './hands.ts'

describe('the workshop for pictures', function () {
  this.timeout(60_000)
  let folder: string
  let large: string
  const size = { width: 5000, height: 4000 }
  const pixels = size.width * size.height
  const target = (): string => join(folder, 'pyramid.tif')

  before(async function () {
    if (!existsSync('/proc/self/stat')) this.skip()
    folder = mkdtempSync(join(tmpdir(), 'campa-workshop-'))
    large = join(folder, 'large.jpg')
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    await sharp({ create: { ...size, channels: 3, background: '#456', noise } })
      .jpeg({ progressive: true, chromaSubsampling: '4:4:4' })
      .toFile(large)
  })
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  const plenty = { seconds: () => 60, megabytes: 1500, asked: 100 }
  const pyramid = (shop: Workshop): Promise<unknown> =>
    shop.run('makePyramid', pixels, large, 'image/jpeg', size, target())
  const look = (shop: Workshop): Promise<unknown> => shop.run('inspect', 0, large, 'image/jpeg')

  it('ends what takes longer than a picture of its size should, and takes the next', async () => {
    const shop = openWorkshop({ ...plenty, seconds: (each) => (each ? 0.2 : 60) })
    assert.deepEqual(await look(shop), [size])
    await assert.rejects(
      pyramid(shop),
      (error) => error instanceof Unfit && error.message.startsWith('takes longer to read'),
    )
    assert.deepEqual(await look(shop), [size])
  })

  it('ends what takes too much memory, and takes the next', async () => {
    const shop = openWorkshop({ ...plenty, megabytes: 180 })
    await assert.rejects(
      pyramid(shop),
      (error) => error instanceof Unfit && error.message.startsWith('takes more than 180 MB of'),
    )
    assert.deepEqual(await look(shop), [size])
  })

  /** Makes the process that writes the pyramid crash, as a decoder would, so many times. */
  async function crash(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      while (!existsSync(target())) await sleep(2)
      rmSync(target(), { force: true })
      for (const pid of hands()) process.kill(pid, 'SIGSEGV')
    }
  }

  it('tries once more what crashed, and refuses what crashes again', async () => {
    const shop = openWorkshop(plenty)
    const [levels] = await Promise.all([pyramid(shop), crash(1)])
    assert.ok(Array.isArray(levels))
    rmSync(target(), { force: true })
    await Promise.all([
      assert.rejects(
        pyramid(shop),
        (error) => error instanceof Unfit && /crash \(SIGSEGV\)/.test(error.message),
      ),
      crash(2),
    ])
    assert.deepEqual(await look(shop), [size])
  })

  it('keeps a process for several pictures, and replaces it', async () => {
    const shop = openWorkshop({ ...plenty, asked: 3 })
    const seen = new Set<number>()
    const before = hands()
    for (let round = 0; round < 7; round++) {
      await look(shop)
      for (const pid of hands()) if (!before.includes(pid)) seen.add(pid)
    }
    assert.ok(seen.size >= 2 && seen.size <= 3, `${seen.size} processes`)
  })

  it('goes on when a process at rest has gone', async () => {
    const shop = openWorkshop(plenty)
    await look(shop)
    for (const pid of hands()) process.kill(pid, 'SIGKILL')
    assert.deepEqual(await look(shop), [size])
  })
})
