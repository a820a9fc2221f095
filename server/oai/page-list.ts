// Records, headers and sets as people read them: each with its name, its moment, its sets, and the way on.
import { childrenOf, textOf, type XmlElement } from '../../schemas/xml-tree.ts'
import { html, langOf, shortened, type Content, type Html, type Visit } from '../web/web.ts'
import { doorAddress, xmlAddress, type Asked } from './addresses.ts'
import { isFlat, metadataView, titleIn } from './metadata.ts'
import { moment, setName, setsList, toolsCard, tryForm, type View } from './page-parts.ts'
import type { ItemReading, Reading, SetReading } from './reading.ts'

/** Things of a list on one page. */
export const mostShown = 50

/** Bytes that a list may take of a page, so that the whole stays below 60 kB. */
const roomForList = 46_000

/** The list and what is beside it; how many things it shows. */
export function listMain(view: View): { main: Html; shown: number } {
  const { visit, asked } = view
  const form = tryForm(view)
  const { list, shown } = listed(view, roomForList - sizeOf(form))
  const main = html`<div class="rec">
    <div>${list} ${onward(view, shown)}</div>
    <aside>
      ${toolsCard(visit, asked)}
      <section class="card">
        <h2>${visit.t('oai.again')}</h2>
        ${form}
      </section>
    </aside>
  </div>`
  return { main, shown }
}

const sizeOf = ({ text }: Html): number => Buffer.byteLength(text)

interface Listed {
  list: Html
  /** How many things it shows. */
  shown: number
}

function listed(view: View, room: number): Listed {
  const { reading } = view
  if (reading.verb === 'ListSets') {
    const each = reading.sets.map((set) => described(view, [set]))
    const shown = fitting(each, room)
    return { list: described(view, reading.sets.slice(0, shown)), shown }
  }
  const plain = reading.items.map((item) => find(view, item))
  const shown = fitting(plain, room)
  const named = plain.slice(0, shown)
  // What is left goes to descriptions; the records beyond it are named, and lead to theirs.
  let left = named.reduce((rest, each) => rest - sizeOf(each), room)
  const finds = named.map((each, index) => {
    const item = reading.items[index]
    const metadata = item && left > 0 && metadataIn(view, item, index === 0)
    if (!metadata) return each
    left -= sizeOf(metadata)
    return left > 0 ? find(view, item, metadata) : each
  })
  return {
    list: html`<ol class="finds" start="${placeOf(reading)}">
      ${finds}
    </ol>`,
    shown,
  }
}

/** How many of them fit, from the first; at least one. */
function fitting(all: Html[], room: number): number {
  let left = room
  const end = all.findIndex((each) => (left -= sizeOf(each)) < 0)
  return end < 0 ? all.length : Math.max(1, end)
}

/** The number of the first thing shown, counted from 1 in the whole list. */
export const placeOf = ({ token, first }: Reading): number => (token?.cursor ?? 0) + first + 1

function find(view: View, item: ItemReading, metadata: Content = ''): Html {
  const { visit, reading, pages } = view
  const { t } = visit
  const title = item.metadata && titleIn(item.metadata, visit.language)
  const page = pages.get(item.identifier)
  return html`<li${item.deleted ? ' class="gone"' : ''}>
    ${
      title
        ? html`<h2${langOf(visit, title)}>${page ? html`<a href="${page}">${shortened(title.value, 160)}</a>` : shortened(title.value, 160)}</h2>`
        : reading.verb === 'ListRecords' && !item.deleted && html`<h2>${t('record.untitled')}</h2>`
    }
    <p><a href="${recordAddress(view, item)}"><code>${item.identifier}</code></a></p>
    <p class="soft">
      ${item.deleted && html`<b>${t('oai.isDeleted')}</b> · `}${moment(visit, item.datestamp)}${item.setSpecs.map((setSpec) => html` · ${setLink(view, setSpec)}`)}
    </p>
    ${metadata}
  </li> `
}

/** The format of what is shown: as it was asked for, else (a list that goes on) as it looks. */
export function formatOf({ asked, reading, door }: View): string {
  const namespace = reading.items.find((item) => item.metadata)?.metadata?.namespace
  return (
    asked['metadataPrefix'] ??
    door.formats.find((each) => each.namespace === namespace)?.metadataPrefix ??
    door.formats[0]?.metadataPrefix ??
    'oai_dc'
  )
}

const recordAddress = (view: View, { identifier }: ItemReading): string =>
  doorAddress(view.visit.ctx, { verb: 'GetRecord', identifier, metadataPrefix: formatOf(view) })

/** Characters of HTML that one description may take of a list. */
const roomForOne = 6000

export function setLink(view: View, set: string): Html {
  const asked: Asked = { verb: 'ListRecords', metadataPrefix: formatOf(view), set }
  return html`<a href="${doorAddress(view.visit.ctx, asked)}">${setName(view, set)}</a>`
}

function metadataIn(
  { visit, reading }: View,
  { metadata }: ItemReading,
  open: boolean,
): Html | undefined {
  if (!metadata) return undefined
  const view = metadataView(visit, reading.text, metadata, roomForOne)
  const summary = isFlat(metadata)
    ? visit.t('oai.values', { count: childrenOf(metadata).length })
    : visit.t('oai.metadata')
  return open
    ? html`<details open>
        <summary>${summary}</summary>
        ${view}
      </details>`
    : html`<details>
        <summary>${summary}</summary>
        ${view}
      </details>`
}

function described(view: View, sets: SetReading[]): Html {
  const { visit } = view
  const notes = new Map(sets.map((set): [string, Content] => [set.setSpec, setNote(visit, set)]))
  return setsList(view, sets, notes)
}

// Of a description, what it says in sentences.
function setNote(visit: Visit, { descriptions }: SetReading): Content {
  const said = descriptions.flatMap((each) => childrenOf(each, 'description'))
  const value = inReadersLanguage(visit, said)
  return value && html`<p>${shortened(textOf(value).trim(), 240)}</p>`
}

const inReadersLanguage = (visit: Visit, all: XmlElement[]): XmlElement | undefined =>
  all.find((each) =>
    each.attributes.some(({ name, value }) => name === 'lang' && value === visit.language),
  ) ?? all[0]

/** What comes next: the rest of a long answer, then the next answer; and what there is only as XML. */
function onward(view: View, shown: number): Content {
  const { visit, reading, asked } = view
  const { ctx, t } = visit
  const left = reading.count - reading.first - shown
  const next =
    left > 0
      ? `${doorAddress(ctx, asked)}&show=${reading.first + shown + 1}`
      : reading.token?.value &&
        doorAddress(ctx, { verb: asked.verb, resumptionToken: reading.token.value })
  if (!next) return html`<p class="soft">${t('oai.end')}</p>`
  return html`<p class="paging">
    <a class="btn" rel="next" href="${next}">${t('oai.next')}${''}</a>${
      left > 0 &&
      html`<a class="btn quiet" href="${xmlAddress(ctx, asked)}"
        >${t('oai.restXml', { count: reading.count })}</a
      >`
    }
  </p>`
}
