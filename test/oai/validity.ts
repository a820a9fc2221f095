// Answers held against the official schemas, which lie beside the checkout (they are not ours to ship).
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { dcterms } from '../../schemas/oai.ts'

const validators = new Map<string, XsdValidator>()

// The driver that carries another name than the prefix.
const names: Record<string, string> = { oai_datacite: 'datacite' }

/** The schema of answers with this payload; undefined where the official ones have none (skos is RDF). */
function driverOf(schemas: string, payload: string): { url: string; text: string } | undefined {
  const url = join(schemas, `OAI-PMH-with-${names[payload] ?? payload}.xsd`)
  if (!existsSync(url)) return undefined
  const text = readFileSync(url, 'utf8')
  // DCMI leaves the namespace of its container to applications: here it is put into ours.
  return payload === 'dcterms'
    ? {
        url,
        text: text
          .replace('<xs:schema', `<xs:schema targetNamespace="${dcterms.metadataNamespace}"`)
          .replace('</xs:schema>', '<xs:include schemaLocation="dc/qualifieddc.xsd"/></xs:schema>'),
      }
    : { url, text }
}

/** Whether there is a schema to hold answers with this payload against. */
export const hasSchema = (schemas: string, payload: string): boolean =>
  driverOf(schemas, payload) !== undefined

/** Complaints about an OAI-PMH answer whose payload is of this kind ("oai_dc", "edm"); none: it is valid. */
export function complaints(schemas: string, payload: string, xml: string): string[] {
  let validator = validators.get(payload)
  if (!validator) {
    xmlRegisterFsInputProviders()
    const driver = driverOf(schemas, payload)
    if (!driver) throw new Error(`there is no schema for ${payload}`)
    validator = XsdValidator.fromDoc(XmlDocument.fromString(driver.text, { url: driver.url }))
    validators.set(payload, validator)
  }
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
