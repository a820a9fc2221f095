// What is of the S3 kind alone: what it refuses, what is lost on the way, and how often it is asked.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Config } from '../../config/config.ts'
import { openStorage } from '../../server/storage/open.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { needed, testConfig } from '../house.ts'
import { missingStore, openStore, type Store } from './store.ts'

describe('a store of the S3 kind', () => {
  let found: Store | undefined
  let store: Store
  let config: Config
  let storage: Storage
  before(async function () {
    this.timeout(60_000)
    found = await openStore()
    if (!found) return
    store = found
    config = await testConfig(store.settings())
    storage = await openStorage(config)
  })
  beforeEach(function () {
    needed(found, missingStore, this)
    store.asked = []
    store.meddle = undefined
  })
  after(async () => {
    await storage?.close()
    if (config) rmSync(config.dataDir, { recursive: true, force: true })
    await found?.close()
  })

  async function put(key: string, size: number): Promise<Buffer> {
    const bytes = randomBytes(size)
    await storage.put(key, (path) => writeFile(path, bytes))
    store.asked = []
    return bytes
  }

  /** The first answers to what matches are cut. */
  function lose(times: number, after: number, matching = /^GET /): void {
    store.meddle = (line) => (matching.test(line) && times-- > 0 ? { cutAfter: after } : undefined)
  }

  describe('that refuses', () => {
    const refusals: [string, (store: Store) => Partial<Config>, RegExp][] = [
      ['an unknown key', () => ({ s3KeyId: 'AKIANOBODY' }), /AWS_ACCESS_KEY_ID/],
      ['a wrong secret', () => ({ s3Secret: 'wrong' }), /AWS_SECRET_ACCESS_KEY/],
      [
        'a key without rights',
        ({ keys: { guest } }) => ({ s3KeyId: guest.id, s3Secret: guest.secret }),
        /s3:ListBucket/,
      ],
      [
        'a bucket that there is not',
        ({ endpoint }) => ({ s3: { endpoint, bucket: 'nowhere', prefix: '' } }),
        /no bucket "nowhere".*CAMPA_S3_URL/,
      ],
      [
        'everything, for nobody is there',
        () => ({ s3: { endpoint: 'http://127.0.0.1:9', bucket: 'campa', prefix: '' } }),
        /cannot be reached \(ECONNREFUSED\)/,
      ],
      [
        'to speak TLS',
        ({ endpoint }) => ({
          s3: { endpoint: endpoint.replace('http:', 'https:'), bucket: 'campa', prefix: '' },
        }),
        /does not speak TLS.*CAMPA_S3_URL/,
      ],
    ]
    for (const [what, change, sentence] of refusals) {
      it(`${what}, says so in one sentence when the brick opens`, async () => {
        const changed = { ...config, ...change(store) }
        await assert.rejects(openStorage(changed), (error: Error) => {
          assert.match(error.message, sentence)
          assert.match(error.message, /^The store of files \(http.*[^.]\.$/)
          assert.ok(!error.message.includes('\n') && error.message.length < 400)
          assert.ok(!changed.s3Secret || !error.message.includes(changed.s3Secret))
          return true
        })
      })
    }

    it('nothing, but is another program, is not taken for one', async () => {
      for (const [status, type, body] of [
        [200, 'text/html', '<html><body>Welcome!<br></body></html>'],
        [404, 'text/html', '<html><body>Not found</body></html>'],
        [200, 'application/json', '{}'],
      ] as const) {
        const other = createServer((_request, answer) =>
          answer.writeHead(status, { 'Content-Type': type }).end(body),
        )
        other.listen(0, '127.0.0.1')
        await once(other, 'listening')
        const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
        const s3 = { endpoint, bucket: 'campa', prefix: '' }
        await assert.rejects(
          openStorage({ ...config, s3 }),
          /does not answer as S3 does/,
          `${status} ${type}`,
        )
        other.closeAllConnections()
        other.close()
      }
    })

    it('for a moment is asked again', async () => {
      const bytes = await put('a/busy', 1000)
      let times = 2
      store.meddle = () => (times-- > 0 ? { status: 503 } : undefined)
      assert.ok((await buffer(storage.read('a/busy'))).equals(bytes))
      assert.equal(store.asked.length, 3)
    })
  })

  it('whose connection is lost in the middle of a file is asked for the rest of it', async () => {
    const bytes = await put('a/lost', 2_000_000)
    lose(2, 300_000)
    assert.ok((await buffer(storage.read('a/lost'))).equals(bytes))
    assert.equal(store.asked.length, 3)
    assert.match(store.asked[1] ?? '', / bytes=\d{4,}-$/)
    lose(1, 300_000)
    assert.ok(
      (await buffer(storage.read('a/lost', { start: 5, end: 1_000_004 }))).equals(
        bytes.subarray(5, 1_000_005),
      ),
    )
    lose(1, 300_000)
    await storage.local('a/lost', async (path) => {
      assert.ok((await readFile(path)).equals(bytes))
    })
    const opened = await storage.open('a/lost')
    lose(1, 50_000)
    assert.ok((await opened.read(100_000, 400_000)).equals(bytes.subarray(100_000, 500_000)))
    await opened.close()
  })

  it('that gives less than it was asked for is asked for the rest of it', async () => {
    const bytes = await put('a/short', 200_000)
    const opened = await storage.open('a/short')
    store.asked = []
    let times = 2
    store.meddle = () => (times-- > 0 ? { shortTo: 100 } : undefined)
    assert.ok((await opened.read(100_000, 5000)).equals(bytes.subarray(100_000, 105_000)))
    assert.deepEqual(
      store.asked.map((line) => line.split('=').at(-1)),
      ['100000-104999', '100100-104999', '100200-104999'],
    )
    await opened.close()
    for (const range of [
      { start: 70_000, end: 80_000 },
      { start: 199_000, end: 300_000 },
    ]) {
      times = 2
      const read = await buffer(storage.read('a/short', range))
      assert.ok(read.equals(bytes.subarray(range.start, range.end + 1)))
    }
  })

  it('that gives nothing of what it was asked for is given up', async () => {
    await put('a/nothing', 200_000)
    const opened = await storage.open('a/nothing')
    store.meddle = () => ({ shortTo: 0 })
    await assert.rejects(opened.read(100_000, 5000), /gives less than it was asked for/)
    await opened.close()
  })

  it('whose connections are lost each time is given up, and nothing is left behind', async () => {
    await put('a/dead', 200_000)
    lose(1000, 0)
    await assert.rejects(buffer(storage.read('a/dead')), /The store of files/)
    await assert.rejects(
      storage.local('a/dead', () => Promise.resolve()),
      /The store of files/,
    )
    const aside = join(config.dataDir, 'aside')
    assert.deepEqual(existsSync(aside) ? readdirSync(aside) : [], [])
  })

  it('that lost the answer to an upload, and not the upload, has it', async () => {
    lose(1000, 0, /^PUT /)
    await storage.put('a/unheard', (path) => writeFile(path, 'all of it'))
    store.meddle = undefined
    assert.equal(String(await buffer(storage.read('a/unheard'))), 'all of it')
  })

  it('is told the SHA-256 of each part that it gets, and what it gives back is compared', async () => {
    store.sums = []
    await put('a/true', 9_000_000)
    assert.equal(store.sums.length, 2)
    for (const { said, is } of store.sums) assert.equal(said, is)
    const { endpoint, bucket, prefix } = config.s3 ?? { endpoint: '', bucket: '', prefix: '' }
    const client = new S3Client({
      endpoint: endpoint ?? '',
      region: config.s3Region,
      forcePathStyle: true,
      credentials: { accessKeyId: config.s3KeyId ?? '', secretAccessKey: config.s3Secret ?? '' },
    })
    const sha256 = '0'.repeat(64)
    const Key = `${prefix}a/true`
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: 'rot', Metadata: { sha256 } }),
    )
    client.destroy()
    await assert.rejects(
      storage.local('a/true', () => Promise.resolve()),
      /a\/true is no longer what was put/,
    )
  })

  it('in which a file became another one does not give parts of both', async () => {
    await put('a/other', 200_000)
    const opened = await storage.open('a/other')
    await put('a/other', 200_000)
    await assert.rejects(opened.read(100_000, 10), /another file/)
    await opened.close()
  })

  it('is left alone once nobody reads any more', async () => {
    await put('a/left', 30_000_000)
    const stream = storage.read('a/left')
    await once(stream, 'readable')
    stream.destroy()
    await once(stream, 'close')
    assert.equal(store.asked.length, 1)
  })

  it('is asked once to open a file, and once for a stretch of it', async () => {
    await put('a/counted', 300_000)
    const opened = await storage.open('a/counted')
    await opened.read(0, 16)
    await opened.read(60_000, 5_000)
    assert.equal(store.asked.length, 1)
    await opened.read(100_000, 50_000)
    assert.equal(store.asked.length, 2)
    await opened.close()
  })

  it('is asked once for a thousand keys that lie together, and never more often than there are keys', async () => {
    const name = (nth: number): string => `m/${String(nth).padStart(4, '0')}`
    const all = Array.from({ length: 1300 }, (_, nth) => name(nth))
    await store.fill(`${config.s3?.prefix}m/`, all.length)
    await storage.remove(name(700))
    store.asked = []
    assert.deepEqual(await storage.missing(all.slice(0, 1000)), new Set([name(700)]))
    assert.equal(store.asked.length, 1)
    assert.deepEqual(await storage.missing(all), new Set([name(700)]))
    assert.equal(store.asked.length, 3)
    assert.deepEqual(await storage.missing([name(0), name(1299)]), new Set())
    assert.equal(store.asked.length, 5)
  })

  it('leaves on this machine what others are at, and clears what the dead have left', async () => {
    const aside = join(config.dataDir, 'aside')
    mkdirSync(aside, { recursive: true })
    const host = hostname().replaceAll('.', '-')
    const names = {
      dead: `a-b.${host}.999999999.1.aa.part`,
      before: `a-b.${host}.${process.pid}.1.aa.copy`,
      alive: `a-b.${host}.${process.ppid}.1.aa.copy`,
      elsewhere: `a-b.other.1.1.aa.part`,
      forgotten: `a-b.other.1.1.bb.part`,
    }
    for (const name of Object.values(names)) writeFileSync(join(aside, name), '')
    const before = new Date(Date.now() - 2 * 86_400_000)
    utimesSync(join(aside, names.forgotten), before, before)
    await (await openStorage(config)).close()
    assert.deepEqual(readdirSync(aside).toSorted(), [names.alive, names.elsewhere].toSorted())
  })
})
