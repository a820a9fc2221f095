import assert from 'node:assert/strict'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { campa, isAlive, passableFolder, postgresOf, type Command, type Ended } from '../command.ts'
import { freePort } from '../house.ts'

// One data folder with its embedded PostgreSQL, whose life the tests follow in their order.
describe('a brick and its commands', function () {
  this.timeout(120_000)
  let folder = ''
  let data = ''
  let port = 0
  let brick: Command | undefined
  let page = ''

  const run = (...args: string[]): Command =>
    campa(folder, args, {
      CAMPA_DATA_DIR: data,
      CAMPA_PORT: String(port),
      CAMPA_LOG_LEVEL: 'warn',
    })
  const start = async (): Promise<Command> => {
    const command = run('start')
    await command.said(/is at http/)
    return command
  }
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content)
    return name
  }
  const look = async (address: string): Promise<string> => {
    const answer = await fetch(address, { headers: { 'Accept-Language': 'en' } })
    assert.equal(answer.status, 200, address)
    return answer.text()
  }
  const search = (q: string): Promise<string> => look(`http://127.0.0.1:${port}/search?q=${q}`)
  /** Waits for a record to be found and gives its page's address. */
  const found = async (q: string): Promise<string> => {
    for (let tries = 0; tries < 100; tries++) {
      const text = await search(q)
      const record = /href="([^"]*\/records\/[^"]+)"/.exec(text)?.[1]
      // Where nothing is found other objects are shown.
      if (record && !text.includes('class="nothing"'))
        return new URL(record, `http://127.0.0.1:${port}/`).href
      await sleep(100)
    }
    throw new Error(`${q} was not found`)
  }

  before(async () => {
    folder = passableFolder('cli')
    data = join(folder, 'data')
    port = await freePort()
    file('windows.csv', 'id,title\n1,The rainbow window\n2,The blue window\n')
  })
  after(async () => {
    brick?.kill('SIGKILL')
    await brick?.ended
    const server = postgresOf(data)
    if (server) process.kill(server, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  it('begins again where its first start was killed', async () => {
    const first = run('source', 'list')
    for (let waited = 0; waited < 30_000; waited += 10) {
      const made = readdirSync(folder).includes('data') ? readdirSync(data) : []
      if (made.some((name) => /^postgres(\.new-\d+)?$/.test(name))) break
      await sleep(10)
    }
    await sleep(150)
    first.kill('SIGKILL')
    await first.ended
    const second = await run('source', 'list').ended
    assert.deepEqual([second.code, second.err], [0, ''])
    assert.match(second.out, /There is no source yet/)
    assert.equal(postgresOf(data), undefined)
    assert.deepEqual(
      readdirSync(data).filter((name) => name.startsWith('postgres.new')),
      [],
    )
  })

  it('says what to do when it is empty', async () => {
    brick = await start()
    const home = await look(`http://127.0.0.1:${port}/`)
    assert.match(home, /campa\.js import/)
    assert.match(home, /campa\.js source add/)
  })

  it('imports while it runs', async () => {
    const ended = await run('import', 'windows.csv', '--collection', 'windows').ended
    assert.deepEqual([ended.code, ended.err], [0, ''])
    assert.match(ended.out, /2 rows .* 2 added, 0 changed, 0 unchanged, 0 refused/)
    page = await found('rainbow')
    assert.match(await look(page), /<h1[^>]*>The rainbow window<\/h1>/)
  })

  it('answers each faulty file with one clear message and 1, and loses nothing', async () => {
    file('malformed.csv', 'id,title\n10,"A quotation mark that nobody closes\n11,Another\n')
    file(
      'mixed.csv',
      Buffer.concat([
        Buffer.from('id,title\n20,Fenêtre à l’été\n'),
        Buffer.from('21,Fen\xeatre cass\xe9e\n', 'latin1'),
        Buffer.from('22,Été\n'),
      ]),
    )
    file('picture.csv', 'id,title,image\n30,A picture,words.jpg\n')
    file('words.jpg', 'These are words.')
    file('empty.csv', '')
    const into = ['--collection', 'faulty']
    const [malformed, mixed, picture, empty, column, absent] = await Promise.all(
      [
        ['import', 'malformed.csv', ...into],
        ['import', 'mixed.csv', ...into],
        ['import', 'picture.csv', ...into, '--images', '.'],
        ['import', 'empty.csv', ...into],
        ['import', 'windows.csv', ...into, '--map', 'Titre=title'],
        ['import', 'absent.csv', ...into],
      ].map((args) => run(...args).ended),
    )
    const clear = (ended: Ended | undefined, pattern: RegExp): void => {
      assert.ok(ended)
      assert.match(ended.err, pattern)
      assert.doesNotMatch(ended.err, /\n\s+at /, 'a stack is no clear message')
      assert.equal(ended.code, 1, ended.err)
    }
    clear(malformed, /line 2.*quotation mark/i)
    clear(mixed, /line 3.*(UTF-8|encoding)/i)
    clear(picture, /line 2, image: .*words\.jpg/)
    clear(empty, /empty/)
    clear(column, /Titre/)
    clear(absent, /absent\.csv/)
    assert.equal((await look(page)).includes('The rainbow window'), true)
    assert.match(await look(await found('Été')), /Été/)
  })

  it('is killed, and serves the same record after the next start', async () => {
    brick?.kill('SIGKILL')
    await brick?.ended
    assert.ok(postgresOf(data), 'PostgreSQL outlives the brick')
    brick = await start()
    assert.match(await look(page), /The rainbow window/)
  })

  it('is killed together with its PostgreSQL, and serves the same record after the next start', async () => {
    const server = postgresOf(data)
    assert.ok(server)
    process.kill(server, 'SIGKILL')
    brick?.kill('SIGKILL')
    await brick?.ended
    brick = await start()
    assert.notEqual(postgresOf(data), server)
    assert.match(await look(page), /The rainbow window/)
    await found('rainbow')
  })

  it('goes on by itself when its PostgreSQL is killed under it', async () => {
    const server = postgresOf(data)
    assert.ok(server)
    process.kill(server, 'SIGKILL')
    const ready = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/readyz`)).status
    for (let tries = 0; (await ready()) !== 200 || postgresOf(data) === server; tries++) {
      assert.ok(tries < 100, 'it is not ready again')
      await sleep(100)
    }
    // The last connections of the server that was killed may still be among those that are tried.
    for (let tries = 0; (await fetch(page)).status !== 200; tries++) {
      assert.ok(tries < 100, 'its pages are not there again')
      await sleep(100)
    }
    assert.match(await look(page), /The rainbow window/)
    file('later.csv', 'id,title\n3,The green shutter\n')
    const ended = await run('import', 'later.csv', '--collection', 'windows').ended
    assert.deepEqual([ended.code, ended.err], [0, ''])
    assert.match(await look(await found('shutter')), /The green shutter/)
  })

  it('stops at SIGTERM with 0, and its PostgreSQL too', async () => {
    const server = postgresOf(data)
    assert.ok(brick && server)
    const began = Date.now()
    brick.kill('SIGTERM')
    const { code, err } = await brick.ended
    assert.equal(code, 0, err)
    assert.ok(Date.now() - began < 15_000)
    assert.equal(isAlive(server), false)
  })

  it('imports while it is stopped, two commands at a time, and leaves no process behind', async () => {
    const [again, other] = await Promise.all([
      run('import', 'windows.csv', '--collection', 'windows').ended,
      run('import', 'windows.csv', '--collection', 'others').ended,
    ])
    assert.deepEqual([again.code, again.err, other.code, other.err], [0, '', 0, ''])
    assert.match(again.out, /0 added, 0 changed, 2 unchanged/)
    assert.match(other.out, /2 added/)
    assert.equal(postgresOf(data), undefined)
  })

  it('stops an import that is told to, keeps what was read, and goes on', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) =>
      JSON.stringify({ id: `n${index}`, title: `Number ${index}` }),
    )
    file('many.ndjson', `${rows.join('\n')}\n`)
    const command = run('import', 'many.ndjson', '--collection', 'many')
    await command.said(/profile/)
    await sleep(300)
    command.kill('SIGTERM')
    const { code, err } = await command.ended
    assert.equal(code, 1)
    assert.match(err, /^Stopped after \d+ rows/m)
    assert.equal(postgresOf(data), undefined)
  })
})
