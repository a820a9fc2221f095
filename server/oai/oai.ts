// The provider: from arguments to the XML of the answer.
// http://www.openarchives.org/OAI/openarchivesprotocol.html
import { element } from '../../schemas/xml.ts'
import { isListed } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import { settledMoment } from '../changes/changes.ts'
import {
  allCollections,
  collectionBySetSpec,
  collectionsDownFrom,
  withDescendants,
  type Collection,
} from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { recycle } from '../db/db.ts'
import { brickSecret } from '../db/settings.ts'
import { writeOaiDc } from '../formats/oai-dc.ts'
import {
  endOfLine,
  findFormat,
  listSize,
  offeredFormats,
  type Offered,
} from '../records/records.ts'
import { parseArguments, type OaiError, type OaiRequest } from './arguments.ts'
import { envelopeEnd, envelopeStart, errorElements, resumptionToken } from './envelope.ts'
import { identifyElement } from './identify.ts'
import { finishedPrefix, recordText } from './item.ts'
import {
  countOf,
  findItem,
  headerChunks,
  recordChunks,
  windowOf,
  type ReadChunk,
  type Window,
} from './list.ts'
import { openPage, type Page } from './page.ts'
import { readToken, writeToken, type ListPlace } from './token.ts'

/** The whole of an answer, or a page of a list that is still being read. */
export type Answer = {
  request: OaiRequest | undefined
  errors: OaiError[]
} & (
  | { text: string; page?: undefined; place?: undefined }
  | { start: string; page: Page; end: string; place: ListPlace; text?: undefined }
)

type Result =
  | { body: string }
  | { page: Page; place: ListPlace; responseDate?: Date }
  | { errors: OaiError[]; responseDate?: Date }

const setsOfAPage = 1000
/** Headers of a page for each record of one. */
const headersPerRecord = 4
/** Items of a stretch: of headers, of records that are finished, and of those in other formats, which are heavier. */
const stretches = { headers: 1000, finished: 250, written: 150 }

const fail = (code: OaiError['code'], message: string): Result => ({ errors: [{ code, message }] })

/**
 * The answer to a request, errors included: they are answers too (section 3.6).
 * @param atMost items of a page of a list, where fewer are wanted than it would have
 */
export async function answer(
  ctx: Context,
  given: URLSearchParams,
  atMost = Infinity,
): Promise<Answer> {
  const { request, errors: faults } = parseArguments(given)
  const result: Result = faults ? { errors: faults } : await perform(ctx, request, atMost)
  const errors = 'errors' in result ? result.errors : []
  const mute = errors.some((each) => each.code === 'badVerb' || each.code === 'badArgument')
  const date = ('responseDate' in result && result.responseDate) || ctx.clock()
  const start = envelopeStart(date, ctx.links.oai(), mute ? new URLSearchParams() : given)
  if ('page' in result) {
    const { verb } = result.place
    const { page, place } = result
    return {
      request,
      errors,
      page,
      place,
      start: `${start}<${verb}>`,
      end: `</${verb}>${envelopeEnd}`,
    }
  }
  const body = 'errors' in result ? errorElements(errors) : result.body
  return { request, errors, text: start + body + envelopeEnd }
}

/** The same in one piece. */
export async function answerText(
  ctx: Context,
  given: URLSearchParams,
  atMost?: number,
): Promise<string> {
  const { text, ...list } = await answer(ctx, given, atMost)
  if (text !== undefined) return text
  const { start, page, end } = list as Extract<Answer, { start: string }>
  let body = ''
  for await (const part of page.parts ?? (page.whole ? [page.whole] : [])) {
    body += part.bytes.toString() + part.end
    recycle(part.bytes)
  }
  return start + body + end
}

async function perform(ctx: Context, request: OaiRequest, atMost: number): Promise<Result> {
  switch (request.verb) {
    case 'Identify':
      return { body: await identifyElement(ctx) }
    case 'ListMetadataFormats':
      return listMetadataFormats(ctx, request.identifier)
    case 'ListSets':
      return listSets(ctx, request.resumptionToken)
    case 'GetRecord':
      return getRecord(ctx, request.identifier, request.metadataPrefix)
    default:
      return request.resumptionToken === undefined
        ? firstPage(ctx, request, atMost)
        : nextPage(ctx, request, atMost)
  }
}

