// The provider: one function from arguments to the XML of the answer.
// http://www.openarchives.org/OAI/openarchivesprotocol.html
import { create } from 'xmlbuilder2'
import { containers } from '../../schemas/oai.ts'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { element } from '../../schemas/xml.ts'
import { isListed } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import { settledMoment } from '../changes/changes.ts'
import { allCollections, withDescendants, type Collection } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { endOfLine } from '../records/records.ts'
import { brickSecret } from '../db/settings.ts'
import { writeOaiDc } from '../formats/oai-dc.ts'
import { version } from '../http/package.ts'
import { parseArguments, type OaiError, type OaiRequest } from './arguments.ts'
import { envelope, errorElements, header, record, resumptionToken } from './envelope.ts'
import { findFormat, formats, oaiDcFormat } from './formats.ts'
import { earliestDatestamp, findItem, readItems, sizeOf, windowOf, type Window } from './list.ts'
import { readToken, writeToken, type ListPlace } from './token.ts'

const pageSize = { ListRecords: 500, ListIdentifiers: 2000, ListSets: 1000 }

type Answer = { body: string; responseDate?: Date } | { errors: OaiError[] }

const fail = (code: OaiError['code'], message: string): Answer => ({ errors: [{ code, message }] })

/** The whole answer to a request, errors included: they are answers too (section 3.6). */
export async function answer(ctx: Context, given: URLSearchParams): Promise<string> {
  const parsed = parseArguments(given)
  const result: Answer = parsed.errors ? parsed : await perform(ctx, parsed.request)
  const errors = 'errors' in result ? result.errors : []
  const mute = errors.some((each) => each.code === 'badVerb' || each.code === 'badArgument')
  const date = ('responseDate' in result && result.responseDate) || ctx.clock()
  return envelope(
    date,
    ctx.links.oai(),
    mute ? new URLSearchParams() : given,
    'errors' in result ? errorElements(errors) : result.body,
  )
}

function perform(ctx: Context, request: OaiRequest): Promise<Answer> {
  switch (request.verb) {
    case 'Identify':
      return identify(ctx)
    case 'ListMetadataFormats':
      return listMetadataFormats(ctx, request.identifier)
    case 'ListSets':
      return listSets(ctx, request.resumptionToken)
    case 'GetRecord':
      return getRecord(ctx, request.identifier, request.metadataPrefix)
    default:
      return request.resumptionToken === undefined
        ? firstPage(ctx, request)
        : nextPage(ctx, request)
  }
}

async function identify(ctx: Context): Promise<Answer> {
  const { config } = ctx
  const earliest = formatDatestamp(await earliestDatestamp(ctx))
  const tree = create({ encoding: 'UTF-8' }).ele('Identify')
  tree.ele('repositoryName').txt(config.name)
  tree.ele('baseURL').txt(ctx.links.oai())
  tree.ele('protocolVersion').txt('2.0')
  tree.ele('adminEmail').txt(config.adminEmail)
  tree.ele('earliestDatestamp').txt(earliest)
  tree.ele('deletedRecord').txt('persistent')
  tree.ele('granularity').txt('YYYY-MM-DDThh:mm:ssZ')
  const { namespace, schema } = containers.oaiIdentifier
  const scheme = tree.ele('description').ele(namespace, 'oai-identifier')
  scheme.att(
    'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:schemaLocation',
    `${namespace} ${schema}`,
  )
  scheme.ele('scheme').txt('oai')
  scheme.ele('repositoryIdentifier').txt(config.domain)
  scheme.ele('delimiter').txt(':')
  scheme.ele('sampleIdentifier').txt(`oai:${config.domain}:1`)
  // The brick about itself, in words that any harvester knows: name, operator, level, home page, software.
  const self = writeOaiDc({
    title: [{ value: config.name }],
    publisher: [{ value: config.operator }],
    type: [{ value: config.level }],
    format: [{ value: `CaMPA ${version}` }],
    ...(config.parentUrl && { relation: [{ value: config.parentUrl }] }),
    identifier: [{ value: ctx.links.home() }],
  })
  const text = tree.end({ headless: true })
  return {
    body: text.replace(/<\/Identify>$/, () => `<description>${self}</description></Identify>`),
  }
}

async function listMetadataFormats(ctx: Context, identifier: string | undefined): Promise<Answer> {
  if (identifier !== undefined && !(await findItem(ctx, identifier, oaiDcFormat)))
    return unknown(identifier)
  const list = formats.map(
    ({ metadataPrefix, schema, metadataNamespace }) =>
      `<metadataFormat>${element('metadataPrefix', metadataPrefix)}${element('schema', schema)}` +
      `${element('metadataNamespace', metadataNamespace)}</metadataFormat>`,
  )
  return { body: `<ListMetadataFormats>${list.join('')}</ListMetadataFormats>` }
}

