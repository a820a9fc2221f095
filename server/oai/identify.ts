// Identify: who this brick is, what it promises, whom it knows (OAI-PMH 2.0, section 4.2, and the guidelines of its
// description containers). Small and rare, so it is made as a tree.
import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { containers } from '../../schemas/oai.ts'
import { writePoint } from '../../schemas/point.ts'
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
  const tree = create({ encoding: 'UTF-8' }).ele('Identify')
  tree.ele('repositoryName').txt(config.name)
  tree.ele('baseURL').txt(ctx.links.oai())
  tree.ele('protocolVersion').txt('2.0')
  tree.ele('adminEmail').txt(config.adminEmail)
  tree.ele('earliestDatestamp').txt(formatDatestamp(await earliestDatestamp(ctx)))
  tree.ele('deletedRecord').txt('persistent')
  tree.ele('granularity').txt('YYYY-MM-DDThh:mm:ssZ')
  for (const coding of codings) tree.ele('compression').txt(coding)
  const scheme = container(tree, 'oai-identifier', containers.oaiIdentifier)
  scheme.ele('scheme').txt('oai')
  scheme.ele('repositoryIdentifier').txt(config.domain)
  scheme.ele('delimiter').txt(':')
  scheme.ele('sampleIdentifier').txt(`oai:${config.domain}:1`)
  const friends = await friendsOf(ctx)
  if (friends.length) {
    const list = container(tree, 'friends', containers.friends)
    for (const friend of friends) list.ele('baseURL').txt(friend)
  }
  const icon = container(tree, 'branding', containers.branding).ele('collectionIcon')
  icon.ele('url').txt(asset(ctx, 'icon.svg'))
  icon.ele('link').txt(ctx.links.home())
  icon.ele('title').txt(config.name)
  if (config.metadataRights !== undefined) {
    container(tree, 'rightsManifest', containers.rightsManifest)
      .att('appliesTo', 'http://www.openarchives.org/OAI/2.0/entity#metadata')
      .ele('rights')
      .ele('rightsReference', { ref: config.metadataRights })
  }
  const text = tree.end({ headless: true })
  return text.replace(
    /<\/Identify>$/,
    () => `<description>${selfDescription(ctx)}</description></Identify>`,
  )
}

function container(
  tree: XMLBuilder,
  name: string,
  { namespace, schema }: { namespace: string; schema: string },
): XMLBuilder {
  return tree
    .ele('description')
    .ele(namespace, name)
    .att(
      'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation',
      `${namespace} ${schema}`,
    )
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
