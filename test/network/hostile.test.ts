import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Brick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import { keptPages } from '../../server/network/kept-pages.ts'
import {
  addSource,
  findSource,
  harvestSource,
  type HarvestReport,
} from '../../server/network/network.ts'
import { readLine } from '../../server/records/records.ts'
import { oaiDcOf, testSource, type TestSource } from '../harvester/source.ts'
import { freePort, needed, sharedFolder, tools } from '../house.ts'

const patience = {
  retryMs: 2,
  attempts: 2,
  limits: { bodyMs: 150, headersMs: 500, totalMs: 300 },
}

interface Outcome {
  report: HarvestReport
  /** The diagnosis, or the problems where there is none. */
  said: string[]
  held: number
  kept: string[]
}

let ctx: Context
let brick: Brick
let number = 0

async function harvest(url: string, slug = `source-${number}`): Promise<Outcome> {
  const source = await addSource(ctx, url, { slug, prefix: 'oai_dc', patience })
  const report = await harvestSource(ctx, source, { patience, fromScratch: true })
  const records = await readLine(ctx, 0, 100_000)
  return {
    report,
    said: report.diagnosis
      ? [report.diagnosis.code]
      : // Some of the houses' sources have no ListSets.
        report.problems.flatMap(({ code }) => (code === 'sets-unread' ? [] : code)).toSorted(),
    held: records.filter((each) => each.sourceId === source.id && each.status === 'published')
      .length,
    kept: [...new Set((await keptPages(ctx, source.id)).map((each) => each.code))].toSorted(),
  }
}

