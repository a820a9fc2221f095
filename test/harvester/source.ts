// A small OAI-PMH source in this process: conformant unless a test asks it to misbehave.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { escapeAttribute, escapeXml } from '../../schemas/xml.ts'

interface SourceRecord {
  id: string
  /** Its place in the list; it moves to the end with each change. */
  number: number
  /** Seconds; the source keeps them in the order of their datestamps. */
  datestamp: string
  sets?: string[]
  deleted?: boolean
  metadata?: string
  about?: string
  /** Prefixes that it is given in; otherwise all of the source's. */
  formats?: string[]
}

interface Misbehaviour {
  /** Answers instead of the source; true: it has answered. */
  answer?(query: URLSearchParams, response: ServerResponse, request: number): boolean
  /** Changes what the source was going to say. */
  body?(xml: string, query: URLSearchParams, request: number): string | Buffer
}

export interface TestSource {
  url: string
  port: number
  records: Map<string, SourceRecord>
  requests: URLSearchParams[]
  misbehave: Misbehaviour
  /** Its clock. */
  now: () => Date
  deletedRecord: 'no' | 'transient' | 'persistent'
  granularity: 'YYYY-MM-DD' | 'YYYY-MM-DDThh:mm:ssZ'
  earliestDatestamp: string
  /** In Identify, after all else. */
  descriptions: string
  sets: { setSpec: string; setName: string }[]
  formats: { metadataPrefix: string; metadataNamespace: string }[]
  pageSize: number
  /** Its robots.txt; undefined: it has none. */
  robots: string | undefined
  onRobots(response: ServerResponse): void
  /** Tokens given out are answered with badResumptionToken from now on. */
  forgetTokens(): void
  put(id: string, change?: Partial<SourceRecord>): void
  close(): Promise<void>
}

const dcNamespace = 'http://www.openarchives.org/OAI/2.0/oai_dc/'

export function oaiDcOf(title: string, more = ''): string {
  return (
    `<oai_dc:dc xmlns:oai_dc="${dcNamespace}" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
    `<dc:title xml:lang="fr">${escapeXml(title)}</dc:title>${more}</oai_dc:dc>`
  )
}

export function identifierOf(id: string): string {
  return `oai:source.example.org:${id}`
}

export async function testSource(pageSize = 10): Promise<TestSource> {
  let generation = 0
  let number = 0
  const source: TestSource = {
    url: '',
    port: 0,
    records: new Map(),
    requests: [],
    misbehave: {},
    now: () => new Date(),
    deletedRecord: 'persistent',
    granularity: 'YYYY-MM-DDThh:mm:ssZ',
    earliestDatestamp: '2000-01-01T00:00:00Z',
    descriptions: '',
    sets: [],
    formats: [{ metadataPrefix: 'oai_dc', metadataNamespace: dcNamespace }],
    pageSize,
    robots: undefined,
    onRobots: () => undefined,
    forgetTokens: () => void generation++,
    put(id, change = {}) {
      const datestamp = `${source.now().toISOString().slice(0, 19)}Z`
      const metadata = oaiDcOf(`Titre ${id}`)
      const record = { id, number: ++number, datestamp, metadata, ...change }
      source.records.delete(id)
      source.records.set(id, record)
    },
    close: () => new Promise((done) => server.closeAllConnections() ?? server.close(() => done())),
  }
  const server = createServer((request, response) => {
    respond(source, () => generation, request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  source.port = address.port
  source.url = `http://127.0.0.1:${address.port}/oai`
  return source
}

function respond(
  source: TestSource,
  generation: () => number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', source.url)
  if (pathname === '/robots.txt') {
    response.statusCode = source.robots === undefined ? 404 : 200
    source.onRobots(response)
    response.end(source.robots)
    return
  }
  source.requests.push(query)
  const number = source.requests.length
  if (source.misbehave.answer?.(query, response, number)) return
  const said = envelope(source, query, answer(source, query, generation()))
  const body = source.misbehave.body?.(said, query, number) ?? said
  response.setHeader('content-type', 'text/xml; charset=utf-8')
  if (/\bgzip\b/.test(String(request.headers['accept-encoding']))) {
    response.setHeader('content-encoding', 'gzip')
    response.end(gzipSync(body, { level: 1 }))
  } else {
    response.end(body)
  }
}

function envelope(source: TestSource, query: URLSearchParams, inner: string): string {
  const attributes = [...query].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"` +
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
    `<responseDate>${source.now().toISOString().slice(0, 19)}Z</responseDate>` +
    `<request${attributes.join('')}>${source.url}</request>${inner}</OAI-PMH>`
  )
}

const error = (code: string, message = code): string => `<error code="${code}">${message}</error>`

