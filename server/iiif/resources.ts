// The small things that manifests and collections are made of: thumbnails, services, links, who provides them.
import type {
  AuthProbeService2,
  ContentResource,
  ImageService2,
  ImageService3,
  InternationalString,
  ResourceProvider,
} from '@iiif/presentation-3'
import type { Config } from '../../config/config.ts'
import type { Keeper } from '../../schemas/record.ts'
import type { Image } from '../files/files.ts'
import type { Addresses } from '../http/links.ts'
import { sizesOf, versions } from './image-versions.ts'
import { name } from './language-map.ts'

export const presentationContext = 'http://iiif.io/api/presentation/3/context.json'

/** This brick, as it signs what it publishes. */
export interface Signature {
  config: Pick<Config, 'name' | 'operator'>
  links: Addresses
}

interface Resource {
  id: string
  type: 'Image' | 'Text' | 'Dataset'
  format: string
  label?: InternationalString
  profile?: string
  width?: number
  height?: number
  service?: object[]
}

// The published types leave out properties that the specification allows (label, sizes of a service); ours states them.
export const resource = (content: Resource): ContentResource => content as ContentResource

export const webPage = (id: string, label: InternationalString): ContentResource =>
  resource({ id, type: 'Text', format: 'text/html', label })

/**
 * Version 3 for those who know it, 2 for those who do not.
 * @param probe where the pictures are shown on request
 */
export function services(
  image: Image,
  links: Addresses,
  probe?: AuthProbeService2,
): (ImageService2 | ImageService3)[] {
  const { width, height } = image
  const guard = probe && { service: [probe] }
  return [
    {
      id: links.imageService(image.id, 3),
      type: 'ImageService3',
      profile: 'level2',
      width,
      height,
      ...guard,
    },
    {
      '@id': links.imageService(image.id, 2),
      '@type': 'ImageService2',
      profile: versions[2].profile,
      width,
      height,
      ...guard,
    },
  ]
}

const thumbnailSide = 400

/** The level of the pyramid that is nearest to a thumbnail's size, with the others to choose from. */
export function thumbnailOf(image: Image, links: Addresses): ContentResource {
  const sizes = sizesOf(image)
  const fitting = sizes.findLast((size) => Math.max(size.width, size.height) <= thumbnailSide * 1.3)
  const { width, height } = fitting ?? sizes[0] ?? image
  return resource({
    id: links.image(image.id, `${width},${height}`),
    type: 'Image',
    format: 'image/jpeg',
    width,
    height,
    service: services(image, links).map((service) => ({ ...service, sizes })),
  })
}

export function providerOf({ config, links }: Signature): ResourceProvider {
  return {
    id: links.home(),
    type: 'Agent',
    label: name(config.operator),
    homepage: [webPage(links.home(), name(config.name))],
  }
}

/** The brick that holds a harvested object. */
export function keeperOf(keeper: Keeper): ResourceProvider | undefined {
  if (!keeper.url) return undefined
  return {
    id: keeper.url,
    type: 'Agent',
    label: name(keeper.name),
    homepage: [webPage(keeper.url, name(keeper.name))],
  }
}
