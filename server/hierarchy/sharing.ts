// What this brick shares with all below it: what its operator issues, and what came from above and goes further down, with
// the name of who said it first. Records of sets that are kept for this; they are in no catalogue and do not go up.
import { randomUUID } from 'node:crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import type { JsonObject } from '../../schemas/record.ts'
import {
  longestShared,
  sharedKinds,
  sharedProfile,
  sharedSchema,
  sharedSet,
  sharedSets,
  type Announcement,
  type Shared,
  type SharedKind,
  type Template,
  type Vocabulary,
} from '../../schemas/shared.ts'
import {
  collectionBySetSpec,
  collectionBySlug,
  ensureCollection,
  findCollection,
  type Collection,
} from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { DomainError, invalid, notFound } from '../http/errors.ts'
import { crosswalk, isOfTheHouse, profilesOf, strangersProfile } from '../profiles/profiles.ts'
import { newestIn, save, withdraw, type RecordInput } from '../records/records.ts'
import { wordsIn } from '../text/text.ts'

const most = 1000
const batch = 100

const obeys = new Ajv2020({ strict: true }).compile(sharedSchema)

/**
 * Something shared, from its JSON as anybody may have written it.
 * @throws invalid
 */
export function readShared(text: string): Shared {
  if (text.length > Math.max(...Object.values(longestShared)))
    throw invalid('It is longer than anything that is shared.')
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw invalid(`It is not JSON: ${(cause as Error).message}`, { cause })
  }
  if (!obeys(content)) {
    const [fault] = obeys.errors ?? []
    throw invalid(`It is wrong at ${fault?.instancePath || '/'}: ${fault?.message ?? ''}`)
  }
  const item = content as unknown as Shared
  const longest = longestShared[item.kind]
  if (text.length > longest)
    throw invalid(`A shared ${item.kind} has ${longest} characters at most.`)
  if (item.kind === 'template') strangersProfile(item.profile, `template ${item.id}`)
  return item
}

type Issued<Kind extends Shared> = Omit<Kind, 'id' | 'issuer' | 'issued' | 'kind'>

export const announce = (ctx: Context, what: Issued<Announcement>): Promise<Shared> =>
  issue(ctx, { kind: 'announcement', ...what }, randomUUID())

/**
 * A profile of this brick for all below it; shared again it takes the place of what was shared before.
 * @throws not-found, or invalid where others could not take it
 */
export function shareProfile(ctx: Context, id: string): Promise<Shared> {
  const profile = profilesOf(ctx.config).get(id)
  if (isOfTheHouse(id)) throw invalid(`Every brick has the profile "${id}": give yours another id.`)
  const { label: title, description: text } = profile
  const what: Omit<Template, 'id' | 'issuer' | 'issued'> = {
    kind: 'template',
    title,
    text,
    profile,
  }
  return issue(ctx, what, id)
}

/**
 * A collection of concepts as a vocabulary for all below this brick.
 * @throws not-found, or invalid where it holds no concepts or too many
 */
