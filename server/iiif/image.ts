// The Image API's door: an address after /iiif/image/ in, an answer out. Who may see the image is asked first.
import { createHash } from 'node:crypto'
import { widestSight } from '../access/access.ts'
import { actorOf, anybody } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { imageById, type Image } from '../files/files.ts'
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
import { encodings, refuseDear, render, type Shown, type Task, type Wish } from './image-render.ts'
import {
  BadParameter,
  parseRequest,
  type ImageRequest,
  type Version,
  type Written,
} from './image-request.ts'
import { derived } from './derived.ts'
import { storedPiece, storedTile } from './stored.ts'
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
  /** Who asks, as far as can be told. */
  client: string
}

// Part of every ETag: raised when the same address begins to look different.
const drawnBy = 3
// A week: withdrawing an image must reach the caches of others some day, though its address never means other bytes.
const keptFor = 604_800
const infoKeptFor = 3600

export async function answerImage(ctx: Context, asked: Asked): Promise<Answer> {
  const address = addressOf(asked.path)
  if (!address) return noAddress
  const { version, id, written } = address
  const found = await openImage(ctx, id, asked.authorization)
  if ('kind' in found) return found
  const { image, isPublic } = found
  if (written === 'service') {
    return {
      kind: 'redirect',
      to: `${ctx.links.imageService(image.id, version)}/info.json`,
      headers: { 'Cache-Control': isPublic ? publicCache(infoKeptFor) : privateCache },
    }
  }
  if (written === 'info') return { kind: 'content', ...info(ctx, found, version, asked.accept) }
  try {
    return await content(ctx, found, version, wishOf(image, version, written), asked)
  } catch (error) {
    if (error instanceof BadParameter) return failure(400, error.message)
    throw error
  }
}

export interface Address {
  version: Version
  id: string
  /** What is asked for: a picture as it is written, or what is said of the image. */
  written: Written | 'info' | 'service'
}

/** @param path after /iiif/image/, still percent-encoded */
export function addressOf(path: string): Address | undefined {
  const parts = decode(path)
  const [first, id, region, size, rotation, file] = parts ?? []
  const version = versionOf(first)
  if (!version || id === undefined) return undefined
  switch (parts?.length) {
    case 2:
      return { version, id, written: 'service' }
    case 3:
      return region === 'info.json' ? { version, id, written: 'info' } : undefined
    case 6:
      return region !== undefined &&
        size !== undefined &&
        rotation !== undefined &&
        file !== undefined
        ? { version, id, written: { region, size, rotation, file } }
        : undefined
    default:
      return undefined
  }
}

/** @throws BadParameter */
export function wishOf(image: Image, version: Version, written: Written): Wish {
  const request = parseRequest(written, version)
  const drawing = draw(request, image)
  refuseDear({ request, drawing })
  return { request, drawing }
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

export interface Found {
  image: Shown
  isPublic: boolean
}

/** What everybody sees of an image that is shown on request: it as if it were no larger than its first small level. */
function previewOf(image: Image, most: number): Shown | undefined {
  if (most === 0) return undefined
  const first = image.levels.findIndex(({ width, height }) => Math.max(width, height) <= most)
  const level = image.levels[first]
  return level && { ...image, ...level, levels: image.levels.slice(first), first }
}

/** The image, when the one who asks may see it. */
export async function openImage(
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
  const sight = widestSight(actor, records)
  const preview = sight === 'description' ? previewOf(image, ctx.config.previewPixels) : undefined
  if (preview) return { image: preview, isPublic }
  return refusal(sight, 'This image') ?? { image: { ...image, first: 0 }, isPublic }
}

/** What is said of an image: its sizes, tiles and limits. */
export function info(ctx: Context, { image, isPublic }: Found, version: Version, accept: string) {
  const { context, profile } = versions[version]
  const service = versions[version].info(image, ctx.links.imageService(image.id, version))
  const body = Buffer.from(JSON.stringify(service))
  const mediaType = jsonType(context, version, accept)
  return {
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
  found: Found,
  version: Version,
  wish: Wish,
  asked: Asked,
): Promise<Answer> {
  const { etag, lastModified, headers } = contentHeaders(ctx, found, version, wish)
  const needless = asked.headOnly || asked.has(etag, lastModified)
  const body = needless ? undefined : await picture(ctx, found.image, wish, asked)
  const { mediaType } = encodings[wish.request.format]
  return { kind: 'content', mediaType, body, headers, etag, lastModified }
}

async function picture(
  ctx: Context,
  image: Shown,
  wish: Wish,
  { wanted, client }: Asked,
): Promise<Buffer> {
  const stored = await storedTile(ctx, image, wish)
  if (stored) return stored
  const task: Task = { image, cut: (...piece) => storedPiece(ctx, image, ...piece), ...wish }
  return derived(ctx, nameOf(image, wish), wanted, (anybody) => render(ctx, task, anybody, client))
}

/** What is said of a picture; the same whoever answers. */
export function contentHeaders(
  ctx: Context,
  { image, isPublic }: Found,
  version: Version,
  wish: Wish,
): { etag: string; lastModified: Date; headers: Record<string, string> } {
  const { request, drawing } = wish
  const address = `${ctx.links.imageService(image.id, version)}/${canonicalPath(version, request, drawing, image)}`
  return {
    etag: `"${nameOf(image, wish)}"`,
    lastModified: image.createdAt,
    headers: {
      // Both in one header: some readers see only the first.
      Link: `<${address}>;rel="canonical", <${versions[version].profile}>;rel="profile"`,
      'Cache-Control': isPublic ? `${publicCache(keptFor)}, immutable` : privateCache,
    },
  }
}

/** The content's name and the canonical request say all that the bytes depend on. */
export function nameOf(image: Shown, { request, drawing }: Wish): string {
  const canonical = canonicalPath(3, request, drawing, image)
  return createHash('sha1')
    .update(`${drawnBy} ${image.id} ${image.first} ${canonical}`)
    .digest('hex')
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
