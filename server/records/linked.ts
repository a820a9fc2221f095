// The record for machines that read pages: schema.org as JSON-LD, and Signposting (https://signposting.org/FAIR/).
import { inLanguage, type Value } from '../../schemas/dublin-core.ts'
import { safeUrl, scriptJson, type Html, type Visit } from '../web/web.ts'
import type { RecordView } from './view.ts'

const kinds: [RegExp, string][] = [
  [/dataset|données/i, 'Dataset'],
  [/photogra/i, 'Photograph'],
  [/drawing|dessin/i, 'Drawing'],
  [/painting|peinture/i, 'Painting'],
  [/poster|affiche/i, 'Poster'],
  [/sculpture/i, 'Sculpture'],
  [/\bmap\b|\bcarte\b/i, 'Map'],
  [/moving ?image|video|vidéo|film/i, 'VideoObject'],
  [/sound|audio|\bson\b/i, 'AudioObject'],
  [/book|livre/i, 'Book'],
  [/article/i, 'Article'],
  [/image/i, 'ImageObject'],
]

/** The type of schema.org that fits best what the record says of its own. */
export function kindOf(types: Value[]): string {
  for (const { value } of types) {
    const kind = kinds.find(([pattern]) => pattern.test(value))
    if (kind) return kind[1]
  }
  return 'CreativeWork'
}

const texts = (values: Value[]): string | string[] | undefined => {
  const plain = values.map(({ value }) => value)
  return plain.length > 1 ? plain : plain[0]
}

/** schema.org in JSON-LD, for the page's script element. */
export function linkedData(visit: Visit, view: RecordView): Html {
  const { record, keeper, rights } = view
  const { dc } = record
  const read = (values: Value[] | undefined): string | string[] | undefined =>
    texts(inLanguage(values, visit.language))
  return scriptJson({
    '@context': 'https://schema.org',
    '@type': kindOf(dc.type ?? []),
    '@id': view.address,
    url: view.address,
    identifier: record.identifier,
    name: view.title.value,
    description: read(dc.description),
    creator: inLanguage(dc.creator, visit.language).map(({ value }) => ({
      '@type': 'Thing',
      name: value,
    })),
    dateCreated: read(dc.date),
    keywords: read(dc.subject),
    inLanguage: read(dc.language),
    license: rights.uri,
    image: view.shots[0]?.src,
    thumbnailUrl: view.shots[0]?.thumb,
    sameAs: safeUrl(record.links?.homepage),
    maintainer: { '@type': 'Organization', name: keeper.name, url: safeUrl(keeper.url) },
    isPartOf: view.collections.map(({ slug }) => visit.ctx.links.collection(slug)),
  })
}

/** Link header: what the record is, how to cite it, where its descriptions and its picture are. */
export function signposts({ ctx }: Visit, view: RecordView): string {
  const { record, rights } = view
  const links: [address: string, rel: string, type?: string][] = [
    [view.address, 'cite-as'],
    [`https://schema.org/${kindOf(record.dc.type ?? [])}`, 'type'],
    ['https://schema.org/AboutPage', 'type'],
  ]
  if (rights.uri) links.push([rights.uri, 'license'])
  if (view.manifest) links.push([view.manifest, 'describedby', 'application/ld+json'])
  links.push([ctx.links.api('records', record.id), 'describedby', 'application/json'])
  for (const shot of view.shots.slice(0, 5)) links.push([shot.download ?? shot.src, 'item'])
  return links
    .flatMap(([address, rel, type]) => {
      if (!URL.canParse(address)) return []
      const target = new URL(address).href.replace(/[<>]/g, encodeURIComponent)
      return [`<${target}>; rel="${rel}"${type ? `; type="${type}"` : ''}`]
    })
    .join(', ')
}
