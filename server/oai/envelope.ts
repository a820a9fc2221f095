// The frame of every answer (OAI-PMH 2.0, section 3.2) and the parts that repeat in it.
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { containers, oaiNamespace } from '../../schemas/oai.ts'
import type { Origin } from '../../schemas/record.ts'
import { element, escapeAttribute, escapeXml } from '../../schemas/xml.ts'
import type { OaiError } from './arguments.ts'
import type { Item } from './list.ts'

const start =
  `<?xml version="1.0" encoding="UTF-8"?>\n` +
  `<OAI-PMH xmlns="${oaiNamespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
  ` xsi:schemaLocation="${oaiNamespace} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">`

/** @param echo arguments to repeat in <request>: none after badVerb or badArgument */
export function envelope(
  responseDate: Date,
  baseUrl: string,
  echo: URLSearchParams,
  body: string,
): string {
  let attributes = ''
  for (const [name, value] of echo) attributes += ` ${name}="${escapeAttribute(value)}"`
  return (
    `${start}${element('responseDate', formatDatestamp(responseDate))}` +
    `<request${attributes}>${escapeXml(baseUrl)}</request>${body}</OAI-PMH>\n`
  )
}

export function errorElements(errors: OaiError[]): string {
  return errors
    .map(({ code, message }) => `<error code="${code}">${escapeXml(message)}</error>`)
    .join('')
}

export function header(item: Item): string {
  return (
    `<header${item.shown ? '' : ' status="deleted"'}>${element('identifier', item.identifier)}` +
    `${element('datestamp', formatDatestamp(item.datestamp))}${item.set_spec === null ? '' : element('setSpec', item.set_spec)}</header>`
  )
}

/** @param metadata of an item that is shown */
export function record(item: Item, metadata: string): string {
  if (!item.shown) return `<record>${header(item)}</record>`
  return `<record>${header(item)}<metadata>${metadata}</metadata>${about(item.origins)}</record>`
}

/** http://www.openarchives.org/OAI/2.0/guidelines-provenance.htm */
function about(origins: Origin[] | null): string {
  if (!origins?.length) return ''
  return (
    `<about><provenance xmlns="${containers.provenance.namespace}"` +
    ` xsi:schemaLocation="${containers.provenance.namespace} ${containers.provenance.schema}">` +
    `${originDescription(origins)}</provenance></about>`
  )
}

function originDescription([origin, ...earlier]: Origin[]): string {
  if (!origin) return ''
  return (
    `<originDescription harvestDate="${escapeAttribute(origin.harvestDate)}" altered="${String(origin.altered)}">` +
    element('baseURL', origin.baseUrl) +
    element('identifier', origin.identifier) +
    element('datestamp', origin.datestamp) +
    element('metadataNamespace', origin.metadataNamespace) +
    `${originDescription(earlier)}</originDescription>`
  )
}

/** An empty token ends a list that came in several pages; a list of one page has none (section 3.5). */
export function resumptionToken(
  token: string | undefined,
  cursor: number,
  completeListSize?: number,
): string {
  if (token === undefined && cursor === 0) return ''
  const size = completeListSize === undefined ? '' : ` completeListSize="${completeListSize}"`
  return `<resumptionToken${size} cursor="${cursor}">${token ?? ''}</resumptionToken>`
}
