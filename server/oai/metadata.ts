// Metadata of any format as people read it: a table where each element is a name and a text, else the source, indented.
import { isDcElement, preferred, type Value } from '../../schemas/dublin-core.ts'
import {
  attributeOf,
  childrenOf,
  textOf,
  xmlNamespace,
  type XmlElement,
} from '../../schemas/xml-tree.ts'
import {
  html,
  linked,
  shortened,
  trusted,
  type Content,
  type Html,
  type Visit,
} from '../web/web.ts'
import { startTag, writtenName } from './reading.ts'

const longest = 1500
const titles = ['title', 'prefLabel']

/** What the metadata calls its object, in the reader's language where it can; undefined where it calls it nothing. */
export function titleIn(metadata: XmlElement, language: string): Value | undefined {
  let level: XmlElement[] = [metadata]
  for (let depth = 0; level.length && depth < 8; depth += 1) {
    const found = level
      .filter((each) => titles.includes(each.name) && childrenOf(each).length === 0)
      .map(valueOf)
      .filter(({ value }) => value)
    if (found.length) return preferred(found, language)
    level = level.flatMap((each) => childrenOf(each))
  }
  return undefined
}

function valueOf(element: XmlElement): Value {
  const language = attributeOf(element, 'lang', xmlNamespace)
  return { value: textOf(element).trim(), ...(language && { language }) }
}

/** Whether the metadata is a list of names and texts. */
export function isFlat(metadata: XmlElement): boolean {
  const fields = childrenOf(metadata)
  return (
    fields.length > 0 &&
    fields.every((each) => childrenOf(each).length === 0) &&
    // Attributes that carry the sense (rdf:resource, valueURI) would be lost in a table.
    fields.every((each) => each.attributes.every(({ name }) => ['lang', 'type'].includes(name)))
  )
}

/** Characters of HTML that one description may take of a page. */
const roomy = 38_000

/** @param room characters of HTML; what is beyond is said to be left out */
export function metadataView(
  visit: Visit,
  text: string,
  metadata: XmlElement,
  room: number = roomy,
): Html {
  return isFlat(metadata) ? table(visit, text, metadata, room) : source(visit, text, metadata, room)
}

interface Left {
  characters: number
  leftOut: number
}

const leftOutNote = ({ t }: Visit, { leftOut }: Left): Content =>
  leftOut > 0 && html`<p class="soft">${t('oai.leftOut', { count: leftOut })}</p>`

function table(visit: Visit, text: string, metadata: XmlElement, room: number): Html {
  const left: Left = { characters: room, leftOut: 0 }
  const rows = new Map<string, { field: XmlElement; values: Html[] }>()
  for (const field of childrenOf(metadata)) {
    if (left.characters <= 0) {
      left.leftOut += 1
      continue
    }
    const name = writtenName(text, field)
    const row = rows.get(name) ?? { field, values: [] }
    const value = fieldValue(visit, field)
    left.characters -= value.text.length + (row.values.length ? 0 : 90)
    row.values.push(value)
    rows.set(name, row)
  }
  return html`<table class="fields-table">
      ${[...rows].map(
        ([name, { field, values }]) =>
          html`<tr>
            <th scope="row">${fieldName(visit, name, field)}</th>
            <td>${values}</td>
          </tr>`,
      )}
    </table>
    ${leftOutNote(visit, left)}`
}

const dcNamespaces = ['http://purl.org/dc/elements/1.1/', 'http://purl.org/dc/terms/']

function fieldName({ t }: Visit, name: string, { name: local, namespace }: XmlElement): Content {
  return dcNamespaces.includes(namespace) && isDcElement(local)
    ? html`${t(`dc.${local}`)} <code>${name}</code>`
    : html`<code>${name}</code>`
}

function fieldValue(visit: Visit, field: XmlElement): Html {
  const value = valueOf(field)
  const type = attributeOf(field, 'type', 'http://www.w3.org/2001/XMLSchema-instance')
  const notes = [value.language && visit.words.languageName(value.language), type]
  const note = notes.filter(Boolean).join(', ')
  return html`<p>
    ${linked(visit, { ...value, value: shortened(value.value, longest) })}${
      note && html` <small>${note}</small>`
    }
  </p>`
}

/** Elements below this level stay open: each that folds is one more stop of the Tab key. */
const foldable = 3

/**
 * The source of an element: what it says, letter for letter but for white space between elements, folding at its upper levels.
 * @param room characters of HTML; what is beyond is said to be left out
 */
export function source(
  visit: Visit,
  text: string,
  element: XmlElement,
  room: number = roomy,
): Html {
  const left: Left = { characters: room, leftOut: 0 }
  const lines = node(text, element, 0, left)
  return html`<div class="xml" translate="no">${lines}${leftOutNote(visit, left)}</div>`
}

function node(text: string, element: XmlElement, depth: number, left: Left): Content {
  if (left.characters <= 0) {
    left.leftOut += 1
    return ''
  }
  const closing =
    element.end > element.innerStart
      ? html`&lt;/<b>${writtenName(text, element)}</b>&gt;`
      : trusted('')
  const inner = childrenOf(element)
  const folds = depth < foldable && inner.length > 1
  // What folds is a button already, so it holds no link.
  const opening = tag(startTag(text, element), !folds)
  if (!inner.length) {
    return spent(html`<div>${opening}${written(textOf(element))}${closing}</div>`, left)
  }
  left.characters -= opening.text.length + closing.text.length + 50
  const content = element.children.map((child) =>
    typeof child === 'string'
      ? spent(html`<div>${shortened(child.trim(), longest)}</div>`, left)
      : node(text, child, depth + 1, left),
  )
  return folds
    ? html`<details open>
        <summary>${opening}</summary>
        ${content}
        <div>${closing}</div>
      </details>`
    : html`<div>${opening}${content}${closing}</div>`
}

function spent(line: Html, left: Left): Html {
  left.characters -= line.text.length
  return line
}

const attribute = /\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g

// The tag is cut from a text that is well-formed, so nothing here has to doubt its shape; references stay as written.
function tag(start: string, follow: boolean): Html {
  const [, name = ''] = /^<([^\s/>]+)/.exec(start) ?? []
  const attributes = [...start.matchAll(attribute)].map(
    ([, key = '', value = '']) => html` <i>${key}</i>=<em>${follow ? quoted(value) : value}</em>`,
  )
  return html`&lt;<b>${name}</b>${attributes}${start.endsWith('/>') && '/'}&gt;`
}

function quoted(value: string): Content {
  const address = value.slice(1, -1)
  return /^https?:\/\/[^\s&<]+$/.test(address) ? html`"${followed(address)}"` : value
}

function written(value: string): Content {
  const text = value.trim()
  return /^https?:\/\/\S+$/.test(text) ? followed(text) : shortened(text, longest)
}

const followed = (address: string): Content => {
  if (!URL.canParse(address)) return address
  return html`<a href="${address}" rel="noopener nofollow">${address}</a>`
}
