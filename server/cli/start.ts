import { Command } from 'commander'
import { pino } from 'pino'
import { loadConfig } from '../../config/config.ts'
import { startBrick, type RunningBrick } from '../brick.ts'
import { say } from './terminal.ts'

export function startCommand(): Command {
  return new Command('start')
    .description('start this brick and keep it running')
    .action(async () => {
      const config = loadConfig()
      const brick = await startBrick(config, pino({ level: config.logLevel }))
      say(`${config.name} is at ${config.baseUrl}/ (Ctrl+C stops it)`)
      await untilStopped([brick])
    })
}

/** Waits for SIGTERM or SIGINT, then closes these bricks in this order; a second signal ends at once. */
export async function untilStopped(bricks: RunningBrick[]): Promise<void> {
  await new Promise<void>((done) => {
    process.once('SIGTERM', done)
    process.once('SIGINT', done)
  })
  process.once('SIGINT', () => process.exit(1))
  for (const brick of bricks) await brick.close()
}
