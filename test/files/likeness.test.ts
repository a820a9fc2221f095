import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { makeSamples } from '../../demo/aside.ts'
import { randomFrom } from '../../demo/random.ts'
import { distance, type Sought } from '../../schemas/likeness.ts'
import { likenessOf, printsIn, rasterOf, soughtIn } from '../../server/files/prints.ts'
import { needed, sharedFolder } from '../house.ts'

// Real pictures and large crops of them; from LIKENESS_PICTURES=500 on with the pictures of the demo, which take minutes
// to draw.
const wanted = Number(process.env['LIKENESS_PICTURES'] ?? 12)

type Change = (picture: Sharp, width: number, height: number) => Sharp

const cut =
  (left: number, top: number, right: number, bottom: number): Change =>
  (picture, width, height) =>
    picture.extract({
      left: Math.round(left * width),
      top: Math.round(top * height),
      width: Math.round((1 - left - right) * width),
      height: Math.round((1 - top - bottom) * height),
    })

/** What is done to a picture, and how many of them must be the first that is found. */
const changes: Record<string, [least: number, Change]> = {
  'scaled to a half': [0.99, (picture, width) => picture.resize({ width: Math.round(width / 2) })],
  'scaled to a quarter': [
    0.99,
    (picture, width) => picture.resize({ width: Math.round(width / 4) }),
  ],
  'JPEG of quality 50': [0.99, (picture) => picture.jpeg({ quality: 50 })],
  'JPEG of quality 20': [0.99, (picture) => picture.jpeg({ quality: 20 })],
  'WebP of quality 40': [0.99, (picture) => picture.webp({ quality: 40 })],
  'in gray': [0.97, (picture) => picture.grayscale()],
  'cut by 5 %': [0.97, cut(0.025, 0.025, 0.025, 0.025)],
  'cut by 5 % at each edge': [0.97, cut(0.05, 0.05, 0.05, 0.05)],
  'cut by 5 % in a corner': [0.95, cut(0, 0, 0.05, 0.05)],
  'turned by 2°': [0.95, (picture) => picture.rotate(2, { background: '#ffffff' })],
  'turned by 3°': [0.9, (picture) => picture.rotate(-3, { background: '#ffffff' })],
}

/** Closer than this is said to be the same picture (server/likeness). */
const near = 10

/** As results are ordered: of two as far away, the one first whose other hash is nearer. */
const apart = (sought: Sought, { prints, dhash }: Sought): number =>
  Math.min(64, ...prints.flatMap((one) => sought.prints.map((other) => distance(one, other)))) +
  distance(dhash, sought.dhash) / 100

async function picturesFrom(files: string[], most: number): Promise<Buffer[]> {
  const random = randomFrom(7)
  const open = (file: string): Sharp =>
    sharp(file).autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb')
  const small = (picture: Sharp): Promise<Buffer> =>
    picture
      .resize({ width: 640, height: 640, fit: 'inside', withoutEnlargement: true })
      .png({ compressionLevel: 1 })
      .toBuffer()
  const pictures: Buffer[] = []
  for (const file of files.slice(0, most)) pictures.push(await small(open(file)))
  const sizes = await Promise.all(
    files.map(async (file) => (await sharp(file).metadata()).autoOrient),
  )
  // Each crop from a place of its own: two that share most of what they show would be the same picture.
  for (let turn = 0; pictures.length < most && turn < 9; turn++) {
    const [column, row] = [turn % 3, Math.floor(turn / 3)]
    for (const [index, { width, height }] of sizes.entries()) {
      const [w, h] = [Math.floor(width * 0.4), Math.floor(height * 0.4)]
      if (Math.min(w, h) < 120 || pictures.length >= most) continue
      const left = Math.floor(width * (0.3 * column + random() * 0.02 * (column < 2 ? 1 : 0)))
      const top = Math.floor(height * (0.3 * row + random() * 0.02 * (row < 2 ? 1 : 0)))
      pictures.push(
        await small(open(files[index] as string).extract({ left, top, width: w, height: h })),
      )
    }
  }
  return pictures
}

