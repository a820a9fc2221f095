// The parts that pages share: the wall of objects, the list, the bar of years, the search box.
import { preferred, inLanguage, type Value } from '../../schemas/dublin-core.ts'
import type { SearchDocument } from '../engine/engine.ts'
import { html, trusted, type Content, type Html } from './html.ts'
import { icon } from './icons.ts'
import { pictureOf, type Picture } from './pictures.ts'
import { langOf, said, shortened } from './values.ts'
import type { Visit } from './visit.ts'
import { binYears, type Bin } from './years.ts'

/** Rows of pictures need a ratio; beyond these a picture stands on a neutral ground instead of being cropped. */
const ratios = { narrowest: 0.55, widest: 2.6, unknown: 1.2, words: 1.25 }

export function titleOf(visit: Visit, values: Value[]): Value {
  return preferred(values, visit.language) ?? { value: visit.t('record.untitled') }
}

/** Who and when, in one line. */
function byline(visit: Visit, document: SearchDocument): Content[] {
  const who = inLanguage(document.creator, visit.language)[0]
  const when = preferred(document.date, visit.language)
  const parts: Content[] = []
  if (who) parts.push(said(visit, who, shortened(who.value, 80)))
  if (when) parts.push(said(visit, when, shortened(when.value, 40)))
  return parts.flatMap((part, index) => (index ? [' · ', part] : [part]))
}

/** Objects side by side, in their true proportions; `own` leaves out the name of the brick where all are of one. */
export function wall(
  visit: Visit,
  documents: SearchDocument[],
  options: { height?: number; keepers?: boolean; eager?: number } = {},
): Html {
  const { height = 220, keepers = true, eager = 0 } = options
  return html`<ul class="wall" style="--row:${height}px">
    ${documents.map((document, index) => tile(visit, document, { height, keepers, eager: index < eager }))}
  </ul>`
}

function tile(
  visit: Visit,
  document: SearchDocument,
  { height, keepers, eager }: { height: number; keepers: boolean; eager: boolean },
): Html {
  const picture = pictureOf(visit.ctx, document, height)
  const title = titleOf(visit, document.title)
  const ratio = Math.min(
    ratios.widest,
    Math.max(ratios.narrowest, picture ? (picture.ratio ?? ratios.unknown) : ratios.words),
  )
  return html`<li style="--r:${ratio.toFixed(4)}">
    <a class="tile" href="${visit.ctx.links.record(document.id)}"
      >${
        picture ? imageOf(picture, { height, ratio, eager }) : wordsOf(visit, document, title)
      }<span class="cap"
        >${picture && html`<b${langOf(visit, title)}>${shortened(title.value, 110)}</b> `}<small>${byline(visit, document)}</small>${
          keepers && html` <small class="keeper">${document.keeper.name}</small>`
        }</span
      ></a
    >
  </li> `
}

function imageOf(
  picture: Picture,
  { height, ratio, eager }: { height: number; ratio: number; eager: boolean },
): Html {
  const width = Math.round(height * ratio)
  return html`<img
    src="${picture.src}"
    ${picture.srcset && html`srcset="${picture.srcset}"`}
    ${picture.ratio === undefined && trusted('data-unmeasured')}
    width="${width}"
    height="${height}"
    alt=""
    ${eager ? trusted('fetchpriority="high"') : trusted('loading="lazy"')}
    decoding="async"
  />`
}

// A record without a picture is set in type: its words are what there is to see.
function wordsOf(visit: Visit, document: SearchDocument, title: Value): Html {
  const text = preferred(document.description, visit.language)
  const size = title.value.length > 70 ? ' small' : ''
  return html`<span class="words${size}"><b${langOf(visit, title)}>${shortened(title.value, 160)}</b>${
    text && html`<span${langOf(visit, text)}>${shortened(text.value, 200)}</span>`
  }</span>`
}

/** Objects below each other, with more words. */
export function list(visit: Visit, documents: SearchDocument[]): Html {
  return html`<ol class="list">
    ${documents.map((document) => row(visit, document))}
  </ol>`
}

