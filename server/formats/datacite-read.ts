// Reading DataCite's kernel 3 and 4 (https://schema.datacite.org/), by itself or in the envelope of oai_datacite.
import type { DcElement, DcTerm } from '../../schemas/dublin-core.ts'
import {
  attributeOf,
  childOf,
  childrenOf,
  textOf,
  type XmlElement,
} from '../../schemas/xml-tree.ts'
import { DescriptionBuilder, webAddress } from './clean.ts'
import { keeperUrl, languageOf, linksByConvention } from './oai-dc-read.ts'
import type { Provenance, Reading } from './read.ts'

/** The resource element of this metadata, where it is DataCite's. */
export function dataciteResource(root: XmlElement): XmlElement | undefined {
  const payload = root.name === 'oai_datacite' ? childOf(root, 'payload') : undefined
  const resource = payload ? childOf(payload, 'resource') : root
  return resource?.name === 'resource' &&
    resource.namespace.startsWith('http://datacite.org/schema/kernel-')
    ? resource
    : undefined
}

export function readDatacite(resource: XmlElement, provenance: Provenance): Reading {
  const builder = new DescriptionBuilder()
  for (const each of childrenOf(resource)) add(builder, each)
  const main = childOf(resource, 'identifier')
  const address = webAddress(textOf(main))
  const links = address ? { homepage: address } : linksByConvention(builder.dc, provenance.host)
  if (!links.homepage && attributeOf(main ?? resource, 'identifierType') === 'DOI') {
    const resolved = webAddress(`https://doi.org/${textOf(main).trim()}`)
    if (resolved) links.homepage = resolved
  }
  const name = textOf(childOf(resource, 'publisher')).trim().slice(0, 1000)
  return {
    dc: builder.dc,
    links,
    keeper: { name: name || provenance.repositoryName, ...keeperUrl(links.homepage) },
    cut: builder.cut,
  }
}

const dateTerms: Record<string, DcTerm> = {
  Created: 'created',
  Issued: 'issued',
  Available: 'available',
  Updated: 'modified',
  Copyrighted: 'dateCopyrighted',
}

const relationTerms: Record<string, DcTerm> = {
  IsPartOf: 'isPartOf',
  HasPart: 'hasPart',
  IsVersionOf: 'isVersionOf',
  HasVersion: 'hasVersion',
  IsVariantFormOf: 'isFormatOf',
  IsOriginalFormOf: 'hasFormat',
  References: 'references',
  Cites: 'references',
  IsReferencedBy: 'isReferencedBy',
  IsCitedBy: 'isReferencedBy',
  IsNewVersionOf: 'replaces',
  IsPreviousVersionOf: 'isReplacedBy',
  Requires: 'requires',
  IsRequiredBy: 'isRequiredBy',
}

const descriptionTerms: Record<string, DcTerm> = { TableOfContents: 'tableOfContents' }

/** Lists whose items are texts under one element. */
const lists: Record<string, [element: DcElement, term?: DcTerm]> = {
  subjects: ['subject'],
  alternateIdentifiers: ['identifier'],
  sizes: ['format', 'extent'],
  formats: ['format'],
}

function add(builder: DescriptionBuilder, part: XmlElement): void {
  const list = lists[part.name]
  for (const each of list ? childrenOf(part) : []) {
    if (list) builder.add(list[0], textOf(each), languageOf(each), list[1])
  }
  switch (part.name) {
    case 'identifier':
    case 'language':
    case 'publisher':
      builder.add(part.name, textOf(part), languageOf(part))
      break
    case 'resourceType':
      builder.add('type', textOf(part).trim() || (attributeOf(part, 'resourceTypeGeneral') ?? ''))
      break
    case 'publicationYear':
      builder.add('date', textOf(part), undefined, 'issued')
      break
    case 'geoLocations':
      for (const each of childrenOf(part).flatMap((one) => childrenOf(one, 'geoLocationPlace'))) {
        builder.add('coverage', textOf(each), undefined, 'spatial')
      }
      break
    case 'rightsList':
      for (const each of childrenOf(part)) {
        builder.add('rights', attributeOf(each, 'rightsURI') ?? textOf(each), languageOf(each))
      }
      break
    default:
      for (const each of childrenOf(part)) addItem(builder, each)
  }
}

function addItem(builder: DescriptionBuilder, item: XmlElement): void {
  const attribute = (name: string): string => attributeOf(item, name) ?? ''
  switch (item.name) {
    case 'creator':
    case 'contributor': {
      const name = childOf(item, `${item.name}Name`)
      if (attribute('contributorType') === 'RightsHolder') {
        builder.add('rights', textOf(name), name && languageOf(name), 'rightsHolder')
      } else builder.add(item.name, textOf(name), name && languageOf(name))
      break
    }
    case 'title': {
      const term = attribute('titleType') === 'AlternativeTitle' ? 'alternative' : undefined
      builder.add('title', textOf(item), languageOf(item), term)
      break
    }
    case 'date': {
      const text = attribute('dateInformation') || textOf(item)
      if (attribute('dateType') === 'Coverage') {
        builder.add('coverage', text, undefined, 'temporal')
      } else builder.add('date', text, undefined, dateTerms[attribute('dateType')])
      break
    }
    case 'relatedIdentifier': {
      const doi = attribute('relatedIdentifierType') === 'DOI' ? 'https://doi.org/' : ''
      const text = textOf(item).trim()
      const value = webAddress(text) ? text : doi + text
      builder.add('relation', value, undefined, relationTerms[attribute('relationType')])
      break
    }
    case 'description':
      builder.add(
        'description',
        textOf(item),
        languageOf(item),
        descriptionTerms[attribute('descriptionType')],
      )
      break
  }
}
