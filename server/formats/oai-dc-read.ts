// Reading oai_dc, and any other format whose elements are Dublin Core elements or terms right below its root.
import {
  dcElements,
  refinements,
  type DcElement,
  type DcTerm,
  type DublinCore,
} from '../../schemas/dublin-core.ts'
import type { Links } from '../../schemas/record.ts'
import { attributeOf, textOf, xmlNamespace, type XmlElement } from '../../schemas/xml-tree.ts'
import { DescriptionBuilder, plainOrigin, webAddress } from './clean.ts'
import type { Provenance, Reading } from './read.ts'

const dcNamespace = 'http://purl.org/dc/elements/1.1/'
const dctermsNamespace = 'http://purl.org/dc/terms/'

interface Property {
  element: DcElement
  term?: DcTerm
}

const simple = dcElements.map((element): [string, Property] => [element, { element }])
const refined = Object.entries(refinements).map(([term, element]): [string, Property] => [
  term,
  { element, term: term as DcTerm },
])
const properties = new Map([
  [dcNamespace, new Map(simple)],
  [dctermsNamespace, new Map([...simple, ...refined])],
])

/** The Dublin Core element that an XML element fills, if it does, and the term that says how. */
export function propertyOf({ name, namespace }: XmlElement): Property | undefined {
  return properties.get(namespace)?.get(name)
}

/** Every Dublin Core element and term right below. */
export function addProperties(builder: DescriptionBuilder, root: XmlElement): void {
  const language = languageOf(root)
  for (const each of root.children) {
    const property = typeof each === 'string' ? undefined : propertyOf(each)
    if (typeof each === 'string' || !property) continue
    const { element, term } = property
    builder.add(element, textOf(each), languageOf(each) ?? language, term)
  }
}

export const languageOf = (element: XmlElement): string | undefined =>
  element.attributes.length ? attributeOf(element, 'lang', xmlNamespace) : undefined

export function readOaiDc(root: XmlElement, provenance: Provenance): Reading {
  const builder = new DescriptionBuilder()
  addProperties(builder, root)
  return readingOf(builder, provenance)
}

/** All that a description by itself says. */
export function readingOf({ dc, cut }: DescriptionBuilder, provenance: Provenance): Reading {
  const links = linksByConvention(dc, provenance.host)
  const keeper = { name: provenance.repositoryName, ...keeperUrl(links.homepage) }
  return { dc, links, keeper, cut }
}

export function keeperUrl(homepage: string | undefined): { url?: string } {
  return homepage ? { url: plainOrigin(homepage) ?? new URL(homepage).origin } : {}
}

// Plain oai_dc has no links of its own: the page is by convention an identifier that is a web address, a thumbnail one
// whose name says so.
export function linksByConvention(dc: DublinCore, host: string): Links {
  const identifiers = (dc.identifier ?? []).flatMap((each) => webAddress(each.value) ?? [])
  const relations = (dc.relation ?? []).flatMap((each) => webAddress(each.value) ?? [])
  const thumbnail = [...identifiers, ...relations].find(isThumbnail)
  const pages = identifiers.filter((each) => each !== thumbnail && !isImage(each))
  const homepage =
    (pages.length > 1 ? pages.find((each) => new URL(each).hostname === host) : undefined) ??
    pages[0] ??
    identifiers.find((each) => each !== thumbnail)
  return { ...(homepage && { homepage }), ...(thumbnail && { thumbnail }) }
}

const imageName = /\.(?:jpe?g|png|gif|webp)$/i

// Most addresses hold nothing of the kind, and to take one apart costs more than to look.
const isImage = (address: string): boolean =>
  /\.(?:jpe?g|png|gif|webp)/i.test(address) && imageName.test(new URL(address).pathname)

const isThumbnail = (address: string): boolean =>
  isImage(address) &&
  /(?:^|[^a-z])(?:thumb(?:nail)?s?|vignettes?)(?:[^a-z]|$)/i.test(new URL(address).pathname)
