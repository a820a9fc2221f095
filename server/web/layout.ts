// The frame of every page: head, where this brick hangs in the tree, foot; and how a page is sent.
import type Koa from 'koa'
import { version } from '../http/package.ts'
import { languages } from '../text/text.ts'
import { asset } from './assets.ts'
import { factsOf, type Facts } from './facts.ts'
import { html, trusted, type Content, type Html } from './html.ts'
import { icon, mark } from './icons.ts'
import { parentUrl } from './parent.ts'
import { inLanguageOf, type Visit } from './visit.ts'

export interface Page {
  title: string
  description?: string
  main: Content
  /** The part of the site that the page belongs to. */
  part?: 'search' | 'collections' | 'network'
  /** Scripts beside the site's own. */
  scripts?: ('search.js' | 'record.js' | 'network.js' | 'likeness.js' | 'close-window.js')[]
  /** More for <head>: links to other forms of the page, data. */
  head?: Content
  /** Pages that should not be found by search engines: filtered lists, errors. */
  unlisted?: boolean
  status?: number
}

const policy = [
  "default-src 'self'",
  // Pictures and image services of harvested records live at the bricks that hold them.
  "img-src 'self' data: blob: http: https:",
  "connect-src 'self' http: https:",
  "script-src 'self'",
  // The proportions of the wall are custom properties in style attributes.
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

/** Answers with a page, in the language of the visit. */
export async function sendPage(koa: Koa.Context, visit: Visit, page: Page): Promise<void> {
  answer(koa, visit, page, await factsOf(visit.ctx))
}

/** As `sendPage`, for where nothing can be waited for. */
export function answer(koa: Koa.Context, visit: Visit, page: Page, facts?: Facts): void {
  koa.status = page.status ?? 200
  koa.set('Content-Security-Policy', policy)
  koa.set('Content-Language', visit.language)
  koa.set('Cache-Control', 'private, no-cache')
  koa.vary('Accept-Language')
  koa.vary('Cookie')
  koa.type = 'text/html; charset=utf-8'
  koa.body = document(visit, page, facts).text
}

function document(visit: Visit, page: Page, facts: Facts | undefined): Html {
  const { ctx, language } = visit
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>
          ${page.title === ctx.config.name ? page.title : `${page.title} – ${ctx.config.name}`}
        </title>
        ${page.description && html`<meta name="description" content="${page.description}" /> `}${
          page.unlisted && trusted('<meta name="robots" content="noindex,follow">\n')
        }
        <meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme:light)" />
        <meta name="theme-color" content="#141413" media="(prefers-color-scheme:dark)" />
        ${[
          'fraunces-latin-opsz-normal.woff2',
          'atkinson-hyperlegible-next-latin-wght-normal.woff2',
        ].map(
          (font) =>
            html`<link
              rel="preload"
              href="${asset(ctx, font)}"
              as="font"
              type="font/woff2"
              crossorigin
            /> `,
        )}
        <link rel="stylesheet" href="${asset(ctx, 'style.css')}" />
        <link rel="icon" href="${asset(ctx, 'icon.svg')}" type="image/svg+xml" />
        <link
          rel="search"
          href="${ctx.links.openSearch()}"
          type="application/opensearchdescription+xml"
          title="${ctx.config.name}"
        />
        <link rel="canonical" href="${visit.address.href}" />
        ${languages.map(
          (each) =>
            html`<link rel="alternate" hreflang="${each}" href="${inLanguageOf(visit, each)}" /> `,
        )}${page.head}${['site.js', ...(page.scripts ?? [])].map(
          (script) => html`<script type="module" src="${asset(ctx, script)}"></script> `,
        )}
      </head>
      <body>
        <a class="skip" href="#content">${visit.t('site.skip')}</a>
        ${header(visit, page)}
        <main id="content" tabindex="-1">${page.main}</main>
        ${footer(visit, facts)} ${shortcuts(visit)}
      </body>
    </html> `
}

function header(visit: Visit, page: Page): Html {
  const { ctx, t } = visit
  const { name, operator } = ctx.config
  const above = parentUrl(ctx)
  const here = (part: Page['part']): Content =>
    page.part === part && trusted(' aria-current="page"')
  return html`<header class="head">
    ${
      above &&
      html`<p class="above">
        <a class="wrap" href="${above}"
          >${icon('up')}<span
            >${t('site.partOf', {
              parent: hostOf(above),
            })}</span
          ></a
        >
      </p>`
    }
    <div class="wrap">
      <a class="brand" href="${ctx.links.home()}"
        >${mark}<span
          ><b>${name}</b>
          <small
            >${operator === name ? t('site.brickOf') : t('site.keptBy', { operator })}</small
          ></span
        ></a
      >
      <nav aria-label="${t('site.main')}">
        <a href="${ctx.links.search()}" ${here('search')}>${t('site.explore')}</a
        ><a href="${ctx.links.collections()}" ${here('collections')}>${t('site.collections')}</a
        ><a href="${ctx.links.network()}" ${here('network')}>${t('site.network')}</a>
      </nav>
      <p class="lang" role="group" aria-label="${t('site.language')}">
        ${languages.map((each) =>
          each === visit.language
            ? html`<b>${each.toUpperCase()}</b>`
            : html`<a
                href="${inLanguageOf(visit, each)}"
                lang="${each}"
                hreflang="${each}"
                title="${each === 'fr' ? 'Français' : 'English'}"
                >${each.toUpperCase()}</a
              >`,
        )}
      </p>
    </div>
  </header>`
}

function footer(visit: Visit, facts: Facts | undefined): Html {
  const { ctx, t } = visit
  const { name, operator, adminEmail } = ctx.config
  return html`<footer class="foot" aria-label="${t('site.footer')}">
    <div class="wrap">
      <p>
        <b>${name}</b>${operator !== name && html`<br />${operator}`}${
          facts &&
          html`<br />${t('site.objects', { count: facts.objects })},
            ${t('site.collectionCount', { count: facts.collections })}`
        }
      </p>
      <ul aria-label="${t('site.machines')}">
        <li><a href="${ctx.links.oai()}?verb=Identify">OAI-PMH</a></li>
        <li><a href="${ctx.links.collectionsManifest()}">IIIF</a></li>
      </ul>
      <ul>
        <li><a href="mailto:${adminEmail}">${t('site.contact')}</a></li>
        <li class="scripted">
          <button class="plain" type="button" data-keys>${t('site.shortcuts')}</button>
        </li>
        <li>${t('site.poweredBy', { version })}</li>
      </ul>
    </div>
  </footer>`
}

function shortcuts(visit: Visit): Html {
  const { t } = visit
  const rows: [Content, string][] = [
    [html`<kbd>/</kbd>`, t('keys.search')],
    [html`<kbd>${t('keys.arrows')}</kbd>`, t('keys.results')],
    [html`<kbd>${t('keys.enter')}</kbd>`, t('keys.open')],
    [html`<kbd>?</kbd>`, t('keys.help')],
    [html`<kbd>${t('keys.esc')}</kbd>`, t('keys.escape')],
  ]
  return html`<dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">${t('keys.title')}</h2>
    <dl>
      ${rows.map(
        ([key, what]) =>
          html`<dt>${key}</dt>
            <dd>${what}</dd>`,
      )}
    </dl>
    <form method="dialog"><button class="btn quiet">${t('keys.close')}</button></form>
  </dialog>`
}

/** What people read of an address that has no name: its host, and its path where there is one. */
export function hostOf(address: string): string {
  if (!URL.canParse(address)) return address
  const { host, pathname } = new URL(address)
  return `${host}${pathname.replace(/\/+$/, '')}`
}

/** The way from the brick above down to here: [text, address?] each. */
export function breadcrumb(visit: Visit, steps: [Content, string?][]): Html {
  const { ctx } = visit
  const above = parentUrl(ctx)
  const all: [Content, string?][] = [
    ...(above ? [[hostOf(above), above] as [Content, string]] : []),
    [ctx.config.name, ctx.links.home()],
    ...steps,
  ]
  return html`<nav class="crumb" aria-label="${visit.t('site.breadcrumb')}">
    <ol>
      ${all.map(([text, address]) =>
        address
          ? html`<li><a href="${address}">${text}</a></li>`
          : html`<li aria-current="page">${text}</li>`,
      )}
    </ol>
  </nav>`
}

/** Whether a person asks: a browser says so, a program rarely does. */
export function wantsPage(koa: Koa.Context): boolean {
  return koa.accepts('html', 'json') === 'html'
}
