import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { save } from '../../server/records/records.ts'
import { brick, collection, draft } from '../house.ts'
import { brickApart, type Apart } from './apart.ts'
import { described } from './archive.ts'

// Many who ask at once, and some who do not read what they asked for: neither may take the brick from the others.
interface Got {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** @param from the address of the asker: each is another client */
function get(server: Pick<Apart, 'config'>, path: string, from = '127.0.0.1'): Promise<Got> {
  return new Promise((done, failed) => {
    const asked = request(
      { host: '127.0.0.1', port: server.config.port, path, localAddress: from },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('error', failed)
        response.on('end', () => {
          done({ status: response.statusCode ?? 0, headers: response.headers, text })
        })
      },
    )
    asked.setTimeout(20_000, () => asked.destroy(new Error(`no answer to ${path} in 20 seconds`)))
    asked.on('error', failed)
    asked.end()
  })
}

const list = '/oai?verb=ListRecords&metadataPrefix=oai_dc&set=drawings'
/** One page of some 10 MB: more than the system keeps in its buffers for a connection. */
const fat = '/oai?verb=ListRecords&metadataPrefix=oai_dc&set=fat'
const tokenIn = (text: string): string | undefined =>
  /<resumptionToken[^>]*>([^<]+)/.exec(text)?.[1]

const busy = ({ status, headers, text }: Got): void => {
  assert.ok(status === 503 || status === 429, `status ${status}`)
  assert.match(String(headers['retry-after']), /^\d+$/)
  assert.match(String(headers['content-type']), /^text\/(xml|plain)/)
  assert.ok(text.length < 2000, 'a refusal is short')
}

/** Never done, but thrown what this throws. */
const failing = async (work: Promise<unknown>): Promise<never> => {
  await work
  return new Promise(() => undefined)
}

describe('the OAI-PMH door under pressure', function () {
  this.timeout(60_000)
  let server: Apart
  const others = [
    ['the home page', '/'],
    ['the sign of life', '/healthz'],
    ['Identify', '/oai?verb=Identify'],
    ['a list', '/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=drawings:april'],
  ]

  before(async () => {
    server = await brickApart(
      { databasePoolSize: 5, oaiPageSize: 500, oaiConcurrency: 24 },
      async (ctx) => {
        const drawings = await collection(ctx, 'drawings')
        const april = await collection(ctx, 'april', drawings)
        const inputs = Array.from({ length: 1500 }, (_, index) =>
          described(index % 100 ? drawings : april, String(index)),
        )
        await save(ctx, inputs)
        const thick = await collection(ctx, 'fat')
        const story = [{ value: 'Un arc-en-ciel à la fenêtre. '.repeat(700), language: 'fr' }]
        await save(
          ctx,
          Array.from({ length: 500 }, (_, index) =>
            draft(thick, String(index), { dc: { title: [{ value: 'Fat' }], description: story } }),
          ),
        )
      },
    )
    for (const path of [list, fat]) assert.equal((await get(server, path)).status, 200)
  })
  after(() => server.close())

  it('answers everybody else while one client walks through 64 lists at once', async () => {
    let walking = true
    let pages = 0
    const walker = async (): Promise<void> => {
      for (let path = list; walking;) {
        const got = await get(server, path)
        if (got.status !== 200) {
          busy(got)
          await sleep(100)
          continue
        }
        pages++
        const token = tokenIn(got.text)
        path = token ? `/oai?verb=ListRecords&resumptionToken=${token}` : list
      }
    }
    const walkers = Promise.all(Array.from({ length: 64 }, walker))
    try {
      const answers = Promise.all(others.map(([, path = '']) => get(server, path, '127.0.0.2')))
      for (const [index, got] of (await Promise.race([answers, failing(walkers)])).entries())
        assert.equal(got.status, 200, others[index]?.[0])
    } finally {
      walking = false
    }
    await walkers
    assert.ok(pages > 0, 'the walkers get on')
    assert.ok(server.alive(), 'the brick lives')
  })

  const sloths = async (
    count: number,
    work: (sockets: Socket[]) => Promise<void>,
  ): Promise<void> => {
    const sockets = await Promise.all(Array.from({ length: count }, () => sloth(server)))
    try {
      await work(sockets)
    } finally {
      for (const each of sockets) each.destroy()
    }
  }

  it('keeps no connection to the database for those who do not read', async () => {
    await sloths(20, async () => {
      // As many as there are connections, at once: each needs one.
      const asked = await Promise.all(
        Array.from({ length: server.config.databasePoolSize }, () =>
          get(
            server,
            '/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=drawings:april',
            '127.0.0.2',
          ),
        ),
      )
      assert.deepEqual(
        asked.map((each) => each.status),
        asked.map(() => 200),
      )
      // What is being done besides (a visit noted, a job looked for) is over in a moment.
      for (let tries = 0; ; tries++) {
        const { active = 0, ...rest } = await server.connections()
        if (active === 0 && rest['idle in transaction'] === undefined) break
        assert.ok(tries < 100, `${active} statements are still running, ${JSON.stringify(rest)}`)
        await sleep(50)
      }
    })
  })

  it('lets go of those who hang up', async () => {
    const before = await server.memory()
    for (let round = 0; round < 2; round++) await sloths(20, () => Promise.resolve())
    assert.equal((await get(server, '/healthz')).status, 200)
    const { held } = await server.memory()
    assert.ok(held - before.held < 30e6, `${before.held} bytes held before, then ${held}`)
  })

  it('keeps little in memory for those who do not read', async () => {
    // The memory that goes round among lists is there from the first of them.
    for (let round = 0; round < 2; round++)
      await sloths(20, () => server.memory().then(() => undefined))
    const before = await server.memory()
    await sloths(20, async () => {
      const { held } = await server.memory()
      assert.ok(held - before.held < 20 * 500_000, `${held - before.held} bytes for 20 readers`)
    })
  })

  it('sends away, with a time to come back, one client who has too much under way', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => get(server, list)))
    const refused = answers.filter((each) => each.status !== 200)
    assert.ok(refused.length, 'some are sent away')
    for (const each of refused) busy(each)
    assert.ok(answers.length - refused.length >= server.config.oaiConcurrency, 'not all of them')
  })

  it('sends away one client who asks too often, and nobody else', async () => {
    const strict = await brick({ oaiRequestsPerMinute: 20 })
    await save(strict.ctx, [described(await collection(strict.ctx, 'drawings'), '1')])
    try {
      const answers: Got[] = []
      for (let index = 0; index < 60; index++)
        answers.push(await get(strict.ctx, '/oai?verb=Identify'))
      const refused = answers.filter((each) => each.status !== 200)
      assert.ok(refused.length >= 20, `${refused.length} of 60 are sent away`)
      for (const each of refused) busy(each)
      assert.equal((await get(strict.ctx, '/oai?verb=Identify', '127.0.0.2')).status, 200)
      assert.equal((await get(strict.ctx, '/healthz')).status, 200)
    } finally {
      await strict.close()
    }
  })
})

/** Somebody who asks for a page and, once it begins to come, reads no further. */
function sloth(server: Apart): Promise<Socket> {
  return new Promise((done, failed) => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.config.port,
      localAddress: '127.0.0.3',
    })
    socket.once('error', failed)
    socket.once('readable', () => {
      socket.off('error', failed)
      socket.on('error', () => undefined)
      socket.read(1)
      done(socket)
    })
    socket.write(`GET ${fat} HTTP/1.1\r\nHost: x\r\n\r\n`)
  })
}
