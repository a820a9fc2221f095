// The metadata formats that this brick gives out, oai_dc first: every item has it (OAI-PMH 2.0, section 2.5).
import { oaiDc } from '../../schemas/oai.ts'
import { dctermsFormat } from './dcterms.ts'
import { edmFormat } from './edm.ts'
import type { Format } from './format.ts'
import { metsFormat } from './mets.ts'
import { modsFormat } from './mods.ts'
import { oaiDataciteFormat } from './oai-datacite.ts'
import { writeOaiDc } from './oai-dc.ts'
import { oaiOpenaireFormat } from './oai-openaire.ts'

export const oaiDcFormat: Format = {
  ...oaiDc,
  revision: 1,
  partial: false,
  lacks: () => [],
  write: ({ dc, page }) => writeOaiDc(dc, page),
}

export const standardFormats: Format[] = [
  oaiDcFormat,
  dctermsFormat,
  edmFormat,
  metsFormat,
  modsFormat,
  oaiDataciteFormat,
  oaiOpenaireFormat,
]
