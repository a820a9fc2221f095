// A row of a list as the <record> of a format.
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { oaiDc } from '../../schemas/oai.ts'
import type {
  FileReference,
  JsonObject,
  Keeper,
  Links,
  Origin,
  Status,
  Translations,
  Visibility,
} from '../../schemas/record.ts'
import { publicConditionOn, sightOf } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import { datestampText } from '../changes/changes.ts'
import type { Context } from '../context.ts'
import type { Row } from '../db/db.ts'
import type { Described, Format } from '../formats/format.ts'
import { aboutElements, recordAround, type HeaderParts } from '../formats/oai-record.ts'
import { messageOf } from '../http/errors.ts'
import { describe, setSpecOf, type Offered } from '../records/records.ts'
import type { HeldBack } from './harvesters.ts'

export interface HeaderRow extends Row {
  sequence: number
  identifier: string
  datestamp: string
  public: boolean
  set_spec: string
  shelf_visibility: Visibility
  /** Masks of the partial formats that it can be given in. */
  formats: number
}

export interface ItemRow extends HeaderRow {
  id: number
  status: Status
  visibility: Visibility
  profile: string
  dc: DublinCore
  files: FileReference[]
  links: Links | null
  keeper: Keeper | null
  origins: Origin[] | null
  slug: string
  title: Translations
  rights: string | null
  /** What a harvested record came with, where it came in this very format. */
  xml: string | null
  metadata?: JsonObject
  /** The record itself, where it was finished when it was saved. */
  oai_dc?: string
}

/** Records have been finished in it, unless they came from elsewhere. */
export const finishedPrefix = oaiDc.metadataPrefix

// Of records as `r` and their collections as `c`.
export const headerColumns = `r.sequence, r.identifier, ${datestampText('r.datestamp')} AS datestamp,
  ${publicConditionOn('r')} AS public, c.set_spec, c.visibility AS shelf_visibility, r.formats`

export const itemColumns = `${headerColumns}, r.id, r.status, r.visibility, r.profile, r.dc, r.files, r.links, r.keeper,
  r.origins, c.slug, c.title, c.rights`

/** Columns that depend on the format. */
export function formatColumns({ metadataPrefix, own }: Format): string {
  // What came in oai_dc is cleaned, and leads to its page: a longer way round for who asks, and always valid.
  if (metadataPrefix === finishedPrefix) return 'NULL AS xml, r.oai_dc'
  return (
    `CASE WHEN r.source_id IS NOT NULL AND r.source->>'format' = '${metadataPrefix}' THEN r.xml END AS xml` +
    (own ? ', r.metadata' : '')
  )
}

export function headerOf(row: HeaderRow, { mask }: Offered): HeaderParts {
  return {
    identifier: row.identifier,
    setSpec: setSpecOf({ set_spec: row.set_spec, visibility: row.shelf_visibility }),
    shown: row.public && (mask === 0 || (row.formats & mask) !== 0),
  }
}

/** The whole record; nothing where it cannot be written: then it is held back and reported, and the others go out. */
export function recordText(ctx: Context, offered: Offered, row: ItemRow): string {
  if (row.oai_dc) return row.oai_dc
  try {
    return written(ctx, offered, row)
  } catch (error) {
    holdBack(ctx, {
      identifier: row.identifier,
      metadataPrefix: offered.format.metadataPrefix,
      reason: messageOf(error),
      since: ctx.clock(),
    })
    return ''
  }
}

function written(ctx: Context, offered: Offered, row: ItemRow): string {
  const header = headerOf(row, offered)
  const { metadata, altered } = header.shown
    ? metadataOf(ctx, offered.format, row)
    : { metadata: '', altered: false }
  const about = header.shown
    ? aboutElements(ctx.config.metadataRights, row.origins ?? undefined, altered)
    : ''
  const [opening, rest] = recordAround(header, metadata, about)
  return opening + row.datestamp + rest
}

// What a harvested record came with is handed on as it is, unless it names files that are kept back.
function metadataOf(
  ctx: Context,
  format: Format,
  row: ItemRow,
): { metadata: string; altered: boolean } {
  const { status, visibility } = row
  if (row.xml && sightOf(anybody, { status, visibility }) === 'all') {
    return { metadata: row.xml, altered: false }
  }
  return { metadata: format.write(describeRow(ctx, row)), altered: true }
}

export function describeRow(ctx: Context, row: ItemRow): Described {
  return describe(ctx, {
    id: String(row.id),
    identifier: row.identifier,
    datestamp: row.datestamp,
    status: row.status,
    visibility: row.visibility,
    profile: row.profile,
    metadata: row.metadata ?? {},
    dc: row.dc,
    files: row.files,
    ...(row.links && { links: row.links }),
    ...(row.keeper && { keeper: row.keeper }),
    collection: { slug: row.slug, title: row.title, rights: row.rights },
  })
}

const mostHeldBack = 100
const held = new WeakMap<Context, Map<string, HeldBack>>()

function holdBack(ctx: Context, entry: HeldBack): void {
  const list = held.get(ctx) ?? new Map<string, HeldBack>()
  held.set(ctx, list)
  const key = `${entry.metadataPrefix} ${entry.identifier}`
  if (list.has(key)) return
  ctx.log.warn({ ...entry }, 'a record cannot be written and is held back')
  const [oldest] = list.keys()
  if (list.size >= mostHeldBack && oldest !== undefined) list.delete(oldest)
  list.set(key, entry)
}

/** Records that this process could not write, newest last. */
export const heldBack = (ctx: Context): HeldBack[] => [...(held.get(ctx)?.values() ?? [])]