async function listMetadataFormats(ctx: Context, identifier: string | undefined): Promise<Result> {
  let offered = offeredFormats(ctx)
  if (identifier !== undefined) {
    const item = await findItem(ctx, identifier, finishedFormat(ctx))
    if (!item) return unknown(identifier)
    offered = offered.filter(({ mask }) => mask === 0 || (item.formats_once & mask) !== 0)
  }
  const list = offered.map(
    ({ format: { metadataPrefix, schema, metadataNamespace } }) =>
      `<metadataFormat>${element('metadataPrefix', metadataPrefix)}${element('schema', schema)}` +
      `${element('metadataNamespace', metadataNamespace)}</metadataFormat>`,
  )
  return { body: `<ListMetadataFormats>${list.join('')}</ListMetadataFormats>` }
}

/** The one that every item has (section 2.5). */
const finishedFormat = (ctx: Context): Offered => {
  const found = findFormat(ctx, finishedPrefix)
  if (!found) throw new Error(`there is no format ${finishedPrefix}`)
  return found
}

async function listedCollections(ctx: Context): Promise<Collection[]> {
  return (await allCollections(ctx)).filter((each) => isListed(anybody, each))
}

async function listSets(ctx: Context, token: string | undefined): Promise<Result> {
  const secret = await brickSecret(ctx.db)
  const place = token === undefined ? undefined : readToken(secret, token, ctx.clock())
  if (token !== undefined && place?.kind !== 'sets') return badToken()
  const all = (await listedCollections(ctx)).toSorted((a, b) => (a.setSpec < b.setSpec ? -1 : 1))
  if (!all.length) return noSets()
  const after = place?.kind === 'sets' ? place : undefined
  const cursor = after?.cursor ?? 0
  const rest = after ? all.filter((each) => each.setSpec > after.after) : all
  const page = rest.slice(0, setsOfAPage)
  const last = page.at(-1)
  const next =
    last && rest.length > page.length
      ? writeToken(
          secret,
          {
            kind: 'sets',
            verb: 'ListSets',
            after: last.setSpec,
            cursor: cursor + page.length,
            completeListSize: all.length,
          },
          ctx.clock(),
        )
      : undefined
  return {
    body: `<ListSets>${page.map(setElement).join('')}${resumptionToken(next, cursor, all.length)}</ListSets>`,
  }
}

function setElement(collection: Collection): string {
  const values = (texts: Record<string, string>) =>
    Object.entries(texts).map(([language, value]) =>
      language === 'und' ? { value } : { value, language },
    )
  const [name] = values(collection.title)
  const description = writeOaiDc({
    title: values(collection.title),
    description: values(collection.description),
    ...(collection.rights && { rights: [{ value: collection.rights }] }),
  })
  return (
    `<set>${element('setSpec', collection.setSpec)}${element('setName', name?.value ?? collection.slug)}` +
    `<setDescription>${description}</setDescription></set>`
  )
}

async function getRecord(
  ctx: Context,
  identifier: string,
  metadataPrefix: string,
): Promise<Result> {
  const offered = findFormat(ctx, metadataPrefix)
  const item = await findItem(ctx, identifier, offered ?? finishedFormat(ctx))
  if (!item) return unknown(identifier)
  if (!offered) return unknownFormat(ctx, metadataPrefix)
  const { mask } = offered
  if (mask !== 0 && (item.formats_once & mask) === 0) {
    return fail('cannotDisseminateFormat', `this item cannot be given in "${metadataPrefix}"`)
  }
  const text = recordText(ctx, offered, item)
  return text
    ? { body: `<GetRecord>${text}</GetRecord>` }
    : fail('cannotDisseminateFormat', `this item cannot be written in "${metadataPrefix}"`)
}

type Selection = Extract<OaiRequest, { metadataPrefix: string; resumptionToken?: undefined }>

