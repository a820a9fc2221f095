// Which column fills which field: stated by the depositor, or guessed from the headings.
import type { Json, JsonObject, Translations } from '../../schemas/record.ts'
import type { Profile } from '../../schemas/profile.ts'
import { invalid } from '../http/errors.ts'

export interface Target {
  field: string
  language?: string
  /** Characters that part several values in one cell. */
  separators: string
}

/** By column; a nested value of JSON is named by its path, `contributors.fc`. */
export type Mapping = Map<string, Target>

const languages = [
  'fr',
  'en',
  'de',
  'es',
  'it',
  'pt',
  'nl',
  'la',
  'ca',
  'pl',
  'ar',
  'ru',
  'zh',
  'ja',
  'el',
]

/** Columns that a report of refused rows adds, and that an import of the corrected file passes over. */
export const reportPrefix = 'campa:'

/** Letters and digits only, without case and accents. */
export function normalise(heading: string): string {
  return heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/**
 * `Titre=title@fr, Auteurs=creator[;], Notes=-`: column, "=", field, then a language after "@" and in brackets the
 * characters that part values; "-" leaves a column out; a lone "*" guesses the columns that are not named.
 * @throws invalid on a column that the file lacks or a field that the profile lacks
 */
export function parseMapping(text: string, profile: Profile, columns: string[]): Mapping {
  const mapping: Mapping = new Map()
  const left = new Set<string>()
  const entries = text
    .split(/,(?![^[]*\])/)
    .map((each) => each.trim())
    .filter(Boolean)
  for (const entry of entries) {
    if (entry === '*') continue
    const at = entry.lastIndexOf('=')
    if (at < 1) throw invalid(`"${entry}" in --map is not COLUMN=FIELD.`)
    const column = findColumn(entry.slice(0, at).trim(), columns)
    const target = parseTarget(entry.slice(at + 1).trim(), profile)
    if (target) mapping.set(column, target)
    else left.add(column)
  }
  if (!entries.includes('*')) return mapping
  const guessed = guessMapping(
    profile,
    columns.filter((each) => !mapping.has(each) && !left.has(each)),
  )
  return new Map([...guessed, ...mapping])
}

/** @throws invalid, with the nearest names there are */
export function findColumn(name: string, columns: string[]): string {
  const found =
    columns.find((each) => each === name) ??
    columns.find((each) => normalise(each) === normalise(name))
  if (found === undefined)
    throw invalid(
      `The file has no column "${name}"; its columns are ${columns.map((each) => `"${each}"`).join(', ')}.`,
    )
  return found
}

function parseTarget(text: string, profile: Profile): Target | undefined {
  if (text === '-') return undefined
  const match = /^([A-Za-z0-9_]+)(?:@([A-Za-z-]+))?(?:\[([^\]]*)\])?$/.exec(text)
  const field = match?.[1] ?? ''
  if (!match || !(field in profile.schema.properties)) {
    throw invalid(
      `The profile ${profile.id} has no field "${text}"; its fields are ${Object.keys(profile.schema.properties).join(', ')}.`,
    )
  }
  return {
    field,
    ...(match[2] && { language: match[2] }),
    separators: match[3] ?? separatorsOf(profile, field),
  }
}

/** Where several values usually stand in one cell: keywords, people, kinds, languages; never in running text. */
function separatorsOf(profile: Profile, field: string): string {
  const elements = Object.entries(profile.crosswalk)
    .filter(([, rules]) =>
      rules.some(
        (rule) => (typeof rule === 'string' ? rule : 'field' in rule && rule.field) === field,
      ),
    )
    .map(([element]) => element)
  // A title that is also a keyword stays whole.
  if (elements.includes('title')) return ''
  if (
    elements.some((each) =>
      ['subject', 'creator', 'contributor', 'language', 'type'].includes(each),
    )
  )
    return '|;'
  if (elements.includes('description')) return ''
  return '|'
}

/** What the headings say: names, labels and known headings of the profile's fields, with a language at their end. */
export function guessMapping(profile: Profile, columns: string[]): Mapping {
  const names = headingsOf(profile)
  const mapping: Mapping = new Map()
  for (const column of columns) {
    if (column.startsWith(reportPrefix)) continue
    const { stem, language } = withoutLanguage(column)
    const field =
      names.get(normalise(column)) ??
      names.get(normalise(stem)) ??
      names.get(normalise(stem.replace(/[\s_]*\d+$/, '')))
    if (field === undefined) continue
    const tag = names.has(normalise(column)) ? undefined : language
    mapping.set(column, {
      field,
      ...(tag && { language: tag }),
      separators: separatorsOf(profile, field),
    })
  }
  return mapping
}

function headingsOf(profile: Profile): Map<string, string> {
  const names = new Map<string, string>()
  const add = (heading: string, field: string): void => {
    const name = normalise(heading)
    if (name && !names.has(name)) names.set(name, field)
  }
  const fields = Object.keys(profile.schema.properties)
  for (const field of fields) add(field, field)
  for (const field of fields) {
    for (const label of Object.values(profile.display[field]?.label ?? {})) add(label, field)
  }
  for (const field of fields) {
    for (const heading of profile.display[field]?.headings ?? []) add(heading, field)
  }
  return names
}

/** `title_fr`, `titre (en)`, `description@de` → the heading without its language, and the language. */
function withoutLanguage(column: string): { stem: string; language?: string } {
  const match = /^(.+?)[\s_.@-]*[(\s_.@-]([a-z]{2})\)?$/i.exec(column)
  const language = match?.[2]?.toLowerCase()
  return match?.[1] && language && languages.includes(language)
    ? { stem: match[1], language }
    : { stem: column }
}

/** Whether this object is a text in several languages: `{ "fr": "…", "en": "…" }`. */
export function isTranslated(
  value: Json,
): value is Translations | { [language: string]: string[] } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every((key) => languages.includes(key) || key === 'und')
}

/** The columns of a row of JSON: its names, nested ones by their path; lists are passed through. */
export function columnsOf(source: JsonObject, prefix = ''): string[] {
  return Object.entries(source).flatMap(([name, value]) => {
    const path = prefix + name
    const objects = (Array.isArray(value) ? value : [value]).filter(
      (each): each is JsonObject =>
        each !== null && typeof each === 'object' && !Array.isArray(each),
    )
    if (!objects.length || objects.some(isTranslated) || objects.some(isValue)) return [path]
    return [...new Set(objects.flatMap((each) => columnsOf(each, `${path}.`)))]
  })
}

/** `{ "value": "…", "language": "fr" }` */
export const isValue = (value: JsonObject): boolean => typeof value['value'] === 'string'

/** What stands under a column, lists opened. */
export function valuesAt(source: JsonObject, column: string): Json[] {
  if (column in source) return open(source[column] ?? null)
  let at: Json[] = [source]
  for (const name of column.split('.')) {
    at = at.flatMap((each) =>
      each !== null && typeof each === 'object' && !Array.isArray(each) && name in each
        ? open(each[name] ?? null)
        : [],
    )
    if (!at.length) return at
  }
  return at
}

const open = (value: Json): Json[] => (Array.isArray(value) ? value.flatMap(open) : [value])
