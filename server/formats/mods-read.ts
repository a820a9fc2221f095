// Reading MODS 3 (https://www.loc.gov/standards/mods/userguide/): a record by itself, or what a METS document wraps.
import type { DcTerm } from '../../schemas/dublin-core.ts'
import type { Links } from '../../schemas/record.ts'
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
import { canonicalRights } from './rights.ts'

const xlink = 'http://www.w3.org/1999/xlink'

export function readMods(root: XmlElement, provenance: Provenance): Reading | undefined {
  const mods = root.name === 'modsCollection' ? childOf(root, 'mods') : root
  if (!mods) return undefined
  const builder = new DescriptionBuilder()
  const { links: found, keeper } = addMods(builder, mods)
  const links = found.homepage
    ? found
    : { ...linksByConvention(builder.dc, provenance.host), ...found }
  return {
    dc: builder.dc,
    links,
    keeper: { name: keeper ?? provenance.repositoryName, ...keeperUrl(links.homepage) },
    cut: builder.cut,
  }
}

interface Whereabouts {
  links: Links
  keeper?: string
}

/** Adds what a mods element says; gives back where the object is. */
export function addMods(builder: DescriptionBuilder, mods: XmlElement): Whereabouts {
  const where: Whereabouts = { links: {} }
  for (const each of childrenOf(mods)) {
    const read = readers[each.name]
    if (read) read(builder, each)
    else if (each.name === 'location') addLocation(where, builder, each)
  }
  return where
}

type Read = (builder: DescriptionBuilder, element: XmlElement) => void

const languageIn = (element: XmlElement): string | undefined =>
  languageOf(element) ?? attributeOf(element, 'lang')

const plain =
  (element: Parameters<DescriptionBuilder['add']>[0], term?: DcTerm): Read =>
  (builder, each) =>
    builder.add(element, textOf(each), languageIn(each), term)

const readers: Record<string, Read> = {
  titleInfo(builder, each) {
    const type = attributeOf(each, 'type')
    const [title] = childrenOf(each, 'title')
    const term = type && type !== 'translated' ? 'alternative' : undefined
    builder.add('title', titleOf(each), languageIn(title ?? each) ?? languageIn(each), term)
  },
  name: (builder, each) =>
    builder.add(isMaker(each) ? 'creator' : 'contributor', nameOf(each), languageOfName(each)),
  typeOfResource: plain('type'),
  genre: plain('type'),
  originInfo: addOrigin,
  language(builder, each) {
    const terms = childrenOf(each, 'languageTerm')
    const codes = terms.filter((term) => attributeOf(term, 'type') === 'code')
    for (const term of codes.length ? codes : terms) builder.add('language', textOf(term))
  },
  physicalDescription(builder, each) {
    for (const part of childrenOf(each)) {
      const term = part.name === 'extent' ? 'extent' : part.name === 'form' ? 'medium' : undefined
      if (term || part.name === 'internetMediaType' || part.name === 'note') {
        builder.add('format', textOf(part), languageIn(part), term)
      }
    }
  },
  abstract: plain('description'),
  tableOfContents: plain('description', 'tableOfContents'),
  note(builder, each) {
    const type = attributeOf(each, 'type')
    if (type === 'preferred citation') {
      builder.add('identifier', textOf(each), languageIn(each), 'bibliographicCitation')
    } else {
      const term = type === 'ownership' ? 'provenance' : undefined
      builder.add('description', textOf(each), languageIn(each), term)
    }
  },
  subject: addSubject,
  identifier(builder, each) {
    if (attributeOf(each, 'invalid') !== 'yes') builder.add('identifier', textOf(each))
  },
  relatedItem: addRelated,
  accessCondition(builder, each) {
    const href = attributeOf(each, 'href', xlink)
    const term = /restriction/.test(attributeOf(each, 'type') ?? '') ? 'accessRights' : undefined
    const text = textOf(each).trim()
    const address = href !== undefined && !canonicalRights(text) ? canonicalRights(href) : undefined
    if (address) builder.add('rights', address, undefined, term)
    builder.add('rights', text || (address ? '' : (href ?? '')), languageIn(each), term)
  },
}

function titleOf(titleInfo: XmlElement): string {
  const part = (name: string): string => textOf(childOf(titleInfo, name)).trim()
  const subTitle = part('subTitle')
  const title = `${part('nonSort')} ${part('title')}`.trim() + (subTitle && ` : ${subTitle}`)
  return [title, part('partNumber'), part('partName')].filter(Boolean).join('. ')
}

const makers =
  /^(?:aut|cre|art|pht|ill|cmp|scl|arc|ctg|drm|creator|author|artist|photographer|composer|auteur|artiste|photographe)$/i

function isMaker(name: XmlElement): boolean {
  if (attributeOf(name, 'usage') === 'primary') return true
  const roles = childrenOf(name, 'role').flatMap((role) => childrenOf(role, 'roleTerm'))
  return !roles.length || roles.some((each) => makers.test(textOf(each).trim()))
}

