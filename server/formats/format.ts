// What a metadata format of the provider is: a pure function from a record, as anybody may see it, to XML.
import type { DublinCore } from '../../schemas/dublin-core.ts'
import type { Likeness } from '../../schemas/likeness.ts'
import type { MetadataFormat } from '../../schemas/oai.ts'
import type { JsonObject, Keeper, Links, Translations } from '../../schemas/record.ts'

/** A record as the formats see it: what is public of it, whoever keeps it. */
export interface Described {
  /** OAI identifier. */
  identifier: string
  /** Address of its page: at the brick that holds it for a harvested one. */
  page: string
  /** When it last changed here: UTC, seconds. */
  datestamp: string
  dc: DublinCore
  links: Links
  /** Who holds the object. */
  keeper: Keeper
  /** Who gives out this description: the operator of this brick. */
  provider: Keeper
  /** What its collection says of rights (a URI or a sentence), for a record that says nothing itself. */
  rights?: string
  collection: { title: Translations; page: string }
  /** Files that this brick holds and the public may have; none where they are kept back or kept elsewhere. */
  files: DescribedFile[]
  /** Its files are kept back. */
  isRestricted: boolean
  profile: string
  /** Its own fields, under its profile. */
  metadata: JsonObject
}

export interface DescribedFile {
  /** Where anybody gets it. */
  address: string
  name: string
  mediaType: string
  /** In bytes; of a page of a file that is described beside it, nothing. */
  size?: number
  /** Of the file, of a page that of the file that it is in: lower-case hexadecimal. */
  sha256: string
  /** In pixels. */
  width?: number
  height?: number
  /** IIIF Image API 3 service. */
  imageService?: string
  thumbnail?: string
  /** Of a picture: what it looks like. */
  likeness?: Likeness
  label?: Translations
}

/** What a format asks for and a record lacks; the words for its owner are `lack.…` in server/text. */
export const lacks = [
  'title',
  'title-or-description',
  'subject-type-place-or-time',
  'language',
  'rights',
  'creator',
  'date',
  'file',
  'profile',
] as const
export type Lack = (typeof lacks)[number]

export interface Format extends MetadataFormat {
  /** Goes up by one whenever `write` makes something else of the same record: its records then get new numbers. */
  revision: number
  /** Whether there are records that cannot be given in it. */
  partial: boolean
  /** Whether `write` needs the record's own fields (`metadata`), which are read for such a format only. */
  own?: true
  /** What the record lacks for this format; nothing: it can be given in it. */
  lacks(record: Described): Lack[]
  /** The metadata element's content; only for a record that lacks nothing. */
  write(record: Described): string
}
