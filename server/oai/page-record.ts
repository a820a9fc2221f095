// One record as people read it: its description, the way it came, and the same in every other format.
import { containers } from '../../schemas/oai.ts'
import { attributeOf, childOf, childText, type XmlElement } from '../../schemas/xml-tree.ts'
import {
  hostOf,
  html,
  icon,
  safeUrl,
  trusted,
  type Content,
  type Html,
  type Visit,
} from '../web/web.ts'
import { doorAddress } from './addresses.ts'
import { metadataView, source } from './metadata.ts'
import { formatOf, setLink } from './page-list.ts'
import { formatNote, isRights, moment, rightsIn, toolsCard, type View } from './page-parts.ts'
import type { ItemReading } from './reading.ts'

export function recordMain(view: View, item: ItemReading): Html {
  const { visit, reading, asked } = view
  const { t } = visit
  const { metadata } = item
  return html`<div class="rec">
    <div>
      <dl class="facts">
        <dt>${t('oai.identifier')}</dt>
        <dd><code>${item.identifier}</code></dd>
        <dt>${t('oai.changed')}</dt>
        <dd>${moment(visit, item.datestamp)}</dd>
        ${
          item.setSpecs.length > 0 &&
          html`<dt>${t('oai.setsOf', { count: item.setSpecs.length })}</dt>
            <dd>
              ${item.setSpecs.map((setSpec) => html`<p>${setLink(view, setSpec)} <code>${setSpec}</code></p>`)}
            </dd>`
        }
      </dl>
      ${item.deleted && html`<p class="notice">${t('oai.deletedText')}</p>`}
      ${
        metadata &&
        html`<section class="part" aria-labelledby="metadata">
          <h2 id="metadata">${t('oai.metadataIn', { format: formatOf(view) })}</h2>
          <p class="soft">${formatNote(visit, formatOf(view))}</p>
          ${metadataView(visit, reading.text, metadata)}
        </section>`
      }
      ${item.abouts.map((each) => about(visit, reading.text, each))}
    </div>
    <aside>${formats(view, item)} ${toolsCard(visit, asked)}</aside>
  </div>`
}

function formats(view: View, { identifier, deleted }: ItemReading): Html {
  const { visit, formats: others, pages } = view
  const { ctx, t } = visit
  const page = pages.get(identifier)
  const here = formatOf(view)
  return html`<section class="card">
    <h2>${t('oai.sameRecord')}</h2>
    ${
      page &&
      html`<p>
        <a class="onward" href="${page}"
          >${icon('right')}${deleted ? t('oai.itsTrace') : t('oai.itsPage')}</a
        >
      </p>`
    }
    <ul class="plain-list">
      ${others.map(
        ({ metadataPrefix }) =>
          html`<li>
            <a
              href="${doorAddress(ctx, { verb: 'GetRecord', identifier, metadataPrefix })}"
              ${metadataPrefix === here && trusted(' aria-current="page"')}
              ><code>${metadataPrefix}</code></a
            >
            <small class="soft">${formatNote(visit, metadataPrefix)}</small>
          </li> `,
      )}
    </ul>
  </section>`
}

const part = (text: string, content: Content): Html =>
  html`<section class="part">
    <h2>${text}</h2>
    ${content}
  </section>`

function about(visit: Visit, text: string, element: XmlElement): Html {
  const { t } = visit
  if (element.namespace === containers.provenance.namespace)
    return part(t('record.way'), way(visit, element))
  if (isRights(element)) return part(t('oai.rights'), rightsIn(visit, element))
  return part(element.name, source(visit, text, element, 5000))
}

function repository(baseUrl: string): Content {
  const address = safeUrl(baseUrl)
  return address
    ? html`<a href="${address}?verb=Identify" rel="noopener nofollow">${hostOf(address)}</a>`
    : baseUrl
}

// Nested as in the answer: the last step stands outermost.
function way(visit: Visit, provenance: XmlElement): Html {
  const steps: XmlElement[] = []
  let step = childOf(provenance, 'originDescription')
  while (step) {
    steps.unshift(step)
    step = childOf(step, 'originDescription')
  }
  const { t } = visit
  return html`<ol class="way">
    ${steps.map((each) => {
      const altered = attributeOf(each, 'altered') === 'true'
      return html`<li>
        <p>
          ${repository(childText(each, 'baseURL') ?? '')},
          ${moment(visit, attributeOf(each, 'harvestDate') ?? '')}
        </p>
        <p>
          <code>${childText(each, 'identifier')}</code> ·
          ${altered ? t('oai.altered') : t('oai.unaltered')}
        </p>
      </li>`
    })}
    <li>${t('record.wayHere')}</li>
  </ol>`
}
