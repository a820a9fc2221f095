// Reading XML 1.0 with namespaces into plain objects, from text that a strict parser has found well-formed and that has
// no DOCTYPE (so the five predefined entities are all there are). What is not so throws; nothing is guessed.
// Elements remember where they stand in the text, so what a record came with can be cut out as it is.
import { remember } from './known.ts'

interface XmlAttribute {
  name: string
  namespace: string
  value: string
}

export interface XmlElement {
  /** Local name. */
  name: string
  namespace: string
  attributes: XmlAttribute[]
  /** Elements and text; white space between elements is left out. */
  children: (XmlElement | string)[]
  /** Where its start tag begins and its end tag ends in the text. */
  start: number
  end: number
  /** Where the attributes of its start tag could begin. */
  nameEnd: number
  /** Where its content begins. */
  innerStart: number
  /** Prefixes in force inside; '' is the default namespace. */
  scope: Scope
  /** Prefixes in force around it. */
  outer: Scope
}

/** Namespaces by prefix; '' is the default namespace. */
export type Scope = ReadonlyMap<string, string>

export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

const maximumDepth = 256
const noAttributes: XmlAttribute[] = []
const nothing: Scope = new Map([['xml', xmlNamespace]])
const nameShape = /[^\s/>=<"'&]+/y
const attributeShape = /\s+([^\s/>=<"'&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const leafTagShape = /^([^\s/>=<"'&!?]+)(?:\s+xml:lang="([^"<]*)")?$/
const blankShape = /^\s*$/
const tagEnd = /\s*(\/?)>/y

// What starts the elements of one source is the same again and again; so it is read once.
const longestKept = 1000
const leafTags = new WeakMap<Scope, Map<string, LeafTag>>()
const rootTags = new Map<string, XmlElement>()
let lastRoot: XmlElement | undefined
let lastRootTag = ''

/** A start tag without attributes but xml:lang. */
interface LeafTag {
  name: string
  namespace: string
  attributes: XmlAttribute[]
  nameLength: number
  endTag: string
}

function leafTagsIn(scope: Scope): Map<string, LeafTag> {
  const known = leafTags.get(scope)
  if (known) return known
  const made = new Map<string, LeafTag>()
  leafTags.set(scope, made)
  return made
}

// To look a long tag up costs more than to see that it is the last one again.
function knownRoot(tag: string): XmlElement | undefined {
  if (tag === lastRootTag) return lastRoot
  const known = rootTags.get(tag)
  if (known) [lastRoot, lastRootTag] = [known, tag]
  return known
}

class Reader {
  readonly text: string
  position: number
  readonly open: XmlElement[] = []
  root: XmlElement | undefined

  readonly taken: Take | undefined
  readonly around: Scope
  leafScope: Scope | undefined
  leafTags = new Map<string, LeafTag>()

  constructor(text: string, taken?: Take, position = 0, around = nothing) {
    this.text = text
    this.taken = taken
    this.position = position
    this.around = around
  }

  read(): XmlElement {
    while (this.step());
    if (!this.root || this.open.length) throw this.fault('it ends too early')
    return this.root
  }

  readElement(): XmlElement {
    do if (!this.step()) throw this.fault('it ends too early')
    while (!this.root || this.open.length)
    return this.root
  }

  /** Past the next tag; false where there is none. */
  step(): boolean {
    const { text } = this
    const next = text.indexOf('<', this.position)
    this.characters(next < 0 ? text.length : next)
    if (next < 0) return false
    this.position = next
    if (this.leaf()) return true
    const kind = text[next + 1]
    if (kind === '/') this.endTag()
    else if (kind === '?') this.skip('?>')
    else if (kind === '!') this.declaration()
    else this.startTag()
    return true
  }

  /** An element of text alone, as most are: read at once. */
  leaf(): boolean {
    const parent = this.open.at(-1)
    if (!parent || this.taken) return false
    const { text, position: start } = this
    const { scope } = parent
    const tagEnd = text.indexOf('>', start)
    const tag = this.leafTag(text.slice(start + 1, tagEnd), scope)
    const innerStart = tagEnd + 1
    const innerEnd = tag ? text.indexOf('<', innerStart) : -1
    if (!tag || innerEnd < 0 || !text.startsWith(tag.endTag, innerEnd)) return false
    const raw = text.slice(innerStart, innerEnd)
    this.position = innerEnd + tag.endTag.length
    parent.children.push({
      name: tag.name,
      namespace: tag.namespace,
      attributes: tag.attributes,
      children: blankShape.test(raw) ? [] : [decode(raw, false)],
      start,
      end: this.position,
      nameEnd: start + tag.nameLength + 1,
      innerStart,
      scope,
      outer: scope,
    })
    return true
  }

  leafTag(tag: string, scope: Scope): LeafTag | undefined {
    if (scope !== this.leafScope) {
      this.leafScope = scope
      this.leafTags = leafTagsIn(scope)
    }
    const known = this.leafTags.get(tag)
    if (known) return known
    const [, name, language] = (tag.length < longestKept && leafTagShape.exec(tag)) || []
    if (name === undefined) return undefined
    const [prefix, local] = split(name)
    const read: LeafTag = {
      name: local,
      namespace: this.resolve(prefix, scope),
      attributes:
        language === undefined
          ? noAttributes
          : [this.attribute('xml:lang', decode(language, true), scope)],
      nameLength: name.length,
      endTag: `</${name}>`,
    }
    remember(this.leafTags, tag, read)
    return read
  }

  fault(what: string): Error {
    return new Error(`the XML cannot be read at character ${this.position}: ${what}`)
  }

  characters(end: number): void {
    if (end === this.position) return
    const raw = this.text.slice(this.position, end)
    if (/\S/.test(raw)) this.append(decode(raw, false))
  }

  append(text: string): void {
    const parent = this.open.at(-1)
    if (!parent) throw this.fault('text outside the root element')
    const last = parent.children.length - 1
    if (typeof parent.children[last] === 'string') parent.children[last] += text
    else parent.children.push(text)
  }

  skip(until: string): void {
    const end = this.text.indexOf(until, this.position)
    if (end < 0) throw this.fault(`"${until}" is missing`)
    this.position = end + until.length
  }

  declaration(): void {
    const { text } = this
    if (text.startsWith('<!--', this.position)) {
      this.skip('-->')
    } else if (text.startsWith('<![CDATA[', this.position)) {
      const start = this.position + 9
      this.skip(']]>')
      this.append(lineEnds(text.slice(start, this.position - 3)))
    } else {
      throw this.fault('a DOCTYPE is refused')
    }
  }

  endTag(): void {
    const element = this.open.pop()
    if (!element) throw this.fault('an end tag without a start tag')
    this.skip('>')
    element.end = this.position
    if (this.taken?.(element, this.open.length)) this.open.at(-1)?.children.pop()
  }

  startTag(): void {
    const start = this.position
    const tag = this.rootTag()
    const known = tag === undefined ? undefined : knownRoot(tag)
    if (known) {
      const innerStart = start + known.innerStart
      const nameEnd = start + known.nameEnd
      this.position = innerStart
      const children: XmlElement['children'] = []
      this.place(
        { ...known, children, start, end: innerStart, nameEnd, innerStart },
        undefined,
        false,
      )
      return
    }
    nameShape.lastIndex = start + 1
    const name = nameShape.exec(this.text)?.[0]
    if (!name) throw this.fault('a name is missing')
    const nameEnd = nameShape.lastIndex
    let position = nameEnd
    let declared: Map<string, string> | undefined
    let plain: [string, string][] | undefined
    const parent = this.open.at(-1)
    const outer = parent?.scope ?? this.around
    for (;;) {
      attributeShape.lastIndex = position
      const match = attributeShape.exec(this.text)
      if (!match) break
      position = attributeShape.lastIndex
      const [, key = '', double, single = ''] = match
      const value = decode(double ?? single, true)
      if (key === 'xmlns') (declared ??= new Map(outer)).set('', value)
      else if (key.startsWith('xmlns:')) (declared ??= new Map(outer)).set(key.slice(6), value)
      else (plain ??= []).push([key, value])
    }
    tagEnd.lastIndex = position
    const closing = tagEnd.exec(this.text)
    if (!closing) throw this.fault('a tag does not end')
    this.position = tagEnd.lastIndex
    const scope = declared ?? outer
    const [prefix, local] = split(name)
    const element: XmlElement = {
      name: local,
      namespace: this.resolve(prefix, scope),
      attributes: plain
        ? plain.map(([key, value]) => this.attribute(key, value, scope))
        : noAttributes,
      children: [],
      start,
      end: this.position,
      nameEnd,
      innerStart: this.position,
      scope,
      outer,
    }
    if (tag?.length === this.position - start && !closing[1]) {
      const [nameLength, length] = [nameEnd - start, tag.length]
      remember(rootTags, tag, {
        ...element,
        children: [],
        start: 0,
        nameEnd: nameLength,
        innerStart: length,
      })
    }
    this.place(element, parent, closing[1] === '/')
  }

  /** The start tag of a root, as far as can be told without reading it. */
  rootTag(): string | undefined {
    if (this.root || this.around !== nothing) return undefined
    const { text, position } = this
    const end = text.indexOf('>', position) + 1
    return end - position > longestKept ? undefined : text.slice(position, end)
  }

  place(element: XmlElement, parent: XmlElement | undefined, closed: boolean): void {
    if (parent) parent.children.push(element)
    else if (this.root) throw this.fault('a second root element')
    else this.root = element
    if (closed) {
      if (this.taken?.(element, this.open.length)) parent?.children.pop()
      return
    }
    if (this.open.length >= maximumDepth) throw this.fault('it is nested too deeply')
    this.open.push(element)
  }

  attribute(key: string, value: string, scope: Scope): XmlAttribute {
    const [prefix, name] = split(key)
    return { name, namespace: prefix ? this.resolve(prefix, scope) : '', value }
  }

  resolve(prefix: string, scope: Scope): string {
    const namespace = scope.get(prefix)
    if (namespace === undefined && prefix) throw this.fault(`the prefix "${prefix}" is not bound`)
    return namespace ?? ''
  }
}

function split(name: string): [string, string] {
  const colon = name.indexOf(':')
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)]
}

const predefined: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decode(raw: string, attribute: boolean): string {
  let text = raw.includes('\r') ? lineEnds(raw) : raw
  if (attribute && /[\t\n]/.test(text)) text = text.replace(/[\t\n]/g, ' ')
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([^;\s&]+));/g,
    (whole, hex, decimal, name) => {
      if (name !== undefined) {
        const known = predefined[name as string]
        if (known === undefined) throw new Error(`the entity ${whole} is not known`)
        return known
      }
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16)
      if (!(code <= 0x10ffff)) throw new Error(`the reference ${whole} names no character`)
      return String.fromCodePoint(code)
    },
  )
}

