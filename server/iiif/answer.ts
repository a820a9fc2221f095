// What a IIIF door answers, as a value: the edge only writes it down, and decides nothing.
import type Koa from 'koa'
import { hasCopy } from '../http/copy.ts'
import { DomainError, httpStatus, unavailable } from '../http/errors.ts'
import { rangeOf } from '../http/range.ts'
import type { Sight } from '../access/access.ts'

export type Answer =
  | {
      kind: 'content'
      mediaType: string
      /** Nothing where only the head is asked for. */
      body: Buffer | string | undefined
      headers: Record<string, string>
      /** Where the client's copy may be as good: what it is compared by. */
      etag?: string
      lastModified?: Date
    }
  | { kind: 'redirect'; to: string; headers: Record<string, string> }
  | { kind: 'error'; status: number; message: string; headers?: Record<string, string> }

export type ErrorAnswer = Extract<Answer, { kind: 'error' }>

export const failure = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): ErrorAnswer => ({ kind: 'error', status, message, headers })

export const unknownImage = failure(404, 'There is no such image.')

/** What the public is told of a thing that it may not see in full; undefined: it may. */
export function refusal(sight: Sight, what: string): ErrorAnswer | undefined {
  switch (sight) {
    case 'all':
      return undefined
    case 'description':
      return failure(401, `${what} is shown on request: ask the keeper of this brick for access.`, {
        'WWW-Authenticate': 'Bearer',
        Vary: 'Authorization, Cookie',
      })
    case 'tombstone':
      return failure(410, `${what} is no longer shown.`)
    case 'nothing':
      return failure(404, `There is no such ${what.replace(/^This /, '')}.`)
  }
}

/** Errors of the domain as answers; anything else goes on to the edge of the house, which logs it. */
export async function answering(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return failure(
      httpStatus(error),
      error.message,
      error.code === unavailable('').code ? { 'Retry-After': '3' } : {},
    )
  }
}

export const publicCache = (seconds: number): string => `public, max-age=${seconds}`
export const privateCache = 'private, no-store'

/**
 * Who may keep an answer: of what not everybody may see nobody, and it is another one for another asker.
 * @param cache how what is public is kept
 * @param varies by what else the answer differs
 */
export function keeping(isPublic: boolean, cache: string, varies = ''): Record<string, string> {
  const by = [...(varies ? [varies] : []), ...(isPublic ? [] : ['Authorization, Cookie'])].join(
    ', ',
  )
  return { 'Cache-Control': isPublic ? cache : privateCache, ...(by && { Vary: by }) }
}

/** What every IIIF answer has in common. */
export const openToPages = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Link, ETag, Last-Modified, Retry-After',
}

/** Writes an answer down. */
export function send(koa: Koa.Context, answer: Answer): void {
  koa.set(openToPages)
  if (answer.headers) koa.set(answer.headers)
  switch (answer.kind) {
    case 'redirect':
      koa.redirect(answer.to)
      koa.status = 303
      return
    case 'error':
      koa.status = answer.status
      koa.set('Cache-Control', 'no-store')
      // RFC 9457, in one line.
      koa.body = `${JSON.stringify({ status: answer.status, detail: answer.message })}\n`
      koa.type = 'application/problem+json'
      return
    case 'content':
      koa.status = 200
      if (answer.etag) koa.set('ETag', answer.etag)
      if (answer.lastModified) koa.lastModified = answer.lastModified
      if (hasCopy(koa, answer.etag, answer.lastModified)) {
        koa.status = 304
        return
      }
      if (answer.body !== undefined) koa.body = answer.body
      koa.set('Content-Type', answer.mediaType)
      if (answer.body instanceof Buffer) cutOut(koa, answer.body, answer.etag)
  }
}

/** Only a stretch of the bytes, where that is asked for, and of these bytes (RFC 9110, section 14). */
function cutOut(koa: Koa.Context, body: Buffer, etag: string | undefined): void {
  koa.set('Accept-Ranges', 'bytes')
  const condition = koa.get('If-Range')
  if (condition !== '' && condition !== etag) return
  const range = rangeOf(koa.get('Range'), body.length)
  if (range === undefined) return
  if (range === 'unsatisfiable') {
    koa.status = 416
    koa.set('Content-Range', `bytes */${body.length}`)
    koa.body = ''
    return
  }
  koa.status = 206
  koa.set('Content-Range', `bytes ${range.start}-${range.end}/${body.length}`)
  koa.body = body.subarray(range.start, range.end + 1)
}
