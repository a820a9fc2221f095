// What DataCite's kernel 4 and OpenAIRE's guidelines 4 write alike, the latter with a prefix and fewer words.
import type { DcTerm, DublinCore, Value } from '../../schemas/dublin-core.ts'
import { knowing } from '../../schemas/known.ts'
import { attribute, element } from '../../schemas/xml.ts'
import { yearsOf, type Years } from '../../schemas/years.ts'
import type { Described, Lack } from './format.ts'
import {
  addressOf,
  doiOf,
  isSaid,
  isW3cdtf,
  isWebAddress,
  said,
  underTerm,
  withAttributes,
  wrapped,
} from './writer.ts'

export type Prefix = '' | 'datacite:'

/** A cited record has somebody who made it, a name, and a year. */
export function lacksForCitation({ dc }: Described): Lack[] {
  const missing: Lack[] = []
  if (!dc.creator?.some(isSaid)) missing.push('creator')
  if (!dc.title?.some(isSaid)) missing.push('title')
  if (!yearOf(dc)) missing.push('date')
  return missing
}

const preference: (DcTerm | undefined)[] = [
  'issued',
  'available',
  undefined,
  'created',
  'dateCopyrighted',
  'modified',
]

/** The year under which it is cited, in four digits: of its issue, else of its making. */
export function yearOf({ date }: DublinCore): string | undefined {
  for (const term of date?.length ? preference : []) {
    for (const { value } of underTerm(date, term)) {
      const year = spanOf(value)?.from
      if (year !== undefined && year > 0) return String(year).padStart(4, '0')
    }
  }
  return undefined
}

function spanOf(text: string): Years | undefined {
  if (!isW3cdtf(text)) return yearsIn(text)
  const year = Number(text.slice(0, 4))
  return { from: year, to: year }
}

/** The same words come again and again in a collection, and taking them apart is most of the work of a record. */
const yearsIn = knowing(yearsOf, { most: 5000, longest: 100 })

/** DOI where it has one, else the address of its page. */
export function identifierOf({ dc, page, identifier }: Described): {
  type: 'DOI' | 'URL' | 'URN'
  value: string
} {
  for (const { value } of dc.identifier ?? []) {
    const doi = doiOf(value)
    if (doi) return { type: 'DOI', value: doi }
  }
  const address = addressOf(page)
  return address ? { type: 'URL', value: address } : { type: 'URN', value: identifier }
}

export function creators({ creator }: DublinCore, prefix: Prefix): string {
  const list = said(creator).map(
    // OpenAIRE's kernel has no language on names.
    ({ value, language }) =>
      `<${prefix}creator>${element(`${prefix}creatorName`, value, prefix ? undefined : language)}</${prefix}creator>`,
  )
  return wrapped(`${prefix}creators`, list.join(''))
}

export function contributors({ contributor, rights }: DublinCore, prefix: Prefix): string {
  const one = (type: string, { value, language }: Value): string =>
    `<${prefix}contributor contributorType="${type}">` +
    `${element(`${prefix}contributorName`, value, prefix ? undefined : language)}</${prefix}contributor>`
  const list = [
    ...said(contributor).map((each) => one('Other', each)),
    ...underTerm(rights, 'rightsHolder').map((each) => one('RightsHolder', each)),
  ]
  return wrapped(`${prefix}contributors`, list.join(''))
}

export function titles({ title }: DublinCore, prefix: Prefix): string {
  let text = ''
  for (const { value, language, term } of said(title)) {
    const type = term === 'alternative' ? ' titleType="AlternativeTitle"' : ''
    text += withAttributes(`${prefix}title`, type, value, language)
  }
  return wrapped(`${prefix}titles`, text)
}

export function subjects({ subject }: DublinCore, prefix: Prefix): string {
  let text = ''
  for (const { value, language } of said(subject)) {
    const uri = value.startsWith('http') && isWebAddress(value) ? value : undefined
    text += withAttributes(`${prefix}subject`, attribute('valueURI', uri), value, language)
  }
  return wrapped(`${prefix}subjects`, text)
}

const dateTypes: Partial<Record<DcTerm, string>> = {
  created: 'Created',
  issued: 'Issued',
  available: 'Available',
  modified: 'Updated',
  dateCopyrighted: 'Copyrighted',
}

