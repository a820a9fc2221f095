// Reading EDM (Europeana Data Model, EDM Mapping Guidelines 2.4; external and internal form): the object's Dublin Core,
// and from its aggregation who keeps it and where page, image, thumbnail and IIIF services are.
import {
  attributeOf,
  childOf,
  childrenOf,
  textOf,
  type XmlElement,
} from '../../schemas/xml-tree.ts'
import type { Links } from '../../schemas/record.ts'
import { DescriptionBuilder, webAddress } from './clean.ts'
import { keeperUrl, languageOf, propertyOf } from './oai-dc-read.ts'
import type { Provenance, Reading } from './read.ts'
import { canonicalRights } from './rights.ts'

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const edm = 'http://www.europeana.eu/schemas/edm/'
const ore = 'http://www.openarchives.org/ore/terms/'
const svcs = 'http://rdfs.org/sioc/services#'
const skos = 'http://www.w3.org/2004/02/skos/core#'
const dcterms = 'http://purl.org/dc/terms/'

/** What a provider writes when nobody has said anything, for EDM wants a statement: nothing said. */
const notEvaluated = 'http://rightsstatements.org/vocab/CNE/1.0/'

export function readEdm(root: XmlElement, provenance: Provenance): Reading {
  const builder = new DescriptionBuilder()
  const labels = labelsOf(root)
  const objects = [
    ...childrenOf(root, 'ProvidedCHO', edm),
    // In the internal form the provider's proxy carries the description, and Europeana's another.
    ...childrenOf(root, 'Proxy', ore).filter(
      (each) => textOf(childOf(each, 'europeanaProxy', edm)).trim() !== 'true',
    ),
  ]
  for (const object of objects) describe(object, labels, builder)
  const aggregation = childOf(root, 'Aggregation', ore)
  const links = linksOf(root, aggregation)
  const rights = webAddress(referenceOf(aggregation, 'rights', edm))
  // The object's own rights may be the same statement in another spelling.
  const stated = (builder.dc.rights ?? []).flatMap(({ value }) => [value, canonicalRights(value)])
  if (rights && rights !== notEvaluated && !stated.includes(rights)) builder.add('rights', rights)
  const provider = aggregation && childOf(aggregation, 'dataProvider', edm)
  const name = provider && nameOf(provider, labels)
  return {
    dc: builder.dc,
    links,
    keeper: { name: name || provenance.repositoryName, ...keeperUrl(links.homepage) },
    cut: builder.cut,
  }
}

interface Label {
  value: string
  language?: string
}

/** Labels of the agents, places, concepts and time spans that are described along with the object. */
function labelsOf(root: XmlElement): Map<string, Label[]> {
  const labels = new Map<string, Label[]>()
  for (const each of childrenOf(root)) {
    const about = attributeOf(each, 'about', rdf)
    if (!about) continue
    const values = childrenOf(each, 'prefLabel', skos).flatMap((label): Label[] => {
      const value = textOf(label).trim()
      const language = languageOf(label)
      return value ? [{ value, ...(language && { language }) }] : []
    })
    if (values.length) labels.set(about, values)
  }
  return labels
}

function describe(
  object: XmlElement,
  labels: Map<string, Label[]>,
  builder: DescriptionBuilder,
): void {
  for (const each of childrenOf(object)) {
    const property = propertyOf(each)
    if (!property) continue
    const { element, term } = property
    const reference = attributeOf(each, 'resource', rdf)
    if (reference === undefined) {
      builder.add(element, textOf(each), languageOf(each), term)
      continue
    }
    const known = labels.get(reference)
    if (known) for (const { value, language } of known) builder.add(element, value, language, term)
    else if (!reference.startsWith('#')) builder.add(element, reference, undefined, term)
  }
}

function nameOf(property: XmlElement, labels: Map<string, Label[]>): string {
  const reference = attributeOf(property, 'resource', rdf)
  const text =
    reference === undefined ? textOf(property) : (labels.get(reference)?.[0]?.value ?? '')
  return text.trim().slice(0, 1000)
}

/** The URI that a property holds: rdf:resource, the rdf:about of what is nested in it, or its text. */
function referenceOf(
  subject: XmlElement | undefined,
  name: string,
  namespace: string,
): string | undefined {
  const property = subject && childOf(subject, name, namespace)
  if (!property) return undefined
  const [nested] = childrenOf(property)
  return (
    attributeOf(property, 'resource', rdf) ??
    (nested && attributeOf(nested, 'about', rdf)) ??
    (textOf(property).trim() || undefined)
  )
}

function linksOf(root: XmlElement, aggregation: XmlElement | undefined): Links {
  const image = webAddress(referenceOf(aggregation, 'isShownBy', edm))
  const resources = childrenOf(root, 'WebResource', edm).toSorted(
    (a, b) => Number(isAbout(b, image)) - Number(isAbout(a, image)),
  )
  const first = (name: string, namespace: string): string | undefined => {
    for (const resource of resources) {
      const found = webAddress(referenceOf(resource, name, namespace))
      if (found) return found
    }
    return undefined
  }
  const found = {
    homepage: webAddress(referenceOf(aggregation, 'isShownAt', edm)),
    manifest: first('isReferencedBy', dcterms),
    thumbnail: webAddress(referenceOf(aggregation, 'object', edm)),
    image,
    imageService: first('has_service', svcs),
  }
  return Object.fromEntries(Object.entries(found).filter(([, address]) => address !== undefined))
}

const isAbout = (resource: XmlElement, image: string | undefined): boolean =>
  image !== undefined && attributeOf(resource, 'about', rdf) === image
