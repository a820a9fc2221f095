// What a description says of who may see the object: info:eu-repo access terms, COAR Access Rights, the access rights of
// the EU's Publications Office, and the plain words that stand in dcterms:accessRights. Pure.
// http://purl.org/eu-repo/semantics/ · http://vocabularies.coar-repositories.org/access_rights/
import type { DublinCore, Value } from '../../schemas/dublin-core.ts'
import { readMoment } from '../../schemas/datestamp.ts'
import type { Visibility } from '../../schemas/record.ts'

/** `metadata-only`: there is nothing but the description. `private`: not even the description is for all. */
export const accesses = ['open', 'embargoed', 'restricted', 'metadata-only', 'private'] as const
export type Access = (typeof accesses)[number]

/** COAR's, in which a brick says what it keeps back. */
export const restrictedAccess = 'http://purl.org/coar/access_right/c_16ec'

const coar: Record<string, Access> = {
  c_abf2: 'open',
  c_f1cf: 'embargoed',
  c_16ec: 'restricted',
  c_14cb: 'metadata-only',
}

const euRepo: Record<string, Access> = {
  open: 'open',
  embargoed: 'embargoed',
  restricted: 'restricted',
  closed: 'metadata-only',
}

const publicationsOffice: Record<string, Access> = {
  public: 'open',
  normal: 'open',
  restricted: 'restricted',
  sensitive: 'restricted',
  non_public: 'restricted',
  confidential: 'private',
}

const words: Record<Access, string[]> = {
  open: ['open', 'openaccess', 'public', 'unrestricted', 'free', 'ouvert', 'libre'],
  embargoed: ['embargoed', 'embargo', 'sous embargo'],
  restricted: [
    'restricted',
    'limited',
    'closed',
    'on request',
    'on-request',
    'restreint',
    'limité',
    'fermé',
    'sur demande',
    'sur autorisation',
  ],
  'metadata-only': ['metadata only', 'métadonnées seulement'],
  private: ['private', 'hidden', 'confidential', 'privé', 'caché', 'confidentiel'],
}

const byWord = new Map(
  accesses.flatMap((access) => words[access].map((word): [string, Access] => [word, access])),
)

/** What this value says of access; undefined: nothing that is known. */
export function accessOf({ value, term }: Value): Access | undefined {
  const text = value.trim()
  const [, semantic] = /^info:eu-repo\/semantics\/(\w+)Access$/i.exec(text) ?? []
  if (semantic) return euRepo[semantic.toLowerCase()]
  const [, concept] =
    /^https?:\/\/(?:purl\.org\/coar\/access_right|vocabularies\.coar-repositories\.org\/access_rights)\/(c_\w{4})\/?$/i.exec(
      text,
    ) ?? []
  if (concept) return coar[concept.toLowerCase()]
  const [, authority] =
    /^https?:\/\/publications\.europa\.eu\/resource\/authority\/access-right\/(\w+)$/i.exec(text) ??
    []
  if (authority) return publicationsOffice[authority.toLowerCase()]
  if (term !== 'accessRights') return undefined
  const plain = text.toLowerCase().replace(/^accès\s+|\s+access$|\.$/g, '')
  return byWord.get(plain)
}

export interface Terms {
  access: Access
  visibility: Visibility
  /** When an embargo ends. */
  until?: Date
}

const visibilities: Record<Access, Visibility> = {
  open: 'open',
  embargoed: 'on-request',
  restricted: 'on-request',
  'metadata-only': 'on-request',
  private: 'closed',
}

/** The strictest of what a description says; open where it says nothing. */
export function termsOf(dc: DublinCore, now: Date): Terms {
  const stated = (dc.rights ?? []).flatMap((each) => accessOf(each) ?? [])
  const access = accesses.findLast((each) => stated.includes(each)) ?? 'open'
  if (access !== 'embargoed') return { access, visibility: visibilities[access] }
  const until = embargoEnd(dc)
  if (until && until <= now) return { access: 'open', visibility: 'open' }
  return { access, visibility: visibilities[access], ...(until && { until }) }
}

/** info:eu-repo/date/embargoEnd/2026-01-31, or the date from which it is available. */
function embargoEnd(dc: DublinCore): Date | undefined {
  for (const { value, term } of dc.date ?? []) {
    const [, end] = /^info:eu-repo\/date\/embargoEnd\/(\S+)$/i.exec(value.trim()) ?? []
    const moment = readMoment(end ?? (term === 'available' ? value : undefined))
    if (moment) return moment
  }
  return undefined
}
