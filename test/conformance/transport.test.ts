import assert from 'node:assert/strict'
import { request } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { RunningBrick } from '../../server/brick.ts'
import { save } from '../../server/records/records.ts'
import { brick, collection } from '../house.ts'
import { described } from './archive.ts'
import { ask, codesOf, takeApart } from './door.ts'

// What OAI-PMH says about HTTP (2.0, section 3.1; implementation guidelines, "compression" and "flow control") and what
// HTTP says itself (RFC 9110).
interface Raw {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

const unpack: Record<string, (packed: Buffer) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  identity: (plain) => Promise.resolve(plain),
}

describe('the OAI-PMH door over HTTP', () => {
  let leaf: RunningBrick
  const list = '?verb=ListRecords&metadataPrefix=oai_dc'

  before(async () => {
    leaf = await brick({ oaiPageSize: 50 })
    const drawings = await collection(leaf.ctx, 'drawings')
    const inputs = Array.from({ length: 120 }, (_, index) => described(drawings, String(index)))
    await save(leaf.ctx, inputs)
  })
  after(() => leaf.close())

  /** Nothing added to what is asked, nothing unpacked. */
  const raw = (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
    body?: string | Buffer,
  ): Promise<Raw> =>
    new Promise((done, failed) => {
      const sent = request(
        leaf.ctx.links.oai() + path,
        { method, headers, agent: false },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const { statusCode: status = 0, headers: got } = response
            done({ status, headers: got, body: Buffer.concat(chunks) })
          })
        },
      )
      sent.on('error', failed)
      sent.end(body)
    })
  const encodingOf = ({ headers }: Raw): string => String(headers['content-encoding'] ?? 'identity')
  const timeless = (xml: Buffer | string): string => String(xml).replace(/<responseDate>[^<]*/, '')
  const compressions = async (): Promise<string[]> =>
    [
      ...(await ask(leaf.ctx.links.oai(), 'verb=Identify')).text.matchAll(/<compression>([^<]+)/g),
    ].map((match) => match[1] ?? '')

  const accepted = [
    ['the HttpURLConnection of Java', 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2'],
    ['an older one', 'text/html, image/gif, image/jpeg, */*; q=.2'],
    ['oaipmh-scythe', 'text/xml; charset=utf-8, application/xml; charset=utf-8'],
    ['curl', '*/*'],
    ['somebody who takes anything but XML', 'application/json'],
  ]
  for (const [who, accept = ''] of accepted) {
    it(`answers in XML whatever kind is asked for: ${who}`, async () => {
      for (const path of ['?verb=Identify', list, '?verb=nonsense']) {
        const { status, headers, body } = await raw(path, { accept })
        assert.equal(status, 200)
        assert.match(String(headers['content-type']), /^text\/xml; charset=utf-8$/i)
        takeApart(body.toString())
      }
    })
  }
  it('answers in XML where nothing is said about the kind', async () => {
    assert.match(String((await raw(list)).headers['content-type']), /^text\/xml/)
  })

  it('sends no compressed answer to who did not ask for one', async () => {
    for (const headers of [{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': '' }]) {
      const answer = await raw(list, headers)
      assert.equal(encodingOf(answer), 'identity')
      takeApart(answer.body.toString())
    }
  })

  it('serves each compression that Identify speaks of', async () => {
    for (const encoding of await compressions()) {
      const answer = await raw(list, { 'accept-encoding': encoding })
      assert.equal(encodingOf(answer), encoding)
    }
  })

  it('answers HEAD as GET, without a body', async () => {
    const [head, get] = [await raw(list, {}, 'HEAD'), await raw(list)]
    assert.equal(head.status, 200)
    assert.equal(head.headers['content-type'], get.headers['content-type'])
    assert.equal(head.body.length, 0)
  })

  it('takes GET and POST and says so to who comes with anything else', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const { status, headers } = await raw(list, {}, method)
      assert.equal(status, 405)
      assert.match(String(headers['allow']), /GET/)
      assert.match(String(headers['allow']), /POST/)
    }
  })

  it('does not take a body of another kind for a form', async () => {
    const kinds: [string, string][] = [
      ['application/json', '{"verb":"Identify"}'],
      ['text/xml', '<verb>Identify</verb>'],
      [
        'multipart/form-data; boundary=x',
        '--x\r\nContent-Disposition: form-data; name="verb"\r\n\r\nIdentify\r\n--x--\r\n',
      ],
    ]
    for (const [type, body] of kinds) {
      const answer = await raw('', { 'content-type': type }, 'POST', body)
      if (answer.status === 200)
        assert.deepEqual(codesOf({ ...answer, ...takeApart(answer.body.toString()) } as never), [
          'badVerb',
        ])
      else assert.ok([400, 415].includes(answer.status), String(answer.status))
    }
  })

  it('speaks of gzip and deflate in Identify', async () => {
    const told = await compressions()
    for (const each of ['gzip', 'deflate']) assert.ok(told.includes(each), told.join())
  })

  for (const [asked, given] of [
    ['gzip', ['gzip']],
    ['deflate', ['deflate']],
    ['br', ['br']],
    ['gzip, deflate, br', ['gzip', 'deflate', 'br']],
    ['gzip;q=0.2, br;q=0, identity;q=0.1', ['gzip']],
    ['identity;q=0, gzip', ['gzip']],
    ['GZIP', ['gzip']],
    ['*', ['gzip', 'deflate', 'br', 'identity']],
    ['gzip;q=0, identity', ['identity']],
    ['zstd, compress', ['identity']],
  ] as const) {
    it(`gives an answer in ${given.join(' or ')} where "${asked}" is asked for, the same as without`, async () => {
      const [packed, plain] = [await raw(list, { 'accept-encoding': asked }), await raw(list)]
      const encoding = encodingOf(packed)
      assert.ok((given as readonly string[]).includes(encoding), encoding)
      const body = await unpack[encoding]?.(packed.body)
      assert.equal(timeless(body ?? ''), timeless(plain.body))
      assert.match(String(packed.headers['vary']), /accept-encoding/i)
      if (encoding !== 'identity') assert.ok(packed.body.length < plain.body.length / 3)
    })
  }

  it('sends a page only once to who has it already (ETag, If-None-Match)', async () => {
    const first = await raw(list)
    const etag = String(first.headers['etag'] ?? '')
    assert.match(etag, /^(W\/)?"[^"]+"$/)
    for (const known of [etag, `"other", ${etag}`, etag.replace(/^W\//, ''), '*']) {
      const again = await raw(list, { 'if-none-match': known })
      assert.equal(again.status, 304, known)
      assert.equal(again.body.length, 0)
      assert.equal(String(again.headers['etag']), etag)
    }
    assert.equal((await raw(list, { 'if-none-match': '"other"' })).status, 200)
    const other = await raw(`${list}&from=2000-01-01`, { 'if-none-match': etag })
    assert.equal(other.status, 200, 'another list is another page')
  })

  it('sends a page again once a record of it has changed', async () => {
    const etag = String((await raw(list)).headers['etag'] ?? '')
    const drawings = await collection(leaf.ctx, 'drawings')
    await save(leaf.ctx, [{ ...described(drawings, '7'), source: { again: true } }])
    const later = await raw(list, { 'if-none-match': etag })
    assert.equal(later.status, 200)
    assert.notEqual(String(later.headers['etag'] ?? ''), etag)
  })

  it('refuses a form that is larger than any request of OAI-PMH', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await raw('', type, 'POST', 'verb=Identify&x='.padEnd(200_000, 'x'))
    assert.ok([400, 413].includes(answer.status), String(answer.status))
  })
})
