import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from '@elastic/elasticsearch'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { openBrowser, until, watch, type Seen } from '../browser.ts'
import { campa, freePorts, passableFolder, type Command, type Ended } from '../command.ts'
import { needed } from '../house.ts'

/** Where README's picture goes; it needs the whole collection, a test a few records of it. */
const pictures = process.env['CAMPA_PICTURES']
const records = pictures ? 84 : 8
const elasticsearchUrl = process.env['ELASTICSEARCH_URL']
const index = `demo_${randomBytes(6).toString('hex')}`
const database = `campa_${randomBytes(6).toString('hex')}`

/** A database of its own beside the tests' one: the demo's schemas have names that a person's demo may have too. */
async function onServer(sql: string): Promise<string> {
  const url = new URL(process.env['TEST_DATABASE_URL'] ?? '')
  await query(url.href, sql)
  url.pathname = `/${database}`
  return url.href
}

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<pg.QueryResultRow>(sql)).rows
  } finally {
    await client.end()
  }
}

async function dropIndexes(node: string): Promise<void> {
  const client = new Client({ node })
  const found = await client.indices.get({ index: `${index}*`, allow_no_indices: true })
  for (const name of Object.keys(found)) await client.indices.delete({ index: name })
  await client.close()
}

async function takePicture(page: Page, path: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  const picture = sharp(await page.screenshot())
  await picture.png({ palette: true, colours: 256, effort: 10, compressionLevel: 9 }).toFile(path)
}

/** Every file below a folder with the moment of its last change. */
function times(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !/\.(csv|ndjson)$/.test(path))
    .map((path) => `${path} ${statSync(path).mtimeMs}`)
    .toSorted()
}

