// What is made of a record when it is written, so that a list only hands it on: its <record> in oai_dc, and the formats
// that it can be given in. What came from elsewhere has its <record> written when somebody asks for it.
import type { Origin, Translations, Visibility } from '../../schemas/record.ts'
import { isListed, isPublic } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import type { Client, Row } from '../db/db.ts'
import { writeOaiDc } from '../formats/oai-dc.ts'
import { aboutElements, recordAround } from '../formats/oai-record.ts'
import { describe, type Describable } from './described.ts'
import { offeredFormats } from './offered.ts'

export interface Finished {
  /** The record in oai_dc, around its datestamp; undefined where that is written when it is asked for. */
  text: [opening: string, rest: string] | undefined
  /** Masks of the partial formats that it can be given in now, and ever could. */
  formats: number
  once: number
}

/** What a record takes from its collection. */
export interface Shelf extends Row {
  id: number
  slug: string
  set_spec: string
  title: Translations
  rights: string | null
  visibility: Visibility
}

export async function loadShelves(
  client: Pick<Client, 'query'>,
  ids: number[],
  lock = '',
): Promise<Map<number, Shelf>> {
  const { rows } = await client.query<Shelf>(
    `SELECT id, slug, set_spec, title, rights, visibility FROM collections WHERE id = ANY($1::int[]) ${lock}`,
    [[...new Set(ids)]],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** They stay there until the end of the transaction, so that no record is left without its collection. */
export const holdShelves = (client: Client, ids: number[]): Promise<Map<number, Shelf>> =>
  loadShelves(client, ids, 'FOR KEY SHARE')

export const setSpecOf = (shelf: Pick<Shelf, 'set_spec' | 'visibility'>): string | undefined =>
  isListed(anybody, shelf) ? shelf.set_spec : undefined

export interface Unfinished extends Describable {
  collection: Shelf
  /** Of a harvested record. */
  origins?: Origin[]
}

/** @param once masks of the formats that it was given in before */
export function finish(ctx: Context, record: Unfinished, once: number): Finished {
  const { identifier, collection: shelf } = record
  const shown = isPublic(record)
  const parts = { identifier, setSpec: setSpecOf(shelf), shown }
  if (!shown) {
    return { text: recordAround(parts, '', ''), formats: 0, once }
  }
  const described = describe(ctx, record)
  let formats = 0
  for (const { format, mask } of offeredFormats(ctx)) {
    if (mask && !format.lacks(described).length) formats |= mask
  }
  const finished = { formats, once: once | formats }
  if (record.origins) return { ...finished, text: undefined }
  const about = aboutElements(ctx.config.metadataRights, undefined, true)
  return { ...finished, text: recordAround(parts, writeOaiDc(record.dc, described.page), about) }
}
