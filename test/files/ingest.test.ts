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
import { imageById, ingest } from '../../server/files/files.ts'
import { DomainError } from '../../server/http/errors.ts'
import { keptAt, needed, pathOfImage, sharedFolder, tools } from '../house.ts'

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
    const shares = likeness?.colours.map(({ share }) => share) ?? []
    const all = shares.reduce((sum, share) => sum + share, 0)
    assert.ok(all > 95 && all <= 101, `${all} %`)
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
    assert.deepEqual(readFileSync(keptAt(brick.ctx, key)), readFileSync(path))
    const image = await imageById(brick.ctx, file.image ?? '')
    assert.deepEqual(image?.levels, [
      { width: 2050, height: 1030 },
      { width: 1025, height: 515 },
      { width: 513, height: 258 },
      { width: 257, height: 129 },
    ])
    const { pages, space, channels, depth } = await sharp(
      pathOfImage(brick.ctx, file.image ?? ''),
    ).metadata()
    assert.deepEqual(
      { pages, space, channels, depth },
      { pages: 4, space: 'srgb', channels: 3, depth: 'uchar' },
    )
    // A BigTIFF.
    const head = readFileSync(pathOfImage(brick.ctx, file.image ?? ''))
    assert.equal(head.readUInt16LE(2), 43)
  })

  it('refuses a side that no JPEG could count, and takes one that is just short of it', async () => {
    const long = made('long.png')
    const strip = (width: number) =>
      sharp({ create: { width, height: 12, channels: 3, background: '#406' } }).toFile(long)
    await strip(65_536)
    await assert.rejects(
      ingest(brick.ctx, long, { name: 'long.png' }),
      /has 65536 × 12 pixels, more than this brick takes .*65535 a side/,
    )
    await strip(65_500)
    assert.equal((await ingest(brick.ctx, long, { name: 'long.png' })).width, 65_500)
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
      'notes.pdf is a PDF that is damaged or cut short: take it from its origin again and retry.',
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

  // Of images-odd: the size that a picture comes to and its mean colour on white, as another program (ImageMagick 6) sees
  // it, or what refuses it.
  const odd: Record<string, [size: string, red: number, green: number, blue: number] | RegExp> = {
    'bomb-60000x60000-1bit-complete.png': /has 60000 × 60000 pixels, more than/,
    'bomb-60000x60000-header-only.png': /has 60000 × 60000 pixels, more than/,
    'bomb-60000x60000-header.jpg': /has 60000 × 60000 pixels, more than/,
    'bomb-60000x60000-header.tif': /has 60000 × 60000 pixels, more than/,
    'bomb-60000x60000.gif': /has 60000 × 60000 pixels, more than/,
    'cantaloupe-gif-animated-looping.gif': ['136x200', 180, 173, 165],
    'cantaloupe-jp2-6res-rgb-64x56x8-multitiled-lossy.jp2': /JPEG 2000 picture, which/,
    'cantaloupe-jpg-exif-orientation-illegal.jpg': ['64x56', 97, 92, 89],
    'cantaloupe-jpg-exif.jpg': ['64x56', 97, 92, 89],
    'cantaloupe-jpg-ycck.jpg': ['64x56', 144, 128, 98],
    // Of two pages the first.
    'cantaloupe-pdf-multipage.pdf': ['278x244', 146, 129, 99],
    'cantaloupe-png-rgb-64x56x16.png': ['64x56', 146, 129, 99],
    'cantaloupe-png-rgba-64x56x8.png': ['64x56', 146, 129, 99],
    // All white but for some lines; of nine pages the first.
    'cantaloupe-tif-bw-9image.tif': ['1694x2170', 252, 252, 252],
    'cantaloupe-tif-rgb-1res-64x56x8-tiled-jpeg.tif': ['64x56', 146, 129, 99],
    'cantaloupe-tif-rgb-1res-64x56x8-tiled-uncompressed-bigtiff.tif': ['64x56', 146, 129, 99],
    'cantaloupe-tif-rgb-3res-64x56x16-tiled-uncompressed.tif': ['64x56', 146, 129, 99],
    'cantaloupe-tif-rotated.tif': ['56x64', 183, 181, 160],
    'corpus-balloon.jp2': /JPEG 2000 picture, which/,
    'corpus-balloon_trunc2.jp2': /JPEG 2000 picture, which/,
    'corpus-corruptionOneByteMissing.pdf': ['1700x2200', 254, 254, 254],
    'corpus-encryption_openpassword.pdf': /PDF that asks for a password/,
    'corpus-javascript.pdf': ['1700x2200', 255, 255, 255],
    'corpus-old-style-jpeg-compression.tif': /cannot read .*Old-style JPEG/,
    'exif-Landscape_2.jpg': ['1800x1200', 98, 116, 134],
    'exif-Landscape_3.jpg': ['1800x1200', 98, 116, 134],
    'exif-Landscape_6.jpg': ['1800x1200', 98, 116, 134],
    'libvips-17000x17000.avif': /has 17000 × 17000 pixels, more than/,
    'libvips-1bit.tif': ['256x4', 128, 128, 128],
    'libvips-cramps.gif': ['159x203', 119, 119, 119],
    'libvips-ojpeg-strip.tif': /cannot read .*Old-style JPEG/,
    'libvips-truncated.gif': /damaged or cut short/,
    'made-16bit-gray.png': ['600x400', 104, 104, 104],
    'made-1bit-g4.tif': ['384x191', 172, 172, 172],
    'made-alpha.png': ['300x200', 200, 164, 149],
    'made-animated.gif': ['150x100', 159, 86, 51],
    'made-animated.webp': ['150x100', 159, 86, 52],
    'made-cmyk.jpg': ['600x400', 159, 86, 51],
    'made-empty.jpg': /is empty/,
    'made-exif-orientation6-gps.jpg': ['400x600', 158, 86, 52],
    'made-html-named.jpg': /is a web page, not a picture/,
    'made-icc.tif': ['300x200', 159, 86, 51],
    'made-jpeg-named-png.png': ['300x200', 158, 86, 52],
    'made-polyglot-zip.jpg': ['100x66', 158, 86, 52],
    'made-truncated-half.jpg': /damaged or cut short/,
    'made.avif': ['600x400', 158, 85, 51],
    'made.heic': /HEIC picture, which this brick cannot read/,
    'made.jp2': /JPEG 2000 picture, which/,
    'pillow-16bit.cropped.tif': ['64x64', 1, 1, 1],
    'pillow-broken_data_stream.png': /damaged or cut short/,
    'pillow-crash-0e16d3bfb83be87356d026d66919deaefca44dac.tif': /damaged or cut short/,
    'pillow-crash-2020-10-test.tif': /damaged or cut short/,
    'pillow-exif.avif': ['512x512', 145, 140, 143],
    'pillow-hopper.Lab.tif': /cannot read .*save it again as plain TIFF/,
    'pillow-hopper.iccprofile.tif': ['128x128', 90, 80, 95],
    'pillow-hopper_bad_exif.jpg': ['500x500', 125, 125, 125],
    'pillow-hopper_orientation_3.webp': ['128x128', 90, 80, 96],
    'pillow-not_enough_data.jp2': /JPEG 2000 picture, which/,
    'pillow-pil_sample_cmyk.jpg': ['100x100', 30, 5, 7],
    'pillow-rot1mir0.avif': ['640x427', 131, 137, 97],
    'pillow-test-card-lossy-tiled.jp2': /JPEG 2000 picture, which/,
    'pillow-tiff_tiled_cmyk_jpeg.tif': ['100x100', 30, 5, 7],
    'pillow-truncated_image.png': /damaged or cut short/,
    'pillow-truncated_jpeg.jpg': /damaged or cut short/,
    'sharp-crash-test.gif': ['800x533', 132, 137, 116],
    'svg-billion-laughs.svg': /SVG drawing that declares entities/,
    'svg-external-entity.svg': /SVG drawing that declares entities/,
    'svg-script-and-remote.svg': /SVG drawing that takes parts of it from elsewhere/,
  }
  // Inks are light only by a profile, of which another program has another one.
  const inks = /cmyk|ycck/

  it('makes of each file of images-odd the right picture, or refuses it clearly', async function () {
    this.timeout(120_000)
    const from = needed(sharedFolder('data', 'images-odd'), 'the folder data/images-odd', this)
    const before = process.memoryUsage().rss
    for (const name of readdirSync(from)) {
      const wanted = odd[name]
      const result = await outcome(join(from, name), name)
      if (name === 'INDEX.csv' || !wanted) continue
      if (wanted instanceof RegExp) {
        assert.match(result, wanted, name)
        continue
      }
      const [size, ...colour] = wanted
      assert.equal(result, size, name)
      const bytes = readFileSync(join(from, name))
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const { width = 0, height = 0 } = (await imageById(brick.ctx, sha256.slice(0, 32))) ?? {}
      // In the file, more stands at the right and below.
      const picture = await sharp(pathOfImage(brick.ctx, sha256.slice(0, 32)))
        .extract({ left: 0, top: 0, width, height })
        .png()
        .toBuffer()
      const { channels } = await sharp(picture).stats()
      const seen = channels.map(({ mean }) => mean)
      assert.equal(seen.length, 3, name)
      const near = (mean: number, index: number): boolean =>
        Math.abs(mean - (colour[index] ?? 0)) < (inks.test(name) ? 15 : 5)
      assert.ok(seen.every(near), `${name}: ${seen.join(' ')} is not ${colour.join(' ')}`)
      const key = `files/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
      assert.deepEqual(readFileSync(keptAt(brick.ctx, key)), bytes, name)
    }
    const grown = (process.memoryUsage().rss - before) / 1e6
    assert.ok(grown < 150, `memory of the server grew by ${Math.round(grown)} MB`)
  })

  it('takes each picture of the folder images', async function () {
    this.timeout(120_000)
    const from = needed(sharedFolder('data', 'images'), 'the folder data/images', this)
    for (const name of readdirSync(from).filter((each) => /\.(?:jpg|png)$/.test(each)))
      assert.match(await outcome(join(from, name), name), /^\d+x\d+$/, name)
    assert.equal(
      await outcome(join(from, 'earth-blue-marble.jpg'), 'earth-blue-marble.jpg'),
      '4096x2048',
    )
  })

  it('draws an SVG on white, its longer side 4096 pixels', async () => {
    const drawing = (inside: string, declared = ''): string =>
      `<?xml version="1.0" encoding="UTF-8"?>\n${declared}<!-- a -->` +
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 30 20">${inside}</svg>`
    const red = '<defs><g id="r"><rect width="15" height="20" fill="red"/></g></defs>'
    const taken = `${red}<a xlink:href="https://example.org/"><use xlink:href="#r" style="fill: url( '#r')"/></a>`
    const doctype =
      '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    writeFileSync(made('a.svg'), drawing(taken, doctype))
    const file = await ingest(brick.ctx, made('a.svg'), { name: 'a.svg', mustBeImage: true })
    assert.deepEqual([file.width, file.height, file.mediaType], [4096, 2731, 'image/svg+xml'])
    const { channels } = await sharp(pathOfImage(brick.ctx, file.image ?? '')).stats()
    for (const [index, wanted] of [255, 128, 128].entries())
      assert.ok(Math.abs((channels[index]?.mean ?? 0) - wanted) < 3)

    const elsewhere = /^b\.svg is an SVG drawing that takes parts of it from elsewhere/
    const refusals: [string, RegExp][] = [
      [drawing('<image href="secret.png"/>'), elsewhere],
      [drawing('<image xlink:href="file:///etc/hostname"/>'), elsewhere],
      [drawing('<image href="data:image/svg+xml,%3Csvg/%3E"/>'), elsewhere],
      [drawing('<rect style="fill: url(http://192.0.2.1/a.svg#b)"/>'), elsewhere],
      [drawing('<rect fill="url(&quot;a.svg#b&quot;)"/>'), elsewhere],
      [drawing('<style>@import "a.css";</style>'), elsewhere],
      [drawing('<style>rect { fill: url(a.svg#b) }</style>'), elsewhere],
      [
        drawing(
          '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>',
        ),
        elsewhere,
      ],
      [drawing('', '<?xml-stylesheet href="a.css" type="text/css"?>'), elsewhere],
      [drawing('', '<!DOCTYPE svg [<!ENTITY a SYSTEM "/etc/hostname">]>'), /declares entities/],
      [
        drawing('', '<!DOCTYPE svg><!DOC<!DOCTYPE svg>TYPE svg [<!ENTITY a "b">]>'),
        /declares entities/,
      ],
      [drawing('<g>'), /not well-formed/],
      [drawing('').replace('UTF-8', 'UTF-7'), /another encoding/],
    ]
    for (const [text, wanted] of refusals) {
      writeFileSync(made('b.svg'), text)
      assert.match(await outcome(made('b.svg'), 'b.svg'), wanted, text)
    }
  })

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
