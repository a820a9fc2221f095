// The index in Elasticsearch. Text comes cut and folded (words.ts), so an analyser splits at spaces and finds stems; the
// document is stored as it is and not indexed.
import type { estypes } from '@elastic/elasticsearch'
import { facets, type SearchDocument } from '../engine.ts'
import { languages, type Language } from '../../text/text.ts'
import { entryOf, levels, translated, type Translated } from '../entry.ts'

/** Counts up when the mapping, or what is written by it, changes: an index of another shape is made anew. */
export const shape = 3

const text: estypes.MappingProperty = {
  type: 'text',
  analyzer: 'written',
  norms: false,
  fields: {
    fr: { type: 'text', analyzer: 'french_stems', norms: false, index_options: 'docs' },
    en: { type: 'text', analyzer: 'english_stems', norms: false, index_options: 'docs' },
  },
}

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
  _source: { includes: ['document'] },
  properties: {
    id: keyword,
    sequence: { type: 'long' },
    year_from: { type: 'integer' },
    year_to: { type: 'integer' },
    title_length: { type: 'integer' },
    pictured: { type: 'boolean' },
    ...Object.fromEntries(facets.map((facet) => [facet, keyword])),
    ...Object.fromEntries(shownFields.map(({ field }) => [field, { ...keyword, index: false }])),
    // A word may stand anywhere, so it is sought in `all`; where it tells most, in the levels.
    all: text,
    ...Object.fromEntries(levels.map((level) => [level, text])),
    document: { type: 'object', enabled: false },
  },
}

export interface Indexed {
  document: SearchDocument
  [field: string]: unknown
}

export function indexed(document: SearchDocument): Indexed {
  const { texts, facets: values, shown, titleLength, years, pictured } = entryOf(document)
  const joined = (list: string[][]): string[] => list.map((words) => words.join(' '))
  return {
    id: document.id,
    sequence: document.sequence,
    year_from: years?.from,
    year_to: years?.to,
    title_length: titleLength,
    pictured,
    ...values,
    ...Object.fromEntries(
      shownFields.map(({ field, facet, language }) => [field, shown[language][facet]]),
    ),
    ...Object.fromEntries(levels.map((level) => [level, joined(texts[level])])),
    all: joined(Object.values(texts).flat()),
    document,
  }
}
