// The list of collections, and one of them.
import type { SearchDocument, SearchResult } from '../engine/engine.ts'
import {
  breadcrumb,
  chosen,
  html,
  icon,
  langOf,
  pictureOf,
  rightsOf,
  said,
  shortened,
  wall,
  yearBar,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import type { Collection } from './entities.ts'

export interface Shown {
  collection: Collection
  below: Collection[]
  /** Some objects to stand for it. */
  objects: SearchDocument[]
}

export function collectionsPage(
  visit: Visit,
  shown: Shown[],
  counts: Map<string, number>,
  next: string | undefined,
): Page {
  const { ctx, t } = visit
  return {
    title: t('collection.title'),
    description: t('collection.lead'),
    part: 'collections',
    main: html`<div class="wrap">
      ${breadcrumb(visit, [[t('collection.title')]])}
      <div class="intro">
        <h1>${t('collection.title')}</h1>
        <p class="lead">${t('collection.lead')}</p>
      </div>
      ${
        shown.length
          ? html`<ul class="shelves">
              ${shown.map((each) => shelf(visit, each, counts))}
            </ul>`
          : html`<p class="lead">${t('collection.none')}</p>`
      }
      ${next && html`<p class="paging"><a class="btn" rel="next" href="${ctx.links.collections()}?after=${encodeURIComponent(next)}">${t('action.more')}</a></p>`}
    </div>`,
  }
}

function shelf(
  visit: Visit,
  { collection, below, objects }: Shown,
  counts: Map<string, number>,
): Html {
  const { ctx } = visit
  const text = chosen(collection.description, visit.language)
  return html`<li class="shelf">
    <div>
      <h2>
        <a href="${ctx.links.collection(collection.slug)}"
          >${said(visit, chosen(collection.title, visit.language))}</a
        >
      </h2>
      <p class="soft">${visit.t('site.objects', { count: counts.get(collection.slug) ?? 0 })}</p>
      ${text && html`<p${langOf(visit, text)}>${shortened(text.value, 260)}</p>`}
      ${
        below.length > 0 &&
        html`<ul class="rows">
          ${below.slice(0, 8).map((each) => line(visit, each, counts))}
        </ul>`
      }
    </div>
    ${cover(visit, objects)}
  </li> `
}

// Pictures that only stand for the collection: the link beside them leads on, so these are not stops of their own.
function cover(visit: Visit, objects: SearchDocument[]): Content {
  const pictures = objects.flatMap((object) => pictureOf(visit.ctx, object, 150) ?? [])
  if (!pictures.length) return ''
  return html`<div class="cover" aria-hidden="true">
    ${pictures.map(({ src, ratio = 1.2 }) => {
      const bounded = Math.min(2.4, Math.max(0.6, ratio))
      return html`<img
        src="${src}"
        alt=""
        width="${Math.round(150 * bounded)}"
        height="150"
        loading="lazy"
        decoding="async"
        style="--r:${bounded.toFixed(3)}"
      />`
    })}
  </div>`
}

const line = (visit: Visit, collection: Collection, counts: Map<string, number>): Html =>
  html`<li>
    <a href="${visit.ctx.links.collection(collection.slug)}"
      >${said(visit, chosen(collection.title, visit.language))}</a
    >
    <span class="count">${visit.words.number(counts.get(collection.slug) ?? 0)}</span>
  </li>`

export interface CollectionView {
  collection: Collection
  /** From the top down. */
  above: Collection[]
  below: Collection[]
  counts: Map<string, number>
  result: SearchResult
}

export function collectionPage(visit: Visit, view: CollectionView): Page {
  const { ctx, t, language } = visit
  const { collection, above, below, counts, result } = view
  const title = chosen(collection.title, language) ?? { value: collection.slug }
  const text = chosen(collection.description, language)
  const manifest = ctx.links.collectionManifest(collection.slug)
  const here = (extra: Record<string, string> = {}): string =>
    ctx.links.search({ collection: collection.slug, ...extra })
  return {
    title: title.value,
    ...(text && { description: shortened(text.value, 200) }),
    part: 'collections',
    scripts: ['search.js'],
    head: html`<link
      rel="alternate"
      type='application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
      href="${manifest}"
    /> `,
    main: html`<div class="wrap">
${breadcrumb(visit, [
  [t('collection.title'), ctx.links.collections()],
  ...above.map((each): [Content, string] => [
    said(visit, chosen(each.title, language)),
    ctx.links.collection(each.slug),
  ]),
  [said(visit, title)],
])}
<div class="rec"><div>
<h1${langOf(visit, title)}>${title.value}</h1>
<p class="soft">${t('site.objects', { count: result.total })}</p>
${collection.visibility === 'closed' && html`<p class="note">${icon('lock')}${t('collection.closed')}</p>`}
${text && paragraphs(visit, text)}
${yearBar(visit, result.histogram, {}, ({ from, to }) => here({ from: String(from), to: String(to) }))}
</div><aside>${cards(visit, view)}</aside></div>
${
  below.length > 0 &&
  html`<section>
    <h2 class="beside">${t('collection.inside')}</h2>
    <ul class="rows wide">
      ${below.map((each) => line(visit, each, counts))}
    </ul>
  </section>`
}
<section id="results" aria-labelledby="latest"><h2 class="beside" id="latest">${t('collection.latest')}</h2>
${result.hits.length ? wall(visit, result.hits, { keepers: (result.facets.brick?.length ?? 1) > 1 }) : html`<p>${t('collection.empty')}</p>`}
${
  result.total > 0 &&
  html`<p class="paging">
    <a class="btn" href="${here()}"
      >${t('collection.see', { objects: t('site.objects', { count: result.total }) })}${icon('right')}</a
    >
  </p>`
}</section>
</div>`,
  }
}

const paragraphs = (visit: Visit, text: { value: string; language?: string }): Html =>
  html`<div class="lead" ${langOf(visit, text)}>
    ${text.value.split(/\n{2,}/).map((each) => html`<p>${each}</p>`)}
  </div>`

function cards(visit: Visit, { collection, result }: CollectionView): Html {
  const { ctx, t } = visit
  const rights = collection.rights ? rightsOf([], collection.rights) : undefined
  const bricks = result.facets.brick ?? []
  const keywords = (result.facets.keyword ?? []).slice(0, 12)
  return html`${
      rights &&
      html`<section class="card">
        <h2>${t('collection.rights')}</h2>
        <p><b>${t(rights.answer)}</b> ${rights.uri ? t(rights.explanation) : collection.rights}</p>
        ${rights.uri && html`<p><a href="${rights.uri}" rel="license">${rights.name}</a></p>`}
      </section>`
    }${
      keywords.length > 0 &&
      html`<section class="card">
        <h2>${t('search.keyword')}</h2>
        <p class="tags">
          ${keywords.map(
            ({ value }) =>
              html`<a
                class="tag"
                href="${ctx.links.search({ collection: collection.slug, keyword: value })}"
                >${value}</a
              > `,
          )}
        </p>
      </section>`
    }${
      collection.sourceId !== null &&
      html`<section class="card">
        <h2>${t('collection.whereFrom')}</h2>
        <p>
          <a href="${ctx.links.network()}#collection-${collection.slug}"
            >${
              bricks.length === 1
                ? t('collection.harvested', { name: bricks[0]?.value ?? '' })
                : t('collection.harvestedElsewhere')
            }</a
          >
        </p>
      </section>`
    }
    <section class="card">
      <h2>${t('collection.feed')}</h2>
      <ul class="plain-list">
        <li>
          <a href="${ctx.links.collectionManifest(collection.slug)}">${t('collection.iiif')}</a>
        </li>
        <li>
          <a
            href="${ctx.links.oai()}?verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set=${encodeURIComponent(collection.setSpec)}"
            >${t('collection.set')}</a
          >
        </li>
      </ul>
    </section>`
}
