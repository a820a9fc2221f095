// Finding by picture in a browser: chosen, dropped, without a script, on a phone, by people who do not see it.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { RunningBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'
import { save } from '../../server/records/records.ts'
import { findings, openBrowser, watch } from '../browser.ts'
import { brick, collection, draft, needed } from '../house.ts'
import { found, until } from '../network/state.ts'
import { scene } from './scene.ts'

const token = 'a-token-of-sixteen-letters'

describe('finding by picture in a browser', function () {
  this.timeout(120_000)
  let house: RunningBrick
  let browser: Browser | undefined
  let folder: string
  let windowId: string

  before(async () => {
    house = await brick({ adminToken: token })
    folder = mkdtempSync(join(tmpdir(), 'campa-likeness-'))
    const drawings = await collection(house.ctx)
    const keep = async (name: string, seed: number): Promise<string> => {
      const file = await ingest(house.ctx, await scene(folder, name, seed), { name })
      const [saved] = await save(house.ctx, [draft(drawings, name, { files: [file] })])
      return saved?.id ?? assert.fail()
    }
    windowId = await keep('window.png', 1)
    await keep('boat.png', 2)
    writeFileSync(join(folder, 'wrong.png'), 'no picture')
    await until(async () => (await found(house.ctx)).size === 2)
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = async (
    test: Mocha.Context,
    options: { locale?: string; scheme?: 'light' | 'dark'; width?: number; script?: boolean } = {},
  ): Promise<Page> => {
    const context = await needed(browser, 'Chromium', test).newContext({
      locale: options.locale ?? 'en',
      colorScheme: options.scheme ?? 'light',
      viewport: { width: options.width ?? 1280, height: 844 },
      javaScriptEnabled: options.script ?? true,
      httpCredentials: { username: 'anna', password: token },
    })
    const page = await context.newPage()
    await page.goto(house.ctx.links.searchByImage())
    return page
  }
  const isFirst = async (page: Page): Promise<void> =>
    page
      .locator(`section[aria-labelledby=exact] a[href="${house.ctx.links.record(windowId)}"]`)
      .waitFor()

  for (const [locale, scheme, width] of [
    ['fr', 'light', 1280],
    ['en', 'dark', 390],
  ] as const) {
    it(`has no serious fault of accessibility (${locale}, ${scheme}, ${width} px)`, async function () {
      const page = await open(this, { locale, scheme, width })
      const seen = watch(page)
      const sound = async (what: string): Promise<void> => {
        assert.deepEqual(await findings(page), [], what)
        const over = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        assert.equal(over, 0, what)
      }
      await sound('empty')
      await page.setInputFiles('#picture', join(folder, 'window.png'))
      await isFirst(page)
      await sound('found')
      assert.deepEqual(seen.complaints, [])
      await page.setInputFiles('#picture', join(folder, 'wrong.png'))
      await page.locator('#found [role=alert]').waitFor()
      await sound('refused')
      await page.goto(house.ctx.links.duplicates())
      await sound('duplicates')
    })
  }

  it('takes what is dropped', async function () {
    const page = await open(this)
    const picture = readFileSync(join(folder, 'window.png')).toString('base64')
    await page.evaluate(`(async () => {
      const bytes =
        Uint8Array.from(atob('${picture}'), (each) => each.charCodeAt(0))
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([bytes], 'window.png', { type: 'image/png' }))
      document.querySelector('[data-drop]').dispatchEvent(
        new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    })()`)
    await isFirst(page)
    assert.equal(await page.evaluate('document.activeElement.id'), 'found')
  })

  it('works without a script', async function () {
    const page = await open(this, { script: false })
    await page.setInputFiles('#picture', join(folder, 'window.png'))
    await page.getByRole('button', { name: 'Find it' }).click()
    await isFirst(page)
  })
})
