// Whole bricks for tests, in this process, each with a schema and a data folder of its own.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { loadConfig, type Config } from '../config/config.ts'
import type { DublinCore } from '../schemas/dublin-core.ts'
import { openBrick, startBrick, type Brick, type RunningBrick } from '../server/brick.ts'
import { ensureCollection } from '../server/collections/collections.ts'
import type { Context } from '../server/context.ts'
import { freePort } from '../server/db/embedded.ts'
import { pyramidKey } from '../server/files/store.ts'
import type { RecordInput } from '../server/records/records.ts'

export { freePort }

/** Never in the past of this run: a fresh schema, folder and free port. */
export async function testConfig(overrides: Partial<Config> = {}): Promise<Config> {
  const databaseUrl = process.env['TEST_DATABASE_URL']
  if (!databaseUrl) throw new Error('test/hooks.ts did not run: start the tests with npm test')
  const port = await freePort()
  return loadConfig(
    {},
    {
      databaseUrl,
      databaseSchema: `t_${randomBytes(6).toString('hex')}`,
      dataDir: mkdtempSync(join(tmpdir(), 'campa-brick-')),
      port,
      baseUrl: `http://127.0.0.1:${port}`,
      domain: `brick-${port}.example.org`,
      logLevel: 'silent',
      databasePoolSize: 8,
      harvests: 0,
      ...overrides,
    },
  )
}

export const quiet = pino({ level: process.env['TEST_LOG'] ?? 'silent' })

/** A brick's tools without its server; `close` also drops its schema and folder. */
export async function tools(overrides: Partial<Config> = {}): Promise<Brick> {
  return tidy(await openBrick(await testConfig(overrides), quiet))
}

/** A running brick; `close` also drops its schema and folder. */
export async function brick(overrides: Partial<Config> = {}): Promise<RunningBrick> {
  return tidy(await startBrick(await testConfig(overrides), quiet))
}

function tidy<T extends Brick>(made: T): T {
  return {
    ...made,
    async close() {
      await made.close()
      await forget(made.ctx.config)
    },
  }
}

/** Drops what a test's brick left behind. */
export async function forget(config: Config): Promise<void> {
  const client = new pg.Client({ connectionString: config.databaseUrl ?? '' })
  await client.connect()
  await client.query(`DROP SCHEMA IF EXISTS ${config.databaseSchema} CASCADE`)
  await client.query(`DROP SCHEMA IF EXISTS ${config.databaseSchema}_jobs CASCADE`)
  await client.end()
  rmSync(config.dataDir, { recursive: true, force: true })
}

/** Where a key of a brick whose files lie in its folder is found. */
export const keptAt = (ctx: Context, key: string): string => join(ctx.config.dataDir, 'files', key)

export const pathOfImage = (ctx: Context, id: string): string => keptAt(ctx, pyramidKey(id))

/** A published, open record of Dublin Core, to be changed where a test needs it. */
export function draft(
  collectionId: number,
  key: string,
  change: Partial<RecordInput> & { dc?: DublinCore } = {},
): RecordInput {
  const dc = change.dc ?? { title: [{ value: `Record ${key}`, language: 'en' }] }
  return {
    collectionId,
    key,
    profile: 'dublin-core',
    status: 'published',
    visibility: 'open',
    source: { key },
    metadata: {},
    files: [],
    ...change,
    dc,
  }
}

export async function collection(
  ctx: Context,
  slug = 'drawings',
  parentId?: number,
): Promise<number> {
  const { id } = await ensureCollection(ctx, {
    slug,
    title: { en: `Collection ${slug}`, fr: `Collection ${slug}` },
    profile: 'dublin-core',
    ...(parentId !== undefined && { parentId }),
  })
  return id
}

/** The folder of real data beside the checkout, or undefined; in CI its absence is an error. */
export function sharedFolder(...path: string[]): string | undefined {
  const folder = resolve(import.meta.dirname, '..', '..', 'shared', ...path)
  if (existsSync(folder)) return folder
  if (process.env['CI'] === 'true') throw new Error(`CI needs ${folder}`)
  return undefined
}

/** What a test needs from outside; without it the test says so by name and is skipped, in CI it fails. */
export function needed<T>(what: T | undefined, name: string, test: Mocha.Context): T {
  if (what !== undefined) return what
  if (process.env['CI'] === 'true') throw new Error(`CI needs ${name}`)
  // What is asked before each test is asked for that test.
  const { type } = test.test as { type?: string }
  const asked = type === 'hook' ? test.currentTest : test.test
  if (asked) asked.title += ` (not run: ${name} is missing)`
  test.skip()
}
