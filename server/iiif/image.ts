// The Image API's door: an address after /iiif/image/ in, an answer out. Who may see the image is asked first.
import { createHash } from 'node:crypto'
import { widestSight } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { imageById, type Image } from '../files/files.ts'
import { recordsOfImage } from '../records/records.ts'
import {
  failure,
  keeping,
  publicCache,
  refusal,
  unknownImage,
  type Answer,
  type ErrorAnswer,
} from './answer.ts'
import { previewOf, probeService } from './auth.ts'
import { askerOf, type Asking } from './auth-pass.ts'
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
  asking: Asking
  /** The image, where everybody may see it and it was looked for a moment ago. */
  found?: Found | undefined
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
  const found = asked.found ?? (await openImage(ctx, id, asked.asking))
  if ('kind' in found) return found
  const { image, isPublic, refused } = found
  if (written === 'service') {
    return {
      kind: 'redirect',
      to: `${ctx.links.imageService(id, version)}/info.json`,
      headers: keeping(isPublic, publicCache(infoKeptFor)),
    }
  }
  if (written === 'info') return { kind: 'content', ...info(ctx, found, version, asked.accept) }
  if (refused) return refused
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
  /** Its name in addresses. */
  name: string
  image: Shown
  isPublic: boolean
  /** Everybody is told of it, and how it can be seen. */
  isOnRequest: boolean
  /** What the one who asks is answered instead of a picture. */
  refused?: ErrorAnswer
}

/** The image, when the one who asks may be told of it. */
export async function openImage(
  ctx: Context,
  name: string,
  asking: Asking | undefined,
): Promise<Found | ErrorAnswer> {
  const [, id] = /^([0-9a-f]{32})(?:-preview)?$/.exec(name) ?? []
  if (id === undefined) return unknownImage
  const [image, records] = await Promise.all([imageById(ctx, id), recordsOfImage(ctx, id)])
  if (!image) return unknownImage
  const sight = widestSight(await askerOf(ctx, asking), records)
  const refused = refusal(sight, 'This image')
  if (refused && sight !== 'description') return refused
  if (name !== id) {
    const preview = previewOf(ctx, image)
    // How small it is may change, so nobody keeps it.
    return preview
      ? { name, image: preview.shown, isPublic: false, isOnRequest: false }
      : unknownImage
  }
  const publicSight = widestSight(anybody, records)
  return {
    name,
    image: { ...image, first: 0 },
    isPublic: publicSight === 'all',
    isOnRequest: publicSight === 'description',
    ...(refused && { refused }),
  }
}

/** What is said of an image: its sizes, tiles and limits, and how it can be seen. */
export function info(ctx: Context, found: Found, version: Version, accept: string) {
  const { name, image, isPublic, isOnRequest } = found
  const { context, profile } = versions[version]
  const probe = isOnRequest ? probeService(ctx, name) : undefined
  const service = versions[version].info(image, ctx.links.imageService(name, version), probe)
  const body = Buffer.from(JSON.stringify(service))
  const mediaType = jsonType(context, version, accept)
  return {
    mediaType,
    body,
    headers: {
      Link: `<${profile}>;rel="profile"`,
      ...keeping(isPublic, publicCache(infoKeptFor), 'Accept'),
    },
    // No date: who may see the image changes what is said of it, and leaves the image as it is.
    etag: `"${createHash('sha1').update(mediaType).update(body).digest('hex')}"`,
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
  return derived(ctx, nameOf(image, wish), wanted, (isWanted, once) =>
    render(ctx, task, isWanted, client, once),
  )
}

/** What is said of a picture; the same whoever answers. */
export function contentHeaders(
  ctx: Context,
  { name, image, isPublic }: Found,
  version: Version,
  wish: Wish,
): { etag: string; lastModified: Date; headers: Record<string, string> } {
  const { request, drawing } = wish
  const address = `${ctx.links.imageService(name, version)}/${canonicalPath(version, request, drawing, image)}`
  return {
    etag: `"${nameOf(image, wish)}"`,
    lastModified: image.createdAt,
    headers: {
      // Both in one header: some readers see only the first.
      Link: `<${address}>;rel="canonical", <${versions[version].profile}>;rel="profile"`,
      ...keeping(isPublic, `${publicCache(keptFor)}, immutable`),
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
