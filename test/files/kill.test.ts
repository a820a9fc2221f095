// A process is killed while it takes a picture in. MOMENTS makes it larger; the full size is 50.
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import type { FileReference } from '../../schemas/record.ts'
import { startWork, type Brick } from '../../server/brick.ts'
import { imageById, ingest } from '../../server/files/files.ts'
import { edgeKey, fileKey, imageOf, mend, resume } from '../../server/files/store.ts'
import { isAlive } from '../command.ts'
import { keptAt, pathOfImage, quiet, tools } from '../house.ts'
import { pdfOf } from './documents.ts'
import { edgesAt } from './edges-at.ts'
import { hands } from './hands.ts'

/** A tile at the right edge of the picture that is taken in. */
const corner = { level: 0, column: 4, row: 0, width: 2500 - 4 * 512, height: 512 }
const moments = Number(process.env['MOMENTS'] ?? 2)

describe('a process that is killed while it takes a picture in', function () {
  this.timeout(60_000 + moments * 20_000)
  const signal = new AbortController().signal
  let brick: Brick
  let folder: string
  let jpeg: Buffer
  let small: string
  before(async () => {
    brick = await tools()
    folder = mkdtempSync(join(tmpdir(), 'campa-kill-'))
    const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const
    jpeg = await sharp({
      create: { width: 2500, height: 1500, channels: 3, background: '#456', noise },
    })
      .jpeg()
      .toBuffer()
    small = join(folder, 'small.png')
    await sharp({ create: { width: 20, height: 20, channels: 3, background: '#456' } }).toFile(
      small,
    )
  })
  after(async () => {
    await brick.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Another file each time, of the same picture: what follows the end of a JPEG is not read. */
  function picture(): { path: string; bytes: Buffer; sha256: string } {
    const bytes = Buffer.concat([jpeg, randomBytes(16)])
    const path = join(folder, 'picture.jpg')
    writeFileSync(path, bytes)
    return { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
  }

  async function start(): Promise<ChildProcess> {
    const script = fileURLToPath(new URL('./ingesting.ts', import.meta.url))
    const child = fork(script, [JSON.stringify(brick.ctx.config)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await once(child, 'message')
    // So that the process that opens pictures is there, and what is killed is at work and not about to begin.
    child.send(small)
    await once(child, 'message')
    return child
  }

  const stored = (): string[] =>
    existsSync(join(brick.ctx.config.dataDir, 'files'))
      ? readdirSync(join(brick.ctx.config.dataDir, 'files'), { recursive: true }).map(String)
      : []
  const pathOf = (sha256: string): string => keptAt(brick.ctx, fileKey(sha256))

  async function isWhole(sha256: string): Promise<boolean> {
    const id = sha256.slice(0, 32)
    if (!existsSync(pathOfImage(brick.ctx, id))) return false
    const { channels } = await sharp(readFileSync(pathOfImage(brick.ctx, id)), {
      failOn: 'warning',
    }).stats()
    assert.equal(channels.length, 3)
    return true
  }

  /** Kills a process when its moment has come, and looks at what is left. */
  async function kill(
    moment: () => Promise<unknown>,
    { path, bytes, sha256 } = picture(),
  ): Promise<{ sha256: string; isTaken: boolean }> {
    const child = await start()
    let isTaken = false
    child.once('message', () => (isTaken = true))
    child.send(path)
    await moment()
    const [pid = 0] = hands(child.pid)
    child.kill('SIGKILL')
    await once(child, 'exit')
    while (pid && isAlive(pid)) await sleep(5)
    assert.deepEqual(readFileSync(path), bytes)
    if (existsSync(pathOf(sha256))) assert.deepEqual(readFileSync(pathOf(sha256)), bytes)
    assert.ok((await isWhole(sha256)) || !isTaken)
    return { sha256, isTaken }
  }

  /** More than once where PostgreSQL has not noticed yet that the process has gone. */
  async function goOn(): Promise<void> {
    do await resume(brick.ctx, signal)
    while ((await brick.ctx.db.query('SELECT FROM ingests')).length)
  }

  async function assertOver(sha256: string, isTaken: boolean, edge = corner): Promise<void> {
    assert.deepEqual(await brick.ctx.db.query('SELECT sha256 FROM ingests'), [])
    assert.deepEqual(
      stored().filter((name) => name.endsWith('.part')),
      [],
    )
    const image = await imageById(brick.ctx, sha256.slice(0, 32))
    assert.equal(await isWhole(sha256), image !== undefined)
    assert.equal(existsSync(pathOf(sha256)), image !== undefined)
    assert.ok(image || !isTaken)
    if (image) assert.ok((await edgesAt(keptAt(brick.ctx, edgeKey(image.id))))?.tile(edge))
  }

  it('leaves the original as it is, and its pyramid whole or absent; what was begun is gone on with', async function () {
    if (!existsSync('/proc/self/stat')) this.skip()
    const began = performance.now()
    const child = await start()
    const ready = performance.now()
    child.send(picture().path)
    const [file] = (await once(child, 'message')) as [FileReference]
    assert.equal(file.width, 2500)
    const whole = performance.now() - ready
    child.kill('SIGKILL')
    assert.ok(whole > 10 && began < ready)
    const ends = { taken: 0, finished: 0, forgotten: 0 }
    for (let moment = 0; moment < moments; moment++) {
      const { sha256, isTaken } = await kill(() =>
        sleep(((moment + Math.random()) / moments) * whole * 1.1),
      )
      await goOn()
      await assertOver(sha256, isTaken)
      const isThere = (await imageById(brick.ctx, sha256.slice(0, 32))) !== undefined
      ends[isTaken ? 'taken' : isThere ? 'finished' : 'forgotten'] += 1
    }
    if (process.env['MOMENTS']) process.stdout.write(`${JSON.stringify(ends)}\n`)
  })

  it('is gone on with by a restart', async function () {
    if (!existsSync('/proc/self/stat')) this.skip()
    const { sha256 } = await kill(async () => {
      while (!stored().some((name) => /^pyramids.*part$/.test(name))) await sleep(2)
    })
    const work = await startWork(brick.ctx.config, quiet)
    try {
      while (!(await imageById(brick.ctx, sha256.slice(0, 32)))) await sleep(50)
    } finally {
      await work.close()
    }
    await assertOver(sha256, false)
  })

  it('is gone on with from the page it had come to', async function () {
    if (!existsSync('/proc/self/stat')) this.skip()
    const { ctx } = brick
    const count = 9
    const bytes = pdfOf(
      Array.from({ length: count }, (_, nth) => ({ width: 400, height: 500, text: `${nth + 1}` })),
    )
    const path = join(folder, 'book.pdf')
    writeFileSync(path, bytes)
    const book = { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
    const made = async (): Promise<number> => {
      const [row] = await ctx.db.query<{ pages: number }>(
        'SELECT jsonb_array_length(made) AS pages FROM ingests WHERE sha256 = $1',
        [book.sha256],
      )
      return row?.pages ?? 0
    }
    const pyramids = (): string[] =>
      Array.from({ length: count }, (_, nth) => pathOfImage(ctx, imageOf(book.sha256, nth + 1)))
    await kill(async () => {
      while ((await made()) < 3) await sleep(2)
    }, book)
    const done = await made()
    assert.ok(done >= 3 && done < count, `${done} pages`)
    const before = pyramids()
      .slice(0, done)
      .map((each) => statSync(each).ino)
    await goOn()
    assert.deepEqual(
      pyramids()
        .slice(0, done)
        .map((each) => statSync(each).ino),
      before,
    )
    await assertOver(book.sha256, false, { ...corner, column: 2, width: 1111 - 2 * 512 })
    for (const pyramid of pyramids()) await sharp(pyramid, { failOn: 'warning' }).stats()
    const images = await ctx.db.query<{ page: number }>(
      'SELECT page FROM images WHERE sha256 = $1 ORDER BY page',
      [book.sha256],
    )
    assert.deepEqual(
      images.map(({ page }) => page),
      Array.from({ length: count }, (_, nth) => nth + 1),
    )
  })

  it('forgets what turns out to be no picture after all', async () => {
    const { sha256, path } = picture()
    const { ctx } = brick
    const size = 1000
    writeFileSync(path, readFileSync(path).subarray(0, size))
    await ctx.storage.put(fileKey(sha256), async (to) => writeFileSync(to, readFileSync(path)))
    await ctx.db.query(`INSERT INTO ingests VALUES ($1, $2, 'image/jpeg', true)`, [sha256, size])
    await resume(ctx, signal)
    await assertOver(sha256, false)
  })

  it('has what a store lost made again, and edges where there were none', async () => {
    const { ctx } = brick
    const [one, two] = [
      await ingest(ctx, picture().path, { name: 'one' }),
      await ingest(ctx, picture().path, { name: 'two' }),
    ]
    rmSync(pathOfImage(ctx, one.image ?? ''))
    rmSync(keptAt(ctx, edgeKey(two.image ?? '')))
    await mend(ctx, signal)
    assert.ok(await isWhole(one.sha256))
    assert.ok((await edgesAt(keptAt(ctx, edgeKey(two.image ?? ''))))?.tile(corner))
  })
})