export async function shareVocabulary(ctx: Context, slug: string): Promise<Shared> {
  const collection = await collectionBySlug(ctx, slug)
  const records = await newestIn(ctx, [collection.id], mostConcepts + 1)
  const concepts = records
    .filter((each) => each.profile === 'concept')
    .map(({ key, metadata }) => ({ key, metadata }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  if (!concepts.length)
    throw invalid(`"${slug}" holds no concept: import one with --profile concept first.`)
  if (concepts.length > mostConcepts)
    throw invalid(`"${slug}" has more than ${mostConcepts} concepts: share it in parts.`)
  const { title, description: text, rights } = collection
  const name = slug.replace(/[^a-z0-9]+/g, '-').slice(0, 60)
  const what: Omit<Vocabulary, 'id' | 'issuer' | 'issued'> = {
    kind: 'vocabulary',
    title,
    text,
    name,
    concepts,
    ...(rights !== null && { rights }),
  }
  return issue(ctx, what, name)
}

const mostConcepts = 20_000

async function issue(
  ctx: Context,
  what: Omit<Announcement, Given> | Omit<Template, Given> | Omit<Vocabulary, Given>,
  name: string,
): Promise<Shared> {
  const { domain, name: brick, baseUrl } = ctx.config
  const item = {
    ...what,
    id: `tag:${domain},2026:${what.kind}/${name}`,
    issuer: { name: brick, url: baseUrl },
    issued: formatDatestamp(ctx.clock()),
  } as Shared
  // What others would refuse is not given out.
  const checked = readShared(JSON.stringify(item))
  await put(ctx, [checked])
  return checked
}

type Given = 'id' | 'issuer' | 'issued'

/** Shares these with all below, or the newer forms of them. */
export async function put(ctx: Context, items: Shared[]): Promise<void> {
  const inputs: RecordInput[] = []
  for (const item of items) inputs.push(inputOf(ctx, item, await shelfOf(ctx, item.kind)))
  while (inputs.length) await save(ctx, inputs.splice(0, batch))
}

function inputOf(ctx: Context, item: Shared, { id: collectionId }: Collection): RecordInput {
  const values = (texts: Record<string, string>): JsonObject[] =>
    Object.entries(texts).map(([language, value]) =>
      language === 'und' ? { value } : { value, language },
    )
  const metadata: JsonObject = {
    kind: item.kind,
    id: item.id,
    title: values(item.title),
    text: values(item.text),
    issuer: item.issuer.name,
    issuer_address: [item.issuer.url],
    issued: item.issued,
    ...(item.kind === 'announcement' && item.version !== undefined && { version: item.version }),
    content: JSON.stringify(item),
  }
  return {
    collectionId,
    key: item.id,
    profile: sharedProfile,
    status: 'published',
    visibility: 'open',
    source: {},
    metadata,
    dc: crosswalk(profilesOf(ctx.config).get(sharedProfile), metadata),
    files: [],
  }
}

async function shelfOf(ctx: Context, kind: SharedKind): Promise<Collection> {
  const setSpec = sharedSets[kind]
  const known = await collectionBySetSpec(ctx, setSpec)
  if (known) return known
  const top =
    (await collectionBySetSpec(ctx, sharedSet)) ??
    (await ensureCollection(ctx, {
      slug: await freeSlug(ctx, 'shared-below'),
      setSpec: sharedSet,
      title: titleOf('all'),
      profile: sharedProfile,
    }))
  return ensureCollection(ctx, {
    slug: await freeSlug(ctx, `shared-below.${kind}`),
    setSpec,
    parentId: top.id,
    title: titleOf(kind),
    profile: sharedProfile,
  })
}

const titleOf = (kind: SharedKind | 'all'): Record<string, string> => ({
  en: wordsIn('en').t(`sharedSet.${kind}`),
  fr: wordsIn('fr').t(`sharedSet.${kind}`),
})

/** A slug that no collection has: this one, or with a number. */
export async function freeSlug(ctx: Context, slug: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? slug : `${slug}-${number}`
    if (!(await findCollection(ctx, candidate))) return candidate
  }
}

export interface Held {
  item: Shared
  /** OAI identifier of its record here. */
  identifier: string
}

/** All that this brick shares, the latest first. */
export async function listShared(ctx: Context): Promise<Held[]> {
  const shelves = await Promise.all(
    sharedKinds.map((kind) => collectionBySetSpec(ctx, sharedSets[kind])),
  )
  const ids = shelves.flatMap((shelf) => shelf?.id ?? [])
  const records = ids.length ? await newestIn(ctx, ids, most) : []
  return records.flatMap(({ metadata, identifier }): Held[] => {
    try {
      const { content } = metadata
      return [{ item: readShared(typeof content === 'string' ? content : ''), identifier }]
    } catch (error) {
      // Written by a version that allowed more.
      if (!(error instanceof DomainError)) throw error
      return []
    }
  })
}

export const isOurs = (ctx: Context, { issuer }: Shared): boolean =>
  issuer.url === ctx.config.baseUrl

/**
 * Shares it no longer; those below withdraw it when they read next.
 * @throws not-found
 */
export async function unshare(ctx: Context, id: string): Promise<Shared> {
  const held = (await listShared(ctx)).find(({ item }) => item.id === id && isOurs(ctx, item))
  if (!held) throw notFound(`This brick shares nothing called "${id}".`)
  await withdraw(ctx, [held.identifier])
  return held.item
}