describe('likeness', () => {
  it('finds a picture that was changed', async function () {
    const folder = needed(sharedFolder('data', 'images'), 'shared/data/images', this)
    this.timeout(120_000 + wanted * 8000)
    const drawn = await mkdtemp(join(tmpdir(), 'campa-likeness-'))
    try {
      if (wanted >= 500) await makeSamples(drawn)
      const files = [folder, drawn].flatMap((each) =>
        readdirSync(each, { recursive: true, encoding: 'utf8' })
          .filter((name) => /\.(png|jpe?g|tiff?)$/.test(name))
          .toSorted()
          .map((name) => join(each, name)),
      )
      const pictures = await picturesFrom(files, wanted)
      const known: Sought[] = []
      for (const picture of pictures) known.push(printsIn(await rasterOf(sharp(picture))))
      const lines: string[] = []
      const short: string[] = []
      for (const [name, [least, change]] of Object.entries(changes)) {
        const { recall, precision, found } = await measure(pictures, known, change)
        const text = `${name}: recall@1 ${recall.toFixed(3)}, near ${found.toFixed(3)}, precision ${precision.toFixed(3)}`
        lines.push(text)
        if (recall < least || precision < 0.9) short.push(text)
      }
      if (process.env['LIKENESS_PICTURES'])
        process.stdout.write(`${pictures.length} pictures\n${lines.join('\n')}\n`)
      assert.deepEqual(short, [])
    } finally {
      await rm(drawn, { recursive: true })
    }
  })

  async function measure(pictures: Buffer[], known: Sought[], change: Change) {
    let [first, found, right, asked, named] = [0, 0, 0, 0, 0]
    for (const [index, picture] of pictures.entries()) {
      if (!known[index]?.prints.length) continue
      const { width, height } = await sharp(picture).metadata()
      const changed = await change(sharp(picture), width, height).toBuffer()
      const sought = soughtIn(await rasterOf(sharp(changed).toColourspace('srgb')))
      const distances = known.map((each) => apart(sought, each))
      const own = distances[index] ?? Infinity
      asked++
      if (own === Math.min(...distances)) first++
      if (own < near + 1) found++
      named += distances.filter((each) => each < near + 1).length
      right += own < near + 1 ? 1 : 0
    }
    found /= asked
    return { recall: first / asked, found, precision: right / Math.max(1, named) }
  }

  const plain = (background: string): Sharp =>
    sharp({ create: { width: 320, height: 200, channels: 3, background } })
  const spotted = (): Sharp =>
    sharp(
      Buffer.from(
        `<svg width="320" height="200"><rect width="320" height="200" fill="#ff0000"/>
         <rect width="80" height="200" fill="#0000ff"/><circle cx="200" cy="80" r="30" fill="#00ff00"/></svg>`,
      ),
    ).removeAlpha()

  it('is nothing of a picture of one colour', async () => {
    const { prints } = printsIn(await rasterOf(plain('#808080')))
    assert.deepEqual(prints, [])
    assert.deepEqual(soughtIn(await rasterOf(plain('#ffffff'))).prints, [])
  })

  it('tells pixels apart, not files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'campa-likeness-'))
    const look = async (name: string, picture: Sharp) => {
      const path = join(folder, name)
      await picture.toFile(path)
      return likenessOf(path, [{ width: 320, height: 200 }])
    }
    try {
      const [png, tiff, lossy] = [
        await look('a.png', spotted()),
        await look('a.tif', spotted().tiff({ compression: 'deflate' })),
        await look('a.jpg', spotted().jpeg({ quality: 60 })),
      ]
      assert.deepEqual(png, tiff)
      assert.notEqual(png.pixels, lossy.pixels)
      assert.ok(distance(png.prints[0] ?? '', lossy.prints[0] ?? '') <= near)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('names colours by how much of the picture they are, and blurs it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'campa-likeness-'))
    const path = join(folder, 'a.png')
    try {
      await spotted().png().toFile(path)
      const { colours, blurhash } = await likenessOf(path, [{ width: 320, height: 200 }])
      assert.deepEqual(
        colours.slice(0, 3).map(({ colour }) => colour),
        ['#ff0000', '#0000ff', '#00ff00'],
      )
      assert.ok(Math.abs((colours[1]?.share ?? 0) - 25) <= 1)
      // Size flag of 4 × 3 components, then the mean colour in four digits of base 83: red, in linear light.
      assert.equal(blurhash.length, 28)
      assert.equal(blurhash[0], 'L')
      const digits =
        '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~'
      const mean = Array.from(blurhash.slice(2, 6)).reduce(
        (sum, each) => sum * 83 + digits.indexOf(each),
        0,
      )
      const linear = [(255 * 0.71) / 255, 0.044, 0.25].map((value) =>
        Math.round(255 * (1.055 * value ** (1 / 2.4) - 0.055)),
      )
      for (const [band, shift] of [16, 8, 0].entries())
        assert.ok(
          Math.abs(((mean >> shift) & 255) - (linear[band] ?? 0)) < 6,
          `${mean.toString(16)}`,
        )
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
