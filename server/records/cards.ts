// Beside the record: may I use it, who keeps it, how to cite it, and the same for machines.
import { pagesOf, type Origin } from '../../schemas/record.ts'
import {
  html,
  icon,
  hostOf,
  lackSentences,
  linked,
  safeUrl,
  type Content,
  type Html,
  type Visit,
} from '../web/web.ts'
import { citationOf, type RecordView } from './view.ts'

export function cards(visit: Visit, view: RecordView): Content {
  return [
    rightsCard(visit, view),
    keeperCard(visit, view),
    citeCard(visit, view),
    identifiersCard(visit, view),
    view.files.length > 0 && filesCard(visit, view),
    machinesCard(visit, view),
    view.gaps.length > 0 && gapsCard(visit, view),
  ]
}

function rightsCard(visit: Visit, { rights }: RecordView): Html {
  const { t } = visit
  return html`<section class="card">
    <h2>${t('record.mayI')}</h2>
    <p>
      <b>${t(rights.answer)}</b>${
        rights.answer !== 'rights.stated' && html` ${t(rights.explanation)}`
      }
    </p>
    ${rights.statements.slice(0, 5).map((each) => html`<p>${linked(visit, each)}</p>`)}${
      rights.uri &&
      html`<p>
        <a href="${rights.uri}" rel="license noopener"
          >${t('rights.licence', { name: rights.name ?? '' })}</a
        >
      </p>`
    }
  </section>`
}

function keeperCard(visit: Visit, view: RecordView): Html {
  const { ctx, t } = visit
  const { keeper, record, harvested } = view
  const page = safeUrl(record.links?.homepage)
  if (!harvested) {
    return html`<section class="card">
      <h2>${t('record.keeper')}</h2>
      <p>${t('record.keeperHere', { operator: keeper.name })}</p>
      <p><a href="mailto:${ctx.config.adminEmail}">${t('site.contact')}</a></p>
    </section>`
  }
  return html`<section class="card">
    <h2>${t('record.keeper')}</h2>
    <p>${t('record.keeperThere', { name: keeper.name })}</p>
    ${
      page &&
      html`<p>
        <a href="${page}" rel="noopener"
          >${t('record.goThere', { name: keeper.name })}${icon('out')}</a
        >
      </p>`
    }${wayOf(visit, record.origins ?? [])}
  </section>`
}

/** From the brick that holds it down to here, oldest step first. */
function wayOf(visit: Visit, origins: Origin[]): Content {
  if (!origins.length) return ''
  const { t, words } = visit
  const steps = origins.toReversed().map(({ baseUrl, harvestDate }) => {
    const date = new Date(harvestDate)
    const host = hostOf(baseUrl).replace(/\/oai$/, '')
    return html`<li>
      ${Number.isNaN(date.getTime()) ? host : t('record.wayFrom', { host, date: words.day(date) })}
    </li>`
  })
  return html`<h3>${t('record.way')}</h3>
    <ol class="way">
      ${steps}
      <li>${t('record.wayHere')}</li>
    </ol>`
}

function citeCard(visit: Visit, view: RecordView): Html {
  const { t, words, now } = visit
  const { text } = citationOf(visit, view)
  const whole = `${text} (${t('record.accessed', { date: words.day(now) })})`
  return html`<section class="card" id="cite" tabindex="-1">
    <h2>${t('record.citeTitle')}</h2>
    <p class="citation" id="citation">${whole}</p>
    <p class="scripted">
      <button
        class="btn quiet"
        type="button"
        data-copy="${whole}"
        data-done="${t('action.copied')}"
      >
        ${icon('quote')}<span>${t('record.copyCitation')}</span>
      </button>
    </p>
  </section>`
}

function identifiersCard(visit: Visit, view: RecordView): Html {
  const { t, words } = visit
  const { record, address } = view
  const others = (record.dc.identifier ?? []).filter(({ value }) => value !== address)
  const changed = record.datestamp && new Date(record.datestamp)
  return html`<section class="card">
    <h2>${t('record.identifiers')}</h2>
    <dl class="pairs">
      <dt>${t('record.address')}</dt>
      <dd><a href="${address}">${address}</a></dd>
      <dt>${t('record.oai')}</dt>
      <dd>${record.identifier}</dd>
      ${
        others.length > 0 &&
        html`<dt>${t('dc.identifier')}</dt>
          <dd>${others.slice(0, 8).map((each) => html`<p>${linked(visit, each)}</p>`)}</dd>`
      }${
        changed &&
        html`<dt>${t('record.changed')}</dt>
          <dd><time datetime="${record.datestamp}">${words.day(changed)}</time></dd>`
      }
    </dl>
  </section>`
}

const filesCard = (visit: Visit, { files }: RecordView): Html =>
  html`<section class="card">
    <h2>${visit.t('record.otherFiles')}</h2>
    <ul class="plain-list">
      ${files.slice(0, 40).map(
        (file) =>
          html`<li>
            <a href="${visit.ctx.links.file(file.sha256, file.name)}" download>${file.name}</a>
            <small class="soft"
              >${visit.words.bytes(file.size)}${
                file.furtherPages &&
                html`, ${visit.t('record.pageCount', { count: pagesOf(file).length })}`
              }</small
            >
          </li>`,
      )}
    </ul>
  </section>`

function gapsCard(visit: Visit, { gaps }: RecordView): Html {
  const { t } = visit
  return html`<section class="card">
    <h2>${t('record.gaps')}</h2>
    <p class="soft">${t('record.gapsNote')}</p>
    <dl class="pairs">
      ${gaps.map(
        ({ metadataPrefix, lacks }) =>
          html`<dt><code>${metadataPrefix}</code></dt>
            <dd>${lackSentences(visit, lacks).map((each) => html`<p>${each}</p>`)}</dd>`,
      )}
    </dl>
  </section>`
}

function machinesCard({ ctx, t }: Visit, { record, manifest, formats }: RecordView): Html {
  const oai = (prefix: string): string =>
    `${ctx.links.oai()}?verb=GetRecord&metadataPrefix=${prefix}&identifier=${encodeURIComponent(record.identifier)}`
  return html`<section class="card machines">
    <h2>${t('record.machines')}</h2>
    <p class="soft">${t('record.machinesNote')}</p>
    <ul class="plain-list">
      ${formats.length > 0 && html`<li>OAI-PMH – ${formats.map((each, index) => html`${index > 0 && ', '}<a href="${oai(each)}">${each}</a>`)}</li>`}
      <li><a href="${ctx.links.api('records', record.id)}">JSON</a></li>
      ${manifest && html`<li><a href="${manifest}" data-manifest>${t('record.manifest')}</a></li>`}
    </ul>
  </section>`
}
