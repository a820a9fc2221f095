// The frame of every answer (OAI-PMH 2.0, section 3.2) and the parts that repeat in it.
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { oaiNamespace } from '../../schemas/oai.ts'
import { element, escapeAttribute, escapeXml } from '../../schemas/xml.ts'
import type { OaiError } from './arguments.ts'
import type { Issued } from './token.ts'

const start =
  `<?xml version="1.0" encoding="UTF-8"?>\n` +
  `<OAI-PMH xmlns="${oaiNamespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
  ` xsi:schemaLocation="${oaiNamespace} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">`

export const envelopeEnd = '</OAI-PMH>\n'

/** @param echo arguments to repeat in <request>: none after badVerb or badArgument */
export function envelopeStart(responseDate: Date, baseUrl: string, echo: URLSearchParams): string {
  let attributes = ''
  for (const [name, value] of echo) attributes += ` ${name}="${escapeAttribute(value)}"`
  return (
    `${start}${element('responseDate', formatDatestamp(responseDate))}` +
    `<request${attributes}>${escapeXml(baseUrl)}</request>`
  )
}

export function errorElements(errors: OaiError[]): string {
  return errors
    .map(({ code, message }) => `<error code="${code}">${escapeXml(message)}</error>`)
    .join('')
}

/** An empty token ends a list that came in several pages; a list of one page has none (section 3.5). */
export function resumptionToken(
  token: Issued | undefined,
  cursor: number,
  completeListSize?: number,
): string {
  if (token === undefined && cursor === 0) return ''
  const expires = token ? ` expirationDate="${formatDatestamp(token.expires)}"` : ''
  const size = completeListSize === undefined ? '' : ` completeListSize="${completeListSize}"`
  return `<resumptionToken${expires}${size} cursor="${cursor}">${token?.text ?? ''}</resumptionToken>`
}
