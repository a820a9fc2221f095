// Jobs: work that takes time, kept in PostgreSQL (pg-boss) beside our tables, done by any number of processes.
import PgBoss from 'pg-boss'
import type { Context } from '../context.ts'
import { openGate } from '../db/gate.ts'

/** A kind of work. The handler may run twice for the same job (a process died), so it must not mind. */
export interface Job {
  name: string
  /** Cron expression (UTC) when it also runs by itself. */
  schedule?: string
  /** After so many seconds the process that had it is taken for dead, and the job runs again (900). */
  expireInSeconds?: number
  handle(ctx: Context, data: unknown, signal: AbortSignal): Promise<void>
}

export interface Queue {
  stop(): Promise<void>
}

const makingLock = 7_261_008

/** Starts to do these jobs, one of each kind at a time in this process. */
export async function startQueue(ctx: Context, jobs: Job[]): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => ctx.db.pool.query(text, values) },
    schema: `${ctx.config.databaseSchema}_jobs`,
  })
  boss.on('error', (error) => ctx.log.warn({ err: error }, 'the job queue stumbled'))
  const stopping = new AbortController()
  const queue: Queue = {
    async stop() {
      stopping.abort()
      await boss.stop({ graceful: true, wait: true, timeout: 10_000 })
    },
  }
  try {
    // Processes that start together would make the same tables at once, and stand in each other's way.
    await ctx.db.transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))', [
        makingLock,
      ])
      await boss.start()
      for (const job of jobs) await make(boss, job)
    })
    for (const job of jobs) await begin(ctx, boss, job, stopping.signal)
    return queue
  } catch (error) {
    // What has begun would keep the process from ending.
    await queue.stop().catch(() => undefined)
    throw error
  }
}

async function make(boss: PgBoss, { name, expireInSeconds = 900 }: Job): Promise<void> {
  // Of those that wait one is enough. That one at a time is done is left to a lock: what a dead process has begun would
  // stand in the way of the next one until it expires.
  const options = {
    name,
    policy: 'short' as const,
    retryLimit: 3,
    retryBackoff: true,
    expireInSeconds,
  }
  await boss.createQueue(name, options)
  await boss.updateQueue(name, options)
}

async function begin(ctx: Context, boss: PgBoss, job: Job, stopping: AbortSignal): Promise<void> {
  const { name } = job
  await boss.work(name, { pollingIntervalSeconds: 1, batchSize: 1 }, async (batch) => {
    for (const { data } of batch) {
      try {
        await alone(ctx, `job ${name}`, () => job.handle(ctx, data, stopping))
      } catch (error) {
        ctx.log.error({ err: error, job: name, data }, 'a job failed')
        throw error
      }
    }
  })
  if (job.schedule) await boss.schedule(name, job.schedule)
}

/** Does the work unless another process is at it. */
async function alone(ctx: Context, name: string, work: () => Promise<void>): Promise<void> {
  const gate = await openGate(ctx.db)
  try {
    if (await gate.take(name)) await work()
  } finally {
    await gate.leave()
  }
}
