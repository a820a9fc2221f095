// Which rights statements are addresses that machines know: Creative Commons and RightsStatements.org, in the one form
// that Europeana, DPLA and IIIF Presentation 3 list them in: http, the plain statement, a slash at its end.
import type { DublinCore, Value } from '../../schemas/dublin-core.ts'
import { knowing } from '../../schemas/known.ts'
import { accessOf } from './access-terms.ts'
import { isSaid, said } from './writer.ts'

const creativeCommons =
  /^https?:\/\/(?:www\.)?creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)\/(\d\.\d)(\/(?!deed|legalcode)[a-z]{2,8})?(?:\/|\/?(?:deed|legalcode)(?:\.[a-z_-]+)?)?$/i
const rightsStatements =
  /^https?:\/\/(?:www\.)?rightsstatements\.org\/(?:vocab|page)\/([a-z-]+)\/(\d\.\d)\/?(?:\?.*)?$/i

const statements = new Map(
  'InC InC-OW-EU InC-EDU InC-NC InC-RUU NoC-CR NoC-NC NoC-OKLR NoC-US CNE UND NKC'
    .split(' ')
    .map((code) => [code.toLowerCase(), code]),
)

/**
 * The address that stands for this statement, or undefined where it is only text. A collection has few, and each record is
 * asked for its own more than once.
 */
export const canonicalRights: (statement: string) => string | undefined = knowing(canonical)

function canonical(statement: string): string | undefined {
  if (!/^\s*http/i.test(statement)) return undefined
  const text = statement.trim()
  const licence = creativeCommons.exec(text)
  if (licence) {
    const [, kind, terms, version, port = ''] = licence
    return `http://creativecommons.org/${kind}/${terms}/${version}${port}/`.toLowerCase()
  }
  const [, code = '', version] = rightsStatements.exec(text) ?? []
  const known = statements.get(code.toLowerCase())
  return known && `http://rightsstatements.org/vocab/${known}/${version}/`
}

/** Whether it says what may be done with the object, not who holds the rights or who may come in. */
export const isLicence = (value: Value): boolean =>
  isSaid(value) &&
  value.term !== 'rightsHolder' &&
  value.term !== 'accessRights' &&
  accessOf(value) === undefined

/**
 * What a record says of rights; where that is nothing of what may be done, its collection speaks for it. A record that
 * states something else is not under the collection's licence.
 */
export function rightsValues({ dc, rights }: { dc: DublinCore; rights?: string }): Value[] {
  const own = said(dc.rights)
  return rights?.trim() && !own.some(isLicence) ? [...own, { value: rights }] : own
}

/** The statement that machines know, the record's own or else its collection's. */
export function rightsAddressOf(record: { dc: DublinCore; rights?: string }): string | undefined {
  for (const { value } of rightsValues(record)) {
    const address = canonicalRights(value)
    if (address) return address
  }
  return undefined
}
