// A record in METS 1.12: https://www.loc.gov/standards/mets/ — what bricks give each other: the whole Dublin Core with
// languages and terms, who keeps it, and where page, pictures, thumbnails and IIIF services are. mets-read.ts reads it back.
// Groups of files are named as the METS of the German Research Foundation (DFG) names them, where it does.
import { dcElements, type DublinCore, type Value } from '../../schemas/dublin-core.ts'
import { mostLooks, type Likeness } from '../../schemas/likeness.ts'
import { mets } from '../../schemas/oai.ts'
import type { Keeper, Translations } from '../../schemas/record.ts'
import { attribute, element, escapeAttribute } from '../../schemas/xml.ts'
import { accessOf, restrictedAccess } from './access-terms.ts'
import type { Described, DescribedFile, Format } from './format.ts'
import { rightsValues } from './rights.ts'
import { addressOf, isSaid, isW3cdtf, nameOf, rootTag, wrapped } from './writer.ts'

/** USE of the groups of files. */
export const uses = {
  /** Pictures to look at, the first one first. */
  image: 'DEFAULT',
  /** Files as they are kept, pictures … */
  master: 'MAX',
  /** … and others. */
  download: 'DOWNLOAD',
  thumbnail: 'THUMBS',
  manifest: 'IIIF-MANIFEST',
  imageService: 'IIIF-IMAGE',
} as const

export const premis = 'http://www.loc.gov/premis/v3'

/** What is said of how a picture looks. */
export const looks = {
  /** Digests: of the file, and of its pixels (schemas/likeness.ts). */
  file: 'SHA-256',
  pixels: 'SHA-256 of decoded pixels',
  /** Properties: of prints the one of the whole picture first. */
  print: 'pHash',
  dhash: 'dHash',
  colour: 'dominant colour',
  blurhash: 'BlurHash',
} as const

const open = rootTag(
  'mets',
  {
    '': mets.metadataNamespace,
    xlink: 'http://www.w3.org/1999/xlink',
    dc: 'http://purl.org/dc/elements/1.1/',
    dcterms: 'http://purl.org/dc/terms/',
  },
  `${mets.metadataNamespace} ${mets.schema}`,
)

export const metsFormat: Format = { ...mets, revision: 3, partial: false, lacks: () => [], write }

function write(record: Described): string {
  const description = dublinCore(record.dc)
  const rights = elementsOf('rights', [...rightsValues(record), ...access(record)])
  const id = idOf(record.identifier)
  const files = new Files(record, id)
  return (
    `${open} OBJID="${escapeAttribute(record.identifier)}">${header(record)}` +
    (description && `<dmdSec ID="${id}_d">${wrap(description)}</dmdSec>`) +
    wrapped(
      'amdSec',
      files.likenesses() + (rights && `<rightsMD ID="${id}_r">${wrap(rights)}</rightsMD>`),
    ) +
    files.section() +
    `<structMap><div${description && ` DMDID="${id}_d"`}${rights && ` ADMID="${id}_r"`}` +
    `${attribute('CONTENTIDS', addressOf(record.links.homepage ?? record.page))}>` +
    `${files.pointers()}</div></structMap></mets>`
  )
}

/** That its files are kept back, where its description does not say so itself. */
function access({ isRestricted, dc }: Described): Value[] {
  const isSaidAlready = (dc.rights ?? []).some((each) => accessOf(each) !== undefined)
  return isRestricted && !isSaidAlready ? [{ value: restrictedAccess, term: 'accessRights' }] : []
}

/** An ID must be the only one in its document, and a page of ListRecords is one document. */
const idOf = (identifier: string): string =>
  `r${identifier
    .replace(/^oai:/, '')
    .replace(/[^A-Za-z0-9.-]/g, (character) =>
      character === ':' ? '_' : `_${character.charCodeAt(0).toString(16)}`,
    )}`

const wrap = (content: string): string =>
  `<mdWrap MDTYPE="DC"><xmlData>${content}</xmlData></mdWrap>`

function header({ datestamp, keeper, provider }: Described): string {
  const date = isW3cdtf(datestamp) && datestamp.includes('T') ? datestamp : undefined
  return (
    `<metsHdr${attribute('LASTMODDATE', date)}>` +
    agent('CUSTODIAN', keeper, nameOf(keeper, provider)) +
    agent('DISSEMINATOR', provider, nameOf(provider, keeper)) +
    '</metsHdr>'
  )
}

const agent = (role: string, { url }: Keeper, name: string): string =>
  `<agent ROLE="${role}" TYPE="ORGANIZATION">${element('name', name)}` +
  `${url ? element('note', url) : ''}</agent>`

function dublinCore(dc: DublinCore): string {
  let text = ''
  for (const name of dcElements) text += elementsOf(name, dc[name])
  return text
}

