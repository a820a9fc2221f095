// One record of an answer: header, metadata as they came, and the way it travelled (provenance container).
import { containers } from '../schemas/oai.ts'
import type { Origin } from '../schemas/record.ts'
import { isAnyUri } from '../schemas/xml.ts'
import {
  attributeOf,
  childOf,
  childrenOf,
  childText,
  cutOut,
  textOf,
  type XmlElement,
} from '../schemas/xml-tree.ts'
import type { Problem } from './diagnosis.ts'

export interface HarvestedRecord {
  identifier: string
  datestamp: string
  sets: string[]
  deleted: boolean
  metadata?: {
    namespace: string
    /** In UTF-8, well-formed on its own, otherwise as it came. */
    xml: Buffer
  }
  /** What its provenance says of the steps before this source, newest first. */
  origins: Origin[]
  /** Under which rights its metadata are given out: an address, or words. */
  rights?: string
  /** What is said about its metadata, as it came, where anything is. */
  about?: string
}

const longestIdentifier = 2048
const mostSteps = 20
const longestRights = 2000

/** What the header of a record says. */
interface Header {
  identifier: string
  datestamp: string
  sets: string[]
  isDeleted: boolean
}

/** A record, or why it cannot be taken. */
export function readRecord(element: XmlElement, text: string): HarvestedRecord | Problem {
  const header = childOf(element, 'header')
  const parts = {
    identifier: (header && childText(header, 'identifier')) ?? '',
    datestamp: (header && childText(header, 'datestamp')) ?? '',
    sets: header ? childrenOf(header, 'setSpec').flatMap((each) => textOf(each).trim() || []) : [],
    isDeleted:
      header !== undefined && attributeOf(header, 'status')?.trim().toLowerCase() === 'deleted',
  }
  const root = metadataRoot(element)
  const metadata = root && { namespace: root.namespace, xml: Buffer.from(cutOut(root, text)) }
  return recordOf(parts, metadata, aboutsOf(childrenOf(element, 'about'), text))
}

/** What is said about metadata: elements, and where they stand in a text. */
interface Abouts {
  elements: XmlElement[]
  text: string
}

export function aboutsOf(elements: XmlElement[], text: string): Abouts {
  return { elements, text: elements.map(({ start, end }) => text.slice(start, end)).join('') }
}

export function recordOf(
  { identifier, datestamp, sets, isDeleted }: Header,
  metadata: HarvestedRecord['metadata'],
  abouts: Abouts,
): HarvestedRecord | Problem {
  if (!identifier || identifier.length > longestIdentifier || !isAnyUri(identifier)) {
    const fault =
      identifier.length > longestIdentifier
        ? 'a record has an identifier of more than 2,048 characters'
        : `a record has an identifier that is no URI: ${identifier}`
    return {
      code: 'record-without-header',
      message: identifier ? fault : 'a record has no identifier, so nobody can tell it from others',
    }
  }
  if (isDeleted) return { identifier, datestamp, sets, deleted: true, origins: [] }
  if (!metadata) {
    return { code: 'record-without-metadata', message: 'it has no metadata', identifier }
  }
  const { elements, text: about } = abouts
  const rights = rightsOf(elements)
  const origins = originsOf(elements)
  const read: HarvestedRecord = { identifier, datestamp, sets, deleted: false, metadata, origins }
  if (rights !== undefined) read.rights = rights
  if (about) read.about = about
  return read
}

function metadataRoot(record: XmlElement): XmlElement | undefined {
  const metadata = childOf(record, 'metadata', record.namespace)
  return metadata && childrenOf(metadata)[0]
}

/** http://www.openarchives.org/OAI/2.0/guidelines-provenance.htm: the description of the latest step holds the ones before. */
function originsOf(abouts: XmlElement[]): Origin[] {
  const origins: Origin[] = []
  for (const about of abouts) {
    let holder = childOf(about, 'provenance', containers.provenance.namespace)
    while (holder && origins.length < mostSteps) {
      const step = childOf(holder, 'originDescription')
      if (!step) break
      origins.push({
        baseUrl: childText(step, 'baseURL') ?? '',
        identifier: childText(step, 'identifier') ?? '',
        datestamp: childText(step, 'datestamp') ?? '',
        metadataNamespace: childText(step, 'metadataNamespace') ?? '',
        harvestDate: attributeOf(step, 'harvestDate') ?? '',
        altered: attributeOf(step, 'altered') === 'true',
      })
      holder = step
    }
  }
  return origins
}

/** http://www.openarchives.org/OAI/2.0/guidelines-rights.htm */
function rightsOf(abouts: XmlElement[]): string | undefined {
  for (const about of abouts) {
    const rights = childOf(about, 'rights', containers.rights.namespace)
    const reference = rights && childOf(rights, 'rightsReference')
    const stated =
      (reference && attributeOf(reference, 'ref')) ??
      (rights && textOf(childOf(rights, 'rightsDefinition')))
    const text = stated?.trim().slice(0, longestRights)
    if (text) return text
  }
  return undefined
}

export const isProblem = (read: HarvestedRecord | Problem): read is Problem => 'code' in read
