// Searching in PostgreSQL: one statement for the page, and beside it one for each thing that is counted.
import type { Database } from '../../db/db.ts'
import type { Facet, FacetCount, SearchDocument, SearchResult } from '../engine.ts'
import { writePlace, type Plan } from '../plan.ts'
import { runningSum } from '../years.ts'
import { beyond, conditions, order, rank, sortValues, Values, type Codes } from './sql.ts'

export type Counts = Pick<SearchResult, 'total' | 'facets' | 'histogram'>

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
  const rows = await db.query<HitRow>(
    `SELECT document, ARRAY[${[...sortValues(plan), 'sequence'].join(', ')}]::float8[] AS place
     FROM ${from} AND ${beyond(values, plan)}
     ORDER BY ${order(plan)} LIMIT ${values.put(plan.limit + 1, 'int')}`,
    values.list,
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

export async function count(
  db: Database,
  table: string,
  plan: Plan,
  codes: Codes,
): Promise<Counts> {
  // Facets without a filter of their own are counted together, each other one without its own.
  const filtered = plan.facets.filter((facet) => codes.has(facet))
  const others = plan.facets.filter((facet) => !codes.has(facet))
  const [total, histogram, ...counted] = await Promise.all([
    countAll(db, table, plan, codes),
    plan.histogram ? countYears(db, table, plan, codes) : [],
    ...(others.length ? [countValues(db, table, plan, codes, others)] : []),
    ...filtered.map((facet) => countValues(db, table, plan, codes, [facet], facet)),
  ])
  return { total, histogram, facets: Object.assign({}, ...counted) as Counts['facets'] }
}

async function countAll(db: Database, table: string, plan: Plan, codes: Codes): Promise<number> {
  const values = new Values()
  const [row] = await db.query<{ total: number }>(
    `SELECT count(*) AS total FROM ${table} WHERE ${conditions(values, plan, codes)}`,
    values.list,
  )
  return row?.total ?? 0
}

async function countValues(
  db: Database,
  table: string,
  plan: Plan,
  codes: Codes,
  wanted: Facet[],
  except?: Facet,
): Promise<Counts['facets']> {
  const values = new Values()
  const rows = await db.query<FacetCount & { facet: Facet }>(
    `SELECT facet, value, count FROM (
       SELECT facet, value, count, row_number() OVER (PARTITION BY facet ORDER BY count DESC, value) AS place
       FROM (SELECT code, count(*) AS count
             FROM (SELECT unnest(facets) AS code FROM ${table}
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

/** Spans begin and end: the years between are their running sum, however long the spans are. */
async function countYears(
  db: Database,
  table: string,
  plan: Plan,
  codes: Codes,
): Promise<Counts['histogram']> {
  const values = new Values()
  const where = conditions(values, plan, codes, 'years')
  const rows = await db.query<{ year: number; step: number }>(
    `SELECT year, sum(step)::int AS step
     FROM (SELECT year_from, year_to, count(*)::int AS count FROM ${table}
           WHERE year_from IS NOT NULL AND ${where} GROUP BY year_from, year_to) AS spans,
       LATERAL (VALUES (year_from, count), (year_to + 1, -count)) AS steps(year, step)
     GROUP BY year ORDER BY year`,
    values.list,
  )
  return runningSum(rows)
}
