// Answers held against the official schemas, which lie beside the checkout (they are not ours to ship).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

const validators = new Map<string, XsdValidator>()

/** Complaints about an OAI-PMH answer whose payload is of this kind ("oai_dc", "edm"); none: it is valid. */
export function complaints(schemas: string, payload: string, xml: string): string[] {
  let validator = validators.get(payload)
  if (!validator) {
    xmlRegisterFsInputProviders()
    const driver = join(schemas, `OAI-PMH-with-${payload}.xsd`)
    validator = XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(driver), { url: driver }))
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
