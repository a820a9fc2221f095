// The JSON API, version 1: who may see what is asked first, then the answer is made.
import type { IncomingMessage } from 'node:http'
import type { StoredRecord } from '../../schemas/record.ts'
import { sightOf, type Sight } from '../access/access.ts'
import { actorOf, anybody, type Actor } from '../accounts/accounts.ts'
import {
  allCollections,
  collectionById,
  countBySlug,
  type Collection,
  isCatalogued,
} from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { facets, type SearchQuery } from '../engine/engine.ts'
import { DomainError } from '../http/errors.ts'
import { findAlike, findByUpload } from '../likeness/likeness.ts'
import { listSources } from '../network/network.ts'
import { findRecord } from '../records/records.ts'
import { queryOf, readWish } from '../search/search.ts'
import { optional, searchFor } from '../web/web.ts'
import { content, problem, refused, type Answer } from './answer.ts'
import {
  afterAllowed,
  alikeLimit,
  alikeParameters,
  collectionLimit,
  collectionParameters,
  faultsOf,
  recordLimit,
  recordParameters,
} from './parameters.ts'
import { collectionJson, matchesJson, recordJson, resultJson, sourceJson } from './present.ts'

/** What the API needs to know of a request. */
export interface Asked {
  parameters: URLSearchParams
  authorization: string | undefined
}

type Visible = { record: StoredRecord; sight: Extract<Sight, 'all' | 'description'> }

async function seenBy(ctx: Context, actor: Actor, id: string): Promise<Visible | Answer> {
  const record = await findRecord(ctx, id)
  const sight = record ? sightOf(actor, record) : 'nothing'
  if (!record || sight === 'nothing') return problem(404, `There is no record ${id}.`)
  if (sight === 'tombstone') {
    return problem(410, `There was a record ${id} (${record.identifier}), and it is gone.`)
  }
  return { record, sight }
}

export async function answerAlike(ctx: Context, id: string, asked: Asked): Promise<Answer> {
  const faults = faultsOf(asked.parameters, alikeParameters)
  if (faults.length) return refused(faults)
  const actor = actorOf(ctx, asked.authorization)
  const seen = await seenBy(ctx, actor, id)
  if ('kind' in seen) return seen
  const limit = Number(asked.parameters.get('limit') ?? alikeLimit)
  const matches = seen.sight === 'all' ? await findAlike(ctx, seen.record, limit) : []
  return content(matchesJson(ctx, matches), actor.kind === 'public')
}

/**
 * @param request whose body is a picture, or a form with one
 * @param client as `clientOf` tells
 */
export async function answerImage(
  ctx: Context,
  request: IncomingMessage,
  client: string,
  { parameters }: Asked,
): Promise<Answer> {
  const unknown = faultsOf(parameters, [])
  if (unknown.length) return refused(unknown)
  return content(matchesJson(ctx, await findByUpload(ctx, request, client)), false)
}

export async function answerRecord(ctx: Context, id: string, asked: Asked): Promise<Answer> {
  const unknown = faultsOf(asked.parameters, [])
  if (unknown.length) return refused(unknown)
  const actor = actorOf(ctx, asked.authorization)
  const seen = await seenBy(ctx, actor, id)
  if ('kind' in seen) return seen
  const { record, sight } = seen
  const collection = await collectionById(ctx, record.collectionId)
  const isPublic = actor.kind === 'public'
  return content(recordJson(ctx, { record, collection, actor, sight }), isPublic, [
    `<${ctx.links.record(id)}>; rel="alternate"; type="text/html"`,
  ])
}

export async function answerRecords(ctx: Context, { parameters }: Asked): Promise<Answer> {
  const faults = faultsOf(parameters, recordParameters)
  if (faults.length) return refused(faults)
  const language = parameters.get('lang')
  const query: SearchQuery = {
    ...queryOf(readWish(parameters)),
    limit: Number(parameters.get('limit') ?? recordLimit),
    facets: [...facets],
    facetLimit: 20,
    ...(language !== null && { language }),
  }
  const found = await searchFor(ctx, query).catch((error: unknown) => {
    // Of a query that was checked, only the place can be one that the index did not give.
    if (error instanceof DomainError && error.code === 'invalid' && query.after) return undefined
    throw error
  })
  if (!found) return refused([faultOfAfter(query.after)])
  const next = found.next && nextOf(ctx.links.api('records'), parameters, found.next)
  return content(resultJson(ctx, found, next), true, next ? [`<${next}>; rel="next"`] : [])
}

const faultOfAfter = (given = '') => ({ name: 'after', given, allowed: afterAllowed })

function nextOf(base: string, parameters: URLSearchParams, after: string): string {
  const next = new URLSearchParams(parameters)
  next.set('after', after)
  return `${base}?${next.toString()}`
}

async function listed(ctx: Context, { authorization }: Asked): Promise<Collection[]> {
  const actor = actorOf(ctx, authorization)
  return (await allCollections(ctx)).filter((each) => isCatalogued(actor, each))
}

export async function answerCollections(ctx: Context, asked: Asked): Promise<Answer> {
  const { parameters } = asked
  const faults = faultsOf(parameters, collectionParameters)
  if (faults.length) return refused(faults)
  const all = await listed(ctx, asked)
  const after = parameters.get('after')
  const start = after === null ? 0 : all.findIndex(({ slug }) => slug === after) + 1
  if (after !== null && start === 0) return refused([faultOfAfter(after)])
  const limit = Number(parameters.get('limit') ?? collectionLimit)
  const page = all.slice(start, start + limit)
  const counts = await countBySlug(ctx)
  const last = page.at(-1)
  const next =
    last && all.length > start + limit
      ? nextOf(ctx.links.api('collections'), parameters, last.slug)
      : undefined
  const body = {
    total: all.length,
    collections: page.map((each) =>
      collectionJson(ctx, each, parentOf(all, each), counts.get(each.slug)),
    ),
    ...(next && { next }),
  }
  return content(body, isForAnybody(ctx, asked), next ? [`<${next}>; rel="next"`] : [])
}

export async function answerCollection(ctx: Context, slug: string, asked: Asked): Promise<Answer> {
  const unknown = faultsOf(asked.parameters, [])
  if (unknown.length) return refused(unknown)
  const all = await listed(ctx, asked)
  const collection = all.find((each) => each.slug === slug)
  if (!collection) return problem(404, `There is no collection "${slug}".`)
  const counted = await optional(
    ctx,
    'the count of a collection',
    ctx.engine.search({ filters: { collection: [slug] }, limit: 0 }),
  )
  const body = collectionJson(ctx, collection, parentOf(all, collection), counted?.total)
  return content(body, isForAnybody(ctx, asked))
}

export async function answerNetwork(ctx: Context, { parameters }: Asked): Promise<Answer> {
  const unknown = faultsOf(parameters, [])
  if (unknown.length) return refused(unknown)
  const sources = await listSources(ctx)
  const { parentUrl } = ctx.config
  return content({
    ...(parentUrl && { parent: parentUrl }),
    total: sources.length,
    sources: sources.map((each) => sourceJson(ctx, each)),
  })
}

const parentOf = (all: Collection[], { parentId }: Collection): Collection | undefined =>
  all.find(({ id }) => id === parentId)

const isForAnybody = (ctx: Context, { authorization }: Asked): boolean =>
  actorOf(ctx, authorization).kind === anybody.kind
