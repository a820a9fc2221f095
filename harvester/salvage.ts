// A stretch that is not well-formed is cut into its records by scanning; each is judged alone, repaired where only
// characters are wrong, and kept or reported.
import { readXml, type XmlElement } from '../schemas/xml-tree.ts'
import type { Problem } from './diagnosis.ts'
import { isProblem, readRecord, type HarvestedRecord } from './record.ts'
import { faultOf } from './well-formed.ts'

/** Start and end tags that records stand in, for the prefixes that they inherit. */
export interface Envelope {
  before: string
  after: string
}

export interface Read {
  records: HarvestedRecord[]
  problems: Problem[]
}

interface Piece {
  start: number
  end: number
  /** Whether it has an end tag. */
  isWhole: boolean
}

// MARCXML has elements called record, too; those of OAI-PMH begin with a header.
const recordStart = /<((?:[\w.-]+:)?)record(?:\s[^<>]*)?>\s*(?:<!--[^>]{0,1000}-->\s*)?<\1header\b/g
/** So many records at most may stand in the metadata of one. */
const mostInside = 3

/**
 * @param replaced whether bytes that are no characters have become U+FFFD
 * @param isCut whether the last record may have come in part only
 * @returns what could be read, and what stands between the records
 */
export function salvage(
  text: string,
  envelope: Envelope,
  { replaced, isCut }: { replaced: boolean; isCut: boolean },
): Read & { between: string } {
  const pieces = piecesOf(text)
  const read: Read = { records: [], problems: [] }
  let between = text.slice(0, pieces[0]?.start)
  for (let index = 0; index < pieces.length;) {
    const count = joined(text, envelope, pieces, index)
    const piece = text.slice(pieces[index]?.start, pieces[index + count - 1]?.end)
    index += count
    between += text.slice(pieces[index - 1]?.end, pieces[index]?.start)
    const found = readAlone(piece, envelope, replaced)
    if (isCut && index === pieces.length && found.problems.some((each) => isRefused(each))) break
    read.records.push(...found.records)
    read.problems.push(...found.problems)
  }
  return { ...read, between }
}

const isRefused = ({ code }: Problem): boolean => code !== 'characters-replaced'

function piecesOf(text: string): Piece[] {
  const starts = [...text.matchAll(recordStart)]
  return starts.map((start, index) => {
    const until = starts[index + 1]?.index ?? text.length
    const close = `</${start[1] ?? ''}record>`
    const last = text.slice(start.index, until).lastIndexOf(close)
    return last < 0
      ? { start: start.index, end: until, isWhole: false }
      : { start: start.index, end: start.index + last + close.length, isWhole: true }
  })
}

/** How many of the next pieces are one record: its metadata may hold what looks like records. */
function joined(text: string, envelope: Envelope, pieces: Piece[], index: number): number {
  const first = pieces[index]
  if (!first || first.isWhole) return 1
  for (let count = 2; count <= mostInside + 1; count++) {
    const last = pieces[index + count - 1]
    if (!last) return 1
    if (!faultOf(wrapped(text.slice(first.start, last.end), envelope))) return count
  }
  return 1
}

const wrapped = (text: string, { before, after }: Envelope): string => before + text + after

function readAlone(piece: string, envelope: Envelope, replaced: boolean): Read {
  const identifier = identifierIn(piece)
  const named = identifier === undefined ? {} : { identifier }
  let document = wrapped(piece, envelope)
  let changed = replaced && piece.includes('\uFFFD')
  const fault = faultOf(document)
  if (fault) {
    const repair = repaired(piece)
    document = wrapped(repair.text, envelope)
    if (!repair.changed || faultOf(document)) {
      const code = identifier === undefined ? 'record-without-header' : 'record-not-well-formed'
      return { records: [], problems: [{ code, message: fault.message, ...named }] }
    }
    changed = true
  }
  const read: Read = { records: [], problems: [] }
  if (changed) {
    read.problems.push({
      code: 'characters-replaced',
      message: fault?.message ?? 'bytes that are no characters in the encoding of the page',
      ...named,
    })
  }
  readRecords(document, read)
  return read
}

/** The records of a document that is well-formed, and what is left of it. */
export function readRecords(document: string, into: Read): XmlElement {
  // Each is read at its end and its tree let go: a stretch of 1,000 would be 100,000 objects.
  return readXml(document, (element, depth) => {
    if (depth !== 2 || element.name !== 'record') return false
    const read = readRecord(element, document)
    if (isProblem(read)) into.problems.push(read)
    else into.records.push(read)
    return true
  })
}

/** The identifier that a broken record seems to have. */
export function identifierIn(record: string): string | undefined {
  return /<(?:[\w.-]+:)?identifier[^<>]*>\s*([^<]{1,2048}?)\s*</.exec(record)?.[1]
}

const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const references = /&(?:#x([0-9a-fA-F]{1,8});|#([0-9]{1,9});|(?:amp|lt|gt|quot|apos);)?/g
const innerDeclaration = /(?!^)<\?xml\s[^>]*\?>/g

/** Characters that XML cannot carry, bare ampersands, unknown entities, an XML declaration in the middle. */
export function repaired(text: string): { text: string; changed: boolean } {
  const result = text
    .replace(forbidden, '\uFFFD')
    .replace(innerDeclaration, '')
    .replace(references, (whole: string, hex?: string, decimal?: string) => {
      if (whole === '&') return '&amp;'
      if (hex === undefined && decimal === undefined) return whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      const fits =
        code === 9 ||
        code === 10 ||
        code === 13 ||
        (code >= 0x20 && code <= 0xd7ff) ||
        (code >= 0xe000 && code <= 0xfffd) ||
        (code >= 0x10000 && code <= 0x10ffff)
      return fits ? whole : '\uFFFD'
    })
  return { text: result, changed: result !== text }
}
