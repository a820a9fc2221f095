// The formats that this brick gives out. A partial one, which not every record can fill, has a bit in each record and an
// index of its own, so that its list costs as little as that of a format that has them all.
import type { StoredRecord } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/db.ts'
import { setSetting } from '../db/settings.ts'
import { invalid } from '../http/errors.ts'
import type { Format } from '../formats/format.ts'
import { standardFormats } from '../formats/formats.ts'
import { profilesOf } from '../profiles/profiles.ts'

export interface Offered {
  format: Format
  /** Its bit in the columns formats and formats_once; 0: every record can be given in it. */
  mask: number
}

const formatsLock = 7_261_006
const setting = 'format bits'
const mostBits = 31

const offered = new WeakMap<Context, Offered[]>()

/** @throws when `settleFormats` was not called */
export function offeredFormats(ctx: Context): Offered[] {
  const known = offered.get(ctx)
  if (!known) throw new Error('the formats of this brick are not settled yet')
  return known
}

export function findFormat(ctx: Context, metadataPrefix: string): Offered | undefined {
  return offeredFormats(ctx).find((each) => each.format.metadataPrefix === metadataPrefix)
}

/** The formats that a record can be given in. */
export function formatsOf(ctx: Context, record: Pick<StoredRecord, 'formats'>): Format[] {
  return offeredFormats(ctx)
    .filter(({ mask }) => mask === 0 || ((record.formats ?? 0) & mask) !== 0)
    .map(({ format }) => format)
}

/** Those that ask for more than Dublin Core; a format of a profile's own is not for the records of others. */
export const partialFormats = (ctx: Context): Offered[] =>
  offeredFormats(ctx).filter(({ format, mask }) => mask !== 0 && !format.own)

/** SQL: whether a record (of this name in the statement) is in the list of a format. */
export const listedIn = (name: string, mask: number): string =>
  mask ? `(${name}.formats_once & ${mask}) <> 0` : 'true'

/** Finds the bit of each partial format, which stays what it is for ever. To be called once, before anything is written. */
export async function settleFormats(ctx: Context): Promise<void> {
  const formats: Format[] = [...standardFormats, ...profilesOf(ctx.config).formats()]
  const partial = formats.filter((each) => each.partial).map((each) => each.metadataPrefix)
  const bits = await ctx.db.transaction((client) => settleBits(client, partial))
  offered.set(
    ctx,
    formats.map((format) => {
      const bit = format.partial ? bits[format.metadataPrefix] : undefined
      return { format, mask: bit === undefined ? 0 : 2 ** bit }
    }),
  )
}

async function settleBits(client: Client, prefixes: string[]): Promise<Record<string, number>> {
  await client.query('SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))', [formatsLock])
  const { rows } = await client.query<{ value: Record<string, number> }>(
    'SELECT value FROM settings WHERE name = $1',
    [setting],
  )
  const bits = { ...rows[0]?.value }
  const fresh = prefixes.filter((prefix) => bits[prefix] === undefined)
  if (!fresh.length) return bits
  for (const prefix of fresh) {
    const bit = Object.keys(bits).length
    if (bit >= mostBits)
      throw invalid(`A brick can have ${mostBits} formats that not all records fill.`)
    bits[prefix] = bit
    await client.query(
      `CREATE INDEX IF NOT EXISTS records_format_${bit}_ix ON records (sequence)
       WHERE ${listedIn('records', 2 ** bit)}`,
    )
  }
  await setSetting(client, setting, bits)
  return bits
}
