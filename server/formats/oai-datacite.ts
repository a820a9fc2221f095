// A record as DataCite disseminates it: kernel 4.6 (https://schema.datacite.org/meta/kernel-4.6/) in oai_datacite 1.1.
import type { Value } from '../../schemas/dublin-core.ts'
import { oaiDatacite } from '../../schemas/oai.ts'
import { attribute, element, isLanguage } from '../../schemas/xml.ts'
import {
  alternateIdentifiers,
  contributors,
  creators,
  dateElement,
  dates,
  geoLocations,
  identifierOf,
  lacksForCitation,
  relatedIdentifiers,
  sizes,
  subjects,
  titles,
  yearOf,
} from './datacite-parts.ts'
import type { Described, Format } from './format.ts'
import { dataciteTypeOf } from './kinds.ts'
import { canonicalRights, rightsValues } from './rights.ts'
import {
  isWebAddress,
  nameOf,
  rootTag,
  said,
  underTerm,
  withAttributes,
  wrapped,
} from './writer.ts'

const kernel = 'http://datacite.org/schema/kernel-4'

const open = `${rootTag(
  'oai_datacite',
  { '': oaiDatacite.metadataNamespace },
  `${oaiDatacite.metadataNamespace} ${oaiDatacite.schema}`,
)}>`

const openResource =
  `<resource xmlns="${kernel}"` +
  ` xsi:schemaLocation="${kernel} http://schema.datacite.org/meta/kernel-4.6/metadata.xsd">`

export const oaiDataciteFormat: Format = {
  ...oaiDatacite,
  revision: 1,
  partial: true,
  lacks: lacksForCitation,
  write,
}

function write(record: Described): string {
  const symbol = record.identifier.split(':')[1] ?? ''
  return (
    `${open}<schemaVersion>4.6</schemaVersion>${element('datacentreSymbol', symbol)}<payload>` +
    `${resourceElement(record)}</payload></oai_datacite>`
  )
}

function resourceElement(record: Described): string {
  const { dc } = record
  const { type, value } = identifierOf(record)
  const general = dataciteTypeOf(dc)
  const [kind] = said(dc.type)
  return (
    openResource +
    withAttributes('identifier', ` identifierType="${type}"`, value) +
    creators(dc, '') +
    titles(dc, '') +
    element('publisher', nameOf(record.keeper, record.provider)) +
    element('publicationYear', yearOf(dc) ?? '') +
    withAttributes('resourceType', ` resourceTypeGeneral="${general}"`, kind?.value ?? general) +
    subjects(dc, '') +
    contributors(dc, '') +
    wrapped('dates', dates(said(dc.date), '', 'Other') + periods(record)) +
    language(said(dc.language)) +
    alternateIdentifiers(record, '', value) +
    relatedIdentifiers(record, '') +
    sizes(record, '') +
    formats(record) +
    rightsList(record) +
    descriptions(said(dc.description)) +
    geoLocations(dc, '') +
    '</resource>'
  )
}

const periods = ({ dc }: Described): string =>
  underTerm(dc.coverage, 'temporal')
    .map(({ value }) => dateElement('date', 'Coverage', value))
    .join('')

function language(values: Value[]): string {
  const tag = values.map(({ value }) => value.trim()).find(isLanguage)
  return tag ? element('language', tag) : ''
}

function formats({ dc, files }: Described): string {
  const values = said(dc.format).filter(({ term }) => term !== 'extent')
  const all = new Set([...values.map(({ value }) => value), ...files.map((each) => each.mediaType)])
  return wrapped('formats', [...all].map((each) => element('format', each)).join(''))
}

function rightsList(record: Described): string {
  let text = ''
  for (const { value, language, term } of rightsValues(record)) {
    if (term === 'rightsHolder') continue
    const uri = canonicalRights(value) ?? (isWebAddress(value) ? value : undefined)
    text += withAttributes('rights', attribute('rightsURI', uri), value, language)
  }
  return wrapped('rightsList', text)
}

function descriptions(values: Value[]): string {
  let text = ''
  for (const { value, language, term } of values) {
    const type =
      term === 'tableOfContents' ? 'TableOfContents' : term === 'provenance' ? 'Other' : 'Abstract'
    text += withAttributes('description', ` descriptionType="${type}"`, value, language)
  }
  return wrapped('descriptions', text)
}
