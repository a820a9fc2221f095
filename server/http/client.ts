// Who is at the other end: told apart by address, and a proxy is believed only where the operator named it.
import type Koa from 'koa'

/**
 * The address of the client.
 * @param trustedProxies how many proxies of the operator stand before this server: each adds to X-Forwarded-For whom it
 *   was asked by, so that many entries from the right are true and what stands left of them is anybody's claim
 */
export function clientOf(koa: Koa.Context, trustedProxies: number): string {
  const direct = koa.socket.remoteAddress ?? ''
  if (trustedProxies === 0) return direct
  const way = [...koa.get('X-Forwarded-For').split(','), direct]
    .map((each) => each.trim())
    .filter(Boolean)
  return way.at(-1 - trustedProxies) ?? way[0] ?? direct
}
