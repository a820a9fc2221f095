// Dublin Core as this house speaks it: fifteen elements, each a list of values that may name their language.
// DCMI Metadata Element Set 1.1, https://www.dublincore.org/specifications/dublin-core/dces/

export const dcElements = [
  'title',
  'creator',
  'subject',
  'description',
  'publisher',
  'contributor',
  'date',
  'type',
  'format',
  'identifier',
  'source',
  'language',
  'relation',
  'coverage',
  'rights',
] as const

export type DcElement = (typeof dcElements)[number]

/** One value of a description; `language` is a BCP 47 tag where the source states one. */
export interface Value {
  value: string
  language?: string
}

export type DublinCore = { [element in DcElement]?: Value[] }

export function isDcElement(name: string): name is DcElement {
  return (dcElements as readonly string[]).includes(name)
}

/**
 * The value to show a reader of `language`: one in that language, else one without a language, else the first.
 */
export function preferred(values: Value[] | undefined, language: string): Value | undefined {
  if (!values?.length) return undefined
  return (
    values.find((each) => each.language?.split('-')[0] === language) ??
    values.find((each) => each.language === undefined) ??
    values[0]
  )
}

/**
 * The values to show a reader of `language`: where translations stand side by side, those of that language and those
 * without one; where nothing is in that language, all.
 */
export function inLanguage(values: Value[] | undefined, language: string): Value[] {
  if (!values) return []
  const own = values.filter(
    (each) => each.language === undefined || each.language.split('-')[0] === language,
  )
  const translated = own.some((each) => each.language !== undefined)
  return translated ? own : values
}
