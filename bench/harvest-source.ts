// A source for the benchmark of harvests, in a process of its own: as many records as it is told, 1,340 bytes each on
// average, one in a hundred deleted. Its pages are made before anybody reads them, so that it costs next to nothing beside
// who does: another machine's work is no part of what is measured.
import { createServer } from 'node:http'

const [port = '0', records = '0', pageSize = '1000'] = process.argv.slice(2)
const total = Number(records)
const perPage = Number(pageSize)

const words =
  `archive registre photographie carte église Québec commune délibération fonds série plan affiche manuscrit gravure
  marché pêche naïveté Œuvre 東京 Привет`.split(/\s+/)
let state = 42
const random = (most: number): number => {
  state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0
  return (state >>> 0) % most
}
const text = (count: number): string =>
  Array.from({ length: count }, () => words[random(words.length)]).join(' ')
const sets = ['image', 'text', 'map', 'image:photo']

/** A record around its number. */
function template(index: number): string[] {
  const status = index % 100 === 99 ? ' status="deleted"' : ''
  const header =
    `<record><header${status}><identifier>oai:bench.example.org:#</identifier>` +
    `<datestamp>2024-0${1 + (index % 9)}-11T08:09:10Z</datestamp><setSpec>${sets[index % 4]}</setSpec></header>`
  if (status) return `${header}</record>\n`.split('#')
  const elements = [
    `<dc:title xml:lang="fr">${text(6)} &amp; #</dc:title><dc:creator>${text(2)}</dc:creator>`,
    `<dc:subject>${text(1)}</dc:subject><dc:subject>${text(2)}</dc:subject>`,
    `<dc:description>${text(42)} &lt;#&gt;</dc:description><dc:publisher>Archives</dc:publisher>`,
    `<dc:date>${1800 + (index % 220)}</dc:date><dc:type>image</dc:type><dc:format>image/jpeg</dc:format>`,
    `<dc:identifier>https://bench.example.org/ark:/12345/b#</dc:identifier><dc:language>fre</dc:language>`,
    `<dc:rights>http://creativecommons.org/publicdomain/mark/1.0/</dc:rights>`,
  ]
  return (
    `${header}<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"` +
    ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
    ` xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">` +
    `${elements.join('')}</oai_dc:dc></metadata></record>\n`
  ).split('#')
}
const templates = Array.from({ length: 1000 }, (_, index) => template(index))

const base = `http://127.0.0.1:${port}/oai`
const envelope = (verb: string, inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"` +
  ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/` +
  ` http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"><responseDate>${new Date().toISOString().slice(0, 19)}Z</responseDate>` +
  `<request verb="${verb}">${base}</request>${inner}</OAI-PMH>\n`

function listRecords(start: number): string {
  const end = Math.min(start + perPage, total)
  const list: string[] = []
  for (let number = start; number < end; number++) {
    list.push((templates[number % templates.length] ?? []).join(String(number)))
  }
  const token = `<resumptionToken completeListSize="${total}" cursor="${start}">${end < total ? end : ''}</resumptionToken>`
  return `<ListRecords>\n${list.join('')}${token}</ListRecords>`
}

const pages = Array.from({ length: Math.ceil(total / perPage) }, (_, page) =>
  Buffer.from(envelope('ListRecords', listRecords(page * perPage))),
)

const answers: Record<string, () => string> = {
  Identify: () =>
    `<Identify><repositoryName>Bench</repositoryName><baseURL>${base}</baseURL><protocolVersion>2.0</protocolVersion>` +
    `<adminEmail>admin@bench.example.org</adminEmail><earliestDatestamp>2024-01-01T00:00:00Z</earliestDatestamp>` +
    `<deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>`,
  ListMetadataFormats: () =>
    `<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>` +
    `<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat></ListMetadataFormats>`,
  ListSets: () =>
    `<ListSets>${sets.map((set) => `<set><setSpec>${set}</setSpec><setName>${set}</setName></set>`).join('')}</ListSets>`,
}

createServer((request, response) => {
  const query = new URL(request.url ?? '/', base).searchParams
  const verb = query.get('verb') ?? ''
  const page = pages[Number(query.get('resumptionToken') ?? 0) / perPage]
  const body =
    verb === 'ListRecords' && page
      ? page
      : Buffer.from(envelope(verb, answers[verb]?.() ?? '<error code="badVerb"/>'))
  response.setHeader('content-type', 'text/xml; charset=utf-8')
  response.setHeader('content-length', body.length)
  response.end(body)
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
