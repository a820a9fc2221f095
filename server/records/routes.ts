import type Router from '@koa/router'
import { isPublic, sightOf } from '../access/access.ts'
import { actorOf } from '../accounts/accounts.ts'
import {
  collectionById,
  collectionsUpFrom,
  isCatalogued,
  withAncestors,
} from '../collections/collections.ts'
import type { Context } from '../context.ts'
import type { SearchDocument, SearchQuery } from '../engine/engine.ts'
import { notFound } from '../http/errors.ts'
import { profilesOf } from '../profiles/profiles.ts'
import type { StoredRecord } from '../../schemas/record.ts'
import { optional, sendPage, visitOf, type Visit } from '../web/web.ts'
import { signposts } from './linked.ts'
import { recordPage, tombstonePage } from './pages.ts'
import { gapsOf } from './gaps.ts'
import { looksOf } from './links.ts'
import { findRecord, formatsOf } from './records.ts'
import { viewOf } from './view.ts'

export function routes(router: Router, ctx: Context): void {
  router.get('/records/:id', async (koa) => {
    const visit = visitOf(ctx, koa)
    const actor = actorOf(ctx, koa.get('authorization'))
    const record = await findRecord(ctx, koa.params['id'] ?? '')
    const sight = record ? sightOf(actor, record) : 'nothing'
    if (!record || sight === 'nothing') throw notFound('')
    if (sight === 'tombstone') return sendPage(koa, visit, tombstonePage(visit, record))
    const [collection, above, nearby, alike] = await Promise.all([
      collectionById(ctx, record.collectionId),
      collectionsUpFrom(ctx, [record.collectionId]),
      nearbyOf(visit, record),
      sight === 'all' ? alikeOf(visit, record) : [],
    ])
    const view = viewOf(visit, {
      record,
      files: sight === 'all',
      unlisted: sightOf({ kind: 'public' }, record) !== sight,
      collections: withAncestors(new Map(above.map((each) => [each.id, each])), collection).filter(
        (each) => isCatalogued(actor, each),
      ),
      formats: isPublic(record) ? formatsOf(ctx, record).map((each) => each.metadataPrefix) : [],
      gaps: actor.kind === 'administrator' ? gapsOf(ctx, record, collection) : [],
      profile: profilesOf(ctx.config)
        .list()
        .find((each) => each.id === record.profile),
    })
    koa.set('Link', signposts(visit, view))
    await sendPage(koa, visit, recordPage(visit, view, nearby, alike))
  })
}

const mostAlike = 8

/** Objects that look like its first picture, here and at other bricks. */
async function alikeOf({ ctx }: Visit, record: StoredRecord): Promise<SearchDocument[]> {
  const [look] = looksOf(record)
  if (!look) return []
  const found = await optional(ctx, 'what looks alike', ctx.engine.alike(look, mostAlike + 1))
  return (found ?? [])
    .map(({ document }) => document)
    .filter(({ id }) => id !== record.id)
    .slice(0, mostAlike)
}

const neighbours = 10

/** Objects that share a keyword, and others of the same collection, by turns. */
async function nearbyOf(visit: Visit, record: StoredRecord): Promise<SearchDocument[]> {
  const { ctx } = visit
  const keywords = (record.dc.subject ?? []).map((each) => each.value).slice(0, 12)
  const collection = await collectionById(ctx, record.collectionId)
  const queries: SearchQuery[] = [
    ...(keywords.length ? [{ filters: { keyword: keywords }, limit: neighbours + 1 }] : []),
    { filters: { collection: [collection.slug] }, limit: neighbours + 1 },
  ]
  const found = await optional(
    ctx,
    'its neighbours',
    Promise.all(queries.map((query) => ctx.engine.search({ ...query, sort: 'newest' }))),
  )
  const lists = (found ?? []).map(({ hits }) => hits)
  const near = new Map<string, SearchDocument>()
  for (let index = 0; index <= neighbours; index++) {
    for (const hits of lists) {
      const hit = hits[index]
      if (hit && hit.id !== record.id && near.size < neighbours) near.set(hit.id, hit)
    }
  }
  return [...near.values()]
}
