// The words for a record and what surrounds it, spoken by every room.
import type { DublinCore } from './dublin-core.ts'
import type { Likeness, Look } from './likeness.ts'

/** Text in several languages, keyed by BCP 47 tag; `und` where the language is not known. */
export type Translations = Record<string, string>

export const statuses = ['draft', 'published', 'withdrawn'] as const
export type Status = (typeof statuses)[number]

export const visibilities = ['open', 'on-request', 'closed'] as const
export type Visibility = (typeof visibilities)[number]

/** Levels of the hierarchy, from the root down. */
export const levels = [
  'international',
  'national',
  'regional',
  'city',
  'university',
  'museum',
  'archive',
  'library',
  'laboratory',
  'school',
  'association',
  'individual',
] as const
export type Level = (typeof levels)[number]

/** JSON as it comes: what a depositor or a remote brick gave. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** Where a harvested record lives: addresses at the brick that holds it. */
export interface Links {
  homepage?: string
  manifest?: string
  thumbnail?: string
  /** Direct link to the image or file itself (edm:isShownBy). */
  image?: string
  /** IIIF Image API service of the first image. */
  imageService?: string
  /** What its pictures look like, the first one first. */
  looks?: Look[]
}

/** One step of the way that a record travelled, as in the OAI-PMH provenance container, newest first. */
export interface Origin {
  baseUrl: string
  identifier: string
  datestamp: string
  metadataNamespace: string
  harvestDate: string
  altered: boolean
  /** Under which rights the description was given out here: an address, or words. */
  rights?: string
}

/** A page of a file that is shown: a picture is one page. */
export interface Page {
  /** The identifier of its IIIF Image service. */
  image: string
  width: number
  height: number
  /** What it looks like. */
  likeness?: Likeness
}

/** A file of a record; one that is shown also has its first page, and the others where there are several. */
export interface FileReference extends Partial<Page> {
  sha256: string
  name: string
  mediaType: string
  size: number
  /** From the second on. */
  furtherPages?: Page[]
  label?: Translations
}

/** All pages of a file, the first one first; none where it is not shown. */
export function pagesOf({ image, width, height, likeness, furtherPages }: FileReference): Page[] {
  if (image === undefined) return []
  const first = { image, width: width ?? 0, height: height ?? 0, ...(likeness && { likeness }) }
  return [first, ...(furtherPages ?? [])]
}

/** Whether it is given as it is kept: a picture is given by its image service, a document of pages in both ways. */
export const isGiven = ({ image, mediaType }: FileReference): boolean =>
  image === undefined || mediaType === 'application/pdf'

/** Who keeps an object: the brick, by name and address. */
export interface Keeper {
  name: string
  url?: string
}

export interface StoredRecord {
  id: string
  identifier: string
  collectionId: number
  key: string
  profile: string
  status: Status
  visibility: Visibility
  source: JsonObject
  metadata: JsonObject
  dc: DublinCore
  files: FileReference[]
  /** Only on a harvested record. */
  links?: Links
  /** Only on a harvested record: the brick that holds it. */
  keeper?: Keeper
  /** Only on a harvested record: newest step first. */
  origins?: Origin[]
  sourceId?: number
  /** Masks of the partial metadata formats that it can be given in (server/records/offered.ts). */
  formats?: number
  sequence?: number
  datestamp?: string
}
