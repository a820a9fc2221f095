// The pages in a real browser: readable at any width, in both languages, and without fault for assistive technology.
import assert from 'node:assert/strict'
import type { Browser, BrowserContext } from 'playwright-core'
import type { RunningBrick } from '../../server/brick.ts'
import { announce, keepUp } from '../../server/hierarchy/hierarchy.ts'
import { request } from '../../server/hierarchy/joining.ts'
import { findings, openBrowser } from '../browser.ts'
import { brick, needed } from '../house.ts'

const adminToken = 'a-token-of-the-operator'

describe('the pages of the hierarchy', function () {
  this.timeout(120_000)
  let above: RunningBrick
  let below: RunningBrick
  let browser: Browser | undefined

  before(async () => {
    browser = await openBrowser()
    above = await brick({ adminToken, name: 'Mémoire', childrenNetworks: ['127.0.0.0/8'] })
    below = await brick({ adminToken, name: 'Musée', parentUrl: above.ctx.config.baseUrl })
    await announce(above.ctx, {
      title: { fr: 'CaMPA 2 est là', en: 'CaMPA 2 is out' },
      text: { fr: 'Mettez à jour <script>alert(1)</script>.', en: 'Update <b>now</b>.' },
      importance: 'urgent',
    })
    await keepUp(below.ctx, undefined, true)
    await request(above.ctx, below.ctx.links.oai(), '203.0.113.4')
  })
  after(async () => {
    await browser?.close()
    await Promise.all([above.close(), below.close()])
  })

  const open = (
    test: Mocha.Context,
    locale: string,
    width: number,
    colorScheme: 'light' | 'dark',
  ): Promise<BrowserContext> =>
    needed(browser, 'Chromium', test).newContext({
      locale,
      viewport: { width, height: 900 },
      colorScheme,
      httpCredentials: { username: 'operator', password: adminToken },
    })

  for (const [locale, width, scheme, words] of [
    ['fr', 1280, 'light', ['Rejoindre Mémoire', 'Demandes d’adhésion', 'Mettez à jour <script>']],
    ['en', 390, 'dark', ['Join Mémoire', 'Requests to join', 'Update <b>now</b>']],
  ] as const) {
    it(`are sound in ${locale} at ${width} pixels, ${scheme}`, async function () {
      const context = await open(this, locale, width, scheme)
      const addresses = [
        above.ctx.links.network('join'),
        above.ctx.links.network('requests'),
        below.ctx.links.network('above'),
      ]
      for (const [index, address] of addresses.entries()) {
        const page = await context.newPage()
        await page.goto(address)
        assert.ok((await page.innerText('main')).includes(words[index] ?? ''), address)
        assert.deepEqual(await findings(page), [], address)
        const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
        assert.equal(wide, false, `${address} is wider than the window`)
        await page.close()
      }
      await context.close()
    })
  }

  it('let an operator read an announcement and decide on a request with a click', async function () {
    const context = await open(this, 'fr', 1280, 'light')
    const page = await context.newPage()
    await page.goto(below.ctx.links.network('above'))
    await page.click('button[value=read]')
    await page.getByText('Marqué comme lu').waitFor()
    assert.equal(await page.locator('button[value=unread]').count(), 1)
    await page.goto(above.ctx.links.network('requests'))
    await page.click('button[value=take]')
    await page.getByText('C’est désormais une source').waitFor()
    await context.close()
  })
})
