// A record in MODS 3.8: https://www.loc.gov/standards/mods/userguide/
import type { DcTerm, DublinCore, Value } from '../../schemas/dublin-core.ts'
import { mods } from '../../schemas/oai.ts'
import { attribute, element, isLanguage } from '../../schemas/xml.ts'
import type { Described, Format } from './format.ts'
import { modsTypeOf } from './kinds.ts'
import { canonicalRights, rightsValues } from './rights.ts'
import {
  addressOf,
  doiOf,
  elements,
  isW3cdtf,
  isWebAddress,
  nameOf,
  rootTag,
  said,
  withAttributes,
  wrapped,
} from './writer.ts'

const open = `${rootTag(
  'mods',
  { '': mods.metadataNamespace, xlink: 'http://www.w3.org/1999/xlink' },
  `${mods.metadataNamespace} ${mods.schema}`,
)} version="3.8">`

const encoded = ' encoding="w3cdtf"'

export const modsFormat: Format = { ...mods, revision: 1, partial: false, lacks: () => [], write }

function write(record: Described): string {
  const { dc } = record
  return (
    open +
    titles(dc) +
    names(dc.creator, 'creator', 'cre') +
    names(dc.contributor, 'contributor', 'ctb') +
    typeOfResource(dc) +
    elements('genre', dc.type) +
    wrapped('originInfo', elements('publisher', dc.publisher) + dates(dc.date)) +
    languages(dc.language) +
    physicalDescription(record) +
    descriptions(dc.description) +
    subjects(dc) +
    identifiers(dc.identifier) +
    relatedItems(record) +
    location(record) +
    conditions(record) +
    recordInfo(record) +
    '</mods>'
  )
}

function titles({ title }: DublinCore): string {
  let text = ''
  let main: Value | undefined
  for (const each of said(title)) {
    if (each.term !== 'alternative') main ??= each
    const type =
      each.term === 'alternative'
        ? ' type="alternative"'
        : main !== each && each.language && main?.language && each.language !== main.language
          ? ' type="translated"'
          : ''
    text += `<titleInfo${type}>${element('title', each.value, each.language)}</titleInfo>`
  }
  return text
}

function names(values: Value[] | undefined, role: string, code: string): string {
  let text = ''
  for (const { value, language } of said(values)) {
    text +=
      `<name>${element('namePart', value, language)}<role><roleTerm type="text">${role}</roleTerm>` +
      `<roleTerm type="code" authority="marcrelator">${code}</roleTerm></role></name>`
  }
  return text
}

function typeOfResource(dc: DublinCore): string {
  const type = modsTypeOf(dc)
  return type ? element('typeOfResource', type) : ''
}

const dateElements: Partial<Record<DcTerm, string>> = {
  created: 'dateCreated',
  issued: 'dateIssued',
  modified: 'dateModified',
  dateCopyrighted: 'copyrightDate',
}

function dates(values: Value[] | undefined): string {
  let text = ''
  for (const { value, language, term } of said(values)) {
    const name = (term && dateElements[term]) ?? 'dateOther'
    const type = term && name === 'dateOther' ? attribute('type', term) : ''
    text += withAttributes(name, (isW3cdtf(value) ? encoded : '') + type, value, language)
  }
  return text
}

function languages(values: Value[] | undefined): string {
  let text = ''
  for (const { value } of said(values)) {
    const code = value.trim()
    const kind =
      isLanguage(code) && /^[a-z]{2,3}(?:-|$)/.test(code)
        ? ` type="code" authority="${/^[a-z]{3}$/.test(code) ? 'iso639-2b' : 'rfc3066'}"`
        : ' type="text"'
    text += wrapped('language', withAttributes('languageTerm', kind, value))
  }
  return text
}

function physicalDescription({ dc, files }: Described): string {
  let text = ''
  for (const { value, language, term } of said(dc.format)) {
    const name =
      term === 'extent'
        ? 'extent'
        : term === 'medium'
          ? 'form'
          : /^[a-z]+\/[\w.+-]+$/.test(value)
            ? 'internetMediaType'
            : 'note'
    text += element(name, value, language)
  }
  for (const type of new Set(files.map(({ mediaType }) => mediaType))) {
    if (type) text += element('internetMediaType', type)
  }
  return wrapped('physicalDescription', text)
}

