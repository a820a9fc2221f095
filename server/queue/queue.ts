// Jobs: work that takes time, kept in PostgreSQL (pg-boss) beside our tables, done by any number of processes.
import PgBoss from 'pg-boss'
import type { Context } from '../context.ts'

/** A kind of work. The handler may run twice for the same job (a process died), so it must not mind. */
export interface Job {
  name: string
  /** Cron expression (UTC) when it also runs by itself. */
  schedule?: string
  /** After so many seconds the process that had it is taken for dead, and the job runs again (900). */
  expireInSeconds?: number
  handle(ctx: Context, data: unknown, signal: AbortSignal, queue: Queue): Promise<void>
}

export interface Queue {
  /** @param key of two waiting jobs with one name and key, one is kept */
  send(name: string, data: object, key?: string): Promise<void>
  stop(): Promise<void>
}

/** Starts to do these jobs, one of each kind at a time in this process. */
export async function startQueue(ctx: Context, jobs: Job[]): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => ctx.db.pool.query(text, values) },
    schema: `${ctx.config.databaseSchema}_jobs`,
  })
  boss.on('error', (error) => ctx.log.warn({ err: error }, 'the job queue stumbled'))
  const stopping = new AbortController()
  await boss.start()
  const queue: Queue = {
    async send(name, data, key) {
      await boss.send(name, data, key === undefined ? {} : { singletonKey: key })
    },
    async stop() {
      stopping.abort()
      await boss.stop({ graceful: true, wait: true, timeout: 10_000 })
    },
  }
  for (const job of jobs) {
    await boss.createQueue(job.name, {
      name: job.name,
      policy: 'stately',
      retryLimit: 3,
      retryBackoff: true,
      expireInSeconds: job.expireInSeconds ?? 900,
    })
    await boss.work(job.name, { pollingIntervalSeconds: 1, batchSize: 1 }, async (batch) => {
      for (const { data } of batch) {
        try {
          await job.handle(ctx, data, stopping.signal, queue)
        } catch (error) {
          ctx.log.error({ err: error, job: job.name, data }, 'a job failed')
          throw error
        }
      }
    })
    if (job.schedule) await boss.schedule(job.name, job.schedule)
  }
  return queue
}
