import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { guardedConnector, isPublicAddress } from '../../harvester/addresses.ts'
import { openClient } from '../../harvester/client.ts'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { harvest, type HarvestPage } from '../../harvester/harvest.ts'
import { identify } from '../../harvester/identify.ts'
import { freePort, needed, sharedFolder } from '../house.ts'
import { testSource, type TestSource } from './source.ts'

const quick = { userAgent: 'CaMPA tests', retryMs: 5, attempts: 2 }

async function diagnosisOf(url: string): Promise<string> {
  const client = openClient(url, quick)
  try {
    await identify(client)
    return 'none'
  } catch (error) {
    assert.ok(error instanceof Diagnosis, String(error))
    return error.code
  } finally {
    await client.close()
  }
}

describe('addresses', () => {
  it('of the public internet are told from all others', () => {
    const open = ['93.184.216.34', '2606:4700::1111', '64:ff9b::5db8:d822', '::ffff:93.184.216.34']
    const shut = [
      '127.0.0.1',
      '127.8.8.8',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '192.0.2.1',
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'fd12:3456::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      'localhost',
      '',
    ]
    assert.deepEqual(
      open.filter((each) => !isPublicAddress(each)),
      [],
    )
    assert.deepEqual(shut.filter(isPublicAddress), [])
  })

  describe('that a source leads to', () => {
    let source: TestSource
    let canary: Server
    let canaryPort = 0
    let visits = 0

    before(async () => {
      canary = createServer((_, response) => {
        visits++
        response.end('inside')
      })
      await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done))
      const address = canary.address()
      canaryPort = typeof address === 'object' && address ? address.port : 0
    })
    after(() => canary.close())
    beforeEach(async () => {
      source = await testSource()
      visits = 0
    })
    afterEach(() => source.close())

    const redirectTo = (location: string): void => {
      source.misbehave.answer = (query, response) => {
        if (query.has('followed')) return false
        response.writeHead(302, { location }).end()
        return true
      }
    }

    it('are refused inside the network of the operator, however they are written', async () => {
      const hosts = [
        '127.0.0.1',
        'localhost',
        '2130706433',
        '0x7f.1',
        '0177.0.0.1',
        '[::ffff:127.0.0.1]',
      ]
      for (const host of hosts) {
        redirectTo(`http://${host}:${canaryPort}/oai`)
        assert.equal(await diagnosisOf(source.url), 'address-refused', host)
      }
      for (const location of [
        'http://169.254.169.254/latest/meta-data/',
        'http://[::1]:1/',
        'http://0.0.0.0/',
      ]) {
        redirectTo(location)
        assert.equal(await diagnosisOf(source.url), 'address-refused', location)
      }
      assert.equal(visits, 0)
    })

    it('are refused where they are not on the web at all', async () => {
      for (const location of ['file:///etc/passwd', 'ftp://example.org/', 'javascript:1']) {
        redirectTo(location)
        assert.equal(await diagnosisOf(source.url), 'address-refused', location)
      }
      redirectTo('http://[')
      assert.equal(await diagnosisOf(source.url), 'address-wrong')
    })

    it('are followed on the host and port that the operator typed, five times at most', async () => {
      redirectTo(`${source.url}?verb=Identify&followed=1`)
      assert.equal(await diagnosisOf(source.url), 'none')
      source.requests.length = 0
      redirectTo(`${source.url}?verb=Identify`)
      assert.equal(await diagnosisOf(source.url), 'too-many-redirects')
      assert.equal(source.requests.length, 6)
    })

    it('are checked at the moment of the connection, so a name that turns inwards is refused', async () => {
      const answers = [
        [{ address: '93.184.216.34', family: 4 }],
        [{ address: '127.0.0.1', family: 4 }],
      ]
      const asked: string[] = []
      const connect = guardedConnector(
        new URL('http://typed.example/'),
        200,
        (hostname, _, done) => {
          asked.push(hostname)
          done(null, [...(answers[1] ?? []), ...(answers[0] ?? [])])
        },
      )
      const error = await new Promise((done) => {
        const options = {
          hostname: 'rebinding.example',
          port: String(canaryPort),
          protocol: 'http:',
        }
        connect(options, (...[failure]) => done(failure))
      })
      assert.ok(error instanceof Diagnosis)
      assert.equal(error.code, 'address-refused')
      assert.deepEqual(asked, ['rebinding.example'])
      assert.equal(visits, 0)
    })
  })

  it('that drip for ever are given up', async () => {
    const source = await testSource()
    source.misbehave.answer = (_, response) => {
      const timer = setInterval(() => response.write('<'), 20)
      response.on('close', () => clearInterval(timer))
      return true
    }
    const client = openClient(source.url, { ...quick, attempts: 1, limits: { totalMs: 300 } })
    const started = Date.now()
    await assert.rejects(identify(client), (error) => {
      return error instanceof Diagnosis && error.code === 'timeout'
    })
    assert.ok(Date.now() - started < 5000)
    await client.close()
    await source.close()
  })

  it('that nobody answers at are called unreachable', async () => {
    assert.equal(await diagnosisOf(`http://127.0.0.1:${await freePort()}/oai`), 'unreachable')
    assert.throws(() => openClient('ftp://example.org', quick), Diagnosis)
  })
})

