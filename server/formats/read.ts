// Metadata that came from elsewhere, read into Dublin Core and links: one reader per format, by namespace.
import type { DublinCore } from '../../schemas/dublin-core.ts'
import type { Keeper, Links } from '../../schemas/record.ts'
import type { XmlElement } from '../../schemas/xml-tree.ts'
import { readEdm } from './edm-read.ts'
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

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/** Dublin Core and links of a metadata root; undefined where no reader knows the format. */
export function readMetadata(root: XmlElement, provenance: Provenance): Reading | undefined {
  if (root.namespace === rdf && root.name === 'RDF') return readEdm(root, provenance)
  const reading = readOaiDc(root, provenance)
  return Object.keys(reading.dc).length ? reading : undefined
}
