// Whether an answer need not be sent again.
import type { IncomingHttpHeaders } from 'node:http'
import type Koa from 'koa'

/**
 * Whether the client's copy is as good (RFC 9110, 13.1). Koa's own test says no when a client both names its copy and
 * sends no-cache, as fetch does.
 */
export const hasCopy = (koa: Koa.Context, etag?: string, lastModified?: Date): boolean =>
  isAsGood(koa.req.headers, etag, lastModified)

export function isAsGood(
  headers: IncomingHttpHeaders,
  etag: string | undefined,
  lastModified: Date | undefined,
): boolean {
  const tags = headers['if-none-match']
  if (tags) {
    const named = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
    return etag !== undefined && (named.includes(etag) || named.includes('*'))
  }
  const since = headers['if-modified-since']
  if (since === undefined || lastModified === undefined) return false
  // Both are whole seconds on the wire.
  return Math.floor(lastModified.getTime() / 1000) * 1000 <= Date.parse(since)
}
