// Flat oai_dc, as most of all harvested metadata are, read in bytes: its values are never decoded only to be encoded again.
// A text of bytes has a character for each byte in UTF-8, so what JSON or XML is made of such texts is that of the words,
// byte by byte. They are nothing to show anybody, and nothing to ask for what words mean: so what is looked into has to be
// ASCII, and whatever is not quite usual is left to the tree, which makes the same of it.
import type { DcElement, DcTerm } from '../../schemas/dublin-core.ts'
import { remember } from '../../schemas/known.ts'
import { oaiDc } from '../../schemas/oai.ts'
import { readXml } from '../../schemas/xml-tree.ts'
import { DescriptionBuilder } from './clean.ts'
import { languageOf, propertyOf, readingOf } from './oai-dc-read.ts'
import type { Provenance, Reading } from './read.ts'

/** Words as the text of their bytes in UTF-8. */
export const inBytes = (words: string): string => Buffer.from(words).toString('latin1')

/** Elements whose words nobody looks into. */
const opaque: ReadonlySet<DcElement> = new Set([
  'title',
  'creator',
  'subject',
  'description',
  'publisher',
  'contributor',
  'source',
  'coverage',
])

interface FlatRoot {
  tag: string
  name: string
  isOaiDc: boolean
  children: Map<string, FlatChild>
}

interface FlatChild {
  endTag: string
  element?: DcElement
  term?: DcTerm
  language?: string
}

const longest = 16_000
const beyondAscii = /[\x80-\xff]/
const name = `([^\\s/>=<"'&!?]+)`
const attributes = `(?:\\s+[^\\s/>=<"'&]+\\s*=\\s*(?:"[^"<>]*"|'[^'<>]*'))*\\s*`
const rootShape = new RegExp(`^<${name}${attributes}>$`)
const childShape = new RegExp(`^${name}${attributes}$`)
const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
}
// White space beyond ASCII, which is taken off words too, and a byte that would be taken for such.
const wideSpace =
  '(?:\\xc2\\xa0|\\xe1\\x9a\\x80|\\xe2\\x80[\\x80-\\x8a\\xa8\\xa9\\xaf]|\\xe2\\x81\\x9f|\\xe3\\x80\\x80|\\xef\\xbb\\xbf)'
const wideBegin = new RegExp(`^${wideSpace}`)
const wideEnd = new RegExp(`(?:${wideSpace}|\\xa0)$`)

// Of the last source that was read: its records begin alike.
let root: FlatRoot = { tag: '', name: '', isOaiDc: false, children: new Map() }

/**
 * @param xml well-formed
 * @param provenance in bytes
 * @returns the reading in bytes; undefined where it is not flat
 */
export function readFlat(xml: Buffer, provenance: Provenance): Reading | undefined {
  const text = xml.toString('latin1')
  const begin = text.indexOf('>') + 1
  if (!text.startsWith(root.tag) || root.tag.length !== begin) root = rootOf(text.slice(0, begin))
  if (!root.isOaiDc) return undefined
  const builder = new DescriptionBuilder()
  for (let at = begin; ;) {
    const open = text.indexOf('<', at)
    if (open > at && /[^ \t\n]/.test(text.slice(at, open))) return undefined
    const close = text.indexOf('>', open)
    if (text.charAt(open + 1) === '/') {
      const isEnd = close === text.length - 1 && Object.keys(builder.dc).length > 0
      return isEnd ? readingOf(builder, provenance) : undefined
    }
    const child = childOf(text.slice(open + 1, close))
    const end = child ? text.indexOf('<', close) : -1
    if (!child || !text.startsWith(child.endTag, end)) return undefined
    if (child.element) {
      const value = valueOf(text.slice(close + 1, end), child.element)
      if (value === undefined) return undefined
      builder.add(child.element, value, child.language, child.term)
    }
    at = end + child.endTag.length
  }
}

function valueOf(raw: string, element: DcElement): string | undefined {
  if (raw.length > longest || raw.includes('\r')) return undefined
  const isWide = beyondAscii.test(raw)
  if (isWide && !opaque.has(element)) return undefined
  const text = raw.includes('&') ? decoded(raw) : raw
  if (text === undefined || !isWide) return text
  return hasPlainEnds(text) ? text : undefined
}

/** Whether nothing is taken off its ends: a blank there may hide what else stands there. */
function hasPlainEnds(text: string): boolean {
  const first = text.charCodeAt(0)
  const last = text.charCodeAt(text.length - 1)
  return (
    first > 0x20 &&
    last > 0x20 &&
    (first < 0x80 || !wideBegin.test(text.slice(0, 3))) &&
    (last < 0x80 || !wideEnd.test(text.slice(-3)))
  )
}

function decoded(raw: string): string | undefined {
  let isKnown = true
  const text = raw.replace(/&[^;]*;?/g, (reference) => {
    const character = entities[reference]
    isKnown &&= character !== undefined
    return character ?? ''
  })
  return isKnown ? text : undefined
}

function rootOf(tag: string): FlatRoot {
  const [, name = ''] = (!beyondAscii.test(tag) && rootShape.exec(tag)) || []
  const { namespace } = name ? readXml(`${tag}</${name}>`) : { namespace: '' }
  return { tag, name, isOaiDc: namespace === oaiDc.metadataNamespace, children: new Map() }
}

function childOf(tag: string): FlatChild | undefined {
  const known = root.children.get(tag)
  if (known) return known
  const [, name] = (!beyondAscii.test(tag) && childShape.exec(tag)) || []
  if (name === undefined) return undefined
  const parent = readXml(`${root.tag}<${tag}></${name}></${root.name}>`)
  const [element] = parent.children
  if (typeof element !== 'object') return undefined
  const language = languageOf(element) ?? languageOf(parent)
  const read = {
    endTag: `</${name}>`,
    ...propertyOf(element),
    ...(language !== undefined && { language }),
  }
  return remember(root.children, tag, read)
}
