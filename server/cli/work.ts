import { Command } from 'commander'
import { pino } from 'pino'
import { loadConfig } from '../../config/config.ts'
import { startWork } from '../brick.ts'
import { aborted, say, stopSignal } from './terminal.ts'

export function workCommand(): Command {
  return new Command('work')
    .description('harvest, index and do what else there is to do, without answering anybody')
    .action(async () => {
      const config = loadConfig()
      const stopping = stopSignal()
      const worker = await startWork(config, pino({ level: config.logLevel }))
      say(`Working for ${config.name}, ${config.harvests} harvests at once (Ctrl+C stops it)`)
      await aborted(stopping)
      await worker.close()
    })
}
