// A record as OpenAIRE's guidelines for literature repositories, version 4, want it:
// https://openaire-guidelines-for-literature-repository-managers.readthedocs.io/en/v4.0.0/
import { oaiOpenaire } from '../../schemas/oai.ts'
import { attribute, element } from '../../schemas/xml.ts'
import {
  alternateIdentifiers,
  contributors,
  creators,
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
import { coarTypeOf } from './kinds.ts'
import { canonicalRights, rightsValues } from './rights.ts'
import { addressOf, elements, nameOf, rootTag, said, withAttributes, wrapped } from './writer.ts'

const open = `${rootTag(
  'oaire:resource',
  {
    oaire: oaiOpenaire.metadataNamespace,
    dc: 'http://purl.org/dc/elements/1.1/',
    datacite: 'http://datacite.org/schema/kernel-4',
  },
  `${oaiOpenaire.metadataNamespace} ${oaiOpenaire.schema}`,
)}>`

/** COAR Access Rights: http://vocabularies.coar-repositories.org/access_rights/ */
const openAccess = { uri: 'http://purl.org/coar/access_right/c_abf2', label: 'open access' }
const metadataOnly = {
  uri: 'http://purl.org/coar/access_right/c_14cb',
  label: 'metadata only access',
}

export const oaiOpenaireFormat: Format = {
  ...oaiOpenaire,
  revision: 1,
  partial: true,
  lacks: lacksForCitation,
  write,
}

function write(record: Described): string {
  const { dc } = record
  const { type, value } = identifierOf(record)
  const kind = coarTypeOf(dc)
  // Described holds what anybody may have, so what is there is open.
  const access = record.files.length || addressOf(record.links.image) ? openAccess : metadataOnly
  return (
    open +
    titles(dc, 'datacite:') +
    creators(dc, 'datacite:') +
    contributors(dc, 'datacite:') +
    alternateIdentifiers(record, 'datacite:', value) +
    relatedIdentifiers(record, 'datacite:') +
    wrapped('datacite:dates', publicationDate(record)) +
    elements('dc:language', dc.language) +
    element('dc:publisher', nameOf(record.keeper, record.provider)) +
    withAttributes(
      'oaire:resourceType',
      ` resourceTypeGeneral="${kind.general}" uri="${kind.uri}"`,
      kind.label,
    ) +
    elements('dc:description', dc.description) +
    elements('dc:format', dc.format) +
    withAttributes('datacite:identifier', ` identifierType="${type}"`, value) +
    withAttributes('datacite:rights', ` rightsURI="${access.uri}"`, access.label) +
    elements('dc:source', dc.source) +
    subjects(dc, 'datacite:') +
    geoLocations(dc, 'datacite:') +
    sizes(record, 'datacite:') +
    elements(
      'dc:coverage',
      dc.coverage?.filter(({ term }) => term !== 'spatial'),
    ) +
    licence(record) +
    filesOf(record) +
    '</oaire:resource>'
  )
}

/** The guidelines make a date of publication mandatory: a year where nothing else is said. */
function publicationDate({ dc }: Described): string {
  const text = dates(said(dc.date), 'datacite:', undefined)
  return text.includes('dateType="Issued"')
    ? text
    : withAttributes('datacite:date', ' dateType="Issued"', yearOf(dc) ?? '') + text
}

function licence(record: Described): string {
  for (const { value } of rightsValues(record)) {
    const uri = canonicalRights(value)
    if (uri) return withAttributes('oaire:licenseCondition', attribute('uri', uri), value)
  }
  return ''
}

function filesOf({ links, files, dc }: Described): string {
  const { general } = coarTypeOf(dc)
  const type =
    general === 'literature'
      ? 'fulltext'
      : general === 'dataset' || general === 'software'
        ? general
        : 'other'
  const attributes = ` accessRightsURI="${openAccess.uri}" objectType="${type}"`
  let text = ''
  for (const { address, mediaType } of files) {
    text += withAttributes('oaire:file', attribute('mimeType', mediaType) + attributes, address)
  }
  const image = addressOf(links.image)
  if (!files.length && image) text += withAttributes('oaire:file', attributes, image)
  return text
}