function descriptions(values: Value[] | undefined): string {
  let text = ''
  for (const { value, language, term } of said(values)) {
    if (term === 'tableOfContents') text += element('tableOfContents', value, language)
    else if (term === 'provenance') {
      text += withAttributes('note', ' type="ownership"', value, language)
    } else text += element('abstract', value, language)
  }
  return text
}

function subjects({ subject, coverage }: DublinCore): string {
  let text = ''
  for (const { value, language } of said(subject)) {
    text += wrapped('subject', element('topic', value, language))
  }
  for (const { value, language, term } of said(coverage)) {
    if (term === 'spatial') text += wrapped('subject', element('geographic', value, language))
    else if (term === 'temporal') {
      const encoding = isW3cdtf(value) ? encoded : ''
      text += wrapped('subject', withAttributes('temporal', encoding, value, language))
    } else text += `<subject displayLabel="coverage">${element('topic', value, language)}</subject>`
  }
  return text
}

function identifiers(values: Value[] | undefined): string {
  let text = ''
  for (const { value, language, term } of said(values)) {
    if (term === 'bibliographicCitation') {
      text += withAttributes('note', ' type="preferred citation"', value, language)
      continue
    }
    const type = doiOf(value) ? 'doi' : /^(?:https?:|urn:|ark:)/.test(value) ? 'uri' : 'local'
    text += withAttributes('identifier', ` type="${type}"`, value)
  }
  return text
}

const relationTypes: Partial<Record<DcTerm, string>> = {
  isPartOf: 'host',
  hasPart: 'constituent',
  isVersionOf: 'otherVersion',
  hasVersion: 'otherVersion',
  isFormatOf: 'otherFormat',
  hasFormat: 'otherFormat',
  references: 'references',
  isReferencedBy: 'isReferencedBy',
  replaces: 'preceding',
  isReplacedBy: 'succeeding',
}

function relatedItems({ dc, collection }: Described): string {
  let text = ''
  for (const each of said(dc.relation)) {
    const type = each.term && relationTypes[each.term]
    const kind = type ? ` type="${type}"` : attribute('otherType', each.term)
    text += `<relatedItem${kind}>${titleOrAddress(each)}</relatedItem>`
  }
  for (const each of said(dc.source)) {
    text += `<relatedItem type="original">${titleOrAddress(each)}</relatedItem>`
  }
  const titled = Object.entries(collection.title)
    .filter(([, title]) => title.trim() !== '')
    .map(([language, value]) =>
      titleOrAddress(language === 'und' ? { value } : { value, language }),
    )
  const page = addressOf(collection.page)
  const where = page ? wrapped('location', element('url', page)) : ''
  return titled.length
    ? `${text}<relatedItem type="host" displayLabel="collection">${titled.join('')}${where}</relatedItem>`
    : text
}

const titleOrAddress = ({ value, language }: Value): string =>
  isWebAddress(value)
    ? `<location>${element('url', value)}</location>`
    : `<titleInfo>${element('title', value, language)}</titleInfo>`

function location({ page, links, keeper, provider }: Described): string {
  const url = (attributes: string, given: string | undefined): string => {
    const address = addressOf(given)
    return address ? withAttributes('url', attributes, address) : ''
  }
  return wrapped(
    'location',
    element('physicalLocation', nameOf(keeper, provider)) +
      url(' usage="primary display" access="object in context"', links.homepage ?? page) +
      url(' access="preview"', links.thumbnail) +
      url(' access="raw object"', links.image) +
      url(' note="http://iiif.io/api/presentation/3/context.json"', links.manifest),
  )
}

function conditions(record: Described): string {
  let text = ''
  for (const { value, language, term } of rightsValues(record)) {
    const type = term === 'accessRights' ? 'restriction on access' : 'use and reproduction'
    const link = canonicalRights(value)
    const attributes = ` type="${type}"${attribute('xlink:href', link)}`
    text += withAttributes('accessCondition', attributes, value, link ? undefined : language)
  }
  return text
}

function recordInfo({ identifier, datestamp, provider, keeper }: Described): string {
  return (
    `<recordInfo>${element('recordContentSource', nameOf(provider, keeper))}` +
    withAttributes('recordChangeDate', isW3cdtf(datestamp) ? encoded : '', datestamp) +
    `${element('recordIdentifier', identifier)}</recordInfo>`
  )
}