async function listSets(ctx: Context, token: string | undefined): Promise<Answer> {
  const place = token === undefined ? undefined : readToken(await brickSecret(ctx.db), token)
  if (token !== undefined && place?.kind !== 'sets') return badToken()
  const all = (await allCollections(ctx))
    .filter((each) => isListed(anybody, each))
    .toSorted((a, b) => (a.setSpec < b.setSpec ? -1 : 1))
  if (!all.length) return fail('noSetHierarchy', 'this brick has no collections yet')
  const after = place?.kind === 'sets' ? place : undefined
  const cursor = after?.cursor ?? 0
  const rest = after ? all.filter((each) => each.setSpec > after.after) : all
  const page = rest.slice(0, pageSize.ListSets)
  const last = page.at(-1)
  const next =
    last && rest.length > page.length
      ? writeToken(await brickSecret(ctx.db), {
          kind: 'sets',
          verb: 'ListSets',
          after: last.setSpec,
          cursor: cursor + page.length,
          completeListSize: all.length,
        })
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
): Promise<Answer> {
  const format = findFormat(metadataPrefix)
  const item = await findItem(ctx, identifier, format ?? oaiDcFormat)
  if (!item) return unknown(identifier)
  if (!format) return unknownFormat(metadataPrefix)
  return {
    body: `<GetRecord>${record(item, item.shown ? format.write(ctx, item) : '')}</GetRecord>`,
  }
}

type Selection = Extract<OaiRequest, { metadataPrefix: string; resumptionToken?: undefined }>

async function firstPage(
  ctx: Context,
  request: Exclude<Selection, { verb: 'GetRecord' }>,
): Promise<Answer> {
  if (!findFormat(request.metadataPrefix)) return unknownFormat(request.metadataPrefix)
  const responseDate = await settledMoment(ctx)
  const collections = request.set === undefined ? undefined : await collectionsOf(ctx, request.set)
  if (collections?.length === 0)
    return fail('noRecordsMatch', `there is no set "${request.set ?? ''}"`)
  const window: Window = {
    ...(await windowOf(ctx, request.from, request.until)),
    ...(collections && { collections }),
  }
  const size = await sizeOf(ctx, window)
  if (size === 0) return fail('noRecordsMatch', 'no record fits these arguments')
  const place: ListPlace = {
    kind: 'records',
    verb: request.verb,
    metadataPrefix: request.metadataPrefix,
    ...(request.set !== undefined && { set: request.set }),
    after: window.after,
    bound: window.bound,
    cursor: 0,
    ...(size !== undefined && { completeListSize: size }),
  }
  return { ...(await page(ctx, place, window)), responseDate }
}

async function nextPage(
  ctx: Context,
  request: { verb: 'ListIdentifiers' | 'ListRecords'; resumptionToken: string },
): Promise<Answer> {
  const place = readToken(await brickSecret(ctx.db), request.resumptionToken)
  if (place?.kind !== 'records' || place.verb !== request.verb) return badToken()
  const collections = place.set === undefined ? undefined : await collectionsOf(ctx, place.set)
  return page(ctx, place, {
    after: place.after,
    bound: place.bound,
    ...(collections && { collections }),
  })
}

async function page(ctx: Context, place: ListPlace, window: Window): Promise<Answer> {
  const limit = pageSize[place.verb]
  const format = place.verb === 'ListRecords' ? findFormat(place.metadataPrefix) : undefined
  const read = await readItems(ctx, window, limit + 1, format)
  const items = read.slice(0, limit)
  const last = items.at(-1)
  if (!last) {
    // All that was left has changed meanwhile and stands beyond the bound now: a page must not be empty.
    const bound = await endOfLine(ctx)
    if (bound <= window.bound) return fail('noRecordsMatch', 'the rest of this list is gone')
    return page(ctx, { ...place, bound }, { ...window, bound })
  }
  const next =
    read.length > limit
      ? writeToken(await brickSecret(ctx.db), {
          ...place,
          after: last.sequence,
          cursor: place.cursor + items.length,
        })
      : undefined
  let body = `<${place.verb}>`
  for (const item of items) {
    body += format ? record(item, item.shown ? format.write(ctx, item) : '') : header(item)
  }
  return {
    body: `${body}${resumptionToken(next, place.cursor, place.completeListSize)}</${place.verb}>`,
  }
}

async function collectionsOf(ctx: Context, set: string): Promise<number[]> {
  const all = (await allCollections(ctx)).filter((each) => isListed(anybody, each))
  const top = all.find((each) => each.setSpec === set)
  return top ? withDescendants(all, top).map((each) => each.id) : []
}

const unknown = (identifier: string): Answer =>
  fail('idDoesNotExist', `there is no item "${identifier}"`)

const unknownFormat = (metadataPrefix: string): Answer =>
  fail(
    'cannotDisseminateFormat',
    `there is no format "${metadataPrefix}"; there are ${formats.map((each) => each.metadataPrefix).join(', ')}`,
  )

const badToken = (): Answer =>
  fail('badResumptionToken', 'this token was not given by this brick for this verb')
