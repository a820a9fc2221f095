import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { randomFrom } from '../../demo/random.ts'
import { faultOf } from '../../harvester/well-formed.ts'
import { save, withdraw } from '../../server/records/records.ts'
import { collection, sharedFolder } from '../house.ts'
import { brickApart, type Apart } from './apart.ts'
import { described } from './archive.ts'
import { ask } from './door.ts'
import { complaintsAbout } from './valid.ts'
import { inventor, type Invented, type Materials } from './inventions.ts'

// Whatever is sent, the brick answers as it should, stays up and does not grow. SEED=… repeats a run, REQUESTS=100000
// makes a longer one.
const requests = Number(process.env['REQUESTS'] ?? 1200)
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6))
const abreast = 8
const checkedWithSchema = 5

describe('the OAI-PMH door under any request', function () {
  this.timeout(requests * 100 + 60_000)
  const schemas = sharedFolder('schemas')
  let server: Apart
  let materials: Materials

  before(async () => {
    server = await brickApart(
      { oaiPageSize: 10, oaiRequestsPerMinute: 10_000_000, oaiConcurrency: 1000 },
      async (ctx) => {
        const drawings = await collection(ctx, 'drawings')
        const april = await collection(ctx, 'april', drawings)
        const inputs = Array.from({ length: 520 }, (_, index) =>
          described(index < 500 ? drawings : april, String(index)),
        )
        const saved = await save(ctx, inputs)
        await withdraw(ctx, [saved[510]?.identifier ?? ''])
      },
    )
    materials = await gather(server.url)
  })
  after(() => server.close())

  it(`gives well-formed and valid answers or refuses, stays up and does not grow (SEED=${seed}, ${requests} requests)`, async () => {
    const random = randomFrom(seed)
    const invent = inventor(random, materials)
    const tally = new Map<string, number>()
    let sent = 0
    const worker = async (upTo: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      while (sent < upTo) {
        const number = ++sent
        const invented = invent()
        const answer = await send(agent, server, invented)
        assert.ok(server.alive(), `the process died of ${told(invented)}`)
        const kind = answer ? `${answer.status} ${answer.type}` : 'cut'
        tally.set(kind, (tally.get(kind) ?? 0) + 1)
        if (!answer) continue
        try {
          judge(invented, answer, number % checkedWithSchema ? undefined : schemas)
        } catch (error) {
          throw new Error(`after ${told(invented)}`, { cause: error })
        }
      }
      agent.destroy()
    }
    const rush = (upTo: number): Promise<unknown> =>
      Promise.all(Array.from({ length: abreast }, () => worker(upTo)))
    await rush(Math.ceil(requests / 4))
    const [memory, connections] = [await server.memory(), await server.connections()]
    await rush(requests)
    const [later, laterConnections] = [await server.memory(), await server.connections()]
    if (process.env['TEST_LOG'])
      console.log({ tally, memory, later, connections, laterConnections })

    assert.ok((tally.get('200 text/xml') ?? 0) > requests / 4, 'many requests reach the provider')
    assert.ok(later.held - memory.held < 24e6, `${memory.held} bytes held, then ${later.held}`)
    assert.ok(later.rss - memory.rss < 160e6, `${memory.rss} bytes resident, then ${later.rss}`)
    const most = server.config.databasePoolSize + 8
    const count = (of: Record<string, number>): number =>
      Object.values(of).reduce((sum, each) => sum + each, 0)
    assert.ok(count(laterConnections) <= most, JSON.stringify(laterConnections))
    assert.equal(laterConnections['idle in transaction'], undefined)
    assert.ok((await ask(server.url, 'verb=Identify')).body, 'it still answers')
  })
})

/** Real identifiers, tokens and the like, for requests that come close to good ones. */
async function gather(url: string): Promise<Materials> {
  const tokens = new Map<string, string>()
  const identifiers: string[] = []
  const formats = (await ask(url, 'verb=ListMetadataFormats')).text
  const prefixes = [...formats.matchAll(/<metadataPrefix>([^<]+)/g)].map((match) => match[1] ?? '')
  for (const verb of ['ListRecords', 'ListIdentifiers']) {
    for (const metadataPrefix of prefixes) {
      const { token, records } = await ask(url, { verb, metadataPrefix, until: '2999-01-01' })
      if (token?.value) tokens.set(token.value, metadataPrefix)
      identifiers.push(...records.slice(0, 5).map((each) => each.identifier))
    }
  }
  assert.ok(tokens.size, 'there are tokens to play with')
  return { tokens, identifiers, prefixes, sets: ['drawings', 'drawings:april'] }
}

