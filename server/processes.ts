// A brick over the cores of a machine: this process does its work, and others answer at one port, each by itself. They share
// the database, the files and the cache of drawn pictures, as servers on several machines do.
import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { startWork, type Brick } from './brick.ts'
import { gatherMetrics } from './operations/operations.ts'

// Half of what V8 takes for young objects if let: tiles leave much, and each process pays for it.
const youngMegabytes = 8
const pause = 1000
/** Longer than answers on their way are waited for. */
const mercy = 15_000

export async function startProcesses(config: Config, log: Logger): Promise<Brick> {
  const work = await startWork(config, log)
  let closing = false
  cluster.setupPrimary({
    execArgv: [...process.execArgv, `--max-semi-space-size=${youngMegabytes}`],
  })
  gatherMetrics(work.ctx)
  const others = new Set<Worker>()
  const fork = (): Worker => {
    const other = cluster.fork()
    others.add(other)
    // One that is gone cannot be told anything: its end says what there is to say.
    other.on('error', (error) => log.warn({ err: error }, 'a process that answers is not reached'))
    return other.once('exit', (code: number | null, signal: string | null) => {
      others.delete(other)
      if (closing) return
      log.error({ code, signal }, 'a process that answered is gone, another takes its place')
      void sleep(pause).then(() => closing || fork())
    })
  }
  const close = async (): Promise<void> => {
    closing = true
    await Promise.all([...others].map(end))
    await work.close()
  }
  try {
    await Promise.all(Array.from({ length: config.processes }, () => listening(fork())))
  } catch (error) {
    await close()
    throw error
  }
  return { ctx: work.ctx, close }
}

async function end(other: Worker): Promise<void> {
  const gone = new Promise((done) => other.once('exit', done))
  other.process.kill('SIGTERM')
  const late = setTimeout(() => other.process.kill('SIGKILL'), mercy)
  await gone
  clearTimeout(late)
}

async function listening(other: Worker): Promise<void> {
  await new Promise<void>((done, failed) => {
    other.once('listening', () => done())
    other.once('exit', () => failed(new Error('A process that was to answer did not start.')))
  })
}
