// Searching in PostgreSQL: the page on one connection, and beside it on another what is counted, one after the other.
import type { Client, Database } from '../../db/db.ts'
import type { Print } from '../../../schemas/likeness.ts'
import { unavailable } from '../../http/errors.ts'
import type { Facet, FacetCount, SearchDocument, SearchResult } from '../engine.ts'
import { isTranslated } from '../entry.ts'
import { withChosen, writePlace, type Plan } from '../plan.ts'
import { farthest, probesOf } from '../prints.ts'
import { shownColumn } from './tables.ts'
import { asBigint } from './write.ts'
import { runningSum } from '../years.ts'
import { beyond, conditions, order, rank, sortValues, Values, type Codes } from './sql.ts'

export type Counts = Pick<SearchResult, 'total' | 'facets' | 'histogram'>

// The planner does not see that a row's words lie outside it and would read them all where the index knows the answer
// (40,000 matches of 198,580: 0.71 s of computing against 0.04 s). Compiling a query takes longer than most of them.
const settings = (scan: 'on' | 'off'): string => `
  SET LOCAL jit = off;
  SET LOCAL work_mem = '16MB';
  SET LOCAL statement_timeout = '20s';
  SET LOCAL enable_seqscan = ${scan}`

const scanOf = ({ question }: Plan) => (question.all.length ? 'off' : 'on')

const canceled = '57014'

/** Reads with the settings that searching needs; they go with the transaction. */
async function reading<T>(
  db: Database,
  scan: 'on' | 'off',
  work: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction(async (client) => {
      await client.query(settings(scan))
      return work(client)
    })
  } catch (error) {
    if ((error as { code?: unknown }).code !== canceled) throw error
    throw unavailable('This search takes too long: ask for something narrower, or try again later.')
  }
}

/** The numbers by which the rows know the values that are filtered by. */
export async function codesOf(db: Database, { filters }: Plan): Promise<Codes> {
  const codes: Codes = new Map([...filters.keys()].map((facet) => [facet, []]))
  if (!filters.size) return codes
  const pairs = [...filters].flatMap(([facet, list]) =>
    list.map((value) => [facet, value] as const),
  )
  const rows = await db.query<{ id: number; facet: Facet }>(
    `SELECT id, facet FROM search_values
     JOIN unnest($1::text[], $2::text[]) AS wanted(facet, value) USING (facet, value)`,
    [pairs.map(([facet]) => facet), pairs.map(([, value]) => value)],
  )
  for (const { id, facet } of rows) codes.get(facet)?.push(id)
  return codes
}

interface HitRow {
  document: SearchDocument
  place: number[]
}

export async function findPage(
  db: Database,
  table: string,
  plan: Plan,
  codes: Codes,
): Promise<Pick<SearchResult, 'hits' | 'next'>> {
  if (plan.limit === 0) return { hits: [] }
  const values = new Values()
  // The fence keeps the rank from being worked out twice; without one the order may come out of an index.
  const where = conditions(values, plan, codes)
  const from =
    plan.sort === 'relevance'
      ? `(SELECT *, ${rank(values, plan)} AS rank FROM ${table} WHERE ${where} OFFSET 0) AS found WHERE true`
      : `${table} WHERE ${where}`
  const sql = `SELECT document, ARRAY[${[...sortValues(plan), 'sequence'].join(', ')}]::float8[] AS place
     FROM ${from} AND ${beyond(values, plan)}
     ORDER BY ${order(plan)} LIMIT ${values.put(plan.limit + 1, 'int')}`
  const { rows } = await reading(db, scanOf(plan), (client) =>
    client.query<HitRow>(sql, values.list),
  )
  const hits = rows.slice(0, plan.limit).map((row) => row.document)
  const last = rows[plan.limit - 1]
  if (rows.length <= plan.limit || !last) return { hits }
  const place = {
    values: last.place.slice(0, -1),
    sequence: last.place.at(-1) ?? 0,
    id: last.document.id,
  }
  return { hits, next: writePlace(plan.sort, place) }
}

