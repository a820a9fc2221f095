// Whether an answer need not be sent again.
import type Koa from 'koa'

/**
 * Whether the client's copy is as good (RFC 9110, 13.1). Koa's own test says no when a client both names its copy and
 * sends no-cache, as fetch does.
 */
export function hasCopy(koa: Koa.Context, etag?: string, lastModified?: Date): boolean {
  const tags = koa.get('If-None-Match')
  if (tags) {
    const named = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
    return etag !== undefined && (named.includes(etag) || named.includes('*'))
  }
  const since = Date.parse(koa.get('If-Modified-Since'))
  // Both are whole seconds on the wire.
  return lastModified !== undefined && Math.floor(lastModified.getTime() / 1000) * 1000 <= since
}
