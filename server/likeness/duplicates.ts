// Pictures of this brick that are here twice: one file in two records, two files of the same pixels, or of nearly the same.
import type { Context } from '../context.ts'
import type { Value } from '../../schemas/dublin-core.ts'
import type { Row } from '../db/db.ts'
import type { Kind } from './find.ts'

/** A picture and the records that hold it. */
export interface Held {
  image: string
  width: number
  height: number
  records: { id: string; title: Value[] }[]
}

export interface Duplicates {
  kind: Extract<Kind, 'exact' | 'near'>
  pictures: Held[]
}

/** In bits of the print, and of the other hash: what differs in more is seldom the same picture. */
const farthest = { print: 6, dhash: 14 }
const mostPairs = 400

interface Pair extends Row {
  one: string
  other: string
  same: boolean
}

// Pairs that differ in three bits or less have one of four bands of the print in common, and those that differ in a few
// more nearly always: so pictures are compared within a band, not each with each. Pages of one file are no duplicates, and a
// file that is in two records is said once, by its first page.
const pairs = `
  WITH looked AS MATERIALIZED (
    SELECT id, sha256, likeness->>'pixels' AS pixels, ('x' || (likeness->'prints'->>0))::bit(64) AS print,
      ('x' || (likeness->>'dhash'))::bit(64) AS dhash
    FROM images WHERE likeness->'prints'->>0 IS NOT NULL AND EXISTS (
      SELECT FROM record_images JOIN records ON records.id = record_id
      WHERE image_id = images.id AND status <> 'withdrawn')),
  banded AS (
    SELECT looked.*, band, substring(print FROM band * 16 + 1 FOR 16) AS part
    FROM looked, generate_series(0, 3) AS band),
  near AS (
    SELECT DISTINCT a.id AS one, b.id AS other, a.pixels = b.pixels AS same, bit_count(a.print # b.print) AS bits
    FROM banded a JOIN banded b ON (a.band, a.part) = (b.band, b.part) AND a.id < b.id AND a.sha256 <> b.sha256
    WHERE bit_count(a.print # b.print) <= $1 AND bit_count(a.dhash # b.dhash) <= $2),
  shared AS (
    SELECT image_id AS one, image_id AS other, true AS same, 0 AS bits
    FROM record_images JOIN records ON records.id = record_id JOIN images ON images.id = image_id
    WHERE status <> 'withdrawn' AND page = 1
    GROUP BY image_id HAVING count(DISTINCT record_id) > 1)
  SELECT one, other, same FROM (SELECT * FROM near UNION ALL SELECT * FROM shared) AS found
  ORDER BY same DESC, bits, one, other LIMIT $3`

/** Groups of pictures, exact ones first. Compares them all: for the operator. */
export async function findDuplicates(ctx: Context): Promise<Duplicates[]> {
  const found = await ctx.db.transaction(async (client) => {
    await client.query(`SET LOCAL statement_timeout = '60s'; SET LOCAL work_mem = '64MB'`)
    const { rows } = await client.query<Pair>(pairs, [farthest.print, farthest.dhash, mostPairs])
    return rows
  })
  const exact = grouped(found.filter(({ same }) => same))
  const near = grouped(found.filter(({ same }) => !same))
  const held = await holdersOf(ctx, [...new Set([...exact, ...near].flat())])
  const told = (kind: Duplicates['kind'], groups: string[][]): Duplicates[] =>
    groups.map((group) => ({ kind, pictures: group.flatMap((image) => held.get(image) ?? []) }))
  return [...told('exact', exact), ...told('near', near)]
}

/** Pictures that lead to each other, each group once. */
function grouped(list: Pair[]): string[][] {
  const groups = new Map<string, Set<string>>()
  for (const { one, other } of list) {
    const both = [groups.get(one) ?? new Set([one]), groups.get(other) ?? new Set([other])]
    const whole = new Set(both.flatMap((each) => [...each]))
    for (const each of whole) groups.set(each, whole)
  }
  return [...new Set(groups.values())].map((group) => [...group])
}

async function holdersOf(ctx: Context, images: string[]): Promise<Map<string, Held>> {
  const rows = await ctx.db.query<
    { image: string; width: number; height: number; id: number; title: Value[] | null } & Row
  >(
    `SELECT images.id AS image, width, height, records.id, dc->'title' AS title
     FROM images JOIN record_images ON image_id = images.id JOIN records ON records.id = record_id
     WHERE images.id = ANY($1::text[]) AND status <> 'withdrawn' ORDER BY records.id`,
    [images],
  )
  const held = new Map<string, Held>()
  for (const { image, width, height, id, title } of rows) {
    const known = held.get(image) ?? { image, width, height, records: [] }
    if (!known.records.some((each) => each.id === String(id)))
      known.records.push({ id: String(id), title: title ?? [] })
    held.set(image, known)
  }
  return held
}
