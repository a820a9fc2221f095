// The page of a source: what it is and how much of it is here, for everybody; below that what its operator wants to know
// and may do.
import {
  breadcrumb,
  chosen,
  html,
  icon,
  said,
  trusted,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import type { Visibility } from '../../schemas/record.ts'
import type { Collection } from '../collections/collections.ts'
import type { KeptPage, Source } from './entities.ts'
import type { PastHarvest } from './harvest-list.ts'
import { carePart, type DeedSaid } from './source-care.ts'
import { aboutLine, healthLine, logoOf, onwards, share } from './page-parts.ts'
import { leaf } from './pages.ts'
import type { Child, LastHarvest, SourceSummary } from './summaries.ts'

export interface SourceDetail {
  source: Source
  summary: SourceSummary
  /** Its sets here, the first of them in their order. */
  collections: Collection[]
  counts: Map<string, number>
  /** Records by the format they came in; none where that takes too long to count. */
  formats: { format: string; records: number }[]
  /** And by who may see their files. */
  access: { visibility: Visibility; records: number }[]
  children: Child[]
}

/** What is shown of a source to its operator. */
export interface Care {
  harvests: PastHarvest[]
  /** Answers that were wrong, newest first. */
  kept: KeptPage[]
  /** What came of what was just done. */
  said: DeedSaid | undefined
}

export const mostShown = { collections: 40, children: 100, harvests: 60 }

export function sourcePage(visit: Visit, detail: SourceDetail, care: Care | undefined): Page {
  const { ctx, t } = visit
  const { summary } = detail
  const { name, slug, lastHarvest } = summary
  const running = lastHarvest?.running === true
  return {
    title: name,
    part: 'network',
    unlisted: summary.forgetAt !== null,
    ...(running && {
      scripts: ['network.js'],
      // Without a script the page itself comes again, as long as there is something new to see.
      head: trusted('<noscript><meta http-equiv="refresh" content="20"></noscript>'),
    }),
    main: html`<div class="wrap network source">
      ${breadcrumb(visit, [[t('network.title'), ctx.links.network()], [name]])}
      <div class="intro">
        <h1>${logoOf(summary)}${name}</h1>
        <p class="lead">${aboutLine(visit, summary)}</p>
      </div>
      <div data-refresh="${running && 'yes'}">
        ${healthLine(visit, summary)} ${running && progressPart(visit, lastHarvest)}
      </div>
      <p class="figures">
        <a href="${ctx.links.collection(slug)}"
          ><b>${visit.words.number(summary.records)}</b> ${t('source.objectsHere')}</a
        >
      </p>
      ${onwards(visit, summary)}
      ${care ? carePart(visit, detail, care) : html`<p class="onwards"><a href="${ctx.links.network('operator')}?to=${slug}">${icon('lock')}${t('network.forOperator')}</a></p>`}
      <div class="halves">${setsPart(visit, detail)} ${factsPart(visit, detail)}</div>
      ${childrenPart(visit, detail)}
    </div>`,
  }
}

/** How far a harvest is, how fast it goes and how long it will take. */
export function progressPart({ t, words, now }: Visit, harvest: LastHarvest): Html {
  const { records, completeListSize: total, pace, pages, startedAt } = harvest
  const known = total !== null && total >= records && total > 0
  const left = known && pace > 0 ? ((total - records) / pace) * 1000 : undefined
  const parts = [
    t('progress.pages', { count: pages }),
    pace >= 1 && t('progress.pace', { records: words.number(Math.round(pace)) }),
    t('progress.since', { span: words.span(now.getTime() - startedAt.getTime()) }),
    left !== undefined && t('progress.left', { span: words.span(Math.max(left, 1000)) }),
  ]
  return html`<div class="progress">
    ${
      known &&
      html`<progress
        max="${total}"
        value="${records}"
        aria-label="${t('progress.label')}"
      ></progress>`
    }
    <p class="soft">${parts.filter(Boolean).join(' · ')}</p>
    <p class="unscripted"><a href="">${t('progress.again')}</a></p>
  </div>`
}

function setsPart(visit: Visit, { collections, counts, summary }: SourceDetail): Content {
  const { ctx, t, words } = visit
  const shown = collections.slice(0, mostShown.collections)
  if (!shown.length) return ''
  return html`<section class="part" aria-labelledby="sets">
    <h2 id="sets">${t('source.collections')}</h2>
    <ul class="rows">
      ${shown.map((each) => {
        const title = chosen(each.title, visit.language)
        const count = counts.get(each.slug)
        return html`<li>
          <a href="${ctx.links.collection(each.slug)}">${title ? said(visit, title) : each.slug}</a>
          ${count !== undefined && html`<span class="count">${words.number(count)}</span>`}
        </li> `
      })}
    </ul>
    ${
      collections.length > shown.length &&
      html`<p>
        <a href="${ctx.links.collection(summary.collectionSlug)}">${t('source.allCollections')}</a>
      </p>`
    }
  </section>`
}

function factsPart(visit: Visit, { source, summary, formats, access }: SourceDetail): Html {
  const { ctx, t, words } = visit
  const { identify } = source
  const deleted = (['persistent', 'transient', 'no'] as const).find(
    (each) => each === identify?.['deletedRecord'],
  )
  const most = Math.max(1, ...formats.map((each) => each.records))
  const { hoursFrom, hoursUntil, timeZone } = source
  const hours: [string, Content] | undefined =
    hoursFrom && hoursUntil
      ? [
          t('source.hours'),
          t('source.hoursOf', {
            from: hoursFrom.slice(0, 5),
            until: hoursUntil.slice(0, 5),
            zone: timeZone ?? 'UTC',
          }),
        ]
      : undefined
  const rows: [string, Content][] = [
    [t('source.door'), html`<code>${source.url}</code>`],
    [t('source.set'), source.setSpec ? html`<code>${source.setSpec}</code>` : t('source.allSets')],
    [t('source.format'), html`<code>${source.metadataPrefix ?? 'oai_dc'}</code>`],
    [t('source.every'), words.span(source.everyMinutes * 60_000)],
    ...(hours ? [hours] : []),
    [t('source.atHost'), t('source.atHostOf', { count: source.hostPlaces })],
    [t('source.deletions'), deleted ? t(`oaiDeleted.${deleted}`) : '–'],
    ...(access.length
      ? [[t('source.access'), accessText(visit, access)] satisfies [string, Content]]
      : []),
    [t('source.known'), words.day(source.createdAt)],
    [
      t('source.ourSet'),
      html`<a
        href="${ctx.links.oai()}?verb=ListRecords&metadataPrefix=oai_dc&set=${encodeURIComponent(summary.collectionSlug)}"
        ><code>${summary.collectionSlug}</code></a
      >`,
    ],
  ]
  return html`<section class="part" aria-labelledby="facts">
    <h2 id="facts">${t('source.facts')}</h2>
    <dl class="facts">
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${
      formats.length > 0 &&
      html`<h3>${t('source.formats')}</h3>
        <ul class="rows">
          ${formats.map(
            ({ format, records }) =>
              html`<li>
                <code>${format}</code><span class="meter" style="--h:${share(records, most)}"></span
                ><span class="count">${words.number(records)}</span>
              </li> `,
          )}
        </ul>`
    }
  </section>`
}

/** What its objects say of who may see them. */
function accessText({ t, words }: Visit, access: SourceDetail['access']): Content {
  const [first] = access
  if (first && access.length === 1) return t(`access.${first.visibility}`)
  return access
    .map(({ visibility, records }) => `${t(`access.${visibility}`)} (${words.number(records)})`)
    .join(', ')
}

function childrenPart(visit: Visit, { children, summary }: SourceDetail): Content {
  const { t } = visit
  if (!children.length) return ''
  const most = Math.max(...children.map((each) => each.records))
  return html`<section class="part" aria-labelledby="children">
    <h2 id="children">${t('network.children', { count: summary.childCount })}</h2>
    <ul class="sources columns">
      ${children.map((each) => leaf(visit, each, most))}
    </ul>
  </section>`
}
