// Bricks in processes of their own, so that what they use can be told from what the test uses.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Config } from '../../config/config.ts'
import { openBrick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import { forget, quiet, testConfig } from '../house.ts'

export interface Memory {
  /** Bytes of the process. */
  rss: number
  /** Bytes of what it holds on to, buffers too. */
  held: number
}

export interface Apart {
  config: Config
  /** Base URL of its OAI-PMH door. */
  url: string
  alive(): boolean
  memory(): Promise<Memory>
  /** Its connections to the database, by state ("idle", "active", "idle in transaction" …). */
  connections(): Promise<Record<string, number>>
  /** Also drops its schema and folder. */
  close(): Promise<void>
}

/** @param fill puts records into the brick before it starts */
export async function brickApart(
  overrides: Partial<Config>,
  fill: (ctx: Context) => Promise<void>,
): Promise<Apart> {
  const plain = await testConfig(overrides)
  // Its connections bear a name of their own.
  const address = new URL(plain.databaseUrl ?? '')
  address.searchParams.set('application_name', plain.databaseSchema)
  const config: Config = { ...plain, databaseUrl: address.href }
  const filling = await openBrick(plain, quiet)
  await fill(filling.ctx).finally(() => filling.close())
  const script = fileURLToPath(new URL('./served.ts', import.meta.url))
  const child = fork(script, [JSON.stringify(config)], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const [said] = (await Promise.race([once(child, 'message'), ended])) as unknown[]
  assert.equal(said, 'ready')
  return {
    config,
    url: `${config.baseUrl}/oai`,
    alive: () => child.exitCode === null && child.signalCode === null,
    async memory() {
      child.send('memory')
      const [told] = (await once(child, 'message')) as [Memory]
      return told
    },
    connections: () => connectionsOf(config),
    async close() {
      if (child.connected) child.send('close')
      await ended
      await forget(plain)
    },
  }
}

async function connectionsOf(config: Config): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: config.databaseUrl?.split('?')[0] ?? '' })
  await client.connect()
  const { rows } = await client.query<{ state: string; count: number }>(
    `SELECT state, count(*)::int AS count FROM pg_stat_activity WHERE application_name = $1 GROUP BY 1`,
    [config.databaseSchema],
  )
  await client.end()
  return Object.fromEntries(rows.map((each) => [each.state, each.count]))
}
