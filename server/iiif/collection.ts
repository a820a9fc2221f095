// Collections of Presentation 3: https://iiif.io/api/presentation/3.0/#51-collection
// A large collection is a list of pages, each a collection of its own, so that no answer grows with the collection.
// Pure: rows in, JSON out.
import type {
  Collection as CollectionJson,
  CollectionItems,
  ResourceProvider,
} from '@iiif/presentation-3'
import type { Collection } from '../collections/entities.ts'
import type { Image } from '../files/files.ts'
import type { Page, Pictured } from '../records/records.ts'
import { labelOf } from './manifest.ts'
import { fromTranslations, name } from './language-map.ts'
import {
  keeperOf,
  presentationContext,
  providerOf,
  resource,
  thumbnailOf,
  webPage,
  type Signature,
} from './resources.ts'
import { rightsAddress } from './rights.ts'

/** Records on one page. */
export const pageSize = 500
/** Pages in one list; what is beyond them is one more list. */
export const listSize = 500

export interface Contents {
  collection: Collection
  parent: Collection | undefined
  children: Collection[]
  /** Not the whole: the list that begins after this number on the line. */
  after: number
  /** The records themselves, where they fit one page; else its pages. */
  records: Pictured[]
  pages: Page[]
  images: Map<string, Image>
}

export function collectionOf(contents: Contents, brick: Signature): CollectionJson {
  const { collection, parent, children, after, records, pages, images } = contents
  const { links } = brick
  const id = links.collectionManifest(collection.slug)
  const rights = collection.rights ? rightsAddress(collection.rights) : undefined
  const description = Object.keys(collection.description).length > 0
  const last = pages.length === listSize ? pages.at(-1) : undefined
  return {
    '@context': presentationContext,
    id: after === 0 ? id : `${id}/after/${after}`,
    type: 'Collection',
    label: fromTranslations(collection.title),
    ...(description && { summary: fromTranslations(collection.description) }),
    ...(rights && { rights: rights as NonNullable<CollectionJson['rights']> }),
    provider: [providerOf(brick)],
    homepage: [webPage(links.collection(collection.slug), fromTranslations(collection.title))],
    ...(parent && {
      partOf: [{ id: links.collectionManifest(parent.slug), type: 'Collection' as const }],
    }),
    items: [
      ...children.map((child) => reference(links.collectionManifest(child.slug), child)),
      ...records.map((record) => itemOf(record, images, brick)),
      ...pages.slice(0, last ? -1 : undefined).map((page, index) => pageReference(id, page, index)),
      ...(last ? [rest(id, last)] : []),
    ],
  }
}

/** One page of a large collection. */
export function pageOf(
  collection: Collection,
  after: number,
  records: Pictured[],
  images: Map<string, Image>,
  brick: Signature,
): CollectionJson {
  const id = brick.links.collectionManifest(collection.slug)
  return {
    '@context': presentationContext,
    id: `${id}/pages/${after}`,
    type: 'Collection',
    label: fromTranslations(collection.title),
    partOf: [{ id, type: 'Collection' }],
    items: records.map((record) => itemOf(record, images, brick)),
  }
}

/** All collections of this brick that stand under no other. */
export function topOf(tops: Collection[], id: string, brick: Signature): CollectionJson {
  return {
    '@context': presentationContext,
    id,
    type: 'Collection',
    label: name(brick.config.name),
    provider: [providerOf(brick)],
    homepage: [webPage(brick.links.home(), name(brick.config.name))],
    items: tops.map((each) => reference(brick.links.collectionManifest(each.slug), each)),
  }
}

// The types want the items of a collection that is only referred to; the specification does not.
const bare = (item: {
  id: string
  type: 'Collection' | 'Manifest'
  label: object
  thumbnail?: object[]
  provider?: ResourceProvider[]
}): CollectionItems => item as unknown as CollectionItems

const reference = (id: string, collection: Collection): CollectionItems =>
  bare({ id, type: 'Collection', label: fromTranslations(collection.title) })

function pageReference(id: string, { after, count }: Page, index: number): CollectionItems {
  const from = index * pageSize + 1
  return bare({
    id: `${id}/pages/${after}`,
    type: 'Collection',
    label: name(`${from}–${from + count - 1}`),
  })
}

const rest = (id: string, { after }: Page): CollectionItems =>
  bare({
    id: `${id}/after/${after}`,
    type: 'Collection',
    label: { en: ['More'], fr: ['Suite'] },
  })

function itemOf(
  record: Pictured,
  images: Map<string, Image>,
  { links }: Signature,
): CollectionItems {
  const image = record.files.map((file) => images.get(file.image ?? '')).find(Boolean)
  const keeper = record.keeper && keeperOf(record.keeper)
  const remote = record.links?.thumbnail
  return bare({
    id: record.links?.manifest ?? links.manifest(record.id),
    type: 'Manifest',
    label: labelOf(record),
    ...(image
      ? { thumbnail: [thumbnailOf(image, links)] }
      : remote
        ? { thumbnail: [resource({ id: remote, type: 'Image', format: 'image/jpeg' })] }
        : {}),
    ...(keeper && { provider: [keeper] }),
  })
}

/** The image that stands for each record in a list. */
export const firstImages = (records: Pictured[]): string[] =>
  records.flatMap((record) => record.files.find((file) => file.image)?.image ?? [])
