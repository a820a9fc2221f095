// The answers of the door as pages: what was asked and what came, in plain words, and the way on from each thing.
import { oaiErrorCodes } from '../../schemas/oai.ts'
import {
  breadcrumb,
  html,
  icon,
  langOf,
  shortened,
  type Content,
  type Html,
  type Page,
} from '../web/web.ts'
import { doorAddress, xmlAddress, type Asked } from './addresses.ts'
import { titleIn } from './metadata.ts'
import { frontMain } from './page-front.ts'
import { formatOf, listMain, placeOf } from './page-list.ts'
import { formatsTable, moment, setName, toolsCard, tryForm, type View } from './page-parts.ts'
import { recordMain } from './page-record.ts'

/** The page of any answer. */
export function readingPage(view: View): Page {
  const { visit, reading } = view
  const { ctx, t } = visit
  const { title, heading, lead, main } = content(view)
  const front = isFront(view)
  const xml = xmlAddress(ctx, front ? { verb: 'Identify' } : view.asked)
  return {
    title,
    // One door, not a thousand answers, is what a search engine should find.
    unlisted: !front,
    ...(front && { description: t('oai.lead', { name: ctx.config.name }) }),
    head: html`<link rel="alternate" type="text/xml" href="${xml}" /> `,
    main: html`<div class="wrap oai">
      ${breadcrumb(visit, front ? [[t('oai.door')]] : [[t('oai.door'), ctx.links.oai()], [title]])}
      <div class="intro">
        ${heading}${lead}
        <p class="soft asof">
          ${reading.responseDate && html`${t('oai.asOf')} ${moment(visit, reading.responseDate)} · `}<a
            href="${xml}"
            type="text/xml"
            >${icon('data')}${t('oai.xml')}</a
          >
        </p>
      </div>
      ${main}
    </div>`,
  }
}

/** Whoever opens the door without a question is shown round. */
const isFront = ({ reading, asked, plain }: View): boolean =>
  reading.verb === 'Identify' || (plain && asked.verb === undefined)

interface Contents {
  title: string
  heading: Html
  lead: Content
  main: Content
}

const plainHeading = (title: string): Pick<Contents, 'title' | 'heading'> => ({
  title,
  heading: html`<h1>${title}</h1>`,
})

function content(view: View): Contents {
  const { visit, reading } = view
  const { ctx, t } = visit
  if (isFront(view)) {
    return {
      ...plainHeading(t('oai.title')),
      lead: html`<p class="lead">${t('oai.lead', { name: ctx.config.name })}</p>`,
      main: frontMain(view),
    }
  }
  if (reading.errors.length) return errorContents(view)
  const [item] = reading.items
  if (reading.verb === 'GetRecord' && item) {
    const title = item.metadata && titleIn(item.metadata, visit.language)
    return title
      ? {
          title: shortened(title.value, 120),
          heading: html`<h1 class="long" ${langOf(visit, title)}>
            ${shortened(title.value, 300)}
          </h1>`,
          lead: '',
          main: recordMain(view, item),
        }
      : {
          ...plainHeading(item.deleted ? t('oai.isDeleted') : t('record.untitled')),
          lead: '',
          main: recordMain(view, item),
        }
  }
  if (reading.verb === 'ListMetadataFormats') return formatsContents(view)
  const { main, shown } = listMain(view)
  return { ...plainHeading(t(`oaiList.${listName(view)}`)), lead: listLead(view, shown), main }
}

const listName = ({ reading }: View): 'ListSets' | 'ListIdentifiers' | 'ListRecords' =>
  reading.verb === 'ListSets' || reading.verb === 'ListIdentifiers' ? reading.verb : 'ListRecords'

function formatsContents(view: View): Contents {
  const { visit, asked } = view
  const { t } = visit
  return {
    ...plainHeading(t('oai.formats')),
    lead: html`<p class="lead">
      ${asked['identifier'] ? html`<code>${asked['identifier']}</code>` : t('oai.formatsText')}
    </p>`,
    main: html`<div class="rec">
      <div>${formatsTable(view, asked['identifier'])}</div>
      <aside>${toolsCard(visit, asked)}</aside>
    </div>`,
  }
}

