// The object itself, as large as the page allows, and what a reader can do with it.
import {
  html,
  icon,
  scriptJson,
  asset,
  trusted,
  type Content,
  type Html,
  type Visit,
} from '../web/web.ts'
import type { RecordView, Shot } from './view.ts'

/** Without a script a picture, with one the same picture to zoom into (record.js). */
export function stage(visit: Visit, view: RecordView): Content {
  const { t } = visit
  const [first] = view.shots
  if (view.onRequest) return closedStage(visit, view)
  if (!first) return ''
  return html`<div class="stage" id="stage">
    <figure class="frame">
      <img
        src="${first.src}"
        ${
          first.srcset && html` srcset="${first.srcset}" sizes="(max-width: 760px) 100vw, 1000px"`
        }${first.width && html` width="${first.width}" height="${first.height}"`}
        alt="${pictureName(visit, view, 1)}"
        fetchpriority="high"
      />
    </figure>
    <div class="viewer" id="viewer" hidden></div>
    ${view.isPaged && pageCount(visit, view)}
    <div class="stage-bar">
      ${view.shots.length > 1 && thumbs(visit, view)}
      <div class="zoom-tools" id="zoom-tools" role="group" aria-label="${t('record.zoom')}" hidden>
        ${zoomButton('in', icon('zoomIn'), t('record.zoomIn'))}
        ${zoomButton('out', icon('zoomOut'), t('record.zoomOut'))}
        ${zoomButton('whole', icon('whole'), t('record.whole'))}
        ${zoomButton('full', icon('full'), t('record.fullScreen'))}
      </div>
    </div>
    <script type="application/json" id="stage-data">
      ${scriptJson({
        script: asset(visit.ctx, 'openseadragon.js'),
        label: t('record.viewer'),
        shots: view.shots
          .slice(0, mostShots)
          .map(({ info, src, width, height }) => ({ info, src, width, height })),
      })}
    </script>
  </div>`
}

const zoomButton = (name: string, picture: Html, word: string): Html =>
  html`<button type="button" data-zoom="${name}">${picture}<span>${word}</span></button>`

function pictureName({ t }: Visit, view: RecordView, number: number): string {
  const { title, shots, isPaged } = view
  const words = { title: title.value, number, count: shots.length }
  if (shots.length === 1) return title.value
  return isPaged ? t('record.pageOf', words) : t('record.pictureOf', words)
}

// The rest is a tap away in Mirador, and the page stays light.
const mostShots = 60

function pageCount({ t }: Visit, { shots }: RecordView): Html {
  const said = t('record.pageCount', { count: shots.length })
  return html`<p class="page-count">
    ${shots.length > mostShots ? t('record.pagesHere', { said, here: mostShots }) : said}
  </p>`
}

function thumbs(visit: Visit, view: RecordView): Html {
  return html`<nav class="thumbs" aria-label="${visit.t('record.pictures')}">
    ${view.shots
      .slice(0, mostShots)
      .map(
        (shot, index) =>
          html`<a
            href="${shot.download ?? shot.src}"
            data-shot="${index}"
            ${index === 0 && trusted(' aria-current="true"')}
            ><img
              src="${shot.thumb}"
              alt="${pictureName(visit, view, index + 1)}"
              height="72"
              ${widthOf(shot)}
              loading="lazy"
          /></a>`,
      )}
  </nav>`
}

const widthOf = ({ width, height }: Shot): Content =>
  width && height ? html` width="${Math.round((72 * width) / height)}"` : ''

function closedStage(visit: Visit, view: RecordView): Html {
  const { ctx, t } = visit
  const there = view.record.links?.homepage
  const subject = t('record.askSubject', {
    title: view.title.value,
    identifier: view.record.identifier,
  })
  const [heading, text] = reasonOf(visit, view)
  return html`<div class="stage closed">
    ${
      view.preview &&
      html`<figure class="frame">
        <img src="${view.preview}" alt="${view.title.value}" fetchpriority="high" />
      </figure>`
    }
    <div class="wrap">
      <h2>${icon('lock')}${heading}</h2>
      <p>${view.preview ? t('record.previewText') : text}</p>
      <p>
        ${
          view.harvested && there
            ? html`<a class="btn" href="${there}" rel="noopener"
                >${t('record.askThere', { name: view.keeper.name })}</a
              >`
            : html`<a
                class="btn"
                href="mailto:${ctx.config.adminEmail}?subject=${encodeURIComponent(subject)}"
                >${t('record.ask', { name: ctx.config.operator })}</a
              >`
        }
      </p>
    </div>
  </div>`
}

/** Why no file is shown: a brick shows its own on request, and says of others what they say. */
function reasonOf({ t, words }: Visit, { harvested, terms }: RecordView): [string, string] {
  const { access, until } = terms
  if (!harvested || access === 'open') return [t('record.onRequest'), t('record.onRequestText')]
  if (access !== 'embargoed') return [t('record.restricted'), t('record.restrictedText')]
  return [
    t('record.embargoed'),
    until ? t('record.embargoedUntil', { date: words.day(until) }) : t('record.embargoedText'),
  ]
}

export function tools(visit: Visit, view: RecordView): Content {
  const { ctx, t } = visit
  const { shots, manifest, record } = view
  const [first] = shots
  const document = view.isPaged && view.files.find(({ image }) => image !== undefined)
  const there = view.harvested ? record.links?.homepage : undefined
  return html`<div class="tools" role="group" aria-label="${t('record.tools')}">
    ${
      first?.info &&
      html`<button class="btn scripted" type="button" data-zoom-start>
        ${icon('zoomIn')}<span>${t('record.zoom')}</span>
      </button>`
    }${
      manifest &&
      html`<a class="btn quiet" href="${ctx.links.viewer(manifest)}"
        >${icon('panels')}<span>${t('record.mirador')}</span></a
      >`
    }${
      document
        ? html`<a
            class="btn quiet"
            href="${ctx.links.file(document.sha256, document.name)}"
            download
            >${icon('download')}<span>${t('record.downloadPdf')}</span></a
          >`
        : first?.download &&
          html`<a class="btn quiet" href="${first.download}" download rel="noopener"
            >${icon('download')}<span>${t('record.download')}</span></a
          >`
    }${
      there &&
      html`<a class="btn quiet" href="${there}" rel="noopener"
        >${icon('out')}<span>${t('record.atSource', { name: view.keeper.name })}</span></a
      >`
    }<a class="btn quiet" href="#cite" data-cite>${icon('quote')}<span>${t('record.cite')}</span></a
    ><button
      class="btn quiet scripted"
      type="button"
      data-share="${view.address}"
      data-title="${view.title.value}"
      data-done="${t('record.linkCopied')}"
    >
      ${icon('share')}<span>${t('record.share')}</span>
    </button>
  </div>`
}
