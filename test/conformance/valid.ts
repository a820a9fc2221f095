// Whole answers held against the official schemas, whatever format their records are in.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { dcterms } from '../../schemas/oai.ts'
import { complaints } from '../oai/validity.ts'

// The drivers that carry another name than the prefix.
const drivers: Record<string, string> = { oai_datacite: 'datacite' }

/** Complaints about an answer with records in this format; none: it is valid, or there is no schema for the format. */
export function complaintsAbout(schemas: string, metadataPrefix: string, xml: string): string[] {
  if (metadataPrefix === dcterms.metadataPrefix) return complaintsOf(qualified(schemas), xml)
  const payload = drivers[metadataPrefix] ?? metadataPrefix
  return existsSync(join(schemas, `OAI-PMH-with-${payload}.xsd`))
    ? complaints(schemas, payload, xml)
    : []
}

let container: XsdValidator | undefined

/** DCMI leaves the namespace of the container to applications: this driver puts DCMI's own container into ours. */
function qualified(schemas: string): XsdValidator {
  if (container) return container
  xmlRegisterFsInputProviders()
  const imports = [
    ['http://www.openarchives.org/OAI/2.0/', 'OAI-PMH'],
    ['http://www.openarchives.org/OAI/2.0/provenance', 'provenance'],
    ['http://www.openarchives.org/OAI/2.0/rights/', 'rights'],
  ].map(
    ([namespace, name]) => `<xs:import namespace="${namespace}" schemaLocation="oai/${name}.xsd"/>`,
  )
  const driver =
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="${dcterms.metadataNamespace}">` +
    `${imports.join('')}<xs:include schemaLocation="dc/qualifieddc.xsd"/></xs:schema>`
  container = XsdValidator.fromDoc(
    XmlDocument.fromString(driver, { url: join(schemas, 'qualified.xsd') }),
  )
  return container
}

function complaintsOf(validator: XsdValidator, xml: string): string[] {
  const document = XmlDocument.fromString(xml)
  try {
    validator.validate(document)
    return []
  } catch (error) {
    return [(error as Error).message]
  } finally {
    document.dispose()
  }
}
