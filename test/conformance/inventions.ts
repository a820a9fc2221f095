// Requests that nobody in their senses sends, most of them close to good ones.
import type { Random } from '../../demo/random.ts'
import { verbs } from '../../schemas/oai.ts'

export interface Materials {
  /** Token to the format of its list. */
  tokens: Map<string, string>
  identifiers: string[]
  prefixes: string[]
  sets: string[]
}

export interface Invented {
  method: string
  path: string
  headers: Record<string, string>
  body?: Buffer
  /** Sent as these bytes instead. */
  raw?: Buffer
  /** The sender hangs up at once. */
  cut?: boolean
  /** The format that a token was given for. */
  format: string
}

const names = ['verb', 'metadataPrefix', 'identifier', 'set', 'from', 'until', 'resumptionToken']

const nasty = [
  '%00',
  'a%00b',
  '',
  ' ',
  '0',
  '-1',
  'null',
  '__proto__',
  'constructor',
  '%zz',
  '%',
  '%ff%fe',
  '%C0%80',
  '%ED%A0%80',
  '%EF%BF%BF',
  '%0d%0aSet-Cookie:x=y',
  '%u0041',
  '<script>alert(1)</script>',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
  ']]>',
  '&amp;',
  '"\'',
  "' OR '1'='1",
  '$1',
  '../../etc/passwd',
  '\u202Eabc',
  '𝄞',
  '\u0001',
  '\uFFFF',
  'a'.repeat(3000),
  '%41'.repeat(2000),
  '2020-01-01',
  '2020-13-41',
  '9999-12-31T23:59:59Z',
  '0000-00-00',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13',
  '1e308',
  'oai:',
  'a:b:c:d:e',
  ':',
  'eyJraW5kIjoicmVjb3JkcyIsImFmdGVyIjotMX0',
]

const accepts = [
  'text/xml',
  'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
  'text/html',
  'application/json',
  '*/*;q=0',
  'text/xml;q=abc, ,;;',
  'x'.repeat(2000),
]
const encodings = [
  'gzip',
  'deflate',
  'br',
  'gzip, deflate, br, zstd',
  'identity;q=0',
  '*;q=0',
  'gzip;q=0, identity;q=0',
  '*',
  'gzip;q=1.5, br;q=-1',
  'GZIP',
  ', ,',
  'nonsense',
]
const odd: [string, string[]][] = [
  ['if-none-match', ['*', '"x"', 'W/"x"', 'x', '"', `"${'a'.repeat(3000)}"`]],
  ['if-modified-since', ['Sun, 22 Nov 2099 00:00:00 GMT', 'yesterday', '0']],
  ['if-match', ['"x"', '*']],
  ['range', ['bytes=0-10', 'bytes=-1', 'bytes=9-2', 'bytes=0-0,1-1,2-2', 'lines=1', 'bytes=']],
  ['host', ['evil.example', '[::1]', '', 'a:b:c', 'x'.repeat(300)]],
  ['origin', ['https://evil.example', 'null']],
  ['x-forwarded-for', ['1.2.3.4', 'not an address, at all', ',,,', '::1']],
  ['x-forwarded-proto', ['gopher']],
  ['forwarded', ['for="_x";proto=']],
  ['cookie', ['a=b; c', 'x'.repeat(4000)]],
  ['user-agent', ['', 'Mozilla/5.0 (compatible; OAI harvester)']],
  ['from', ['a@b', '@']],
  ['accept-language', ['fr-CH, fr;q=0.9, *;q=x', '-']],
  ['content-encoding', ['gzip', 'br', 'x']],
  ['x-http-method-override', ['DELETE']],
  ['authorization', ['Bearer x', 'Basic !!!', 'Digest']],
]
const types = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/x-www-form-urlencoded;charset',
  'application/json',
  'text/xml',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/plain; charset="',
  '/',
  '',
]
const methods = ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'M-SEARCH']

