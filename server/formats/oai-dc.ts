// A record as oai_dc: http://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
// A plain writer: per record an XML tree costs 40 times as much (DESIGN, Formats); xmlbuilder2 is its oracle in the tests.
import { dcElements, type DublinCore } from '../../schemas/dublin-core.ts'
import { oaiDc } from '../../schemas/oai.ts'
import { element } from '../../schemas/xml.ts'

const open =
  `<oai_dc:dc xmlns:oai_dc="${oaiDc.metadataNamespace}" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
  ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
  ` xsi:schemaLocation="${oaiDc.metadataNamespace} ${oaiDc.schema}">`

/** @param page address of the record's page, which becomes an identifier that a person can follow */
export function writeOaiDc(dc: DublinCore, page?: string): string {
  let text = open
  for (const name of dcElements) {
    for (const { value, language } of dc[name] ?? []) text += element(`dc:${name}`, value, language)
  }
  const named = page === undefined || dc.identifier?.some(({ value }) => value === page)
  return `${text}${named ? '' : element('dc:identifier', page)}</oai_dc:dc>`
}