async function firstPage(
  ctx: Context,
  request: Exclude<Selection, { verb: 'GetRecord' }>,
  atMost: number,
): Promise<Result> {
  const { verb, metadataPrefix, set, from, until } = request
  const offered = findFormat(ctx, metadataPrefix)
  if (!offered) return unknownFormat(ctx, metadataPrefix)
  const responseDate = await settledMoment(ctx)
  const sets = set === undefined ? undefined : await setNamed(ctx, set)
  if (sets && 'errors' in sets) return sets
  const collections = sets?.collections
  let window: Window
  let size: number | undefined
  if (from || until) {
    window = { ...(await windowOf(ctx, from, until)), ...(collections && { collections }) }
    size = await countOf(ctx, offered, window)
  } else {
    const whole = await listSize(ctx, offered.mask, collections)
    window = { after: 0, bound: whole.last, ...(collections && { collections }) }
    size = whole.size
  }
  const place: ListPlace = {
    kind: 'records',
    verb,
    metadataPrefix,
    ...(set !== undefined && { set }),
    after: window.after,
    bound: window.bound,
    cursor: 0,
    ...(size !== undefined && { completeListSize: size }),
  }
  const page = await pageAt(ctx, offered, place, window, atMost)
  if (!page) {
    // Who is told that there is nothing new goes on from that moment too.
    const message = 'no record fits these arguments'
    return { errors: [{ code: 'noRecordsMatch', message }], responseDate }
  }
  return { page, place, responseDate }
}

async function nextPage(
  ctx: Context,
  request: { verb: 'ListIdentifiers' | 'ListRecords'; resumptionToken: string },
  atMost: number,
): Promise<Result> {
  const place = readToken(await brickSecret(ctx.db), request.resumptionToken, ctx.clock())
  if (place?.kind !== 'records' || place.verb !== request.verb) return badToken()
  const offered = findFormat(ctx, place.metadataPrefix)
  const sets = place.set === undefined ? undefined : await setNamed(ctx, place.set)
  if (!offered || (sets && 'errors' in sets)) return badToken()
  const collections = sets?.collections
  const { after, bound } = place
  const window: Window = { after, bound, ...(collections && { collections }) }
  const page = await pageAt(ctx, offered, place, window, atMost, request.resumptionToken)
  if (page) return { page, place }
  // All that was left has changed meanwhile and stands beyond the bound now: a page must not be empty.
  const further = { bound: await endOfLine(ctx) }
  const beyond = { ...window, ...further }
  const moved = await pageAt(ctx, offered, { ...place, ...further }, beyond, atMost)
  return moved ? { page: moved, place: { ...place, ...further } } : badToken()
}

function pageAt(
  ctx: Context,
  offered: Offered,
  place: ListPlace,
  window: Window,
  atMost: number,
  token?: string,
): Promise<Page | undefined> {
  const { oaiPageSize } = ctx.config
  const ours = place.verb === 'ListRecords' ? oaiPageSize : oaiPageSize * headersPerRecord
  const length = Math.min(ours, atMost)
  const reader = readerOf(ctx, offered, place)
  // Who wants fewer than a page has what was read for a whole one of no use.
  const isOurs = length === ours && token !== undefined
  return openPage(ctx, { place, window, offered, length, ...reader, ...(isOurs && { token }) })
}

function readerOf(
  ctx: Context,
  offered: Offered,
  { verb }: ListPlace,
): { read: ReadChunk; stretch: number } {
  if (verb === 'ListIdentifiers') {
    return { read: headerChunks(ctx, offered), stretch: stretches.headers }
  }
  const kind = offered.format.metadataPrefix === finishedPrefix ? 'finished' : 'written'
  return { read: recordChunks(ctx, offered), stretch: stretches[kind] }
}

/** A set and all below it. */
async function setNamed(
  ctx: Context,
  set: string,
): Promise<{ collections: number[] } | { errors: OaiError[] }> {
  const top = await collectionBySetSpec(ctx, set)
  if (top && isListed(anybody, top)) {
    const all = (await collectionsDownFrom(ctx, top.id)).filter((each) => isListed(anybody, each))
    return { collections: withDescendants(all, top).map((each) => each.id) }
  }
  const [code, message] = (await listedCollections(ctx)).length
    ? (['noRecordsMatch', `there is no set "${set}"`] as const)
    : (['noSetHierarchy', noSetsText] as const)
  return { errors: [{ code, message }] }
}

const noSetsText = 'this brick has no collections yet'
const noSets = (): Result => fail('noSetHierarchy', noSetsText)

const unknown = (identifier: string): Result =>
  fail('idDoesNotExist', `there is no item "${identifier}"`)

const unknownFormat = (ctx: Context, metadataPrefix: string): Result =>
  fail(
    'cannotDisseminateFormat',
    `there is no format "${metadataPrefix}"; there are ${offeredFormats(ctx)
      .map(({ format }) => format.metadataPrefix)
      .join(', ')}`,
  )

const badToken = (): Result =>
  fail(
    'badResumptionToken',
    'this token was not given by this brick for this verb, or it is too old',
  )
