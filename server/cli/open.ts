// What most commands do: open the brick of the configuration, work, close it.
import { pino } from 'pino'
import { loadConfig } from '../../config/config.ts'
import { openBrick } from '../brick.ts'
import type { Context } from '../context.ts'
import { stopSignal } from './terminal.ts'

/**
 * Works with the tools of the brick, whether it is running or not. Only warnings are logged, beside the command's own words.
 * @param work ends soon after its signal is aborted, so that the brick is closed whatever happens
 */
export async function withBrick<T>(
  work: (ctx: Context, stopping: AbortSignal) => Promise<T>,
): Promise<T> {
  const config = loadConfig()
  const stopping = stopSignal()
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel
  const brick = await openBrick(config, pino({ level }, pino.destination(2)))
  try {
    stopping.throwIfAborted()
    return await work(brick.ctx, stopping)
  } finally {
    await brick.close()
  }
}
