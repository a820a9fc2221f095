// The parts that the pages of the door share: moments, formats, sets, commands to copy, the form to try it.
import type { Value } from '../../schemas/dublin-core.ts'
import { verbs, type Verb } from '../../schemas/oai.ts'
import {
  html,
  linked,
  said,
  safeUrl,
  shortened,
  trusted,
  type Content,
  type Html,
  type Visit,
} from '../web/web.ts'
import { attributeOf, childrenOf, textOf, type XmlElement } from '../../schemas/xml-tree.ts'
import { doorAddress, tryAddress, type Asked } from './addresses.ts'
import { titleIn } from './metadata.ts'
import type { FormatReading, IdentifyReading, Reading, SetReading } from './reading.ts'

/** What the door says of itself, for every page of it. */
export interface Door {
  /** The XML of Identify, in which its elements stand. */
  text: string
  identify: IdentifyReading
  formats: FormatReading[]
  /** The first of them, in order. */
  sets: SetReading[]
  setCount: number
}

/** What a page of the door is made from. */
export interface View {
  visit: Visit
  reading: Reading
  /** The arguments as they were given, good or bad. */
  asked: Asked
  /** Whether nothing was asked at all. */
  plain: boolean
  door: Door
  /** Those of the record that it is about, or all. */
  formats: FormatReading[]
  /** Pages of records, by identifier. */
  pages: Map<string, string>
}

const known = [
  'oai_dc',
  'edm',
  'oai_datacite',
  'oai_openaire',
  'mods',
  'mets',
  'dcterms',
  'skos',
] as const

/** What a format is for, where this house knows it. */
export function formatNote({ t }: Visit, metadataPrefix: string): string {
  const name = known.find((each) => each === metadataPrefix)
  return name ? t(`oaiFormat.${name}`) : ''
}

/** What a set is called in the reader's language, where its description says so; `<setName>` has one language. */
export function nameOf({ language }: Visit, { setSpec, name, descriptions }: SetReading): Value {
  const titles = descriptions.flatMap((each) => titleIn(each, language) ?? [])
  const { value, ...rest } = titles[0] ?? { value: name || setSpec }
  return { ...rest, value: shortened(value, 100) }
}

export function setName({ visit, door }: View, setSpec: string): Content {
  const set = door.sets.find((each) => each.setSpec === setSpec)
  return set ? said(visit, nameOf(visit, set)) : setSpec
}

/** A datestamp as people write it; UTC, as everything in OAI-PMH. */
export function moment({ words }: Visit, datestamp: string): Html {
  const date = new Date(datestamp)
  if (Number.isNaN(date.getTime())) return html`${datestamp}`
  const time = datestamp.slice(11, 19)
  return html`<time datetime="${datestamp}">${words.day(date)}${time && `, ${time} UTC`}</time>`
}

export function formatsTable({ visit, formats }: View, identifier?: string): Html {
  const { ctx, t } = visit
  return html`<ul class="given">
    ${formats.map(({ metadataPrefix, schema }) => {
      const address = identifier
        ? doorAddress(ctx, { verb: 'GetRecord', identifier, metadataPrefix })
        : doorAddress(ctx, { verb: 'ListRecords', metadataPrefix })
      const note = formatNote(visit, metadataPrefix)
      return html`<li>
        <p>
          <a href="${address}"><code>${metadataPrefix}</code></a>
          ${note && html`<span>${note}</span>`}
        </p>
        <p class="soft">
          ${
            safeUrl(schema)
              ? html`<a href="${schema}" rel="noopener"
                  >${t('oai.schemaOf')} <span class="unseen">${metadataPrefix}</span></a
                >`
              : schema
          }
        </p>
      </li>`
    })}
  </ul>`
}

export const isRights = ({ namespace }: XmlElement): boolean =>
  /\/OAI\/2\.0\/rights\/?$/.test(namespace)

/** What a rights container says or refers to (guidelines-rights.htm), for one record, a set or all. */
export function rightsIn(visit: Visit, element: XmlElement): Content {
  const said = (each: XmlElement): string[] => {
    const inner = childrenOf(each)
    const reference = attributeOf(each, 'ref') ?? ''
    return [reference, ...(inner.length ? inner.flatMap(said) : [textOf(each).trim()])]
  }
  return said(element)
    .filter(Boolean)
    .slice(0, 6)
    .map((value) => html`<p>${linked(visit, { value: shortened(value, 500) })}</p>`)
}

export const setLevel = (setSpec: string): number => Math.min(setSpec.split(':').length - 1, 5)

export function setsList(
  { visit, door }: View,
  sets: SetReading[],
  notes?: Map<string, Content>,
): Html {
  const { ctx, t } = visit
  const metadataPrefix = door.formats[0]?.metadataPrefix ?? 'oai_dc'
  return html`<ul class="given sets">
    ${sets.map((set) => {
      const { setSpec } = set
      const name = said(visit, nameOf(visit, set))
      return html`<li style="--level:${setLevel(setSpec)}">
        <p>
          <a href="${doorAddress(ctx, { verb: 'ListRecords', metadataPrefix, set: setSpec })}"
            >${name}</a
          >
          <code>${setSpec}</code>
        </p>
        ${notes?.get(setSpec)}
        ${
          notes &&
          html`<p class="soft">
            <a href="${doorAddress(ctx, { verb: 'ListIdentifiers', metadataPrefix, set: setSpec })}"
              >${t('oai.headersOf')} <span class="unseen">${name}</span></a
            >
          </p>`
        }
      </li> `
    })}
  </ul>`
}

