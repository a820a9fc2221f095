// What most commands do: open the brick of the configuration, work, close it.
import { pino } from 'pino'
import { loadConfig } from '../../config/config.ts'
import { openBrick } from '../brick.ts'
import type { Context } from '../context.ts'

/** Works with the tools of the brick, whether it is running or not. Only warnings are logged, beside the command's own words. */
export async function withBrick<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
  const config = loadConfig()
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel
  const brick = await openBrick(config, pino({ level }, pino.destination(2)))
  try {
    return await work(brick.ctx)
  } finally {
    await brick.close()
  }
}
