// Small parts that the formats share. All of them write text that the official schemas take, whatever comes in.
import type { DcTerm, Value } from '../../schemas/dublin-core.ts'
import { attribute, element, escapeAttribute } from '../../schemas/xml.ts'
import type { Keeper } from '../../schemas/record.ts'

/** Whether it says anything. */
export const isSaid = ({ value }: Value): boolean => value !== '' && value.trim() !== ''

/** The values that say something. */
export function said(values: Value[] | undefined): Value[] {
  if (!values?.length) return nothing
  return values.every(isSaid) ? values : values.filter(isSaid)
}
const nothing: Value[] = []

/** Every value under one name; terms are not told. */
export function elements(name: string, values: Value[] | undefined): string {
  if (!values) return ''
  let text = ''
  for (const each of values) if (isSaid(each)) text += element(name, each.value, each.language)
  return text
}

/** `<name attributes>text</name>`, `attributes` with the space before it. */
export function withAttributes(
  name: string,
  attributes: string,
  text: string,
  language?: string,
): string {
  // The name's end is found again in what was written: element() knows how to escape, and adds its own attribute.
  const written = element(name, text, language)
  return `<${name}${attributes}${written.slice(name.length + 1)}`
}

/** `<name rdf:resource="address"/>`, nothing without an address. */
export function resource(name: string, address: string | undefined): string {
  return address ? `<${name} rdf:resource="${escapeAttribute(address)}"/>` : ''
}

/** `<name>…</name>` around what there is; nothing around nothing. */
export function wrapped(name: string, content: string): string {
  return content && `<${name}>${content}</${name}>`
}

/** Opening tag of a root with its namespaces by prefix ('' is the default one) and where its schema lies. */
export function rootTag(
  name: string,
  namespaces: Record<string, string>,
  schemaLocation: string,
): string {
  const declared = Object.entries(namespaces).map(([prefix, namespace]) =>
    attribute(prefix ? `xmlns:${prefix}` : 'xmlns', namespace),
  )
  return (
    `<${name}${declared.join('')} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
    `${attribute('xsi:schemaLocation', schemaLocation)}`
  )
}

const pathCharacters = String.raw`(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9a-fA-F]{2})*`
const webShape = new RegExp(
  String.raw`^https?:\/\/(?:[a-z0-9](?:[\w.-]*\w)?|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?]${pathCharacters})?(?:#${pathCharacters})?$`,
  'i',
)

/** Whether it is a web address by RFC 3986 as it stands: schemas check xsd:anyURI to the letter. */
export function isWebAddress(text: string): boolean {
  return webShape.test(text)
}

/**
 * The web address with whatever an address cannot hold percent-encoded; undefined where it is none. `http://a/ü|%` is an
 * address to browsers, but not to schemas.
 */
export function addressOf(text: string | undefined): string | undefined {
  if (!text || webShape.test(text)) return text || undefined
  const trimmed = text.trim()
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return undefined
  const { origin, href } = new URL(trimmed)
  if (!href.startsWith(origin)) return undefined
  const rest = href
    .slice(origin.length)
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/[[\]{}|\\^`]/g, encoded)
    .replace(/(?<=#.*)#/g, '%23')
  return webShape.test(origin + rest) ? origin + rest : undefined
}

/** What schemas take as xsd:anyURI: an address of the web, or a name as urn:isbn:1 or ark:/12148/btv1. */
export function uriOf(text: string): string | undefined {
  const address = addressOf(text.trim())
  if (address !== undefined && webShape.test(address)) return address
  return nameShape.test(text.trim()) ? text.trim() : undefined
}
const nameShape = new RegExp(`^(?:urn|ark|info|doi):${pathCharacters}$`, 'i')

const encoded = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase()}`

const w3cdtf =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d))?)?)?$/

/** Whether a date is one of W3CDTF and of XML Schema alike: year, month, day or second, and there was such a day. */
export function isW3cdtf(text: string): boolean {
  const [whole, year, month, day] = w3cdtf.exec(text) ?? []
  if (whole === undefined || year === '0000') return false
  return day === undefined || Number(day) <= daysOf(Number(year), Number(month))
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** A DOI without its resolver: `10.1234/abc`. */
export function doiOf(text: string): string | undefined {
  if (!text.includes('10.')) return undefined
  return /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/\S+)$/i.exec(text.trim())?.[1]
}

/** The values under a term; those without any term where it is undefined. */
export function underTerm(values: Value[] | undefined, term: DcTerm | undefined): Value[] {
  return said(values).filter((each) => each.term === term)
}

/** A name that is one: a schema, and a reader, want letters. */
export function nameOf(keeper: Keeper, other: Keeper): string {
  return keeper.name.trim() || other.name.trim() || '—'
}