/** An endless row of requests, the same for the same materials and random numbers. */
export function inventor(random: Random, materials: Materials): () => Invented {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const chance = (of: number): boolean => random() < of
  const tokens = [...materials.tokens.keys()]

  const good = (name: string): string => {
    if (name === 'verb') return pick(verbs)
    if (name === 'metadataPrefix') return pick(materials.prefixes)
    if (name === 'identifier') return pick(materials.identifiers)
    if (name === 'set') return pick(materials.sets)
    if (name === 'resumptionToken') return pick(tokens)
    return pick(['2020-01-01', '2999-12-31', '2020-01-01T00:00:00Z', '2999-12-31T23:59:59Z'])
  }

  const spoil = (value: string): string => {
    const at = Math.floor(random() * value.length)
    switch (Math.floor(random() * 7)) {
      case 0:
        return value.slice(0, at)
      case 1:
        return value.slice(at)
      case 2:
        return value.slice(0, at) + String.fromCharCode(33 + random() * 93) + value.slice(at + 1)
      case 3:
        return value + value
      case 4:
        return chance(0.5) ? value.toUpperCase() : value.toLowerCase()
      case 5:
        return value.slice(0, at) + pick(nasty) + value.slice(at)
      default:
        return pick(nasty)
    }
  }

  const usual: Record<string, string[][]> = {
    Identify: [[]],
    ListMetadataFormats: [[], ['identifier']],
    ListSets: [[], ['resumptionToken']],
    GetRecord: [['identifier', 'metadataPrefix']],
  }
  const lists = [
    ['metadataPrefix', 'set'],
    ['metadataPrefix', 'from', 'set'],
    ['metadataPrefix', 'from', 'until', 'set'],
    ['resumptionToken'],
    ['resumptionToken'],
  ]

  const pairs = (): [string, string][] => {
    const verb = pick(verbs)
    const made: [string, string][] = [['verb', verb]]
    for (const name of pick(usual[verb] ?? lists))
      made.push([name, name === 'set' ? 'drawings:april' : good(name)])
    const faults = chance(0.25) ? 0 : 1 + Math.floor(random() ** 2 * 4)
    for (let fault = 0; fault < faults; fault++) {
      const at = Math.floor(random() * made.length)
      const [name = '', value = ''] = made[at] ?? []
      const kind = random()
      if (kind < 0.5) made[at] = [name, spoil(value)]
      else if (kind < 0.6) made.splice(at, 1)
      else if (kind < 0.7) made.push([name, chance(0.5) ? value : spoil(value)])
      else if (kind < 0.85) made.push([pick(names), chance(0.5) ? good(pick(names)) : pick(nasty)])
      else made[at] = [chance(0.5) ? spoil(name) : pick(names), value]
    }
    return made
  }

  // Values hold percent signs of their own, some of them wrong, so only what HTTP cannot carry is escaped.
  const escape = (text: string, always = chance(0.5)): string =>
    always
      ? encodeURIComponent(text.toWellFormed()).replaceAll('%25', chance(0.5) ? '%' : '%25')
      : Array.from(text)
          .map((each) =>
            /[!-~]/.test(each) && !/[#]/.test(each)
              ? each
              : encodeURIComponent(each.toWellFormed()),
          )
          .join('')

  const headersFor = (): Record<string, string> => {
    const headers: Record<string, string> = {}
    if (chance(0.2)) headers['accept'] = pick(accepts)
    if (chance(0.3)) headers['accept-encoding'] = pick(encodings)
    while (chance(0.15)) {
      const [name, values] = pick(odd)
      headers[name] = pick(values)
    }
    return headers
  }

  const bodyFor = (query: string): { body: Buffer; type: string } => {
    const kind = random()
    const type = chance(0.7) ? (types[0] ?? '') : pick(types)
    if (kind < 0.75) return { body: Buffer.from(query), type }
    if (kind < 0.8) return { body: Buffer.from(JSON.stringify({ verb: query })), type: pick(types) }
    if (kind < 0.9) {
      const noise = Buffer.from(Array.from({ length: 300 }, () => Math.floor(1 + random() * 255)))
      return { body: noise, type }
    }
    if (kind < 0.99) return { body: Buffer.alloc(Math.floor(random() * 200_000), '&x=%41'), type }
    return { body: Buffer.alloc(10 * 2 ** 20, 'verb=Identify&'), type }
  }

  const rawFrom = (query: string, headers: Record<string, string>): Buffer => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const host = chance(0.9) ? 'Host: x\r\n' : ''
    const end = `${lines.join('')}${host}Connection: close\r\n\r\n`
    const path = `/oai?${query}`
    return pick([
      () => Buffer.from(`GET ${path} HTTP/1.1\r\n${end}`, 'latin1'),
      () => Buffer.from(`GET ${path.replaceAll('=', ' ')} HTTP/1.1\r\n${end}`, 'latin1'),
      () => Buffer.from(`GET http://elsewhere.example${path} HTTP/1.1\r\n${end}`, 'latin1'),
      () =>
        Buffer.from(
          `${pick(['get', 'BREW', 'G\u00c9T', ''])} ${path} HTTP/1.1\r\n${end}`,
          'latin1',
        ),
      () => Buffer.from(`GET ${path} HTTP/${pick(['1.0', '2.0', '9.9', 'x'])}\r\n${end}`, 'latin1'),
      () => Buffer.from(`POST /oai HTTP/1.1\r\nContent-Length: -1\r\n${end}${query}`, 'latin1'),
      () =>
        Buffer.from(
          `POST /oai HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n${end}0\r\n\r\n`,
        ),
      () =>
        Buffer.from(
          `POST /oai HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${end}zz\r\n${query}\r\n0\r\n\r\n`,
        ),
      () => Buffer.from(`GET /oai?${query}\u0000\u00ff HTTP/1.1\r\n${end}`, 'latin1'),
    ])()
  }

  return () => {
    const made = pairs()
    const always = chance(0.5)
    const query = made
      .map(([name, value]) => `${escape(name, always)}=${escape(value, always)}`)
      .join(chance(0.02) ? ';' : '&')
    const headers = headersFor()
    const token = made.find(([name]) => name === 'resumptionToken')?.[1] ?? ''
    const base: Invented = {
      method: 'GET',
      path: `/oai?${query}`,
      headers,
      format: materials.tokens.get(token) ?? 'oai_dc',
    }
    const kind = random()
    if (kind < 0.72) return base
    if (kind < 0.75) return { ...base, method: 'HEAD' }
    if (kind < 0.79) return { ...base, method: pick(methods) }
    if (kind < 0.86) return { ...base, raw: rawFrom(query, headers) }
    const { body, type } = bodyFor(query)
    const post: Invented = {
      ...base,
      method: 'POST',
      path: '/oai',
      headers: { ...headers, 'content-type': type },
      body,
    }
    if (kind < 0.98) return post
    const start = `POST /oai HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${body.length + 99}\r\n\r\n`
    return { ...post, raw: Buffer.concat([Buffer.from(start), body.subarray(0, 5000)]), cut: true }
  }
}
