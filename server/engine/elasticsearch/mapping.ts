// The index in Elasticsearch. Text comes cut and folded (words.ts), so an analyser splits at spaces and finds stems; the
// document is stored as it is and not indexed.
import type { estypes } from '@elastic/elasticsearch'
import { facets, type SearchDocument } from '../engine.ts'
import { languages, type Language } from '../../text/text.ts'
import { bandsOf, printsOf } from '../prints.ts'
import { entryOf, parts, translated, type Part, type Translated } from '../entry.ts'

/** Counts up when the mapping, or what is written by it, changes: an index of another shape is made anew. */
export const shape = 5

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
  // For what nobody waits for: at the end of the line it is done at once (`settle`).
  refresh_interval: '30s',
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
    bands: { type: 'integer', doc_values: false },
    // Compared only where a band is the same (prints.ts): without a graph, which takes twenty times as long to fill.
    prints: {
      type: 'nested',
      properties: {
        print: {
          type: 'dense_vector',
          element_type: 'bit',
          dims: 64,
          index: true,
          similarity: 'l2_norm',
          index_options: { type: 'flat' },
        },
      },
    },
    ...Object.fromEntries(facets.map((facet) => [facet, keyword])),
    ...Object.fromEntries(shownFields.map(({ field }) => [field, { ...keyword, index: false }])),
    ...Object.fromEntries(parts.map((part) => [part, written])),
    ...Object.fromEntries(parts.map((part) => [stemmedField(part), stemmed])),
    document: { type: 'object', enabled: false },
  },
}

// Words are letters and digits: nothing in them is escaped.
const quoted = (words: string[]): string => `"${words.join(' ')}"`

/** What is written of a document, in JSON. */
export function indexed(document: SearchDocument): string {
  const { texts, words, facets: values, shown, titleLength, years, pictured } = entryOf(document)
  const fields: Record<string, unknown> = {
    id: document.id,
    sequence: document.sequence,
    year_from: years?.from,
    year_to: years?.to,
    title_length: titleLength,
    pictured,
    ...values,
  }
  const prints = printsOf(document)
  if (prints.length) {
    fields['bands'] = bandsOf(prints)
    fields['prints'] = prints.map((print) => ({ print }))
  }
  for (const { field, facet, language } of shownFields) fields[field] = shown[language][facet]
  let json = JSON.stringify(fields).slice(0, -1)
  for (const part of parts) {
    if (!texts[part].length) continue
    json += `,"${part}":[${texts[part].map(quoted).join()}]`
    json += `,"${stemmedField(part)}":${quoted(words[part])}`
  }
  return `${json},"document":${JSON.stringify(document)}}`
}
