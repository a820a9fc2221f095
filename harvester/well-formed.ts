// Whether XML is well-formed with its namespaces, as libxml2 judges it; and the text of an answer, whatever its encoding.
import { isUtf8 } from 'node:buffer'
import { ParseOption, XmlDocument } from 'libxml2-wasm'

// Nothing is loaded from anywhere. A document has no DOCTYPE when it comes here, so there are no entities to expand.
const option: ParseOption =
  ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_COMPACT

/** What is wrong with this XML in UTF-8 (or with a byte order mark); undefined: nothing. */
export function faultOf(xml: Uint8Array | string): string | undefined {
  const bytes = typeof xml === 'string' ? Buffer.from(xml) : xml
  let document: XmlDocument | undefined
  try {
    document = XmlDocument.fromBuffer(bytes, { option })
    return document.dtd ? 'it has a DOCTYPE' : undefined
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error)
  } finally {
    document?.dispose()
  }
}

export interface Decoded {
  text: string
  /** The bytes are UTF-8, so libxml2 may read them as they are. */
  utf8: boolean
  /** Bytes that are no characters in this encoding were replaced by U+FFFD. */
  replaced: boolean
}

/** The text of an XML document by its byte order mark or its declaration (XML 1.0, appendix F). */
export function decodeXml(body: Uint8Array): Decoded {
  const label = encodingOf(body)
  const utf8 = label === 'utf-8'
  // Ten times as fast as TextDecoder, and most pages are so.
  if (utf8 && isUtf8(body)) {
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
    return { text: text.replace(/^\uFEFF/, ''), utf8, replaced: false }
  }
  try {
    return { text: new TextDecoder(label, { fatal: true }).decode(body), utf8, replaced: false }
  } catch (error) {
    // A label that the platform does not know throws a RangeError: read as UTF-8, which most of them are.
    const known = error instanceof RangeError ? 'utf-8' : label
    return { text: new TextDecoder(known).decode(body), utf8: false, replaced: true }
  }
}

function encodingOf(body: Uint8Array): string {
  const [a, b] = body
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0x3c && b === 0) return 'utf-16le'
  if (a === 0 && b === 0x3c) return 'utf-16be'
  const head = Buffer.from(body.subarray(0, 200)).toString('latin1')
  const declared = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(
    head,
  )
  const label = declared?.[1]?.toLowerCase() ?? 'utf-8'
  return label === 'utf8' || label === 'us-ascii' || label === 'ascii' ? 'utf-8' : label
}
