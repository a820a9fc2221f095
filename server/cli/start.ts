import { Command } from 'commander'
import { pino } from 'pino'
import { loadConfig } from '../../config/config.ts'
import { startBrick } from '../brick.ts'
import { aborted, say, stopSignal } from './terminal.ts'

export function startCommand(): Command {
  return new Command('start')
    .description('start this brick and keep it running')
    .action(async () => {
      const config = loadConfig()
      const stopping = stopSignal()
      const brick = await startBrick(config, pino({ level: config.logLevel }))
      say(`${config.name} is at ${config.baseUrl}/ (Ctrl+C stops it)`)
      await aborted(stopping)
      await brick.close()
    })
}
