// What a person typed into the search field, as terms that both engines compile: words (all must occur), "phrases" and
// -words to leave out. Every text is a question: what cannot be understood is left aside, nothing is an error.
import { split, stopWords, wordsOf } from './words.ts'

/** A word is sought by its stem, in French and in English; a phrase as it stands, words side by side. */
export type Term = { kind: 'word'; word: string } | { kind: 'phrase'; words: string[] }

export interface Question {
  all: Term[]
  none: Term[]
  /** The words as typed, little ones included: a record where they stand side by side comes first. */
  together: string[]
}

// Nobody types more; an index asked for thousands of terms would work for minutes.
const longestText = 2000
const mostTerms = 24
const longestPhrase = 50

const tokens = /(-?)["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+)/gu
const elision = /^(?:[ldjmnstc]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=\p{L})/iu
const code = /\p{N}/u
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

export function questionOf(text: string): Question {
  const all: Term[] = []
  const none: Term[] = []
  const little: Term[] = []
  const together: string[] = []
  for (const [, minus, quoted, chunk] of text.slice(0, longestText).matchAll(tokens)) {
    if (quoted !== undefined) {
      const words = wordsOf(quoted)
      if (words.length) (minus ? none : all).push(phrase(words))
    } else if (chunk !== undefined) {
      const left = /^-+(?=[^-])/.exec(chunk)
      if (left) none.push(...leftOut(chunk.slice(left[0].length)))
      else {
        all.push(...termsOf(chunk, false))
        little.push(...termsOf(chunk, true))
        together.push(...wordsOf(chunk))
      }
    }
  }
  const asked = distinct(all.length ? all : little)
  return {
    all: asked,
    none: distinct(none),
    together: asked.length > 1 && together.length <= mostTerms ? together : [],
  }
}

/** The terms of what stands between two spaces: "l'école" is a word, "NPG.87.178" and "1850-60" are phrases. */
function termsOf(chunk: string, stop: boolean): Term[] {
  const bare = chunk.replace(elision, '')
  const words = wordsOf(bare)
  if (words.length > 1 && (code.test(bare) || unspaced.test(bare)))
    return stop ? [] : [phrase(words)]
  return split(bare.toLowerCase().normalize('NFC'))
    .filter((word) => stopWords.has(word) === stop)
    .flatMap(wordsOf)
    .map((word) => ({ kind: 'word', word }))
}

function leftOut(chunk: string): Term[] {
  const words = wordsOf(chunk.replace(elision, ''))
  const [word] = words
  if (word === undefined) return []
  return [words.length === 1 ? { kind: 'word', word } : phrase(words)]
}

const phrase = (words: string[]): Term => ({
  kind: 'phrase',
  words: words.slice(0, longestPhrase),
})

function distinct(terms: Term[]): Term[] {
  const found = new Map(terms.map((term) => [JSON.stringify(term), term]))
  return [...found.values()].slice(0, mostTerms)
}
