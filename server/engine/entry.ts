// What is indexed of a document, the same in both engines: folded words by how much they say, values to filter by.
import { inLanguage, type Value } from '../../schemas/dublin-core.ts'
import { languages, type Language } from '../text/text.ts'
import type { Facet, SearchDocument } from './engine.ts'
import { wordsOf } from './words.ts'

/**
 * Where words stand, the most telling first: titles; creators and keywords; the beginning of the description; anything
 * else. A word counts where it tells most.
 */
export const levels = ['title', 'named', 'lead'] as const
export type Level = (typeof levels)[number]

/** The levels, and where all else stands. */
export const parts = [...levels, 'rest'] as const
export type Part = (typeof parts)[number]

/** What a word is worth where it stands. */
export const worth: Record<Part, number> = { title: 8, named: 4, lead: 2, rest: 1 }
/** What it adds that the words stand side by side, as typed, in one of the levels. */
export const worthTogether = 8

/** Facets whose values may stand in several languages. */
export const translated = ['type', 'keyword'] as const satisfies Facet[]
export type Translated = (typeof translated)[number]

export const isTranslated = (facet: Facet): facet is Translated =>
  translated.some((each) => each === facet)

export interface Entry {
  /** Each value as its words. */
  texts: Record<Part, string[][]>
  /** Each word once, where it tells most: for stems, which are sought by themselves and whose places do not matter. */
  words: Record<Part, string[]>
  facets: Record<Facet, string[]>
  /** Those of the values that a reader of a language is shown. */
  shown: Record<Language, Record<Translated, string[]>>
  /** Words in the title: of two that match alike the shorter comes first. */
  titleLength: number
  years: { from: number; to: number } | undefined
  pictured: boolean
}

// The engines read a record's levels to rank it: a hundred thousand for a common word. So they are short.
const longestLead = 40
const longestLevel = 200

// PostgreSQL knows 16,383 positions in a document; what stands further back is not found.
const mostWords = 10_000
const longestTitle = 1000

/** Longer ones are sentences, not values that anybody filters by. */
const longestValue = 200

// What stands in nearly all: letters that have one form only, and single spaces.
const isValueAlready = /^[!-~\u00a1-\u02ff]+(?: [!-~\u00a1-\u02ff]+)*$/

/** A value to filter by, or undefined where it is none. */
export function facetValue(text: string): string | undefined {
  if (text.length <= longestValue && isValueAlready.test(text)) return text
  const value = text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .normalize('NFC')
  return value && value.length <= longestValue ? value : undefined
}

const year = (value: number): number => Math.max(-9999, Math.min(9999, Math.trunc(value)))

/** Years that an index bears, in order; undefined where they are none. */
export function yearSpan(from: number, to: number): { from: number; to: number } | undefined {
  if (!Number.isFinite(from) || !Number.isFinite(to) || from > to) return undefined
  return { from: year(from), to: year(to) }
}

type Given = Record<'title' | 'named' | 'description' | 'other', string[]>

function textsOf(document: SearchDocument): Given {
  const values = (list: { value: string }[]): string[] => list.map((each) => each.value)
  return {
    title: values(document.title),
    named: [...values(document.creator), ...values(document.keywords)],
    description: values(document.description),
    other: [
      ...values(document.types),
      ...values(document.date),
      ...document.other,
      document.keeper.name,
      document.identifier,
    ],
  }
}

const namesOf = (values: Value[]): string[] => distinct(values.map(({ value }) => value))

function facetsOf(document: SearchDocument): Record<Facet, string[]> {
  return {
    collection: distinct(document.collections),
    brick: distinct([document.keeper.name]),
    type: namesOf(document.types),
    language: distinct(document.languages),
    keyword: namesOf(document.keywords),
  }
}

const distinct = (texts: string[]): string[] => [
  ...new Set(texts.flatMap((text) => facetValue(text) ?? [])),
]

function shownOf({ types, keywords }: SearchDocument, all: Entry['facets']): Entry['shown'] {
  const read = (facet: Translated, values: Value[], language: Language): string[] => {
    const own = inLanguage(values, language)
    return own.length === values.length ? all[facet] : namesOf(own)
  }
  return Object.fromEntries(
    languages.map((language) => [
      language,
      { type: read('type', types, language), keyword: read('keyword', keywords, language) },
    ]),
  ) as Entry['shown']
}

/** Keeps so many words; those of the values beyond, and of what is cut, are returned beside them. */
function cut(values: string[][], most: number): [kept: string[][], left: string[][]] {
  let room = most
  const kept: string[][] = []
  const left: string[][] = []
  for (const words of values) {
    if (room > 0) kept.push(words.length > room ? words.slice(0, room) : words)
    // A value that is cut stays whole in the rest: a phrase may run across the cut.
    if (words.length > room) left.push(words)
    room -= words.length
  }
  return [kept, left]
}

function eachOnce(texts: Entry['texts']): Entry['words'] {
  const known = new Set<string>()
  const words: Entry['words'] = { title: [], named: [], lead: [], rest: [] }
  for (const part of parts) {
    for (const value of texts[part]) {
      for (const word of value) {
        if (known.has(word)) continue
        known.add(word)
        words[part].push(word)
      }
    }
  }
  return words
}

export function entryOf(document: SearchDocument): Entry {
  let room = mostWords
  const read = (text: string): string[][] => {
    let words = room > 0 ? wordsOf(text) : []
    if (words.length > room) words = words.slice(0, room)
    room -= words.length + 1
    return words.length ? [words] : []
  }
  const given = textsOf(document)
  const [title, moreTitle] = cut(given.title.flatMap(read), longestLevel)
  const [named, moreNamed] = cut(given.named.flatMap(read), longestLevel)
  const [lead, moreLead] = cut(given.description.flatMap(read), longestLead)
  const rest = [...moreTitle, ...moreNamed, ...moreLead, ...given.other.flatMap(read)]
  const texts = { title, named, lead, rest }
  const values = facetsOf(document)
  return {
    texts,
    words: eachOnce(texts),
    facets: values,
    shown: shownOf(document, values),
    titleLength: title[0]?.length ?? longestTitle,
    years: document.years && yearSpan(document.years.from, document.years.to),
    pictured: document.picture !== undefined || document.links.thumbnail !== undefined,
  }
}
