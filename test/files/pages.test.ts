import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { pagesOf, type FileReference } from '../../schemas/record.ts'
import type { Brick } from '../../server/brick.ts'
import { imageById, ingest } from '../../server/files/files.ts'
import { mend } from '../../server/files/store.ts'
import { DomainError } from '../../server/http/errors.ts'
import { pathOfImage, tools } from '../house.ts'
import { colourOf, pdfOf, stream, tiffOf, written, type Drawn } from './documents.ts'

describe('a file of several pages', function () {
  this.timeout(120_000)
  let brick: Brick
  let folder: string
  before(async () => {
    brick = await tools()
    folder = mkdtempSync(join(tmpdir(), 'campa-pages-'))
  })
  after(async () => {
    await brick.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function take(name: string, bytes: Buffer, mustBeImage = true): Promise<FileReference> {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return ingest(brick.ctx, path, { name, mustBeImage })
  }

  async function refusal(name: string, bytes: Buffer): Promise<string> {
    try {
      const file = await take(name, bytes)
      return `${pagesOf(file).length} pages`
    } catch (error) {
      assert.ok(error instanceof DomainError, String(error))
      assert.ok(error.message.length < 400 && error.message.startsWith(name), error.message)
      return error.message
    }
  }

  const sizes = (file: FileReference): string[] =>
    pagesOf(file).map(({ width, height }) => `${width}x${height}`)

  const colours = (file: FileReference): Promise<number[][]> =>
    Promise.all(pagesOf(file).map(({ image }) => colourOf(pathOfImage(brick.ctx, image))))

  const nearly = (found: number[][], wanted: number[][]): void => {
    assert.equal(found.length, wanted.length)
    for (const [nth, each] of found.entries())
      for (const [channel, value] of each.entries())
        assert.ok(Math.abs(value - (wanted[nth]?.[channel] ?? 0)) <= 3, JSON.stringify(found))
  }

  const three = [
    { colour: '1 0 0' },
    { colour: '0 1 0', width: 200, height: 300 },
    { colour: '0 0 1' },
  ]

  it('has an image of each page of a PDF, drawn at 200 dots an inch', async () => {
    const file = await take('three.pdf', pdfOf(three))
    assert.equal(file.mediaType, 'application/pdf')
    assert.deepEqual(sizes(file), ['833x556', '556x833', '833x556'])
    nearly(await colours(file), [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ])
    const [first, second, third] = pagesOf(file).map(({ image }) => image)
    assert.equal(first, file.sha256.slice(0, 32))
    assert.ok([first, second, third].every((id) => /^[0-9a-f]{32}$/.test(id ?? '')))
    assert.equal(new Set([first, second, third]).size, 3)
    assert.equal((await imageById(brick.ctx, third ?? ''))?.sha256, file.sha256)
    assert.deepEqual(await take('again.pdf', pdfOf(three)), { ...file, name: 'again.pdf' })
  })

  it('draws what is written into forms and laid over a page, as it is printed', async () => {
    const look = (colour: string): string =>
      stream(`${colour} rg 0 0 50 100 re f`, '/Type /XObject /Subtype /Form /BBox [0 0 50 100]')
    const note = (subtype: string, left: number, look: number, flags: number): string =>
      `<< /Type /Annot /Subtype /${subtype} /Rect [${left} 0 ${left + 50} 100] /F ${flags} /AP << /N ${look} 0 R >> ` +
      (subtype === 'Widget' ? '/FT /Tx /T (name) >>' : '>>')
    const [isPrinted, isHidden] = [4, 2]
    const bytes = written([
      '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>',
      '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Annots [4 0 R 5 0 R 6 0 R] >>',
      note('Stamp', 0, 7, isPrinted),
      note('Widget', 50, 8, isPrinted),
      note('Stamp', 100, 7, isHidden),
      look('0 0 1'),
      look('0 1 0'),
    ])
    const { image = '', width = 0, height = 0 } = await take('form.pdf', bytes)
    const strip = async (nth: number): Promise<number[]> => {
      const place = {
        left: Math.round((nth * width) / 4) + 20,
        top: 20,
        width: 80,
        height: height - 40,
      }
      return colourOf(await sharp(pathOfImage(brick.ctx, image)).extract(place).png().toBuffer())
    }
    nearly(await Promise.all([0, 1, 2, 3].map(strip)), [
      [0, 0, 255],
      [0, 255, 0],
      [255, 255, 255],
      [255, 255, 255],
    ])
  })

  it('draws a scan as fine as it is, up to twelve megapixels', async () => {
    const scan = async (width: number, height: number, points: number): Promise<Drawn> => {
      const create = { width, height, channels: 3, background: '#346' } as const
      const jpeg = await sharp({ create }).jpeg().toBuffer()
      return { width: points, height: points * 0.75, picture: { jpeg, width, height } }
    }
    const pages = [
      await scan(1600, 1200, 400),
      await scan(4800, 3600, 400),
      await scan(100, 75, 400),
    ]
    const file = await take('scans.pdf', pdfOf(pages))
    assert.deepEqual(sizes(file), ['1600x1200', '4000x3000', '1111x833'])
    for (const { image, width } of pagesOf(file))
      assert.deepEqual((await imageById(brick.ctx, image))?.levels[0]?.width, width)
  })

  it('has an image of each page of a TIFF, and of one page nothing but that', async () => {
    const file = await take(
      'letters.tif',
      tiffOf([
        { width: 60, height: 40, shade: 50 },
        { width: 50, height: 70, shade: 100 },
        { width: 60, height: 40, shade: 200 },
      ]),
    )
    assert.deepEqual(sizes(file), ['60x40', '50x70', '60x40'])
    nearly(
      await colours(file),
      [[50], [100], [200]].map(([shade = 0]) => [shade, shade, shade]),
    )
    const one = await take('one.tif', tiffOf([{ width: 60, height: 40, shade: 50 }]))
    assert.ok(!('furtherPages' in one))
  })

  it('takes levels, masks and thumbnails of a TIFF for no pages', async () => {
    const full = { width: 400, height: 300, shade: 90 }
    const half = { width: 200, height: 150, shade: 90 }
    const quarter = { width: 100, height: 75, shade: 90 }
    const cases: [string, Parameters<typeof tiffOf>[0], string[]][] = [
      ['marked', [full, { ...half, kind: 1 }, { ...quarter, kind: 1 }], ['400x300']],
      ['not marked', [full, half, quarter], ['400x300']],
      ['called pages', [full, half, quarter].map((each) => ({ ...each, kind: 2 })), ['400x300']],
      ['a thumbnail', [full, quarter], ['400x300']],
      ['a mask', [full, { ...full, kind: 4 }], ['400x300']],
      ['a page half as large', [full, { ...half, kind: 2 }], ['400x300', '200x150']],
      [
        'pages with thumbnails',
        [full, { ...quarter, kind: 1 }, { ...full, shade: 10 }, { ...quarter, kind: 1 }],
        ['400x300', '400x300'],
      ],
      ['a thumbnail first', [{ ...quarter, kind: 1 }, full], ['400x300']],
      ['pages of one size', [full, full], ['400x300', '400x300']],
    ]
    for (const [name, plates, wanted] of cases)
      assert.deepEqual(sizes(await take(`${name}.tif`, tiffOf(plates))), wanted, name)
  })

  it('refuses what cannot be drawn in words that say what to do, and keeps it as a file where no picture is asked for', async () => {
    const whole = pdfOf(three)
    const cases: [string, Buffer, RegExp][] = [
      ['nothing.pdf', Buffer.from('%PDF-1.7\n...'), /damaged or cut short: take it from/],
      ['cut.pdf', whole.subarray(0, 300), /damaged or cut short|without pages/],
      ['empty.pdf', pdfOf([]), /is a PDF without pages/],
      [
        'many.pdf',
        pdfOf(Array.from({ length: 501 }, () => ({}))),
        /has 501 pages, more than the 500/,
      ],
      [
        'locked.pdf',
        pdfOf(
          [{}],
          '',
          `/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'00'.repeat(32)}> /U <${'00'.repeat(32)}> >>`,
        ),
        /asks for a password: save it without one/,
      ],
    ]
    for (const [name, bytes, wanted] of cases) {
      assert.match(await refusal(name, bytes), wanted, name)
      const kept = await take(name, bytes, false)
      assert.equal(kept.mediaType, 'application/pdf')
      assert.deepEqual(pagesOf(kept), [], name)
    }
    assert.match(
      await refusal(
        'cut.tif',
        tiffOf([1, 2, 3].map((shade) => ({ width: 60, height: 40, shade }))).subarray(0, 6000),
      ),
      /cut\.tif .*damaged or cut short/,
    )
  })

  it('leaves nothing of the others when a page turns out to be damaged, and says which', async () => {
    const plate = { width: 600, height: 600, shade: 120 }
    const bytes = tiffOf([plate, plate, { ...plate, damaged: true }, plate])
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const kept = (): string[] =>
      readdirSync(join(brick.ctx.config.dataDir, 'files'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
    const before = kept()
    assert.match(
      await refusal('damaged.tif', bytes),
      /^damaged\.tif cannot be taken whole, for its page 3 is damaged or cut short/,
    )
    assert.deepEqual(kept(), before)
    assert.deepEqual(await brick.ctx.db.query('SELECT FROM images WHERE sha256 = $1', [sha256]), [])
    assert.deepEqual(await brick.ctx.db.query('SELECT FROM ingests'), [])
  })

  it('that was taken in when only first pages were shown gets the others', async () => {
    const plates = [1, 2, 3].map((nth) => ({ width: 90, height: 60, shade: nth * 50 }))
    const { image, sha256 } = await take('former.tif', tiffOf(plates))
    const others = pagesOf(await take('former.tif', tiffOf(plates))).slice(1)
    await brick.ctx.db.query('DELETE FROM images WHERE sha256 = $1 AND page > 1', [sha256])
    for (const other of others) rmSync(pathOfImage(brick.ctx, other.image))
    const before = statSync(pathOfImage(brick.ctx, image ?? ''))
    const again = await take('former.tif', tiffOf(plates))
    assert.equal(again.image, image)
    assert.deepEqual(pagesOf(again).slice(1), others)
    assert.equal(statSync(pathOfImage(brick.ctx, image ?? '')).ino, before.ino)
    for (const other of others) assert.ok(await imageById(brick.ctx, other.image))
  })

  it('has a page made again that a store lost', async () => {
    const file = await take('lost.pdf', pdfOf([{ colour: '0 1 1' }, { colour: '1 1 0' }]))
    const second = pathOfImage(brick.ctx, pagesOf(file)[1]?.image ?? '')
    const before = readFileSync(second)
    rmSync(second)
    await mend(brick.ctx, new AbortController().signal)
    assert.deepEqual(readFileSync(second), before)
  })

  it('outlives documents that are made to harm', async () => {
    const looped = written([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Count 3 /Kids [2 0 R 3 0 R 2 0 R] >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 90] /Contents 4 0 R >>',
      '<< /Length 6 /Filter 4 0 R >>\nstream\n0 0 re\nendstream',
    ])
    const claiming = (count: number, kids: number): Buffer =>
      written([
        '<< /Type /Catalog /Pages 2 0 R >>',
        `<< /Type /Pages /Count ${count} /Kids [${'3 0 R '.repeat(kids)}] >>`,
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
      ])
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const script = '/OpenAction << /S /JavaScript /JS (while (true) {}) >>'
    const cases: [string, Buffer, RegExp][] = [
      ['loop.pdf', looped, /pages$|damaged|cannot be drawn|without/],
      ['claims.pdf', claiming(2_000_000_000, 1), /1 pages|pages, more than the 500/],
      ['repeats.pdf', claiming(100_000, 100_000), /100000 pages, more than the 500/],
      ['nested.pdf', pdfOf([{}], `/Nested ${nested}`), /1 pages|damaged/],
      ['script.pdf', pdfOf([{}], script), /1 pages/],
      ['huge.pdf', pdfOf([{ width: 1e9, height: 1e9 }]), /1 pages/],
      ['thin.pdf', pdfOf([{ width: 1e9, height: 1 }]), /1 pages|cannot be drawn/],
      ['states.pdf', pdfOf([{ colour: 'q '.repeat(200_000) + '1 0 0' }]), /1 pages|damaged/],
    ]
    for (const [name, bytes, wanted] of cases)
      assert.match(await refusal(name, bytes), wanted, name)
    const huge = await take('huge.pdf', pdfOf([{ width: 1e9, height: 1e9 }]))
    assert.ok((huge.width ?? 0) * (huge.height ?? 0) <= 12_000_000)
    assert.equal((await take('after.pdf', pdfOf(three))).furtherPages?.length, 2)
  })
})
