// The page of a record: the object first, then what people ask, then all that is known, then its neighbours.
import type { SearchDocument } from '../engine/engine.ts'
import type { StoredRecord } from '../../schemas/record.ts'
import {
  breadcrumb,
  chosen,
  html,
  icon,
  langOf,
  linked,
  said,
  shortened,
  trusted,
  typeName,
  wall,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import { cards } from './cards.ts'
import { linkedData } from './linked.ts'
import { stage, tools } from './stage.ts'
import type { RecordView } from './view.ts'

export function recordPage(
  visit: Visit,
  view: RecordView,
  nearby: SearchDocument[],
  alike: SearchDocument[],
): Page {
  const { title, description, shots, record } = view
  const summary = description[0]?.value
  // Without a picture its words come first, and what can be done with it after them.
  const staged = shots.length > 0 || view.onRequest
  return {
    title: shortened(title.value, 120),
    ...(summary && { description: shortened(summary, 200) }),
    scripts: ['record.js', 'search.js'],
    unlisted: view.unlisted,
    head: headOf(visit, view),
    main: html`<article class="record">
${view.unlisted && html`<p class="note wrap">${icon('lock')}${visit.t('record.notPublic')}</p>`}
${stage(visit, view)}
<div class="wrap">
${staged && tools(visit, view)}
${crumbs(visit, view)}
<div class="rec"><div>
<h1${langOf(visit, title)}${title.value.length > 90 && trusted(' class="long"')}>${title.value}</h1>
${lead(visit, view)}
${facts(visit, view)}
${keywords(visit, view)}
${!staged && tools(visit, view)}
${fields(visit, view)}
</div><aside>${cards(visit, view)}</aside></div>
</div></article>
${
  alike.length > 0 &&
  html`<section class="wrap nearby" aria-labelledby="alike">
    <h2 id="alike">${visit.t('record.alike')}</h2>
    ${wall(visit, alike, { height: 170 })}
    <p>
      <a class="onward" href="${visit.ctx.links.searchByImage()}"
        >${visit.t('likeness.own')}${icon('right')}</a
      >
    </p>
  </section>`
}
${
  nearby.length > 0 &&
  html`<section id="results" class="wrap nearby" aria-labelledby="nearby">
    <h2 id="nearby">${visit.t('record.nearby')}</h2>
    ${wall(visit, nearby, {
      height: 170,
      keepers:
        new Set(nearby.map((each) => each.keeper.name)).size > 1 ||
        shots.length === 0 ||
        record.keeper !== undefined,
    })}
  </section>`
}`,
  }
}

function headOf(visit: Visit, view: RecordView): Html {
  const picture = view.shots[0]?.src
  return html`${
      view.manifest &&
      html`<link
        rel="alternate"
        type='application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
        href="${view.manifest}"
      /> `
    }<meta property="og:title" content="${view.title.value}" />
    <meta property="og:type" content="article" />
    <meta property="og:url" content="${view.address}" />
    ${picture && html`<meta property="og:image" content="${picture}" /> `}
    <script type="application/ld+json">
      ${linkedData(visit, view)}
    </script> `
}

const crumbs = (visit: Visit, { collections, title }: RecordView): Html =>
  breadcrumb(visit, [
    ...collections
      .toReversed()
      .map((each): [Content, string] => [
        said(visit, chosen(each.title, visit.language)),
        visit.ctx.links.collection(each.slug),
      ]),
    [said(visit, title, shortened(title.value, 60))],
  ])

const longest = 1200

/** The description; the rest of a long one is one tap away. */
function lead(visit: Visit, { description }: RecordView): Content {
  return description.slice(0, 6).map((value, index) => {
    const paragraphs = value.value.split(/\n{2,}/)
    const size = index === 0 && value.value.length < 500 ? 'lead' : 'text'
    if (value.value.length <= longest || paragraphs.length === 1) {
      return html`<p class="${size}" ${langOf(visit, value)}>${shortened(value.value, 6000)}</p>`
    }
    const [first = '', ...rest] = paragraphs
    return html`<p class="text"${langOf(visit, value)}>${first}</p><details class="text"><summary>${visit.t('record.more')}</summary><div${langOf(visit, value)}>${rest.slice(0, 30).map((each) => html`<p>${shortened(each, 3000)}</p>`)}</div></details>`
  })
}

function facts(visit: Visit, view: RecordView): Content {
  if (!view.facts.length) return ''
  return html`<dl class="facts">
    ${view.facts.map(
      ({ name, values }) =>
        html`<dt>${visit.t(`record.${name}`)}</dt>
          <dd>
            ${values.slice(0, 8).map((value, index) => {
              const text = name === 'what' ? typeName(visit, value) : said(visit, value)
              return html`${index > 0 && trusted('<br>')}${
                name === 'who'
                  ? html`<a
                      href="${visit.ctx.links.search({ q: `"${value.value.replace(/"/g, ' ')}"` })}"
                      >${text}</a
                    >`
                  : text
              }`
            })}
          </dd>`,
    )}
  </dl>`
}

function keywords(visit: Visit, view: RecordView): Content {
  if (!view.keywords.length) return ''
  return html`<h2 class="unseen">${visit.t('record.keywords')}</h2>
    <p class="tags">
      ${view.keywords
        .slice(0, 40)
        .map(
          (keyword) =>
            html`<a class="tag" href="${visit.ctx.links.search({ keyword: keyword.value })}"
              >${said(visit, keyword, shortened(keyword.value, 80))}</a
            > `,
        )}
    </p>`
}

const mostValues = 30

function fields(visit: Visit, view: RecordView): Content {
  if (!view.fields.length) return ''
  return html`<section class="fields">
    <h2>
      ${
        view.harvested
          ? visit.t('record.fields', { name: view.keeper.name })
          : visit.t('record.fieldsOwn')
      }
    </h2>
    <table>
      ${view.fields.slice(0, 60).map(
        ({ label, values }) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td>
              ${values
                .slice(0, mostValues)
                .map((value) =>
                  value.value.length > 1000
                    ? html`<p>${said(visit, value, shortened(value.value, 1000))}</p>`
                    : html`<p>${linked(visit, value)}</p>`,
                )}${values.length > mostValues && html`<p>…</p>`}
            </td>
          </tr>`,
      )}
    </table>
  </section>`
}

/** Where a record was: its address and its name stay, so that a citation still leads somewhere. */
export function tombstonePage(visit: Visit, record: StoredRecord): Page {
  const { ctx, t } = visit
  return {
    title: t('error.410'),
    status: 410,
    unlisted: true,
    main: html`<div class="wrap message">
      <p class="code">${t('error.status', { status: 410 })}</p>
      <h1>${t('error.410')}</h1>
      <p class="lead">${t('error.410Text')}</p>
      <dl class="facts">
        <dt>${t('record.oai')}</dt>
        <dd><code>${record.identifier}</code></dd>
        <dt>${t('record.address')}</dt>
        <dd>${ctx.links.record(record.id)}</dd>
      </dl>
      <p class="tools">
        <a class="btn" href="${ctx.links.search()}">${t('error.search')}</a
        ><a
          class="btn quiet"
          href="mailto:${ctx.config.adminEmail}?subject=${encodeURIComponent(record.identifier)}"
          >${t('site.contact')}</a
        >
      </p>
    </div>`,
  }
}
