import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import type { RunningBrick } from '../../server/brick.ts'
import { imageById, ingest, type Image } from '../../server/files/files.ts'
import { keptPictures } from '../../server/iiif/derived.ts'
import { answerImage } from '../../server/iiif/image.ts'
import { save, withdraw } from '../../server/records/records.ts'
import type { FileReference, Visibility } from '../../schemas/record.ts'
import { brick, collection, draft, pathOfImage } from '../house.ts'
import { painting } from './painting.ts'

// Of no size that could be halved without a rest.
const [width, height] = [2567, 1701]
const tile = 512

describe('pictures that lie ready', () => {
  let house: RunningBrick
  let folder: string
  let collectionId: number
  let image: Image
  let source: string

  before(async () => {
    house = await brick()
    folder = mkdtempSync(join(tmpdir(), 'campa-stored-'))
    collectionId = await collection(house.ctx)
    source = join(folder, 'slope.png')
    await slope(source)
    image = await shown('slope', source)
  })
  after(async () => {
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function take(path: string): Promise<FileReference> {
    return ingest(house.ctx, path, { name: 'picture.png', mustBeImage: true })
  }

  async function shown(key: string, path: string, visibility: Visibility = 'open'): Promise<Image> {
    const file = await take(path)
    await save(house.ctx, [draft(collectionId, key, { files: [file], visibility })])
    const found = await imageById(house.ctx, file.image ?? '')
    assert.ok(found)
    return found
  }

  const at = (request: string, { id }: Pick<Image, 'id'> = image): string =>
    `${house.address}/iiif/image/3/${id}/${request}`
  const bytes = async (request: string): Promise<Buffer> => {
    const answer = await fetch(at(request))
    assert.equal(answer.status, 200, request)
    return Buffer.from(await answer.arrayBuffer())
  }

  /** What was not stored, and is kept since it was drawn. */
  async function drawn(): Promise<string[]> {
    const folderOfKept = join(house.ctx.config.dataDir, 'cache', 'images')
    await keptPictures(house.ctx)
    if (!existsSync(folderOfKept)) return []
    const names = readdirSync(folderOfKept, { recursive: true, encoding: 'utf8' })
    return names.filter((name) => /^..\/[0-9a-f]{40}$/.test(name))
  }

  it('have the pixels of the level that they are a tile of, to the last one', async () => {
    const path = pathOfImage(house.ctx, image.id)
    let [exact, cut] = [0, 0]
    for (const { request, level, box, asked } of tilesOf(image)) {
      const onLevel = sharp(path, { page: level }).extract(box)
      const [given, stored] = [
        await pixels(sharp(await bytes(request))),
        await pixels(onLevel.resize(asked.width, asked.height, { fit: 'fill' })),
      ]
      const likeness = psnr(given, stored)
      // At the edge of the picture a tile is cut off where its colours were stored for two rows at once.
      const isWhole = box.width === tile && box.height === tile
      assert.ok(isWhole ? likeness === Infinity : likeness > 36, `${request}: ${likeness} dB`)
      if (isWhole) exact++
      else cut++
    }
    assert.ok(exact > 15 && cut > 8, `${exact} whole, ${cut} cut`)
    assert.deepEqual(await drawn(), [])
  })

  it('are like the picture that came, and have no seams', async () => {
    const whole = sharp(source)
    for (const { request, level, box, asked } of tilesOf(image).filter(({ level }) => level < 2)) {
      const factor = 2 ** level
      const [left, top] = [box.left * factor, box.top * factor]
      const region = {
        left,
        top,
        width: Math.min(box.width * factor, width - left),
        height: Math.min(box.height * factor, height - top),
      }
      const { width: across, height: down } = asked
      const original = whole.clone().extract(region).resize(across, down, { fit: 'fill' })
      const likeness = psnr(await pixels(sharp(await bytes(request))), await pixels(original))
      assert.ok(likeness >= 35, `${request}: ${likeness} dB`)
    }
    const [one, other] = [
      await pixels(sharp(await bytes('512,512,512,512/512,512/0/default.jpg'))),
      await pixels(sharp(await bytes('1024,512,512,512/512,512/0/default.jpg'))),
    ]
    for (let row = 0; row < tile; row++) {
      const [last, first] = [(row * tile + tile - 1) * 3, row * tile * 3]
      for (const channel of [0, 1, 2]) {
        const step = Math.abs((one[last + channel] ?? 0) - (other[first + channel] ?? 0))
        assert.ok(step <= 6, `row ${row}: a step of ${step}`)
      }
    }
  })

  it('are answered with what the door behind says of them', async () => {
    for (const request of [
      '512,512,512,512/512,512/0/default.jpg',
      '0,0,1024,1024/512,/0/color.jpg',
      'info.json',
    ]) {
      const front = await fetch(at(request))
      const door = await answerImage(house.ctx, {
        path: `3/${image.id}/${request}`,
        accept: '*/*',
        asking: { authorization: undefined, pass: undefined },
        headOnly: false,
        has: () => false,
        wanted: () => true,
        client: '',
      })
      assert.ok(door.kind === 'content' && door.body instanceof Buffer)
      assert.deepEqual(Buffer.from(await front.arrayBuffer()), door.body)
      const said = { ...door.headers, 'Content-Type': door.mediaType, ETag: door.etag ?? '' }
      for (const [name, value] of Object.entries(said)) {
        assert.equal(front.headers.get(name), value, name)
      }
      assert.equal(front.headers.get('access-control-allow-origin'), '*')
      assert.equal(front.headers.get('x-content-type-options'), 'nosniff')
      const again = await fetch(at(request), { headers: { 'if-none-match': door.etag ?? '' } })
      assert.equal(again.status, 304)
      const head = await fetch(at(request), { method: 'HEAD' })
      assert.equal(head.headers.get('content-length'), String(door.body.length))
      assert.equal((await head.arrayBuffer()).byteLength, 0)
    }
  })

  it('are given in part', async () => {
    const whole = await bytes('0,0,512,512/512,512/0/default.jpg')
    const part = await fetch(at('0,0,512,512/512,512/0/default.jpg'), {
      headers: { range: 'bytes=10-19' },
    })
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), `bytes 10-19/${whole.length}`)
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), whole.subarray(10, 20))
    const beyond = await fetch(at('0,0,512,512/512,512/0/default.jpg'), {
      headers: { range: `bytes=${whole.length}-` },
    })
    assert.equal(beyond.status, 416)
  })

  it('are hidden as soon as their record is', async () => {
    const path = join(folder, 'hidden.png')
    await painting(700, 600, path)
    const hidden = await shown('hidden', path)
    const request = '0,0,512,512/512,512/0/default.jpg'
    const status = async (): Promise<number> => (await fetch(at(request, hidden))).status
    assert.equal(await status(), 200)
    assert.equal(await status(), 200)
    await shown('hidden', path, 'on-request')
    assert.equal(await status(), 401)
    const info = await fetch(at('info.json', hidden))
    assert.equal(info.status, 200)
    assert.match(info.headers.get('cache-control') ?? '', /no-store/)
    await shown('hidden', path)
    assert.equal(await status(), 200)
    const [record] = await house.ctx.db.query<{ identifier: string }>(
      `SELECT identifier FROM records WHERE key = 'hidden'`,
    )
    await withdraw(house.ctx, [record?.identifier ?? ''])
    assert.equal(await status(), 410)
  })

  it('are small for the public where they are shown on request, and never more', async () => {
    const token = 'a-token-of-sixteen-letters'
    const other = await brick({ previewPixels: 700, adminToken: token })
    try {
      const path = join(folder, 'asked.png')
      await painting(1600, 1200, path)
      const file = await ingest(other.ctx, path, { name: 'asked.png', mustBeImage: true })
      const shelf = await collection(other.ctx)
      await save(other.ctx, [draft(shelf, 'asked', { files: [file], visibility: 'on-request' })])
      const whole = `${other.address}/iiif/image/3/${file.image}`
      const ask = (request: string): Promise<Response> => fetch(`${whole}-preview/${request}`)
      const sizeOf = async (answer: Response): Promise<string> => {
        const { width: wide, height: high } = await sharp(
          Buffer.from(await answer.arrayBuffer()),
        ).metadata()
        return `${wide},${high}`
      }
      const info = await ask('info.json')
      const said = (await info.json()) as { width: number; height: number; sizes: object[] }
      assert.deepEqual([said.width, said.height, said.sizes.length], [400, 300, 1])
      const small = await ask('full/max/0/default.jpg')
      assert.match(small.headers.get('cache-control') ?? '', /private, no-store/)
      assert.ok(small.headers.get('link')?.includes(`${whole}-preview/full/max/0/default.jpg`))
      assert.equal(await sizeOf(small), '400,300')
      assert.equal(await sizeOf(await ask('0,0,200,200/max/0/default.jpg')), '200,200')
      assert.equal((await ask('800,0,512,512/512,512/0/default.jpg')).status, 400)
      assert.equal((await ask('full/800,/0/default.jpg')).status, 400)
      const large = `${whole}/full/max/0/default.jpg`
      assert.equal((await fetch(large)).status, 401)
      const headers = { authorization: `Bearer ${token}` }
      assert.equal(await sizeOf(await fetch(large, { headers })), '1600,1200')
      assert.equal(await sizeOf(await ask('full/max/0/default.jpg')), '400,300')
      const [record] = await other.ctx.db.query<{ id: number }>('SELECT id FROM records')
      const page = await (await fetch(other.ctx.links.record(String(record?.id)))).text()
      assert.ok(page.includes(other.ctx.links.image(`${file.image}-preview`, 'max')))
    } finally {
      await other.close()
    }
  })

  it('are drawn once when many ask at the same time, and kept', async () => {
    const before = await drawn()
    const request = '100,100,900,900/333,/0/default.png'
    const answers = await Promise.all(Array.from({ length: 8 }, () => bytes(request)))
    assert.ok(answers.every((each) => each.equals(answers[0] ?? Buffer.alloc(0))))
    assert.equal((await drawn()).length, before.length + 1)
    assert.deepEqual(await bytes(request), answers[0])
  })
})

