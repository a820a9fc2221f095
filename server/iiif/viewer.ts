// The viewer page: Mirador on a manifest of this brick or of any other, and what a reader without JavaScript gets.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { notFound } from '../http/errors.ts'
import { packageFolder } from '../http/package.ts'
import type { Language } from '../text/text.ts'
import { html, safeUrl, scriptJson, trusted, visitOf, type Html } from '../web/web.ts'

const words = {
  en: {
    title: 'Viewer',
    back: 'Home',
    manifest: 'Manifest (IIIF)',
    script:
      'This viewer needs JavaScript. The manifest below lists the images and can be opened in any IIIF viewer.',
    missing:
      'The viewer Mirador is not installed here. The keeper of this brick can add it with: node bin/prepare.js',
    ask: 'Give the address of a IIIF manifest, of this brick or of any other.',
    label: 'Address of the manifest',
    open: 'Open',
    wrong: 'This is no web address: it must begin with https:// or http://.',
  },
  fr: {
    title: 'Visionneuse',
    back: 'Accueil',
    manifest: 'Manifeste (IIIF)',
    script:
      'Cette visionneuse a besoin de JavaScript. Le manifeste ci-dessous énumère les images et s’ouvre dans toute visionneuse IIIF.',
    missing:
      'La visionneuse Mirador n’est pas installée ici. Le responsable de cette brique peut l’ajouter par\u00A0: node bin/prepare.js',
    ask: 'Donnez l’adresse d’un manifeste IIIF, de cette brique ou d’une autre.',
    label: 'Adresse du manifeste',
    open: 'Ouvrir',
    wrong: 'Ce n’est pas une adresse web\u00A0: elle doit commencer par https:// ou http://.',
  },
}

const mirador = (
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    campa: { mirador: { version: string } }
  }
).campa.mirador.version

// Read from the sources, which stand beside dist in every installation.
const opener = readFileSync(join(packageFolder, 'server', 'iiif', 'open-viewer.js'))
const openerName = `open-${createHash('sha256').update(opener).digest('hex').slice(0, 12)}.js`
const miradorName = `mirador-${mirador}.min.js`
const miradorFile = join(packageFolder, 'vendor', 'mirador', 'mirador.min.js')

// Mirador styles its elements by itself and reads manifests and tiles from any host; scripts come from here alone.
const policy = [
  `default-src 'self'`,
  `img-src 'self' data: blob: http: https:`,
  `style-src 'self' 'unsafe-inline'`,
  `script-src 'self'`,
  `connect-src *`,
  `font-src 'self' data:`,
  `object-src 'none'`,
  `base-uri 'none'`,
  `form-action 'self'`,
].join('; ')

export function viewerPage(ctx: Context, koa: Koa.Context): void {
  const { language } = visitOf(ctx, koa)
  const given = text(koa.query['manifest'])
  const manifest = safeUrl(given)
  koa.set('Content-Security-Policy', policy)
  koa.set('Vary', 'Accept-Language, Cookie')
  koa.set('Cache-Control', 'no-cache')
  koa.status = given && !manifest ? 400 : 200
  koa.type = 'html'
  koa.body = manifest
    ? shell(ctx, language, viewer(ctx, language, manifest))
    : shell(ctx, language, ask(ctx, language, given))
}

const text = (parameter: string | string[] | undefined): string =>
  (Array.isArray(parameter) ? parameter[0] : parameter)?.trim() ?? ''

const style = `
  :root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1c1b1a; --line: #e4e0d8 }
  @media (prefers-color-scheme: dark) { :root { --paper: #141413; --ink: #eceae4; --line: #33312d } }
  * { box-sizing: border-box }
  body { margin: 0; height: 100dvh; display: flex; flex-direction: column;
    font: 1rem/1.55 'Atkinson Hyperlegible Next Variable', system-ui, sans-serif;
    background: var(--paper); color: var(--ink) }
  body > header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; padding: .5rem 1rem; border-bottom: 1px solid var(--line) }
  body > header a { color: inherit }
  body > header a:first-child { margin-inline-end: auto; font-weight: 600; text-decoration: none }
  #viewer { position: relative; flex: 1; min-height: 20rem }
  #ask, noscript p, #missing { max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
  #ask { width: 100% }
  #ask label { display: block; font-weight: 600 }
  #ask input, #ask button { font: inherit; padding: .5rem .75rem; border: 1px solid var(--ink); border-radius: 2px;
    background: var(--paper); color: var(--ink) }
  #ask input { width: 100%; margin: .25rem 0 1rem }
  #ask button { background: var(--ink); color: var(--paper) }
  :focus-visible { outline: 3px solid #0f7f7f; outline-offset: 2px }`

function shell(ctx: Context, language: Language, body: Html): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${words[language].title} – ${ctx.config.name}</title>
        <link rel="icon" href="data:," />
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`.text
}

const header = (ctx: Context, language: Language, manifest?: string): Html =>
  html`<header>
    <a href="${ctx.links.home()}">${ctx.config.name}</a>
    ${manifest && html`<a href="${manifest}" id="manifest">${words[language].manifest}</a>`}
  </header>`

function viewer(ctx: Context, language: Language, manifest: string): Html {
  const said = words[language]
  const folder = ctx.links.viewerFiles()
  const settings = { manifest, language, accent: ctx.config.accent }
  return html`${header(ctx, language, manifest)}
    <noscript><p>${said.script}</p></noscript>
    <p id="missing" hidden>${said.missing}</p>
    <div id="viewer"></div>
    <script type="application/json" id="settings">
      ${scriptJson(settings)}
    </script>
    <script src="${folder}${miradorName}" charset="utf-8"></script>
    <script src="${folder}${openerName}"></script>`
}

function ask(ctx: Context, language: Language, given: string): Html {
  const said = words[language]
  return html`${header(ctx, language)}
    <main id="ask">
      <h1>${said.title}</h1>
      ${given ? html`<p role="alert">${said.wrong}</p>` : html`<p>${said.ask}</p>`}
      <form action="">
        <label for="address">${said.label}</label>
        <input id="address" name="manifest" type="url" required value="${given}" />
        <button>${said.open}</button>
      </form>
    </main>`
}

/** The two scripts of the page; their names change with their content, so they are kept for good. */
export function viewerFile(koa: Koa.Context & { params: Record<string, string> }): void {
  const name = koa.params['file']
  if (name === openerName) koa.body = opener
  else if (name === miradorName && existsSync(miradorFile)) koa.body = createReadStream(miradorFile)
  else throw notFound(words.en.missing)
  koa.set('Cache-Control', 'public, max-age=31536000, immutable')
  koa.set('Content-Type', 'text/javascript; charset=utf-8')
}
