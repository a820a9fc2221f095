// Collections: sets of records under one profile, nested; an OAI-PMH set and a IIIF Collection each.
import { In } from 'typeorm'
import type { Translations, Visibility } from '../../schemas/record.ts'
import { isSharedSet } from '../../schemas/shared.ts'
import { isListed } from '../access/access.ts'
import type { Actor } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import type { Row } from '../db/db.ts'
import { invalid, notFound } from '../http/errors.ts'
import { collectionEntity, type Collection } from './entities.ts'

export { countBySlug } from './counts.ts'
export type { Collection } from './entities.ts'

export interface NewCollection {
  slug: string
  parentId?: number
  sourceId?: number
  title: Translations
  description?: Translations
  profile: string
  rights?: string
  visibility?: Visibility
  /** Where it differs from the parent's with the slug added. */
  setSpec?: string
}

// A part of a setSpec may hold more (OAI-PMH 2.7); a slug is what is pleasant in an address.
const slugShape = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/

const repository = (ctx: Context) => ctx.db.dataSource.getRepository(collectionEntity)

// A root has tens of thousands: to make entities of so many rows costs as much as to read them.
const columns = `c.id, c.slug, c.set_spec AS "setSpec", c.parent_id AS "parentId", c.source_id AS "sourceId", c.title,
  c.description, c.profile, c.rights, c.visibility, c.retired, c.created_at AS "createdAt"`

/** For lists of them; who wants a few asks for those. */
export async function allCollections(ctx: Context): Promise<Collection[]> {
  return ctx.db.query<Collection & Row>(`SELECT ${columns} FROM collections c ORDER BY c.set_spec`)
}

/** Those with these numbers, and all above them. */
export async function collectionsUpFrom(ctx: Context, ids: number[]): Promise<Collection[]> {
  return ctx.db.query<Collection & Row>(
    `WITH RECURSIVE up AS (
       SELECT id, parent_id FROM collections WHERE id = ANY($1::int[])
       UNION SELECT c.id, c.parent_id FROM collections c JOIN up ON c.id = up.parent_id)
     SELECT ${columns} FROM collections c WHERE id IN (SELECT id FROM up) ORDER BY c.set_spec`,
    [ids],
  )
}

/** The one with this number, and all below it. */
export async function collectionsDownFrom(ctx: Context, id: number): Promise<Collection[]> {
  return ctx.db.query<Collection & Row>(
    `WITH RECURSIVE down AS (
       SELECT id FROM collections WHERE id = $1
       UNION SELECT c.id FROM collections c JOIN down ON c.parent_id = down.id)
     SELECT ${columns} FROM collections c WHERE id IN (SELECT id FROM down) ORDER BY c.set_spec`,
    [id],
  )
}

/** Those directly below one. */
export async function collectionsIn(ctx: Context, parentId: number): Promise<Collection[]> {
  return repository(ctx).find({ where: { parentId }, order: { setSpec: 'ASC' } })
}

/** @throws not-found */
export async function collectionBySlug(ctx: Context, slug: string): Promise<Collection> {
  const found = await repository(ctx).findOneBy({ slug })
  if (!found) throw notFound(`There is no collection "${slug}".`)
  return found
}

export async function findCollection(ctx: Context, slug: string): Promise<Collection | undefined> {
  return (await repository(ctx).findOneBy({ slug })) ?? undefined
}

/** Those of these collections that there are, in no order. */
export async function collectionsBySlug(ctx: Context, slugs: string[]): Promise<Collection[]> {
  return slugs.length ? repository(ctx).findBy({ slug: In([...new Set(slugs)]) }) : []
}

/** @throws not-found */
export async function collectionById(ctx: Context, id: number): Promise<Collection> {
  const found = await repository(ctx).findOneBy({ id })
  if (!found) throw notFound(`There is no collection ${id}.`)
  return found
}

/** The collections of a source, the first in the order of their sets. */
export async function collectionsFrom(
  ctx: Context,
  sourceId: number,
  most: number,
): Promise<Collection[]> {
  return repository(ctx).find({ where: { sourceId }, order: { setSpec: 'ASC' }, take: most })
}

export async function collectionBySetSpec(
  ctx: Context,
  setSpec: string,
): Promise<Collection | undefined> {
  return (await repository(ctx).findOneBy({ setSpec })) ?? undefined
}

/**
 * Makes a collection, or returns the one that has this slug already.
 * @throws invalid on a slug that does not fit an address
 */
export async function ensureCollection(ctx: Context, wanted: NewCollection): Promise<Collection> {
  const known = await findCollection(ctx, wanted.slug)
  if (known) return known
  if (!slugShape.test(wanted.slug)) {
    throw invalid(
      `"${wanted.slug}" cannot be a collection's address: use small letters, digits and hyphens.`,
    )
  }
  const parent =
    wanted.parentId === undefined ? undefined : await collectionById(ctx, wanted.parentId)
  await repository(ctx)
    .createQueryBuilder()
    .insert()
    .values({
      slug: wanted.slug,
      setSpec: wanted.setSpec ?? (parent ? `${parent.setSpec}:${wanted.slug}` : wanted.slug),
      parentId: parent?.id ?? null,
      sourceId: wanted.sourceId ?? null,
      title: wanted.title,
      description: wanted.description ?? {},
      profile: wanted.profile,
      rights: wanted.rights ?? null,
      visibility: wanted.visibility ?? 'open',
    })
    .orIgnore()
    .execute()
  return collectionBySlug(ctx, wanted.slug)
}

/** Changes what is said about a collection. */
export async function describeCollection(
  ctx: Context,
  slug: string,
  change: Partial<Pick<Collection, 'title' | 'description' | 'rights'>>,
): Promise<Collection> {
  if (Object.keys(change).length) await repository(ctx).update({ slug }, change)
  return collectionBySlug(ctx, slug)
}

/** Takes the collections of a source out of all lists, or puts them back. */
export async function retireCollections(
  ctx: Context,
  sourceId: number,
  retired: boolean,
): Promise<void> {
  await repository(ctx).update({ sourceId }, { retired })
}

/** Whether it is one of objects that this actor may know of: what is shared with the bricks below holds none. */
export const isCatalogued = (actor: Actor, collection: Collection): boolean =>
  isListed(actor, collection) && !isSharedSet(collection.setSpec) && !collection.retired

/** This collection and all below it. */
export function withDescendants(all: Collection[], top: Collection): Collection[] {
  const children = new Map<number | null, Collection[]>()
  for (const each of all) {
    const siblings = children.get(each.parentId)
    if (siblings) siblings.push(each)
    else children.set(each.parentId, [each])
  }
  const from = (each: Collection): Collection[] => [
    each,
    ...(children.get(each.id) ?? []).flatMap(from),
  ]
  return from(top)
}

/** This collection and all above it, nearest first. */
export function withAncestors(all: Map<number, Collection>, bottom: Collection): Collection[] {
  const above = bottom.parentId === null ? undefined : all.get(bottom.parentId)
  return above ? [bottom, ...withAncestors(all, above)] : [bottom]
}

/** A heading made from a slug, for a collection that nobody has named. */
export function titleFromSlug(slug: string): Translations {
  const words = slug.replace(/[._-]+/g, ' ')
  return { und: words.charAt(0).toUpperCase() + words.slice(1) }
}
