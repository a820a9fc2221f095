// An answer of OAI-PMH 2.0 (section 3.2), read and judged: what is not one gets a name, never "success with nothing".
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
import { Diagnosis, type Problem } from './diagnosis.ts'
import { isProblem, readRecord, type HarvestedRecord } from './record.ts'
import { salvage } from './salvage.ts'
import { decodeXml, faultOf, type Decoded } from './well-formed.ts'

interface ResumptionToken {
  /** Empty: this was the last page. */
  value: string
  completeListSize?: number
  cursor?: number
}

export interface Page {
  responseDate?: string
  errors: { code: string; message: string }[]
  /** The element named after the verb. */
  answer?: XmlElement
  records: HarvestedRecord[]
  token?: ResumptionToken
  problems: Problem[]
}

// Above this a page is read record by record: libxml2 needs about eight times its size, and its memory never shrinks.
const largestInOnePiece = 16 * 2 ** 20

/** @throws Diagnosis */
export function readPage(body: Buffer): Page {
  const decoded = decodeXml(body)
  const { text } = decoded
  judgeHead(text)
  const whole = body.length <= largestInOnePiece && !decoded.replaced
  const fault = whole ? faultOf(bytesOf(body, decoded)) : undefined
  if (whole && fault === undefined) {
    const read = { records: [] as HarvestedRecord[], problems: [] as Problem[] }
    const root = readXml(text, taking(text, read))
    judgeRoot(root)
    return pageFrom(root, read)
  }
  if (!/<\/(?:[\w.-]+:)?OAI-PMH\s*>\s*(?:<!--[\s\S]*?-->\s*)*$/.test(text.slice(-4096))) {
    throw cutOrForeign(text, fault)
  }
  const { root, records, problems } = salvage(text, decoded.replaced)
  judgeRoot(root)
  if (fault !== undefined || decoded.replaced) {
    problems.unshift({
      code: 'page-not-well-formed',
      message: fault ?? 'the page has bytes that are no characters in its encoding',
    })
  }
  return pageFrom(root, { records, problems })
}

const declaration = /^\uFEFF?\s*<\?xml[^>]*\?>/

function bytesOf(body: Buffer, { text, utf8 }: Decoded): Buffer {
  return utf8 ? body : Buffer.from(text.replace(declaration, ''))
}

/** What stands before the root element: HTML and document types are refused before any parser sees them. */
function judgeHead(text: string): void {
  const head = text.slice(prologEnd(text)).slice(0, 4096)
  if (/^<!doctype\s+html|^<html\b/i.test(head)) {
    const title = /<title[^>]*>\s*([^<]{1,200})/i.exec(head)?.[1]?.trim()
    throw new Diagnosis(
      'html-instead-of-oai',
      `it answers with a web page${title ? ` ("${title}")` : ''} instead of OAI-PMH`,
    )
  }
  if (/^<!doctype/i.test(head)) {
    throw new Diagnosis('doctype-refused', 'the answer has a DOCTYPE, which OAI-PMH never needs')
  }
  if (!head.startsWith('<')) {
    const shown = head.slice(0, 60).replace(/\s+/g, ' ')
    throw head === ''
      ? new Diagnosis('page-cut', 'the answer is empty', { passing: true })
      : new Diagnosis('not-xml', `the answer is not XML; it begins with "${shown}"`)
  }
}

/** Where declaration, instructions, comments and white space at the beginning end. */
function prologEnd(text: string): number {
  let at = text.startsWith('\uFEFF') ? 1 : 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    const close = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined
    const end = close === undefined ? -1 : text.indexOf(close, at)
    if (close === undefined || end < 0) return at
    at = end + close.length
  }
}

function judgeRoot(root: XmlElement): void {
  if (root.name === 'OAI-PMH') return
  throw root.name.toLowerCase() === 'html'
    ? new Diagnosis('html-instead-of-oai', 'it answers with a web page instead of OAI-PMH')
    : new Diagnosis('not-oai', `it answers with XML, but <${root.name}> is not OAI-PMH`)
}

function cutOrForeign(text: string, fault: string | undefined): Diagnosis {
  return /^<(?:[\w.-]+:)?OAI-PMH\b/.test(text.slice(prologEnd(text)).slice(0, 300))
    ? new Diagnosis('page-cut', 'the answer ends in the middle', { passing: true })
    : new Diagnosis('not-xml', `the answer is not well-formed XML: ${fault ?? 'it is cut'}`)
}

/** Reads each record at its end and lets go of its tree: a page of 1,000 would be 100,000 objects. */
function taking(
  text: string,
  into: { records: HarvestedRecord[]; problems: Problem[] },
): (element: XmlElement, depth: number) => boolean {
  return (element, depth) => {
    if (depth !== 2 || element.name !== 'record') return false
    const read = readRecord(element, text)
    if (isProblem(read)) into.problems.push(read)
    else into.records.push(read)
    return true
  }
}

function pageFrom(
  root: XmlElement,
  { records, problems }: { records: HarvestedRecord[]; problems: Problem[] },
): Page {
  const errors = childrenOf(root, 'error').map((each) => ({
    code: attributeOf(each, 'code') ?? '',
    message: textOf(each).trim().slice(0, 500),
  }))
  const answer = childrenOf(root).find((each) => (verbs as readonly string[]).includes(each.name))
  if (!answer && !errors.length) {
    throw new Diagnosis('not-oai', 'the answer holds neither what was asked for nor an error')
  }
  const token = answer && tokenOf(answer)
  const responseDate = childText(root, 'responseDate')
  return {
    errors,
    records,
    problems,
    ...(answer && { answer }),
    ...(responseDate && { responseDate }),
    ...(token && { token }),
  }
}

function tokenOf(answer: XmlElement): ResumptionToken | undefined {
  const element = childOf(answer, 'resumptionToken')
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
