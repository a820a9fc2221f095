import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { createApp } from '../../server/http/app.ts'
import { addresses } from '../../server/http/links.ts'
import { networkPage } from '../../server/network/pages.ts'
import type { SourceSummary } from '../../server/network/network.ts'
import { answer, errorPages, visitOf, web } from '../../server/web/web.ts'
import { findings, openBrowser } from '../browser.ts'
import { freePort, needed, quiet } from '../house.ts'
import { museum, type Museum } from './museum.ts'

const sources: SourceSummary[] = (['complete', 'running', 'failed', undefined] as const).map(
  (status, index) => ({
    slug: `source-${index}`,
    collectionSlug: `source-${index}`,
    name: `Musée ${index}`,
    url: `https://museum${index}.example.org/oai`,
    homepage: `https://museum${index}.example.org/`,
    level: 'museum',
    records: 1000 * (index + 1),
    ...(status && {
      lastHarvest: {
        endedAt: status === 'running' ? null : new Date('2026-01-01T00:00:00Z'),
        status,
        added: 3,
        changed: 2,
        deleted: 1,
      },
    }),
    children: index ? [] : [{ name: 'École', url: 'https://school.example.org/', records: 12 }],
  }),
)

describe('the pages in a browser', function () {
  this.timeout(120_000)
  let house: Museum
  let browser: Browser | undefined
  let networkAddress = ''
  let stop: (() => void) | undefined

  before(async () => {
    house = await museum()
    browser = await openBrowser()
    // The page of a network that is not empty, without a network.
    const port = await freePort()
    const baseUrl = `http://127.0.0.1:${port}`
    const ctx = {
      ...house.ctx,
      config: { ...house.ctx.config, baseUrl },
      links: addresses(baseUrl),
    }
    const { koa, router } = createApp(quiet, '', errorPages(ctx), () => undefined)
    router.get('/network', (context) => {
      const facts = { objects: 9, collections: 1, bricks: 2 }
      answer(context, visitOf(ctx, context), networkPage(visitOf(ctx, context), sources, 7, facts))
    })
    web.routes(router, ctx)
    const server = koa.listen(port, '127.0.0.1')
    stop = () => server.close()
    networkAddress = ctx.links.network()
  })
  after(async () => {
    stop?.()
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
        networkAddress,
      ]) {
        const page = await open(this, address, { scheme, width })
        assert.deepEqual(await findings(page), [], address)
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        assert.ok(wide <= width, `${address} scrolls sideways: ${wide} px`)
        await page.context().close()
      }
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
    assert.ok(await page.isVisible('.frame img'))
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
