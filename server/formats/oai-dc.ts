// A record as oai_dc: http://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
// A plain writer: per record an XML tree costs 40 times as much (DESIGN, Formats); xmlbuilder2 is its oracle in the tests.
import { dcElements, type DublinCore } from '../../schemas/dublin-core.ts'
import { oaiDc } from '../../schemas/oai.ts'
import { elements } from './writer.ts'

const open =
  `<oai_dc:dc xmlns:oai_dc="${oaiDc.metadataNamespace}" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
  ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
  ` xsi:schemaLocation="${oaiDc.metadataNamespace} ${oaiDc.schema}">`

/**
 * @param page address of the record's page, added as the dc:identifier that a person can follow
 */
export function writeOaiDc(dc: DublinCore, page: string | undefined): string {
  let text = open
  for (const name of dcElements) {
    const values = dc[name]
    if (name === 'identifier' && page && !values?.some((each) => each.value === page)) {
      text += elements('dc:identifier', [{ value: page }])
    }
    text += elements(`dc:${name}`, values)
  }
  return `${text}</oai_dc:dc>`
}
