// Small parts that the formats share.
import { element } from '../../schemas/xml.ts'
import type { Value } from '../../schemas/dublin-core.ts'

export function elements(name: string, values: Value[] | undefined): string {
  if (!values) return ''
  let text = ''
  for (const { value, language } of values) text += element(name, value, language)
  return text
}
