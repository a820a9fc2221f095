// The heart: records, read and written only through this door.
import type { Keeper, StoredRecord, Visibility } from '../../schemas/record.ts'
import { publicCondition } from '../access/access.ts'
import { datestampText, drawDatestamp, drawNumber, lockLine } from '../changes/changes.ts'
import type { Context } from '../context.ts'
import type { Client, Row } from '../db/db.ts'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { recordAround } from '../formats/oai-record.ts'
import { setSpecOf, type Shelf } from './finish.ts'

export { describe } from './described.ts'
export { setSpecOf } from './finish.ts'
export { linksOf, looksOf } from './links.ts'
export {
  findFormat,
  formatsOf,
  listedIn,
  offeredFormats,
  partialFormats,
  settleFormats,
  type Offered,
} from './offered.ts'
export { keep, receive, type Arrival, type Arrived } from './arrive.ts'
export { listOwn, ownStretches } from './own.ts'
export { listPictured, picturedPages, type Page, type Pictured } from './pictured.ts'
export { listSize } from './sizes.ts'
export { noteWriting, refresh } from './refresh.ts'
export { save, type Harvested, type RecordInput, type Saved } from './save.ts'

interface Raw extends Row {
  id: number
  identifier: string
  collection_id: number
  source_id: number | null
  key: string
  profile: string
  status: StoredRecord['status']
  visibility: StoredRecord['visibility']
  source: StoredRecord['source']
  metadata: StoredRecord['metadata']
  dc: StoredRecord['dc']
  files: StoredRecord['files']
  links: StoredRecord['links'] | null
  keeper: StoredRecord['keeper'] | null
  origins: StoredRecord['origins'] | null
  formats: number
  sequence: number | null
  datestamp: Date | null
}

const columns = `id, identifier, collection_id, source_id, key, profile, status, visibility, source, metadata, dc, files,
  links, keeper, origins, formats, sequence, datestamp`

type Untold = 'source' | 'origins' | 'formats'
type RawOnLine = Omit<Raw, Untold>

function onLine(row: RawOnLine): LineRecord {
  return {
    id: String(row.id),
    identifier: row.identifier,
    collectionId: row.collection_id,
    key: row.key,
    profile: row.profile,
    status: row.status,
    visibility: row.visibility,
    metadata: row.metadata,
    dc: row.dc,
    files: row.files,
    ...(row.links && { links: row.links }),
    ...(row.keeper && { keeper: row.keeper }),
    ...(row.source_id !== null && { sourceId: row.source_id }),
    ...(row.sequence !== null && { sequence: row.sequence }),
    ...(row.datestamp && { datestamp: formatDatestamp(row.datestamp) }),
  }
}

function stored(row: Raw): StoredRecord {
  return {
    ...onLine(row),
    source: row.source,
    ...(row.origins && { origins: row.origins }),
    formats: row.formats,
  }
}

/** The record of this address, whoever may see it: ask `sightOf` before it is shown. */
export async function findRecord(ctx: Context, id: string): Promise<StoredRecord | undefined> {
  if (!/^[1-9]\d{0,15}$/.test(id)) return undefined
  const [row] = await ctx.db.query<Raw>(`SELECT ${columns} FROM records WHERE id = $1`, [id])
  return row && stored(row)
}

export async function findByIdentifier(
  ctx: Context,
  identifier: string,
): Promise<StoredRecord | undefined> {
  const [row] = await ctx.db.query<Raw>(`SELECT ${columns} FROM records WHERE identifier = $1`, [
    identifier,
  ])
  return row && stored(row)
}

export async function findByKey(
  ctx: Context,
  collectionId: number,
  key: string,
): Promise<StoredRecord | undefined> {
  const [row] = await ctx.db.query<Raw>(
    `SELECT ${columns} FROM records WHERE source_id IS NULL AND collection_id = $1 AND key = $2`,
    [collectionId, key],
  )
  return row && stored(row)
}

