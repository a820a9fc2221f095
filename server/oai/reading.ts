// The XML of any answer read back into plain objects, for the page that shows it to people (OAI-PMH 2.0, sections 3 and 4).
// It knows no more than a harvester: what the page says is what the answer says.
import { oaiNamespace, verbs, type Verb } from '../../schemas/oai.ts'
import {
  attributeOf,
  childOf,
  childText,
  childrenOf,
  readXml,
  textOf,
  type XmlElement,
} from '../../schemas/xml-tree.ts'

export interface Reading {
  /** The answer itself; elements below stand in it. */
  text: string
  responseDate: string | undefined
  /** What was asked, as the answer repeats it: nothing after badVerb and badArgument. */
  asked: Map<string, string>
  errors: { code: string; message: string }[]
  /** What it answers; undefined where there are only errors. */
  verb: Verb | undefined
  identify: IdentifyReading | undefined
  formats: FormatReading[]
  sets: SetReading[]
  items: ItemReading[]
  /** How many records, headers or sets the answer holds, shown or not. */
  count: number
  /** The place of the first one shown among them. */
  first: number
  token: TokenReading | undefined
}

export interface IdentifyReading {
  name: string
  baseUrl: string
  protocolVersion: string
  emails: string[]
  earliest: string
  deletedRecord: string
  granularity: string
  compressions: string[]
  /** What each description container holds. */
  descriptions: XmlElement[]
}

export interface FormatReading {
  metadataPrefix: string
  schema: string
  namespace: string
}

export interface SetReading {
  setSpec: string
  name: string
  /** What each description container holds. */
  descriptions: XmlElement[]
}

export interface ItemReading {
  identifier: string
  datestamp: string
  setSpecs: string[]
  deleted: boolean
  metadata: XmlElement | undefined
  /** What each about container holds. */
  abouts: XmlElement[]
}

export interface TokenReading {
  /** Empty at the end of a list. */
  value: string
  cursor: number | undefined
  completeListSize: number | undefined
}

/** Which of the things of a list are wanted: the others are counted and let go, so a long answer makes no large tree. */
export interface Extract {
  /** Counted from 0. */
  first: number
  most: number
}

const listed = ['record', 'header', 'set']

/** @throws on what is no answer of OAI-PMH */
export function readAnswer(
  text: string,
  { first, most }: Extract = { first: 0, most: 50 },
): Reading {
  let count = 0
  const root = readXml(text, (element, depth) => {
    // Below the root and its verb.
    if (depth !== 2 || !listed.includes(element.name) || element.namespace !== oaiNamespace)
      return false
    count += 1
    return count <= first || count > first + most
  })
  if (root.name !== 'OAI-PMH' || root.namespace !== oaiNamespace)
    throw new Error(`the answer is a <${root.name}>, not one of OAI-PMH`)
  const request = childOf(root, 'request', oaiNamespace)
  const body = childrenOf(root).find((each) => verbs.some((verb) => verb === each.name))
  return {
    text,
    responseDate: childText(root, 'responseDate'),
    asked: new Map(request?.attributes.map(({ name, value }) => [name, value])),
    errors: childrenOf(root, 'error', oaiNamespace).map((each) => ({
      code: attributeOf(each, 'code') ?? '',
      message: textOf(each).trim(),
    })),
    verb: verbs.find((verb) => verb === body?.name),
    identify: body?.name === 'Identify' ? readIdentify(body) : undefined,
    formats: body ? childrenOf(body, 'metadataFormat', oaiNamespace).map(readFormat) : [],
    sets: body ? childrenOf(body, 'set', oaiNamespace).map(readSet) : [],
    items: body ? readItems(body) : [],
    count,
    first,
    token: readToken(body && childOf(body, 'resumptionToken', oaiNamespace)),
  }
}

const texts = (parent: XmlElement, name: string): string[] =>
  childrenOf(parent, name, oaiNamespace).map((each) => textOf(each).trim())

/** What stands in containers of this name. */
const held = (parent: XmlElement, name: string): XmlElement[] =>
  childrenOf(parent, name, oaiNamespace).flatMap((each) => childrenOf(each))

function readIdentify(body: XmlElement): IdentifyReading {
  return {
    name: childText(body, 'repositoryName') ?? '',
    baseUrl: childText(body, 'baseURL') ?? '',
    protocolVersion: childText(body, 'protocolVersion') ?? '',
    emails: texts(body, 'adminEmail'),
    earliest: childText(body, 'earliestDatestamp') ?? '',
    deletedRecord: childText(body, 'deletedRecord') ?? '',
    granularity: childText(body, 'granularity') ?? '',
    compressions: texts(body, 'compression'),
    descriptions: held(body, 'description'),
  }
}

const readFormat = (element: XmlElement): FormatReading => ({
  metadataPrefix: childText(element, 'metadataPrefix') ?? '',
  schema: childText(element, 'schema') ?? '',
  namespace: childText(element, 'metadataNamespace') ?? '',
})

const readSet = (element: XmlElement): SetReading => ({
  setSpec: childText(element, 'setSpec') ?? '',
  name: childText(element, 'setName') ?? '',
  descriptions: held(element, 'setDescription'),
})

function readItems(body: XmlElement): ItemReading[] {
  return childrenOf(body).flatMap((each) => {
    if (each.name === 'header') return [readItem(each)]
    const header = each.name === 'record' ? childOf(each, 'header', oaiNamespace) : undefined
    return header ? [readItem(header, each)] : []
  })
}

function readItem(header: XmlElement, record?: XmlElement): ItemReading {
  return {
    identifier: childText(header, 'identifier') ?? '',
    datestamp: childText(header, 'datestamp') ?? '',
    setSpecs: texts(header, 'setSpec'),
    deleted: attributeOf(header, 'status') === 'deleted',
    metadata: record && held(record, 'metadata')[0],
    abouts: record ? held(record, 'about') : [],
  }
}

function readToken(element: XmlElement | undefined): TokenReading | undefined {
  if (!element) return undefined
  const whole = (name: string): number | undefined => {
    const text = attributeOf(element, name)
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
  }
  return {
    value: textOf(element).trim(),
    cursor: whole('cursor'),
    completeListSize: whole('completeListSize'),
  }
}

/** The name of an element as the answer writes it, with its prefix. */
export const writtenName = (text: string, { start, nameEnd }: XmlElement): string =>
  text.slice(start + 1, nameEnd)

/** The start tag of an element as the answer writes it. */
export const startTag = (text: string, { start, innerStart }: XmlElement): string =>
  text.slice(start, innerStart)