const lineEnds = (text: string): string =>
  text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text

/** Told of each element at its end; what it takes does not stay in the tree. */
export type Take = (element: XmlElement, depth: number) => boolean

/**
 * The root element of a document.
 * @param take keeps a long document from becoming one large tree
 * @throws on what is not well-formed as far as it looks, on a DOCTYPE, on more than 256 levels
 */
export function readXml(text: string, take?: Take): XmlElement {
  return new Reader(text, take).read()
}

/**
 * The element that begins at a place in a text, after white space, comments and instructions perhaps.
 * @param around prefixes in force there
 */
export function readElement(text: string, position: number, around: Scope): XmlElement {
  return new Reader(text, undefined, position, around).readElement()
}

export function childrenOf(parent: XmlElement, name?: string, namespace?: string): XmlElement[] {
  return parent.children.filter(
    (each): each is XmlElement =>
      typeof each !== 'string' &&
      (name === undefined || each.name === name) &&
      (namespace === undefined || each.namespace === namespace),
  )
}

export function childOf(
  parent: XmlElement,
  name: string,
  namespace?: string,
): XmlElement | undefined {
  return parent.children.find(
    (each): each is XmlElement =>
      typeof each !== 'string' &&
      each.name === name &&
      (namespace === undefined || each.namespace === namespace),
  )
}

