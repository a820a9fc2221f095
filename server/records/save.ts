// Writing records in batches: what is the same as before keeps its number, what differs moves to the end of the line.
//
// The order of locks: first one per collection or source (so that two writers of one collection do not both think that
// a record is new), then the line, then the one statement that writes. Nothing slow happens behind the line lock.
import { isDeepStrictEqual } from 'node:util'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import type {
  FileReference,
  JsonObject,
  Keeper,
  Links,
  Origin,
  Status,
  Visibility,
} from '../../schemas/record.ts'
import { isPublic } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/db.ts'
import { holdShelves, type Shelf } from './finish.ts'
import type { Counted } from './sizes.ts'
import { hashOf, keptHash, textsOf, type Texts } from './texts.ts'
import { NewRows, write } from './write.ts'

export interface RecordInput {
  collectionId: number
  /** What the depositor calls it, unique in its collection; a harvested record's is its OAI identifier. */
  key: string
  profile: string
  status: Status
  visibility: Visibility
  source: JsonObject
  /** The source as the JSON text that it came in, where it did. */
  sourceText?: string
  metadata: JsonObject
  dc: DublinCore
  files: FileReference[]
  /** Only for a harvested record. */
  harvested?: Harvested
  /** All its words are texts of their bytes in UTF-8 (formats/flat-read.ts): for a new record, which is only written. */
  isInBytes?: boolean
}

export interface Harvested {
  sourceId: number
  identifier: string
  /** What it came with, in UTF-8. */
  xml: Buffer
  links: Links
  keeper: Keeper
  origins: Origin[]
  /** Of all that it is made of: as long as that is the same, nothing of it is made anew. */
  fingerprint?: number
  /** The source that held it until now, where this one takes it over. */
  takesOver?: number
  /** When its files are open, where an embargo keeps them back. */
  openFrom?: Date
}

export type Outcome = 'added' | 'changed' | 'unchanged' | 'kept-elsewhere'

export interface Saved {
  id: string
  identifier: string
  outcome: Outcome
  /** The source that keeps what is kept elsewhere, and whether it has withdrawn it. */
  heldBy?: number
  withdrawn?: boolean
}

/** What a record was before. */
export interface Known extends Counted {
  id: number
  identifier: string
  key: string
  source_id: number | null
  hash: Buffer
  withdrawn: boolean
}

const batchLock = 7_261_004

/** Called in the transaction in which records are written, after them: to store a token or a position with them. */
export type Within = (client: Client, saved: Saved[]) => Promise<void>

/** New records of a source that were made ready before. */
export interface Ready {
  sourceId: number
  rows: NewRows
  /** With what they were made. */
  shelves: Map<number, Shelf>
}

/** What was made ready before is not what it would be now. */
export class Outdated extends Error {}

/**
 * Adds or replaces records, all or none.
 * A batch must not name the same record twice. A harvested record that this brick already has from elsewhere is left
 * as it is (`kept-elsewhere`).
 * @param ready written with them
 * @throws Outdated
 */
export async function save(
  ctx: Context,
  inputs: RecordInput[],
  within?: Within,
  ready?: Ready,
): Promise<Saved[]> {
  const texts = inputs.map(textsOf)
  const fresh = ready?.rows ?? new NewRows()
  return ctx.db.transaction(async (client) => {
    await lockOwners(client, inputs, ready?.sourceId)
    const known = await findKnown(client, inputs)
    const plan = inputs.map((input, index) => planFor(input, texts[index] as Texts, known))
    await nameFresh(ctx, client, plan)
    const saved = [...fresh.written.map(added), ...plan.map(savedOf)]
    await writePlanned(ctx, client, plan, ready)
    await noteFingerprints(client, plan)
    await within?.(client, saved)
    return saved
  })
}

const added = ({ id, identifier }: { id: number; identifier: string }): Saved => ({
  id: String(id),
  identifier,
  outcome: 'added',
})

function savedOf({ id, identifier, outcome, before }: Planned): Saved {
  const made = { id: String(id), identifier, outcome }
  if (outcome !== 'kept-elsewhere' || !before) return made
  const { withdrawn, source_id: heldBy } = before
  return { ...made, withdrawn, ...(heldBy !== null && { heldBy }) }
}

async function nameFresh(ctx: Context, client: Client, plan: Planned[]): Promise<void> {
  const fresh = plan.filter((each) => each.outcome === 'added')
  const ids = await drawIds(client, fresh.length)
  fresh.forEach((each, index) => {
    each.id = ids[index] as number
    each.identifier = each.input.harvested?.identifier ?? `oai:${ctx.config.domain}:${each.id}`
  })
}

/**
 * Writes records that are there already once more, with new numbers for those that are on the line: what they are made of
 * has changed. The owners of all of them must be locked, and `before` read behind that lock.
 */
export async function rewrite(
  ctx: Context,
  client: Client,
  records: { input: RecordInput; before: Known }[],
): Promise<void> {
  const planned = records.map(({ input, before }): Planned => {
    const { id, identifier } = before
    const numbered = before.numbered || isPublic(input)
    return { input, texts: textsOf(input), outcome: 'changed', id, identifier, numbered, before }
  })
  await writePlanned(ctx, client, planned)
}

