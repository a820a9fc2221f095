// What a crosswalk file is: a metadata format for the records of some profiles, told as a tree of elements that are filled
// from the records' own fields. It is data, as a profile is: what it writes is well-formed whatever the records hold.

/** What a record says besides its own fields. */
export const recordFacts = [
  'identifier',
  'page',
  'datestamp',
  'keeper',
  'provider',
  'collection',
  'rights',
  'manifest',
  'image',
  'thumbnail',
] as const
export type RecordFact = (typeof recordFacts)[number]

/** Only values that are addresses (of the web, or urn:, ark:, info:), or only those that are not. */
type Only = 'address' | 'text'

/** Where a text comes from; `value` is the one that `each` stands at. The first value of a field is taken. */
export type TextSource =
  | { constant: string }
  | { value: true; only?: Only }
  | { field: string; only?: Only }
  | { record: RecordFact; only?: Only }

export interface TemplateElement {
  element: string
  /** Written once for every value of this field. */
  each?: string
  only?: Only
  /** By name; of a list the first that gives something. What gives nothing is left out. */
  attributes?: { [name: string]: TextSource | TextSource[] }
  /** Its language goes along as xml:lang, unless `language` is false. */
  text?: TextSource | TextSource[]
  language?: boolean
  content?: TemplateElement[]
}

export interface FormatFile {
  metadataPrefix: string
  schema: string
  metadataNamespace: string
  /** To be raised whenever the file makes something else of the same record; 1 where it is not stated. */
  profiles: string[]
  /** By prefix; '' is the default namespace. */
  namespaces: { [prefix: string]: string }
  template: TemplateElement
}

const only = { enum: ['address', 'text'] } as const

const sourceOf = (name: string, schema: object, hasOnly = true): object => ({
  type: 'object',
  required: [name],
  additionalProperties: false,
  properties: { [name]: schema, ...(hasOnly && { only }) },
})

/** The schema that crosswalk files obey. */
export const formatFileSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['metadataPrefix', 'schema', 'metadataNamespace', 'profiles', 'namespaces', 'template'],
  additionalProperties: false,
  $defs: {
    source: {
      oneOf: [
        sourceOf('constant', { type: 'string' }, false),
        sourceOf('value', { const: true }),
        sourceOf('field', { type: 'string' }),
        sourceOf('record', { enum: recordFacts }),
      ],
    },
    sources: {
      anyOf: [
        { $ref: '#/$defs/source' },
        { type: 'array', minItems: 1, items: { $ref: '#/$defs/source' } },
      ],
    },
    element: {
      type: 'object',
      required: ['element'],
      additionalProperties: false,
      properties: {
        element: { type: 'string' },
        each: { type: 'string' },
        only,
        attributes: { type: 'object', additionalProperties: { $ref: '#/$defs/sources' } },
        text: { $ref: '#/$defs/sources' },
        language: { type: 'boolean' },
        content: { type: 'array', items: { $ref: '#/$defs/element' } },
      },
    },
  },
  properties: {
    $schema: { type: 'string' },
    // What OAI-PMH allows in a metadataPrefix.
    metadataPrefix: { type: 'string', pattern: "^[A-Za-z0-9_.!~*'()-]+$" },
    schema: { type: 'string', pattern: '^https?://\\S+$' },
    metadataNamespace: { type: 'string', pattern: '^\\S+$' },
    profiles: { type: 'array', minItems: 1, items: { type: 'string' } },
    namespaces: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^(?:(?![Xx][Mm][Ll])[A-Za-z_][A-Za-z0-9_.-]*)?$' },
      additionalProperties: { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:\\S+$' },
    },
    template: { $ref: '#/$defs/element' },
  },
} as const
