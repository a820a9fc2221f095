// A row becomes metadata under its profile, or a fault that names the column, the value and the reason. Pure.
import type { Value } from '../../schemas/dublin-core.ts'
import type { Profile } from '../../schemas/profile.ts'
import type { Json, JsonObject } from '../../schemas/record.ts'
import { isXmlSafe, xmlSafe } from '../../schemas/xml.ts'
import type { Profiles } from '../profiles/profiles.ts'
import { isTranslated, isValue, valuesAt, type Mapping, type Target } from './mapping.ts'
import type { RowFault } from './rows.ts'

export type Converted =
  | {
      metadata: JsonObject
      /** Columns with characters that XML cannot carry: U+FFFD stands for each of them now. */
      repaired: string[]
      fault?: undefined
    }
  | { metadata?: undefined; fault: RowFault }

/** @param language of texts whose column names none */
export function convert(
  profiles: Profiles,
  profile: Profile,
  mapping: Mapping,
  source: JsonObject,
  language: string | undefined,
): Converted {
  const values = new Map<string, Value[]>()
  const repaired: string[] = []
  for (const [column, target] of mapping) {
    const given = valuesAt(source, column)
    const found = given.flatMap((each) => valuesFrom(each, target, language))
    if (given.some(needsRepair)) repaired.push(column)
    if (!found.length) continue
    const known = values.get(target.field)
    if (known) known.push(...found)
    else values.set(target.field, found)
  }
  const metadata: JsonObject = {}
  for (const [field, found] of values) {
    const content = contentOf(profile.schema.properties[field] ?? {}, found)
    if (content !== undefined) metadata[field] = content
  }
  const [fault] = profiles.faults(profile, metadata)
  if (!fault) return { metadata, repaired }
  const column = [...mapping].find(([, target]) => target.field === fault.field)?.[0] ?? fault.field
  return {
    fault: {
      column,
      value: (values.get(fault.field) ?? []).map((each) => each.value).join(' | '),
      reason: `${fault.field} ${fault.reason}`,
    },
  }
}

function valuesFrom(given: Json, target: Target, language: string | undefined): Value[] {
  if (given === null || given === '') return []
  if (typeof given === 'object') {
    if (Array.isArray(given)) return given.flatMap((each) => valuesFrom(each, target, language))
    if (isTranslated(given)) {
      return Object.entries(given).flatMap(([tag, text]) =>
        valuesFrom(text as Json, tag === 'und' ? target : { ...target, language: tag }, language),
      )
    }
    if (isValue(given)) {
      const tag = given['language']
      return valuesFrom(
        given['value'] ?? null,
        typeof tag === 'string' ? { ...target, language: tag } : target,
        language,
      )
    }
    return []
  }
  const tag = target.language ?? (typeof given === 'string' ? language : undefined)
  return split(String(given), target.separators).map((value) =>
    tag ? { value, language: tag } : { value },
  )
}

const needsRepair = (given: Json): boolean =>
  typeof given === 'string'
    ? !isXmlSafe(given)
    : given !== null && typeof given === 'object' && Object.values(given).some(needsRepair)

/** "NULL" is what some databases export for an empty cell. */
function split(text: string, separators: string): string[] {
  const parts =
    separators && Array.from(separators).some((each) => text.includes(each))
      ? cut(text, separators)
      : [text]
  return parts.map((each) => xmlSafe(each).trim()).filter((each) => each !== '' && each !== 'NULL')
}

function cut(text: string, separators: string): string[] {
  let parts = [text]
  for (const separator of separators) parts = parts.flatMap((each) => each.split(separator))
  return parts
}

/** What the field's type makes of these texts; a text that does not fit stays, for the schema to refuse. */
function contentOf(type: JsonObject, values: Value[]): Json | undefined {
  const name = type['$ref']
  if (name === 'campa:texts') return values as unknown as Json
  if (name === 'campa:addresses') return values.flatMap(({ value }) => value.split(/\s+/))
  const [first] = values
  if (!first) return undefined
  if (name === 'campa:quantity' || type['type'] === 'number' || type['type'] === 'integer')
    return numberOf(first.value)
  if (type['type'] === 'boolean')
    return /^(true|yes|oui|vrai|1)$/i.test(first.value)
      ? true
      : /^(false|no|non|faux|0)$/i.test(first.value)
        ? false
        : first.value
  if (type['type'] === 'array') return values.map(({ value }) => value)
  return first.value
}

/** "1 234,5" and "1,234.5" alike; what is no number stays text. */
function numberOf(text: string): number | string {
  const compact = text.replace(/[\s\u00A0\u202F]/g, '')
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(compact)
    ? compact.replaceAll(',', '')
    : compact.replace(',', '.')
  const number = Number(plain)
  return plain !== '' && Number.isFinite(number) ? number : text
}
