// A browser for tests, what it complains of, and its judgement on accessibility.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'

/** Chromium where there is one; `needed` of test/house.ts skips or fails a test without it. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  if (!existsSync(executablePath)) return undefined
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

// Mirador's own two (React 19's element.ref, a selector that reselect finds idle), and what Chromium says of drawing
// without a graphics card.
const known = [
  /element\.ref/i,
  /result function returned its own inputs/,
  /GL Driver Message .* GPU stall due to ReadPixels/,
]

export interface Seen {
  /** Answers to requests for parts of images. */
  tiles: { url: URL; status: number }[]
  /** Errors and warnings, beside those that are known. */
  complaints: string[]
}

/** Notes what happens on a page from now on. */
export function watch(page: Page): Seen {
  const seen: Seen = { tiles: [], complaints: [] }
  page.on('response', (response) => {
    if (/\/iiif\/image\/.*\.jpg$/.test(response.url()))
      seen.tiles.push({ url: new URL(response.url()), status: response.status() })
  })
  page.on('console', (message) => {
    const text = message.text()
    if (!['error', 'warning'].includes(message.type())) return
    if (!known.some((pattern) => pattern.test(text))) seen.complaints.push(text)
  })
  page.on('pageerror', (error) => seen.complaints.push(String(error)))
  return seen
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000
  while (!condition()) {
    assert.ok(Date.now() < end, `no ${what} came`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

interface Finding {
  id: string
  impact: string
  targets: string[]
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds, minor things left out. */
export async function findings(page: Page): Promise<Finding[]> {
  // Through the debugging protocol, which the page's content policy does not bind.
  await page.evaluate(axe)
  const found = await page.evaluate<Finding[]>(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, impact, nodes }) =>
        ({ id, impact, targets: nodes.map((node) => node.target.join(' ')) })))`,
  )
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
}
