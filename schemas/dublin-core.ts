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

/**
 * Terms of DCMI that refine an element: https://www.dublincore.org/specifications/dublin-core/dcmi-terms/
 * A value keeps its place in the element, so that who knows fifteen elements only loses nothing but the nuance.
 */
export const refinements = {
  alternative: 'title',
  abstract: 'description',
  tableOfContents: 'description',
  created: 'date',
  issued: 'date',
  available: 'date',
  modified: 'date',
  dateCopyrighted: 'date',
  medium: 'format',
  extent: 'format',
  spatial: 'coverage',
  temporal: 'coverage',
  license: 'rights',
  accessRights: 'rights',
  rightsHolder: 'rights',
  bibliographicCitation: 'identifier',
  provenance: 'description',
  isPartOf: 'relation',
  hasPart: 'relation',
  isVersionOf: 'relation',
  hasVersion: 'relation',
  isFormatOf: 'relation',
  hasFormat: 'relation',
  references: 'relation',
  isReferencedBy: 'relation',
  replaces: 'relation',
  isReplacedBy: 'relation',
  requires: 'relation',
  isRequiredBy: 'relation',
  conformsTo: 'relation',
} as const satisfies Record<string, DcElement>

export type DcTerm = keyof typeof refinements

/** One value of a description. */
export interface Value {
  value: string
  /** BCP 47 tag, where the source states one. */
  language?: string
  /** The term that says more precisely how the value fills its element. */
  term?: DcTerm
}

export type DublinCore = { [element in DcElement]?: Value[] }

const elementNames: ReadonlySet<string> = new Set(dcElements)

export function isDcElement(name: string): name is DcElement {
  return elementNames.has(name)
}

/**
 * Adds a value to its element, once. The same words with a term and without are one value: the term stays.
 */
export function addValue(values: Value[], made: Value): void {
  let bare = -1
  for (let index = 0; index < values.length; index++) {
    const each = values[index]
    if (each?.value !== made.value || each.language !== made.language) continue
    if (each.term === made.term || made.term === undefined) return
    if (each.term === undefined) bare = index
  }
  if (bare < 0) values.push(made)
  else values[bare] = made
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
