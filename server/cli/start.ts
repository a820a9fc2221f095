import cluster from 'node:cluster'
import { Command } from 'commander'
import { pino } from 'pino'
import { loadConfig } from '../../config/config.ts'
import { startAnswering, startBrick } from '../brick.ts'
import { startProcesses } from '../processes.ts'
import { aborted, say, stopSignal } from './terminal.ts'

export function startCommand(): Command {
  return new Command('start')
    .description('start this brick and keep it running')
    .action(async () => {
      try {
        await run()
      } finally {
        // What ties it to the process that it comes from would keep it.
        cluster.worker?.disconnect()
      }
    })
}

async function run(): Promise<void> {
  const config = loadConfig()
  const stopping = stopSignal()
  const log = pino({ level: config.logLevel })
  const start = cluster.isWorker
    ? startAnswering
    : config.processes > 1
      ? startProcesses
      : startBrick
  const brick = await start(config, log)
  if (cluster.isPrimary) say(`${config.name} is at ${config.baseUrl}/ (Ctrl+C stops it)`)
  await aborted(stopping)
  await brick.close()
}
