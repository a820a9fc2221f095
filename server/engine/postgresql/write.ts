// Documents into PostgreSQL: batches of arrays, one statement each.
import type { Client, Database } from '../../db/db.ts'
import type { Print } from '../../../schemas/likeness.ts'
import { messageOf } from '../../http/errors.ts'
import { facets, type Changes, type Refused, type SearchDocument } from '../engine.ts'
import { languages } from '../../text/text.ts'
import { entryOf, levels, parts, translated, type Entry, type Level, type Part } from '../entry.ts'
import { bandsOf, printsOf } from '../prints.ts'
import { shownColumns } from './tables.ts'

const batch = 500
const weights: Record<Level, string> = { title: 'A', named: 'B', lead: 'C' }

interface Row {
  document: SearchDocument
  entry: Entry
}

/**
 * Writes into a table. When PostgreSQL refuses a batch for what is in it, its documents are tried one by one, and those
 * that it refuses are returned; any other error is thrown.
 */
export async function write(db: Database, table: string, changes: Changes): Promise<Refused[]> {
  const refused: Refused[] = []
  // The last of two versions in one batch is the one that counts.
  const upserts = [...new Map(changes.upserts.map((each) => [each.id, each])).values()]
  for (let at = 0; at < upserts.length; at += batch) {
    const documents = upserts.slice(at, at + batch)
    try {
      await upsert(db, table, documents)
    } catch (error) {
      if (!isOfData(error)) throw error
      for (const document of documents) {
        try {
          await upsert(db, table, [document])
        } catch (reason) {
          if (!isOfData(reason)) throw reason
          refused.push({ id: document.id, reason: messageOf(reason) })
        }
      }
    }
  }
  if (changes.deletes.length)
    await db.query(
      `DELETE FROM ${table} USING unnest($1::text[], $2::bigint[]) AS gone(id, sequence)
       WHERE ${table}.id = gone.id AND ${table}.sequence <= gone.sequence`,
      [changes.deletes.map((each) => each.id), changes.deletes.map((each) => each.sequence)],
    )
  await db.query('UPDATE search_index SET version = version + 1')
  return refused
}

// Data exception, program limit exceeded: the classes that a document itself can cause.
function isOfData(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^(22|54)/.test(code)
}

async function upsert(db: Database, table: string, documents: SearchDocument[]): Promise<void> {
  const rows = documents.map((document) => ({ document, entry: entryOf(document) }))
  await db.transaction(async (client) => {
    const codes = await codesOf(client, rows)
    await client.query(upsertInto(table), [
      rows.map(({ document }) => document.id),
      rows.map(({ document }) => document.sequence),
      rows.map(({ entry }) => entry.years?.from ?? null),
      rows.map(({ entry }) => entry.years?.to ?? null),
      rows.map(({ entry }) => entry.titleLength),
      rows.map(({ entry }) => entry.pictured),
      rows.map(({ entry }) => arrayOf(codes(entry.facets))),
      ...languages.map((language) =>
        rows.map(({ entry }) => {
          const shown = { ...entry.facets, ...entry.shown[language] }
          return isAll(shown, entry.facets) ? null : arrayOf(codes(shown))
        }),
      ),
      rows.map(({ entry }) => asWritten(entry, levels)),
      rows.map(({ entry }) => asWritten(entry, parts)),
      ...parts.map((part) => rows.map(({ entry }) => entry.words[part].join(' '))),
      rows.map(({ document }) => arrayOrNull(printsOf(document).map(asBigint))),
      rows.map(({ document }) => arrayOrNull(bandsOf(printsOf(document)))),
      rows.map(({ document }) => JSON.stringify(document)),
    ])
  })
}

const isAll = (part: Entry['facets'], whole: Entry['facets']): boolean =>
  translated.every((facet) => part[facet].length === whole[facet].length)

const arrayOf = (codes: (number | bigint)[]): string => `{${codes.join()}}`
const arrayOrNull = (values: (number | bigint)[]): string | null =>
  values.length ? arrayOf(values) : null

/** As PostgreSQL counts: its bigint has a sign. */
export const asBigint = (print: Print): bigint => BigInt.asIntN(64, BigInt(`0x${print}`))

