// Ten thousand sources in one process: each address of the loopback network is a host of its own, with as many records as
// it is told.
import { createServer } from 'node:http'

const [port = '0', records = '10'] = process.argv.slice(2)

const dc = 'http://www.openarchives.org/OAI/2.0/oai_dc/'

function recordOf(host: string, number: number): string {
  return (
    `<record><header><identifier>oai:${host}.example.org:${number}</identifier>` +
    `<datestamp>2024-01-01T00:00:00Z</datestamp></header><metadata><oai_dc:dc xmlns:oai_dc="${dc}"` +
    ` xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title xml:lang="fr">Objet ${number}</dc:title>` +
    `<dc:description>Une feuille de la collection de ${host}, décrite en quelques mots.</dc:description>` +
    `<dc:date>1931</dc:date><dc:type>image</dc:type></oai_dc:dc></metadata></record>`
  )
}

const answers: Record<string, (host: string) => string> = {
  Identify: (host) =>
    `<Identify><repositoryName>${host}</repositoryName><baseURL>http://${host}:${port}/oai</baseURL>` +
    `<protocolVersion>2.0</protocolVersion><adminEmail>a@example.org</adminEmail>` +
    `<earliestDatestamp>2024-01-01T00:00:00Z</earliestDatestamp><deletedRecord>persistent</deletedRecord>` +
    `<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>`,
  ListMetadataFormats: () =>
    `<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>${dc}</schema>` +
    `<metadataNamespace>${dc}</metadataNamespace></metadataFormat></ListMetadataFormats>`,
  ListSets: () => '<error code="noSetHierarchy"/>',
  ListRecords: (host) =>
    `<ListRecords>${Array.from({ length: Number(records) }, (_, number) => recordOf(host, number)).join('')}</ListRecords>`,
}

createServer((request, response) => {
  const host = (request.headers.host ?? '').split(':')[0] ?? ''
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x')
  if (pathname === '/robots.txt') {
    response.statusCode = 404
    response.end()
    return
  }
  const verb = searchParams.get('verb') ?? ''
  const isNew = searchParams.get('from') === null
  const answer = isNew || verb !== 'ListRecords' ? answers[verb]?.(host) : undefined
  response.setHeader('content-type', 'text/xml; charset=utf-8')
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">` +
      `<responseDate>${new Date().toISOString().slice(0, 19)}Z</responseDate><request verb="${verb}">http://${host}:${port}/oai</request>` +
      `${answer ?? '<error code="noRecordsMatch"/>'}</OAI-PMH>`,
  )
}).listen(Number(port), () => process.send?.('ready'))
