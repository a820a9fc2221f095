// A record in qualified Dublin Core: https://www.dublincore.org/specifications/dublin-core/dcmi-terms/
// In the XML of DCMI's schemas of 2006: the fifteen elements as dc:, refinements as dcterms:, encoding schemes as xsi:type.
import { dcElements, type DcElement, type Value } from '../../schemas/dublin-core.ts'
import { dcterms } from '../../schemas/oai.ts'
import { element } from '../../schemas/xml.ts'
import type { Described, Format } from './format.ts'
import { rightsValues } from './rights.ts'
import { addressOf, isSaid, isW3cdtf, isWebAddress, rootTag, withAttributes } from './writer.ts'

const open = `${rootTag(
  'qdc:qualifieddc',
  {
    qdc: dcterms.metadataNamespace,
    dc: 'http://purl.org/dc/elements/1.1/',
    dcterms: 'http://purl.org/dc/terms/',
  },
  `${dcterms.metadataNamespace} ${dcterms.schema}`,
)}>`

const dates = ' xsi:type="dcterms:W3CDTF"'
const addresses = ' xsi:type="dcterms:URI"'

export const dctermsFormat: Format = {
  ...dcterms,
  revision: 1,
  partial: false,
  lacks: () => [],
  write,
}

function write(record: Described): string {
  const { dc, links } = record
  let text = open
  for (const name of dcElements) {
    const values = name === 'rights' ? rightsValues(record) : dc[name]
    if (values) for (const each of values) if (isSaid(each)) text += property(name, each)
  }
  const page = addressOf(record.page)
  if (page && !dc.identifier?.some(({ value }) => value === page)) {
    text += withAttributes('dc:identifier', addresses, page)
  }
  const manifest = addressOf(links.manifest)
  if (manifest) text += withAttributes('dcterms:isReferencedBy', addresses, manifest)
  const image = addressOf(links.image)
  if (image) text += withAttributes('dcterms:hasFormat', addresses, image)
  return `${text}</qdc:qualifieddc>`
}

function property(name: DcElement, { value, language, term }: Value): string {
  const property = term ? `dcterms:${term}` : `dc:${name}`
  // A scheme leaves no room for a language, and neither a date nor an address is in one.
  if (name === 'date' && isW3cdtf(value)) return withAttributes(property, dates, value)
  if (value.startsWith('http') && isWebAddress(value)) {
    return withAttributes(property, addresses, value)
  }
  return element(property, value, language)
}