describe('the hostile source of the house', () => {
  let server: ChildProcess | undefined
  let port = 0

  before(async function () {
    const script = needed(sharedFolder('hostile', 'evil-oai.mjs'), 'shared/hostile', this)
    // It also takes the port after its own, which may be somebody else's: then it goes down, and another pair is tried.
    for (let tries = 0; tries < 10; tries++) {
      port = await freePort()
      server = spawn(process.execPath, [script, String(port)])
      const ended = new Promise((end) => server?.once('exit', () => end('ended')))
      await Promise.race([ended, new Promise((ready) => server?.stdout?.once('data', ready))])
      const soon = new Promise((pass) => setTimeout(() => pass('up'), 300))
      if ((await Promise.race([ended, soon])) === 'up') return
    }
    throw new Error('the hostile source found no two ports')
  })
  after(() => {
    server?.kill()
  })

  const expected: [name: string, outcome: string, records: number][] = [
    ['good', 'complete', 60],
    ['stall-midway', 'timeout', 20],
    ['same-token', 'token-repeats', 1],
    ['billion-laughs', 'doctype-refused', 0],
    ['gzip-bomb', 'too-large', 0],
    ['redirect-inside', 'address-refused', 0],
    ['html-200', 'html-instead-of-oai', 0],
    // What came of the page before it was cut.
    ['cut-off', 'connection-cut', 9],
    ['busy-then-fine', 'complete', 60],
    ['latin1-lie', 'complete', 1],
    ['overlapping-pages', 'complete', 60],
  ]
  for (const [name, outcome, count] of expected) {
    it(`${name}: ${outcome}`, async function () {
      this.timeout(30_000)
      const client = openClient(`http://127.0.0.1:${port}/${name}/oai`, {
        userAgent: 'CaMPA tests',
        retryMs: 10,
        attempts: 3,
        limits: { bodyMs: 300, headersMs: 1000 },
      })
      const before = process.memoryUsage().rss
      const pages: HarvestPage[] = []
      let ended = 'complete'
      try {
        await identify(client)
        for await (const page of harvest(client, { metadataPrefix: 'oai_dc' })) pages.push(page)
      } catch (error) {
        assert.ok(error instanceof Diagnosis, String(error))
        ended = error.code
      } finally {
        await client.close()
      }
      assert.equal(ended, outcome)
      const identifiers = pages.flatMap((page) => page.records.map((each) => each.identifier))
      assert.equal(new Set(identifiers).size, count)
      const grown = (process.memoryUsage().rss - before) / 2 ** 20
      assert.ok(grown < 150, `memory grew by ${Math.round(grown)} MiB`)
    })
  }

  it('has seen no request where none may go', async () => {
    const log = (await (await fetch(`http://127.0.0.1:${port}/_log`)).json()) as {
      canary: string[]
    }
    assert.deepEqual(log.canary, [])
  })
})