const stems = (column: string): string =>
  `to_tsvector('campa_fr', ${column}) || to_tsvector('campa_en', ${column})`

const columns = parts.map((part) => `stems_${part}`)
const stemmedLevels = levels
  .map((level) => `setweight(${stems(`stems_${level}`)}, '${weights[level]}')`)
  .join(' || ')

// What is sent as text, after six columns that are not.
const textColumns = [
  'facets',
  ...shownColumns,
  'levels',
  'words',
  ...columns,
  'prints',
  'bands',
  'document',
]
const texts = textColumns.map((_, index) => `$${index + 7}::text[]`).join(', ')

const upsertInto = (table: string): string => `
  INSERT INTO ${table}
    (id, sequence, year_from, year_to, title_length, pictured, facets, ${shownColumns.join(', ')}, levels, words,
      prints, bands, document)
  SELECT id, sequence, year_from, year_to, title_length, pictured, facets::int[],
    ${shownColumns.map((column) => `${column}::int[]`).join(', ')},
    levels::tsvector || ${stemmedLevels},
    words::tsvector || strip(${stems(`concat_ws(' ', ${columns.join(', ')})`)}),
    prints::bigint[], bands::int[], document::json
  FROM unnest($1::text[], $2::bigint[], $3::int[], $4::int[], $5::int[], $6::bool[], ${texts})
    AS given(id, sequence, year_from, year_to, title_length, pictured, ${textColumns.join(', ')})
  ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, year_from = excluded.year_from,
    year_to = excluded.year_to, title_length = excluded.title_length, pictured = excluded.pictured,
    ${['facets', ...shownColumns].map((column) => `${column} = excluded.${column}`).join(', ')},
    levels = excluded.levels, words = excluded.words,
    prints = excluded.prints, bands = excluded.bands, document = excluded.document
  WHERE ${table}.sequence <= excluded.sequence`

/**
 * The words as they stand, with their places, for phrases: '=school':3A. The sign keeps them apart from stems. Between
 * two values a place is left free, so that no phrase runs across.
 */
function asWritten(entry: Entry, which: readonly Part[]): string {
  const places: string[] = []
  let at = 0
  for (const level of which) {
    const weight = level === 'rest' ? '' : weights[level]
    for (const words of entry.texts[level]) {
      for (const word of words) places.push(`'=${word}':${++at}${weight}`)
      at++
    }
  }
  return places.join(' ')
}

/** Values to filter by are numbers in the rows: counting them is counting integers. */
async function codesOf(
  client: Client,
  rows: Row[],
): Promise<(values: Entry['facets']) => number[]> {
  const wanted = new Map<string, [string, string]>()
  const pairsOf = (values: Entry['facets']): [string, string][] =>
    facets.flatMap((facet) => values[facet].map((value): [string, string] => [facet, value]))
  for (const { entry } of rows)
    for (const pair of pairsOf(entry.facets)) wanted.set(pair.join('\n'), pair)
  const pairs = [...wanted.values()]
  const lists = [pairs.map(([facet]) => facet), pairs.map(([, value]) => value)]
  const find = async (): Promise<Map<string, number>> => {
    const { rows: found } = await client.query<{ id: number; facet: string; value: string }>(
      `SELECT id, facet, value FROM search_values
       JOIN unnest($1::text[], $2::text[]) AS wanted(facet, value) USING (facet, value)`,
      lists,
    )
    return new Map(found.map(({ id, facet, value }) => [`${facet}\n${value}`, id]))
  }
  let known = await find()
  if (known.size < pairs.length) {
    // In order, so that two writers never wait for each other.
    await client.query(
      `INSERT INTO search_values (facet, value)
       SELECT facet, value FROM unnest($1::text[], $2::text[]) AS wanted(facet, value)
       WHERE NOT EXISTS (SELECT FROM search_values AS known
         WHERE (known.facet, known.value) = (wanted.facet, wanted.value))
       ORDER BY facet, value COLLATE "C" ON CONFLICT DO NOTHING`,
      lists,
    )
    known = await find()
  }
  return (given) =>
    pairsOf(given)
      .flatMap((pair) => known.get(pair.join('\n')) ?? [])
      .toSorted((a, b) => a - b)
}
