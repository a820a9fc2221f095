// Resumption tokens without state on the server: the query and the place in it, signed with the brick's secret.
// A token carries the window of the number line that its list covers, so what is written meanwhile moves beyond it.
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

const signatureLength = 22

function sign(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url').slice(0, signatureLength)
}

/** Letters, digits, "-" and "_" only, so that no client can spoil it by forgetting to escape. */
export function writeToken(secret: string, place: Place): string {
  const body = Buffer.from(JSON.stringify(place)).toString('base64url')
  return sign(secret, body) + body
}

/** The place that this brick signed, or undefined for anything else. */
export function readToken(secret: string, token: string): Place | undefined {
  const [signature, body] = [token.slice(0, signatureLength), token.slice(signatureLength)]
  const expected = Buffer.from(sign(secret, body))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Place
}
