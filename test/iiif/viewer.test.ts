import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { RunningBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'
import { packageFolder } from '../../server/http/package.ts'
import { save } from '../../server/records/records.ts'
import { openBrowser, until, watch } from '../browser.ts'
import { brick, collection, draft, needed } from '../house.ts'
import { painting } from './painting.ts'

describe('the viewer', () => {
  let house: RunningBrick
  let folder: string
  let manifest: string
  before(async () => {
    house = await brick({ name: 'Musée du balcon' })
    folder = mkdtempSync(join(tmpdir(), 'campa-viewer-'))
    const { ctx } = house
    const path = join(folder, 'window.png')
    await painting(3000, 2000, path)
    const file = await ingest(ctx, path, { name: 'window.png', mustBeImage: true })
    const [saved] = await save(ctx, [
      draft(await collection(ctx), 'window', {
        files: [file],
        dc: {
          title: [
            { value: 'Fenêtre au printemps', language: 'fr' },
            { value: 'Window in spring', language: 'en' },
          ],
          description: [{ value: 'Dessin d’enfant, avril 2020', language: 'fr' }],
        },
      }),
    ])
    manifest = ctx.links.manifest(saved?.id ?? '')
  })
  after(async () => {
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('asks for a manifest where none is given, and refuses what is no web address', async () => {
    const empty = await fetch(`${house.address}/viewer`, { headers: { 'Accept-Language': 'fr' } })
    assert.equal(empty.status, 200)
    assert.match(await empty.text(), /<html lang="fr">[\s\S]*Donnez l’adresse d’un manifeste/)
    const wrong = await fetch(`${house.address}/viewer?manifest=javascript:alert(1)`)
    assert.equal(wrong.status, 400)
    const text = await wrong.text()
    assert.match(text, /must begin with https/)
    assert.ok(!text.includes('<script'))
  })

  it('cannot be made to run what stands in the address', async () => {
    const evil = `https://example.org/</script><script>alert(1)</script>`
    const page = await fetch(`${house.address}/viewer?manifest=${encodeURIComponent(evil)}`)
    assert.ok(!(await page.text()).includes('<script>alert'))
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self'(;|$)/)
  })

  it('shows a zoomable image in French', async function () {
    this.timeout(60_000)
    needed(
      existsSync(join(packageFolder, 'vendor/mirador/mirador.min.js')) || undefined,
      'vendor/mirador',
      this,
    )
    const browser = needed(await openBrowser(), 'Chromium', this)
    try {
      const page = await browser.newPage({
        locale: 'fr-FR',
        viewport: { width: 1280, height: 800 },
      })
      const seen = watch(page)
      await page.goto(house.ctx.links.viewer(manifest))
      await page.waitForSelector('.openseadragon-canvas canvas', { timeout: 30_000 })
      await until(() => seen.tiles.filter(({ status }) => status === 200).length >= 1, 'tiles')
      // Zooming in asks for tiles of finer levels.
      await page.locator('.openseadragon-canvas').hover()
      for (let times = 0; times < 6; times++) {
        await page.mouse.wheel(0, -300)
        await page.waitForTimeout(200)
      }
      await until(() => seen.tiles.length >= 4, 'finer tiles')
      await page.getByText('Fenêtre au printemps').first().waitFor()
      const picture = join(process.env['SCREENSHOTS'] ?? folder, 'viewer.png')
      await page.waitForTimeout(1000)
      await page.screenshot({ path: picture })
      const { channels } = await sharp(readFileSync(picture)).stats()
      assert.ok(
        channels.every(({ stdev }) => stdev > 10),
        'the picture of the page is blank',
      )
      assert.deepEqual(
        seen.tiles.filter(({ status }) => status !== 200),
        [],
      )
      assert.deepEqual(seen.complaints, [])
    } finally {
      await browser.close()
    }
  })

  it('leads to the manifest without JavaScript', async () => {
    const page = await (await fetch(house.ctx.links.viewer(manifest))).text()
    assert.match(page, /<noscript>/)
    assert.ok(page.includes(`href="${manifest}"`))
  })
})
