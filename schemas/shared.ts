// What a brick shares with all below it: announcements, templates (profiles), vocabularies. Each is a record of a set that is
// kept for this, and travels as its JSON in an Atom entry (RFC 4287, section 4.1.3), so that any harvester can read it.
import type { Profile } from './profile.ts'
import type { JsonObject, Translations } from './record.ts'

export const sharedKinds = ['announcement', 'template', 'vocabulary'] as const
export type SharedKind = (typeof sharedKinds)[number]

/** Profile of the records that are shared; they are no objects of a catalogue. */
export const sharedProfile = 'shared'

/** Above all sets of what is shared. No slug has this sign, so no set of anybody's objects can be called so. */
export const sharedSet = 'campa!'

export const sharedSets: Record<SharedKind, string> = {
  announcement: `${sharedSet}:announcements`,
  template: `${sharedSet}:templates`,
  vocabulary: `${sharedSet}:vocabularies`,
}

export const isSharedSet = (setSpec: string): boolean =>
  setSpec === sharedSet || setSpec.startsWith(`${sharedSet}:`)

export const importances = ['normal', 'important', 'urgent'] as const
export type Importance = (typeof importances)[number]

/** Who said it first. */
export interface Issuer {
  name: string
  /** Base URL of the brick. */
  url: string
}

interface SharedItem {
  /** The same at every brick that it comes to. */
  id: string
  issuer: Issuer
  /** UTC, seconds. */
  issued: string
  title: Translations
  text: Translations
}

export interface Announcement extends SharedItem {
  kind: 'announcement'
  importance: Importance
  /** Of the software, where it is about one. */
  version?: string
  address?: string
}

export interface Template extends SharedItem {
  kind: 'template'
  profile: Profile
}

export interface Vocabulary extends SharedItem {
  kind: 'vocabulary'
  /** Short name, as a slug. */
  name: string
  rights?: string
  /** Each under the profile `concept`. */
  concepts: { key: string; metadata: JsonObject }[]
}

export type Shared = Announcement | Template | Vocabulary

/** Characters of its JSON that a thing of each kind may have. */
export const longestShared: Record<SharedKind, number> = {
  announcement: 20_000,
  template: 200_000,
  vocabulary: 4_000_000,
}

const item = {
  id: { type: 'string', pattern: '^tag:\\S{1,500}$' },
  issuer: {
    type: 'object',
    required: ['name', 'url'],
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 300 },
      url: { type: 'string', maxLength: 1000, pattern: '^https?://\\S+$' },
    },
  },
  issued: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
  title: { $ref: '#/$defs/translations' },
  text: { $ref: '#/$defs/translations' },
} as const

const of = (kind: SharedKind, required: string[], properties: object): object => ({
  type: 'object',
  required: ['kind', ...Object.keys(item), ...required],
  properties: { kind: { const: kind }, ...item, ...properties },
})

/** What is taken from a stranger; a profile inside is checked as a profile besides. */
export const sharedSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    translations: {
      type: 'object',
      maxProperties: 30,
      propertyNames: { pattern: '^[a-z]{2,3}(-[A-Za-z0-9]+)*$', maxLength: 35 },
      additionalProperties: { type: 'string', minLength: 1, maxLength: 10_000 },
    },
  },
  oneOf: [
    of('announcement', ['importance'], {
      importance: { enum: importances },
      version: { type: 'string', maxLength: 50 },
      address: { type: 'string', maxLength: 1000, pattern: '^https?://\\S+$' },
    }),
    of('template', ['profile'], { profile: { type: 'object' } }),
    of('vocabulary', ['name', 'concepts'], {
      name: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 },
      rights: { type: 'string', maxLength: 1000 },
      concepts: {
        type: 'array',
        items: {
          type: 'object',
          required: ['key', 'metadata'],
          properties: {
            key: { type: 'string', minLength: 1, maxLength: 1000 },
            metadata: { type: 'object' },
          },
        },
      },
    }),
  ],
} as const
