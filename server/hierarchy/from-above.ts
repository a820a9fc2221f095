// What comes from above: once a day all that the parent shares is listed. It is checked as any stranger's, kept apart from
// the catalogue, given further down, and used only when the operator says so.
import { createHash } from 'node:crypto'
import type { Client } from '../../harvester/client.ts'
import { Diagnosis, reasonOf, type DiagnosisCode } from '../../harvester/diagnosis.ts'
import { walk } from '../../harvester/list.ts'
import type { HarvestedRecord } from '../../harvester/record.ts'
import { sharedSet, type Shared } from '../../schemas/shared.ts'
import { childText, readXml } from '../../schemas/xml-tree.ts'
import { ensureCollection, findCollection } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { conflict, DomainError, notFound } from '../http/errors.ts'
import { clientFor } from '../network/network.ts'
import { adoptProfile, crosswalk, profilesOf } from '../profiles/profiles.ts'
import { keysIn, save, withdraw, type RecordInput } from '../records/records.ts'
import { parentUrl } from '../web/web.ts'
import { markEntity, type Mark } from './entities.ts'
import { mailUrgent } from './mails.ts'
import { freeSlug, isOurs, listShared, put, readShared, type Held } from './sharing.ts'

const most = 500
const mostCharacters = 32 * 2 ** 20
const patience = { attempts: 3, patienceMs: 30_000, limits: { pageBytes: 64 * 2 ** 20 } }

/** How a brick refuses a format or a set that it does not know. */
const notKnown = new Set<DiagnosisCode>(['format-refused', 'argument-refused', 'oai-error'])

export interface ReadAbove {
  /** How many things are shared above. */
  count: number
  /** Why some were not taken. */
  refused: string[]
}

/**
 * Takes over what the brick above shares now, and lets go of what it no longer does.
 * @throws Diagnosis where it cannot be read to its end; then all stays as it is
 */
export async function readAbove(ctx: Context, signal?: AbortSignal): Promise<ReadAbove> {
  const above = parentUrl(ctx)
  if (above === undefined) return { count: 0, refused: [] }
  const client = clientFor(ctx, doorOf(above), patience)
  try {
    const { items, refused, isWhole } = await listAbove(ctx, client, signal)
    await put(ctx, items)
    const still = new Set(items.map(({ id }) => id))
    if (isWhole) await withdrawOthers(ctx, (id) => still.has(id))
    return { count: items.length, refused }
  } finally {
    await client.close()
  }
}

/** Lets go of all that came from above: this brick has another parent, or none. */
export const forgetAbove = (ctx: Context): Promise<void> => withdrawOthers(ctx, () => false)

export const doorOf = (brick: string): string => `${brick.replace(/\/+$|\/oai\/?$/g, '')}/oai`

async function withdrawOthers(ctx: Context, stays: (id: string) => boolean): Promise<void> {
  const gone = (await listShared(ctx)).filter(({ item }) => !isOurs(ctx, item) && !stays(item.id))
  if (gone.length)
    await withdraw(
      ctx,
      gone.map(({ identifier }) => identifier),
    )
}

async function listAbove(
  ctx: Context,
  client: Client,
  signal: AbortSignal | undefined,
): Promise<{ items: Shared[]; refused: string[]; isWhole: boolean }> {
  const items = new Map<string, Shared>()
  const refused: string[] = []
  let characters = 0
  let isWhole = true
  try {
    const query = { metadataPrefix: 'atom', set: sharedSet }
    for await (const page of walk(client, query, signal)) {
      // What could not be read may be what seems to be missing.
      isWhole &&= page.problems.length === 0
      for (const record of page.records) {
        if (record.deleted) continue
        characters += record.metadata?.xml.length ?? 0
        if (items.size >= most || characters > mostCharacters)
          throw new Diagnosis('too-large', `it shares more than ${most} things, or too long ones`)
        const item = itemIn(record, refused)
        // Two bricks above each other can only be a mistake, but it must not end in a circle.
        if (item && !isOurs(ctx, item)) items.set(item.id, item)
      }
    }
  } catch (error) {
    // A brick of before shares nothing, and has no such format or set.
    const isOlder = error instanceof Diagnosis && notKnown.has(error.code)
    if (!isOlder) throw error
    ctx.log.info({ reason: reasonOf(error) }, 'the brick above shares nothing')
  }
  return { items: [...items.values()], refused, isWhole }
}

function itemIn(record: HarvestedRecord, refused: string[]): Shared | undefined {
  try {
    const content = record.metadata && childText(readXml(record.metadata.xml.toString()), 'content')
    return readShared(content ?? '')
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (refused.length < 20) refused.push(`${record.identifier}: ${error.message}`)
    return undefined
  }
}

/** Something from above, and what the operator has done with it. */
export interface Received extends Held {
  read: boolean
  /** Whether it is used here; `older`: another form of it is. */
  adopted: 'no' | 'older' | 'yes'
}

