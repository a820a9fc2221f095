// An answer of OAI-PMH 2.0 (section 3.2), read while it streams and judged: what is not one gets a name, never "success
// with nothing". Of a list, stretches of records are handed on as they come, so a page may be of any length.
import { verbs } from '../schemas/oai.ts'
import {
  attributeOf,
  childOf,
  childrenOf,
  childText,
  readXml,
  textOf,
  type XmlElement,
} from '../schemas/xml-tree.ts'
import { cut, usualBounds, type Bounds } from './cut.ts'
import { Diagnosis, evidenceOf, type Evidence, type Problem } from './diagnosis.ts'
import { toUtf8 } from './encoding.ts'
import { Envelope, type Read } from './envelope.ts'
import { badBytes, identifierIn, isReplaced, repaired, salvage, type Following } from './salvage.ts'
import { faultOf, type Fault } from './well-formed.ts'

export interface ResumptionToken {
  /** Empty: this was the last page. */
  value: string
  completeListSize?: number
  cursor?: number
}

/** Some records of a page, in the order of the page. */
export interface Stretch extends Read {
  responseDate?: string
  /** The last stretch has it. */
  end?: PageEnd
}

export interface PageEnd {
  errors: { code: string; message: string }[]
  /** The element named after the verb; of a list of records it is not kept. */
  answer?: XmlElement
  isList: boolean
  token?: ResumptionToken
  /** How the page ends, for a person to look at where its token leads astray. */
  last: Buffer
  /** Why that is not the end: what came was read, and asking again may bring all. */
  broken?: Diagnosis
}

/**
 * @param bytes of the answer, unpacked
 * @throws Diagnosis
 */
export async function* readPage(
  bytes: AsyncIterable<Buffer>,
  bounds: Bounds = usualBounds,
): AsyncGenerator<Stretch, void> {
  const { chunks, decoded } = await toUtf8(bytes)
  let list: List | undefined
  let part = new Part()
  for await (const piece of cut(chunks, bounds)) {
    if (piece.kind === 'head') {
      const head = piece.bytes.toString('utf8').replace(declaration, '')
      judgeProlog(head)
      if (!piece.isList) {
        yield readWhole(piece.bytes, head, decoded, piece.broken)
        return
      }
      list = openList(piece.bytes, head, decoded)
    } else if (piece.kind === 'records') {
      if (list) part.add(list.read(piece.bytes), piece.bytes.length)
      if (part.isFull) {
        yield part.stretch
        part = new Part()
      }
    } else if (piece.kind === 'too-large') {
      list?.refuse(piece.bytes, bounds.record)
    } else if (list) {
      part.add(list.end(piece.bytes, piece.tail, piece.broken), 0)
      yield part.stretch
    }
  }
}

const declaration = /^\s*<\?xml\s[^>]*\?>/

/** As many records as are best worked on at once. */
class Part {
  stretch: Stretch = { records: [], problems: [] }
  private size = 0

  add({ records, problems, ...rest }: Stretch, size: number): void {
    const { stretch } = this
    for (const each of records) stretch.records.push(each)
    for (const each of problems) stretch.problems.push(each)
    this.stretch = { ...stretch, ...rest }
    this.size += size
  }

  get isFull(): boolean {
    return this.stretch.records.length >= 1000 || this.size >= 2 ** 21
  }
}

/** What stands before the root element: HTML and document types are refused before any parser sees them. */
function judgeProlog(text: string): void {
  const head = text.slice(prologEnd(text)).slice(0, 4096)
  const evidence = evidenceOf(Buffer.from(text.slice(0, 65_536)))
  if (/^<!doctype\s+html|^<html\b/i.test(head)) {
    const title = /<title[^>]*>\s*([^<]{1,200})/i.exec(head)?.[1]?.trim()
    throw new Diagnosis(
      'html-instead-of-oai',
      `it answers with a web page${title ? ` ("${title}")` : ''} instead of OAI-PMH`,
      { evidence },
    )
  }
  if (/^<!doctype/i.test(head)) {
    throw new Diagnosis('doctype-refused', 'the answer has a DOCTYPE, which OAI-PMH never needs', {
      evidence,
    })
  }
  if (head && !head.startsWith('<')) {
    const shown = head.slice(0, 60).replace(/\s+/g, ' ')
    throw new Diagnosis('not-xml', `the answer is not XML; it begins with "${shown}"`, { evidence })
  }
}

/** Where instructions, comments and white space at the beginning end. */
function prologEnd(text: string): number {
  let at = 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    const close = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined
    const end = close === undefined ? -1 : text.indexOf(close, at)
    if (close === undefined || end < 0) return at
    at = end + close.length
  }
}

