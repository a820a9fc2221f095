// The <record> of OAI-PMH 2.0 (section 2.5): header, metadata, and what is said about them. Pure.
import { isDatestamp } from '../../schemas/datestamp.ts'
import { containers } from '../../schemas/oai.ts'
import type { Origin } from '../../schemas/record.ts'
import { element, escapeAttribute, isAnyUri } from '../../schemas/xml.ts'

export interface HeaderParts {
  identifier: string
  /** Undefined where its collection is known to the administrator only. */
  setSpec: string | undefined
  /** False: a tombstone. */
  shown: boolean
}

/** A header around its datestamp, which is drawn when the rest is written already. */
export function headerAround({ identifier, setSpec, shown }: HeaderParts): [string, string] {
  return [
    `<header${shown ? '' : ' status="deleted"'}>${element('identifier', identifier)}<datestamp>`,
    `</datestamp>${setSpec === undefined ? '' : element('setSpec', setSpec)}</header>`,
  ]
}

/** A record around its datestamp. */
export function recordAround(
  parts: HeaderParts,
  metadata: string,
  about: string,
): [string, string] {
  const [opening, rest] = headerAround(parts)
  const inside = parts.shown ? `<metadata>${metadata}</metadata>${about}` : ''
  return [`<record>${opening}`, `${rest}${inside}</record>`]
}

/**
 * What is said about the metadata of a record: under which rights it is given out, and the way that it came.
 * @param rights address of a rights statement on descriptions written here
 * @param altered whether the metadata differs from what it came with
 */
export function aboutElements(
  rights: string | undefined,
  origins: Origin[] | undefined,
  altered: boolean,
): string {
  const steps = (origins ?? []).filter(isSound)
  const [latest] = steps
  // What came from elsewhere is under the rights that it came with.
  const given = latest ? latest.rights : rights
  return (
    (given !== undefined && isAnyUri(given) ? `<about>${rightsElement(given)}</about>` : '') +
    (latest ? provenance(steps, altered) : '')
  )
}

// What a source says of its own sources is not always what the schema asks for.
const isSound = ({
  baseUrl,
  identifier,
  datestamp,
  harvestDate,
  metadataNamespace,
}: Origin): boolean =>
  [baseUrl, identifier, metadataNamespace].every((each) => each !== '' && isAnyUri(each)) &&
  isDatestamp(datestamp) &&
  isDatestamp(harvestDate)

/** http://www.openarchives.org/OAI/2.0/guidelines-rights.htm */
function rightsElement(address: string): string {
  const { namespace, schema } = containers.rights
  return (
    `<rights xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
    ` xsi:schemaLocation="${namespace} ${schema}"><rightsReference ref="${escapeAttribute(address)}"/></rights>`
  )
}

/** http://www.openarchives.org/OAI/2.0/guidelines-provenance.htm */
function provenance([latest, ...earlier]: Origin[], altered: boolean): string {
  const { namespace, schema } = containers.provenance
  return (
    `<about><provenance xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
    ` xsi:schemaLocation="${namespace} ${schema}">` +
    `${originDescription(latest && { ...latest, altered }, earlier)}</provenance></about>`
  )
}

function originDescription(origin: Origin | undefined, earlier: Origin[]): string {
  if (!origin) return ''
  const [next, ...rest] = earlier
  return (
    `<originDescription harvestDate="${escapeAttribute(origin.harvestDate)}" altered="${String(origin.altered)}">` +
    element('baseURL', origin.baseUrl) +
    element('identifier', origin.identifier) +
    element('datestamp', origin.datestamp) +
    element('metadataNamespace', origin.metadataNamespace) +
    `${originDescription(next, rest)}</originDescription>`
  )
}
