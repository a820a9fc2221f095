// Which addresses may be reached. What the operator typed is allowed with exactly its host and port; whatever it leads
// to (a redirect, a name that resolves inwards) only when it is a public address. The check is made on the address that
// is connected to, so a name that changes its mind between check and use gains nothing.
import { lookup as resolve, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { buildConnector } from 'undici'
import { Diagnosis } from './diagnosis.ts'

/** Whether an IP address is on the public internet: not private, loopback, link-local, multicast, reserved … */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() === 'unicast') return true
  // NAT64 (64:ff9b::/96) is how an IPv6-only host reaches IPv4: what counts is the address inside.
  if (parsed.kind() === 'ipv6' && parsed.range() === 'rfc6052') {
    return isPublicAddress(parsed.toByteArray().slice(12).join('.'))
  }
  return false
}

/** Whether it lies in one of these networks, as `10.1.0.0/16`. */
function isIn(networks: string[], address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return networks.some((each) => {
    const [network, bits] = ipaddr.parseCIDR(each)
    return network.kind() === parsed.kind() && parsed.match(network, bits)
  })
}

/** `host:port`, with the port of the protocol where none is written. */
function hostAndPort(url: URL): string {
  return `${bare(url.hostname)}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '').toLowerCase()

const refused = (host: string, address: string): Diagnosis =>
  new Diagnosis(
    'address-refused',
    host === address
      ? `${address} is not an address of the public internet, and nobody of this brick typed it`
      : `${host} leads to ${address}, which is not an address of the public internet`,
  )

type Resolve = (
  hostname: string,
  options: { all: true; family?: number },
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

function guardedLookup(ask: Resolve, may: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    const family = options.family === 4 || options.family === 6 ? options.family : 0
    ask(hostname, { all: true, family }, (error, found) => {
      const [first] = found ?? []
      if (error || !first) {
        callback(error ?? new Error(`${hostname} has no address`), '')
        return
      }
      const inward = found.find((each) => !may(each.address))
      if (inward) callback(refused(hostname, inward.address), '')
      else if (options.all) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }
}

/** An address that nobody of this brick typed, with the networks of the operator that it may lie in nevertheless. */
export interface Stranger {
  networks: string[]
}

/**
 * A connector for undici that opens no connection to where it must not go.
 * @param stranger where `typed` was typed by somebody else
 */
export function guardedConnector(
  typed: URL,
  timeout: number,
  ask: Resolve = resolve,
  stranger?: Stranger,
): buildConnector.connector {
  const allowed = stranger ? undefined : hostAndPort(typed)
  const may = (address: string): boolean =>
    isPublicAddress(address) || isIn(stranger?.networks ?? [], address)
  const free = buildConnector({ timeout })
  // undici hands what it does not know on to net.connect, which takes a lookup of one's own.
  const options = { timeout, lookup: guardedLookup(ask, may) }
  const guarded = buildConnector(options)
  return (target, callback) => {
    const host = bare(target.hostname)
    const port = target.port || (target.protocol === 'https:' ? '443' : '80')
    if (`${host}:${port}` === allowed) {
      free(target, callback)
    } else if (isIP(host) && !may(host)) {
      callback(refused(host, host), null)
    } else {
      guarded(target, callback)
    }
  }
}
