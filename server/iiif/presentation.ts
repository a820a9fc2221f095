// The Presentation API's door: who may see what is asked first, then a manifest or a collection is written.
import { createHash } from 'node:crypto'
import type { Profile } from '../../schemas/profile.ts'
import { pagesOf } from '../../schemas/record.ts'
import { sightOf } from '../access/access.ts'
import { actorOf, anybody } from '../accounts/accounts.ts'
import {
  allCollections,
  collectionById,
  collectionsIn,
  findCollection,
  isCatalogued,
} from '../collections/collections.ts'
import type { Collection } from '../collections/entities.ts'
import type { Context } from '../context.ts'
import { imagesById } from '../files/files.ts'
import { profilesOf } from '../profiles/profiles.ts'
import { formatsOf, findRecord, listPictured, picturedPages } from '../records/records.ts'
import { safeUrl } from '../web/web.ts'
import { failure, privateCache, publicCache, refusal, type Answer } from './answer.ts'
import { guardOf } from './auth.ts'
import { collectionOf, firstImages, listSize, pageOf, pageSize, topOf } from './collection.ts'
import { manifestOf } from './manifest.ts'
import { presentationContext } from './resources.ts'

// Descriptions change; five minutes later everybody has the new one.
const keptFor = 300

export async function answerManifest(
  ctx: Context,
  id: string,
  authorization: string | undefined,
): Promise<Answer> {
  const record = await findRecord(ctx, id)
  if (!record) return failure(404, 'There is no such record.')
  const sight = sightOf(actorOf(ctx, authorization), record)
  const refused = refusal(sight, 'This record')
  const elsewhere = safeUrl(record.links?.manifest)
  // Where its pictures are kept elsewhere, that is not told: the way to them is not ours to show.
  if (refused && (sight !== 'description' || record.links)) return refused
  const publicSight = sightOf(anybody, record)
  const cache = publicSight === 'all' ? publicCache(keptFor) : privateCache
  if (elsewhere) {
    return {
      kind: 'redirect',
      to: elsewhere,
      headers: { 'Cache-Control': cache },
    }
  }
  const images = record.files.flatMap(pagesOf).map((page) => page.image)
  const manifest = manifestOf(
    {
      record,
      profile: profileOf(ctx, record.profile),
      collection: await collectionById(ctx, record.collectionId),
      images: await imagesById(ctx, images),
      formats: formatsOf(ctx, record),
      filesAreShown: sight === 'all',
      ...(publicSight === 'description' && { guard: guardOf(ctx) }),
    },
    ctx,
  )
  if (!manifest) {
    return failure(
      404,
      `This record has no image, and a manifest needs one: its description is at ${ctx.links.record(id)}`,
    )
  }
  return json(manifest, cache)
}

// A profile may have gone since the record was saved; Dublin Core then speaks for it.
function profileOf(ctx: Context, id: string): Profile | undefined {
  return profilesOf(ctx.config)
    .list()
    .find((profile) => profile.id === id)
}

export async function answerTop(ctx: Context): Promise<Answer> {
  const all = (await allCollections(ctx)).filter(isShown)
  const shown = new Set(all.map((each) => each.id))
  const tops = all.filter((each) => each.parentId === null || !shown.has(each.parentId))
  return json(topOf(tops, ctx.links.collectionManifests(), ctx), publicCache(keptFor))
}

/** @param after the list of pages that begins after this number on the line; 0: from the start */
export async function answerCollection(ctx: Context, slug: string, after: number): Promise<Answer> {
  const collection = await shown(ctx, slug)
  if (!collection) return noCollection
  const parent =
    collection.parentId === null ? undefined : await collectionById(ctx, collection.parentId)
  const children = after === 0 ? (await collectionsIn(ctx, collection.id)).filter(isShown) : []
  const pages = await picturedPages(ctx, collection.id, after, pageSize, listSize)
  const records = pages.length === 1 ? await listPictured(ctx, collection.id, after, pageSize) : []
  return json(
    collectionOf(
      {
        collection,
        parent: parent && isShown(parent) ? parent : undefined,
        children,
        after,
        records,
        pages: pages.length > 1 ? pages : [],
        images: await imagesById(ctx, firstImages(records)),
      },
      ctx,
    ),
    publicCache(keptFor),
  )
}

export async function answerPage(ctx: Context, slug: string, after: number): Promise<Answer> {
  const collection = await shown(ctx, slug)
  if (!collection) return noCollection
  const records = await listPictured(ctx, collection.id, after, pageSize)
  const images = await imagesById(ctx, firstImages(records))
  return json(pageOf(collection, after, records, images, ctx), publicCache(keptFor))
}

const noCollection = failure(404, 'There is no such collection.')

const isShown = (collection: Collection): boolean => isCatalogued(anybody, collection)

async function shown(ctx: Context, slug: string): Promise<Collection | undefined> {
  const collection = await findCollection(ctx, slug)
  return collection && isShown(collection) ? collection : undefined
}

function json(content: object, cache: string): Answer {
  const body = JSON.stringify(content)
  return {
    kind: 'content',
    mediaType: `application/ld+json;profile="${presentationContext}"`,
    body,
    headers: { 'Cache-Control': cache, Vary: 'Authorization' },
    etag: `"${createHash('sha1').update(body).digest('hex')}"`,
  }
}
