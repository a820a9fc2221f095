// The Image API's door: an address after /iiif/image/ in, an answer out. Who may see the image is asked first.
// @NOTE seam: a tile that is stored as asked for can be handed out in `content`, between the rights and `render`.
import { createHash } from 'node:crypto'
import { widestSight } from '../access/access.ts'
import { actorOf, anybody } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { imageById, pathOfImage, type Image } from '../files/files.ts'
import { recordsOfImage } from '../records/records.ts'
import {
  failure,
  privateCache,
  publicCache,
  refusal,
  type Answer,
  type ErrorAnswer,
} from './answer.ts'
import { draw, type Drawing } from './image-geometry.ts'
import { encodings, refuseDear, render } from './image-render.ts'
import { BadParameter, parseRequest, type ImageRequest, type Version } from './image-request.ts'
import { versions } from './image-versions.ts'

/** What the door needs to know of a request. */
export interface Asked {
  /** After /iiif/image/, still percent-encoded. */
  path: string
  accept: string
  authorization: string | undefined
  /** HEAD: nothing is drawn. */
  headOnly: boolean
  /** The client has a copy that is as good. */
  has: (etag: string, lastModified: Date) => boolean
  wanted: () => boolean
}

// Part of every ETag: raised when the same address begins to look different.
const drawnBy = 1
// A week: withdrawing an image must reach the caches of others some day, though its address never means other bytes.
const keptFor = 604_800
const infoKeptFor = 3600

export async function answerImage(ctx: Context, asked: Asked): Promise<Answer> {
  const parts = decode(asked.path)
  const version = versionOf(parts?.[0])
  const id = parts?.[1]
  if (!parts || !version || id === undefined) return noAddress
  const found = await open(ctx, id, asked.authorization)
  if ('kind' in found) return found
  const { image, isPublic } = found
  const base = ctx.links.imageService(image.id, version)
  if (parts.length === 2) {
    return {
      kind: 'redirect',
      to: `${base}/info.json`,
      headers: { 'Cache-Control': isPublic ? publicCache(infoKeptFor) : privateCache },
    }
  }
  if (parts.length === 3 && parts[2] === 'info.json') return info(ctx, found, version, asked.accept)
  const [, , region, size, rotation, file] = parts
  if (
    parts.length !== 6 ||
    region === undefined ||
    size === undefined ||
    rotation === undefined ||
    file === undefined
  ) {
    return noAddress
  }
  try {
    const request = parseRequest({ region, size, rotation, file }, version)
    const drawing = draw(request, image)
    refuseDear({ request, drawing })
    return await content(ctx, found, version, { request, drawing }, asked)
  } catch (error) {
    if (error instanceof BadParameter) return failure(400, error.message)
    throw error
  }
}

const noAddress = failure(
  404,
  'This is no address of an image: they are /iiif/image/{2 or 3}/{image}/info.json and …/{region}/{size}/{rotation}/{quality}.{format}',
)

function decode(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}

const versionOf = (text: string | undefined): Version | undefined =>
  text === '2' ? 2 : text === '3' ? 3 : undefined

interface Found {
  image: Image
  isPublic: boolean
}

/** The image, when the one who asks may see it. */
async function open(
  ctx: Context,
  id: string,
  authorization: string | undefined,
): Promise<Found | ErrorAnswer> {
  const unknown = failure(404, 'There is no such image.')
  if (!/^[0-9a-f]{32}$/.test(id)) return unknown
  const [image, records] = await Promise.all([imageById(ctx, id), recordsOfImage(ctx, id)])
  if (!image) return unknown
  const actor = actorOf(ctx, authorization)
  const isPublic = widestSight(anybody, records) === 'all'
  return refusal(widestSight(actor, records), 'This image') ?? { image, isPublic }
}

function info(ctx: Context, { image, isPublic }: Found, version: Version, accept: string): Answer {
  const { context, profile } = versions[version]
  const body = JSON.stringify(
    versions[version].info(image, ctx.links.imageService(image.id, version)),
  )
  const mediaType = jsonType(context, version, accept)
  return {
    kind: 'content',
    mediaType,
    body,
    headers: {
      Link: `<${profile}>;rel="profile"`,
      Vary: 'Accept',
      'Cache-Control': isPublic ? publicCache(infoKeptFor) : privateCache,
    },
    etag: `"${createHash('sha1').update(mediaType).update(body).digest('hex')}"`,
    lastModified: image.createdAt,
  }
}

// 2.1 wants plain JSON unless JSON-LD is asked for; 3.0 JSON-LD unless plain JSON is. A browser shows only plain JSON.
function jsonType(context: string, version: Version, accept: string): string {
  const linked = `application/ld+json;profile="${context}"`
  if (accept.includes('application/ld+json')) return linked
  return version === 2 || /application\/json|text\/html/.test(accept) ? 'application/json' : linked
}

async function content(
  ctx: Context,
  { image, isPublic }: Found,
  version: Version,
  { request, drawing }: { request: ImageRequest; drawing: Drawing },
  asked: Asked,
): Promise<Answer> {
  const canonical = canonicalPath(version, request, drawing, image)
  const address = `${ctx.links.imageService(image.id, version)}/${canonical}`
  // The content's name and the canonical request say all that the bytes depend on, so nothing is drawn for an ETag.
  const etag = `"${createHash('sha1').update(`${drawnBy} ${image.sha256} ${canonical}`).digest('hex')}"`
  const needless = asked.headOnly || asked.has(etag, image.createdAt)
  const body = needless
    ? undefined
    : await render(
        { path: pathOfImage(ctx, image.id), levels: image.levels, request, drawing },
        asked.wanted,
      )
  return {
    kind: 'content',
    mediaType: encodings[request.format].mediaType,
    body,
    headers: {
      // Both in one header: some readers see only the first.
      Link: `<${address}>;rel="canonical", <${versions[version].profile}>;rel="profile"`,
      'Cache-Control': isPublic ? `${publicCache(keptFor)}, immutable` : privateCache,
    },
    etag,
    lastModified: image.createdAt,
  }
}

function canonicalPath(
  version: Version,
  { mirror, rotation, quality, format }: ImageRequest,
  drawing: Drawing,
  image: Image,
): string {
  const { region } = drawing
  const whole = region.width === image.width && region.height === image.height
  const where = whole ? 'full' : `${region.x},${region.y},${region.width},${region.height}`
  const size = versions[version].canonicalSize(drawing)
  return `${where}/${size}/${mirror ? '!' : ''}${rotation}/${quality === 'color' ? 'default' : quality}.${format}`
}
