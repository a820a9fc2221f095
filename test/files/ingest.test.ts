import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import type { Brick } from '../../server/brick.ts'
import { imageById, ingest, pathOfImage } from '../../server/files/files.ts'
import { DomainError } from '../../server/http/errors.ts'
import { needed, sharedFolder, tools } from '../house.ts'

describe('ingest', () => {
  let brick: Brick
  let folder: string
  before(async () => {
    brick = await tools()
    folder = mkdtempSync(join(tmpdir(), 'campa-ingest-'))
  })
  after(async () => {
    await brick.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What becomes of a file: the size of its image, or the sentence that refuses it. */
  async function outcome(path: string, name: string): Promise<string> {
    try {
      const file = await ingest(brick.ctx, path, { name, mustBeImage: true })
      return `${file.width}x${file.height}`
    } catch (error) {
      assert.ok(error instanceof DomainError && error.code === 'invalid', String(error))
      assert.match(error.message, /^\S.*\.$/)
      assert.ok(error.message.startsWith(name), error.message)
      assert.ok(!error.message.includes('\n') && error.message.length < 400, error.message)
      return error.message
    }
  }

  const made = (name: string): string => join(folder, name)

  async function gradient(name: string, width: number, height: number): Promise<string> {
    const row = Buffer.from(Array.from({ length: width * 3 }, (_, index) => (index * 7) % 256))
    const raw = Buffer.concat(Array.from({ length: height }, () => row))
    await sharp(raw, { raw: { width, height, channels: 3 } }).toFile(made(name))
    return made(name)
  }

  /** Every file below the brick's storage. */
  const stored = (): string[] => {
    const root = join(brick.ctx.config.dataDir, 'files')
    if (!existsSync(root)) return []
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
  }

  it('keeps the bytes by their SHA-256 and makes a tiled pyramid', async () => {
    const path = await gradient('wide.png', 2050, 1030)
    const { likeness, ...file } = await ingest(brick.ctx, path, { name: 'wide.png' })
    assert.deepEqual(likeness?.colours, [{ colour: '#797e86', share: 99 }])
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    assert.deepEqual(file, {
      sha256,
      name: 'wide.png',
      mediaType: 'image/png',
      size: readFileSync(path).length,
      image: sha256.slice(0, 32),
      width: 2050,
      height: 1030,
    })
    const key = `files/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
    assert.deepEqual(readFileSync(brick.ctx.storage.path(key)), readFileSync(path))
    const image = await imageById(brick.ctx, file.image ?? '')
    assert.deepEqual(image?.levels, [
      { width: 2050, height: 1030 },
      { width: 1025, height: 515 },
      { width: 512, height: 257 },
    ])
    const { pages, space, channels, depth } = await sharp(
      pathOfImage(brick.ctx, file.image ?? ''),
    ).metadata()
    assert.deepEqual(
      { pages, space, channels, depth },
      { pages: 3, space: 'srgb', channels: 3, depth: 'uchar' },
    )
    // A BigTIFF.
    const head = readFileSync(pathOfImage(brick.ctx, file.image ?? ''))
    assert.equal(head.readUInt16LE(2), 43)
  })

  it('stores the same file once, under any name', async () => {
    const path = await gradient('same.png', 40, 30)
    const first = await ingest(brick.ctx, path, { name: 'a.png' })
    const before = stored()
    const all = await Promise.all(
      ['b.png', 'c.png', 'd.png'].map((name) => ingest(brick.ctx, path, { name })),
    )
    assert.deepEqual(stored(), before)
    assert.deepEqual(
      all.map((each) => ({ ...each, name: 'a.png' })),
      [first, first, first],
    )
  })

  it('heals what a crash or a half restored backup left without bytes', async () => {
    const path = await gradient('heal.png', 50, 30)
    const { image = '', sha256 } = await ingest(brick.ctx, path, { name: 'heal.png' })
    rmSync(pathOfImage(brick.ctx, image))
    await ingest(brick.ctx, path, { name: 'heal.png' })
    assert.ok(existsSync(pathOfImage(brick.ctx, image)))
    await brick.ctx.db.query('DELETE FROM images WHERE sha256 = $1', [sha256])
    await brick.ctx.db.query('DELETE FROM files WHERE sha256 = $1', [sha256])
    await ingest(brick.ctx, path, { name: 'heal.png' })
    assert.ok(await imageById(brick.ctx, image))
  })

  it('leaves nothing of a picture that turns out to be damaged', async () => {
    const whole = await sharp(await gradient('whole.png', 600, 400))
      .jpeg()
      .toBuffer()
    writeFileSync(made('cut.jpg'), whole.subarray(0, whole.length / 2))
    const before = stored()
    assert.match(await outcome(made('cut.jpg'), 'cut.jpg'), /^cut\.jpg is damaged or cut short/)
    assert.deepEqual(stored(), before)
    const sha256 = createHash('sha256')
      .update(readFileSync(made('cut.jpg')))
      .digest('hex')
    assert.deepEqual(await brick.ctx.db.query('SELECT FROM files WHERE sha256 = $1', [sha256]), [])
  })

  it('turns a picture upright, and flattens what is transparent on white', async () => {
    const path = made('turned.jpg')
    await sharp({ create: { width: 60, height: 40, channels: 3, background: 'red' } })
      .withExif({ IFD0: { Orientation: '6' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(path)
    assert.equal(await outcome(path, 'turned.jpg'), '40x60')
    const clear = made('clear.png')
    await sharp({
      create: { width: 32, height: 32, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toFile(clear)
    const file = await ingest(brick.ctx, clear, { name: 'clear.png' })
    const pixels = await sharp(pathOfImage(brick.ctx, file.image ?? ''))
      .raw()
      .toBuffer()
    assert.ok(pixels.every((value) => value >= 254))
  })

  it('brings gray, 16-bit, CMYK and wide-gamut pictures to 8-bit sRGB', async () => {
    const gray = sharp({ create: { width: 64, height: 64, channels: 3, background: '#808080' } })
    const variants: [string, Sharp][] = [
      ['gray.png', gray.clone().greyscale().toColourspace('b-w').png()],
      ['deep.tif', gray.clone().toColourspace('rgb16').tiff({ compression: 'lzw' })],
      [
        'cmyk.jpg',
        gray.clone().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }),
      ],
      ['p3.png', gray.clone().withIccProfile('p3').png()],
    ]
    for (const [name, picture] of variants) {
      await picture.toFile(made(name))
      const { image = '' } = await ingest(brick.ctx, made(name), { name })
      const { channels } = await sharp(pathOfImage(brick.ctx, image)).stats()
      // Inks are not light: there and back, a middle gray comes out darker.
      assert.equal(channels.length, 3, name)
      for (const { mean } of channels)
        assert.ok(Math.abs(mean - 128) < (name === 'cmyk.jpg' ? 25 : 4), `${name}: ${mean}`)
    }
  })

  it('makes pyramids of pictures of any shape', async () => {
    for (const [width, height] of [
      [1, 1],
      [1, 3000],
      [3000, 1],
      [511, 513],
      [512, 512],
      [1025, 7],
    ] as const) {
      const name = `${width}x${height}.png`
      const file = await ingest(brick.ctx, await gradient(name, width, height), { name })
      const image = await imageById(brick.ctx, file.image ?? '')
      assert.deepEqual([image?.width, image?.height], [width, height])
      assert.deepEqual(image?.levels[0], { width, height })
    }
  })

  it('keeps a file that is no picture as it is, unless a picture is asked for', async () => {
    writeFileSync(made('notes.pdf'), '%PDF-1.7\n...')
    const file = await ingest(brick.ctx, made('notes.pdf'), { name: 'notes.pdf' })
    assert.equal(file.mediaType, 'application/pdf')
    assert.equal(file.image, undefined)
    assert.equal(
      await outcome(made('notes.pdf'), 'notes.pdf'),
      'notes.pdf is a PDF, not a picture: deliver its pages as TIFF or JPEG.',
    )
    writeFileSync(made('page.jpg'), '<!doctype html><title>404</title>')
    assert.match(
      await outcome(made('page.jpg'), 'page.jpg'),
      /^page\.jpg is a web page, not a picture/,
    )
    writeFileSync(made('text.jpg'), 'Voilà')
    assert.match(await outcome(made('text.jpg'), 'text.jpg'), /its content is text\/plain/)
  })

  it('says plainly what it cannot read', async () => {
    writeFileSync(made('empty.jpg'), '')
    assert.equal(
      await outcome(made('empty.jpg'), 'empty.jpg'),
      'empty.jpg is empty: copy it from its origin again.',
    )
    assert.match(await outcome(made('none.jpg'), 'none.jpg'), /^none\.jpg cannot be found/)
    assert.match(await outcome(folder, 'photos'), /^photos is a folder/)
    if (process.getuid?.() !== 0) {
      chmodSync(await gradient('locked.png', 5, 5), 0)
      assert.match(await outcome(made('locked.png'), 'locked.png'), /^locked\.png may not be read/)
    }
  })

  it('does not let a picture of two faces reach another decoder', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
    writeFileSync(made('face.gif'), `GIF89a${svg}`)
    assert.match(await outcome(made('face.gif'), 'face.gif'), /damaged|hold together/)
    writeFileSync(made('face.tif'), Buffer.concat([Buffer.from('II*\0'), Buffer.from(svg)]))
    assert.match(await outcome(made('face.tif'), 'face.tif'), /damaged|hold together/)
  })

  // What is in the folders beside the checkout, and what it must come to where that is known.
  const expected: Record<string, string | RegExp> = {
    'exif-Landscape_6.jpg': '1800x1200',
    'made-exif-orientation6-gps.jpg': '400x600',
    'cantaloupe-tif-rotated.tif': '56x64',
    'made-cmyk.jpg': '600x400',
    'made-16bit-gray.png': '600x400',
    'made-alpha.png': '300x200',
    'made-1bit-g4.tif': '384x191',
    'made-jpeg-named-png.png': '300x200',
    'made-polyglot-zip.jpg': '100x66',
    'made.avif': '600x400',
    'pillow-rot1mir0.avif': '640x427',
    'earth-blue-marble.jpg': '4096x2048',
    'made.heic': /HEIC picture/,
    'made.jp2': /JPEG 2000/,
    'made-truncated-half.jpg': /damaged or cut short/,
    'pillow-truncated_image.png': /damaged or cut short/,
    'libvips-17000x17000.avif': /has 17000 × 17000 pixels, more than/,
    'corpus-old-style-jpeg-compression.tif': /cannot read/,
    'svg-billion-laughs.svg': /SVG drawing/,
    'svg-external-entity.svg': /SVG drawing/,
    'svg-script-and-remote.svg': /SVG drawing/,
  }

  for (const set of ['images', 'images-odd']) {
    it(`takes or refuses each file of ${set}, in little memory`, async function () {
      this.timeout(120_000)
      const from = needed(sharedFolder('data', set), `the folder data/${set}`, this)
      const before = process.memoryUsage().rss
      for (const name of readdirSync(from)) {
        if (name === 'INDEX.csv') continue
        const began = performance.now()
        const result = await outcome(join(from, name), name)
        const wanted = name.startsWith('bomb-')
          ? /has 60000 × 60000 pixels, more than/
          : expected[name]
        if (typeof wanted === 'string') assert.equal(result, wanted, name)
        else if (wanted) assert.match(result, wanted)
        else if (set === 'images' && !name.endsWith('.pdf')) assert.match(result, /^\d+x\d+$/, name)
        if (name.startsWith('bomb-'))
          assert.ok(performance.now() - began < 500, `${name} took long`)
      }
      const grown = (process.memoryUsage().rss - before) / 1e6
      assert.ok(grown < 250, `memory grew by ${Math.round(grown)} MB`)
    })
  }

  it('leaves no half written file behind', () => {
    assert.deepEqual(
      stored().filter((name) => name.endsWith('.part')),
      [],
    )
  })

  it('copies only what it hashed', async () => {
    const path = await gradient('copy.png', 20, 20)
    cpSync(path, made('copied.png'))
    const [one, two] = await Promise.all([
      ingest(brick.ctx, path, { name: '1' }),
      ingest(brick.ctx, made('copied.png'), { name: '2' }),
    ])
    assert.equal(one?.sha256, two?.sha256)
  })
})