/** A picture whose colours change slowly everywhere. */
async function slope(path: string): Promise<void> {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels[at++] = Math.round((x / width) * 255)
      pixels[at++] = Math.round((y / height) * 255)
      pixels[at++] = Math.round(127 + 100 * Math.sin(x / 300) * Math.cos(y / 300))
    }
  }
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(path)
}

interface Tile {
  request: string
  level: number
  /** What the level has of it. */
  box: { left: number; top: number; width: number; height: number }
  asked: { width: number; height: number }
}

/** The tiles as a viewer asks for them, which rounds up. */
function tilesOf({ levels }: Image): Tile[] {
  return levels.flatMap((size, level) => {
    const side = tile * 2 ** level
    const all: Tile[] = []
    for (let y = 0; y < height; y += side) {
      for (let x = 0; x < width; x += side) {
        const [w, h] = [Math.min(side, width - x), Math.min(side, height - y)]
        const asked = { width: Math.ceil(w / 2 ** level), height: Math.ceil(h / 2 ** level) }
        const [left, top] = [x / 2 ** level, y / 2 ** level]
        const box = {
          left: Math.min(left, size.width - 1),
          top: Math.min(top, size.height - 1),
          width: Math.max(1, Math.min(tile, size.width - left)),
          height: Math.max(1, Math.min(tile, size.height - top)),
        }
        const request = `${x},${y},${w},${h}/${asked.width},${asked.height}/0/default.jpg`
        all.push({ request, level, box, asked })
      }
    }
    return all
  })
}

const pixels = (picture: Sharp): Promise<Buffer> =>
  picture.toColourspace('srgb').removeAlpha().raw().toBuffer()

/** Peak signal-to-noise ratio in decibels; Infinity: they are the same. */
function psnr(one: Buffer, other: Buffer): number {
  assert.equal(one.length, other.length)
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2
  return 10 * Math.log10(255 ** 2 / (sum / one.length))
}
