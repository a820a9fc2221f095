// GET and POST of /oai (OAI-PMH 2.0, section 3.1.1); people get a page there, and everybody the XML at /oai.xml.
import type Router from '@koa/router'
import type Koa from 'koa'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import type { Context } from '../context.ts'
import { readForm } from '../http/body.ts'
import { clientOf } from '../http/client.ts'
import { DomainError, httpStatus } from '../http/errors.ts'
import { readGaps } from './gaps.ts'
import { heldBack } from './item.ts'
import { limitsOf } from './limits.ts'
import { answer, answerText, type Answer } from './oai.ts'
import { asksForPage, peopleRoutes, sendReading } from './people.ts'
import { sendAnswer, type Sent } from './send.ts'
import { noteVisit, type OaiVisit, type VisitError } from './visits.ts'

export function routes(router: Router, ctx: Context): void {
  const limits = limitsOf(ctx.config)

  /** Does this for a client, or tells it when to come back. */
  const politely = async (
    koa: Koa.Context,
    work: (client: string) => Promise<void>,
  ): Promise<void> => {
    const client = clientOf(koa, ctx.config.trustedProxies)
    const pass = limits.enter(client)
    if ('retryAfter' in pass) {
      koa.status = 503
      koa.set('Retry-After', String(pass.retryAfter))
      koa.type = 'text/plain; charset=utf-8'
      koa.body = `Too many requests at once: please ask again in ${pass.retryAfter} seconds.\n`
      noteVisit(ctx, { ...visitor(koa, client), ...nothing, error: 'busy' })
      return
    }
    try {
      await work(client)
    } catch (error) {
      fail(ctx, koa, error)
    } finally {
      pass.leave()
    }
  }

  const sendXml = async (
    koa: Koa.Context,
    client: string,
    given: URLSearchParams,
  ): Promise<void> => {
    let error: VisitError | undefined = 'failed'
    let sent: Sent = { ...nothing, cut: false }
    let result: Answer | undefined
    try {
      result = await answer(ctx, given)
      sent = await sendAnswer(koa, ctx, result)
      error = sent.cut ? 'cut' : result.errors[0]?.code
    } finally {
      const { records, bytes, done } = sent
      noteVisit(ctx, {
        ...visitor(koa, client),
        ...(result && askedFor(result)),
        records,
        bytes,
        error,
        done: done && result?.page !== undefined,
      })
    }
  }

  router.get('/oai', (koa) =>
    politely(koa, (client) =>
      asksForPage(koa)
        ? sendReading(koa, ctx, (given, atMost) => answerText(ctx, given, atMost))
        : sendXml(koa, client, new URLSearchParams(koa.querystring)),
    ),
  )
  router.get('/oai.xml', (koa) =>
    politely(koa, (client) => sendXml(koa, client, new URLSearchParams(koa.querystring))),
  )
  router.post(['/oai', '/oai.xml'], (koa) =>
    politely(koa, async (client) => sendXml(koa, client, await readForm(koa.req))),
  )
  peopleRoutes(router, ctx, {
    gaps: (visit) => readGaps(ctx, visit.t),
    heldBack: (each) => Promise.resolve(heldBack(each)),
  })
}

// A program gets a sentence, not a page.
function fail(ctx: Context, koa: Koa.Context, error: unknown): void {
  if (asksForPage(koa)) throw error
  koa.status = httpStatus(error)
  if (koa.status >= 500) ctx.log.error({ err: error, path: koa.path }, 'a request failed')
  if (koa.status === 503) koa.set('Retry-After', '60')
  koa.remove('Content-Encoding')
  koa.type = 'text/plain; charset=utf-8'
  koa.body =
    error instanceof DomainError
      ? `${error.message}\n`
      : 'Something went wrong here; it has been noted. Please ask again later.\n'
}

const nothing = { records: 0, bytes: 0, done: false }

function visitor(koa: Koa.Context, client: string): Pick<OaiVisit, 'client' | 'agent' | 'contact'> {
  const contact = koa.get('From')
  return { client, agent: koa.get('User-Agent'), ...(contact && { contact }) }
}

// Of a list that is empty there is no place, but who asked for it is up to date all the same.
function askedFor({ request, place }: Answer): Partial<OaiVisit> {
  const list =
    request && request.verb !== 'GetRecord' && 'metadataPrefix' in request ? request : undefined
  const { metadataPrefix, set } = place ?? list ?? {}
  return {
    verb: request?.verb,
    metadataPrefix,
    set,
    from: list?.from && formatDatestamp(list.from),
    until: list?.until && formatDatestamp(list.until),
    position: place && { cursor: place.cursor, completeListSize: place.completeListSize },
  }
}
