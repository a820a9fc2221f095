// Whether XML is well-formed with its namespaces, as libxml2 judges it.
import { ParseOption, XmlDocument, XmlLibError } from 'libxml2-wasm'

// Nothing is loaded from anywhere. A document has no DOCTYPE when it comes here, so there are no entities to expand.
const option: ParseOption =
  ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_COMPACT

export interface Fault {
  message: string
  /** About where, in bytes. */
  at: number
}

/** What is wrong with this XML in UTF-8; undefined: nothing. */
export function faultOf(xml: Uint8Array | string): Fault | undefined {
  const bytes = typeof xml === 'string' ? Buffer.from(xml) : xml
  let document: XmlDocument | undefined
  try {
    document = XmlDocument.fromBuffer(bytes, { option })
    return document.dtd ? { message: 'it has a DOCTYPE', at: 0 } : undefined
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error
    // The first tells what is wrong; the rest mostly follows from it.
    const [first] = error.details
    return first
      ? { message: first.message.trim().slice(0, 500), at: offsetOf(bytes, first) }
      : { message: error.message, at: 0 }
  } finally {
    document?.dispose()
  }
}

function offsetOf(bytes: Uint8Array, { line, col }: { line: number; col: number }): number {
  let start = 0
  for (let passed = 1; passed < line; passed++) start = bytes.indexOf(0x0a, start) + 1
  return start + col
}
