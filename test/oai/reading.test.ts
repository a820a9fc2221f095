import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type Koa from 'koa'
import { loadConfig } from '../../config/config.ts'
import { createContext } from '../../server/context.ts'
import type { Door } from '../../server/oai/page-parts.ts'
import { readingPage } from '../../server/oai/pages.ts'
import { readAnswer } from '../../server/oai/reading.ts'
import { html, visitOf } from '../../server/web/web.ts'
import { needed, quiet, sharedFolder } from '../house.ts'

const answer = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
   <responseDate>2026-11-22T10:00:00Z</responseDate><request verb="ListRecords">http://a/oai</request>${body}</OAI-PMH>`

const record = (id: string, metadata: string, about = ''): string =>
  `<record><header><identifier>${id}</identifier><datestamp>2026-11-22</datestamp></header>
   <metadata>${metadata}</metadata>${about}</record>`

const door: Door = {
  text: '',
  identify: {
    name: 'A',
    baseUrl: 'http://a/oai',
    protocolVersion: '2.0',
    emails: [],
    earliest: '2020-01-01',
    deletedRecord: 'no',
    granularity: 'YYYY-MM-DD',
    compressions: [],
    descriptions: [],
  },
  formats: [],
  sets: [],
  setCount: 0,
}

// A visit without a server: what a page is made from is all there.
const ctx = createContext({
  config: loadConfig({}, { baseUrl: 'http://127.0.0.1:1' }),
  log: quiet,
} as unknown as Parameters<typeof createContext>[0])

const visit = visitOf(ctx, {
  path: '/oai',
  search: '',
  cookies: { get: () => undefined },
  get: () => '',
} as unknown as Koa.Context)

const shown = (text: string, given: Door = door): string => {
  const reading = readAnswer(text)
  const asked = { verb: reading.verb, ...Object.fromEntries(reading.asked) }
  const view = { visit, reading, door: given, asked, plain: false, formats: [], pages: new Map() }
  return html`${readingPage(view).main}`.text
}