const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`

/** The same request from a terminal. */
export const curl = (visit: Visit, asked: Asked): string =>
  `curl ${quoted(doorAddress(visit.ctx, asked))}`

const listing = ['ListRecords', 'ListIdentifiers', 'ListSets', 'ListMetadataFormats']

/** The same request in Python with Sickle, which follows a list to its end. */
export function sickle({ ctx }: Visit, { verb = 'Identify', ...asked }: Asked): string {
  const named = Object.entries(asked).filter((each): each is [string, string] => Boolean(each[1]))
  // A JSON string is a string of Python too; "from" is a word of the language and cannot name an argument.
  const plain = named
    .filter(([name]) => name !== 'from')
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const words = asked['from'] ? [...plain, `**{"from": ${JSON.stringify(asked['from'])}}`] : plain
  const lines = words.map((word) => `\n    ${word},`).join('')
  const call = `door.${verb}(${lines}${lines && '\n'})`
  const body = listing.includes(verb)
    ? `found = ${call}\nfor each in found:\n    print(each)`
    : `print(${call})`
  return `from sickle import Sickle\n\ndoor = Sickle(${JSON.stringify(ctx.links.oai())})\n${body}`
}

export function command({ t }: Visit, title: string, text: string): Html {
  return html`<h3>${title}</h3>
    <div class="command">
      <pre tabindex="0" aria-label="${title}"><code>${text}</code></pre>
      <button
        class="plain scripted"
        type="button"
        data-copy="${text}"
        data-done="${t('action.copied')}"
      >
        ${t('action.copy')}<span class="unseen"> ${title}</span>
      </button>
    </div>`
}

/** The same thing with other tools. */
export function toolsCard(
  visit: Visit,
  asked: Asked,
  more: [name: string, command: string][] = [],
): Html {
  const { t } = visit
  return html`<section class="card">
    <h2>${t('oai.tools')}</h2>
    ${command(visit, 'curl', curl(visit, asked))}
    ${command(visit, 'Python, Sickle', sickle(visit, asked))}
    ${more.map(([name, text]) => command(visit, name, text))}
  </section>`
}

/** Beyond so many sets a box to type in is better than a list to choose from. */
const choosable = 80

/** Every request as a form: what does not belong to the verb is left out by /oai/try. */
export function tryForm({ visit, door, asked }: View): Html {
  const { ctx, t } = visit
  const verb: Verb = asked.verb ?? 'ListRecords'
  const chosen = (yes: boolean): Content => yes && trusted(' selected')
  return html`<form class="try" action="${tryAddress(ctx)}">
    <p>
      <label for="try-verb">${t('oai.what')}</label
      ><select id="try-verb" name="verb">
        ${verbs.map(
          (each) =>
            html`<option value="${each}" ${chosen(each === verb)}>
              ${t(`oaiVerb.${each}`)}
            </option> `,
        )}
      </select>
    </p>
    <p class="for-format">
      <label for="try-format">${t('oai.format')}</label
      ><select id="try-format" name="metadataPrefix">
        ${door.formats.map(
          ({ metadataPrefix }) =>
            html`<option ${chosen(metadataPrefix === asked['metadataPrefix'])}>
              ${metadataPrefix}
            </option> `,
        )}
      </select>
    </p>
    <p class="for-list">
      <label for="try-set">${t('oai.set')}</label>${setField(visit, door, asked)}
    </p>
    <p class="for-list">
      <label for="try-from">${t('oai.from')}</label
      ><input id="try-from" type="date" name="from" value="${asked['from']?.slice(0, 10)}" />
    </p>
    <p class="for-list">
      <label for="try-until">${t('oai.until')}</label
      ><input id="try-until" type="date" name="until" value="${asked['until']?.slice(0, 10)}" />
    </p>
    <p class="for-record">
      <label for="try-identifier">${t('oai.identifier')}</label
      ><input
        id="try-identifier"
        name="identifier"
        value="${asked['identifier']}"
        placeholder="oai:${ctx.config.domain}:1"
        maxlength="2000"
        autocomplete="off"
        spellcheck="false"
      />
    </p>
    <p class="tools">
      <button class="btn" name="as" value="page">${t('oai.show')}</button
      ><button class="btn quiet" name="as" value="xml">${t('oai.showXml')}</button>
    </p>
  </form>`
}

function setField(visit: Visit, door: Door, asked: Asked): Html {
  const { t } = visit
  const set = asked['set'] ?? ''
  if (door.setCount > Math.min(choosable, door.sets.length))
    return html`<input
      id="try-set"
      name="set"
      value="${set}"
      autocomplete="off"
      spellcheck="false"
    />`
  return html`<select id="try-set" name="set">
    <option value="">${t('oai.allSets')}</option>
    ${door.sets.map(
      (each) =>
        html`<option value="${each.setSpec}" ${each.setSpec === set && trusted(' selected')}>
          ${'\u2003'.repeat(setLevel(each.setSpec))}${nameOf(visit, each).value}
        </option> `,
    )}
  </select>`
}