/** Candidates by their bands, the nearest of them by all their bits. */
export async function findAlike(
  db: Database,
  table: string,
  prints: Print[],
  most: number,
): Promise<SearchDocument[]> {
  const bands = new Set(prints.flatMap((print, index) => probesOf(print, index === 0)))
  const { rows } = await reading(db, 'off', (client) =>
    client.query<Pick<HitRow, 'document'>>(
      `SELECT document FROM (
         SELECT document, sequence, (
           SELECT min(bit_count((one # other)::bit(64))) FROM unnest(prints) AS one, unnest($2::bigint[]) AS other
         ) AS distance
         FROM ${table} WHERE bands && $1::int[] OFFSET 0) AS candidates
       WHERE distance <= $3 ORDER BY distance, sequence DESC LIMIT $4`,
      [[...bands], prints.map(asBigint), farthest, most],
    ),
  )
  return rows.map(({ document }) => document)
}

export async function count(
  db: Database,
  table: string,
  plan: Plan,
  codes: Codes,
): Promise<Counts> {
  // Facets without a filter of their own are counted together, each other one without its own.
  const filtered = plan.facets.filter((facet) => codes.has(facet))
  const others = plan.facets.filter((facet) => !codes.has(facet))
  return reading(db, scanOf(plan), async (client) => {
    const counter: Counter = { client, table, plan, codes }
    const counts: Counts = { total: await countAll(counter), facets: {}, histogram: [] }
    if (others.length) Object.assign(counts.facets, await countValues(counter, others))
    for (const facet of filtered) {
      const { [facet]: counted = [] } = await countValues(counter, [facet], facet)
      const chosen = plan.language && isTranslated(facet) ? await countChosen(counter, facet) : []
      counts.facets[facet] = withChosen(counted, chosen)
    }
    if (plan.histogram) counts.histogram = await countYears(counter)
    return counts
  })
}

interface Counter {
  client: Client
  table: string
  plan: Plan
  codes: Codes
}

async function countAll({ client, table, plan, codes }: Counter): Promise<number> {
  const values = new Values()
  const { rows } = await client.query<{ total: number }>(
    `SELECT count(*) AS total FROM ${table} WHERE ${conditions(values, plan, codes)}`,
    values.list,
  )
  return rows[0]?.total ?? 0
}

async function countValues(
  { client, table, plan, codes }: Counter,
  wanted: Facet[],
  except?: Facet,
): Promise<Counts['facets']> {
  const values = new Values()
  const shown = plan.language ? `coalesce(${shownColumn(plan.language)}, facets)` : 'facets'
  const { rows } = await client.query<FacetCount & { facet: Facet }>(
    `SELECT facet, value, count FROM (
       SELECT facet, value, count, row_number() OVER (PARTITION BY facet ORDER BY count DESC, value) AS place
       FROM (SELECT code, count(*) AS count
             FROM (SELECT unnest(${shown}) AS code FROM ${table}
                   WHERE ${conditions(values, plan, codes, except)}) AS each
             GROUP BY code) AS counted
       JOIN search_values ON search_values.id = code
       WHERE facet = ANY(${values.put(wanted, 'text[]')})) AS placed
     WHERE place <= ${values.put(plan.facetLimit, 'int')} ORDER BY facet, place`,
    values.list,
  )
  const result: Counts['facets'] = Object.fromEntries(wanted.map((facet) => [facet, []]))
  for (const { facet, value, count: number } of rows) result[facet]?.push({ value, count: number })
  return result
}

/** The values of a facet that are filtered by, in whatever language they are. */
async function countChosen(
  { client, table, plan, codes }: Counter,
  facet: Facet,
): Promise<FacetCount[]> {
  const values = new Values()
  const chosen = values.put(codes.get(facet) ?? [], 'int[]')
  const { rows } = await client.query<FacetCount>(
    `SELECT value, count(*) AS count
     FROM search_values JOIN ${table} ON facets @> ARRAY[search_values.id]
     WHERE search_values.id = ANY(${chosen}) AND ${conditions(values, plan, codes, facet)}
     GROUP BY value ORDER BY count DESC, value`,
    values.list,
  )
  return rows
}

/** Spans begin and end: the years between are their running sum, however long the spans are. */
async function countYears({ client, table, plan, codes }: Counter): Promise<Counts['histogram']> {
  const values = new Values()
  const where = conditions(values, plan, codes, 'years')
  const { rows } = await client.query<{ year: number; step: number }>(
    `SELECT year, sum(step)::int AS step
     FROM (SELECT year_from, year_to, count(*)::int AS count FROM ${table}
           WHERE year_from IS NOT NULL AND ${where} GROUP BY year_from, year_to) AS spans,
       LATERAL (VALUES (year_from, count), (year_to + 1, -count)) AS steps(year, step)
     GROUP BY year ORDER BY year`,
    values.list,
  )
  return runningSum(rows)
}