function judgeRoot(name: string, evidence: Evidence): void {
  const local = name.slice(name.indexOf(':') + 1)
  if (local === 'OAI-PMH') return
  throw local.toLowerCase() === 'html'
    ? new Diagnosis('html-instead-of-oai', 'it answers with a web page instead of OAI-PMH', {
        evidence,
      })
    : new Diagnosis('not-oai', `it answers with XML, but <${local}> is not OAI-PMH`, { evidence })
}

const rootName = (head: string): string =>
  /^<([^\s/>]{1,200})/.exec(head.slice(prologEnd(head)))?.[1] ?? ''

/** What of an answer is well-formed, perhaps when it is repaired. */
function soundXml(text: string, replaced: boolean): { text: string; fault?: Fault } {
  const fault = faultOf(text) ?? (replaced ? { message: badBytes, at: 0 } : undefined)
  if (!fault) return { text }
  const repair = repaired(text)
  const left = faultOf(repair)
  if (left) {
    throw new Diagnosis('not-xml', `the answer is not well-formed XML: ${left.message}`, {
      evidence: evidenceOf(Buffer.from(text), left.at),
    })
  }
  return { text: repair, fault }
}

const notWellFormed = ({ message, at }: Fault, bytes: Buffer): Problem => ({
  code: 'page-not-well-formed',
  message,
  evidence: evidenceOf(bytes, at),
})

/** Whether it is all there, and up to where. */
function wholeLength(text: string): number | undefined {
  const close = [...text.slice(-65_536).matchAll(/<\/(?:[\w.-]+:)?OAI-PMH\s*>/g)].at(-1)
  return close && Math.max(0, text.length - 65_536) + close.index + close[0].length
}

/** An answer that is no list of records. */
function readWhole(
  bytes: Buffer,
  head: string,
  decoded: boolean,
  broken: Diagnosis | undefined,
): Stretch {
  const evidence = evidenceOf(bytes)
  const name = rootName(head)
  const length = wholeLength(head)
  if (length === undefined) {
    if (broken) throw withEvidence(broken, evidence)
    if (!name || /(?:^|:)OAI-PMH$/.test(name)) {
      const message = head.trim() ? 'the answer ends in the middle' : 'the answer is empty'
      throw new Diagnosis('page-cut', message, { passing: true, evidence })
    }
  }
  const { text, fault } = soundXml(head.slice(0, length), isReplaced(bytes, decoded))
  judgeRoot(name, evidence)
  const root = readXml(text)
  const answer = childrenOf(root).find((each) => (verbs as readonly string[]).includes(each.name))
  const errors = errorsOf(root)
  if (!answer && !errors.length) {
    throw new Diagnosis('not-oai', 'the answer holds neither what was asked for nor an error', {
      evidence,
    })
  }
  const token = answer && tokenIn(childrenOf(answer))
  return {
    records: [],
    problems: fault ? [notWellFormed(fault, bytes)] : [],
    ...dateOf(root),
    end: {
      errors,
      isList: false,
      last: lastOf(bytes),
      ...(answer && { answer }),
      ...(token && { token }),
    },
  }
}

const withEvidence = (diagnosis: Diagnosis, evidence: Evidence): Diagnosis => {
  diagnosis.evidence ??= evidence
  return diagnosis
}

function openList(bytes: Buffer, head: string, decoded: boolean): List {
  const name = rootName(head)
  judgeRoot(name, evidenceOf(bytes))
  const listName = /<([^\s<>]+)[^<]*$/.exec(head)?.[1] ?? ''
  const ends = `</${listName}></${name}>`
  const { text, fault } = soundXml(head + ends, isReplaced(bytes, decoded))
  const root = readXml(text)
  const list = childOf(root, listName.slice(listName.indexOf(':') + 1)) ?? root
  const problems = fault ? [notWellFormed(fault, bytes)] : []
  return new List(new Envelope(text, root, list, ends), root, decoded, problems)
}

/** A list of records whose beginning is read. */
class List {
  private readonly envelope: Envelope
  private readonly root: XmlElement
  private readonly decoded: boolean
  /** Waiting for the next stretch. */
  private problems: Problem[]
  private isBroken: boolean
  /** What may be the beginning of the first record of the next stretch. */
  private rest: Buffer = Buffer.alloc(0)
  private token: ResumptionToken | undefined

  constructor(envelope: Envelope, root: XmlElement, decoded: boolean, problems: Problem[]) {
    this.envelope = envelope
    this.root = root
    this.decoded = decoded
    this.problems = problems
    this.isBroken = problems.length > 0
  }

