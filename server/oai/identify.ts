// Identify: who this brick is, what it promises, whom it knows (OAI-PMH 2.0, section 4.2, and the guidelines of its
// description containers).
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { containers } from '../../schemas/oai.ts'
import { writePoint } from '../../schemas/point.ts'
import { attribute, element } from '../../schemas/xml.ts'
import type { Context } from '../context.ts'
import type { Row } from '../db/db.ts'
import { writeOaiDc } from '../formats/oai-dc.ts'
import { version } from '../http/package.ts'
import { asset, parentUrl } from '../web/web.ts'
import { earliestDatestamp } from './list.ts'

/** Codings that answers come in besides their own, the preferred one first (section 3.1.3). */
export const codings = ['gzip', 'br', 'deflate'] as const
export type Coding = (typeof codings)[number]

export async function identifyElement(ctx: Context): Promise<string> {
  const { config } = ctx
  const friends = await friendsOf(ctx)
  return [
    '<Identify>',
    element('repositoryName', config.name),
    element('baseURL', ctx.links.oai()),
    element('protocolVersion', '2.0'),
    element('adminEmail', config.adminEmail),
    element('earliestDatestamp', formatDatestamp(await earliestDatestamp(ctx))),
    element('deletedRecord', 'persistent'),
    element('granularity', 'YYYY-MM-DDThh:mm:ssZ'),
    ...codings.map((coding) => element('compression', coding)),
    container('oai-identifier', containers.oaiIdentifier, [
      element('scheme', 'oai'),
      element('repositoryIdentifier', config.domain),
      element('delimiter', ':'),
      element('sampleIdentifier', `oai:${config.domain}:1`),
    ]),
    friends.length > 0 &&
      container(
        'friends',
        containers.friends,
        friends.map((friend) => element('baseURL', friend)),
      ),
    container('branding', containers.branding, [
      '<collectionIcon>',
      element('url', asset(ctx, 'icon.svg')),
      element('link', ctx.links.home()),
      element('title', config.name),
      '</collectionIcon>',
    ]),
    config.metadataRights !== undefined &&
      container(
        'rightsManifest',
        containers.rightsManifest,
        [`<rights><rightsReference${attribute('ref', config.metadataRights)}/></rights>`],
        attribute('appliesTo', 'http://www.openarchives.org/OAI/2.0/entity#metadata'),
      ),
    `<description>${selfDescription(ctx)}</description>`,
    '</Identify>',
  ]
    .filter(Boolean)
    .join('')
}

function container(
  name: string,
  { namespace, schema }: { namespace: string; schema: string },
  content: string[],
  attributes = '',
): string {
  const names =
    attribute('xmlns', namespace) +
    attribute('xmlns:xsi', 'http://www.w3.org/2001/XMLSchema-instance') +
    attribute('xsi:schemaLocation', `${namespace} ${schema}`)
  return `<description><${name}${names}${attributes}>${content.join('')}</${name}></description>`
}

/** The brick about itself, in words that any harvester knows: name, operator, level, place, home page, software. */
function selfDescription(ctx: Context): string {
  const { config, links } = ctx
  const above = parentUrl(ctx)
  return writeOaiDc({
    title: [{ value: config.name }],
    publisher: [{ value: config.operator }],
    type: [{ value: config.level }],
    format: [{ value: `CaMPA ${version}` }],
    ...(config.place && { coverage: [{ value: writePoint(config.place) }] }),
    ...(above && { relation: [{ value: above }] }),
    identifier: [{ value: links.home() }],
  })
}

/** Doors of the bricks below and of the one above: where a harvester can go on. */
async function friendsOf(ctx: Context): Promise<string[]> {
  const below = await ctx.db.query<{ url: string } & Row>(
    'SELECT url FROM sources WHERE NOT paused ORDER BY url LIMIT 1000',
  )
  const parent = parentUrl(ctx)
  const above = parent === undefined ? [] : [`${parent.replace(/\/oai$/, '')}/oai`]
  return [...new Set([...above, ...below.map(({ url }) => url)])]
}
