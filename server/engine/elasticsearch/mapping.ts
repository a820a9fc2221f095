// The index in Elasticsearch. Text comes cut and folded (words.ts), so an analyser splits at spaces and finds stems; the
// document is stored as it is and not indexed.
import type { estypes } from '@elastic/elasticsearch'
import { facets, type SearchDocument } from '../engine.ts'
import { languages, type Language } from '../../text/text.ts'
import { entryOf, parts, translated, type Part, type Translated } from '../entry.ts'

/** Counts up when the mapping, or what is written by it, changes: an index of another shape is made anew. */
export const shape = 4

// Where words stand side by side, for phrases.
const written: estypes.MappingProperty = { type: 'text', analyzer: 'written', norms: false }

const stems = (analyzer: string): estypes.MappingProperty => ({
  type: 'text',
  analyzer,
  norms: false,
  index_options: 'docs',
})
const stemmed: estypes.MappingProperty = {
  ...stems('french_stems'),
  fields: { en: stems('english_stems') },
}
const stemmedField = (part: Part): string => `stems_${part}`

/** The fields where a word of a part is sought by its stem, in one language or the other. */
export const stemFields = (part: Part): string[] => [stemmedField(part), `${stemmedField(part)}.en`]

const keyword: estypes.MappingProperty = { type: 'keyword' }

/** The field of a facet's values as readers of a language are shown them: only counted, never searched. */
export const shownField = (facet: Translated, language: Language): string => `${facet}_${language}`
const shownFields = languages.flatMap((language) =>
  translated.map((facet) => ({ facet, language, field: shownField(facet, language) })),
)

export const settings: estypes.IndicesIndexSettings = {
  auto_expand_replicas: '0-1',
  analysis: {
    filter: {
      french: { type: 'stemmer', language: 'light_french' },
      english: { type: 'stemmer', language: 'light_english' },
    },
    analyzer: {
      written: { type: 'custom', tokenizer: 'whitespace' },
      french_stems: { type: 'custom', tokenizer: 'whitespace', filter: ['french'] },
      english_stems: { type: 'custom', tokenizer: 'whitespace', filter: ['english'] },
    },
  },
}

export const mappings: estypes.MappingTypeMapping = {
  _meta: { shape },
  dynamic: 'strict',
  properties: {
    // What is only sorted by is not indexed.
    id: { ...keyword, index: false },
    sequence: { type: 'long' },
    year_from: { type: 'integer' },
    year_to: { type: 'integer' },
    title_length: { type: 'integer', index: false },
    pictured: { type: 'boolean' },
    ...Object.fromEntries(facets.map((facet) => [facet, keyword])),
    ...Object.fromEntries(shownFields.map(({ field }) => [field, { ...keyword, index: false }])),
    ...Object.fromEntries(parts.map((part) => [part, written])),
    ...Object.fromEntries(parts.map((part) => [stemmedField(part), stemmed])),
    document: { type: 'object', enabled: false },
  },
}

export interface Indexed {
  document: SearchDocument
  [field: string]: unknown
}

export function indexed(document: SearchDocument): Indexed {
  const entry = entryOf(document)
  return {
    id: document.id,
    sequence: document.sequence,
    year_from: entry.years?.from,
    year_to: entry.years?.to,
    title_length: entry.titleLength,
    pictured: entry.pictured,
    ...entry.facets,
    ...Object.fromEntries(
      shownFields.map(({ field, facet, language }) => [field, entry.shown[language][facet]]),
    ),
    ...Object.fromEntries(
      parts.map((part) => [part, entry.texts[part].map((words) => words.join(' '))]),
    ),
    ...Object.fromEntries(parts.map((part) => [stemmedField(part), entry.words[part].join(' ')])),
    document,
  }
}
