import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import pg from 'pg'
import { joinEmbedded, joinTemporary } from '../../server/db/embedded.ts'
import { isAlive, passableFolder, postgresOf } from '../command.ts'

describe('the embedded PostgreSQL', function () {
  this.timeout(60_000)
  let folder = ''
  before(() => (folder = passableFolder(`embedded-${randomBytes(4).toString('hex')}`)))
  after(() => {
    const left = postgresOf(folder)
    if (left) process.kill(left, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  const visit = async (): Promise<void> => {
    const server = await joinEmbedded(folder, ['fsync=off'])
    const client = new pg.Client({ connectionString: server.url('postgres') })
    client.on('error', () => undefined)
    await client.connect()
    try {
      await client.query('SELECT pg_sleep(0.02)')
    } finally {
      await client.end().catch(() => undefined)
      await server.leave()
    }
  }

  it('is made by one of several who come at once, and stopped by the last who leaves', async () => {
    await Promise.all([visit(), visit(), visit()])
    assert.equal(postgresOf(folder), undefined)
  })

  it('never turns away who comes while another leaves', async () => {
    const visits = async (): Promise<void> => {
      for (let times = 0; times < 8; times++) await visit()
    }
    await Promise.all([visits(), visits()])
    assert.equal(postgresOf(folder), undefined)
  })

  it('waits for a server that is stopping, and takes the next', async () => {
    const first = await joinEmbedded(folder, ['fsync=off'])
    const server = postgresOf(folder)
    assert.ok(server)
    // What leaving does: the lock is held while the server is told to stop. Here it is first in the queue for it.
    const [leaving, other] = [0, 1].map(() => {
      const client = new pg.Client({ connectionString: first.url('postgres') })
      client.on('error', () => undefined)
      return client
    })
    assert.ok(leaving && other)
    await Promise.all([leaving.connect(), other.connect()])
    const locked = leaving.query('SELECT pg_advisory_lock(7261001)')
    await new Promise((done) => setTimeout(done, 100))
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'campa-lease'`,
    )
    await locked
    const coming = visit()
    await new Promise((done) => setTimeout(done, 300))
    process.kill(server, 'SIGINT')
    await coming
    assert.equal(isAlive(server), false)
    await first.leave()
    assert.equal(postgresOf(folder), undefined)
  })

  it('is started again, at the same address, when it is killed under those who use it', async () => {
    const user = await joinEmbedded(folder, ['fsync=off'])
    const server = postgresOf(folder)
    assert.ok(server)
    const url = user.url('postgres')
    process.kill(server, 'SIGKILL')
    const until = Date.now() + 20_000
    for (;;) {
      const client = new pg.Client({ connectionString: url })
      client.on('error', () => undefined)
      const found = await client.connect().then(
        () => client.query('SELECT 1'),
        () => undefined,
      )
      await client.end().catch(() => undefined)
      if (found) break
      assert.ok(Date.now() < until, 'it was not started again')
      await new Promise((done) => setTimeout(done, 100))
    }
    assert.notEqual(postgresOf(folder), server)
    // The lock is held again, at once or a moment later: another visitor does not stop the server.
    for (;;) {
      const before = postgresOf(folder)
      await visit()
      if (before !== undefined && postgresOf(folder) === before) break
      assert.ok(Date.now() < until, 'a visitor stops the server of another')
    }
    await user.leave()
    assert.equal(postgresOf(folder), undefined)
  })
  it('is left alone by the next run while its own goes on, and ended when that was killed', async () => {
    const program = join(folder, 'run.ts')
    const embedded = resolve(import.meta.dirname, '../../server/db/embedded.ts')
    writeFileSync(
      program,
      `import { joinEmbedded } from ${JSON.stringify(embedded)}
       void joinEmbedded(${JSON.stringify(folder)}, ['fsync=off']).then(() => process.send?.('joined'))`,
    )
    const run = fork(program, { execArgv: ['--import', 'tsx'] })
    await once(run, 'message')
    const server = postgresOf(folder) ?? 0
    const visitTemporarily = async (): Promise<void> =>
      (await joinTemporary(basename(folder).replace(/-[^-]+$/, ''), ['fsync=off'])).leave()
    await visitTemporarily()
    assert.equal(isAlive(server), true)
    run.kill('SIGKILL')
    await once(run, 'exit')
    assert.equal(isAlive(server), true)
    await visitTemporarily()
    assert.equal(isAlive(server), false)
    assert.equal(existsSync(folder), false)
  })
})