const languageOfName = (name: XmlElement): string | undefined => {
  const [part] = childrenOf(name, 'namePart')
  return (part && languageIn(part)) ?? languageIn(name)
}

function nameOf(name: XmlElement): string {
  const shown = textOf(childOf(name, 'displayForm')).trim()
  if (shown) return shown
  const parts = childrenOf(name, 'namePart')
  const of = (type: string | undefined): string =>
    parts
      .filter((each) => attributeOf(each, 'type') === type)
      .map((each) => textOf(each).trim())
      .join(' ')
  return of(undefined) || [of('family'), of('given')].filter(Boolean).join(', ')
}

const dateTerms: Record<string, DcTerm | undefined> = {
  dateIssued: 'issued',
  dateCreated: 'created',
  copyrightDate: 'dateCopyrighted',
  dateModified: 'modified',
  dateOther: undefined,
  dateValid: undefined,
}

function addOrigin(builder: DescriptionBuilder, origin: XmlElement): void {
  const children = childrenOf(origin)
  for (const each of children) {
    if (each.name === 'publisher') builder.add('publisher', textOf(each), languageIn(each))
    if (!(each.name in dateTerms) || attributeOf(each, 'point') === 'end') continue
    const end =
      attributeOf(each, 'point') === 'start'
        ? children.find(
            (other) => other.name === each.name && attributeOf(other, 'point') === 'end',
          )
        : undefined
    const date = [each, ...(end ? [end] : [])].map((point) => textOf(point).trim()).join('/')
    const term =
      each.name === 'dateOther' && attributeOf(each, 'type') === 'available'
        ? 'available'
        : dateTerms[each.name]
    builder.add('date', date, languageIn(each), term)
  }
}

function addSubject(builder: DescriptionBuilder, subject: XmlElement): void {
  for (const each of childrenOf(subject)) {
    const language = languageIn(each) ?? languageIn(subject)
    switch (each.name) {
      case 'geographic':
        builder.add('coverage', textOf(each), language, 'spatial')
        break
      case 'hierarchicalGeographic': {
        const places = childrenOf(each).map((place) => textOf(place).trim())
        builder.add('coverage', places.filter(Boolean).join(', '), language, 'spatial')
        break
      }
      case 'temporal':
        builder.add('coverage', textOf(each), language, 'temporal')
        break
      case 'name':
        builder.add('subject', nameOf(each), language)
        break
      case 'titleInfo':
        builder.add('subject', titleOf(each), language)
        break
      case 'topic': {
        const isCoverage = attributeOf(subject, 'displayLabel') === 'coverage'
        builder.add(isCoverage ? 'coverage' : 'subject', textOf(each), language)
        break
      }
      case 'occupation':
      case 'genre':
        builder.add('subject', textOf(each), language)
        break
    }
  }
}

const relatedTerms: Record<string, DcTerm> = {
  host: 'isPartOf',
  series: 'isPartOf',
  constituent: 'hasPart',
  otherVersion: 'hasVersion',
  otherFormat: 'hasFormat',
  references: 'references',
  isReferencedBy: 'isReferencedBy',
  preceding: 'replaces',
  succeeding: 'isReplacedBy',
}

function addRelated(builder: DescriptionBuilder, related: XmlElement): void {
  const type = attributeOf(related, 'type') ?? ''
  const element = type === 'original' ? 'source' : 'relation'
  const titles = childrenOf(related, 'titleInfo')
  for (const each of titles) {
    const [title] = childrenOf(each, 'title')
    builder.add(element, titleOf(each), title && languageIn(title), relatedTerms[type])
  }
  if (titles.length) return
  const url = childrenOf(related, 'location').flatMap((each) => childrenOf(each, 'url'))[0]
  const other = url ?? childOf(related, 'identifier')
  const text = other ? textOf(other) : (attributeOf(related, 'href', xlink) ?? '')
  builder.add(element, text, undefined, relatedTerms[type])
}

function addLocation(where: Whereabouts, builder: DescriptionBuilder, location: XmlElement): void {
  for (const each of childrenOf(location)) {
    if (each.name === 'shelfLocator') builder.add('identifier', textOf(each))
    if (each.name === 'physicalLocation' && !attributeOf(each, 'authority')) {
      const name = textOf(each).trim()
      if (name) where.keeper ??= name.slice(0, 1000)
    }
    const address = each.name === 'url' ? webAddress(textOf(each)) : undefined
    if (!address) continue
    const access = attributeOf(each, 'access')
    if (/iiif\.io\/api\/presentation/.test(attributeOf(each, 'note') ?? '')) {
      where.links.manifest ??= address
    } else if (access === 'preview') where.links.thumbnail ??= address
    else if (access === 'raw object') where.links.image ??= address
    else where.links.homepage ??= address
  }
}
