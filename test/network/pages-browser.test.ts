// The pages of the network in a browser: for everybody, and for the operator, who needs no script.
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import type { RunningBrick } from '../../server/brick.ts'
import { noticeTroubles } from '../../server/network/alarm.ts'
import { findSource } from '../../server/network/network.ts'
import { findings, openBrowser, watch } from '../browser.ts'
import { brick, needed } from '../house.ts'
import { fillNetwork } from './many.ts'

const token = 'a-token-of-sixteen-letters'

describe('the pages of the network in a browser', function () {
  this.timeout(120_000)
  let house: RunningBrick
  let browser: Browser | undefined

  before(async () => {
    house = await brick({ adminToken: token })
    await fillNetwork(house.ctx, 24)
    await noticeTroubles(house.ctx)
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await house.close()
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
    return context.newPage()
  }

  for (const [locale, scheme, width] of [
    ['fr', 'light', 1280],
    ['en', 'dark', 390],
  ] as const) {
    it(`have no serious fault of accessibility (${locale}, ${scheme}, ${width} px)`, async function () {
      const { links } = house.ctx
      const page = await open(this, { locale, scheme, width })
      const seen = watch(page)
      // From here on the browser sends the token.
      const addresses = [
        links.network('operator'),
        links.network(),
        `${links.network()}?health=failing`,
        ...[0, 1, 3, 4, 5].map((each) => links.network(`source-${each}`)),
      ]
      for (const address of addresses) {
        await page.goto(address, { waitUntil: 'load' })
        await page.evaluate(
          `document.querySelectorAll('details').forEach((each) => (each.open = true))`,
        )
        assert.deepEqual(await findings(page), [], address)
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        assert.ok(wide <= width, `${address} scrolls sideways: ${wide} px`)
      }
      // The first answer asks for the token.
      const unexpected = seen.complaints.filter((each) => !/status of 401/.test(each))
      assert.deepEqual(unexpected, [])
      await page.context().close()
    })
  }

  it('are acted on without a script, and ask twice where it matters', async function () {
    const { links } = house.ctx
    const page = await open(this, { script: false })
    const source = () => findSource(house.ctx, 'source-0')
    await page.goto(`${links.network('operator')}?to=source-0`)
    assert.equal(page.url(), links.network('source-0'))
    await page.click('button[value=pause]')
    await page.getByText('It is paused. What is here stays.').waitFor()
    assert.equal((await source()).paused, true)
    await page.click('button[value=resume]')
    await page.getByText('It is harvested again').waitFor()

    await page.getByText('Forget this source…').click()
    await page.click('button[value=forget]')
    // The box is not ticked, so nothing was sent.
    assert.equal((await source()).forgetAt, null)
    await page.locator('.asked[open] input[name=sure]').check()
    await page.click('button[value=forget]')
    await page.getByText('You have a day to think again').waitFor()
    await page.click('button[value=keep]')
    await page.getByText('It stays, and is harvested again.').waitFor()
    await page.context().close()
  })

  it('show by themselves how a harvest gets on, and that it is over', async function () {
    const page = await open(this)
    await page.goto(house.ctx.links.network('source-1'))
    const { id } = await findSource(house.ctx, 'source-1')
    const before = Number(await page.locator('progress').getAttribute('value'))
    await house.ctx.db.query(
      `UPDATE harvests SET records = records + 1000 WHERE source_id = $1 AND status = 'running'`,
      [id],
    )
    await page.locator(`progress[value="${before + 1000}"]`).waitFor({ state: 'attached' })
    await house.ctx.db.query(
      `UPDATE harvests SET status = 'complete', ended_at = now() WHERE source_id = $1 AND status = 'running'`,
      [id],
    )
    await page.locator('progress').waitFor({ state: 'detached' })
    await page.getByText('harvested now').waitFor()
    await page.context().close()
  })

  it('are walked into by the map', async function () {
    const page = await open(this, { script: false })
    await page.goto(house.ctx.links.network())
    const all = await page.locator('.sources > .node').count()
    await page.locator('.dot.many').first().click()
    assert.match(page.url(), /box=/)
    const some = await page.locator('.sources > .node').count()
    assert.ok(some > 0 && some < all, `${some} of ${all}`)
    await page.context().close()
  })
})
