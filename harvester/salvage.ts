// A page that is not well-formed, or too large to be read in one piece, is cut into its records by scanning; each is
// judged alone, repaired where only characters are wrong, and kept or reported. What stays is the page without them.
import { readXml, type XmlElement } from '../schemas/xml-tree.ts'
import { Diagnosis, type Problem } from './diagnosis.ts'
import { isProblem, readRecord, type HarvestedRecord } from './record.ts'
import { faultOf } from './well-formed.ts'

export interface Salvaged {
  /** The page without its records. */
  root: XmlElement
  records: HarvestedRecord[]
  problems: Problem[]
}

// MARCXML has elements called record, too; those of OAI-PMH begin with a header.
const recordStart = /<((?:[\w.-]+:)?)record\b[^>]*>\s*<\1header\b/g

/** @throws Diagnosis when even the page without its records cannot be read */
export function salvage(text: string, replaced: boolean): Salvaged {
  const pieces = cut(text)
  const frame = repaired(pieces.frame)
  const fault = faultOf(frame.text)
  if (fault) throw new Diagnosis('not-xml', `the answer is not well-formed XML: ${fault}`)
  const root = readXml(frame.text)
  const around = envelope(root, frame.text)
  const problems: Problem[] = []
  const records: HarvestedRecord[] = []
  for (const piece of pieces.records) {
    const read = readAlone(piece, around, replaced, problems)
    if (isProblem(read)) problems.push(read)
    else records.push(read)
  }
  return { root, records, problems }
}

function cut(text: string): { frame: string; records: string[] } {
  const starts = [...text.matchAll(recordStart)]
  if (!starts.length) return { frame: text, records: [] }
  let frame = text.slice(0, starts[0]?.index)
  const records: string[] = []
  starts.forEach((start, index) => {
    const until = starts[index + 1]?.index ?? text.length
    const piece = text.slice(start.index, until)
    const close = `</${start[1] ?? ''}record>`
    const end = piece.lastIndexOf(close)
    // A record that does not end: up to where the next one begins, or, for the last, the list ends.
    const length =
      end >= 0 ? end + close.length : Math.max(0, piece.search(/<(?:[\w.-]+:)?resumptionToken\b|$/))
    records.push(piece.slice(0, length))
    frame += piece.slice(length)
  })
  return { frame, records }
}

/** The start and end tags that a record stands in, for the prefixes that it inherits. */
function envelope(root: XmlElement, text: string): [string, string] {
  const list = root.children.find(
    (each): each is XmlElement =>
      typeof each !== 'string' && (each.name === 'ListRecords' || each.name === 'GetRecord'),
  )
  const tags = [root, ...(list ? [list] : [])].map((each) => {
    const start = text.slice(each.start, each.innerStart).replace(/\/>$/, '>')
    return { start, end: `</${text.slice(each.start + 1, each.nameEnd)}>` }
  })
  return [
    tags.map((each) => each.start).join(''),
    tags
      .toReversed()
      .map((each) => each.end)
      .join(''),
  ]
}

function readAlone(
  piece: string,
  [before, after]: [string, string],
  replaced: boolean,
  problems: Problem[],
): HarvestedRecord | Problem {
  const identifier = /<(?:[\w.-]+:)?identifier[^>]*>\s*([^<]*?)\s*</.exec(piece)?.[1]
  const named = identifier === undefined ? {} : { identifier }
  let document = before + piece + after
  let changed = replaced && piece.includes('\uFFFD')
  const fault = faultOf(document)
  if (fault) {
    const repair = repaired(piece)
    document = before + repair.text + after
    if (!repair.changed || faultOf(document)) {
      return identifier === undefined
        ? { code: 'record-without-header', message: fault }
        : { code: 'record-not-well-formed', message: fault, identifier }
    }
    changed = true
  }
  if (changed) {
    problems.push({
      code: 'characters-replaced',
      message: fault ?? 'bytes that are no characters in the encoding of the page',
      ...named,
    })
  }
  let element: XmlElement | undefined = readXml(document)
  while (element && element.name !== 'record') {
    element = element.children.find((each): each is XmlElement => typeof each !== 'string')
  }
  if (!element) return { code: 'record-without-header', message: 'there is no record' }
  return readRecord(element, document)
}

const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const references = /&(?:#x([0-9a-fA-F]{1,8});|#([0-9]{1,9});|(?:amp|lt|gt|quot|apos);)?/g
const innerDeclaration = /(?!^)<\?xml\s[^>]*\?>/g

/** Characters that XML cannot carry, bare ampersands, unknown entities, an XML declaration in the middle. */
function repaired(text: string): { text: string; changed: boolean } {
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
