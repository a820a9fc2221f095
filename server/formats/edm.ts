// A record in the Europeana Data Model, external profile: https://pro.europeana.eu/page/edm-documentation
// Besides Dublin Core it carries what the brick above needs to show an object that it does not hold: page, image,
// thumbnail, IIIF service and manifest, and who keeps it.
import { dcElements, type DublinCore, type Value } from '../../schemas/dublin-core.ts'
import type { Links } from '../../schemas/record.ts'
import { element, escapeAttribute } from '../../schemas/xml.ts'
import { elements } from './writer.ts'

export interface EdmInput {
  /** Address of the record's page: the stem of its URIs. */
  page: string
  dc: DublinCore
  links: Links
  /** Who holds the object (edm:dataProvider). */
  keeper: string
  /** Rights statement where the record has none of its own. */
  rights: string | undefined
}

/** "Copyright not evaluated": what is true when nobody has said anything. */
const notEvaluated = 'http://rightsstatements.org/vocab/CNE/1.0/'

const open =
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
  ` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:edm="http://www.europeana.eu/schemas/edm/"` +
  ` xmlns:ore="http://www.openarchives.org/ore/terms/" xmlns:svcs="http://rdfs.org/sioc/services#"` +
  ` xmlns:doap="http://usefulinc.com/ns/doap#">`

const imageProtocol = 'http://iiif.io/api/image'

export function writeEdm({ page, dc, links, keeper, rights }: EdmInput): string {
  const object = `${page}#object`
  const statement = rightsUri(dc.rights) ?? (rights && isRightsUri(rights) ? rights : notEvaluated)
  let text = `${open}<edm:ProvidedCHO rdf:about="${escapeAttribute(object)}">`
  for (const name of dcElements) text += elements(`dc:${name}`, dc[name])
  text += `${element('edm:type', edmType(dc, links))}</edm:ProvidedCHO>`
  text += webResource(links, statement)
  text += `<ore:Aggregation rdf:about="${escapeAttribute(`${page}#aggregation`)}">`
  text += resource('edm:aggregatedCHO', object)
  text += element('edm:dataProvider', keeper)
  text += resource('edm:isShownAt', links.homepage ?? page)
  text += resource('edm:isShownBy', links.image)
  text += resource('edm:object', links.thumbnail)
  text += element('edm:provider', keeper)
  text += resource('edm:rights', statement)
  return `${text}</ore:Aggregation>${service(links)}</rdf:RDF>`
}

function resource(name: string, address: string | undefined): string {
  return address ? `<${name} rdf:resource="${escapeAttribute(address)}"/>` : ''
}

function webResource(links: Links, rights: string): string {
  if (!links.image) return ''
  return (
    `<edm:WebResource rdf:about="${escapeAttribute(links.image)}">` +
    resource('edm:rights', rights) +
    resource('dcterms:isReferencedBy', links.manifest) +
    resource('svcs:has_service', links.imageService) +
    `</edm:WebResource>`
  )
}

function service(links: Links): string {
  if (!links.image || !links.imageService) return ''
  return (
    `<svcs:Service rdf:about="${escapeAttribute(links.imageService)}">` +
    `<dcterms:conformsTo rdf:resource="${imageProtocol}"/>` +
    `<doap:implements rdf:resource="http://iiif.io/api/image/3/level2.json"/></svcs:Service>`
  )
}

const rightsHosts = ['creativecommons.org', 'rightsstatements.org', 'www.europeana.eu']

/** Whether this is a statement that aggregators know: Creative Commons, RightsStatements.org. */
export function isRightsUri(text: string): boolean {
  return URL.canParse(text) && rightsHosts.includes(new URL(text).hostname)
}

function rightsUri(values: Value[] | undefined): string | undefined {
  return values?.map((each) => each.value.trim()).find(isRightsUri)
}

const kinds: [RegExp, string][] = [
  [/\b(sound|audio|son|song|chanson|music|musique|enregistrement|recording|oral)/i, 'SOUND'],
  [/\b(video|vidéo|film|movie|moving image)/i, 'VIDEO'],
  [
    /\b(image|photo|draw|dessin|paint|peint|print|estampe|poster|affiche|sculpt|négatif|negative)/i,
    'IMAGE',
  ],
]

/** edm:type is one of TEXT, IMAGE, SOUND, VIDEO, 3D. */
function edmType(dc: DublinCore, links: Links): string {
  const words = (dc.type ?? []).map((each) => each.value).join(' ')
  const found = kinds.find(([pattern]) => pattern.test(words))
  return found?.[1] ?? (links.image || links.thumbnail ? 'IMAGE' : 'TEXT')
}
