// A record in the Europeana Data Model, external profile: https://pro.europeana.eu/page/edm-documentation
// EDM Mapping Guidelines 2.4: what is mandatory there is what a record must have here to be given in it.
import { dcElements, type DcTerm } from '../../schemas/dublin-core.ts'
import { edm } from '../../schemas/oai.ts'
import { element, escapeAttribute } from '../../schemas/xml.ts'
import type { Described, Format, Lack } from './format.ts'
import { edmTypeOf } from './kinds.ts'
import { rightsAddressOf } from './rights.ts'
import { addressOf, isSaid, nameOf, resource } from './writer.ts'

const open =
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
  ` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:edm="http://www.europeana.eu/schemas/edm/"` +
  ` xmlns:ore="http://www.openarchives.org/ore/terms/" xmlns:svcs="http://rdfs.org/sioc/services#"` +
  ` xmlns:doap="http://usefulinc.com/ns/doap#">`

const imageProtocol = 'http://iiif.io/api/image'

/** Terms that EDM has no element for: their values go out under the element that they refine. */
const foreignTerms: ReadonlySet<DcTerm> = new Set([
  'abstract',
  'available',
  'modified',
  'dateCopyrighted',
  'license',
  'accessRights',
  'rightsHolder',
  'bibliographicCitation',
])

export const edmFormat: Format = { ...edm, revision: 2, partial: true, lacks: lacksOf, write }

function lacksOf(record: Described): Lack[] {
  const { dc } = record
  const missing: Lack[] = []
  // An alternative title alone is none: it goes out as dcterms:alternative.
  const titled = dc.title?.some((each) => isSaid(each) && each.term !== 'alternative')
  const described = dc.description?.some(
    (each) => isSaid(each) && each.term !== 'tableOfContents' && each.term !== 'provenance',
  )
  if (!titled && !described) missing.push('title-or-description')
  const placed = dc.coverage?.some((each) => isSaid(each) && each.term !== undefined)
  if (!dc.subject?.some(isSaid) && !dc.type?.some(isSaid) && !placed) {
    missing.push('subject-type-place-or-time')
  }
  if (!dc.language?.some(isSaid) && edmTypeOf(dc, record.links) === 'TEXT') missing.push('language')
  if (rightsAddressOf(record) === undefined) missing.push('rights')
  return missing
}

function write(record: Described): string {
  const { links, files } = record
  const stem = addressOf(record.page) ?? ''
  const object = stem.includes('#') ? `${stem}/object` : `${stem}#object`
  const rights = rightsAddressOf(record) ?? ''
  const image = addressOf(links.image) ?? addressOf(files[0]?.address)
  const views = viewsOf(record, image)
  let text = `${open}${objectElement(record, object)}`
  for (const view of views) text += webResource(view, rights)
  text += `<ore:Aggregation rdf:about="${escapeAttribute(object.replace(/object$/, 'aggregation'))}">`
  text += resource('edm:aggregatedCHO', object)
  text += element('edm:dataProvider', nameOf(record.keeper, record.provider))
  for (const { address } of views) if (address !== image) text += resource('edm:hasView', address)
  text += resource('edm:isShownAt', addressOf(links.homepage) ?? stem)
  text += resource('edm:isShownBy', image)
  text += resource('edm:object', addressOf(links.thumbnail))
  text += element('edm:provider', nameOf(record.provider, record.keeper))
  text += resource('edm:rights', rights)
  return `${text}</ore:Aggregation>${servicesOf(views)}</rdf:RDF>`
}

function objectElement({ dc, links }: Described, about: string): string {
  let text = `<edm:ProvidedCHO rdf:about="${escapeAttribute(about)}">`
  for (const name of dcElements) {
    const values = dc[name]
    if (!values) continue
    for (const each of values) {
      if (!isSaid(each)) continue
      const { term } = each
      const property = term && !foreignTerms.has(term) ? `dcterms:${term}` : `dc:${name}`
      text += element(property, each.value, each.language)
    }
  }
  return `${text}${element('edm:type', edmTypeOf(dc, links))}</edm:ProvidedCHO>`
}

/** A file as the web shows it: edm:isShownBy or edm:hasView. */
interface View {
  address: string
  mediaType: string | undefined
  manifest: string | undefined
  service: string | undefined
}

/** The one that edm:isShownBy names first, then the others, each once. */
function viewsOf({ links, files }: Described, image: string | undefined): View[] {
  if (image === undefined) return []
  const first = files.find((each) => each.address === image || each.imageService !== undefined)
  const service = addressOf(links.imageService)
  const views: View[] = [
    {
      address: image,
      mediaType: first?.address === image ? first.mediaType : undefined,
      manifest: addressOf(links.manifest),
      service,
    },
  ]
  for (const file of files) {
    const address = addressOf(file.address)
    // The picture that isShownBy shows may have another address than its file.
    if (address === undefined || (file === first && links.image !== undefined)) continue
    if (views.some((each) => each.address === address)) continue
    views.push({
      address,
      mediaType: file.mediaType,
      manifest: undefined,
      service: addressOf(file.imageService),
    })
  }
  return views
}

function webResource({ address, mediaType, manifest, service }: View, rights: string): string {
  return (
    `<edm:WebResource rdf:about="${escapeAttribute(address)}">` +
    (mediaType ? element('dc:format', mediaType) : '') +
    resource('edm:rights', rights) +
    resource('dcterms:isReferencedBy', manifest) +
    resource('svcs:has_service', service) +
    `</edm:WebResource>`
  )
}

function servicesOf(views: View[]): string {
  const services = new Set(views.flatMap(({ service }) => service ?? []))
  let text = ''
  for (const service of services) {
    text +=
      `<svcs:Service rdf:about="${escapeAttribute(service)}">` +
      `<dcterms:conformsTo rdf:resource="${imageProtocol}"/>` +
      `<doap:implements rdf:resource="http://iiif.io/api/image/3/level2.json"/></svcs:Service>`
  }
  return text
}
