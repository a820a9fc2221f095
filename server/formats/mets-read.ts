// Reading METS 1 (https://www.loc.gov/standards/mets/): that of bricks to the letter, as mets.ts writes it; that of others
// as far as Dublin Core or MODS describe the object and its files are grouped as the METS of the DFG groups them.
import { isPrint, mostLooks, type Look } from '../../schemas/likeness.ts'
import type { Keeper, Links } from '../../schemas/record.ts'
import {
  attributeOf,
  childOf,
  childrenOf,
  textOf,
  type XmlElement,
} from '../../schemas/xml-tree.ts'
import { DescriptionBuilder, webAddress } from './clean.ts'
import { looks as names, premis, uses } from './mets.ts'
import { addMods } from './mods-read.ts'
import { addProperties, keeperUrl, languageOf, linksByConvention } from './oai-dc-read.ts'
import type { Provenance, Reading } from './read.ts'
import { isLicence } from './rights.ts'

const modsNamespace = 'http://www.loc.gov/mods/v3'
const viewer = 'http://dfg-viewer.de/'
const xlink = 'http://www.w3.org/1999/xlink'

/** undefined where it neither describes the object nor says who keeps it */
export function readMets(root: XmlElement, provenance: Provenance): Reading | undefined {
  const builder = new DescriptionBuilder()
  const object = objectOf(root)
  const described = describe(root, object, builder)
  const notes = viewerNotes(root)
  addRights(root, notes, builder)
  const custodian = custodianOf(root)
  if (!custodian && !Object.keys(builder.dc).length) return undefined
  const links = { ...linksOf(root, object, notes, described.links), ...looksIn(root) }
  const found = links.homepage
    ? links
    : { ...linksByConvention(builder.dc, provenance.host), ...links }
  const site = webAddress(notes.get('ownerSiteURL'))
  return {
    dc: builder.dc,
    links: found,
    keeper: custodian ?? {
      name: notes.get('owner') ?? described.keeper ?? provenance.repositoryName,
      ...(site ? { url: site } : keeperUrl(found.homepage)),
    },
    cut: builder.cut,
  }
}

/** The part of the structure that stands for the object: the first that has a description. */
function objectOf(root: XmlElement): XmlElement | undefined {
  const maps = childrenOf(root, 'structMap')
  const map = maps.find((each) => attributeOf(each, 'TYPE') === 'LOGICAL') ?? maps[0]
  const top = map && childOf(map, 'div')
  let level = top ? [top] : []
  while (level.length) {
    const found = level.find((each) => attributeOf(each, 'DMDID'))
    if (found) return found
    level = level.flatMap((each) => childrenOf(each, 'div'))
  }
  return top
}

/** What sections of metadata wrap. */
const wrappedIn = (sections: XmlElement[]): XmlElement[] =>
  sections
    .flatMap((each) => childrenOf(each, 'mdWrap'))
    .flatMap((each) => childrenOf(each, 'xmlData'))

function describe(
  root: XmlElement,
  object: XmlElement | undefined,
  builder: DescriptionBuilder,
): { links: Links; keeper?: string } {
  const ids = object && attributeOf(object, 'DMDID')?.split(/\s+/)
  const all = childrenOf(root, 'dmdSec')
  const own = all.filter((each) => ids?.includes(attributeOf(each, 'ID') ?? ''))
  let where: { links: Links; keeper?: string } = { links: {} }
  for (const data of wrappedIn(own.length ? own : all.slice(0, 1))) {
    addProperties(builder, data)
    for (const each of childrenOf(data)) {
      if (each.namespace !== modsNamespace) addProperties(builder, each)
      else if (each.name === 'mods') where = { ...where, ...addMods(builder, each) }
    }
  }
  return where
}

/** What the DFG's viewer is told besides: owner, licence, page. */
function viewerNotes(root: XmlElement): Map<string, string> {
  const notes = new Map<string, string>()
  const sections = childrenOf(root, 'amdSec').flatMap((each) => [
    ...childrenOf(each, 'rightsMD'),
    ...childrenOf(each, 'digiprovMD'),
  ])
  for (const data of wrappedIn(sections)) {
    for (const each of childrenOf(data).filter(({ namespace }) => namespace.startsWith(viewer))) {
      for (const note of childrenOf(each)) {
        const text = textOf(note).trim().slice(0, 1000)
        if (text && !notes.has(note.name)) notes.set(note.name, text)
      }
    }
  }
  return notes
}

/** Who may see the object, and its rights, where its description does not state them. */
function addRights(
  root: XmlElement,
  notes: Map<string, string>,
  builder: DescriptionBuilder,
): void {
  const isStated = builder.dc.rights?.some(isLicence)
  const sections = childrenOf(root, 'amdSec').flatMap((each) => childrenOf(each, 'rightsMD'))
  for (const data of wrappedIn(sections)) {
    if (isStated) addAccess(builder, data)
    else addProperties(builder, data)
  }
  if (!isStated) builder.add('rights', notes.get('license') ?? '')
}

