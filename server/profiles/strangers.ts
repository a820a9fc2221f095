// What the schema of a profile may hold that a stranger made: enough to describe records, nothing that can make the check of
// a record run for ever or reach out of the schema.
import type { Json } from '../../schemas/record.ts'

const keywords = new Set([
  '$schema',
  'type',
  'title',
  'description',
  'default',
  'examples',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'pattern',
  'format',
  '$ref',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
])
/** Keywords whose value is data, not a schema. */
const plain = new Set(['default', 'examples', 'enum', 'const', 'required', 'type'])

const deepest = 12
const longestPattern = 100

export interface Fault {
  pointer: string
  reason: string
}

export function tooBold(schema: Json, pointer = '', depth = 0): Fault | undefined {
  if (typeof schema === 'boolean') return undefined
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema))
    return { pointer, reason: 'this is no schema' }
  if (depth > deepest) return { pointer, reason: `it is nested more than ${deepest} deep` }
  for (const [name, value] of Object.entries(schema)) {
    const at = `${pointer}/${name}`
    if (!keywords.has(name)) return { pointer: at, reason: `"${name}" is not taken from others` }
    if (name === '$ref' && !(typeof value === 'string' && value.startsWith('campa:')))
      return { pointer: at, reason: 'it may refer to types of CaMPA only' }
    if (name === 'pattern' && !(typeof value === 'string' && isHarmless(value)))
      return { pointer: at, reason: 'this pattern could take for ever' }
    const fault = plain.has(name) ? undefined : inside(name, value, at, depth)
    if (fault) return fault
  }
  return undefined
}

function inside(name: string, value: Json, pointer: string, depth: number): Fault | undefined {
  if (name === 'items' || name === 'additionalProperties') return tooBold(value, pointer, depth + 1)
  if (name !== 'properties' || value === null || typeof value !== 'object') return undefined
  for (const [field, schema] of Object.entries(value)) {
    const fault = tooBold(schema, `${pointer}/${field}`, depth + 1)
    if (fault) return fault
  }
  return undefined
}

/** No repeated group, few choices, at most two repetitions: the time it takes grows with the square of the text at most. */
function isHarmless(pattern: string): boolean {
  if (pattern.length > longestPattern || /\)\s*[*+{]/.test(pattern) || /\\[1-9k]/.test(pattern))
    return false
  const outsideClasses = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  const count = (found: RegExp): number => outsideClasses.match(found)?.length ?? 0
  return count(/[*+]|\{\d*,\d*\}/g) <= 2 && count(/[|?]/g) <= 8
}