/** Records that an image belongs to, for the doors that serve it. */
export async function recordsOfImage(
  ctx: Context,
  image: string,
): Promise<Pick<StoredRecord, 'id' | 'status' | 'visibility' | 'sequence'>[]> {
  const rows = await ctx.db.query<Pick<Raw, 'id' | 'status' | 'visibility' | 'sequence'>>(
    `SELECT records.id, status, visibility, sequence FROM record_images
     JOIN records ON records.id = record_id WHERE image_id = $1`,
    [image],
  )
  return rows.map(({ id, status, visibility, sequence }) => ({
    id: String(id),
    status,
    visibility,
    ...(sequence !== null && { sequence }),
  }))
}

/** Records that hold a file which is given as it is kept, for the door that serves it. */
export async function recordsOfFile(
  ctx: Context,
  sha256: string,
): Promise<Pick<StoredRecord, 'status' | 'visibility' | 'sequence' | 'files'>[]> {
  const rows = await ctx.db.query<Pick<Raw, 'status' | 'visibility' | 'sequence' | 'files'>>(
    `SELECT status, visibility, sequence, files FROM records
     WHERE id IN (SELECT record_id FROM record_files WHERE sha256 = $1)`,
    [sha256],
  )
  return rows.map(({ sequence, ...row }) => ({ ...row, ...(sequence !== null && { sequence }) }))
}

/** What readers of the line are told of a record: not the source, which is most of a row. */
export type LineRecord = Omit<StoredRecord, Untold>

const lineColumns = `id, identifier, collection_id, source_id, key, profile, status, visibility, metadata, dc, files, links,
  keeper, sequence, datestamp`