interface Answer {
  status: number
  type: string
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

const told = ({ method, path, headers, body, raw }: Invented): string =>
  JSON.stringify({
    method,
    path,
    headers,
    body: body?.toString('latin1').slice(0, 500),
    raw,
  }).slice(0, 3000)

function judge(invented: Invented, answer: Answer, schemas: string | undefined): void {
  const { status, headers, type } = answer
  assert.ok(status < 500 || status === 503 || isStrange(invented, status), `status ${status}`)
  if (status === 503) assert.match(String(headers['retry-after']), /^\d+$/)
  if (status !== 200 || type !== 'text/xml' || invented.method === 'HEAD') return
  const text = plain(invented, answer)
  assert.equal(faultOf(text), undefined)
  if (!schemas) return
  const xml = text.toString('utf8')
  const payload = /<request[^>]* metadataPrefix="(\w+)"/.exec(xml)?.[1] ?? invented.format
  assert.deepEqual(
    complaintsAbout(schemas, xml.includes('<metadata>') ? payload : 'oai_dc', xml),
    [],
  )
}

// A method that no server knows is told so by 501 (RFC 9110, 9.1), a version of HTTP by 505.
const isStrange = ({ method, raw }: Invented, status: number): boolean =>
  (status === 501 && !['GET', 'HEAD', 'POST'].includes(method)) || (status === 505 && Boolean(raw))

function plain({ headers }: Invented, answer: Answer): Buffer {
  const encoding = String(answer.headers['content-encoding'] ?? 'identity')
  if (encoding === 'identity') return answer.body
  const wanted = String(headers['accept-encoding'] ?? '').toLowerCase()
  assert.ok(wanted.includes(encoding) || wanted.includes('*'), `${encoding} was not asked for`)
  if (encoding === 'gzip') return gunzipSync(answer.body)
  return encoding === 'br' ? brotliDecompressSync(answer.body) : inflateSync(answer.body)
}

/** The answer; undefined where the connection was cut, which only a spoilt request may be answered by. */
async function send(agent: Agent, server: Apart, invented: Invented): Promise<Answer | undefined> {
  const { port } = server.config
  if (invented.raw) return shout(port, invented.raw, invented.cut ?? false)
  for (;;) {
    const heard = await hear(agent, port, invented)
    // The server had hung up already, on what was sent before over the same connection.
    if (heard !== 'stale') return heard
  }
}

function hear(
  agent: Agent,
  port: number,
  invented: Invented,
): Promise<Answer | 'stale' | undefined> {
  const { method, path, headers, body } = invented
  return new Promise((done, failed) => {
    const asked = request({ agent, port, host: '127.0.0.1', method, path, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => done(undefined))
      response.on('end', () => {
        const { statusCode = 0, headers: got } = response
        const type = String(got['content-type'] ?? '').split(';')[0] ?? ''
        done({ status: statusCode, type, headers: got, body: Buffer.concat(chunks) })
      })
    })
    asked.setTimeout(30_000, () => asked.destroy(new Error('no answer in 30 seconds')))
    asked.on('error', (error: NodeJS.ErrnoException) => {
      const cut = ['ECONNRESET', 'EPIPE'].includes(error.code ?? '')
      // A server may hang up on a body that it does not want.
      if (cut && body) done(undefined)
      else if (cut && asked.reusedSocket) done('stale')
      else failed(new Error(`no answer to ${told(invented)}`, { cause: error }))
    })
    asked.end(body)
  })
}

/** Bytes as they are; what comes back is read until the server hangs up. */
function shout(port: number, bytes: Buffer, cut: boolean): Promise<Answer | undefined> {
  return new Promise((done, failed) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      if (cut) socket.write(bytes, () => setImmediate(() => socket.destroy()))
      else socket.end(bytes)
    })
    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer in 30 seconds')))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') done(undefined)
      else failed(error)
    })
    socket.on('close', () => {
      const head = Buffer.concat(chunks).toString('latin1').slice(0, 2000)
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
      const type = /content-type: ([\w/+-]+)/i.exec(head)?.[1] ?? ''
      // Chunked and joined answers are not taken apart here.
      const kind = status === 200 ? `raw ${type}` : type
      done(
        status
          ? { status, type: kind, headers: headersOf(head), body: Buffer.alloc(0) }
          : undefined,
      )
    })
  })
}

const headersOf = (head: string): Record<string, string> =>
  Object.fromEntries(
    [...head.matchAll(/^([\w-]+): (.*)\r$/gm)].map((match) => [
      (match[1] ?? '').toLowerCase(),
      match[2] ?? '',
    ]),
  )
