// A brick whose files lie in a store of the S3 kind, from a picture that comes to one that is seen.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import type { FileReference } from '../../schemas/record.ts'
import type { RunningBrick } from '../../server/brick.ts'
import { imageById, ingest } from '../../server/files/files.ts'
import { edgeKey, fileKey, imageOf, mend, pyramidKey, resume } from '../../server/files/store.ts'
import { save } from '../../server/records/records.ts'
import { campa, passableFolder } from '../command.ts'
import { brick, collection, draft, needed } from '../house.ts'
import { painting } from '../iiif/painting.ts'
import { missingStore, openStore, type Store } from './store.ts'

describe('a brick with a store of the S3 kind', function () {
  this.timeout(60_000)
  const signal = new AbortController().signal
  let found: Store | undefined
  let store: Store
  let house: RunningBrick
  let folder: string
  let collectionId: number
  let picture: FileReference

  before(async () => {
    found = await openStore()
    if (!found) return
    store = found
    house = await brick(store.settings())
    folder = mkdtempSync(join(tmpdir(), 'campa-s3-'))
    collectionId = await collection(house.ctx)
    const path = join(folder, 'picture.png')
    await painting(2600, 1700, path)
    picture = await ingest(house.ctx, path, { name: 'picture.png', mustBeImage: true })
    await save(house.ctx, [draft(collectionId, 'picture', { files: [picture] })])
  })
  beforeEach(function () {
    needed(found, missingStore, this)
    store.asked = []
    store.meddle = undefined
  })
  after(async () => {
    await house?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
    await found?.close()
  })

  const at = (request: string, { image } = picture): string =>
    `${house.address}/iiif/image/3/${image}/${request}`
  const aside = (): string[] => {
    const of = join(house.ctx.config.dataDir, 'aside')
    return existsSync(of) ? readdirSync(of) : []
  }
  const asked = (): string[] => store.asked.map((line) => line.replace(/\?.*?(?= |$)/, ''))

  it('keeps what comes there, and nothing on its own machine', async () => {
    const { ctx } = house
    const image = picture.image ?? ''
    for (const key of [fileKey(picture.sha256), pyramidKey(image), edgeKey(image)])
      assert.ok(await ctx.storage.has(key), key)
    assert.ok(picture.likeness)
    assert.deepEqual(aside(), [])
    assert.ok(!existsSync(join(ctx.config.dataDir, 'files')))
  })

  it('does not fetch back what has just come', async () => {
    const path = join(folder, 'once.png')
    await painting(900, 700, path)
    await ingest(house.ctx, path, { name: 'once.png', mustBeImage: true })
    assert.deepEqual(
      asked().filter((line) => /^GET .*\/(?:files|pyramids)\//.test(line)),
      [],
    )
  })

  it('hands out a tile for one request, once the picture is open, and the next time for none', async () => {
    const first = await fetch(at('0,0,512,512/512,/0/default.jpg'))
    assert.equal(first.status, 200)
    const { width, height } = await sharp(Buffer.from(await first.arrayBuffer())).metadata()
    assert.deepEqual([width, height], [512, 512])
    // The head of the pyramid, its directories, its edges, and the tile.
    assert.ok(store.asked.length <= 7, store.asked.join('\n'))
    store.asked = []
    for (const request of ['512,0,512,512/512,/0/default.jpg', '2560,512,40,512/40,/0/default.jpg'])
      assert.equal((await fetch(at(request))).status, 200)
    assert.ok(store.asked.length <= 2, store.asked.join('\n'))
    store.asked = []
    assert.equal((await fetch(at('512,0,512,512/512,/0/default.jpg'))).status, 200)
    assert.deepEqual(store.asked, [])
  })

  it('draws what is not stored', async () => {
    for (const [request, format, size] of [
      ['full/300,/0/default.jpg', 'jpeg', [300, 196]],
      ['101,203,700,500/350,/0/gray.png', 'png', [350, 250]],
      ['full/max/90/default.webp', 'webp', [1700, 2600]],
    ] as const) {
      const answer = await fetch(at(request))
      assert.equal(answer.status, 200, request)
      const seen = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
      assert.deepEqual([seen.format, [seen.width, seen.height]], [format, size])
    }
    // Tiles that lie together come together.
    assert.ok(store.asked.length <= 9, store.asked.join('\n'))
    assert.deepEqual(aside(), [])
  })

  it('gives a file as a whole and in part, over a lost connection too', async () => {
    const bytes = randomBytes(1_500_000)
    const path = join(folder, 'sound.bin')
    writeFileSync(path, bytes)
    const file = await ingest(house.ctx, path, { name: 'sound.bin' })
    await save(house.ctx, [draft(collectionId, 'sound', { files: [file] })])
    const address = `${house.address}/files/${file.sha256}/sound.bin`
    assert.ok(Buffer.from(await (await fetch(address)).arrayBuffer()).equals(bytes))
    const part = await fetch(address, { headers: { Range: 'bytes=1000-600999' } })
    assert.equal(part.status, 206)
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 601_000)))
    let times = 1
    store.meddle = (line) =>
      line.startsWith('GET ') && times-- > 0 ? { cutAfter: 200_000 } : undefined
    assert.ok(Buffer.from(await (await fetch(address)).arrayBuffer()).equals(bytes))
    assert.ok(times < 1)
  })

  it('goes on with what a killed process had begun', async () => {
    const { ctx } = house
    const path = join(folder, 'killed.jpg')
    await painting(2000, 1500, path)
    writeFileSync(path, Buffer.concat([readFileSync(path), randomBytes(16)]))
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    const script = fileURLToPath(new URL('../files/ingesting.ts', import.meta.url))
    const child = fork(script, [JSON.stringify(ctx.config)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await once(child, 'message')
    child.send(path)
    const begun = `PUT /campa/${ctx.config.s3?.prefix}${pyramidKey(imageOf(sha256, 1))}`
    while (!asked().includes(begun)) await sleep(2)
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(await imageById(ctx, imageOf(sha256, 1)), undefined)
    // More than once where PostgreSQL has not noticed yet that the process has gone.
    do await resume(ctx, signal)
    while ((await ctx.db.query('SELECT FROM ingests')).length)
    assert.ok(await imageById(ctx, imageOf(sha256, 1)))
    assert.ok(await ctx.storage.has(edgeKey(imageOf(sha256, 1))))
    assert.deepEqual(aside(), [])
  })

  it('opens a picture anew when its pyramid was made again by another', async () => {
    const { ctx } = house
    const path = join(folder, 'noise.png')
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    const size = { width: 1536, height: 1024 }
    await sharp({ create: { ...size, channels: 3, background: '#456', noise } }).toFile(path)
    const file = await ingest(ctx, path, { name: 'noise.png', mustBeImage: true })
    await save(ctx, [draft(collectionId, 'noise', { files: [file] })])
    const status = async (cell: string): Promise<number> =>
      (await fetch(at(`${cell},512,512/512,/0/default.jpg`, file))).status
    assert.equal(await status('0,0'), 200)
    const key = pyramidKey(file.image ?? '')
    const bytes = await ctx.storage.local(key, async (copy) => readFileSync(copy))
    await ctx.storage.put(key, async (to) =>
      writeFileSync(to, Buffer.concat([bytes, Buffer.alloc(8)])),
    )
    assert.deepEqual([await status('512,512'), await status('512,512')], [200, 200])
  })

  it('has what the store lost made again', async () => {
    const { ctx } = house
    const image = picture.image ?? ''
    await ctx.storage.remove(pyramidKey(image))
    await mend(ctx, signal)
    assert.ok(await ctx.storage.has(pyramidKey(image)))
    await ctx.storage.remove(edgeKey(image))
    await mend(ctx, signal)
    assert.ok(await ctx.storage.has(edgeKey(image)))
  })

  it('takes nothing in while the store is away, says why, and takes it in later', async () => {
    const path = join(folder, 'later.png')
    await painting(300, 200, path)
    store.meddle = (line) => (line.startsWith('PUT ') ? { status: 500 } : undefined)
    await assert.rejects(ingest(house.ctx, path, { name: 'later.png' }), /The store of files/)
    store.meddle = undefined
    assert.deepEqual(await house.ctx.db.query('SELECT FROM ingests'), [])
    // What is half there cannot be removed either: it is gone on with.
    store.meddle = (line) => (/^(?:PUT .*pyramids|DELETE)/.test(line) ? { status: 500 } : undefined)
    await assert.rejects(ingest(house.ctx, path, { name: 'later.png' }), /The store of files/)
    assert.equal((await house.ctx.db.query('SELECT FROM ingests')).length, 1)
    store.meddle = undefined
    await resume(house.ctx, signal)
    assert.deepEqual(await house.ctx.db.query('SELECT FROM ingests'), [])
    const { image } = await ingest(house.ctx, path, { name: 'later.png' })
    assert.ok(await house.ctx.storage.has(pyramidKey(image ?? '')))
  })

  it('asks visitors to come again while the store is away', async () => {
    const path = join(folder, 'away.png')
    await painting(700, 600, path)
    const picture = await ingest(house.ctx, path, { name: 'away.png', mustBeImage: true })
    const bytes = join(folder, 'away.bin')
    writeFileSync(bytes, randomBytes(100))
    const sound = await ingest(house.ctx, bytes, { name: 'away.bin' })
    await save(house.ctx, [draft(collectionId, 'away', { files: [picture, sound] })])
    store.meddle = () => ({ status: 503 })
    const tile = at('0,0,512,512/512,/0/default.jpg', picture)
    for (const address of [tile, `${house.address}/files/${sound.sha256}/away.bin`]) {
      const answer = await fetch(address)
      assert.equal(answer.status, 503, address)
      assert.ok(!(await answer.text()).includes(store.endpoint))
    }
    store.meddle = undefined
    assert.equal((await fetch(tile)).status, 200)
  })

  it('does not start without its bucket, and says so', async () => {
    const { err, code } = await campa(passableFolder('bucket'), ['start'], {
      DATABASE_URL: house.ctx.config.databaseUrl ?? '',
      CAMPA_DATABASE_SCHEMA: house.ctx.config.databaseSchema,
      CAMPA_S3_URL: `${store.endpoint}/nowhere`,
      AWS_ACCESS_KEY_ID: store.keys.brick.id,
      AWS_SECRET_ACCESS_KEY: store.keys.brick.secret,
    }).ended
    assert.equal(code, 1)
    assert.match(err, /The store of files .* has no bucket "nowhere"/)
    assert.ok(!err.includes(store.keys.brick.secret))
  })
})
