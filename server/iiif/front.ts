// Pictures of public images that lie ready, answered before the middleware: tiles as they are stored, and what was drawn for
// somebody before. Whoever else asks, and for whatever else, goes on to the room's door (image.ts), which says the same.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { commonHeaders, type Front, type Observe } from '../http/app.ts'
import { isAsGood } from '../http/copy.ts'
import { Kept } from '../http/kept.ts'
import { openToPages } from './answer.ts'
import { keptPicture } from './derived.ts'
import { addressOf, contentHeaders, nameOf, openImage, wishOf, type Found } from './image.ts'
import { encodings } from './image-render.ts'
import { storedTile } from './stored.ts'

/** Bytes of pictures that are kept in memory, and of one of them. */
const mostBytes = 64 * 2 ** 20
const largest = 2 ** 20
/** Rights are not asked of the database for every tile: so long may an image be shown after another process closed it. */
const trusted = 1000
const mostImages = 2000

interface Open extends Found {
  /** Everybody may see it without another look as long as this process has committed nothing since, and not longer than … */
  commits: number
  /** … until then, in milliseconds. */
  until: number
}

interface Ready {
  image: Open
  headers: string[]
  etag: string
  lastModified: Date
  body: Buffer
}

const route = '/iiif/image/*path'

export function readyFront(ctx: Context, observe: Observe): Front {
  const { pathname } = new URL(ctx.config.baseUrl)
  const prefix = `${pathname === '/' ? '' : pathname}/iiif/image/`
  const images = new Kept<Open>(mostImages)
  const pictures = new Kept<Ready>(mostBytes)

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

  async function prepare(url: string): Promise<Ready | undefined> {
    const address = addressOf(url.slice(prefix.length))
    if (!address || typeof address.written === 'string') return undefined
    const image = await openTo(address.id)
    if (!image) return undefined
    const wish = wishOf(image.image, address.version, address.written)
    const body =
      (await storedTile(ctx, image.image, wish)) ??
      (await keptPicture(ctx, nameOf(image.image, wish)))
    if (!body) return undefined
    const { headers, etag, lastModified } = contentHeaders(ctx, image, address.version, wish)
    const all = {
      ...commonHeaders,
      ...openToPages,
      ...headers,
      ETag: etag,
      'Last-Modified': lastModified.toUTCString(),
      'Content-Type': encodings[wish.request.format].mediaType,
    }
    const ready = { image, headers: Object.entries(all).flat(), etag, lastModified, body }
    if (body.length <= largest) pictures.set(url, ready, body.length + 2000)
    return ready
  }

  async function again(url: string, ready: Ready): Promise<Ready | undefined> {
    if ((await openTo(ready.image.image.id)) === ready.image) return ready
    pictures.delete(url)
    return prepare(url)
  }

  function send(request: IncomingMessage, response: ServerResponse, ready: Ready): void {
    const { headers, etag, lastModified, body } = ready
    const status = isAsGood(request.headers, etag, lastModified) ? 304 : 200
    if (status === 304) response.writeHead(304, headers).end()
    else {
      response.writeHead(200, [...headers, 'Content-Length', String(body.length)])
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    observe(route, status, 0)
  }

  async function find(
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
    known: Ready | undefined,
  ): Promise<void> {
    const { url = '' } = request
    // What is wrong with it is told where it is told of every image.
    const ready = await (known ? again(url, known) : prepare(url)).catch(() => undefined)
    if (ready) send(request, response, ready)
    else next()
  }

  return (request, response, next) => {
    const { url = '', method } = request
    const isAsked = (method === 'GET' || method === 'HEAD') && url.startsWith(prefix)
    if (!isAsked || request.headers.range !== undefined) return next()
    const known = pictures.get(url)
    if (known && isTrusted(known.image)) return send(request, response, known)
    void find(request, response, next, known)
    return undefined
  }
}
