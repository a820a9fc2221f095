// Metadata of one format held against the official schemas, many records in one answer.
import type { MetadataFormat } from '../../schemas/oai.ts'
import { complaints } from '../oai/validity.ts'

const answer = (metadata: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">` +
  `<responseDate>2026-11-21T10:00:00Z</responseDate><request>https://museum.example.org/oai</request>` +
  `<ListRecords>${metadata
    .map(
      (each) =>
        `<record><header><identifier>oai:museum.example.org:1</identifier>` +
        `<datestamp>2026-11-21T10:00:00Z</datestamp></header><metadata>${each}</metadata></record>`,
    )
    .join('')}</ListRecords></OAI-PMH>`

/** Complaints of the schema about these records; none: they are valid. */
export function faults(schemas: string, format: MetadataFormat, metadata: string[]): string[] {
  return complaints(schemas, format.metadataPrefix, answer(metadata))
}
