// What a source answered when something was wrong, kept for a person to look at: a few for each kind of fault, the last
// ones of each source.
import type { Evidence } from '../../harvester/diagnosis.ts'
import type { JsonObject } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { notFound } from '../http/errors.ts'
import { keptPageEntity, type Harvest, type KeptPage } from './entities.ts'

/** Of one source. */
const mostPages = 20
/** Of one kind of fault in one harvest. */
export const mostAlike = 3
const longestBody = 64 * 1024
const longestHeaders = 8 * 1024
const longestText = 2000

/** A diagnosis, or a problem of a page. */
export interface Fault {
  code: string
  message: string
  identifier?: string
  evidence?: Evidence | undefined
}

const repository = (ctx: Context) => ctx.db.dataSource.getRepository(keptPageEntity)

export async function keepPages(ctx: Context, harvest: Harvest, faults: Fault[]): Promise<void> {
  const shown = faults.filter(({ evidence }) => evidence).slice(-mostPages)
  for (const { code, message, identifier, evidence } of shown) {
    await ctx.db.query(
      `INSERT INTO kept_pages (source_id, harvest_id, kept_at, code, message, identifier, url, status, headers, body)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        harvest.sourceId,
        harvest.id,
        ctx.clock(),
        code,
        storable(message),
        identifier ?? null,
        storable(evidence?.url ?? ''),
        evidence?.status ?? null,
        JSON.stringify(headersOf(evidence)),
        evidence?.bytes.subarray(0, longestBody),
      ],
    )
  }
  if (!shown.length) return
  await ctx.db.query(
    `DELETE FROM kept_pages WHERE source_id = $1 AND id <= (
       SELECT id FROM kept_pages WHERE source_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
    [harvest.sourceId, mostPages],
  )
}

const storable = (text: string): string => text.slice(0, longestText).replaceAll('\0', '\uFFFD')

/** Cookies are nobody's business. */
function headersOf(evidence: Evidence | undefined): JsonObject {
  const kept: JsonObject = {}
  let room = longestHeaders
  for (const [name, value] of Object.entries(evidence?.headers ?? {})) {
    if (value === undefined || name === 'set-cookie') continue
    room -= name.length + String(value).length
    if (room < 0) break
    kept[name] = storable(String(value))
  }
  return kept
}

/** Those of a source, newest first. */
export async function keptPages(ctx: Context, sourceId: number): Promise<KeptPage[]> {
  return repository(ctx).find({ where: { sourceId }, order: { id: 'DESC' } })
}

/** @throws not-found */
export async function keptPage(ctx: Context, sourceId: number, id: number): Promise<KeptPage> {
  const found = Number.isSafeInteger(id) && (await repository(ctx).findOneBy({ sourceId, id }))
  if (!found) throw notFound('There is no such page any more.')
  return found
}
