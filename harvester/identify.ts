// What a repository says of itself: Identify, ListMetadataFormats, ListSets (OAI-PMH 2.0, sections 4.2, 4.4, 4.6).
import type { Granularity } from '../schemas/datestamp.ts'
import { isDcElement } from '../schemas/dublin-core.ts'
import { containers, oaiDc, type MetadataFormat } from '../schemas/oai.ts'
import {
  attributeOf,
  childOf,
  childrenOf,
  childText,
  textOf,
  xmlNamespace,
  type XmlElement,
} from '../schemas/xml-tree.ts'
import type { Answered, Client } from './client.ts'
import { Diagnosis } from './diagnosis.ts'

export interface Identity {
  repositoryName: string
  baseUrl: string
  protocolVersion: string
  /** Its clock, as it stood in this answer. */
  responseDate: string
  earliestDatestamp: string
  deletedRecord: 'no' | 'transient' | 'persistent'
  granularity: Granularity
  adminEmails: string[]
  /** Domain of its identifiers (oai-identifier container). */
  repositoryIdentifier?: string
  /** Address of its logo (branding container). */
  logo?: string
  /** Base URLs of repositories that it recommends (friends container). */
  friends: string[]
  /** Its description of itself in Dublin Core, as a brick gives one: first value by element name. */
  description: Record<string, string>
}

export interface SetDescription {
  setSpec: string
  setName: string
  /** Its title by language, where its description states one (`und` for none). */
  titles: Record<string, string>
}

const longestText = 1000
const mostSets = 20_000

/** @throws Diagnosis when it does not speak OAI-PMH 2.0 */
export async function identify(client: Client, signal?: AbortSignal): Promise<Identity> {
  const page = await client.ask({ verb: 'Identify' }, signal)
  const { answer } = page
  if (answer?.name !== 'Identify') throw refused('Identify', page)
  const text = (name: string): string => (childText(answer, name) ?? '').slice(0, longestText)
  const deleted = text('deletedRecord').toLowerCase()
  const descriptions = childrenOf(answer, 'description').flatMap((each) => childrenOf(each))
  const named = descriptions.find((each) => each.namespace === containers.oaiIdentifier.namespace)
  const domain = named && childText(named, 'repositoryIdentifier')
  const logo = logoOf(descriptions)
  return {
    repositoryName: text('repositoryName') || new URL(client.url).host,
    baseUrl: text('baseURL') || client.url,
    protocolVersion: text('protocolVersion'),
    responseDate: (page.responseDate ?? '').slice(0, longestText),
    earliestDatestamp: text('earliestDatestamp'),
    deletedRecord: deleted === 'persistent' || deleted === 'transient' ? deleted : 'no',
    granularity: text('granularity').length > 10 ? 'YYYY-MM-DDThh:mm:ssZ' : 'YYYY-MM-DD',
    adminEmails: childrenOf(answer, 'adminEmail').map((each) => textOf(each).trim().slice(0, 320)),
    ...(domain && { repositoryIdentifier: domain.slice(0, 320) }),
    ...(logo && { logo: logo.slice(0, longestText) }),
    friends: descriptions
      .filter((each) => each.namespace === containers.friends.namespace)
      .flatMap((each) => childrenOf(each, 'baseURL'))
      .map((each) => textOf(each).trim())
      .slice(0, 1000),
    description: dublinCore(descriptions.find((each) => isOaiDc(each))),
  }
}

function logoOf(descriptions: XmlElement[]): string | undefined {
  const branding = descriptions.find((each) => each.namespace === containers.branding.namespace)
  const icon = branding && childOf(branding, 'collectionIcon')
  return icon && childText(icon, 'url')
}

const isOaiDc = (element: XmlElement): boolean => element.namespace === oaiDc.metadataNamespace

function dublinCore(description: XmlElement | undefined): Record<string, string> {
  const first: Record<string, string> = {}
  for (const each of description ? childrenOf(description).slice(0, 100) : []) {
    const text = textOf(each).trim().slice(0, longestText)
    if (isDcElement(each.name) && text) first[each.name] ??= text
  }
  return first
}

function titlesOf(set: XmlElement, setName: string): Record<string, string> {
  const titles: Record<string, string> = {}
  const descriptions = childrenOf(set, 'setDescription').flatMap((each) => childrenOf(each))
  for (const title of descriptions.filter(isOaiDc).flatMap((each) => childrenOf(each, 'title'))) {
    const language = attributeOf(title, 'lang', xmlNamespace) ?? 'und'
    const text = textOf(title).trim().slice(0, longestText)
    if (text && /^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language)) titles[language] ??= text
  }
  return Object.keys(titles).length || !setName ? titles : { und: setName }
}

/** @throws Diagnosis */
export async function listMetadataFormats(
  client: Client,
  signal?: AbortSignal,
): Promise<MetadataFormat[]> {
  const page = await client.ask({ verb: 'ListMetadataFormats' }, signal)
  if (page.answer?.name !== 'ListMetadataFormats') throw refused('ListMetadataFormats', page)
  return childrenOf(page.answer, 'metadataFormat').flatMap((each) => {
    const metadataPrefix = childText(each, 'metadataPrefix')
    return metadataPrefix
      ? {
          metadataPrefix,
          schema: childText(each, 'schema') ?? '',
          metadataNamespace: childText(each, 'metadataNamespace') ?? '',
        }
      : []
  })
}

/**
 * Sets with their names; none where the repository has no sets.
 * @throws Diagnosis
 */
export async function listSets(client: Client, signal?: AbortSignal): Promise<SetDescription[]> {
  const sets: SetDescription[] = []
  let token: string | undefined
  for (;;) {
    const query = { verb: 'ListSets', ...(token !== undefined && { resumptionToken: token }) }
    const page = await client.ask(query, signal)
    if (page.answer?.name !== 'ListSets') {
      if (page.errors.some((each) => each.code === 'noSetHierarchy')) return []
      throw refused('ListSets', page)
    }
    for (const set of childrenOf(page.answer, 'set')) {
      const setSpec = childText(set, 'setSpec')
      const setName = (childText(set, 'setName') ?? '').slice(0, longestText)
      if (setSpec && setSpec.length <= 500) {
        sets.push({ setSpec, setName, titles: titlesOf(set, setName) })
      }
    }
    const next = page.token?.value
    if (!next || sets.length >= mostSets) return sets
    if (next === token || childOf(page.answer, 'set') === undefined) {
      throw new Diagnosis('token-repeats', 'its list of sets would never end')
    }
    token = next
  }
}

function refused(verb: string, page: Answered): Diagnosis {
  const [error] = page.errors
  return new Diagnosis(
    'oai-error',
    error
      ? `it refuses ${verb} with ${error.code}: ${error.message}`
      : `it does not answer ${verb}`,
  )
}
