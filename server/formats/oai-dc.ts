// A record as oai_dc: http://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
// A plain writer: per record an XML tree costs 40 times as much (DESIGN, Formats); xmlbuilder2 is its oracle in the tests.
import { dcElements, type DublinCore } from '../../schemas/dublin-core.ts'
import { oaiDc } from '../../schemas/oai.ts'
import { element } from '../../schemas/xml.ts'

const open =
  `<oai_dc:dc xmlns:oai_dc="${oaiDc.metadataNamespace}" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
  ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
  ` xsi:schemaLocation="${oaiDc.metadataNamespace} ${oaiDc.schema}">`

const close = '</oai_dc:dc>'

export function writeOaiDc(dc: DublinCore): string {
  let text = open
  for (const name of dcElements) {
    for (const { value, language } of dc[name] ?? []) text += element(`dc:${name}`, value, language)
  }
  return text + close
}

/**
 * Finished oai_dc with the address of the record's page as an identifier that a person can follow. The address is not
 * stored with the text: it changes when the brick moves to another address.
 */
export function withPage(oaiDcText: string, page: string): string {
  const identifier = element('dc:identifier', page)
  return oaiDcText.includes(identifier)
    ? oaiDcText
    : oaiDcText.slice(0, -close.length) + identifier + close
}
