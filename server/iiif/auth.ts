// What a client is told of images that are shown on request: https://iiif.io/api/auth/2.0/
import type { AuthAccessToken2, AuthProbeService2, InternationalString } from '@iiif/presentation-3'
import type { Context } from '../context.ts'
import type { Image } from '../files/files.ts'
import { languages, wordsIn, type Key } from '../text/text.ts'
import type { Shown } from './image-render.ts'
import { authContext } from './image-versions.ts'
import { services } from './resources.ts'

/** In both languages. */
function said(ctx: Context, key: Key): InternationalString {
  const { operator, adminEmail: contact, baseUrl } = ctx.config
  const site = new URL(baseUrl).host
  return Object.fromEntries(
    languages.map((language) => [
      language,
      [wordsIn(language).t(key, { operator, contact, site })],
    ]),
  )
}

// The specification asks for no profile here, but viewers that know only what came before it (Mirador 4.0) read the profile of
// every service in a manifest, and show nothing where one has none.
const typed = <T extends string>(type: T): { type: T; profile: string } => ({
  type,
  profile: `http://iiif.io/api/auth/2#${type}`,
})

/** How the pictures of an image can be seen. */
export function probeService(ctx: Context, image: string): AuthProbeService2 {
  const { links } = ctx
  return {
    id: links.iiifAuth('probe', image),
    ...typed('AuthProbeService2'),
    service: [
      {
        id: links.iiifAuth('access'),
        type: 'AuthAccessService2',
        profile: 'active',
        label: said(ctx, 'iiifAuth.label'),
        heading: said(ctx, 'iiifAuth.heading'),
        note: said(ctx, 'iiifAuth.note'),
        confirmLabel: said(ctx, 'iiifAuth.confirm'),
        service: [
          { id: links.iiifAuth('token'), ...typed('AuthAccessTokenService2') },
          {
            id: links.iiifAuth('logout'),
            ...typed('AuthLogoutService2'),
            label: said(ctx, 'iiifAuth.logout'),
          },
        ],
      },
    ],
    errorHeading: said(ctx, 'iiifAuth.heading'),
    errorNote: said(ctx, 'iiifAuth.note'),
  }
}

/**
 * What the one who asks would be answered if it asked for the picture itself.
 * @param instead what everybody may see of it
 */
export function probeResult(ctx: Context, isShown: boolean, instead: Image | undefined): object {
  const start = { '@context': authContext, type: 'AuthProbeResult2' }
  if (isShown) return { ...start, status: 200 }
  return {
    ...start,
    status: 401,
    ...(instead && { substitute: [substitute(ctx, instead)] }),
    heading: said(ctx, 'iiifAuth.heading'),
    note: said(ctx, 'iiifAuth.note'),
  }
}

function substitute({ links }: Context, image: Image): object {
  const { id, width, height } = image
  return {
    id: links.image(id, 'max'),
    type: 'Image',
    format: 'image/jpeg',
    width,
    height,
    service: services(image, links),
  }
}

/**
 * What everybody sees of an image that is shown on request: it as if it were no larger than its first small level. It has an
 * address of its own, so that no address ever means two pictures.
 */
export function previewOf({ config, links }: Context, image: Image): Preview | undefined {
  const most = config.previewPixels
  const first = image.levels.findIndex(({ width, height }) => Math.max(width, height) <= most)
  const level = image.levels[first]
  if (!level) return undefined
  const shown = { ...image, ...level, levels: image.levels.slice(first), first }
  return { shown, described: { ...shown, id: links.preview(image.id) } }
}

/** What stands before the pictures of a record that is shown on request. */
export interface Guard {
  probe(image: Image): AuthProbeService2
  preview(image: Image): Image | undefined
}

export const guardOf = (ctx: Context): Guard => ({
  probe: ({ id }) => probeService(ctx, id),
  preview: (image) => previewOf(ctx, image)?.described,
})

export interface Preview {
  shown: Shown
  /** As an image of its own. */
  described: Image
}

export const tokenMessage = (
  messageId: string,
  accessToken: string,
  expiresIn: number,
): AuthAccessToken2 => ({
  '@context': authContext,
  type: 'AuthAccessToken2',
  accessToken,
  expiresIn,
  messageId,
})

const tokenErrors = {
  invalidRequest: 'iiifAuth.invalidRequest',
  invalidOrigin: 'iiifAuth.invalidOrigin',
  missingAspect: 'iiifAuth.note',
  keptBack: 'iiifAuth.keptBack',
  invalidAspect: 'iiifAuth.invalidAspect',
  expiredAspect: 'iiifAuth.expiredAspect',
} satisfies Record<string, Key>

/** Why no token is given; `keptBack`: the browser sends no cookie to a frame on another site. */
export type TokenError = keyof typeof tokenErrors

export const tokenError = (ctx: Context, messageId: string, profile: TokenError): object => ({
  '@context': authContext,
  type: 'AuthAccessTokenError2',
  profile: profile === 'keptBack' ? 'missingAspect' : profile,
  messageId,
  heading: said(ctx, 'iiifAuth.heading'),
  note: said(ctx, tokenErrors[profile]),
})
