// A browser for tests, and its judgement on accessibility.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'

const program = '/usr/bin/chromium'

/** Chromium where there is one; `needed` of test/house.ts skips or fails a test without it. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = process.env['CHROMIUM'] ?? program
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
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, impact, nodes }) =>
        ({ id, impact, targets: nodes.map((node) => node.target.join(' ')) })))`,
  )
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
}
