// Resumption tokens without state on the server: the query and the place in it, signed with the brick's secret.
// A token carries the window of the number line that its list covers, so what is written meanwhile moves beyond it; any
// server of the brick reads it, after any restart, for a year.
import { createHmac, timingSafeEqual } from 'node:crypto'

export interface ListPlace {
  kind: 'records'
  verb: 'ListIdentifiers' | 'ListRecords'
  metadataPrefix: string
  set?: string
  /** Number of the last record handed out. */
  after: number
  /** Number of the last record of the list. */
  bound: number
  /** How many were handed out before. */
  cursor: number
  completeListSize?: number
}

export interface SetPlace {
  kind: 'sets'
  verb: 'ListSets'
  /** setSpec of the last set handed out. */
  after: string
  cursor: number
  completeListSize: number
}

export type Place = ListPlace | SetPlace

/** A token and the end of the day that it is good for. */
export interface Issued {
  text: string
  expires: Date
}

const signatureLength = 22
const shape = 1
const day = 86_400_000
const goodForDays = 366

function sign(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url').slice(0, signatureLength)
}

/** Letters, digits, "-" and "_" only, so that no client can spoil it by forgetting to escape. */
export function writeToken(secret: string, place: Place, now: Date): Issued {
  const today = Math.floor(now.getTime() / day)
  const { verb, after, cursor } = place
  const start = [shape, today, verb, after, cursor, place.completeListSize ?? null]
  const parts =
    place.kind === 'sets'
      ? start
      : start.concat([place.bound, place.metadataPrefix, place.set ?? null])
  const body = Buffer.from(JSON.stringify(parts)).toString('base64url')
  return { text: sign(secret, body) + body, expires: new Date((today + goodForDays) * day) }
}

/** The place that this brick signed within the year, or undefined for anything else. */
export function readToken(secret: string, token: string, now: Date): Place | undefined {
  const [signature, body] = [token.slice(0, signatureLength), token.slice(signatureLength)]
  const expected = Buffer.from(sign(secret, body))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return placeOf(JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown[], now)
}

// What bears the signature was written above, by this version or by another one.
function placeOf(parts: unknown[], now: Date): Place | undefined {
  const [version, issued, verb, after, cursor, size, bound, metadataPrefix, set] = parts
  if (version !== shape || now.getTime() >= (Number(issued) + goodForDays) * day) return undefined
  if (verb === 'ListSets') {
    const completeListSize = Number(size)
    return { kind: 'sets', verb, after: String(after), cursor: Number(cursor), completeListSize }
  }
  return {
    kind: 'records',
    verb: verb as ListPlace['verb'],
    metadataPrefix: String(metadataPrefix),
    ...(typeof set === 'string' && { set }),
    after: Number(after),
    bound: Number(bound),
    cursor: Number(cursor),
    ...(typeof size === 'number' && { completeListSize: size }),
  }
}
