// Whole answers held against the official schemas, whatever format their records are in.
import { complaints, hasSchema } from '../oai/validity.ts'

/** Complaints about an answer with records in this format; none: it is valid, or there is no schema for the format. */
export const complaintsAbout = (schemas: string, metadataPrefix: string, xml: string): string[] =>
  hasSchema(schemas, metadataPrefix) ? complaints(schemas, metadataPrefix, xml) : []