describe('what sources do wrong, in the report of a brick', function () {
  this.timeout(30_000)
  before(async () => {
    brick = await tools()
    ctx = brick.ctx
  })
  after(() => brick.close())

  describe('the hostile source of the house', () => {
    let server: ChildProcess | undefined
    let port = 0

    before(async function () {
      const script = needed(sharedFolder('hostile', 'evil-oai.mjs'), 'shared/hostile', this)
      // It also takes the port after its own, which may be somebody else's: then another pair is tried.
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

    const expected: [name: string, said: string[], held: number, kept: string[]][] = [
      ['good', [], 60, []],
      ['stall-midway', ['timeout'], 20, ['timeout']],
      ['same-token', ['token-repeats'], 1, ['token-repeats']],
      ['billion-laughs', ['doctype-refused'], 0, ['doctype-refused']],
      ['gzip-bomb', ['too-large'], 0, ['too-large']],
      ['redirect-inside', ['address-refused'], 0, ['address-refused']],
      ['html-200', ['html-instead-of-oai'], 0, ['html-instead-of-oai']],
      ['cut-off', ['connection-cut'], 9, ['connection-cut']],
      ['busy-then-fine', [], 60, []],
      ['latin1-lie', ['characters-replaced', 'page-not-well-formed'], 1, ['page-not-well-formed']],
      ['overlapping-pages', [], 60, []],
    ]
    for (const [name, said, held, kept] of expected) {
      it(`${name}: ${said.join(', ') || 'nothing'}`, async () => {
        const before = process.memoryUsage().rss
        const outcome = await harvest(`http://127.0.0.1:${port}/${name}/oai`, name)
        assert.deepEqual(outcome.said, said)
        assert.ok(outcome.held >= held, `${outcome.held} of ${held}`)
        assert.deepEqual(
          outcome.kept.filter((each) => each !== 'list-by-dates'),
          kept,
        )
        const grown = (process.memoryUsage().rss - before) / 2 ** 20
        assert.ok(grown < 150, `memory grew by ${Math.round(grown)} MiB`)
      })
    }

    it('has seen no request where none may go', async () => {
      const log = (await (await fetch(`http://127.0.0.1:${port}/_log`)).json()) as {
        canary: string[]
        requests: Record<string, number>
      }
      assert.deepEqual(log.canary, [])
      assert.ok(
        Object.values(log.requests).every((count) => count < 100),
        JSON.stringify(log),
      )
    })
  })

  describe('the cases that are played', () => {
    const cases = sharedFolder('oai-samples', 'torture')
    let server: ChildProcess | undefined
    let port = 0

    before(async function () {
      const folder = needed(cases, 'shared/oai-samples', this)
      const player = needed(
        sharedFolder('tools', 'oai', 'replay-server.mjs'),
        'shared/tools/oai',
        this,
      )
      port = await freePort()
      server = spawn(process.execPath, [player, folder, String(port)])
      await new Promise((ready) => server?.stdout?.once('data', ready))
    })
    after(() => {
      server?.kill()
    })

    // They all have the same records: what one of them brought would be kept from the others.
    beforeEach(async () => {
      number++
      await ctx.db.query('TRUNCATE records, record_ways CASCADE')
    })

    /** What is said; nothing of the others. */
    const said: Record<string, string[]> = {
      'badResumptionToken-mid-list': ['list-restarted'],
      'control-char': ['characters-replaced', 'page-not-well-formed'],
      'entity-bomb': ['doctype-refused'],
      'html-200': ['html-instead-of-oai'],
      'noRecordsMatch-mid-list': ['list-ended-early'],
      'token-repeats': ['token-repeats'],
    }
    for (const file of cases ? readdirSync(cases) : []) {
      const name = basename(file, '.json')
      const { expect } = JSON.parse(readFileSync(join(cases ?? '', file), 'utf8')) as {
        expect: { records?: number; recordsOr?: number[]; deleted?: number }
      }
      it(`${name}: ${said[name]?.join(', ') ?? 'nothing'}`, async () => {
        const outcome = await harvest(`http://127.0.0.1:${port}/${name}/oai`)
        assert.deepEqual(outcome.said, said[name] ?? [])
        const counts = [expect.records ?? 0, ...(expect.recordsOr ?? [])]
        const live = counts.map((count) => count - (expect.deleted ?? 0))
        assert.ok(outcome.held >= Math.max(...live), `${outcome.held} of ${live.join(' or ')}`)
      })
    }
  })

  describe('of its own', () => {
    let remote: TestSource
    beforeEach(async () => {
      number++
      remote = await testSource(10)
      // Each source has identifiers of its own: what one brought first is kept from another.
      for (let index = 0; index < 30; index++) {
        const second = String(index).padStart(2, '0')
        remote.put(`${number}-${index}`, { datestamp: `2024-01-01T00:00:${second}Z` })
      }
    })
    afterEach(() => remote.close())

    const run = (): Promise<Outcome> => harvest(remote.url)
    /** What changed. */
    const next = async (): Promise<HarvestReport> =>
      harvestSource(ctx, await findSource(ctx, remote.url), { patience })
    const onList = (query: URLSearchParams): boolean => query.get('verb') === 'ListRecords'
    const answerLists = (body: string | Buffer, headers: Record<string, string> = {}): void => {
      remote.misbehave.answer = (query, response) => {
        if (!onList(query)) return false
        response.writeHead(200, { 'content-type': 'text/xml', ...headers }).end(body)
        return true
      }
    }

    it('a body that drips for ever: timeout', async () => {
      const timers: NodeJS.Timeout[] = []
      remote.misbehave.answer = (query, response) => {
        if (!onList(query)) return false
        response.write('<?xml version="1.0"?>\n')
        const timer = setInterval(() => response.write(' '), 50)
        timers.push(timer)
        response.on('close', () => clearInterval(timer))
        return true
      }
      assert.deepEqual((await run()).said, ['timeout'])
      for (const timer of timers) clearInterval(timer)
    })

    it('news, faults and lists of something else with status 200: not-oai', async () => {
      const bodies = [
        '<rss version="2.0"><channel><title>x</title></channel></rss>',
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault/></s:Body></s:Envelope>',
        '<feed xmlns="http://www.w3.org/2005/Atom"/>',
      ]
      for (const body of bodies) {
        answerLists(body)
        const { said, kept } = await harvest(remote.url, 'wrong')
        assert.deepEqual([said, kept], [['not-oai'], ['not-oai']], body)
      }
      answerLists('{"error":"down"}')
      assert.deepEqual((await harvest(remote.url, 'wrong')).said, ['not-xml'])
      answerLists('')
      assert.deepEqual((await harvest(remote.url, 'wrong')).said, ['page-cut'])
    })

    it('a page that says gzip and is not, or not to its end: as it is, or encoding-broken', async () => {
      const page = await (
        await fetch(`${remote.url}?verb=ListRecords&metadataPrefix=oai_dc`)
      ).text()
      const last = page.replace(/<resumptionToken.*<\/resumptionToken>/s, '')
      answerLists(last, { 'content-encoding': 'gzip' })
      const plain = await run()
      assert.deepEqual([plain.said, plain.held], [[], 10])
      answerLists(gzipSync(last).fill(0, 60, 70), { 'content-encoding': 'gzip' })
      const broken = await harvest(remote.url, 'broken')
      assert.deepEqual(broken.said, ['encoding-broken'])
      answerLists(last, { 'content-encoding': 'lzma' })
      assert.deepEqual((await harvest(remote.url, 'broken')).said, ['encoding-broken'])
    })

    it('encodings that are not those that are declared: what can be read, with a word on it', async () => {
      remote.put(`${number}-0`, { metadata: oaiDcOf('Évreux œuvre “x”') })
      remote.misbehave.body = (xml, query) =>
        onList(query)
          ? Buffer.from(
              xml
                .replace('œ', '\u009c')
                .replace('“', '\u0093')
                .replace('”', '\u0094')
                .replace('UTF-8', 'ISO-8859-1'),
              'latin1',
            )
          : xml
      const windows = await run()
      assert.deepEqual([windows.said, windows.held], [[], 30])
      remote.misbehave.body = (xml, query) =>
        onList(query) ? Buffer.from(`\uFEFF${xml}`, 'utf16le') : xml
      const sixteen = await run()
      assert.deepEqual(
        sixteen.said.filter((each) => each !== 'kept-elsewhere'),
        [],
      )
      assert.equal(sixteen.report.records, 30)
    })

    it('datestamps with offsets, with fractions, or none: all records, once', async () => {
      const odd = ['2024-01-01T02:00:00+02:00', '2024-01-01T00:00:00.123Z', '2024-01-01', '', 'x']
      odd.forEach((datestamp, index) => remote.put(`${number}-${index}`, { datestamp }))
      remote.misbehave.body = (xml) =>
        xml.replace(/<responseDate>(.*?)Z</, '<responseDate>$1.000+00:00<')
      const first = await run()
      assert.deepEqual([first.said, first.held], [[], 30])
      const again = await next()
      assert.deepEqual([again.status, again.changed], ['complete', 0])
      assert.match(again.from ?? '', /^\d{4}-\d\d-\d\dT/)
    })

    it('answers without a date, or from another age: all of it the next time', async () => {
      remote.misbehave.body = (xml) => xml.replace(/<responseDate>.*?<\/responseDate>/, '')
      const first = await run()
      assert.deepEqual([first.said, first.held], [['no-response-date'], 30])
      assert.equal((await next()).from, undefined)
      remote.misbehave.body = (xml) =>
        xml.replace(/<responseDate>.*?</, '<responseDate>2199-01-01T00:00:00Z<')
      await next()
      const { from } = await next()
      assert.ok(from && new Date(from) <= new Date(), 'its future is not ours')
    })

    it('redirects to elsewhere and in circles: refused, and named', async () => {
      let visits = 0
      const inside = await testSource()
      inside.misbehave.answer = () => {
        visits++
        return false
      }
      const redirect = (to: string | ((asked: string) => string), status = 302): void => {
        remote.misbehave.answer = (query, response) => {
          if (!onList(query) || query.has('moved')) return false
          const location = typeof to === 'string' ? to : to(response.req.url ?? '')
          response.writeHead(status, { location }).end()
          return true
        }
      }
      redirect(`${inside.url}?verb=ListRecords&metadataPrefix=oai_dc`)
      assert.deepEqual((await harvest(remote.url, 'moving')).said, ['address-refused'])
      redirect('http://metadata.invalid/latest/')
      assert.deepEqual((await harvest(remote.url, 'moving')).said, ['unreachable'])
      redirect(`${remote.url}?verb=ListRecords&metadataPrefix=oai_dc`)
      assert.deepEqual((await harvest(remote.url, 'moving')).said, ['too-many-redirects'])
      redirect((asked) => `${asked}&moved=1`, 301)
      const moved = await harvest(remote.url, 'moving')
      assert.deepEqual([moved.said, moved.held], [['moved'], 30])
      assert.equal(visits, 0)
      await inside.close()
    })

    it('metadata nested without end, or without sense: refused by name, the others kept', async () => {
      const deep = `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`
      remote.put(`${number}-1`, { metadata: deep })
      remote.put(`${number}-2`, { metadata: '' })
      remote.put(`${number}-3`, { metadata: '<svg xmlns="http://www.w3.org/2000/svg"/>' })
      remote.put(`${number}-4`, { metadata: oaiDcOf('x'.repeat(5_000_000)) })
      const { said, held, report } = await run()
      assert.equal(held, 26)
      assert.equal(report.refused, 4)
      for (const code of [
        'metadata-unread',
        'record-not-well-formed',
        'record-too-large',
        'record-without-metadata',
      ]) {
        assert.ok(said.includes(code), `${code} in ${said.join()}`)
      }
    })

    it('headers without an identifier, twice the same, or of the brick itself: counted, the others kept', async () => {
      const { domain } = ctx.config
      remote.misbehave.body = (xml) =>
        xml
          .replace(new RegExp(`<identifier>[^<]*-1</identifier>`), '')
          .replace(/source\.example\.org:\d+-2</, `source.example.org:${number}-3<`)
          .replace(/oai:source\.example\.org:\d+-4</, `oai:${domain}:4<`)
      const { said, held } = await run()
      assert.deepEqual(said, ['own-record', 'record-twice', 'record-without-header'])
      assert.equal(held, 27)
    })

    it('a pause that is asked for longer than anybody waits: busy, and it is left alone for so long', async () => {
      remote.misbehave.answer = (query, response) => {
        if (!onList(query)) return false
        const later = new Date(Date.now() + 3 * 3_600_000).toUTCString()
        response.writeHead(503, { 'retry-after': later }).end()
        return true
      }
      const { said } = await run()
      assert.deepEqual(said, ['busy'])
      const [row] = await ctx.db.query<{ minutes: number }>(
        `SELECT round(extract(epoch FROM next_run_at - now()) / 60)::int AS minutes FROM sources WHERE url = $1`,
        [remote.url],
      )
      assert.ok(Math.abs((row?.minutes ?? 0) - 180) <= 1, String(row?.minutes))
    })

    it('a source that has given nothing for long: asked again after a quarter of that time', async () => {
      answerLists('<html>gone</html>')
      await run()
      const minutes = async (): Promise<number> => {
        await next()
        const [row] = await ctx.db.query<{ minutes: number }>(
          `SELECT round(extract(epoch FROM next_run_at - now()) / 60)::int AS minutes FROM sources WHERE url = $1`,
          [remote.url],
        )
        return row?.minutes ?? 0
      }
      assert.equal(await minutes(), 30)
      const age = (hours: number) =>
        ctx.db.query(
          `UPDATE harvests SET started_at = now() - $2 * interval '1 hour', advanced_at = NULL
             WHERE source_id = (SELECT id FROM sources WHERE url = $1)`,
          [remote.url, hours],
        )
      await age(8)
      assert.ok(Math.abs((await minutes()) - 120) <= 1)
      await age(300)
      assert.equal(await minutes(), 1440)
    })

    it('an error with status 200 that is no error of the protocol: oai-error, in its words', async () => {
      answerLists(
        '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-01-01T00:00:00Z</responseDate>' +
          '<request>x</request><error code="internalError">Solr is &lt;down&gt;</error></OAI-PMH>',
      )
      const { said, report } = await run()
      assert.deepEqual(said, ['oai-error'])
      assert.match(report.diagnosis?.message ?? '', /internalError: Solr is <down>/)
    })

    it('a token that comes again: the end of its page is kept', async () => {
      remote.misbehave.body = (xml) =>
        xml.replace(/<resumptionToken.*<\/resumptionToken>/, '<resumptionToken>7</resumptionToken>')
      remote.misbehave.answer = (query) => {
        if (query.has('resumptionToken')) query.delete('resumptionToken')
        query.set('metadataPrefix', 'oai_dc')
        return false
      }
      const { kept } = await run()
      assert.ok(kept.includes('token-repeats'), kept.join())
      const source = await findSource(ctx, remote.url)
      const [page] = await keptPages(ctx, source.id)
      const text = page?.body.toString() ?? ''
      assert.match(text, /<resumptionToken>7<\/resumptionToken>/)
      assert.ok(text.length <= 4096 && text.trimEnd().endsWith('</OAI-PMH>'), text.slice(-100))
    })

    it('headers without end, and answers without end of the headers: a named failure', async () => {
      remote.misbehave.answer = (query, response) => {
        if (!onList(query)) return false
        for (let index = 0; index < 60; index++) response.setHeader(`x-${index}`, 'y'.repeat(2000))
        response.end()
        return true
      }
      assert.deepEqual((await harvest(remote.url, 'heads')).said, ['connection-cut'])
      remote.misbehave.answer = (query) => onList(query)
      assert.deepEqual((await harvest(remote.url, 'heads')).said, ['timeout'])
    })
  })
})