const marks = (ctx: Context) => ctx.db.dataSource.getRepository(markEntity)

/** What came from above, the latest first. */
export async function listReceived(ctx: Context): Promise<Received[]> {
  const held = (await listShared(ctx)).filter(({ item }) => !isOurs(ctx, item))
  const known = new Map((await marks(ctx).find()).map((mark) => [mark.id, mark]))
  return held
    .map(({ item, identifier }): Received => {
      const mark = known.get(item.id)
      return { item, identifier, read: Boolean(mark?.readAt), adopted: adoptedBy(mark, item) }
    })
    .toSorted((a, b) => (a.item.issued < b.item.issued ? 1 : -1))
}

function adoptedBy(mark: Mark | undefined, item: Shared): Received['adopted'] {
  if (!mark?.adoptedAt) return 'no'
  return mark.hash === hashOf(item) ? 'yes' : 'older'
}

const hashOf = (item: Shared): string =>
  createHash('sha256')
    .update(JSON.stringify(item.kind === 'template' ? item.profile : item))
    .digest('base64url')

export async function markRead(ctx: Context, id: string, isRead: boolean): Promise<void> {
  await marks(ctx).upsert({ id, readAt: isRead ? ctx.clock() : null }, ['id'])
}

/** Tells the operator by mail of what is urgent, once; what has been read already is known. */
export async function tellUrgent(ctx: Context): Promise<void> {
  const toldOf = new Set(
    (await marks(ctx).find()).filter((mark) => mark.toldAt !== null).map(({ id }) => id),
  )
  const urgent = (await listReceived(ctx)).flatMap(({ item, read }) =>
    item.kind === 'announcement' && item.importance === 'urgent' && !read && !toldOf.has(item.id)
      ? item
      : [],
  )
  if (!urgent.length) return
  if (!(await mailUrgent(ctx, urgent)))
    ctx.log.warn({ announcements: urgent.map(({ id }) => id) }, 'urgent news came from above')
  const toldAt = ctx.clock()
  await marks(ctx).upsert(
    urgent.map(({ id }) => ({ id, toldAt })),
    ['id'],
  )
}

/**
 * Uses a template or a vocabulary from above from now on.
 * @param name its id, or the short name of the profile or the vocabulary
 * @throws not-found or conflict, saying why not
 */
export async function adopt(ctx: Context, kind: Usable['kind'], name: string): Promise<Usable> {
  const item = (await listReceived(ctx)).map((each) => each.item).find(isMeant(kind, name))
  if (!item) throw notFound(`Nothing called "${name}" came from above: campa above lists what did.`)
  if (item.kind === 'template') adoptProfile(ctx.config, item.profile)
  else await adoptVocabulary(ctx, item)
  const hash = hashOf(item)
  await marks(ctx).upsert({ id: item.id, adoptedAt: ctx.clock(), readAt: ctx.clock(), hash }, [
    'id',
  ])
  return item
}

type Usable = Exclude<Shared, { kind: 'announcement' }>

const isMeant =
  (kind: Usable['kind'], name: string) =>
  (item: Shared): item is Usable =>
    item.kind === kind &&
    (item.id === name || (item.kind === 'template' ? item.profile.id : item.name) === name)

const batch = 500

/** A closed collection of its concepts: nobody's objects, and nothing that goes up again. */
async function adoptVocabulary(ctx: Context, item: Usable & { kind: 'vocabulary' }): Promise<void> {
  const profiles = profilesOf(ctx.config)
  const profile = profiles.get('concept')
  for (const { key, metadata } of item.concepts) {
    const [fault] = profiles.faults(profile, metadata)
    if (fault) throw conflict(`Its concept "${key}" is wrong at ${fault.pointer}: ${fault.reason}.`)
  }
  const slug = `vocabulary-${item.name}`
  const before = await findCollection(ctx, slug)
  const isItsOwn = before && before.description['und'] === item.id
  const collection = await ensureCollection(ctx, {
    slug: before && !isItsOwn ? await freeSlug(ctx, slug) : slug,
    title: item.title,
    description: { ...item.text, und: item.id },
    profile: profile.id,
    visibility: 'closed',
    ...(item.rights !== undefined && { rights: item.rights }),
  })
  const inputs = item.concepts.map(({ key, metadata }): RecordInput => ({
    collectionId: collection.id,
    key,
    profile: profile.id,
    status: 'published',
    visibility: 'closed',
    source: metadata,
    metadata,
    dc: crosswalk(profile, metadata),
    files: [],
  }))
  const stays = new Set(inputs.map((each) => each.key))
  while (inputs.length) await save(ctx, inputs.splice(0, batch))
  const gone = (await keysIn(ctx, collection.id)).filter(({ key }) => !stays.has(key))
  await withdraw(
    ctx,
    gone.map(({ identifier }) => identifier),
  )
}
