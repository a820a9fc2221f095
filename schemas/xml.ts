// Writing XML 1.0: well-formed by construction, whatever text comes in (XML 1.0, sections 2.2 and 2.4).

// Everything but Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]; so lone surrogates too.
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
// What need not be looked at again; half of a surrogate pair sends a text the slow way, as most texts hold none.
const plain = /^[\t\n !#-%'-;=?-\uD7FF\uE000-\uFFFD]*$/
const fine = /^[\t\n\r -\uD7FF\uE000-\uFFFD]*$/
const specials = /[&<>"\r]/g
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

/** Replaces each character that XML 1.0 cannot carry with U+FFFD. */
export function xmlSafe(text: string): string {
  return fine.test(text) ? text : text.replace(forbidden, '\uFFFD')
}

/** Whether XML 1.0 can carry every character of it. */
export function isXmlSafe(text: string): boolean {
  return plain.test(text) || text.search(forbidden) < 0
}

/** Text for element content or a double-quoted attribute. */
export function escapeXml(text: string): string {
  if (plain.test(text)) return text
  return xmlSafe(text).replace(specials, (character) => entities[character] ?? '')
}

/** Text for a double-quoted attribute: line breaks and tabs survive attribute-value normalisation. */
export function escapeAttribute(text: string): string {
  const escaped = escapeXml(text)
  return /[\n\t]/.test(escaped)
    ? escaped.replace(/[\n\t]/g, (character) => (character === '\n' ? '&#10;' : '&#9;'))
    : escaped
}

/** Whether xml:lang may hold it (xsd:language); not everything that people call a language tag. */
export function isLanguage(text: string): boolean {
  return /^[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*$/.test(text)
}

/** ` name="value"`, with the space before it; nothing where there is no value. */
export function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${escapeAttribute(value)}"`
}

/** ` xml:lang="…"`; nothing for what is no language. */
export function languageAttribute(language: string | undefined): string {
  return language && isLanguage(language) ? ` xml:lang="${language}"` : ''
}

/** `<name xml:lang="…">text</name>` */
export function element(name: string, text: string, language?: string): string {
  return `<${name}${languageAttribute(language)}>${escapeXml(text)}</${name}>`
}

const escaped = String.raw`(?:[^%[\]#]|%[0-9a-fA-F]{2})*`
const scheme = '[A-Za-z][A-Za-z0-9+.-]*:'
const uriShapes = [
  // oai:museum.example.org:1, urn:isbn:1
  new RegExp(`^${scheme}(?!//)${escaped}(?:#${escaped})?$`),
  // https://museum.example.org:8080/1
  new RegExp(
    String.raw`^${scheme}//[^/:?#%[\]@]+(?::\d{1,5})?(?:[/?]${escaped})?(?:#${escaped})?$`,
  ),
  // 10.1000/182
  new RegExp(String.raw`^[^:/?#%[\]]+(?:[/?]${escaped})?(?:#${escaped})?$`),
]

/** Whether schemas take it as xsd:anyURI, as which OAI-PMH has its identifiers. */
export function isAnyUri(text: string): boolean {
  return uriShapes.some((shape) => shape.test(text))
}
