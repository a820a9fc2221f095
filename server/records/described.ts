// A record as the formats see it, for who may see it: everybody.
import { confined } from '../../schemas/image-address.ts'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import {
  isGiven,
  pagesOf,
  type FileReference,
  type JsonObject,
  type Keeper,
  type Links,
  type Page,
  type Status,
  type Translations,
  type Visibility,
} from '../../schemas/record.ts'
import { sightOf } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import type { Described, DescribedFile } from '../formats/format.ts'
import { linksOf, thumbnailSide } from './links.ts'

export interface Describable {
  id: string
  identifier: string
  datestamp: string
  status: Status
  visibility: Visibility
  profile: string
  metadata: JsonObject
  dc: DublinCore
  files: FileReference[]
  links?: Links
  keeper?: Keeper
  collection: { slug: string; title: Translations; rights: string | null }
}

export function describe(ctx: Context, record: Describable): Described {
  const { id, identifier, datestamp, dc, profile, metadata, collection } = record
  const links = linksOf(ctx, record)
  const self: Keeper = { name: ctx.config.name, url: ctx.config.baseUrl }
  const isOpen = sightOf(anybody, record) === 'all'
  return {
    identifier,
    page: links.homepage ?? ctx.links.record(id),
    datestamp,
    dc,
    links,
    keeper: record.keeper ?? self,
    provider: self,
    ...(collection.rights !== null && { rights: collection.rights }),
    collection: { title: collection.title, page: ctx.links.collection(collection.slug) },
    files: isOpen ? record.files.flatMap((file) => describedFiles(ctx, file)) : [],
    isRestricted: !isOpen,
    profile,
    metadata,
  }
}

// A list of descriptions has hundreds of records, and who harvests it takes none of any length: the manifest has all pages.
const mostPages = 64

/** A picture, the first pages of a file of several, and, where it is given as it is kept, the file itself. */
function describedFiles(ctx: Context, file: FileReference): DescribedFile[] {
  const { sha256, name, mediaType, size, label } = file
  const itself = { name, mediaType, size, sha256, ...(label && { label }) }
  const pages = pagesOf(file).slice(0, mostPages)
  const views = pages.map((page, nth): DescribedFile => {
    // The first page of what is not given stands for it.
    const said =
      nth === 0 && !isGiven(file)
        ? itself
        : { name, mediaType: 'image/jpeg', sha256, label: { und: String(nth + 1) } }
    return { ...said, ...viewOf(ctx, page) }
  })
  if (!isGiven(file)) return views
  return [...views, { ...itself, address: ctx.links.file(sha256, name) }]
}

function viewOf(
  ctx: Context,
  { image, width, height, likeness }: Page,
): Omit<DescribedFile, 'name' | 'mediaType' | 'sha256'> {
  const small =
    width && height
      ? confined({ width, height }, thumbnailSide)
      : { width: thumbnailSide, height: 0 }
  return {
    address: ctx.links.image(image, 'max'),
    ...(width && { width }),
    ...(height && { height }),
    ...(likeness && { likeness }),
    imageService: ctx.links.imageService(image),
    thumbnail: ctx.links.image(image, `${small.width},${small.height || ''}`),
  }
}
