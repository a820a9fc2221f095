import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { campa, isAlive, passableFolder, postgresOf, type Command } from '../command.ts'
import { freePort } from '../house.ts'

describe('a brick of several processes', function () {
  this.timeout(120_000)
  let folder = ''
  let port = 0
  let brick: Command

  before(async () => {
    folder = passableFolder('processes')
    port = await freePort()
    brick = campa(folder, ['start'], {
      CAMPA_DATA_DIR: join(folder, 'data'),
      CAMPA_PORT: String(port),
      CAMPA_LOG_LEVEL: 'fatal',
      CAMPA_PROCESSES: '2',
    })
    await brick.said(/is at http/)
  })
  after(async () => {
    brick.kill('SIGKILL')
    await brick.ended
    const server = postgresOf(join(folder, 'data'))
    if (server) process.kill(server, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  const ask = async (path: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { connection: 'close' },
    })
    assert.equal(answer.status, 200, path)
    return answer.text()
  }
  /** What answers: it came from the brick's own process, and has a port open. */
  const answering = (): number[] =>
    readFileSync(`/proc/${brick.pid}/task/${brick.pid}/children`, 'utf8')
      .split(' ')
      .map(Number)
      .filter((pid) => pid > 0 && commandOf(pid).includes('campa.js'))

  const counted = async (): Promise<number> => {
    const lines = (await ask('/metrics')).split('\n')
    const line = lines.find((each) =>
      each.startsWith('campa_request_seconds_count{route="/healthz"'),
    )
    return Number(line?.split(' ').at(-1) ?? 0)
  }

  it('adds up what each of them says of itself', async () => {
    assert.equal(answering().length, 2)
    for (let times = 0; times < 40; times++) await ask('/healthz')
    assert.equal(await counted(), 40)
    const metrics = await ask('/metrics')
    assert.match(metrics, /^campa_info\{[^}]*\} 1$/m)
    assert.match(metrics, /^campa_line_number \d+$/m)
  })

  it('goes on answering when one is killed, and has two again', async () => {
    const [first = 0, second = 0] = answering()
    process.kill(first, 'SIGKILL')
    while (isAlive(first)) await sleep(20)
    for (let times = 0; times < 20; times++) await ask('/healthz')
    assert.ok(isAlive(second))
    assert.match(await ask('/metrics'), /^campa_info/m)
    while (answering().length < 2) await sleep(50)
    assert.ok(!answering().includes(first))
  })

  it('ends with one line where its port is taken', async () => {
    const second = campa(folder, ['start'], {
      CAMPA_DATA_DIR: join(folder, 'data'),
      CAMPA_PORT: String(port),
      CAMPA_LOG_LEVEL: 'fatal',
      CAMPA_PROCESSES: '2',
    })
    const { code, err } = await second.ended
    assert.equal(code, 1)
    assert.match(err, /Port \d+ of \S+ is taken/)
  })

  it('ends with all of them', async () => {
    const all = answering()
    brick.kill('SIGTERM')
    const { code, err } = await brick.ended
    assert.equal(code, 0, err)
    assert.deepEqual(all.filter(isAlive), [])
  })
})

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
