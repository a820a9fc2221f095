// What lies ready of public images, answered before the middleware: tiles as they are stored, what was drawn for somebody
// before, info.json. Whoever else asks, and for whatever else, goes on to the room's door (image.ts), which says the same.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { commonHeaders, type Front, type Observe } from '../http/app.ts'
import { isAsGood } from '../http/copy.ts'
import { Kept } from '../http/kept.ts'
import { openToPages } from './answer.ts'
import { keptPicture } from './derived.ts'
import {
  addressOf,
  contentHeaders,
  info,
  nameOf,
  openImage,
  wishOf,
  type Address,
  type Found,
} from './image.ts'
import { encodings } from './image-render.ts'
import { storedTile } from './stored.ts'

/** Bytes of answers that are kept in memory, and of one of them. */
const mostBytes = 16 * 2 ** 20
const largest = 2 ** 20
/** Rights are not asked of the database for every tile: so long may an image be shown after another process closed it. */
const trusted = 1000
const mostImages = 2000
const route = '/iiif/image/*path'

interface Open extends Found {
  /** Everybody may see it without another look as long as this process has committed nothing since, and not longer than … */
  commits: number
  /** … until then, in milliseconds. */
  until: number
}

interface Content {
  mediaType: string
  headers: Record<string, string>
  etag: string
  lastModified?: Date
  body: Buffer
}

interface Ready {
  image: Open
  headers: string[]
  etag: string
  lastModified: Date | undefined
  body: Buffer
}

/** What everybody may see, of which something is asked that does not lie ready: it need not be looked for again. */
const handedOn = new WeakMap<IncomingMessage, Found>()

export const foundBefore = (request: IncomingMessage): Found | undefined => handedOn.get(request)

export function readyFront(ctx: Context, observe: Observe): Front {
  const { pathname } = new URL(ctx.config.baseUrl)
  const prefix = `${pathname === '/' ? '' : pathname}/iiif/image/`
  const images = new Kept<Open>(mostImages)
  const answers = new Kept<Ready>(mostBytes)

  const isTrusted = ({ commits, until }: Open): boolean =>
    commits === ctx.db.commits && until > Date.now()

  /** The image, when everybody may see it. */
  async function openTo(id: string): Promise<Open | undefined> {
    const known = images.get(id)
    if (known && isTrusted(known)) return known
    const [commits, until] = [ctx.db.commits, Date.now() + trusted]
    const found = await openImage(ctx, id, undefined)
    if ('kind' in found || !found.isPublic) {
      images.delete(id)
      return undefined
    }
    if (known) return Object.assign(known, found, { commits, until })
    const open = { ...found, commits, until }
    images.set(id, open)
    return open
  }

  async function prepare(key: string, url: string, accept: string): Promise<Ready | undefined> {
    const address = addressOf(url.slice(prefix.length))
    const image = address && (await openTo(address.id))
    const content = image && (await contentOf(ctx, address, image, accept))
    if (!content) return undefined
    const { mediaType, headers, etag, lastModified, body } = content
    const all = {
      ...commonHeaders,
      ...openToPages,
      ...headers,
      ETag: etag,
      ...(lastModified && { 'Last-Modified': lastModified.toUTCString() }),
      'Content-Type': mediaType,
    }
    const ready = { image, headers: Object.entries(all).flat(), etag, lastModified, body }
    if (body.length <= largest) answers.set(key, ready, body.length + key.length + 2000)
    return ready
  }

  async function find(key: string, url: string, accept: string): Promise<Ready | undefined> {
    const known = answers.get(key)
    if (known && (await openTo(known.image.image.id)) === known.image) return known
    answers.delete(key)
    return prepare(key, url, accept)
  }

  const answer = (
    request: IncomingMessage,
    response: ServerResponse,
    ready: Ready,
    began: number,
  ): void => {
    send(request, response, ready)
    observe(route, response.statusCode, (performance.now() - began) / 1000)
  }

  return async (request, response, next) => {
    const { url = '', method, headers } = request
    const isAsked = (method === 'GET' || method === 'HEAD') && url.startsWith(prefix)
    if (!isAsked || headers.range !== undefined) return next()
    const began = performance.now()
    const accept = url.endsWith('/info.json') ? (headers.accept ?? '') : ''
    const key = accept ? `${url} ${accept}` : url
    const known = answers.get(key)
    if (known && isTrusted(known.image)) return answer(request, response, known, began)
    // What is wrong with it is told where it is told of every image.
    const ready = await find(key, url, accept).catch(() => undefined)
    if (ready) return answer(request, response, ready, began)
    const open = images.get(addressOf(url.slice(prefix.length))?.id ?? '')
    if (open && isTrusted(open)) handedOn.set(request, open)
    return next()
  }
}

function send(request: IncomingMessage, response: ServerResponse, ready: Ready): void {
  const { headers, etag, lastModified, body } = ready
  if (isAsGood(request.headers, etag, lastModified)) {
    response.writeHead(304, headers).end()
  } else {
    response.writeHead(200, [...headers, 'Content-Length', String(body.length)])
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

async function contentOf(
  ctx: Context,
  { version, written }: Address,
  found: Found,
  accept: string,
): Promise<Content | undefined> {
  if (written === 'service') return undefined
  if (written === 'info') return info(ctx, found, version, accept)
  const { image } = found
  const wish = wishOf(image, version, written)
  const body = (await storedTile(ctx, image, wish)) ?? (await keptPicture(ctx, nameOf(image, wish)))
  const { mediaType } = encodings[wish.request.format]
  return body && { ...contentHeaders(ctx, found, version, wish), mediaType, body }
}
