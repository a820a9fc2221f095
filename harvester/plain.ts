// A record of the usual shape, cut out of text by looking for where its parts end, at a fraction of what its tree costs.
// Whatever has another shape (comments, CDATA, attributes where none are usual) is left to the tree, which makes the same
// of it. Most records are flatter still: a root around elements of text. They are so simple that what is not well-formed
// in them is seen while they are cut, and no parser need judge them.
import { isUtf8 } from 'node:buffer'
import { remember } from '../schemas/known.ts'
import { inheritable, readElement, type Scope, type XmlElement } from '../schemas/xml-tree.ts'
import type { Problem } from './diagnosis.ts'
import { aboutsOf, recordOf, type HarvestedRecord } from './record.ts'

const blank = '[ \\t\\r\\n]*'
const value = '([^<&\\r]*)'
const attributes = `(?:[^<>"']|"[^"<]*"|'[^'<]*')*`
const nothing = { elements: [], text: '' }

// Of text that stands for bytes: no character that XML forbids but U+FFFE and U+FFFF.
const flatText = '([^<\\0-\\x08\\x0b\\x0c\\x0e-\\x1f]*)'
const flatName = `([^ \\t\\r\\n/>=<"'&!?]+)`
const flatChild = new RegExp(
  `${blank}<(?:${flatName}(?: xml:lang="[A-Za-z0-9-]*")?>${flatText}</\\1>|/${flatName}>)`,
  'y',
)
const otherReference = /&(?!(?:amp|lt|gt|quot|apos);)/
const beyondAscii = /[^\t\n\r -~]/
const noCharacters = ['\uFFFE', '\uFFFF'].map((each) => Buffer.from(each))

/** A part of a list that nobody has judged, and its bytes as text of the same length. */
export interface Unjudged {
  bytes: Buffer
  text: string
}

/** Undefined where no record may be read without being judged. */
export function unjudged(bytes: Buffer): Unjudged | undefined {
  if (!isUtf8(bytes) || noCharacters.some((each) => bytes.includes(each))) return undefined
  const text = bytes.toString('latin1')
  return text.includes(']]>') ? undefined : { bytes, text }
}

interface Met {
  read: HarvestedRecord | Problem
  end: number
}

/** What a start tag says of its element. */
interface StartTag {
  namespace: string
  /** Prefixes that it could inherit, with the declarations of them. */
  inheritable: [prefix: string, declaration: string][]
  /** Names that were met inside, and whether they may stand there. */
  names: Map<string, boolean>
}

interface Beginning {
  header: Parameters<typeof recordOf>[0]
  /** Start tag and name of its metadata; none: it ends here. */
  root?: { tag: string; name: string; start: number }
  end: number
}

/** Reads records of one list. */
export class PlainReader {
  private readonly scope: Scope
  private readonly isSound: (xml: string) => boolean
  private readonly beginning: RegExp
  private readonly about: RegExp
  private readonly metadataOpen: string
  private readonly metadataEnd: string
  private readonly flatEnd: RegExp
  private readonly end: RegExp
  /** Start tags of metadata as they were met: a source has few, and mostly one. */
  private readonly tags = new Map<string, StartTag>()
  private last: { tag: string; read: StartTag } | undefined

  /**
   * @param prefix of the elements of OAI-PMH, with its colon
   * @param scope prefixes in force around the records
   * @param isSound judges an element there
   */
  constructor(prefix: string, scope: Scope, isSound: (xml: string) => boolean) {
    this.scope = scope
    this.isSound = isSound
    const open = (name: string): string => `<${prefix}${name}>${blank}`
    const close = (name: string): string => `</${prefix}${name}>${blank}`
    this.beginning = new RegExp(
      `${open('record')}<${prefix}header(?: status="([^"<&]*)")?>${blank}` +
        `${open('identifier')}${value}${close('identifier')}${open('datestamp')}${value}${close('datestamp')}` +
        `((?:${open('setSpec')}[^<&]*${close('setSpec')})*)${close('header')}` +
        `(?:(</${prefix}record>)|${open('metadata')}(<([^ \\t\\r\\n/>]+)${attributes}>))`,
      'y',
    )
    this.about = new RegExp(`${blank}(?=<${prefix}about[ \\t\\r\\n>])`, 'y')
    this.metadataOpen = `<${prefix}metadata`
    this.metadataEnd = `</${prefix}metadata>`
    this.flatEnd = new RegExp(`${blank}</${prefix}metadata>${blank}</${prefix}record>${blank}`, 'y')
    this.end = new RegExp(`${blank}</${prefix}record>`, 'y')
  }

  /**
   * The record that begins here in text that is well-formed, and where it ends; undefined where it must be read by its
   * tree.
   */
  read(text: string, at: number): Met | undefined {
    const { header, root, end: begun } = this.begin(text, at) ?? {}
    if (!header || begun === undefined) return undefined
    if (!root) return { read: recordOf(header, undefined, nothing), end: begun }
    const { tag, name, start } = root
    const end = text.indexOf(this.metadataEnd, start)
    if (end < 0 || tag.endsWith('/>')) return undefined
    const xml = text.slice(start, end).trimEnd()
    if (!isOneElement(xml, name) || xml.includes(this.metadataOpen)) return undefined
    const rest = this.rest(text, end + this.metadataEnd.length)
    if (!rest) return undefined
    const startTag = this.tagOf(tag)
    const inherited = inheritedBy(startTag, xml, () => unprefixed.test(xml))
    const nameEnd = name.length + 1
    const own = inherited ? xml.slice(0, nameEnd) + inherited + xml.slice(nameEnd) : xml
    const metadata = { namespace: startTag.namespace, xml: Buffer.from(own) }
    return {
      read: recordOf(header, metadata, rest.abouts.length ? aboutsOf(rest.abouts, text) : nothing),
      end: rest.end,
    }
  }