/** @param otherwise the type of a date without one; without it such dates are left out */
export function dates(values: Value[], prefix: Prefix, otherwise: string | undefined): string {
  let text = ''
  for (const { value, term } of values) {
    const type = (term && dateTypes[term]) ?? otherwise
    if (type) text += dateElement(`${prefix}date`, type, value)
  }
  return text
}

/** A date of W3CDTF as it is; words as the years that they name, with the words beside them. */
export function dateElement(name: string, type: string, value: string): string {
  const plain = value.trim()
  if (isW3cdtf(plain)) return withAttributes(name, ` dateType="${type}"`, plain)
  const span = yearsIn(value)
  const machine =
    span && span.from > 0
      ? [...new Set([span.from, span.to])].map((year) => String(year).padStart(4, '0')).join('/')
      : undefined
  return machine === undefined
    ? withAttributes(name, ` dateType="${type}"`, value)
    : withAttributes(name, ` dateType="${type}"${attribute('dateInformation', value)}`, machine)
}

/** What else it is called: its OAI identifier, numbers, addresses. */
export function alternateIdentifiers(record: Described, prefix: Prefix, main: string): string {
  const name = `${prefix}alternateIdentifier`
  let text = withAttributes(name, ' alternateIdentifierType="OAI"', record.identifier)
  const page = addressOf(record.page)
  if (page && page !== main) text += withAttributes(name, ' alternateIdentifierType="URL"', page)
  for (const { value, term } of said(record.dc.identifier)) {
    if (term || value === page || doiOf(value) === main) continue
    const type = doiOf(value) ? 'DOI' : isWebAddress(value) ? 'URL' : 'Local'
    text += withAttributes(name, ` alternateIdentifierType="${type}"`, value)
  }
  return wrapped(`${prefix}alternateIdentifiers`, text)
}

const relationTypes: Partial<Record<DcTerm, string>> = {
  isPartOf: 'IsPartOf',
  hasPart: 'HasPart',
  isVersionOf: 'IsVersionOf',
  hasVersion: 'HasVersion',
  isFormatOf: 'IsVariantFormOf',
  hasFormat: 'IsOriginalFormOf',
  references: 'References',
  isReferencedBy: 'IsReferencedBy',
  replaces: 'IsNewVersionOf',
  isReplacedBy: 'IsPreviousVersionOf',
  requires: 'Requires',
  isRequiredBy: 'IsRequiredBy',
}

/** Relations that are addresses; others have no place here. */
export function relatedIdentifiers({ dc, links }: Described, prefix: Prefix): string {
  const one = (relation: string, value: string): string => {
    const doi = doiOf(value)
    return withAttributes(
      `${prefix}relatedIdentifier`,
      ` relatedIdentifierType="${doi ? 'DOI' : 'URL'}" relationType="${relation}"`,
      doi ?? value,
    )
  }
  const isIdentifier = ({ value }: Value): boolean => isWebAddress(value) || !!doiOf(value)
  let text = ''
  for (const each of said(dc.relation).filter(isIdentifier)) {
    text += one((each.term && relationTypes[each.term]) ?? 'References', each.value)
  }
  for (const each of said(dc.source).filter(isIdentifier)) text += one('IsDerivedFrom', each.value)
  const manifest = addressOf(links.manifest)
  if (manifest) text += one('HasMetadata', manifest)
  return wrapped(`${prefix}relatedIdentifiers`, text)
}

export function sizes({ dc, files }: Described, prefix: Prefix): string {
  let text = ''
  for (const { value } of underTerm(dc.format, 'extent')) text += element(`${prefix}size`, value)
  for (const { size } of files)
    if (size !== undefined) text += element(`${prefix}size`, `${size} bytes`)
  return wrapped(`${prefix}sizes`, text)
}

export function geoLocations({ coverage }: DublinCore, prefix: Prefix): string {
  let text = ''
  for (const { value } of underTerm(coverage, 'spatial')) {
    text += wrapped(`${prefix}geoLocation`, element(`${prefix}geoLocationPlace`, value))
  }
  return wrapped(`${prefix}geoLocations`, text)
}
