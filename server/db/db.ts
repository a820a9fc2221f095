// The one database: a TypeORM DataSource for the domain and its migrations, its pool of pg connections for hot paths.
import pg from 'pg'
import { DataSource, type EntitySchema } from 'typeorm'
import type { Config } from '../../config/config.ts'
import { migrations } from '../../migrations/migrations.ts'
import { joinEmbedded, type EmbeddedServer } from './embedded.ts'
import { rawPool, readTexts, type Statement, type Texts } from './raw-rows.ts'

export { recycle } from './raw-rows.ts'
export type { Statement, Texts } from './raw-rows.ts'
export type Client = pg.PoolClient
export type Row = pg.QueryResultRow

export interface Database {
  dataSource: DataSource
  pool: pg.Pool
  /** Rows of one statement on any connection. */
  query<T extends Row = Row>(sql: string, values?: unknown[]): Promise<T[]>
  /**
   * Rows of a long list, on one of a few connections that lists have to themselves: however many are read at once, the
   * others find one free.
   */
  list: {
    /** Of two columns, a number and a text, which is not decoded. */
    texts(statement: Statement): Promise<Texts>
    rows<T extends Row>(statement: Statement): Promise<T[]>
  }
  /** Runs `work` in one transaction; an error rolls it back. */
  transaction<T>(work: (client: Client) => Promise<T>): Promise<T>
  /** How many transactions this process has committed: as long as it is the same, nothing was changed here. */
  readonly commits: number
  close(): Promise<void>
}

// Numbers stay below 2^53: a brick that writes 10,000 changes a second reaches it after 28,000 years.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const migrationLock = 7_261_002
const listConnections = 4
// Locks of a connection tell who is at work. When a machine is gone without a word the server must find out: so after 40
// seconds, not after the two hours that are usual.
const aliveOrGone = [
  'tcp_keepalives_idle=20',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=4',
]
  .map((each) => `-c ${each}`)
  .join(' ')
// A stretch of a list is read along an index, whatever its numbers are: to plan that each time costs as much as to do it.
const byIndex = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_bitmapscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]
  .map((each) => `-c ${each}`)
  .join(' ')

/**
 * Connects (joining or starting the embedded server when there is no DATABASE_URL) and brings the schema up to date.
 * @param entities of every room that has tables
 */
export async function openDatabase(config: Config, entities: EntitySchema[]): Promise<Database> {
  const embedded = config.databaseUrl ? undefined : await joinEmbedded(config.dataDir)
  try {
    await embedded?.createDatabase('campa')
    const url = config.databaseUrl ?? embedded?.url('campa') ?? ''
    return await connect(config, url, entities, embedded)
  } catch (error) {
    await embedded?.leave()
    throw error
  }
}

async function connect(
  config: Config,
  url: string,
  entities: EntitySchema[],
  embedded: EmbeddedServer | undefined,
): Promise<Database> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    schema: config.databaseSchema,
    entities,
    migrations,
    migrationsTransactionMode: 'each',
    applicationName: 'campa',
    extra: {
      max: config.databasePoolSize,
      options: `-c search_path=${config.databaseSchema},public ${aliveOrGone}`,
      keepAlive: true,
      // A connection that breaks while idle is replaced at its next use.
      connectionTimeoutMillis: 15_000,
    },
    poolErrorHandler: () => undefined,
  })
  await migrate(config, url, dataSource)
  // TypeORM types its driver loosely; `master` is the pg pool it made from `extra`.
  const pool = (dataSource.driver as unknown as { master: pg.Pool }).master
  const lists = rawPool({
    connectionString: url,
    options: `-c search_path=${config.databaseSchema},public ${byIndex}`,
    application_name: 'campa-lists',
    max: listConnections,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 60_000,
    statement_timeout: 60_000,
  })
  let commits = 0
  return {
    dataSource,
    pool,
    get commits() {
      return commits
    },
    query: async <T extends Row>(sql: string, values?: unknown[]) =>
      (await pool.query<T>(sql, values)).rows,
    list: {
      texts: (statement) => readTexts(lists, statement),
      rows: async <T extends Row>(statement: Statement) => (await lists.query<T>(statement)).rows,
    },
    async transaction(work) {
      const result = await inTransaction(pool, work)
      commits += 1
      return result
    },
    async close() {
      await lists.end()
      await dataSource.destroy()
      await embedded?.leave()
    },
  }
}

async function migrate(config: Config, url: string, dataSource: DataSource): Promise<void> {
  const gate = new pg.Client({ connectionString: url, application_name: 'campa-migration' })
  gate.on('error', () => undefined)
  try {
    await gate.connect()
  } catch (cause) {
    throw new Error(
      `The database ${withoutPassword(url)} cannot be reached: ${(cause as Error).message}`,
      { cause },
    )
  }
  try {
    await gate.query('SELECT pg_advisory_lock($1)', [migrationLock])
    await gate.query(`CREATE SCHEMA IF NOT EXISTS ${gate.escapeIdentifier(config.databaseSchema)}`)
    await gate.query('CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public')
    await dataSource.initialize()
    await dataSource.runMigrations()
  } finally {
    await gate.end()
  }
}

function withoutPassword(url: string): string {
  const parsed = new URL(url)
  parsed.password = ''
  return parsed.toString()
}

async function inTransaction<T>(pool: pg.Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error(String(cause))
    })
    throw error
  } finally {
    client.release(broken)
  }
}
