// The arguments of a request, checked against OAI-PMH 2.0, sections 3.1 and 4. Pure.
import { granularityOf, parseDatestamp } from '../../schemas/datestamp.ts'
import { verbs, type OaiErrorCode, type Verb } from '../../schemas/oai.ts'
import { isAnyUri } from '../../schemas/xml.ts'

export interface OaiError {
  code: OaiErrorCode
  message: string
}

export type OaiRequest =
  | { verb: 'Identify' }
  | { verb: 'ListMetadataFormats'; identifier?: string }
  | { verb: 'ListSets'; resumptionToken?: string }
  | { verb: 'GetRecord'; identifier: string; metadataPrefix: string }
  | { verb: 'ListIdentifiers' | 'ListRecords'; resumptionToken: string }
  | {
      verb: 'ListIdentifiers' | 'ListRecords'
      resumptionToken?: undefined
      metadataPrefix: string
      set?: string
      /** Inclusive. */
      from?: Date
      /** Inclusive: the last moment that the argument names. */
      until?: Date
    }

export type Parsed =
  { request: OaiRequest; errors?: undefined } | { request?: undefined; errors: OaiError[] }

const allowed: Record<Verb, { required: string[]; optional: string[] }> = {
  Identify: { required: [], optional: [] },
  ListMetadataFormats: { required: [], optional: ['identifier'] },
  ListSets: { required: [], optional: ['resumptionToken'] },
  GetRecord: { required: ['identifier', 'metadataPrefix'], optional: [] },
  ListIdentifiers: {
    required: ['metadataPrefix'],
    optional: ['from', 'until', 'set', 'resumptionToken'],
  },
  ListRecords: {
    required: ['metadataPrefix'],
    optional: ['from', 'until', 'set', 'resumptionToken'],
  },
}

const badArgument = (message: string): OaiError => ({ code: 'badArgument', message })

export function parseArguments(given: URLSearchParams): Parsed {
  const named = given.getAll('verb')
  const verb = verbs.find((each) => each === named[0])
  if (!verb || named.length !== 1) {
    return { errors: [{ code: 'badVerb', message: verbFault(named) }] }
  }
  const { required, optional } = allowed[verb]
  const errors: OaiError[] = []
  const exclusive = optional.includes('resumptionToken') && given.has('resumptionToken')
  for (const name of new Set(given.keys())) {
    if (name === 'verb') continue
    if (!required.includes(name) && !optional.includes(name)) {
      errors.push(badArgument(`${verb} knows no argument "${name}"`))
    } else if (given.getAll(name).length > 1) {
      errors.push(badArgument(`"${name}" was given more than once`))
    } else if (exclusive && name !== 'resumptionToken') {
      errors.push(badArgument(`resumptionToken is exclusive: leave "${name}" out`))
    } else if (given.get(name) === '') {
      errors.push(badArgument(`"${name}" is empty`))
    }
  }
  for (const name of required) {
    if (!exclusive && !given.has(name)) errors.push(badArgument(`${verb} needs "${name}"`))
  }
  if (errors.length) return { errors }
  return requestOf(verb, given)
}

function verbFault(named: string[]): string {
  if (named.length === 0) return `no verb was given; the verbs are ${verbs.join(', ')}`
  if (named.length > 1) return 'the verb was given more than once'
  return `"${named[0] ?? ''}" is no verb; the verbs are ${verbs.join(', ')}`
}

function requestOf(verb: Verb, given: URLSearchParams): Parsed {
  const value = (name: string): string => given.get(name) ?? ''
  const resumptionToken = given.get('resumptionToken') ?? undefined
  switch (verb) {
    case 'Identify':
      return { request: { verb } }
    case 'ListMetadataFormats':
      return (
        wellFormed(value('identifier') || undefined, undefined) ?? {
          request: { verb, ...(given.has('identifier') && { identifier: value('identifier') }) },
        }
      )
    case 'ListSets':
      return { request: { verb, ...(resumptionToken !== undefined && { resumptionToken }) } }
    case 'GetRecord':
      return (
        wellFormed(value('identifier'), value('metadataPrefix')) ?? {
          request: {
            verb,
            identifier: value('identifier'),
            metadataPrefix: value('metadataPrefix'),
          },
        }
      )
    default:
      return resumptionToken === undefined
        ? selective(verb, given)
        : { request: { verb, resumptionToken } }
  }
}

/** What cannot be repeated in a valid answer (its attributes are typed) is refused without repeating it. */
function wellFormed(
  identifier: string | undefined,
  metadataPrefix: string | undefined,
): Parsed | undefined {
  const errors: OaiError[] = []
  if (identifier !== undefined && !isAnyUri(identifier))
    errors.push(badArgument(`"${identifier}" is no URI`))
  if (metadataPrefix !== undefined && !prefix.test(metadataPrefix))
    errors.push(badArgument(`"${metadataPrefix}" is no metadataPrefix`))
  return errors.length ? { errors } : undefined
}

const setSpec = /^[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*$/
const prefix = /^[A-Za-z0-9\-_.!~*'()]+$/

function selective(verb: 'ListIdentifiers' | 'ListRecords', given: URLSearchParams): Parsed {
  const errors: OaiError[] = []
  const metadataPrefix = given.get('metadataPrefix') ?? ''
  const set = given.get('set') ?? undefined
  if (!prefix.test(metadataPrefix))
    errors.push(badArgument(`"${metadataPrefix}" is no metadataPrefix`))
  if (set !== undefined && !setSpec.test(set)) errors.push(badArgument(`"${set}" is no setSpec`))
  const [from, until] = [given.get('from') ?? undefined, given.get('until') ?? undefined]
  for (const [name, text] of [
    ['from', from],
    ['until', until],
  ] as const) {
    if (text !== undefined && !parseDatestamp(text)) {
      errors.push(
        badArgument(`"${name}" is "${text}": it must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ`),
      )
    }
  }
  if (errors.length) return { errors }
  if (from !== undefined && until !== undefined) {
    if (granularityOf(from) !== granularityOf(until)) {
      return { errors: [badArgument('"from" and "until" must have the same granularity')] }
    }
    if (from > until) return { errors: [badArgument('"from" is after "until"')] }
  }
  const begin = from === undefined ? undefined : parseDatestamp(from)
  const end = until === undefined ? undefined : endOf(until)
  return {
    request: {
      verb,
      metadataPrefix,
      ...(set !== undefined && { set }),
      ...(begin && { from: begin }),
      ...(end && { until: end }),
    },
  }
}

// A day ends with its last second.
function endOf(text: string): Date | undefined {
  const date = parseDatestamp(text)
  return date && granularityOf(text) === 'YYYY-MM-DD' ? new Date(date.getTime() + 86_399_000) : date
}