  read(bytes: Buffer, following: Following = 'more'): Stretch {
    const all = this.rest.length ? Buffer.concat([this.rest, bytes]) : bytes
    this.rest = Buffer.alloc(0)
    const { records, problems } = this.readSound(all) ?? this.salvage(all, following)
    const waiting = this.problems
    this.problems = []
    return { records, problems: [...waiting, ...problems], ...dateOf(this.root) }
  }

  refuse(beginning: Buffer, most: number): void {
    const identifier = identifierIn(beginning.toString('utf8'))
    this.problems.push({
      code: 'record-too-large',
      message: `it has more than ${most} bytes`,
      ...(identifier !== undefined && { identifier }),
    })
  }

  end(bytes: Buffer, tail: Buffer, broken: Diagnosis | undefined): Stretch {
    const text = tail.toString('utf8')
    const length = wholeLength(text)
    // Who said all and then breaks the connection has said all; but what cannot be unpacked may be anything.
    const cause =
      length === undefined || broken?.code === 'encoding-broken'
        ? (broken ?? new Diagnosis('page-cut', 'the answer ends in the middle', { passing: true }))
        : undefined
    const stretch = this.read(bytes, cause ? 'cut' : 'end')
    const last = lastOf(Buffer.concat([lastOf(bytes), tail]))
    const errors = errorsOf(this.root)
    if (cause) {
      withEvidence(cause, evidenceOf(Buffer.concat([bytes, tail]), Infinity))
      return { ...stretch, end: { errors, isList: true, broken: cause, last } }
    }
    const token = this.lastToken(text.slice(0, length), stretch.problems) ?? this.token
    return { ...stretch, end: { errors, isList: true, last, ...(token && { token }) } }
  }

  private readSound(bytes: Buffer): Read | undefined {
    if (isReplaced(bytes, this.decoded)) return undefined
    const read: Read = { records: [], problems: [] }
    const rest = bytes.subarray(this.envelope.readFlat(bytes, read))
    if (!rest.length) return read
    if (this.envelope.faultIn(rest)) return undefined
    this.token ??= tokenIn(this.envelope.read(rest.toString('utf8'), read))
    return read
  }

  private salvage(bytes: Buffer, following: Following): Read {
    const { between, rest, ...read } = salvage(bytes, this.envelope, this.decoded, following)
    this.token ??= this.looseToken(between)
    this.rest = rest
    // Where nothing else was wrong, the cut was.
    if (this.isBroken || !read.problems.length) return read
    this.isBroken = true
    const fault = isReplaced(bytes, this.decoded) ? undefined : this.envelope.faultIn(bytes)
    const problem = notWellFormed(fault ?? { message: badBytes, at: 0 }, bytes)
    return { ...read, problems: [problem, ...read.problems] }
  }

  /** The token that follows the records. */
  private lastToken(tail: string, problems: Problem[]): ResumptionToken | undefined {
    const bytes = Buffer.from(tail)
    const fault = this.envelope.faultIn(bytes, true)
    if (!fault) return tokenIn(this.envelope.read(tail, { records: [], problems: [] }))
    if (!this.isBroken) problems.push(notWellFormed(fault, bytes))
    return this.looseToken(tail)
  }

  /** Where the page is broken around it, the token is looked for alone. */
  private looseToken(text: string): ResumptionToken | undefined {
    const element =
      /<((?:[\w.-]+:)?)resumptionToken(?:\s[^<>]*)?(?:\/>|>[^<]*<\/\1resumptionToken\s*>)/
    const found = repaired(element.exec(text)?.[0] ?? '')
    if (!found || this.envelope.faultIn(Buffer.from(found))) return undefined
    return tokenIn(this.envelope.read(found, { records: [], problems: [] }))
  }
}

const lastOf = (bytes: Buffer): Buffer => bytes.subarray(-4096)

const errorsOf = (root: XmlElement): PageEnd['errors'] =>
  childrenOf(root, 'error').map((each) => ({
    code: attributeOf(each, 'code') ?? '',
    message: textOf(each).trim().slice(0, 500),
  }))

function dateOf(root: XmlElement): { responseDate?: string } {
  const responseDate = childText(root, 'responseDate')
  return responseDate === undefined ? {} : { responseDate }
}

function tokenIn(elements: XmlElement[]): ResumptionToken | undefined {
  const element = elements.find((each) => each.name === 'resumptionToken')
  if (!element) return undefined
  const size = wholeNumber(attributeOf(element, 'completeListSize'))
  const cursor = wholeNumber(attributeOf(element, 'cursor'))
  return {
    value: textOf(element).trim(),
    ...(size !== undefined && { completeListSize: size }),
    ...(cursor !== undefined && { cursor }),
  }
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined
}
