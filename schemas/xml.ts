// Writing XML 1.0: well-formed by construction, whatever text comes in (XML 1.0, sections 2.2 and 2.4).

// Everything but Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]; so lone surrogates too.
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const special = /[&<>"\r]/
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
  return text.replace(forbidden, '\uFFFD')
}

/** Text for element content or a double-quoted attribute. */
export function escapeXml(text: string): string {
  const safe = xmlSafe(text)
  return special.test(safe)
    ? safe.replace(specials, (character) => entities[character] ?? '')
    : safe
}

/** Text for a double-quoted attribute: line breaks and tabs survive attribute-value normalisation. */
export function escapeAttribute(text: string): string {
  return escapeXml(text).replace(/[\n\t]/g, (character) => (character === '\n' ? '&#10;' : '&#9;'))
}

/** `<name xml:lang="…">text</name>` */
export function element(name: string, text: string, language?: string): string {
  const tag = language ? ` xml:lang="${escapeAttribute(language)}"` : ''
  return `<${name}${tag}>${escapeXml(text)}</${name}>`
}
