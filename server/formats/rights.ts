// Which rights statements are addresses that machines know: Creative Commons and RightsStatements.org, in the one form
// that Europeana, DPLA and IIIF Presentation 3 list them in: http, the plain statement, a slash at its end.
import type { DublinCore, Value } from '../../schemas/dublin-core.ts'

const creativeCommons =
  /^https?:\/\/(?:www\.)?creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)\/(\d\.\d)(\/(?!deed|legalcode)[a-z]{2,8})?(?:\/|\/?(?:deed|legalcode)(?:\.[a-z_-]+)?)?$/i
const rightsStatements =
  /^https?:\/\/(?:www\.)?rightsstatements\.org\/(?:vocab|page)\/([a-z-]+)\/(\d\.\d)\/?(?:\?.*)?$/i

const statements = new Map(
  'InC InC-OW-EU InC-EDU InC-NC InC-RUU NoC-CR NoC-NC NoC-OKLR NoC-US CNE UND NKC'
    .split(' ')
    .map((code) => [code.toLowerCase(), code]),
)

/** The address that stands for this statement, or undefined where it is only text. */
export function canonicalRights(statement: string): string | undefined {
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

/** What a record says of rights, or else its collection. */
export function rightsValues(record: { dc: DublinCore; rights?: string }): Value[] {
  const own = record.dc.rights?.filter(({ value }) => value.trim() !== '')
  if (own?.length) return own
  return record.rights?.trim() ? [{ value: record.rights }] : []
}

/** The statement that machines know, the record's own before its collection's. */
export function rightsAddressOf(record: { dc: DublinCore; rights?: string }): string | undefined {
  for (const { value } of record.dc.rights ?? []) {
    const address = canonicalRights(value)
    if (address) return address
  }
  return record.rights === undefined ? undefined : canonicalRights(record.rights)
}