/** All text inside, in order. */
export function textOf(element: XmlElement | undefined): string {
  if (!element) return ''
  const [first] = element.children
  if (element.children.length === 1 && typeof first === 'string') return first
  return element.children.map((each) => (typeof each === 'string' ? each : textOf(each))).join('')
}

/** Text of a child element, trimmed; undefined where there is none. */
export function childText(parent: XmlElement, name: string): string | undefined {
  return textOf(childOf(parent, name)).trim() || undefined
}

export function attributeOf(element: XmlElement, name: string, namespace = ''): string | undefined {
  return element.attributes.find((each) => each.name === name && each.namespace === namespace)
    ?.value
}

/** An element cut out of its document as it is, with the declarations that it inherits put on it. */
export function cutOut(element: XmlElement, text: string): string {
  const own = text.slice(element.start, element.end)
  const inherited = inheritable(element, text)
    .filter(([prefix]) => uses(element, prefix, text))
    .map(([, declaration]) => declaration)
  if (!inherited.length) return own
  const at = element.nameEnd - element.start
  return own.slice(0, at) + inherited.join('') + own.slice(at)
}

/** Prefixes in force around an element that it does not declare itself, with the declarations of them. */
export function inheritable(
  element: XmlElement,
  text: string,
): [prefix: string, declaration: string][] {
  return [...element.outer]
    .filter(([prefix]) => prefix !== 'xml' && !declares(element, prefix, text))
    .map(([prefix, namespace]) => {
      const name = prefix ? `xmlns:${prefix}` : 'xmlns'
      const escaped = namespace.replace(/[&<"]/g, (one) => `&#${one.charCodeAt(0)};`)
      return [prefix, ` ${name}="${escaped}"`]
    })
}

function declares(element: XmlElement, prefix: string, text: string): boolean {
  if (element.scope === element.outer) return false
  const name = prefix ? `xmlns:${prefix}` : 'xmlns'
  let position = element.nameEnd
  for (;;) {
    attributeShape.lastIndex = position
    const match = attributeShape.exec(text)
    if (!match) return false
    if (match[1] === name) return true
    position = attributeShape.lastIndex
  }
}

// Prefixes also stand in values (xsi:type="dcterms:W3CDTF"), so for them the text is asked; the default namespace is used
// by elements only.
function uses(element: XmlElement, prefix: string, text: string): boolean {
  if (prefix) return text.slice(element.start, element.end).includes(`${prefix}:`)
  return (
    !text.slice(element.start, element.nameEnd).includes(':') ||
    element.children.some((each) => typeof each !== 'string' && uses(each, prefix, text))
  )
}
