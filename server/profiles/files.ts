// JSON files that an operator writes, refused with the pointer to the fault.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { invalid, type DomainError } from '../http/errors.ts'

/** Every `*.json` right in a folder, by name. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => join(folder, name))
}

/**
 * @param what it is, as "profile"
 * @throws invalid, naming the file and the pointer to the fault
 */
export function readChecked(what: string, file: string, obeys: ValidateFunction): unknown {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw invalid(`The ${what} ${file} is not JSON: ${(cause as Error).message}`, { cause })
  }
  return checked(what, file, content, obeys)
}

/** @throws invalid, with the pointer to the fault */
export function checked(
  what: string,
  name: string,
  content: unknown,
  obeys: ValidateFunction,
): unknown {
  if (obeys(content)) return content
  const error = deepest(obeys.errors ?? [])
  throw wrong(what, name, error?.instancePath || '/', `${error?.message ?? ''}${detail(error)}`)
}

export const wrong = (what: string, file: string, pointer: string, fault: string): DomainError =>
  invalid(`The ${what} ${file} is wrong at ${pointer}: ${fault}`)

/** Of several complaints about one place (what it could have been instead) the one that looked furthest into it. */
const deepest = (errors: ErrorObject[]): ErrorObject | undefined =>
  errors.reduce<ErrorObject | undefined>(
    (best, each) =>
      !best ||
      (each.instancePath.startsWith(best.instancePath) &&
        each.instancePath.length > best.instancePath.length)
        ? each
        : best,
    undefined,
  )

export function detail(error: ErrorObject | undefined): string {
  if (!error) return ''
  const { params, propertyName } = error
  if (propertyName !== undefined) return ` ("${propertyName}")`
  if ('additionalProperty' in params) return ` ("${String(params['additionalProperty'])}")`
  return ''
}