  /**
   * The flat record that begins here, which is well-formed then, and where the white space behind it ends; undefined
   * where it must be judged first.
   */
  readFlat({ text, bytes }: Unjudged, at: number): Met | undefined {
    const { header, root, end: begun = at } = this.begin(text, at) ?? {}
    if (!header || beyondAscii.test(text.slice(at, begun))) return undefined
    if (!root) return { read: recordOf(header, undefined, nothing), end: blankEnd(text, begun) }
    const { tag, name, start } = root
    const startTag = this.soundTagOf(tag, name)
    const flat = startTag && this.flatContent(text, begun, root, startTag)
    if (!flat) return undefined
    this.flatEnd.lastIndex = flat.end
    if (!this.flatEnd.test(text)) return undefined
    const inherited = startTag.inheritable.length
      ? inheritedBy(startTag, text.slice(start, flat.end), () => flat.isUnprefixed)
      : ''
    const nameEnd = start + name.length + 1
    const xml = inherited
      ? Buffer.concat([
          bytes.subarray(start, nameEnd),
          Buffer.from(inherited),
          bytes.subarray(nameEnd, flat.end),
        ])
      : bytes.subarray(start, flat.end)
    const metadata = { namespace: startTag.namespace, xml }
    return { read: recordOf(header, metadata, nothing), end: this.flatEnd.lastIndex }
  }

  private begin(text: string, at: number): Beginning | undefined {
    const { beginning } = this
    beginning.lastIndex = at
    const match = beginning.exec(text)
    if (!match) return undefined
    const [, status, identifier = '', datestamp = '', sets = '', ended, tag = '', name = ''] = match
    const end = beginning.lastIndex
    return {
      header: {
        identifier: identifier.trim(),
        datestamp: datestamp.trim(),
        sets: sets ? sets.split(/<[^<>]*>/).flatMap((each) => each.trim() || []) : [],
        isDeleted: status?.trim().toLowerCase() === 'deleted',
      },
      ...(!ended && { root: { tag, name, start: end - tag.length } }),
      end,
    }
  }

  /** Up to the end tag of the root; undefined where anything but elements of text stands in it. */
  private flatContent(
    text: string,
    from: number,
    { tag, name }: { tag: string; name: string },
    { names }: StartTag,
  ): { end: number; isUnprefixed: boolean } | undefined {
    let isUnprefixed = !name.includes(':')
    flatChild.lastIndex = from
    for (;;) {
      const [whole, child, content = '', closed] = flatChild.exec(text) ?? []
      if (whole === undefined) return undefined
      if (closed !== undefined) {
        return closed === name ? { end: flatChild.lastIndex, isUnprefixed } : undefined
      }
      if (content.includes('&') && otherReference.test(content)) return undefined
      const next = flatChild.lastIndex
      if (!this.mayStand(child as string, tag, name, names)) return undefined
      flatChild.lastIndex = next
      isUnprefixed ||= !child?.includes(':')
    }
  }

  private mayStand(child: string, tag: string, name: string, names: Map<string, boolean>): boolean {
    const known = names.get(child)
    if (known !== undefined) return known
    const may = !beyondAscii.test(child) && this.isSound(`${tag}<${child}></${child}></${name}>`)
    remember(names, child, may)
    return may
  }

  private soundTagOf(tag: string, name: string): StartTag | undefined {
    const known = this.known(tag)
    if (known) return known
    return !tag.endsWith('/>') && this.isSound(`${tag}</${name}>`) ? this.tagOf(tag) : undefined
  }

  // To look a long tag up costs more than to see that it is the last one again.
  private known(tag: string): StartTag | undefined {
    if (this.last?.tag === tag) return this.last.read
    const read = this.tags.get(tag)
    if (read) this.last = { tag, read }
    return read
  }

  private tagOf(tag: string): StartTag {
    const known = this.known(tag)
    if (known) return known
    const element = readElement(`${tag.slice(0, -1)}/>`, 0, this.scope)
    const { namespace } = element
    const read = { namespace, inheritable: inheritable(element, tag), names: new Map() }
    remember(this.tags, tag, read)
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

function blankEnd(text: string, from: number): number {
  let end = from
  while (/[ \t\r\n]/.test(text.charAt(end))) end++
  return end
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

/** Declarations that it needs to stand on its own. */
function inheritedBy(tag: StartTag, xml: string, isUnprefixed: () => boolean): string {
  let inherited = ''
  for (const [prefix, declaration] of tag.inheritable) {
    if (prefix ? xml.includes(`${prefix}:`) : isUnprefixed()) inherited += declaration
  }
  return inherited
}
