import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { noteVisit } from '../../server/oai/visits.ts'
import { findings, openBrowser } from '../browser.ts'
import { needed } from '../house.ts'
import { doorHouse, token, type DoorHouse } from './door.ts'

describe('the door for harvesters, in a browser', function () {
  this.timeout(120_000)
  let house: DoorHouse
  let browser: Browser | undefined

  before(async () => {
    house = await doorHouse()
    browser = await openBrowser()
    const visit = { client: '192.0.2.1', agent: 'metha', verb: 'ListRecords', bytes: 9000 }
    const position = { cursor: 0, completeListSize: 626 }
    const list = { ...visit, metadataPrefix: 'oai_dc', records: 500, done: false, position }
    noteVisit(house.ctx, list)
    noteVisit(house.ctx, { ...list, error: 'cut' })
  })
  after(async () => {
    await browser?.close()
    await house.close()
  })

  const open = async (
    test: Mocha.Context,
    query: string,
    options: BrowserContextOptions = {},
  ): Promise<Page> => {
    const context = await needed(browser, 'Chromium', test).newContext({
      locale: 'fr',
      viewport: { width: 1280, height: 844 },
      httpCredentials: { username: 'anna', password: token },
      ...options,
    })
    const page = await context.newPage()
    await page.goto(`${house.ctx.links.oai()}${query}`, { waitUntil: 'load' })
    return page
  }

  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ] as const) {
    it(`has no serious fault of accessibility (${colorScheme}, ${width} px)`, async function () {
      const record = `&identifier=${house.identifier(1)}`
      const page = await open(this, '', { colorScheme, viewport: { width, height: 844 } })
      for (const query of [
        '',
        '?verb=ListMetadataFormats',
        '?verb=ListSets',
        '?verb=ListIdentifiers&metadataPrefix=oai_dc',
        '?verb=ListRecords&metadataPrefix=edm',
        `?verb=GetRecord&metadataPrefix=oai_dc${record}`,
        `?verb=GetRecord&metadataPrefix=edm${record}`,
        `?verb=GetRecord&metadataPrefix=mets${record}`,
        `?verb=GetRecord&metadataPrefix=oai_datacite${record}`,
        `?verb=GetRecord&metadataPrefix=oai_dc&identifier=${house.identifier(6)}`,
        '?verb=ListRecords&metadataPrefix=oai_dc&from=2031-01-01',
        '/harvesters',
      ]) {
        await page.goto(`${house.ctx.links.oai()}${query}`, { waitUntil: 'load' })
        assert.deepEqual(await findings(page), [], query)
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        assert.ok(wide <= width, `${query} scrolls sideways: ${wide} px`)
      }
      await page.context().close()
    })
  }

  it('is asked by a form, without a script', async function () {
    const page = await open(this, '', { javaScriptEnabled: false })
    await page.selectOption('#try-verb', 'ListIdentifiers')
    await page.selectOption('#try-set', 'drawings:schools')
    await page.fill('#try-from', '2020-01-01')
    assert.equal(await page.isVisible('#try-identifier'), false)
    await page.click('button[value=page]')
    await page.waitForURL(/\/oai\?verb=ListIdentifiers&metadataPrefix=oai_dc&set=drawings/)
    assert.match(await page.innerText('h1'), /Identifiants de notices/)
    await page.click('.finds a')
    await page.waitForURL(/GetRecord/)
    assert.match(await page.innerText('h1'), /Ma classe à la maison/)
    await page.click('aside a[href*="metadataPrefix=edm"]')
    await page.waitForURL(/edm/)
    await page.click('.xml > details > summary')
    assert.equal(await page.isVisible('.xml details details'), false)
    await page.context().close()
  })

  it('turns the pages of a list to its end', async function () {
    const page = await open(this, '?verb=ListIdentifiers&metadataPrefix=oai_dc&set=testimonies')
    let pages = 1
    while (await page.locator('[rel=next]').count()) {
      await page.click('a[rel=next]')
      pages += 1
    }
    assert.equal(pages, Math.ceil(620 / 50))
    assert.match(await page.innerText('.lead'), /601 à 620 sur 620/)
    await page.context().close()
  })

  it('copies a command', async function () {
    const page = await open(this, '?verb=ListSets')
    await page.click('[data-copy^=curl]')
    await page.locator('button', { hasText: 'Copié' }).waitFor()
    await page.context().close()
  })
})
