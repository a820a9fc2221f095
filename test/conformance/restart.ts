// A brick that is closed and started again on the same port, schema and folder.
import type { Config } from '../../config/config.ts'
import { startBrick, type RunningBrick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import { forget, quiet, testConfig } from '../house.ts'

export interface Restartable {
  readonly ctx: Context
  /** Base URL of its OAI-PMH door. */
  readonly url: string
  /** Closes it and starts it again, with other settings where they are given. */
  restart(change?: Partial<Config>): Promise<void>
  /** Also drops its schema and folder. */
  close(): Promise<void>
}

export async function restartable(overrides: Partial<Config> = {}): Promise<Restartable> {
  let config = await testConfig(overrides)
  let running: RunningBrick = await startBrick(config, quiet)
  return {
    get ctx() {
      return running.ctx
    },
    url: running.ctx.links.oai(),
    async restart(change = {}) {
      await running.close()
      config = Object.freeze({ ...config, ...change })
      running = await startBrick(config, quiet)
    },
    async close() {
      await running.close()
      await forget(config)
    },
  }
}
