// The whole application in a process of its own, as an operator runs it.
import { spawn, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'
import { loadConfig, type Config } from '../config/config.ts'
import { freePort } from '../server/db/embedded.ts'
import type { Stage } from './stage.ts'

/** @param schema of its own in the stage's database */
export async function configOf(
  stage: Stage,
  schema: string,
  change: Partial<Config> = {},
): Promise<Config> {
  const port = await freePort()
  return loadConfig(
    {},
    {
      port,
      baseUrl: `http://127.0.0.1:${port}`,
      databaseUrl: stage.databaseUrl,
      databaseSchema: schema,
      dataDir: join(stage.folder, 'data'),
      domain: 'bench.example.org',
      logLevel: 'warn',
      ...change,
    },
  )
}

/** @param environment settings beside those of `config` that say where and what it is */
export function start(
  stage: Stage,
  config: Config,
  environment: Record<string, string>,
): ChildProcess {
  const program = resolve(import.meta.dirname, '..', 'bin', 'campa.js')
  return spawn(process.execPath, [program, 'start'], {
    cwd: stage.folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      CAMPA_PORT: String(config.port),
      DATABASE_URL: config.databaseUrl,
      CAMPA_DATABASE_SCHEMA: config.databaseSchema,
      CAMPA_DATA_DIR: config.dataDir,
      CAMPA_DOMAIN: config.domain,
      CAMPA_LOG_LEVEL: config.logLevel,
      ...environment,
    },
  })
}
