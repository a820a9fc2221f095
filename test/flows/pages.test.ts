// A PDF is deposited: its pages are seen, guarded, described and found, each as a picture of its own.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Canvas, Manifest } from '@iiif/presentation-3'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { pagesOf, type StoredRecord } from '../../schemas/record.ts'
import type { RunningBrick } from '../../server/brick.ts'
import { findCollection } from '../../server/collections/collections.ts'
import { planImport, runImport } from '../../server/deposit/deposit.ts'
import { addSource, findSource, harvestSource } from '../../server/network/network.ts'
import { describe as describeRecord } from '../../server/records/described.ts'
import { findByKey, save } from '../../server/records/records.ts'
import { findings, openBrowser, watch } from '../browser.ts'
import { colourOf, pdfOf, tiffOf } from '../files/documents.ts'
import { brick, needed } from '../house.ts'
import { scene } from '../likeness/scene.ts'
import { found, until } from '../network/state.ts'

const token = 'a-token-of-sixteen-letters'

describe('a PDF that is deposited', function () {
  this.timeout(120_000)
  let house: RunningBrick
  let folder: string
  let letter: StoredRecord
  let album: StoredRecord
  let browser: Browser | undefined

  before(async () => {
    house = await brick({ adminToken: token, name: 'Leaf' })
    folder = mkdtempSync(join(tmpdir(), 'campa-pages-'))
    const scenes: Buffer[] = []
    for (const seed of [1, 2, 3, 4]) {
      const path = await scene(folder, `scene-${seed}.png`, seed)
      scenes.push(await sharp(path).jpeg({ quality: 95 }).toBuffer())
    }
    const pages = scenes.slice(0, 3).map((jpeg) => ({
      width: 400,
      height: 300,
      picture: { jpeg, width: 800, height: 600 },
    }))
    writeFileSync(join(folder, 'letter.pdf'), pdfOf(pages))
    const shades = [40, 140].map((shade) => ({ width: 700, height: 600, shade }))
    writeFileSync(join(folder, 'album.tif'), tiffOf(shades))
    writeFileSync(join(folder, 'loose.jpg'), scenes[3] ?? '')
    const table = join(folder, 'table.csv')
    writeFileSync(table, 'id,title,image\n1,A letter,letter.pdf\n2,An album,album.tif|loose.jpg\n')
    const options = { collection: 'letters', images: folder, rejected: join(folder, 'rejected') }
    const report = await runImport(house.ctx, await planImport(house.ctx, table, options), options)
    assert.equal(report.refused, 0, JSON.stringify(report))
    letter = await recordOf('1')
    album = await recordOf('2')
    await until(async () => (await found(house.ctx)).size === 2)
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function recordOf(key: string): Promise<StoredRecord> {
    const { id } = (await findCollection(house.ctx, 'letters')) ?? assert.fail()
    return (await findByKey(house.ctx, id, key)) ?? assert.fail()
  }

  async function manifestOf(id: string): Promise<Manifest> {
    const response = await fetch(house.ctx.links.manifest(id))
    assert.equal(response.status, 200)
    return (await response.json()) as Manifest
  }

  const labelsOf = ({ items }: Manifest): unknown => items.map(({ label }) => label?.['none']?.[0])

  const serviceOf = (canvas: Canvas | undefined): string => {
    const body = canvas?.items?.[0]?.items?.[0]?.body as { service: { id: string }[] }
    return body.service[0]?.id ?? ''
  }

  it('is a manifest of its pages, which leads to the tiles of each and to the PDF', async () => {
    const manifest = await manifestOf(letter.id)
    assert.deepEqual(labelsOf(manifest), ['1', '2', '3'])
    assert.equal(new Set(manifest.items.map(({ id }) => id)).size, 3)
    assert.ok(!('behavior' in manifest))
    const [rendering] = manifest.rendering as { id: string; format: string }[]
    assert.equal(rendering?.format, 'application/pdf')
    const file = await fetch(rendering.id)
    assert.equal(file.headers.get('content-type'), 'application/pdf')
    assert.deepEqual(
      Buffer.from(await file.arrayBuffer()),
      readFileSync(join(folder, 'letter.pdf')),
    )
    const service = serviceOf(manifest.items[2])
    const info = (await (await fetch(`${service}/info.json`)).json()) as Record<string, number>
    assert.deepEqual([info['width'], info['height']], [1111, 833])
    const tile = await fetch(`${service}/0,0,512,512/512,512/0/default.jpg`)
    assert.equal(tile.status, 200)
    const cut = await sharp(join(folder, 'scene-3.png'))
      .resize(1111, 833)
      .extract({ left: 0, top: 0, width: 512, height: 512 })
      .toBuffer()
    const [seen, wanted] = [
      await colourOf(Buffer.from(await tile.arrayBuffer())),
      await colourOf(cut),
    ]
    for (const [channel, value] of wanted.entries())
      assert.ok(Math.abs(value - (seen[channel] ?? 0)) < 5, `${seen.join(' ')} ${wanted.join(' ')}`)
    const [thumbnail] = manifest.thumbnail as { id: string }[]
    assert.ok(thumbnail?.id.startsWith(serviceOf(manifest.items[0])))
  })

  it('has each page drawn for itself, at the same address but for its own name', async () => {
    const { links } = house.ctx
    const seen = await Promise.all(
      pagesOf(letter.files[0] ?? assert.fail()).map(async ({ image }) => {
        const answer = await fetch(links.image(image, '70,'))
        const picture = Buffer.from(await answer.arrayBuffer())
        return { picture: picture.toString('base64'), etag: answer.headers.get('etag') }
      }),
    )
    for (const what of ['picture', 'etag'] as const)
      assert.equal(new Set(seen.map((each) => each[what])).size, 3, what)
  })

  it('is told from the other files of its record', async () => {
    const manifest = await manifestOf(album.id)
    assert.deepEqual(labelsOf(manifest), ['album.tif, p. 1', 'album.tif, p. 2', 'loose.jpg'])
    assert.ok(!('rendering' in manifest))
    assert.match(manifest.items[1]?.id ?? '', /\/canvas\/1\/2$/)
    assert.match(manifest.items[2]?.id ?? '', /\/canvas\/2$/)
  })

  it('is described page by page, for programs and for other bricks', async () => {
    const { links } = house.ctx
    const record = (await (await fetch(links.api('records', letter.id))).json()) as {
      files: { address: string; furtherPages: { image: { id: string } }[] }[]
    }
    const described = (await (await fetch(`${house.address}/api/openapi.json`)).json()) as object
    const ajv = addFormats.default(new Ajv2020({ strict: false }))
    ajv.addSchema({ $id: 'api', ...described })
    const isRecord = ajv.compile({ $ref: 'api#/components/schemas/Record' })
    assert.ok(isRecord(record), JSON.stringify(isRecord.errors))
    const [first, second, third] = pagesOf(letter.files[0] ?? assert.fail())
    assert.deepEqual(
      record.files[0]?.furtherPages.map(({ image }) => image.id),
      [second?.image, third?.image],
    )
    assert.equal(record.files[0]?.address, links.file(letter.files[0]?.sha256 ?? '', 'letter.pdf'))
    const mets = await (
      await fetch(
        `${links.oai()}?verb=GetRecord&metadataPrefix=mets&identifier=${letter.identifier}`,
      )
    ).text()
    const group = (use: string): string =>
      new RegExp(`<fileGrp USE="${use}">(.*?)</fileGrp>`).exec(mets)?.[1] ?? ''
    assert.ok(group('DEFAULT').includes(first?.image ?? '?'))
    for (const page of [second, third]) assert.ok(group('MAX').includes(page?.image ?? '?'))
    assert.match(group('DOWNLOAD'), /MIMETYPE="application\/pdf" SIZE="\d+" CHECKSUM=/)
    assert.equal(mets.match(/<div ORDER=/g)?.length, 4)
    assert.equal(mets.match(/ADMID="[^"]*_l\d"/g)?.length, 3)
  })

  it('names so many of its pages to those who harvest it that a list stays light', () => {
    const [file = assert.fail()] = letter.files
    const [page = assert.fail()] = file.furtherPages ?? []
    const furtherPages = Array.from({ length: 499 }, () => page)
    const { files } = describeRecord(house.ctx, {
      ...letter,
      datestamp: '',
      files: [{ ...file, furtherPages }],
      collection: { slug: 'letters', title: {}, rights: null },
    })
    assert.equal(files.length, 64 + 1)
    assert.equal(files.at(-1)?.mediaType, 'application/pdf')
  })

  const wanted = async (seed: number): Promise<Buffer> =>
    sharp(join(folder, `scene-${seed}.png`))
      .resize({ width: 500 })
      .jpeg({ quality: 70 })
      .toBuffer()

  async function matchesFor(ctx: RunningBrick['ctx'], picture: Buffer): Promise<unknown[]> {
    const body = new Uint8Array(picture)
    const answer = await fetch(ctx.links.api('search', 'image'), { method: 'POST', body })
    const { matches } = (await answer.json()) as { matches: { record: { identifier: string } }[] }
    return matches.map(({ record }) => record.identifier)
  }

  it('is found by a picture of its second page, here and at the brick above', async () => {
    assert.deepEqual(await matchesFor(house.ctx, await wanted(2)), [letter.identifier])
    const root = await brick({ name: 'Root', harvests: 1 })
    try {
      const { ctx } = root
      await addSource(ctx, house.ctx.links.oai(), { slug: 'leaf' })
      await harvestSource(ctx, (await findSource(ctx, 'leaf')) ?? assert.fail())
      await until(async () => (await found(ctx)).size === 2)
      assert.deepEqual(await matchesFor(ctx, await wanted(2)), [letter.identifier])
    } finally {
      await root.close()
    }
  })

  it('is found by itself', async () => {
    const matches = await matchesFor(house.ctx, readFileSync(join(folder, 'letter.pdf')))
    assert.deepEqual(matches, [letter.identifier])
  })

  for (const [locale, scheme, width, count, download] of [
    ['fr', 'light', 1280, '3 pages', 'Télécharger le PDF'],
    ['en', 'dark', 390, '3 pages', 'Download the PDF'],
  ] as const) {
    it(`has a page that shows each of its own, and gives the PDF (${locale}, ${width} px)`, async function () {
      const context = await needed(browser, 'Chromium', this).newContext({
        locale,
        colorScheme: scheme,
        viewport: { width, height: 844 },
      })
      const page = await context.newPage()
      const seen = watch(page)
      await page.goto(house.ctx.links.record(letter.id))
      await page.getByText(count, { exact: true }).waitFor()
      const file = letter.files[0] ?? assert.fail()
      const link = page.getByRole('link', { name: download })
      assert.equal(await link.getAttribute('href'), house.ctx.links.file(file.sha256, file.name))
      const third = pagesOf(file)[2]?.image ?? ''
      // OpenSeadragon complains of tiles that come when their picture has gone.
      await page.locator('#zoom-tools').waitFor()
      await page.waitForLoadState('networkidle')
      await page.locator('[data-shot="2"]').click()
      await until(() =>
        Promise.resolve(
          seen.tiles.some(
            ({ url, status }) => status === 200 && url.pathname.includes(`${third}/0,0,`),
          ),
        ),
      )
      assert.deepEqual(await findings(page), [])
      assert.deepEqual(seen.complaints, [])
      await context.close()
    })
  }

  it('is closed with all its pages', async () => {
    const { links } = house.ctx
    const file = letter.files[0] ?? assert.fail()
    const third = pagesOf(file)[2] ?? assert.fail()
    const addresses = [
      links.image(third.image, 'max'),
      `${links.imageService(third.image)}/0,0,512,512/512,512/0/default.jpg`,
      links.file(file.sha256, file.name),
    ]
    const statuses = (headers = {}): Promise<number[]> =>
      Promise.all(addresses.map(async (each) => (await fetch(each, { headers })).status))
    assert.deepEqual(await statuses(), [200, 200, 200])
    const { collectionId, key, profile, status, metadata, dc, source, files } = letter
    const input = { collectionId, key, profile, status, metadata, dc, source, files }
    await save(house.ctx, [{ ...input, visibility: 'on-request' }])
    await until(async () => (await statuses()).every((each) => each === 401 || each === 403))
    assert.deepEqual(await statuses({ Authorization: `Bearer ${token}` }), [200, 200, 200])
  })
})
