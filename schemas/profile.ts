// What a profile is: a JSON Schema (2020-12) of a collection's records, the crosswalk to Dublin Core, display hints.
import { dcElements, refinements, type DcElement, type DcTerm } from './dublin-core.ts'
import type { JsonObject, Translations } from './record.ts'

/**
 * One way that a Dublin Core element is filled: from a field (all its values, with their languages), or a constant.
 * `template` puts each value in the place of `{}`; `term` says more precisely how they fill the element.
 */
export type CrosswalkRule =
  | string
  | { field: string; template?: string; language?: string; term?: DcTerm }
  | { constant: string; language?: string; term?: DcTerm }

export interface FieldDisplay {
  label: Translations
  order: number
  /** A filter of the search page. */
  facet?: boolean
  /** Not shown on the record's page (it feeds the crosswalk only). */
  hidden?: boolean
  /** Headings that an import takes for this field, compared without case, accents and punctuation. */
  headings?: string[]
}

export interface Profile {
  id: string
  label: Translations
  description: Translations
  schema: JsonObject & { properties: { [field: string]: JsonObject } }
  crosswalk: { [element in DcElement]?: CrosswalkRule[] }
  display: { [field: string]: FieldDisplay }
}

/** The schema that profile files themselves obey. */
export const profileSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['id', 'label', 'description', 'schema', 'crosswalk', 'display'],
  additionalProperties: false,
  $defs: {
    translations: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[a-z]{2,3}(-[A-Za-z0-9]+)*$' },
      additionalProperties: { type: 'string', minLength: 1 },
    },
    rule: {
      oneOf: [
        { type: 'string' },
        {
          type: 'object',
          required: ['field'],
          additionalProperties: false,
          properties: {
            field: { type: 'string' },
            template: { type: 'string', pattern: '\\{\\}' },
            language: { type: 'string' },
            term: { enum: Object.keys(refinements) },
          },
        },
        {
          type: 'object',
          required: ['constant'],
          additionalProperties: false,
          properties: {
            constant: { type: 'string' },
            language: { type: 'string' },
            term: { enum: Object.keys(refinements) },
          },
        },
      ],
    },
  },
  properties: {
    $schema: { type: 'string' },
    id: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' },
    label: { $ref: '#/$defs/translations' },
    description: { $ref: '#/$defs/translations' },
    schema: {
      type: 'object',
      required: ['type', 'properties'],
      properties: {
        type: { const: 'object' },
        properties: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: '^[a-z][A-Za-z0-9_]*$' },
        },
      },
    },
    crosswalk: {
      type: 'object',
      propertyNames: { enum: dcElements },
      additionalProperties: { type: 'array', items: { $ref: '#/$defs/rule' } },
    },
    display: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['label', 'order'],
        additionalProperties: false,
        properties: {
          label: { $ref: '#/$defs/translations' },
          order: { type: 'number' },
          facet: { type: 'boolean' },
          hidden: { type: 'boolean' },
          headings: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
} as const

/** Types that the schemas of profiles refer to, as `{ "$ref": "campa:texts" }`. */
export const fieldTypes = {
  $id: 'campa:types',
  $defs: {
    texts: {
      $id: 'campa:texts',
      description: 'texts, each with its language where it is known',
      type: 'array',
      items: {
        type: 'object',
        required: ['value'],
        additionalProperties: false,
        properties: {
          value: { type: 'string', minLength: 1 },
          language: { type: 'string', pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$' },
        },
      },
    },
    addresses: {
      $id: 'campa:addresses',
      description: 'web addresses',
      type: 'array',
      items: { type: 'string', pattern: '^(https?|ftp|doi|ark|urn|info):\\S+$' },
    },
    quantity: { $id: 'campa:quantity', description: 'a number', type: 'number' },
  },
} as const