describe('an answer read back', () => {
  it('keeps what is wanted of a list, and counts the rest', () => {
    const records = Array.from({ length: 9 }, (_, index) => record(`oai:a:${index}`, '<a/>')).join(
      '',
    )
    const token = '<resumptionToken cursor="18" completeListSize="99">next</resumptionToken>'
    const text = answer(`<ListRecords>${records}${token}</ListRecords>`)
    const { items, count, first, token: mark, verb } = readAnswer(text, { first: 4, most: 2 })
    assert.deepEqual(
      items.map((each) => each.identifier),
      ['oai:a:4', 'oai:a:5'],
    )
    assert.deepEqual([count, first, verb], [9, 4, 'ListRecords'])
    assert.deepEqual(mark, { value: 'next', cursor: 18, completeListSize: 99 })
  })

  it('is refused where it is something else', () => {
    assert.throws(() => readAnswer('<html></html>'), /not one of OAI-PMH/)
    assert.throws(() => readAnswer('<OAI-PMH>'), /ends too early/)
    assert.throws(() => readAnswer('<!DOCTYPE a><OAI-PMH/>'), /DOCTYPE/)
  })

  it('is shown whatever the metadata is, and runs nothing of it', () => {
    const hostile = `<m:a xmlns:m="urn:m" onclick="&quot;&gt;&lt;script&gt;" href='javascript:alert("1")'>
      <m:b>&lt;script&gt;alert(1)&lt;/script&gt;</m:b><m:c><m:d>javascript:alert(2)</m:d> mixed <m:e/></m:c></m:a>`
    const text = shown(
      answer(
        `<GetRecord>${record('"&gt;&lt;script&gt;', hostile, '<about><x xmlns="urn:x"/></about>')}</GetRecord>`,
      ),
    )
    assert.doesNotMatch(text, /<script|href="javascript|onclick="[^&]*"[^<]*>/)
    assert.match(text, /&lt;<b>m:e<\/b>\/&gt;/)
    assert.match(text, /mixed/)
  })

  it('says of the door all that it says of itself', () => {
    const text =
      answer(`<Identify><repositoryName>Fonds</repositoryName><baseURL>http://a/oai</baseURL>
      <protocolVersion>2.0</protocolVersion><adminEmail>a@example.org</adminEmail>
      <adminEmail>b@example.org</adminEmail><earliestDatestamp>2020-01-02</earliestDatestamp>
      <deletedRecord>transient</deletedRecord><granularity>YYYY-MM-DD</granularity>
      <compression>gzip</compression><compression>br</compression>
      <description><friends xmlns="http://www.openarchives.org/OAI/2.0/friends/">
        <baseURL>https://b.example.org/oai</baseURL><baseURL>javascript:alert(1)</baseURL></friends></description>
      <description><rightsManifest xmlns="http://www.openarchives.org/OAI/2.0/rights/" appliesTo="metadata">
        <rights><rightsReference ref="https://creativecommons.org/publicdomain/zero/1.0/"/></rights>
      </rightsManifest></description>
      <description><eprints xmlns="urn:e"><content><text>A sentence.</text></content></eprints></description>
    </Identify>`)
    const { identify } = readAnswer(text)
    assert.ok(identify)
    const page = shown(text, { ...door, text, identify })
    assert.match(page, /b@example\.org/)
    assert.match(page, /<time datetime="2020-01-02">2 January 2020<\/time>/)
    assert.match(page, /stay known for a while/)
    assert.match(page, /gzip, br/)
    assert.match(page, /<a href="https:\/\/b\.example\.org\/oai"/)
    assert.doesNotMatch(page, /href="javascript/)
    assert.match(page, /<a href="https:\/\/creativecommons\.org\/publicdomain\/zero\/1\.0\/"/)
    assert.match(page, /A sentence\./)
  })

  it('tells the way that a record came, the first step first', () => {
    const step = (host: string, altered: string, inner = ''): string =>
      `<originDescription harvestDate="2020-06-01T00:00:00Z" altered="${altered}"><baseURL>${host}</baseURL>
       <identifier>oai:${host.length}</identifier><datestamp>2020-05-04</datestamp>
       <metadataNamespace>urn:m</metadataNamespace>${inner}</originDescription>`
    const way = step('https://b.example.org/oai', 'true', step('javascript:alert(1)', 'false'))
    const provenance = 'http://www.openarchives.org/OAI/2.0/provenance'
    const about = `<about><provenance xmlns="${provenance}">${way}</provenance></about>`
    const rights = `<about><rights xmlns="http://www.openarchives.org/OAI/2.0/rights/">
      <rightsReference ref="https://creativecommons.org/licenses/by/4.0/"/></rights></about>`
    const text = shown(
      answer(`<GetRecord>${record('oai:a:1', '<a/>', about + rights)}</GetRecord>`),
    )
    assert.match(
      text,
      /javascript:alert\(1\),[\s\S]*as it was there[\s\S]*b\.example\.org\/oai<\/a>/,
    )
    assert.match(text, /href="https:\/\/b\.example\.org\/oai\?verb=Identify"/)
    assert.match(text, /changed on the way/)
    assert.match(text, /<a href="https:\/\/creativecommons\.org\/licenses\/by\/4\.0\/"/)
    assert.doesNotMatch(text, /href="javascript/)
  })

  it('leaves the end of what is very long to the XML', () => {
    const many = `<a:a xmlns:a="urn:a">${'<a:b><a:c>text</a:c><a:d/></a:b>'.repeat(9000)}</a:a>`
    const text = shown(answer(`<GetRecord>${record('oai:a:1', many)}</GetRecord>`))
    assert.ok(text.length < 50_000, `${text.length} characters`)
    assert.match(text, /… and 8,\d{3} more elements: see the XML/)
  })

  it('is shown for every answer that real repositories gave', function () {
    const folder = needed(sharedFolder('oai-samples', 'real'), 'the samples', this)
    const seen = new Set<string>()
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.xml'))) {
      const xml = readFileSync(join(folder, name), 'utf8').replace(/<!DOCTYPE[^>]*>/, '')
      let reading
      try {
        reading = readAnswer(xml)
      } catch {
        // Some samples are broken on purpose, or are parts of an answer.
        continue
      }
      seen.add(reading.verb ?? 'error')
      const text = shown(xml)
      assert.ok(Buffer.byteLength(text) < 57_000, `${name}: ${Buffer.byteLength(text)} bytes`)
      assert.doesNotMatch(text, /\[object |NaN|<script/, name)
    }
    assert.ok(seen.size >= 5, [...seen].join())
  })
})