function answer(source: TestSource, query: URLSearchParams, generation: number): string {
  const verb = query.get('verb')
  if (verb === 'Identify') {
    return (
      `<Identify><repositoryName>Archives d’essai</repositoryName><baseURL>${source.url}</baseURL>` +
      `<protocolVersion>2.0</protocolVersion><adminEmail>a@source.example.org</adminEmail>` +
      `<earliestDatestamp>${source.earliestDatestamp}</earliestDatestamp>` +
      `<deletedRecord>${source.deletedRecord}</deletedRecord>` +
      `<granularity>${source.granularity}</granularity>${source.descriptions}</Identify>`
    )
  }
  if (verb === 'ListMetadataFormats') {
    const formats = source.formats.map(
      (each) =>
        `<metadataFormat><metadataPrefix>${each.metadataPrefix}</metadataPrefix><schema>http://x.example/</schema>` +
        `<metadataNamespace>${each.metadataNamespace}</metadataNamespace></metadataFormat>`,
    )
    return `<ListMetadataFormats>${formats.join('')}</ListMetadataFormats>`
  }
  if (verb === 'ListSets') {
    if (!source.sets.length) return error('noSetHierarchy')
    const sets = source.sets.map(
      (each) =>
        `<set><setSpec>${escapeXml(each.setSpec)}</setSpec><setName>${escapeXml(each.setName)}</setName></set>`,
    )
    return `<ListSets>${sets.join('')}</ListSets>`
  }
  if (verb === 'GetRecord') return getRecord(source, query)
  return verb === 'ListRecords' || verb === 'ListIdentifiers'
    ? list(source, query, generation)
    : error('badVerb')
}

const isGiven = (record: SourceRecord, prefix: string): boolean =>
  !record.formats || record.formats.includes(prefix)

function getRecord(source: TestSource, query: URLSearchParams): string {
  const record = [...source.records.values()].find(
    (each) => identifierOf(each.id) === query.get('identifier'),
  )
  if (!record) return error('idDoesNotExist')
  return isGiven(record, query.get('metadataPrefix') ?? '')
    ? `<GetRecord>${recordOf(source, record)}</GetRecord>`
    : error('cannotDisseminateFormat')
}

/** Tokens hold the whole question; they look like trouble so that it is known whether they are escaped. */
function list(source: TestSource, query: URLSearchParams, generation: number): string {
  const verb = query.get('verb') ?? ''
  const token = query.get('resumptionToken')
  const match = /^g(\d+) (\d+) & "(.*)"$/.exec(token ?? '')
  if (token !== null && Number(match?.[1]) !== generation) return error('badResumptionToken')
  const after = Number(match?.[2] ?? 0)
  const asked = new URLSearchParams(match ? match[3]?.replaceAll('|', '&') : query)
  for (const date of [asked.get('from'), asked.get('until')]) {
    if (date && date.length !== source.granularity.length && date.length !== 10) {
      return error('badArgument', 'the granularity is not ours')
    }
  }
  const prefix = asked.get('metadataPrefix')
  if (!source.formats.some((each) => each.metadataPrefix === prefix)) {
    return error('cannotDisseminateFormat')
  }
  const page: SourceRecord[] = []
  let size = 0
  let before = 0
  for (const record of source.records.values()) {
    if (!isAsked(record, asked)) continue
    size++
    if (record.number <= after) before++
    else if (page.length < source.pageSize) page.push(record)
  }
  if (!size) return error('noRecordsMatch')
  asked.delete('verb')
  const question = asked.toString().replaceAll('&', '|')
  const goesOn = before + page.length < size
  const next = goesOn ? `g${generation} ${page.at(-1)?.number ?? after} & "${question}"` : ''
  const tokenText = `<resumptionToken completeListSize="${size}" cursor="${before}">${escapeXml(next)}</resumptionToken>`
  const body = page.map((each) =>
    verb === 'ListRecords' ? recordOf(source, each) : headerOf(source, each),
  )
  return `<${verb}>${body.join('')}${before > 0 || next ? tokenText : ''}</${verb}>`
}

function isAsked(record: SourceRecord, asked: URLSearchParams): boolean {
  const [from, until, set] = [asked.get('from'), asked.get('until'), asked.get('set')]
  return (
    (!from || record.datestamp.slice(0, from.length) >= from) &&
    (!until || record.datestamp.slice(0, until.length) <= until) &&
    (!set || (record.sets ?? []).some((each) => each === set || each.startsWith(`${set}:`))) &&
    isGiven(record, asked.get('metadataPrefix') ?? '')
  )
}

function headerOf(source: TestSource, record: SourceRecord): string {
  const sets = (record.sets ?? []).map((each) => `<setSpec>${escapeXml(each)}</setSpec>`).join('')
  return (
    `<header${record.deleted ? ' status="deleted"' : ''}>` +
    `<identifier>${escapeXml(identifierOf(record.id))}</identifier>` +
    `<datestamp>${record.datestamp.slice(0, source.granularity.length)}</datestamp>${sets}</header>`
  )
}

function recordOf(source: TestSource, record: SourceRecord): string {
  const header = headerOf(source, record)
  if (record.deleted) return `<record>${header}</record>`
  const about = record.about ? `<about>${record.about}</about>` : ''
  return `<record>${header}<metadata>${record.metadata}</metadata>${about}</record>`
}
