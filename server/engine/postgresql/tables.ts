// The table that PostgreSQL searches. It is derived from the records and belongs to this code, not to the migrations:
// a table of another shape, or none, makes a new index, which its reader then fills from the line.
import { randomBytes } from 'node:crypto'
import type { Client, Database } from '../../db/db.ts'
import { languages, type Language } from '../../text/text.ts'
import { beginRebuild } from '../rebuild.ts'

export const table = 'search_documents'

/** Counts up when the table, or what is written into it, changes. */
const shape = 4

/** Those of the facets that a reader of a language is shown; null where it is all of them, as mostly. */
export const shownColumn = (language: Language): string => `facets_${language}`
export const shownColumns = languages.map(shownColumn)

const makingLock = 7_261_005

// Counting and ranking read many rows, so a row is short: `words`, which only its index needs (and the recheck of a
// phrase), and the document lie outside it (the least target); `levels`, what ranking asks, lies within.
const create = (name: string): string => `
  CREATE TABLE ${name} (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    sequence bigint NOT NULL,
    year_from integer,
    year_to integer,
    title_length integer NOT NULL,
    pictured boolean NOT NULL,
    facets integer[] NOT NULL,
    ${shownColumns.map((column) => `${column} integer[],`).join('\n    ')}
    levels tsvector NOT NULL,
    words tsvector NOT NULL,
    prints bigint[],
    bands integer[],
    document json NOT NULL
  ) WITH (toast_tuple_target = 128);
  ALTER TABLE ${name} ALTER COLUMN levels SET STORAGE MAIN, ${['facets', ...shownColumns]
    .map((column) => `ALTER COLUMN ${column} SET STORAGE MAIN`)
    .join(', ')}`

const index = (name: string): string => `
  CREATE INDEX ON ${name} USING gin (words);
  CREATE INDEX ON ${name} USING gin (facets);
  CREATE INDEX ON ${name} USING gin (bands);
  CREATE INDEX ON ${name} (sequence DESC, id)`

const newIdentity = (): string => randomBytes(9).toString('base64url')

interface Standing {
  identity: string
  version: number
  whole: boolean
}

/** The index as it stands; `whole` is false where its table is missing or of another shape. */
export async function standing(db: Pick<Database, 'query'>): Promise<Standing | undefined> {
  const [row] = await db.query<Standing>(
    `SELECT identity, version, shape = $1 AND to_regclass($2) IS NOT NULL AS whole FROM search_index`,
    [shape, table],
  )
  return row
}

/** Makes the index if it is not there. */
export async function ensureIndex(db: Database): Promise<{ identity: string; fresh: boolean }> {
  const before = await standing(db)
  if (before?.whole) return { identity: before.identity, fresh: false }
  return db.transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))', [makingLock])
    const now = await standing({
      query: async (sql, values) => (await client.query(sql, values)).rows,
    })
    if (now?.whole) return { identity: now.identity, fresh: false }
    await client.query(`DROP TABLE IF EXISTS ${table}`)
    await client.query(create(table))
    await client.query(index(table))
    return { identity: await stamp(client, newIdentity()), fresh: true }
  })
}

async function stamp(client: Client, identity: string): Promise<string> {
  await client.query(
    `INSERT INTO search_index (shape, identity) VALUES ($1, $2)
     ON CONFLICT (single) DO UPDATE SET shape = excluded.shape, identity = excluded.identity,
       version = search_index.version + 1`,
    [shape, identity],
  )
  return identity
}

export interface NewTable {
  name: string
  identity: string
  /** Indexes it and puts it in the place of the live one. */
  finish(): Promise<void>
  abandon(): Promise<void>
}

/**
 * An empty table beside the live one. What a rebuild that was killed has left behind goes first.
 * @throws conflict when another process is making one
 */
export async function makeTable(db: Database): Promise<NewTable> {
  const gate = await beginRebuild(db, table)
  const name = `${table}_next`
  const identity = newIdentity()
  let open = true
  try {
    await gate.client.query(`DROP TABLE IF EXISTS ${name}`)
    await gate.client.query(create(name))
  } catch (error) {
    await gate.leave()
    throw error
  }
  return {
    name,
    identity,
    async finish() {
      await gate.client.query(`${index(name)}; ANALYZE ${name}`)
      await gate.client.query('BEGIN')
      await gate.client.query(`DROP TABLE IF EXISTS ${table}`)
      await gate.client.query(`ALTER TABLE ${name} RENAME TO ${table}`)
      await gate.client.query(`ALTER INDEX ${name}_pkey RENAME TO ${table}_pkey`)
      await stamp(gate.client, identity)
      await gate.client.query('COMMIT')
      open = false
      await gate.leave()
    },
    async abandon() {
      if (open)
        await gate.client
          .query(`ROLLBACK; DROP TABLE IF EXISTS ${name}`)
          .finally(() => gate.leave())
      open = false
    },
  }
}