function addAccess(builder: DescriptionBuilder, data: XmlElement): void {
  for (const each of childrenOf(data, 'accessRights')) {
    builder.add('rights', textOf(each), languageOf(each), 'accessRights')
  }
}

function custodianOf(root: XmlElement): Keeper | undefined {
  const header = childOf(root, 'metsHdr')
  const agent =
    header && childrenOf(header, 'agent').find((each) => attributeOf(each, 'ROLE') === 'CUSTODIAN')
  const name = agent && textOf(childOf(agent, 'name')).trim().slice(0, 1000)
  if (!agent || !name) return undefined
  const url = webAddress(textOf(childOf(agent, 'note')))
  return { name, ...(url && { url }) }
}

/** The first file of each kind; a picture to look at before one to keep. */
type LinkName = Exclude<keyof Links, 'looks'>
const groups: [LinkName, RegExp][] = [
  ['image', new RegExp(`^(?:${uses.image}|REFERENCE IMAGE|SERVICE|ACCESS|WEB)$`)],
  ['image', new RegExp(`^(?:${uses.master}|MASTER|ARCHIVE|PRESENTATION)$`)],
  ['thumbnail', new RegExp(`^(?:${uses.thumbnail}|THUMBNAILS?(?: IMAGE)?|MIN)$`)],
  ['manifest', new RegExp(`^${uses.manifest}$`)],
  ['imageService', new RegExp(`^${uses.imageService}$`)],
]

function linksOf(
  root: XmlElement,
  object: XmlElement | undefined,
  notes: Map<string, string>,
  described: Links,
): Links {
  const section = childOf(root, 'fileSec')
  const files = section ? groupsIn(section) : []
  const links: Links = {}
  const set = (name: LinkName, address: string | undefined): void => {
    if (address) links[name] ??= address
  }
  set('homepage', object && attributeOf(object, 'CONTENTIDS')?.split(/\s+/).find(webAddress))
  set('homepage', webAddress(notes.get('presentation')))
  set('manifest', webAddress(notes.get('iiif')))
  for (const [name, use] of groups) {
    const group = files.find((each) => use.test((attributeOf(each, 'USE') ?? '').toUpperCase()))
    if (group) set(name, firstAddress(group, name === 'image'))
  }
  return { ...described, ...links }
}

/** What its pictures look like, as mets.ts says it. */
function looksIn(root: XmlElement): Pick<Links, 'looks'> {
  const sections = childrenOf(root, 'amdSec').flatMap((each) => childrenOf(each, 'techMD'))
  const looks = sections.slice(0, mostLooks).flatMap((each) => lookIn(wrappedIn([each])) ?? [])
  return looks.length ? { looks } : {}
}

const mostPrints = 8

function lookIn(sections: XmlElement[]): Look | undefined {
  const parts = sections
    .flatMap((each) => childrenOf(each))
    .filter(({ namespace }) => namespace === premis)
  const said = (part: string, kind: string, value: string, name: string): string[] =>
    parts
      .filter((each) => each.name === part && textOf(childOf(each, kind)).trim() === name)
      .map((each) => textOf(childOf(each, value)).trim().toLowerCase())
  const properties = (name: string): string[] =>
    said(
      'significantProperties',
      'significantPropertiesType',
      'significantPropertiesValue',
      name,
    ).filter(isPrint)
  const digest = (name: string): string | undefined =>
    said('fixity', 'messageDigestAlgorithm', 'messageDigest', name).find((each) =>
      /^[0-9a-f]{64}$/.test(each),
    )
  const prints = properties(names.print).slice(0, mostPrints)
  const [dhash] = properties(names.dhash)
  if (!prints.length || dhash === undefined) return undefined
  const [sha256, pixels] = [digest(names.file), digest(names.pixels)]
  return { prints, dhash, ...(sha256 && { sha256 }), ...(pixels && { pixels }) }
}

function groupsIn(section: XmlElement): XmlElement[] {
  return childrenOf(section, 'fileGrp').flatMap((each) => [each, ...groupsIn(each)])
}

function firstAddress(group: XmlElement, mustBeShown: boolean): string | undefined {
  for (const file of childrenOf(group, 'file')) {
    const type = attributeOf(file, 'MIMETYPE') ?? 'image/*'
    if (mustBeShown && /^(?:text|application)\/(?!pdf|octet)/.test(type)) continue
    const location = childOf(file, 'FLocat')
    const address = location && webAddress(attributeOf(location, 'href', xlink))
    if (address) return address
  }
  return undefined
}
