// The front page of the door: who answers here, what there is to collect, and a form to try it (OAI-PMH 2.0, Identify).
import { childText, childrenOf, textOf, type XmlElement } from '../../schemas/xml-tree.ts'
import { isDcElement } from '../../schemas/dublin-core.ts'
import { containers } from '../../schemas/oai.ts'
import { html, linked, sentence, type Content, type Html, type Visit } from '../web/web.ts'
import { doorAddress, type Asked } from './addresses.ts'
import { source } from './metadata.ts'
import {
  formatsTable,
  isRights,
  rightsIn,
  moment,
  setsList,
  toolsCard,
  tryForm,
  type View,
} from './page-parts.ts'

const mostSets = 40

export function frontMain(view: View): Html {
  const { visit, reading, door } = view
  const { ctx, t } = visit
  const { metadataPrefix = 'oai_dc' } = door.formats[0] ?? {}
  // What most come for is everything there is.
  const everything: Asked = { verb: 'ListRecords', metadataPrefix }
  const tools = toolsCard(visit, everything, [
    ['metha', `metha-sync -format ${metadataPrefix} ${ctx.links.oai()}`],
  ])
  return html`<div class="rec">
    <div>
      ${
        reading.errors.length > 0 &&
        html`<p class="notice">
          ${sentence(visit, 'oai.noVerb', { verb: html`<code>verb=…</code>`, error: html`<code>badVerb</code>` })}
        </p>`
      }
      <section class="part" aria-labelledby="try">
        <h2 id="try">${t('oai.try')}</h2>
        <p class="soft">${t('oai.tryText')}</p>
        ${tryForm(view)}
      </section>
      <section class="part" aria-labelledby="formats">
        <h2 id="formats">${t('oai.formats')}</h2>
        <p class="soft">${t('oai.formatsText')}</p>
        ${formatsTable(view)}
      </section>
      <section class="part" aria-labelledby="sets">
        <h2 id="sets">${t('oai.sets')}</h2>
        <p class="soft">${door.setCount ? t('oai.setsText') : t('oai.noSets')}</p>
        ${door.setCount > 0 && setsList(view, door.sets.slice(0, mostSets))}
        ${
          door.setCount > 0 &&
          html`<p>
            <a class="onward" href="${doorAddress(ctx, { verb: 'ListSets' })}"
              >${t('oai.allSetsDescribed', { count: door.setCount })}</a
            >
          </p>`
        }
      </section>
    </div>
    <aside>${facts(view)} ${tools}</aside>
  </div>`
}

const deletions = ['persistent', 'transient', 'no'] as const

function facts({ visit, door }: View): Html {
  const { t } = visit
  const { identify } = door
  const kept = deletions.find((each) => each === identify.deletedRecord)
  const rows: [string, Content][] = [
    [
      t('oai.address'),
      html`<code>${identify.baseUrl}</code>
        <button
          class="plain scripted"
          type="button"
          data-copy="${identify.baseUrl}"
          data-done="${t('action.copied')}"
        >
          ${t('action.copy')}<span class="unseen"> ${t('oai.address')}</span>
        </button>`,
    ],
    [
      t('oai.contact'),
      identify.emails.map((each) => html`<p><a href="mailto:${each}">${each}</a></p>`),
    ],
    [t('oai.earliest'), moment(visit, identify.earliest)],
    [t('oai.deleted'), kept ? t(`oaiDeleted.${kept}`) : identify.deletedRecord],
    [t('oai.granularity'), identify.granularity.includes('T') ? t('oai.seconds') : t('oai.days')],
    [
      t('oai.compression'),
      identify.compressions.length ? identify.compressions.join(', ') : t('oai.noCompression'),
    ],
    [t('oai.protocol'), `OAI-PMH ${identify.protocolVersion}`],
    ...identify.descriptions
      // Its picture is for lists of repositories; here it stands above already.
      .filter(({ namespace }) => namespace !== containers.branding.namespace)
      .map((each): [string, Content] => described(visit, door.text, each)),
  ]
  return html`<section class="card">
    <h2>${identify.name}</h2>
    <dl class="pairs">
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </section>`
}

/** What stands in a description container, in words where its namespace is known. */
function described(visit: Visit, text: string, element: XmlElement): [string, Content] {
  const { t } = visit
  if (element.namespace === containers.oaiIdentifier.namespace) {
    return [
      t('oai.identifiers'),
      sentence(visit, 'oai.identifiersText', {
        sample: html`<code>${childText(element, 'sampleIdentifier') ?? ''}</code>`,
      }),
    ]
  }
  if (element.namespace === containers.friends.namespace) {
    return [t('oai.friends'), addresses(visit, childrenOf(element).map(textOf))]
  }
  if (isRights(element)) return [t('oai.rights'), rightsIn(visit, element)]
  if (/\/oai_dc\/?$/.test(element.namespace)) return [t('oai.self'), ofItself(visit, element)]
  return [element.name, folded(visit, text, element)]
}

const addresses = (visit: Visit, all: string[]): Content => [
  all.slice(0, 12).map((value) => html`<p>${linked(visit, { value: value.trim() })}</p>`),
  all.length > 12 && html`<p>${visit.t('oai.more', { count: all.length - 12 })}</p>`,
]

// Name and address stand above already.
function ofItself(visit: Visit, element: XmlElement): Content {
  return childrenOf(element)
    .filter(({ name }) => name !== 'title')
    .slice(0, 12)
    .map(
      (each) =>
        html`<p>
          ${isDcElement(each.name) && html`<small class="soft">${visit.t(`dc.${each.name}`)}</small> `}${linked(visit, { value: textOf(each).trim() })}
        </p>`,
    )
}

const folded = (visit: Visit, text: string, element: XmlElement): Content =>
  html`<details>
    <summary>XML</summary>
    ${source(visit, text, element, 5000)}
  </details>`
