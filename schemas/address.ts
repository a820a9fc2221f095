// Web addresses as names of places: whether two of them mean the same one.

/** http and https, letters of the host, the port of the protocol and slashes at the end make no difference. */
function placeOf(address: string): string | undefined {
  if (!/^\s*https?:\/\//i.test(address) || !URL.canParse(address.trim())) return undefined
  const { hostname, port, protocol, pathname } = new URL(address.trim())
  const number = port || (protocol === 'https:' ? '443' : '80')
  const usual = number === '443' || number === '80' ? '' : `:${number}`
  return `${hostname.toLowerCase()}${usual}${pathname.replace(/\/+$/, '')}`
}

export function sameAddress(one: string, other: string): boolean {
  const place = placeOf(one)
  return place !== undefined && place === placeOf(other)
}