async function writePlanned(
  ctx: Context,
  client: Client,
  planned: Planned[],
  ready?: Ready,
): Promise<void> {
  const writes = planned.filter(({ outcome }) => outcome === 'added' || outcome === 'changed')
  if (!writes.length && !ready?.rows.written.length) return
  const collections = writes.map((each) => each.input.collectionId)
  const shelves = await holdShelves(client, [...collections, ...(ready?.shelves.keys() ?? [])])
  for (const [id, shelf] of ready?.shelves ?? []) {
    if (!isDeepStrictEqual(shelf, shelves.get(id))) throw new Outdated()
  }
  const fresh = ready?.rows ?? new NewRows()
  for (const each of writes) {
    if (!each.before) fresh.add(ctx, each, shelves.get(each.input.collectionId) as Shelf)
  }
  const known = writes.flatMap(({ before, ...each }) => (before ? [{ ...each, before }] : []))
  await write(ctx, client, fresh, known, shelves)
}

// What comes to the same in other words is not written anew, but the next time it is to be known at once.
async function noteFingerprints(client: Client, plan: Planned[]): Promise<void> {
  const same = plan.filter(
    ({ outcome, input }) => outcome === 'unchanged' && input.harvested?.fingerprint !== undefined,
  )
  if (!same.length) return
  await client.query(
    `UPDATE records SET fingerprint = given.fingerprint
     FROM unnest($1::bigint[], $2::bigint[]) AS given(id, fingerprint)
     WHERE records.id = given.id AND records.fingerprint IS DISTINCT FROM given.fingerprint`,
    [same.map((each) => each.id), same.map((each) => each.input.harvested?.fingerprint)],
  )
}

interface Planned {
  input: RecordInput
  texts: Texts
  outcome: Outcome
  id: number
  identifier: string
  numbered: boolean
  before?: Known
}

function planFor(input: RecordInput, texts: Texts, known: Map<string, Known>): Planned {
  const before = known.get(ownKey(input))
  if (!before) {
    return { input, texts, outcome: 'added', id: 0, identifier: '', numbered: isPublic(input) }
  }
  const foreign = input.harvested !== undefined && !mayReplace(input.harvested, before)
  const same =
    before.collection_id === input.collectionId && before.hash.equals(hashOf(input, texts))
  return {
    input,
    texts,
    outcome: foreign ? 'kept-elsewhere' : same ? 'unchanged' : 'changed',
    id: before.id,
    identifier: before.identifier,
    numbered: before.numbered || isPublic(input),
    before,
  }
}

const mayReplace = ({ sourceId, takesOver }: Harvested, before: Known): boolean =>
  before.source_id === sourceId || (takesOver !== undefined && before.source_id === takesOver)

const ownKey = (input: RecordInput): string =>
  input.harvested ? input.harvested.identifier : `${input.collectionId}\n${input.key}`

/** One writer at a time for a collection, or for a source. */
export async function lockOwners(
  client: Client,
  inputs: { collectionId: number; harvested?: Pick<Harvested, 'sourceId' | 'takesOver'> }[],
  sourceId?: number,
): Promise<void> {
  // Sources count down from -1 and collections up from 1, so they do not collide.
  const owners = new Set(
    inputs.flatMap(({ collectionId, harvested }) => {
      if (!harvested) return collectionId
      const { sourceId, takesOver } = harvested
      return takesOver === undefined ? -sourceId : [-sourceId, -takesOver]
    }),
  )
  if (sourceId !== undefined) owners.add(-sourceId)
  for (const owner of [...owners].toSorted((a, b) => a - b)) {
    await client.query(`SELECT pg_advisory_xact_lock($1, hashtext(current_schema() || $2::text))`, [
      batchLock,
      owner,
    ])
  }
  const sources = [...owners].filter((owner) => owner < 0).map((owner) => -owner)
  if (!sources.length) return
  const { rowCount } = await client.query(
    'SELECT FROM sources WHERE id = ANY($1::int[]) FOR KEY SHARE',
    [sources],
  )
  if (rowCount !== sources.length) throw new Error('a source of these records is not there')
}

async function findKnown(client: Client, inputs: RecordInput[]): Promise<Map<string, Known>> {
  const columns = `id, identifier, key, collection_id, source_id, ${keptHash} AS hash, sequence IS NOT NULL AS numbered, formats_once,
    status = 'withdrawn' AS withdrawn`
  const found = new Map<string, Known>()
  const own = inputs.filter((each) => !each.harvested)
  if (own.length) {
    const { rows } = await client.query<Known>(
      `SELECT ${columns} FROM records
       WHERE source_id IS NULL AND (collection_id, key) IN (SELECT * FROM unnest($1::int[], $2::text[]))`,
      [own.map((each) => each.collectionId), own.map((each) => each.key)],
    )
    for (const row of rows) found.set(`${row.collection_id}\n${row.key}`, row)
  }
  const harvested = inputs.flatMap((each) => each.harvested?.identifier ?? [])
  if (harvested.length) {
    const { rows } = await client.query<Known>(
      `SELECT ${columns} FROM records WHERE identifier = ANY($1::text[])`,
      [harvested],
    )
    for (const row of rows) found.set(row.identifier, row)
  }
  return found
}

async function drawIds(client: Client, count: number): Promise<number[]> {
  if (count === 0) return []
  const { rows } = await client.query<{ id: number }>(
    `SELECT nextval(pg_get_serial_sequence('records', 'id')) AS id FROM generate_series(1, $1)`,
    [count],
  )
  return rows.map((row) => row.id)
}