/** The next records on the line after `position`, those that left it (withdrawn, closed) too, in order. */
export async function readLine(
  ctx: Context,
  position: number,
  limit: number,
): Promise<LineRecord[]> {
  const rows = await ctx.db.query<RawOnLine>(
    `SELECT ${lineColumns} FROM records WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
    [position, limit],
  )
  return rows.map(onLine)
}

/** Public records of these collections, those that changed last first. */
export async function newestIn(
  ctx: Context,
  collectionIds: number[],
  most: number,
): Promise<StoredRecord[]> {
  const rows = await ctx.db.query<Raw>(
    `SELECT ${columns} FROM records
     WHERE collection_id = ANY($1::int[]) AND ${publicCondition} ORDER BY sequence DESC LIMIT $2`,
    [collectionIds, most],
  )
  return rows.map(stored)
}

/** All in a collection that are not withdrawn, by what their depositor calls them. */
export async function keysIn(
  ctx: Context,
  collectionId: number,
): Promise<{ key: string; identifier: string }[]> {
  return ctx.db.query(
    `SELECT key, identifier FROM records WHERE collection_id = $1 AND status <> 'withdrawn'`,
    [collectionId],
  )
}

/** The number of the last change; 0 while there is none. */
export async function endOfLine(ctx: Context): Promise<number> {
  const [row] = await ctx.db.query<{ last: number | null }>(
    'SELECT max(sequence) AS last FROM records',
  )
  return row?.last ?? 0
}

/** Which of these records this brick has from this source and has not withdrawn. */
export async function heldFrom(
  ctx: Context,
  sourceId: number,
  identifiers: string[],
): Promise<string[]> {
  // By their identifiers alone: before the planner has counted anything it would look through the whole source.
  const rows = await ctx.db.query<Pick<Raw, 'identifier' | 'source_id' | 'status'>>(
    'SELECT identifier, source_id, status FROM records WHERE identifier = ANY($1::text[])',
    [identifiers],
  )
  return rows.flatMap((row) =>
    row.source_id === sourceId && row.status !== 'withdrawn' ? row.identifier : [],
  )
}

/** All that this brick has from a source and has not withdrawn, by id after `after`. */
export async function listHeldFrom(
  ctx: Context,
  sourceId: number,
  after: number,
  limit: number,
): Promise<{ id: number; identifier: string }[]> {
  // Said so that only the index of sources has this order: by the primary key the planner, which does not know where in
  // the table those of a source lie, might look for the last source from the first record on.
  return ctx.db.query(
    `SELECT id, identifier FROM records
     WHERE (source_id, id) > ($1, $2) AND (source_id, id) < ($1 + 1, 0) AND status <> 'withdrawn'
     ORDER BY source_id, id LIMIT $3`,
    [sourceId, after, limit],
  )
}

/** Public records from a source by who keeps them, most first. Reads them all: for the end of a harvest. */
export async function countByKeeper(
  ctx: Context,
  sourceId: number,
): Promise<(Keeper & { records: number })[]> {
  const rows = await ctx.db.query<{ name: string; url: string | null; records: number }>(
    `SELECT keeper->>'name' AS name, keeper->>'url' AS url, count(*) AS records FROM records
     WHERE source_id = $1 AND ${publicCondition} GROUP BY 1, 2 ORDER BY 3 DESC, 1`,
    [sourceId],
  )
  return rows.map(({ name, url, records }) => ({ name, ...(url && { url }), records }))
}

/** Public records from a source by the format that they came in, most first. Reads them all: for small sources. */
export async function countByFormat(
  ctx: Context,
  sourceId: number,
): Promise<{ format: string; records: number }[]> {
  return ctx.db.query(
    `SELECT source->>'format' AS format, count(*) AS records FROM records
     WHERE source_id = $1 AND ${publicCondition} AND source->>'format' IS NOT NULL
     GROUP BY 1 ORDER BY 2 DESC, 1`,
    [sourceId],
  )
}

/** Public records from a source by who may see their files. Reads them all: for small sources. */
export async function countByVisibility(
  ctx: Context,
  sourceId: number,
): Promise<{ visibility: Visibility; records: number }[]> {
  return ctx.db.query(
    `SELECT visibility, count(*) AS records FROM records
     WHERE source_id = $1 AND ${publicCondition} GROUP BY 1 ORDER BY 2 DESC`,
    [sourceId],
  )
}

/**
 * Takes records out of sight for ever: a tombstone stays, and those that were public move to the end of the line so
 * that every reader is told. What was withdrawn before stays as it is.
 * @returns how many were withdrawn now
 */
export async function withdraw(
  ctx: Context,
  identifiers: string[],
  within?: (client: Client, withdrawn: number) => Promise<void>,
): Promise<number> {
  return ctx.db.transaction(async (client) => {
    const { rows } = await client.query<{ id: number; identifier: string } & Shelved>(
      `SELECT r.id, r.identifier, c.set_spec, c.visibility
       FROM records r JOIN collections c ON c.id = r.collection_id
       WHERE r.identifier = ANY($1::text[]) AND r.status <> 'withdrawn'`,
      [identifiers],
    )
    const tombstones = rows.map((row) =>
      recordAround({ identifier: row.identifier, setSpec: setSpecOf(row), shown: false }, '', ''),
    )
    await lockLine(client)
    const { rowCount } = await client.query(
      `WITH stamp AS MATERIALIZED (
         SELECT at, ${datestampText('at')} AS text FROM (SELECT ${drawDatestamp} AS at) AS drawn)
       UPDATE records SET status = 'withdrawn', hash = '', fingerprint = NULL, formats = 0, ${left},
         oai_dc = CASE WHEN sequence IS NOT NULL THEN concat(gone.opening, stamp.text, gone.rest) ELSE '' END,
         sequence = CASE WHEN sequence IS NOT NULL THEN ${drawNumber} END,
         datestamp = CASE WHEN sequence IS NOT NULL THEN stamp.at END
       FROM unnest($1::bigint[], $2::text[], $3::text[]) AS gone(id, opening, rest), stamp
       WHERE records.id = gone.id AND status <> 'withdrawn'`,
      [
        rows.map((row) => row.id),
        tombstones.map(([opening]) => opening),
        tombstones.map(([, rest]) => rest),
      ],
    )
    await within?.(client, rowCount ?? 0)
    return rowCount ?? 0
  })
}

// What others take back they may have to take back (a person asked them), and the room of a million records is worth
// having again. Our own are kept as they were: who withdrew one may have been wrong.
const left = [
  ...['source', 'metadata', 'dc'].map((name) => ({ name, nothing: `'{}'` })),
  ...['xml', 'links', 'keeper', 'origins'].map((name) => ({ name, nothing: 'NULL' })),
]
  .map(
    ({ name, nothing }) => `${name} = CASE WHEN source_id IS NULL THEN ${name} ELSE ${nothing} END`,
  )
  .join(', ')

type Shelved = Pick<Shelf, 'set_spec' | 'visibility'>