function row(visit: Visit, document: SearchDocument): Html {
  const picture = pictureOf(visit.ctx, document, 150)
  const title = titleOf(visit, document.title)
  const text = preferred(document.description, visit.language)
  const types = inLanguage(document.types, visit.language).slice(0, 2)
  return html`<li><a class="tile" href="${visit.ctx.links.record(document.id)}"><span class="thumb">${
    picture &&
    html`<img
      src="${picture.src}"
      width="150"
      height="110"
      alt=""
      loading="lazy"
      decoding="async"
    />`
  }</span><span class="cap"><b${langOf(visit, title)}>${shortened(title.value, 200)}</b> <small>${[
    ...byline(visit, document),
    ...types.map((type) => [' · ', typeName(visit, type)]),
  ]}</small>${
    text && html` <span class="text" ${langOf(visit, text)}>${shortened(text.value, 240)}</span>`
  } <small class="keeper">${document.keeper.name}</small></span></a></li>
`
}

const dcmiTypes = [
  'collection',
  'dataset',
  'event',
  'image',
  'interactiveresource',
  'movingimage',
  'physicalobject',
  'service',
  'software',
  'sound',
  'stillimage',
  'text',
] as const

/** A type in the reader's words where it is one of DCMI's, else as the source has it. */
export function typeName(visit: Visit, type: Value): Content {
  const plain = type.value
    .replace(/^https?:\/\/purl\.org\/dc\/dcmitype\//, '')
    .replace(/[\s_-]/g, '')
    .toLowerCase()
  const known = dcmiTypes.find((each) => each === plain)
  return known ? visit.t(`type.${known}`) : said(visit, type)
}

/** Bars that lead to their years. Keyboards have the two fields beside it, so forty bars are not forty stops. */
export function yearBar(
  visit: Visit,
  histogram: { year: number; count: number }[],
  chosenYears: { from?: number | undefined; to?: number | undefined },
  addressOf: (bin: Bin) => string,
): Content {
  const bins = binYears(histogram)
  const [first, last] = [bins[0], bins.at(-1)]
  if (!first || !last || bins.length < 2) return ''
  const highest = Math.max(...bins.map((bin) => bin.count))
  const narrowed = chosenYears.from !== undefined || chosenYears.to !== undefined
  const inside = (bin: Bin): boolean =>
    bin.to >= (chosenYears.from ?? -Infinity) && bin.from <= (chosenYears.to ?? Infinity)
  const spanOf = (bin: Bin): string =>
    bin.from === bin.to ? String(bin.from) : visit.t('search.span', { from: bin.from, to: bin.to })
  // A root keeps the few visible beside the many.
  const height = (bin: Bin): string =>
    bin.count ? Math.max(4, Math.sqrt(bin.count / highest) * 100).toFixed(0) : '0'
  const middle = bins[Math.floor(bins.length / 2)]
  return html`<div
    class="years"
    role="group"
    aria-label="${visit.t('search.yearsBar', {
      from: first.from,
      to: last.to,
    })}"
  >
    <div class="bars">
      ${bins.map((bin) => {
        const label = visit.t('search.yearBar', { years: spanOf(bin), count: bin.count })
        return bin.count
          ? html`<a
              href="${addressOf(bin)}"
              tabindex="-1"
              title="${label}"
              aria-label="${label}"
              ${narrowed && !inside(bin) && trusted(' class="off"')}
              style="--h:${height(bin)}"
            ></a>`
          : html`<i></i>`
      })}
    </div>
    <div class="axis" aria-hidden="true">
      <span>${first.from}</span>${bins.length > 4 && html`<span>${middle?.from}</span>`}<span
        >${last.to}</span
      >
    </div>
  </div>`
}

/** The search box; `hidden` carries what else the address says. */
export function searchBox(visit: Visit, text: string, hidden: Content = ''): Html {
  return html`<form class="box" role="search" action="${visit.ctx.links.search()}">
    <label class="unseen" for="q">${visit.t('home.searchLabel')}</label>
    <input
      id="q"
      type="search"
      name="q"
      value="${text}"
      placeholder="${visit.t('home.placeholder')}"
      maxlength="300"
      autocomplete="off"
      enterkeyhint="search"
    />
    ${hidden}<button>${icon('search')}<span>${visit.t('action.search')}</span></button>
  </form>`
}
