// Metadata that came from elsewhere, read into Dublin Core and links: one reader per format, by namespace.
import type { DublinCore } from '../../schemas/dublin-core.ts'
import type { Keeper, Links } from '../../schemas/record.ts'
import type { XmlElement } from '../../schemas/xml-tree.ts'
import { mets, mods } from '../../schemas/oai.ts'
import { dataciteResource, readDatacite } from './datacite-read.ts'
import { readEdm } from './edm-read.ts'
import { readMets } from './mets-read.ts'
import { readMods } from './mods-read.ts'
import { readOaiDc } from './oai-dc-read.ts'

/** What a description that came from elsewhere says. */
export interface Reading {
  dc: DublinCore
  links: Links
  keeper: Keeper
  /** What had to be cut. */
  cut: string[]
}

/** What is known of where it came from. */
export interface Provenance {
  repositoryName: string
  /** Host of the source, to tell its own pages from other links. */
  host: string
}

/** Goes up by one whenever something else is read out of the same metadata: what was read before is then read again. */
export const readingRevision = 2

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/** Dublin Core and links of a metadata root; undefined where no reader knows the format. */
export function readMetadata(root: XmlElement, provenance: Provenance): Reading | undefined {
  return readerOf(root)(root, provenance)
}

type Reader = (root: XmlElement, provenance: Provenance) => Reading | undefined

function readerOf(root: XmlElement): Reader {
  if (root.namespace === rdf && root.name === 'RDF') return readEdm
  if (root.namespace === mets.metadataNamespace) return readMets
  if (root.namespace === mods.metadataNamespace) return unlessEmpty(readMods)
  const resource = dataciteResource(root)
  return unlessEmpty(resource ? (_, provenance) => readDatacite(resource, provenance) : readOaiDc)
}

/** Of a format that tells nothing but the description, nothing read is nothing known. */
const unlessEmpty =
  (read: Reader): Reader =>
  (root, provenance) => {
    const reading = read(root, provenance)
    return reading && Object.keys(reading.dc).length ? reading : undefined
  }
