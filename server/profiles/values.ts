import type { Value } from '../../schemas/dublin-core.ts'
import type { Json } from '../../schemas/record.ts'

/** The values of a field, whatever its type: texts keep their language, numbers become text. */
export function valuesOf(content: Json | undefined): Value[] {
  if (content === undefined || content === null) return []
  if (Array.isArray(content)) return content.flatMap(valuesOf)
  if (typeof content !== 'object') return [{ value: String(content) }]
  const { value, language } = content
  if (typeof value !== 'string') return []
  return [typeof language === 'string' ? { value, language } : { value }]
}
