// The index in Elasticsearch. Text comes cut and folded (words.ts), so an analyser splits at spaces and finds stems; the
// document is stored as it is and not indexed.
import type { estypes } from '@elastic/elasticsearch'
import { facets, type SearchDocument } from '../engine.ts'
import { entryOf, levels } from '../entry.ts'

/** Counts up when the mapping, or what is written by it, changes: an index of another shape is made anew. */
export const shape = 1

const text = (more: Partial<estypes.MappingTextProperty> = {}): estypes.MappingProperty => ({
  type: 'text',
  analyzer: 'written',
  norms: false,
  fields: {
    fr: { type: 'text', analyzer: 'french_stems', norms: false, index_options: 'docs' },
    en: { type: 'text', analyzer: 'english_stems', norms: false, index_options: 'docs' },
  },
  ...more,
})

const keyword: estypes.MappingProperty = { type: 'keyword' }

export const settings: estypes.IndicesIndexSettings = {
  number_of_shards: 1,
  auto_expand_replicas: '0-1',
  analysis: {
    filter: {
      french: { type: 'stemmer', language: 'light_french' },
      english: { type: 'stemmer', language: 'english' },
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
  _source: { includes: ['document'] },
  properties: {
    id: keyword,
    sequence: { type: 'long' },
    year_from: { type: 'integer' },
    year_to: { type: 'integer' },
    title_length: { type: 'integer' },
    pictured: { type: 'boolean' },
    ...Object.fromEntries(facets.map((facet) => [facet, keyword])),
    // All words may stand anywhere, so they are sought in `all`, and where they tell most in the fields of their own.
    all: text(),
    ...Object.fromEntries(levels.map((level) => [level, text({ copy_to: 'all' })])),
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
      levels.map((level) => [level, entry.texts[level].map((words) => words.join(' '))]),
    ),
    document,
  }
}
