// A record of the usual shape, cut out of text that is known to be well-formed by looking for where its parts end, at a
// fraction of what its tree costs. Whatever has another shape (comments, CDATA, attributes where none are usual) is left
// to the tree, which makes the same of it.
import { inheritable, readElement, type Scope, type XmlElement } from '../schemas/xml-tree.ts'
import type { Problem } from './diagnosis.ts'
import { aboutsOf, recordOf, type HarvestedRecord } from './record.ts'

const blank = '[ \\t\\r\\n]*'
const value = '([^<&\\r]*)'
const attributes = `(?:[^<>"']|"[^"<]*"|'[^'<]*')*`
const mostTags = 1000
const nothing = { elements: [], text: '' }

/** What a start tag says of its element. */
interface StartTag {
  namespace: string
  /** Prefixes that it could inherit, with the declarations of them. */
  inheritable: [prefix: string, declaration: string][]
}

/** Reads records of one list. */
export class PlainReader {
  private readonly scope: Scope
  private readonly header: RegExp
  private readonly about: RegExp
  private readonly metadataOpen: string
  private readonly metadataEnd: string
  private readonly end: RegExp
  /** Start tags of metadata as they were met: a source has few. */
  private readonly tags = new Map<string, StartTag>()

  /**
   * @param prefix of the elements of OAI-PMH, with its colon
   * @param scope prefixes in force around the records
   */
  constructor(prefix: string, scope: Scope) {
    this.scope = scope
    const open = (name: string): string => `<${prefix}${name}>${blank}`
    const close = (name: string): string => `</${prefix}${name}>${blank}`
    this.header = new RegExp(
      `${open('record')}<${prefix}header(?: status="([^"<&]*)")?>${blank}` +
        `${open('identifier')}${value}${close('identifier')}${open('datestamp')}${value}${close('datestamp')}` +
        `((?:${open('setSpec')}[^<&]*${close('setSpec')})*)${close('header')}` +
        `(?:(</${prefix}record>)|${open('metadata')}(<([^ \\t\\r\\n/>]+)${attributes}>))`,
      'y',
    )
    this.about = new RegExp(`${blank}(?=<${prefix}about[ \\t\\r\\n>])`, 'y')
    this.metadataOpen = `<${prefix}metadata`
    this.metadataEnd = `</${prefix}metadata>`
    this.end = new RegExp(`${blank}</${prefix}record>`, 'y')
  }

  /** The record that begins here, and where it ends; undefined where it must be read by its tree. */
  read(text: string, at: number): { read: HarvestedRecord | Problem; end: number } | undefined {
    const { header } = this
    header.lastIndex = at
    const match = header.exec(text)
    if (!match) return undefined
    const [, status, identifier = '', datestamp = '', sets = '', ended, tag = '', name = ''] = match
    const parts = {
      identifier: identifier.trim(),
      datestamp: datestamp.trim(),
      sets: sets ? sets.split(/<[^<>]*>/).flatMap((each) => each.trim() || []) : [],
      isDeleted: status?.trim().toLowerCase() === 'deleted',
    }
    if (ended) return { read: recordOf(parts, undefined, nothing), end: header.lastIndex }
    const start = header.lastIndex - tag.length
    const end = text.indexOf(this.metadataEnd, start)
    if (end < 0 || tag.endsWith('/>')) return undefined
    const xml = text.slice(start, end).trimEnd()
    if (!isOneElement(xml, name) || xml.includes(this.metadataOpen)) return undefined
    const rest = this.rest(text, end + this.metadataEnd.length)
    if (!rest) return undefined
    const root = this.tagOf(tag)
    const metadata = { namespace: root.namespace, xml: onItsOwn(xml, root, name.length + 1) }
    return {
      read: recordOf(parts, metadata, rest.abouts.length ? aboutsOf(rest.abouts, text) : nothing),
      end: rest.end,
    }
  }

  private tagOf(tag: string): StartTag {
    const known = this.tags.get(tag)
    if (known) return known
    const element = readElement(`${tag.slice(0, -1)}/>`, 0, this.scope)
    const read = { namespace: element.namespace, inheritable: inheritable(element, tag) }
    if (this.tags.size >= mostTags) this.tags.clear()
    this.tags.set(tag, read)
    return read
  }

  private rest(text: string, from: number): { abouts: XmlElement[]; end: number } | undefined {
    const abouts: XmlElement[] = []
    let at = from
    for (;;) {
      this.about.lastIndex = at
      if (!this.about.test(text)) break
      const about = readElement(text, this.about.lastIndex, this.scope)
      abouts.push(about)
      at = about.end
    }
    this.end.lastIndex = at
    return this.end.test(text) ? { abouts, end: this.end.lastIndex } : undefined
  }
}

/** Whether it is nothing but the element that it begins with, without comments, CDATA and instructions. */
function isOneElement(xml: string, name: string): boolean {
  if (!xml.endsWith(`</${name}>`) || xml.includes('<!') || xml.includes('<?')) return false
  for (let at = xml.indexOf(`<${name}`, 1); at > 0; at = xml.indexOf(`<${name}`, at + 1)) {
    if (/[\s/>]/.test(xml.charAt(at + 1 + name.length))) return false
  }
  return true
}

const unprefixed = /<[^\s:>/]+[\s>/]/

/** With the declarations that it inherits put on it. */
function onItsOwn(xml: string, tag: StartTag, nameEnd: number): string {
  let inherited = ''
  for (const [prefix, declaration] of tag.inheritable) {
    if (prefix ? xml.includes(`${prefix}:`) : unprefixed.test(xml)) inherited += declaration
  }
  return inherited ? xml.slice(0, nameEnd) + inherited + xml.slice(nameEnd) : xml
}
