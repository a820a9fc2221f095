// Writing a record by the template of a crosswalk file: plain text, escaped, as the formats of the house are written.
import type { Value } from '../../schemas/dublin-core.ts'
import type { RecordFact, TemplateElement, TextSource } from '../../schemas/profile-format.ts'
import { attribute, escapeXml, languageAttribute } from '../../schemas/xml.ts'
import type { Described } from '../formats/format.ts'
import { rightsAddressOf } from '../formats/rights.ts'
import { isSaid, uriOf } from '../formats/writer.ts'
import { valuesOf } from './values.ts'

/** The root element with all that is in it; `declarations` goes into its tag. */
export function writeTemplate(
  root: TemplateElement,
  declarations: string,
  record: Described,
): string {
  return elementText(root, record, undefined, declarations)
}

/** Nothing where the element asks for values and there are none of them. */
function node(template: TemplateElement, record: Described): string {
  if (template.each === undefined) return elementText(template, record, undefined, undefined)
  let text = ''
  for (const value of valuesOf(record.metadata[template.each])) {
    const given = fit(value, template.only)
    if (given) text += elementText(template, record, given, undefined)
  }
  return text
}

function elementText(
  template: TemplateElement,
  record: Described,
  value: Value | undefined,
  /** Of the root, which is written in any case. */
  declarations: string | undefined,
): string {
  let attributes = declarations ?? ''
  let given = false
  for (const [name, source] of Object.entries(template.attributes ?? {})) {
    const found = first(source, record, value)
    attributes += attribute(name, found?.value)
    given ||= found !== undefined && !isConstant(source)
  }
  const text = template.text && first(template.text, record, value)
  if (text && template.language !== false) attributes += languageAttribute(text.language)
  given ||= text !== undefined && !isConstant(template.text)
  let content = text ? escapeXml(text.value) : ''
  for (const child of template.content ?? []) content += node(child, record)
  const isWritten = declarations !== undefined || given || content !== '' || !asks(template)
  const { element } = template
  return isWritten ? `<${element}${attributes}${content ? `>${content}</${element}` : '/'}>` : ''
}

/** Whether it takes anything from a record. */
function asks({ each, attributes, text, content }: TemplateElement): boolean {
  return (
    each !== undefined ||
    [...Object.values(attributes ?? {}), ...(text ? [text] : [])].some((one) => !isConstant(one)) ||
    (content ?? []).some(asks)
  )
}

const isConstant = (source: TextSource | TextSource[] | undefined): boolean =>
  source !== undefined && [source].flat().every((each) => 'constant' in each)

function first(
  sources: TextSource | TextSource[],
  record: Described,
  value: Value | undefined,
): Value | undefined {
  for (const source of Array.isArray(sources) ? sources : [sources]) {
    if ('constant' in source) return { value: source.constant }
    for (const each of valuesFrom(source, record, value)) {
      const found = fit(each, source.only)
      if (found) return found
    }
  }
  return undefined
}

function valuesFrom(
  source: Exclude<TextSource, { constant: string }>,
  record: Described,
  value: Value | undefined,
): Value[] {
  if ('value' in source) return value ? [value] : []
  if ('field' in source) return valuesOf(record.metadata[source.field])
  const fact = facts[source.record](record)
  return fact === undefined ? [] : [{ value: fact }]
}

/** The value, where it is of the kind that is asked for; an address as schemas take it. */
function fit(value: Value, only: 'address' | 'text' | undefined): Value | undefined {
  if (!isSaid(value)) return undefined
  if (only === undefined) return value
  const address = uriOf(value.value)
  if (only === 'text') return address === undefined ? value : undefined
  return address === undefined ? undefined : { value: address }
}

const facts: Record<RecordFact, (record: Described) => string | undefined> = {
  identifier: ({ identifier }) => identifier,
  page: ({ page }) => page,
  datestamp: ({ datestamp }) => datestamp,
  keeper: ({ keeper }) => keeper.name,
  provider: ({ provider }) => provider.name,
  collection: ({ collection }) => Object.values(collection.title)[0],
  rights: (record) => rightsAddressOf(record),
  manifest: ({ links }) => links.manifest,
  image: ({ links }) => links.image,
  thumbnail: ({ links }) => links.thumbnail,
}
