// Files of records that are no pictures, and documents whose pages are shown, to be kept and opened elsewhere: never shown by a browser as a page of ours.
import type Koa from 'koa'
import { isGiven } from '../../schemas/record.ts'
import { widestSight, sightOf } from '../access/access.ts'
import { actorOf, anybody, type Actor } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { openFile } from '../files/files.ts'
import { hasCopy } from '../http/copy.ts'
import { forbidden, gone, notFound } from '../http/errors.ts'
import { rangeOf } from '../http/range.ts'
import { recordsOfFile } from '../records/records.ts'

type Holder = Awaited<ReturnType<typeof recordsOfFile>>[number]

export async function sendFile(
  ctx: Context,
  koa: Koa.Context,
  { sha256 = '', name = '' }: Record<string, string>,
): Promise<void> {
  koa.vary('Authorization')
  const unknown = notFound('There is no such file.')
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw unknown
  const holders = await recordsOfFile(ctx, sha256)
  const actor = actorOf(ctx, koa.get('Authorization') || undefined)
  refuse(actor, holders)
  // Under a name that a record gives it, so that nobody can lend it another.
  if (!isNamed(actor, holders, sha256, name)) throw unknown
  const file = await openFile(ctx, sha256)
  if (!file) throw unknown
  koa.attachment(name.replace(/\p{Cc}/gu, '_'))
  koa.set('Content-Type', file.mediaType)
  koa.set('Content-Security-Policy', 'sandbox')
  koa.set('Accept-Ranges', 'bytes')
  const isPublic = isNamed(anybody, holders, sha256, name)
  koa.set('Cache-Control', isPublic ? 'public, no-cache' : 'private, no-store')
  const etag = `"${sha256}"`
  koa.set('ETag', etag)
  koa.status = 200
  if (hasCopy(koa, etag)) {
    koa.status = 304
    return
  }
  const condition = koa.get('If-Range')
  const range =
    condition === '' || condition === etag ? rangeOf(koa.get('Range'), file.size) : undefined
  if (range === 'unsatisfiable') {
    koa.set('Content-Range', `bytes */${file.size}`)
    koa.status = 416
    koa.body = ''
    return
  }
  if (range) {
    koa.status = 206
    koa.set('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  }
  koa.length = range ? range.end - range.start + 1 : file.size
  if (koa.method !== 'HEAD') koa.body = file.read(range)
}

function refuse(actor: Actor, holders: Holder[]): void {
  switch (widestSight(actor, holders)) {
    case 'all':
      return
    case 'description':
      throw forbidden('This file is given on request: ask the keeper of this brick.')
    case 'tombstone':
      throw gone('This file is no longer given.')
    case 'nothing':
      throw notFound('There is no such file.')
  }
}

const isNamed = (actor: Actor, holders: Holder[], sha256: string, name: string): boolean =>
  holders.some(
    (holder) =>
      sightOf(actor, holder) === 'all' &&
      holder.files.some((file) => file.sha256 === sha256 && file.name === name && isGiven(file)),
  )
