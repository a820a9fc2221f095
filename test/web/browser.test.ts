import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { findings, openBrowser } from '../browser.ts'
import { needed } from '../house.ts'
import { fillNetwork } from '../network/many.ts'
import { museum, type Museum } from './museum.ts'

describe('the pages in a browser', function () {
  this.timeout(120_000)
  let house: Museum
  let browser: Browser | undefined

  before(async () => {
    house = await museum()
    browser = await openBrowser()
    await fillNetwork(house.ctx, 12)
  })
  after(async () => {
    await browser?.close()
    await house.close()
  })

  const open = async (
    test: Mocha.Context,
    address: string,
    options: { scheme?: 'light' | 'dark'; width?: number; script?: boolean } = {},
  ): Promise<Page> => {
    const context = await needed(browser, 'Chromium', test).newContext({
      locale: 'fr',
      colorScheme: options.scheme ?? 'light',
      viewport: { width: options.width ?? 1280, height: 844 },
      javaScriptEnabled: options.script ?? true,
    })
    const page = await context.newPage()
    await page.goto(address, { waitUntil: 'load' })
    return page
  }

  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ] as const) {
    it(`have no serious fault of accessibility (${scheme}, ${width} px)`, async function () {
      const { links } = house.ctx
      const page = await open(this, links.home(), { scheme, width })
      for (const address of [
        links.home(),
        links.search({ type: 'StillImage' }),
        links.search({ view: 'list' }),
        links.search({ q: 'zèbre' }),
        house.at.drawing,
        house.at.request,
        house.at.withdrawn,
        links.collections(),
        links.collection('drawings'),
        links.network(),
      ]) {
        await page.goto(address, { waitUntil: 'load' })
        assert.deepEqual(await findings(page), [], address)
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        assert.ok(wide <= width, `${address} scrolls sideways: ${wide} px`)
      }
      await page.context().close()
    })
  }

  it('break no rule of their own content policy', async function () {
    const page = await open(this, house.at.drawing)
    const broken: string[] = []
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) broken.push(message.text())
    })
    for (const address of [house.ctx.links.home(), house.ctx.links.search(), house.at.drawing]) {
      await page.goto(address, { waitUntil: 'load' })
      await page.waitForTimeout(300)
    }
    assert.deepEqual(broken, [])
    await page.context().close()
  })

  it('move by keys: / to the box, arrows through the results, ? for help', async function () {
    const page = await open(this, house.ctx.links.search())
    await page.keyboard.press('/')
    assert.equal(await page.evaluate('document.activeElement.id'), 'q')
    await page.keyboard.press('ArrowDown')
    const tile = (): Promise<number> =>
      page.evaluate<number>(
        `[...document.querySelectorAll('#results .tile')].indexOf(document.activeElement)`,
      )
    assert.equal(await tile(), 0)
    await page.keyboard.press('ArrowRight')
    assert.equal(await tile(), 1)
    await page.keyboard.press('ArrowDown')
    assert.ok((await tile()) > 2)
    await page.keyboard.press('?')
    assert.equal(await page.evaluate(`document.getElementById('keys').open`), true)
    await page.context().close()
  })

  it('narrow a search in place, keep the focus, and go back', async function () {
    const page = await open(this, house.ctx.links.search())
    await page.check('input[type=checkbox][name=type][value=StillImage]')
    await page.waitForSelector('.chip')
    assert.match(page.url(), /type=StillImage/)
    assert.equal(await page.evaluate('document.activeElement.value'), 'StillImage')
    assert.equal(await page.locator('#results .tile').count(), 1)
    await page.goBack()
    await page.waitForSelector('.chip', { state: 'detached' })
    await page.click('[data-more]')
    await page.locator('#results .tile').nth(30).waitFor()
    await page.context().close()
  })

  it('search, filter and turn pages without a script', async function () {
    const page = await open(this, house.ctx.links.home(), { script: false })
    await page.fill('#q', 'classe')
    await page.click('.box button')
    assert.match(page.url(), /\/search\?q=classe/)
    await page.check('input[type=checkbox][name=type][value=StillImage]')
    await page.click('.drawer-foot button')
    assert.match(page.url(), /q=classe&.*type=StillImage/)
    await page.click('#results .tile')
    assert.equal(page.url(), house.at.drawing)
    await page.locator('.frame img').waitFor()
    await page.context().close()
  })

  it('open the filters of a phone as a drawer that says what it would show', async function () {
    const page = await open(this, house.ctx.links.search(), { width: 390 })
    assert.equal(await page.isVisible('#filters'), false)
    await page.click('[data-drawer]')
    assert.ok(await page.isVisible('#filters'))
    await page.check('input[type=checkbox][name=type][value=StillImage]')
    await page.locator('.drawer-foot', { hasText: /Voir 1\s*objet/ }).waitFor()
    await page.click('.drawer-foot button')
    assert.equal(await page.isVisible('#filters'), false)
    await page.context().close()
  })

  it('load at most 40 kB of script beside the viewers', async function () {
    let size = 0
    for (const name of ['site.js', 'search.js', 'record.js']) {
      const { asset } = await import('../../server/web/web.ts')
      const { get } = await import('node:http')
      size += await new Promise<number>((done, failed) => {
        get(asset(house.ctx, name), { headers: { 'accept-encoding': 'br' } }, (response) => {
          let length = 0
          response.on('data', (chunk: Buffer) => (length += chunk.length))
          response.on('end', () => done(length))
        }).on('error', failed)
      })
    }
    assert.ok(size < 40_000, `${size} bytes`)
  })
})
