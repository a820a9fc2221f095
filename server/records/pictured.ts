// Records with a picture that anybody may see, here or at their source: what a IIIF collection lists.
import type { StoredRecord } from '../../schemas/record.ts'
import { openCondition } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Row } from '../db/db.ts'

/** A record as far as a list needs it. */
export type Pictured = Pick<StoredRecord, 'id' | 'identifier' | 'dc' | 'files' | 'links' | 'keeper'>

interface Raw extends Row {
  id: number
  identifier: string
  dc: StoredRecord['dc']
  files: StoredRecord['files']
  links: StoredRecord['links'] | null
  keeper: StoredRecord['keeper'] | null
}

const pictured = `collection_id = $1 AND sequence > $2 AND ${openCondition}
  AND (links->>'manifest' IS NOT NULL OR EXISTS (SELECT FROM record_images WHERE record_id = records.id))`

/** The next pictured records of a collection after a number on the line, in order. */
export async function listPictured(
  ctx: Context,
  collectionId: number,
  after: number,
  limit: number,
): Promise<Pictured[]> {
  const rows = await ctx.db.query<Raw>(
    `SELECT id, identifier, dc, files, links, keeper FROM records
     WHERE ${pictured} ORDER BY sequence LIMIT $3`,
    [collectionId, after, limit],
  )
  return rows.map(({ id, links, keeper, ...row }) => ({
    ...row,
    id: String(id),
    ...(links && { links }),
    ...(keeper && { keeper }),
  }))
}

/** A page of the list: what comes after this number, and how many records that was when it was asked. */
export interface Page {
  after: number
  count: number
}

/** Where the pages of a collection begin, `size` records each; reads as many index entries as there are records. */
export async function picturedPages(
  ctx: Context,
  collectionId: number,
  after: number,
  size: number,
  limit: number,
): Promise<Page[]> {
  return ctx.db.query<Page & Row>(
    `SELECT min(sequence) - 1 AS after, count(*) AS count FROM (
       SELECT sequence, (row_number() OVER (ORDER BY sequence) - 1) / $3 AS page
       FROM records WHERE ${pictured} ORDER BY sequence LIMIT $4) AS numbered
     GROUP BY page ORDER BY page`,
    [collectionId, after, size, size * limit],
  )
}
