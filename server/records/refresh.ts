// When what records are written with changes (the crosswalk of a profile, a format, a collection's rights, the address of
// the brick), those that come out different get new numbers, in the background: whoever reads the line gets them anew.
//
// A fingerprint of each such thing is kept. The job compares, walks the records by id in batches, and notes after each
// batch how far it came, in the same transaction: after a crash it goes on from there.
import { createHash } from 'node:crypto'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { oaiDc } from '../../schemas/oai.ts'
import { mostLooks, type Likeness } from '../../schemas/likeness.ts'
import {
  pagesOf,
  type FileReference,
  type JsonObject,
  type Keeper,
  type Links,
  type Origin,
  type Page,
} from '../../schemas/record.ts'
import { isPublic } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Client, Row } from '../db/db.ts'
import { recall, setSetting } from '../db/settings.ts'
import { likenessesOf, likenessOfImage } from '../files/files.ts'
import { crosswalk, profilesOf } from '../profiles/profiles.ts'
import type { Job } from '../queue/queue.ts'
import { finish, holdShelves, type Shelf } from './finish.ts'
import { offeredFormats } from './offered.ts'
import { lockOwners, rewrite, type RecordInput } from './save.ts'

/** By what it is of: `brick`, `format oai_dc`, `profile museum-object`, `collection 7`. */
type Fingerprints = Record<string, string>

interface State {
  /** With what all records are written. */
  done: Fingerprints
  /** A walk that is under way: to what, and the last id behind it. */
  walk?: { target: Fingerprints; after: number }
}

const setting = 'written with'
const batch = 500

const print = (...parts: unknown[]): string =>
  createHash('sha1').update(JSON.stringify(parts)).digest('base64url')

async function fingerprints(ctx: Context): Promise<Fingerprints> {
  const { baseUrl, name, metadataRights } = ctx.config
  const prints: Fingerprints = { brick: print(baseUrl, name, metadataRights) }
  for (const { format } of offeredFormats(ctx)) {
    prints[`format ${format.metadataPrefix}`] = print(format.revision)
  }
  for (const profile of profilesOf(ctx.config).list()) {
    prints[`profile ${profile.id}`] = print(profile.crosswalk)
  }
  const rows = await ctx.db.query<{ id: number; print: string }>(
    `SELECT id, md5(concat_ws(' ', slug, set_spec, title, rights, visibility)) AS print FROM collections`,
  )
  for (const row of rows) prints[`collection ${row.id}`] = row.print
  return prints
}

/** Notes with what a brick that has no records yet writes them. To be called before anything is written. */
export async function noteWriting(ctx: Context): Promise<void> {
  if ((await recall(ctx.db, setting)) !== undefined) return
  const [any] = await ctx.db.query('SELECT FROM records LIMIT 1')
  if (any) return
  const state = { done: await fingerprints(ctx) }
  await ctx.db.query('INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    setting,
    JSON.stringify(state),
  ])
}

/**
 * Writes anew what would be written differently now.
 * @returns how many records got a new number
 */
export async function refresh(ctx: Context, signal?: AbortSignal): Promise<number> {
  const state = (await recall<{ done: Fingerprints }>(ctx.db, setting)) as State | undefined
  const target = await fingerprints(ctx)
  const known = state?.done ?? {}
  const changed = new Set(
    Object.keys(target).filter((key) => known[key] !== target[key] && !isNew(state, key)),
  )
  const save = (client: Pick<Client, 'query'>, next: State): Promise<void> =>
    setSetting(client, setting, { ...next })
  if (!changed.size) {
    if (!same(known, target)) await save(ctx.db.pool, { done: target })
    return 0
  }
  ctx.log.info({ changed: [...changed] }, 'records are written anew')
  const going = state?.walk && same(state.walk.target, target) ? state.walk.after : 0
  let count = 0
  for (let after: number | undefined = going; after !== undefined;) {
    if (signal?.aborted) return count
    const from: number = after
    await lookAtPictures(ctx, from)
    const walked = await ctx.db.transaction(async (client) => {
      const result = await refreshBatch(ctx, client, from, changed)
      const next: State =
        result.last === undefined
          ? { done: target }
          : { done: known, walk: { target, after: result.last } }
      await save(client, next)
      return result
    })
    count += walked.rewritten
    after = walked.last
  }
  ctx.log.info({ records: count }, 'records were written anew')
  return count
}

// What was not there before was written with from the beginning; but a brick that noted nothing knows nothing.
const isNew = (state: State | undefined, key: string): boolean =>
  state !== undefined && state.done[key] === undefined && !key.startsWith('format ')

const same = (a: Fingerprints, b: Fingerprints): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => b[key] === value)

interface Stored extends Row {
  id: number
  identifier: string
  key: string
  collection_id: number
  source_id: number | null
  profile: string
  status: RecordInput['status']
  visibility: RecordInput['visibility']
  source: string
  xml: string | null
  metadata: JsonObject
  dc: DublinCore
  files: FileReference[]
  links: Links | null
  keeper: Keeper | null
  origins: Origin[] | null
  oai_dc: string
  hash: Buffer
  fingerprint: number | null
  numbered: boolean
  formats: number
  formats_once: number
}