describe('npm run demo', function () {
  this.timeout(180_000)
  let folder = ''
  let databaseUrl = ''
  let ports = 0
  let browser: Browser | undefined
  let command: Command | undefined

  const address = (place: number): string => `http://127.0.0.1:${ports + place}`
  const [root, museum] = [0, 2]
  const start = async (): Promise<string> => {
    command = campa(folder, pictures ? ['demo'] : ['demo', '--only', String(records)], {
      CAMPA_DATA_DIR: join(folder, 'data'),
      CAMPA_PORT: String(ports),
      DATABASE_URL: databaseUrl,
      ...(elasticsearchUrl && {
        ELASTICSEARCH_URL: elasticsearchUrl,
        CAMPA_ELASTICSEARCH_INDEX: index,
      }),
    })
    return (await command.said(/^[\s\S]*\nTry (http\S+)/, 170_000))[0]
  }
  const stop = async (...signals: NodeJS.Signals[]): Promise<Ended> => {
    assert.ok(command)
    for (const signal of signals) command.kill(signal)
    return command.ended
  }
  const open = async (
    test: Mocha.Context,
    url: string,
    { locale = 'fr', width = 1280 } = {},
  ): Promise<{ page: Page; seen: Seen }> => {
    const context = await needed(browser, 'Chromium', test).newContext({
      locale,
      viewport: { width, height: 900 },
    })
    const page = await context.newPage()
    const seen = watch(page)
    await page.goto(url)
    return { page, seen }
  }

  before(async () => {
    folder = passableFolder('demo')
    databaseUrl = await onServer(`CREATE DATABASE ${database}`)
    ports = await freePorts(4)
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    command?.kill('SIGKILL')
    await command?.ended
    await onServer(`DROP DATABASE ${database} WITH (FORCE)`)
    rmSync(folder, { recursive: true, force: true })
    if (elasticsearchUrl) await dropIndexes(elasticsearchUrl)
  })

  it('prints the addresses of a root, a national brick and two leaves', async () => {
    const said = await start()
    for (let place = 0; place < 4; place++) assert.ok(said.includes(`${address(place)}/`), said)
    assert.ok(said.includes(`${address(root)}/search?q=fenetre`))
    assert.match(said, elasticsearchUrl ? /search by elasticsearch/ : /search by postgresql/)
    assert.ok(said.includes(`harvested CaMPA France: ${records} records`), said)
  })

  it('finds a drawing of a leaf at the root by a word without its accent, and shows it in Mirador', async function () {
    const { page, seen } = await open(this, `${address(root)}/`)
    await page.fill('#q', 'fenetre')
    await page.press('#q', 'Enter')
    await page.waitForURL(/\/search\?.*q=fenetre/)
    if (pictures) await takePicture(page, join(pictures, 'search.png'))
    await page.locator('#results .tile', { hasText: 'fenêtre' }).first().click()
    await page.waitForURL(/\/records\//)
    assert.match(await page.locator('h1').innerText(), /fenêtre/i)
    const keeper = page.locator('aside .card', { hasText: 'Musée de la Ville' }).first()
    assert.ok(await keeper.isVisible())
    const there = await keeper.locator('a[href]').first().getAttribute('href')
    assert.ok(there?.startsWith(`${address(museum)}/records/`), there ?? 'no link')

    await page.getByText('Ouvrir dans Mirador').first().click()
    await page.waitForSelector('.openseadragon-canvas canvas', { timeout: 30_000 })
    // A whole image has "full" where a tile has its region.
    const tiles = (): Seen['tiles'] =>
      seen.tiles.filter(({ url }) => /\/\d+,\d+,\d+,\d+\//.test(url.pathname))
    await page.locator('.openseadragon-canvas').hover()
    for (let times = 0; times < 5; times++) {
      await page.mouse.wheel(0, -300)
      await page.waitForTimeout(150)
    }
    await until(() => tiles().some(({ status }) => status === 200), 'tiles')
    assert.deepEqual(
      tiles().filter(({ url, status }) => url.origin !== address(museum) || status !== 200),
      [],
    )
    await page
      .getByText(/fenêtre/i)
      .first()
      .waitFor()
    assert.deepEqual(seen.complaints, [])
    await page.context().close()
  })

  it('finds it on a phone, in English', async function () {
    const { page, seen } = await open(this, `${address(root)}/`, { locale: 'en', width: 390 })
    await page.fill('#q', 'window')
    await page.press('#q', 'Enter')
    await page.waitForURL(/\/search\?.*q=window/)
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    await page
      .locator('#results .tile', { hasText: /window/i })
      .first()
      .waitFor()
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
    assert.ok(wide <= 390, `the page scrolls sideways: ${wide} px`)
    assert.deepEqual(seen.complaints, [])
    await page.context().close()
  })

  it('stops at SIGTERM with 0', async () => {
    const began = Date.now()
    const { code, err } = await stop('SIGTERM')
    assert.equal(code, 0, err)
    assert.ok(Date.now() - began < 15_000)
  })

  it('draws, imports and harvests nothing anew at its second start', async function () {
    const line = (): Promise<unknown[]> =>
      query(
        databaseUrl,
        ['museum', 'archive', 'national', 'root']
          .map((place) => `SELECT max(sequence) AS last, count(*) FROM demo_${place}.records`)
          .join(' UNION ALL '),
      )
    const before = { line: await line(), files: times(join(folder, 'data')) }
    assert.ok(before.files.length >= 8)
    const began = Date.now()
    const harvest = new pg.Client({ connectionString: databaseUrl })
    await harvest.connect()
    // Every source is due by now, so the brick itself may be harvesting it when the demo wants to.
    await harvest.query(
      `SELECT pg_advisory_lock(hashtext('demo_root'), hashtext('harvest of ' || id)) FROM demo_root.sources`,
    )
    const starting = start()
    await command?.said(/CaMPA France harvested/)
    await new Promise((done) => setTimeout(done, 500))
    await harvest.end()
    await starting
    const seconds = (Date.now() - began) / 1000
    // A terminal's Ctrl+C under npm: the signal comes twice.
    const { code, err } = await stop('SIGINT', 'SIGINT')
    assert.equal(code, 0, err)
    assert.deepEqual({ line: await line(), files: times(join(folder, 'data')) }, before)
    assert.ok(seconds < 20, `${seconds} s`)
  })
  it('stops while it is still drawing, and where a port is taken, with one line and 1', async () => {
    const settings = { DATABASE_URL: databaseUrl, CAMPA_DATA_DIR: join(folder, 'other') }
    const drawing = campa(folder, ['demo'], { ...settings, CAMPA_PORT: String(ports) })
    await drawing.said(/A small network/)
    await new Promise((done) => setTimeout(done, 500))
    drawing.kill('SIGTERM')
    const stopped = await drawing.ended
    assert.deepEqual([stopped.code, stopped.err], [1, 'Stopped.\n'])
    const server = createServer()
    await new Promise<void>((done) => server.listen(ports + 2, '127.0.0.1', done))
    const taken = await campa(folder, ['demo'], { ...settings, CAMPA_PORT: String(ports) }).ended
    await new Promise((done) => server.close(done))
    assert.match(taken.err, /^Port \d+ of 127\.0\.0\.1 is taken: .*\n$/)
    assert.equal(taken.code, 1)
  })
})
