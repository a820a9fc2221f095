import assert from 'node:assert/strict'
import PgBoss from 'pg-boss'
import { openBrick, type Brick } from '../../server/brick.ts'
import { startQueue, type Job, type Queue } from '../../server/queue/queue.ts'
import { quiet, tools } from '../house.ts'

describe('a job', function () {
  this.timeout(30_000)
  let first: Brick
  let second: Brick
  const queues: Queue[] = []

  before(async () => {
    first = await tools()
    second = await openBrick(first.ctx.config, quiet)
  })
  after(async () => {
    for (const queue of queues) await queue.stop()
    await second.close()
    await first.close()
  })

  it('can be taken up by many processes that start at the same moment', async () => {
    const bricks = await Promise.all(
      Array.from({ length: 5 }, () => openBrick(first.ctx.config, quiet)),
    )
    const jobs = Array.from({ length: 6 }, (_, index): Job => ({
      name: `job-${index}`,
      schedule: '* * * * *',
      handle: () => Promise.resolve(),
    }))
    const started = await Promise.all(bricks.map(({ ctx }) => startQueue(ctx, jobs)))
    for (const queue of started) await queue.stop()
    for (const each of bricks) await each.close()
  })

  /** As the schedule does it every minute. */
  const send = async (name: string): Promise<void> => {
    const { pool } = first.ctx.db
    const boss = new PgBoss({
      db: { executeSql: (text, values) => pool.query(text, values) },
      schema: `${first.ctx.config.databaseSchema}_jobs`,
    })
    await boss.send(name, {})
  }

  it('is done by one process at a time, and by another when that one dies', async () => {
    const begun: string[] = []
    const waiting: (() => void)[] = []
    let arrived = (): void => undefined
    const next = (): Promise<void> => new Promise((done) => (arrived = done))
    const job = (who: string): Job => ({
      name: 'long',
      async handle() {
        begun.push(who)
        arrived()
        await new Promise<void>((done) => waiting.push(done))
      },
    })
    queues.push(await startQueue(first.ctx, [job('first')]))
    let arrival = next()
    await send('long')
    await arrival
    queues.push(await startQueue(second.ctx, [job('second')]))
    await send('long')
    const done = async (): Promise<unknown> =>
      (
        await second.ctx.db.query(
          `SELECT FROM ${first.ctx.config.databaseSchema}_jobs.job WHERE name = 'long' AND state = 'completed'`,
        )
      )[0]
    while (!(await done())) await new Promise((more) => setTimeout(more, 50))
    assert.deepEqual(begun, ['first'], 'the second one is let go, for the first is at it')
    // All that is left of a dead process is that its connections are gone.
    arrival = next()
    await second.ctx.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND objid = (hashtext('job long')::bigint & 4294967295)::oid`,
    )
    await send('long')
    await arrival
    assert.equal(begun.length, 2)
    for (const release of waiting) release()
  })
})
