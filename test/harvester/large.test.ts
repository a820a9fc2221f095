import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { openClient, type ClientOptions, type Part } from '../../harvester/client.ts'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { oaiDcOf, testSource, type TestSource } from './source.ts'

/** Of a long page, in MiB; the full size is PAGE_MIB=2048. */
const size = Number(process.env['PAGE_MIB'] ?? 48)

const head =
  '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">' +
  '<responseDate>2024-01-01T00:00:00Z</responseDate><request>http://x/</request><ListRecords>'
const tail = '<resumptionToken>next</resumptionToken></ListRecords></OAI-PMH>'
const record = (id: number | string, title: string): string =>
  `<record><header><identifier>oai:x:${id}</identifier><datestamp>2024-01-01</datestamp></header>` +
  `<metadata>${oaiDcOf(title)}</metadata></record>`
const mebibyte = 2 ** 20

function* filled(pattern: string, mebibytes: number): Generator<string> {
  const text = pattern.repeat(Math.ceil(mebibyte / pattern.length)).slice(0, mebibyte)
  for (let count = 0; count < mebibytes; count++) yield text
}

describe('a long answer', () => {
  let source: TestSource
  before(async () => (source = await testSource()))
  after(() => source.close())

  const answering = (write: (response: ServerResponse, attempt: number) => Promise<void>): void => {
    let attempt = 0
    source.misbehave.answer = (_, response) => {
      // A client that has heard enough closes the connection.
      write(response, ++attempt).catch(() => response.destroy())
      return true
    }
  }
  const sending = (text: () => Iterable<string>): void => {
    answering((response) => pipeline(Readable.from(text()), response))
  }

  /** @param note what is done with the identifiers that come; they are gathered unless it says otherwise */
  async function ask(options: Partial<ClientOptions> = {}, note?: (ids: string[]) => void) {
    const client = openClient(source.url, {
      userAgent: 'CaMPA tests',
      retryMs: 1,
      attempts: 3,
      ...options,
    })
    const before = process.memoryUsage().rss
    const seen = { ids: [] as string[], problems: [] as string[], again: 0, parts: 0 }
    let most = before
    let end: Part['end']
    let diagnosis = 'none'
    try {
      for await (const part of client.list({ verb: 'ListRecords', metadataPrefix: 'oai_dc' })) {
        const ids = part.records.map((each) => each.identifier.slice(6))
        if (!part.again) (note ?? ((some) => seen.ids.push(...some)))(ids)
        if (!part.again) seen.problems.push(...part.problems.map((each) => each.code))
        seen.again += part.again ? part.records.length : 0
        seen.parts++
        end = part.end
        most = Math.max(most, process.memoryUsage().rss)
      }
    } catch (error) {
      assert.ok(error instanceof Diagnosis, String(error))
      diagnosis = error.code
      assert.ok((error.evidence?.bytes.length ?? 0) <= 65_536)
      assert.match(error.evidence?.url ?? '', /verb=ListRecords/)
    } finally {
      await client.close()
    }
    return { ...seen, end, diagnosis, grown: (most - before) / mebibyte }
  }

  it('is read in memory that does not grow with it', async function () {
    this.timeout(600_000)
    const each = record('0', 'été '.repeat(300)).length
    const count = Math.ceil((size * mebibyte) / each)
    sending(function* () {
      yield head
      for (let id = 0; id < count; id++) yield record(id, 'été '.repeat(300))
      yield tail
    })
    // A million identifiers take more memory than reading them.
    let next = 0
    const inOrder = (ids: string[]): void => {
      for (const id of ids) assert.equal(id, String(next++))
    }
    const { problems, end, parts, grown } = await ask({}, inOrder)
    assert.equal(next, count)
    assert.deepEqual(problems, [])
    assert.equal(end?.token?.value, 'next')
    assert.ok(parts > size / 4)
    assert.ok(grown < 200, `memory grew by ${Math.round(grown)} MiB`)
  })

  it('with a record that nobody could hold is read without it', async function () {
    this.timeout(600_000)
    sending(function* () {
      yield head + record('a', 'a') + record('huge', '|').split('|')[0]
      // What looks like the end of a record, or like another record, is none.
      yield* filled('<x/> <!-- </record><record> -->', size / 2)
      yield* filled('y', size / 2)
      yield `${record('huge', '|').split('|')[1]} ${record('b', 'b')}${tail}`
    })
    const { ids, problems, end, grown } = await ask()
    assert.deepEqual(ids, ['a', 'b'])
    assert.deepEqual(problems, ['record-too-large'])
    assert.equal(end?.token?.value, 'next')
    assert.ok(grown < 150, `memory grew by ${Math.round(grown)} MiB`)
  })

  it('that packs next to nothing into much is given up, and what came before is kept', async () => {
    answering(async (response) => {
      response.setHeader('content-encoding', 'gzip')
      const text = function* (): Generator<string> {
        yield head + record('a', 'a') + record('b', 'b')
        yield record('bomb', '|').split('|')[0] ?? ''
        yield* filled(' ', 4000)
      }
      await pipeline(Readable.from(text()), createGzip({ level: 9 }), response)
    })
    const { ids, diagnosis, grown } = await ask()
    assert.deepEqual([ids, diagnosis], [['a', 'b'], 'too-large'])
    assert.ok(grown < 150, `memory grew by ${Math.round(grown)} MiB`)
  })

  it('of blanks is given up', async () => {
    for (const blank of [' ', '\n', '<!---->', '<x/>']) {
      sending(function* () {
        yield '<?xml version="1.0"?>'
        yield* filled(blank, 100)
      })
      assert.equal((await ask()).diagnosis, 'too-large', blank)
    }
    sending(function* () {
      yield head + record('a', 'a')
      yield* filled('\n', 100)
    })
    const { ids, diagnosis } = await ask()
    assert.deepEqual([ids, diagnosis], [['a'], 'too-large'])
  })

  it('without end is given up at the bound for a page', async () => {
    sending(function* () {
      yield head
      for (let id = 0; id < 100_000; id++) yield record(id, 'x'.repeat(1000))
    })
    const { ids, diagnosis } = await ask({ limits: { pageBytes: 12 * mebibyte } })
    assert.equal(diagnosis, 'too-large')
    assert.ok(ids.length > 8000 && ids.length < 12_000, String(ids.length))
    assert.equal(new Set(ids).size, ids.length)
  })

  it('that breaks off is asked for again, and nothing of it is counted twice', async () => {
    const page = [
      head,
      ...Array.from({ length: 9000 }, (_, id) => record(id, 'x'.repeat(400))),
      tail,
    ]
    const bytes = Buffer.from(page.join(''))
    answering(async (response, attempt) => {
      response.setHeader('content-length', bytes.length)
      const share = [0.4, 0.75][attempt - 1]
      if (share === undefined) response.end(bytes)
      else {
        await new Promise((done) => response.write(bytes.subarray(0, bytes.length * share), done))
        response.destroy()
      }
    })
    const { ids, again, end, diagnosis } = await ask()
    assert.equal(diagnosis, 'none')
    assert.equal(end?.token?.value, 'next')
    assert.deepEqual(
      ids,
      Array.from({ length: 9000 }, (_, id) => String(id)),
    )
    assert.ok(again > 0)
  })

  it('that always breaks off is given as far as it came', async () => {
    const page = [head, ...Array.from({ length: 9000 }, (_, id) => record(id, 'x'.repeat(400)))]
    const bytes = Buffer.from(page.join(''))
    answering((response) => pipeline(Readable.from([bytes.subarray(0, -100)]), response))
    const { ids, diagnosis } = await ask()
    assert.equal(diagnosis, 'page-cut')
    assert.deepEqual(
      ids,
      Array.from({ length: 8999 }, (_, id) => String(id)),
    )
  })

  it('in pieces of a byte is the same answer', async () => {
    const bytes = Buffer.from(head + record('a', 'é') + record('b', '東') + tail)
    answering(async (response) => {
      for (const byte of bytes) {
        response.write(Buffer.of(byte))
        await new Promise((done) => setImmediate(done))
      }
      response.end()
    })
    const { ids, end } = await ask()
    assert.deepEqual([ids, end?.token?.value], [['a', 'b'], 'next'])
  })
})
