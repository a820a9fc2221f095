// The parameters of the JSON API: checked here, described in OpenAPI, both from one table. Pure.
import { facets } from '../engine/engine.ts'
import { limits, sorts } from '../search/search.ts'
import { languages } from '../text/text.ts'
import type { Schema } from './schema.ts'

export interface Fault {
  name: string
  given?: string
  /** What is allowed, as the end of a sentence that begins with the name. */
  allowed: string
}

export interface Parameter {
  name: string
  description: string
  schema: Schema
  /** As in `Fault`. */
  allowed: string
  holds(text: string): boolean
}

const whole = (text: string, least: number, most: number): boolean =>
  /^-?\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most

const year = (name: 'from' | 'to'): Parameter => ({
  name,
  description: `Only records whose span of years touches the years ${name === 'from' ? 'from this one on' : 'up to this one'}.`,
  schema: { type: 'integer', minimum: -9999, maximum: 9999 },
  allowed: 'must be a year from -9999 to 9999',
  holds: (text) => whole(text, -9999, 9999),
})

const oneOf = (name: string, values: readonly string[], description: string): Parameter => ({
  name,
  description,
  schema: { type: 'string', enum: values },
  allowed: `must be ${values.length > 1 ? `one of ${values.join(', ')}` : values.join()}`,
  holds: (text) => values.includes(text),
})

const limit = (usual: number, most: number): Parameter => ({
  name: 'limit',
  description: 'How many at a time.',
  schema: { type: 'integer', minimum: 1, maximum: most, default: usual },
  allowed: `must be a whole number from 1 to ${most}`,
  holds: (text) => whole(text, 1, most),
})

export const afterAllowed = 'must be taken from the "next" of the page before'

const after: Parameter = {
  name: 'after',
  description: 'Where the page before ended: follow its "next" rather than making this one.',
  schema: { type: 'string', minLength: 1 },
  allowed: afterAllowed,
  holds: (text) => text !== '',
}

const facetWords = {
  collection: 'Slug of a collection; what lies in the collections below it is found too.',
  brick: 'Name of the brick that keeps it.',
  type: 'Type, as it is written, in any of its languages.',
  language: 'Language of the object, by its tag: fr.',
  keyword: 'Keyword, as it is written, in any of its languages.',
}

export const recordLimit = 30
export const collectionLimit = 100

export const recordParameters: Parameter[] = [
  {
    name: 'q',
    description: 'Words (all must occur), "phrases" in quotes, -words to leave out.',
    schema: { type: 'string', maxLength: limits.characters },
    allowed: `must have at most ${limits.characters} characters`,
    holds: (text) => text.length <= limits.characters,
  },
  ...facets.map((name): Parameter => ({
    name,
    description: `${facetWords[name]} May be given several times: any of them.`,
    schema: {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: limits.characters },
      maxItems: limits.values,
    },
    allowed: `must be given at most ${limits.values} times, each with 1 to ${limits.characters} characters`,
    holds: (text) => text.trim() !== '' && text.length <= limits.characters,
  })),
  year('from'),
  year('to'),
  oneOf('pictured', ['1'], 'Only records with a picture.'),
  oneOf('sort', sorts, 'Order; relevance where words are asked for, else newest.'),
  oneOf('lang', languages, 'Types and keywords are counted for a reader of this language.'),
  limit(recordLimit, 100),
  after,
]

export const alikeLimit = 20
export const alikeParameters: Parameter[] = [limit(alikeLimit, 60)]

export const collectionParameters: Parameter[] = [limit(collectionLimit, 1000), after]

/** What is wrong with these parameters; nothing: they can be read. */
export function faultsOf(given: URLSearchParams, parameters: Parameter[]): Fault[] {
  const faults: Fault[] = []
  const names = parameters.map(({ name }) => name)
  for (const name of new Set(given.keys())) {
    const parameter = parameters.find((each) => each.name === name)
    const texts = given.getAll(name)
    if (!parameter) {
      faults.push({ name, allowed: `is no parameter here: they are ${names.join(', ')}` })
      continue
    }
    const most = parameter.schema.maxItems ?? 1
    const wrong = texts.find((text) => !parameter.holds(text))
    if (wrong !== undefined) faults.push({ name, given: wrong, allowed: parameter.allowed })
    else if (texts.length > most)
      faults.push({ name, allowed: most === 1 ? 'must be given once' : parameter.allowed })
  }
  const [from, to] = [given.get('from'), given.get('to')]
  if (!faults.length && from !== null && to !== null && Number(from) > Number(to))
    faults.push({ name: 'from', given: from, allowed: `must not be after "to", which is ${to}` })
  return faults
}
