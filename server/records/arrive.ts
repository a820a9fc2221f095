// Records of a source as they arrive, most of them as they are here already or all new: what has not changed costs a
// comparison, what is new is made ready before anything is locked, while the records before it are being written.
import { setImmediate as soon } from 'node:timers/promises'
import { isPublic } from '../access/access.ts'
import type { Context } from '../context.ts'
import { loadShelves, type Shelf } from './finish.ts'
import { Outdated, save, type RecordInput, type Saved, type Within } from './save.ts'
import { textsOf } from './texts.ts'
import { NewRows } from './write.ts'

export interface Arrival {
  identifier: string
  collectionId: number
  /** Of all that `input` is made of. */
  fingerprint: number
  /**
   * What to save; undefined where nothing can be made of it.
   * @param isNew whether it may be in bytes
   */
  input: (isNew?: boolean) => RecordInput | undefined
}

/** Records of one source, ready to be kept. */
export interface Arrived {
  sourceId: number
  arrivals: Arrival[]
  /** Not to be looked at again. */
  unchanged: string[]
  /** Known ones that may have changed. */
  known: RecordInput[]
  fresh: NewRows
  /** With what the fresh ones were made. */
  shelves: Map<number, Shelf>
}

const slice = 50

/** @param arrivals each record once */
export async function receive(
  ctx: Context,
  sourceId: number,
  arrivals: Arrival[],
): Promise<Arrived> {
  const places = await compare(ctx, sourceId, arrivals)
  const different = new Set(places.map(({ place }) => place - 1))
  const arrived: Arrived = {
    sourceId,
    arrivals,
    unchanged: arrivals
      .filter((_, index) => !different.has(index))
      .map(({ identifier }) => identifier),
    known: [],
    fresh: new NewRows(),
    shelves: new Map(),
  }
  if (!places.length) return arrived
  arrived.shelves = await loadShelves(ctx.db.pool, [
    ...new Set(arrivals.map((each) => each.collectionId)),
  ])
  for (const [count, { place, fresh_id: id }] of places.entries()) {
    // What waits for an answer of the database meanwhile is not to wait for all of this.
    if (count % slice === slice - 1) await soon()
    const input = arrivals[place - 1]?.input(id !== null)
    if (!input) continue
    if (id === null) arrived.known.push(input)
    else addFresh(ctx, arrived, input, id)
  }
  return arrived
}

function addFresh(ctx: Context, { fresh, shelves }: Arrived, input: RecordInput, id: number): void {
  const { key: identifier, collectionId } = input
  const write = { input, texts: textsOf(input), id, identifier, numbered: isPublic(input) }
  fresh.add(ctx, write, shelves.get(collectionId) as Shelf)
}

interface Different {
  /** Counted from 1. */
  place: number
  /** The number of a new record; null for a known one. */
  fresh_id: number | null
}

async function compare(ctx: Context, sourceId: number, arrivals: Arrival[]): Promise<Different[]> {
  return ctx.db.query<Different & Record<string, number | null>>(
    `SELECT given.place,
       CASE WHEN records.id IS NULL
         THEN nextval((SELECT pg_get_serial_sequence('records', 'id')::regclass)) END AS fresh_id
     FROM unnest($1::text[], $2::bigint[], $3::int[])
       WITH ORDINALITY AS given(identifier, fingerprint, collection_id, place)
     LEFT JOIN records ON records.identifier = given.identifier
     WHERE records.id IS NULL OR records.source_id IS DISTINCT FROM $4
       OR records.fingerprint IS DISTINCT FROM given.fingerprint OR records.collection_id <> given.collection_id
     ORDER BY given.place`,
    [
      arrivals.map((each) => each.identifier),
      arrivals.map((each) => each.fingerprint),
      arrivals.map((each) => each.collectionId),
      sourceId,
    ],
  )
}

/**
 * Keeps what arrived, all or nothing. Where another writer was first, or a collection has changed meanwhile, all of it is
 * made anew.
 */
export async function keep(ctx: Context, arrived: Arrived, within: Within): Promise<Saved[]> {
  const { sourceId, arrivals, unchanged, known, fresh, shelves } = arrived
  const same = unchanged.map((identifier): Saved => ({ id: '', identifier, outcome: 'unchanged' }))
  const withAll: Within = (client, saved) => within(client, [...same, ...saved])
  if (!known.length && !fresh.written.length) {
    await ctx.db.transaction((client) => withAll(client, []))
    return same
  }
  try {
    return [...same, ...(await save(ctx, known, withAll, { sourceId, rows: fresh, shelves }))]
  } catch (error) {
    if (!(error instanceof Outdated) && !isTaken(error)) throw error
    return save(
      ctx,
      arrivals.flatMap((each) => each.input() ?? []),
      within,
    )
  }
}

const isTaken = (error: unknown): boolean =>
  (error as { constraint?: string }).constraint === 'records_identifier_uq'
