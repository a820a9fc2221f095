// A browser sends the operator's password with every request to this site, also with one that a page elsewhere made it
// send (cross-site request forgery). So what changes something is only done when the request comes from a page of ours: the
// browser says so itself, and no script of another site can make it lie (Fetch Metadata; RFC 6454, section 7).
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether this request may change something on the strength of a password that a browser remembers.
 * @param baseUrl of this brick
 */
export function isOwnRequest(headers: IncomingHttpHeaders, baseUrl: string): boolean {
  const site = headers['sec-fetch-site']
  // Over plain HTTP browsers do not say it, and Origin has to do.
  if (site !== undefined) return site === 'same-origin'
  if (headers.origin !== undefined) return headers.origin === new URL(baseUrl).origin
  // No browser: a program that was given the token says it as a bearer token, which no form can send.
  return /^bearer /i.test(headers.authorization ?? '')
}