/** Which part of how much it is, and what it was asked by. */
function listLead(view: View, shown: number): Html {
  const { visit, reading, asked } = view
  const { t, words } = visit
  const first = placeOf(reading)
  const last = first + shown - 1
  const total =
    reading.token?.completeListSize ??
    (reading.token?.value ? undefined : (reading.token?.cursor ?? 0) + reading.count)
  const span = { from: words.number(first), to: words.number(last) }
  const asks: Content[] = [
    reading.verb === 'ListRecords' && html`${t('oai.format')} <code>${formatOf(view)}</code>`,
    asked['set'] && html`${t('oai.set')} <b>${setName(view, asked['set'])}</b>`,
    asked['from'] && html`${t('oai.from')} ${moment(visit, asked['from'])}`,
    asked['until'] && html`${t('oai.until')} ${moment(visit, asked['until'])}`,
  ]
  return html`<p class="lead">
      ${
        total === undefined
          ? t('oai.rangeOpen', span)
          : first === 1 && last === total
            ? t('oai.whole', { count: total })
            : t('oai.range', { ...span, count: total })
      }
    </p>
    <p>${asks.filter(Boolean).map((each, index) => [index > 0 && ' · ', each])}</p>`
}

function errorContents(view: View): Contents {
  const { visit, reading } = view
  const { t } = visit
  const [first] = reading.errors
  const code = oaiErrorCodes.find((each) => each === first?.code) ?? 'badArgument'
  return {
    ...plainHeading(t(`oaiError.${code}`)),
    lead: html`<p class="lead">${t(`oaiErrorText.${code}`)}</p>`,
    main: html`<div class="rec">
      <div>
        <ul class="notices">
          ${reading.errors
            .slice(0, 20)
            .map(
              (each) =>
                html`<li class="notice">
                  <code>${each.code}</code> <span lang="en">${shortened(each.message, 500)}</span>
                </li>`,
            )}
        </ul>
        <p class="paging">
          ${remedies(view, code).map(
            ([text, address]) => html`<a class="btn quiet" href="${address}">${text}</a>`,
          )}
        </p>
        <section class="part" aria-labelledby="try">
          <h2 id="try">${t('oai.again')}</h2>
          ${tryForm(view)}
        </section>
      </div>
      <aside>${toolsCard(visit, view.asked)}</aside>
    </div>`,
  }
}

/** What can be asked instead. */
function remedies(view: View, code: (typeof oaiErrorCodes)[number]): [string, string][] {
  const { visit, asked, door } = view
  const { ctx, t } = visit
  const { identifier } = asked
  const format = door.formats[0]?.metadataPrefix ?? 'oai_dc'
  const verb = asked.verb === 'ListIdentifiers' ? asked.verb : 'ListRecords'
  const whole: Asked = { verb, metadataPrefix: asked['metadataPrefix'] ?? format }
  const front: [string, string] = [t('oai.door'), ctx.links.oai()]
  switch (code) {
    case 'noRecordsMatch':
      return [
        ...(asked['set'] && (asked['from'] || asked['until'])
          ? [
              [t('oai.withoutDates'), doorAddress(ctx, { ...whole, set: asked['set'] })] as [
                string,
                string,
              ],
            ]
          : []),
        [t('oai.wholeList'), doorAddress(ctx, whole)],
        [t('oai.sets'), doorAddress(ctx, { verb: 'ListSets' })],
      ]
    case 'badResumptionToken':
      return [
        [
          t('oai.fromBeginning'),
          doorAddress(ctx, asked.verb === 'ListSets' ? { verb: 'ListSets' } : whole),
        ],
      ]
    case 'cannotDisseminateFormat':
      return [
        [
          t('oai.formats'),
          doorAddress(ctx, { verb: 'ListMetadataFormats', ...(identifier && { identifier }) }),
        ],
      ]
    case 'idDoesNotExist':
      return [
        [t('oai.wholeList'), doorAddress(ctx, { verb: 'ListIdentifiers', metadataPrefix: format })],
        [t('site.explore'), ctx.links.search()],
      ]
    case 'noSetHierarchy':
      return [[t('oai.wholeList'), doorAddress(ctx, whole)]]
    default:
      return [front]
  }
}