function elementsOf(name: string, values: DublinCore['title']): string {
  let text = ''
  for (const each of values ?? []) {
    if (!isSaid(each)) continue
    text += element(each.term ? `dcterms:${each.term}` : `dc:${name}`, each.value, each.language)
  }
  return text
}

type Use = (typeof uses)[keyof typeof uses]

/** The files of a record by use, and what of them belongs to which page. */
class Files {
  private readonly groups = new Map<Use, string[]>()
  private readonly addresses = new Set<string>()
  private readonly whole: string[] = []
  private readonly looks: string[] = []
  private readonly pages: { label: Translations | undefined; ids: string[] }[] = []

  private readonly id: string

  constructor({ links, files }: Described, id: string) {
    this.id = id
    const shown = files.find(({ address }) => address === links.image)
    if (links.image && !shown) this.add(this.whole, uses.image, links.image)
    this.add(this.whole, uses.thumbnail, links.thumbnail)
    this.add(this.whole, uses.manifest, links.manifest, ' MIMETYPE="application/ld+json"')
    this.add(this.whole, uses.imageService, links.imageService)
    for (const file of files) {
      const ids: string[] = []
      const use =
        file === shown
          ? uses.image
          : file.mediaType.startsWith('image/')
            ? uses.master
            : uses.download
      this.add(ids, use, file.address, this.likeness(file) + kept(file))
      this.add(ids, uses.thumbnail, file.thumbnail)
      this.add(ids, uses.imageService, file.imageService)
      if (ids.length) this.pages.push({ label: file.label, ids })
    }
  }

  private add(ids: string[], use: Use, given: string | undefined, attributes = ''): void {
    const address = addressOf(given)
    if (address === undefined || this.addresses.has(`${use} ${address}`)) return
    this.addresses.add(`${use} ${address}`)
    const id = `${this.id}_${this.addresses.size}`
    ids.push(id)
    const file =
      `<file ID="${id}"${attributes}><FLocat LOCTYPE="URL"` +
      ` xlink:href="${escapeAttribute(address)}"/></file>`
    const group = this.groups.get(use)
    if (group) group.push(file)
    else this.groups.set(use, [file])
  }

  /** Notes what a picture looks like; returns what says so of its file. */
  private likeness({ likeness, sha256 }: DescribedFile): string {
    if (!likeness?.prints.length || this.looks.length === mostLooks) return ''
    const id = `${this.id}_l${this.looks.length + 1}`
    this.looks.push(
      `<techMD ID="${id}"><mdWrap MDTYPE="PREMIS"><xmlData>${premisOf(likeness, sha256)}</xmlData></mdWrap></techMD>`,
    )
    return ` ADMID="${id}"`
  }

  likenesses(): string {
    return this.looks.join('')
  }

  section(): string {
    let text = ''
    for (const [use, files] of this.groups) {
      text += `<fileGrp USE="${use}">${files.join('')}</fileGrp>`
    }
    return wrapped('fileSec', text)
  }

  pointers(): string {
    const pointers = (ids: string[]): string => ids.map((id) => `<fptr FILEID="${id}"/>`).join('')
    let text = pointers(this.whole)
    for (const [index, { label, ids }] of this.pages.entries()) {
      text +=
        `<div ORDER="${index + 1}"${attribute('LABEL', label && Object.values(label)[0])}>` +
        `${pointers(ids)}</div>`
    }
    return text
  }
}

/**
 * Parts of PREMIS 3 (https://www.loc.gov/standards/premis/): its fixity and its significant properties, each an element
 * of its own there. Its `object` would ask those who check this for its schema.
 */
function premisOf({ prints, dhash, pixels, colours, blurhash }: Likeness, sha256: string): string {
  const digest = (algorithm: string, value: string): string =>
    `<fixity xmlns="${premis}">${element('messageDigestAlgorithm', algorithm)}${element('messageDigest', value)}</fixity>`
  const property = (type: string, value: string): string =>
    `<significantProperties xmlns="${premis}">${element('significantPropertiesType', type)}${element('significantPropertiesValue', value)}</significantProperties>`
  return [
    digest(looks.file, sha256),
    digest(looks.pixels, pixels),
    ...prints.map((print) => property(looks.print, print)),
    property(looks.dhash, dhash),
    ...colours.map(({ colour, share }) => property(looks.colour, `${colour} ${share} %`)),
    property(looks.blurhash, blurhash),
  ].join('')
}

const kept = ({ mediaType, size, sha256 }: DescribedFile): string =>
  attribute('MIMETYPE', mediaType) +
  (size === undefined
    ? ''
    : ` SIZE="${Math.trunc(size)}"${attribute('CHECKSUM', sha256)} CHECKSUMTYPE="SHA-256"`)