async function refreshBatch(
  ctx: Context,
  client: Client,
  after: number,
  changed: Set<string>,
): Promise<{ last: number | undefined; rewritten: number }> {
  const { rows: places } = await client.query<Pick<Stored, 'id' | 'collection_id' | 'source_id'>>(
    'SELECT id, collection_id, source_id FROM records WHERE id > $1 ORDER BY id LIMIT $2',
    [after, batch],
  )
  await lockOwners(
    client,
    places.map((each) => ({
      collectionId: each.collection_id,
      ...(each.source_id !== null && { harvested: { sourceId: each.source_id } }),
    })),
  )
  const { rows } = await client.query<Stored>(
    `SELECT id, identifier, key, collection_id, source_id, profile, status, visibility, source::text AS source, xml, metadata,
       dc, files, links, keeper, origins, oai_dc, hash, fingerprint, sequence IS NOT NULL AS numbered, formats, formats_once
     FROM records WHERE id = ANY($1::bigint[]) AND status <> 'withdrawn'`,
    [places.map(({ id }) => id)],
  )
  const shelves = await holdShelves(
    client,
    rows.map((row) => row.collection_id),
  )
  const likenesses = await likenessesOf(
    ctx,
    rows.flatMap(({ files }) => files.flatMap(pagesOf).map(({ image }) => image)),
  )
  const different = rows.flatMap((row) => {
    const files = row.files.map((file) => withLikeness(file, likenesses))
    const input = { ...inputOf(ctx, row, changed), files }
    const shelf = shelves.get(row.collection_id) as Shelf
    return isDifferent(ctx, row, input, shelf, changed)
      ? [{ input, before: { ...row, withdrawn: false } }]
      : []
  })
  await rewrite(ctx, client, different)
  return {
    last: places.length < batch ? undefined : places.at(-1)?.id,
    rewritten: different.length,
  }
}

/** Pictures of the next batch at which nobody has looked yet: before anything is locked, for it takes its time. */
async function lookAtPictures(ctx: Context, after: number): Promise<void> {
  const unseen = await ctx.db.query<{ id: string }>(
    `SELECT DISTINCT images.id FROM record_images JOIN images ON images.id = image_id
     WHERE likeness IS NULL AND record_id IN (SELECT id FROM records WHERE id > $1 ORDER BY id LIMIT $2)`,
    [after, batch],
  )
  for (const { id } of unseen) {
    await likenessOfImage(ctx, id).catch((error: unknown) =>
      ctx.log.warn({ err: error, image: id }, 'a picture cannot be looked at'),
    )
  }
}

/** As a picture that is taken in now says it. */
function withLikeness(file: FileReference, likenesses: Map<string, Likeness>): FileReference {
  const looked = <Picture extends Partial<Page>>(page: Picture): Picture => {
    const likeness = page.image !== undefined && likenesses.get(page.image)
    return likeness && !page.likeness ? { ...page, likeness } : page
  }
  const { label, furtherPages = [], ...first } = file
  const pages = [first, ...furtherPages]
  const seen = pages.map((page, nth) => (nth < mostLooks ? looked(page) : page))
  if (seen.every((page, nth) => page === pages[nth])) return file
  return {
    ...looked(first),
    ...(furtherPages.length && { furtherPages: seen.slice(1) as Page[] }),
    ...(label && { label }),
  }
}

function inputOf(ctx: Context, row: Stored, changed: Set<string>): RecordInput {
  const { profile, metadata } = row
  const own = row.source_id === null && Object.keys(metadata).length > 0
  const isCrossed = own && changed.has(`profile ${profile}`)
  return {
    collectionId: row.collection_id,
    key: row.key,
    profile,
    status: row.status,
    visibility: row.visibility,
    source: {},
    sourceText: row.source,
    metadata,
    dc: isCrossed ? crosswalk(profilesOf(ctx.config).get(profile), metadata) : row.dc,
    files: row.files,
    ...(row.source_id !== null && {
      harvested: {
        sourceId: row.source_id,
        identifier: row.identifier,
        xml: Buffer.from(row.xml ?? ''),
        links: row.links ?? {},
        keeper: row.keeper ?? { name: '' },
        origins: row.origins ?? [],
        ...(row.fingerprint !== null && { fingerprint: row.fingerprint }),
      },
    }),
  }
}

const datestampLength = '2020-03-17T11:00:00Z'.length

function isDifferent(
  ctx: Context,
  row: Stored,
  input: RecordInput,
  shelf: Shelf,
  changed: Set<string>,
): boolean {
  const { text, formats } = finish(
    ctx,
    {
      ...input,
      ...input.harvested,
      id: String(row.id),
      identifier: row.identifier,
      datestamp: '',
      collection: shelf,
    },
    row.formats_once,
  )
  const { oai_dc: kept } = row
  const isWritten =
    !kept ||
    !text ||
    (kept.startsWith(text[0]) && kept.slice(text[0].length + datestampLength) === text[1])
  if (!isWritten || formats !== row.formats) return true
  if (JSON.stringify(input.dc) !== JSON.stringify(row.dc)) return true
  if (JSON.stringify(input.files) !== JSON.stringify(row.files)) return true
  if (!isPublic(input)) return false
  // What is not kept with the record may have been changed by whatever it is made of.
  if (changed.has('brick') || changed.has(`collection ${row.collection_id}`)) return true
  return offeredFormats(ctx).some(
    ({ format: { metadataPrefix }, mask }) =>
      (metadataPrefix !== oaiDc.metadataPrefix || !text) &&
      changed.has(`format ${metadataPrefix}`) &&
      (mask === 0 || (formats & mask) !== 0),
  )
}

export const refreshJob: Job = {
  name: 'records-refresh',
  schedule: '* * * * *',
  expireInSeconds: 6 * 3600,
  async handle(ctx, _data, signal) {
    await refresh(ctx, signal)
  },
}
