// Metadata of one format held against the official schemas, many records in one answer.
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { join } from 'node:path'
import { dcterms, type MetadataFormat } from '../../schemas/oai.ts'
import { complaints } from '../oai/validity.ts'

const answer = (metadata: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">` +
  `<responseDate>2026-11-21T10:00:00Z</responseDate><request>https://museum.example.org/oai</request>` +
  `<ListRecords>${metadata
    .map(
      (each) =>
        `<record><header><identifier>oai:museum.example.org:1</identifier>` +
        `<datestamp>2026-11-21T10:00:00Z</datestamp></header><metadata>${each}</metadata></record>`,
    )
    .join('')}</ListRecords></OAI-PMH>`

// The drivers that carry another name than the prefix.
const drivers: Record<string, string> = { oai_datacite: 'datacite' }

/** Complaints of the schema about these records; none: they are valid. */
export function faults(schemas: string, format: MetadataFormat, metadata: string[]): string[] {
  const text = answer(metadata)
  if (format.metadataPrefix === 'dcterms') return qualified(schemas, text)
  return complaints(schemas, drivers[format.metadataPrefix] ?? format.metadataPrefix, text)
}

let container: XsdValidator | undefined

/** DCMI leaves the namespace of the container to applications: this driver puts DCMI's own container into ours. */
function qualified(schemas: string, text: string): string[] {
  if (!container) {
    xmlRegisterFsInputProviders()
    const driver =
      `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="${dcterms.metadataNamespace}">` +
      `<xs:import namespace="http://www.openarchives.org/OAI/2.0/" schemaLocation="oai/OAI-PMH.xsd"/>` +
      `<xs:include schemaLocation="dc/qualifieddc.xsd"/></xs:schema>`
    const document = XmlDocument.fromString(driver, { url: join(schemas, 'qualified.xsd') })
    container = XsdValidator.fromDoc(document)
  }
  const document = XmlDocument.fromString(text)
  try {
    container.validate(document)
    return []
  } catch (error) {
    return [(error as Error).message]
  } finally {
    document.dispose()
  }
}
