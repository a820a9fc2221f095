// Image API 2.1 and 3.0 side by side: a table from the version's number to what differs between them.
import type {
  AuthProbeService2,
  Image3ExtraFeatures,
  ImageService2,
  ImageService3,
  ImageServiceProfile,
} from '@iiif/presentation-3'
import { tileSize, type Image } from '../files/files.ts'
import { limits, type Dimensions, type Drawing } from './image-geometry.ts'
import { formats, qualities, type Version } from './image-request.ts'

export const authContext = 'http://iiif.io/api/auth/2/context.json'

export interface ImageVersion {
  context: string
  /** Compliance level as an address, for the Link header; written with http: as the specification defines it. */
  profile: ImageServiceProfile
  /** @param probe where the pictures are shown on request */
  info(
    image: Image,
    id: string,
    probe: AuthProbeService2 | undefined,
  ): ImageService2 | ImageService3
  /** The size parameter of the canonical address. */
  canonicalSize(drawing: Drawing): string
}

export const versions: Record<Version, ImageVersion> = {
  2: {
    context: 'http://iiif.io/api/image/2/context.json',
    profile: 'http://iiif.io/api/image/2/level2.json',
    info: (image, id, probe) => ({
      '@context': versions[2].context,
      '@id': id,
      '@type': 'ImageService2',
      protocol: 'http://iiif.io/api/image',
      width: image.width,
      height: image.height,
      sizes: sizesOf(image),
      tiles: tilesOf(image),
      profile: [
        versions[2].profile,
        {
          formats: [...formats],
          qualities: [...qualities],
          supports: supports2,
          ...limits,
        },
      ],
      // Its own context knows nothing of the service, which therefore brings one.
      ...(probe && { service: [{ '@context': authContext, ...probe }] }),
    }),
    // 2.1, 4.7: "full", else "w," where the shape is kept, else "w,h".
    canonicalSize({ region, size }) {
      if (same(size, region)) return 'full'
      return keepsShape(region, size) ? `${size.width},` : `${size.width},${size.height}`
    },
  },
  3: {
    context: 'http://iiif.io/api/image/3/context.json',
    profile: 'http://iiif.io/api/image/3/level2.json',
    info: (image, id, probe) => ({
      '@context': probe ? [authContext, versions[3].context] : versions[3].context,
      id,
      type: 'ImageService3',
      protocol: 'http://iiif.io/api/image',
      profile: 'level2',
      width: image.width,
      height: image.height,
      ...limits,
      sizes: sizesOf(image),
      tiles: tilesOf(image),
      preferredFormats: ['jpg', 'webp'],
      extraFormats: formats.filter((format) => format !== 'jpg' && format !== 'png'),
      extraQualities: qualities.filter((quality) => quality !== 'default'),
      extraFeatures: extraFeatures3,
      ...(probe && { service: [probe] }),
    }),
    // 3.0, 4.7: "max" where it is the largest without scaling up, else "w,h", after "^" where it is scaled up.
    canonicalSize({ region, size }) {
      if (same(size, region)) return 'max'
      const larger = size.width > region.width || size.height > region.height
      return `${larger ? '^' : ''}${size.width},${size.height}`
    },
  },
}

const supports2 = [
  'baseUriRedirect',
  'canonicalLinkHeader',
  'cors',
  'jsonldMediaType',
  'mirroring',
  'profileLinkHeader',
  'regionByPct',
  'regionByPx',
  'regionSquare',
  'rotationArbitrary',
  'rotationBy90s',
  'sizeAboveFull',
  'sizeByConfinedWh',
  'sizeByDistortedWh',
  'sizeByForcedWh',
  'sizeByH',
  'sizeByPct',
  'sizeByW',
  'sizeByWh',
]

// What level 2 does not ask for already.
const extraFeatures3: Image3ExtraFeatures[] = [
  'canonicalLinkHeader',
  'mirroring',
  'profileLinkHeader',
  'rotationArbitrary',
  'sizeUpscaling',
]

const same = (a: Dimensions, b: Dimensions): boolean => a.width === b.width && a.height === b.height

const keepsShape = (region: Dimensions, size: Dimensions): boolean =>
  Math.max(1, Math.round((region.height * size.width) / region.width)) === size.height

/** Whole pictures that cost least: the pyramid's own levels, smallest first. */
export function sizesOf(image: Image): Dimensions[] {
  return image.levels
    .filter(
      ({ width, height }) =>
        width <= limits.maxWidth && height <= limits.maxHeight && width * height <= limits.maxArea,
    )
    .map(({ width, height }) => ({ width, height }))
    .toReversed()
}

const tilesOf = (image: Image): { width: number; height: number; scaleFactors: number[] }[] => [
  { width: tileSize, height: tileSize, scaleFactors: image.levels.map((_, level) => 2 ** level) },
]
