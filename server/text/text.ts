// What the pages say, in French and in English: typed keys, plural rules (CLDR, by i18next), numbers and dates by Intl.
// The words lie in fr.json and en.json; a key that either lacks is a type error.
import { readFileSync } from 'node:fs'
import { createInstance } from 'i18next'
import type english from './en.json'
import type french from './fr.json'
import { typeset } from './typography.ts'

export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]

type Singular<Name extends string> = Name extends `${infer Stem}_${'one' | 'many' | 'other'}`
  ? Stem
  : Name
type Leaves<Tree, Path extends string = ''> = {
  [Name in keyof Tree & string]: Tree[Name] extends string
    ? `${Path}${Singular<Name>}`
    : Leaves<Tree[Name], `${Path}${Name}.`>
}[keyof Tree & string]

/** Every word that a page may ask for: those that both languages have. */
export type Key = Leaves<typeof english> & Leaves<typeof french>

// A word that one language has and the other lacks ends the build here.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
const complete: Same<Leaves<typeof english>, Leaves<typeof french>> = true
void complete

export type WordValues = Record<string, string | number>

/** The words of one language, and how it writes numbers and dates. */
export interface Words {
  language: Language
  t: (this: void, key: Key, values?: WordValues) => string
  number(value: number): string
  /** 21 novembre 2026 */
  day(date: Date): string
  /** il y a 2 heures */
  ago(date: Date, now: Date): string
  /** 2 heures: how long so many milliseconds are, in one unit. */
  span(milliseconds: number): string
  /** Name of a language by its tag (BCP 47 or ISO 639-2); what is no tag stays as it is. */
  languageName(tag: string): string
  /** A, B et C */
  list(items: string[]): string
  /** 3,4 Mo */
  bytes(size: number): string
}

const i18n = createInstance()
void i18n.init({
  initAsync: false,
  fallbackLng: false,
  returnNull: false,
  supportedLngs: [...languages],
  interpolation: { escapeValue: false },
  resources: { fr: { translation: words('fr') }, en: { translation: words('en') } },
})

// Read rather than imported: Node.js 20 and 22 print a warning for each module that imports JSON.
function words(language: Language): Record<string, unknown> {
  const text = readFileSync(new URL(`./${language}.json`, import.meta.url), 'utf8')
  return typesetAll(JSON.parse(text) as Record<string, unknown>, language)
}

function typesetAll(tree: Record<string, unknown>, language: Language): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, branch]) => [
      name,
      typeof branch === 'string'
        ? typeset(branch, language)
        : typesetAll(branch as Record<string, unknown>, language),
    ]),
  )
}

const made = new Map<Language, Words>()

export function wordsIn(language: Language): Words {
  const known = made.get(language)
  if (known) return known
  const fresh = makeWords(language)
  made.set(language, fresh)
  return fresh
}

// Dates as most English readers outside one country write them: 21 November 2026.
const locales: Record<Language, string> = { fr: 'fr', en: 'en-GB' }

function makeWords(language: Language): Words {
  const t = i18n.getFixedT(language)
  const numbers = new Intl.NumberFormat(language)
  const days = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const names = new Intl.DisplayNames(language, { type: 'language' })
  const lists = new Intl.ListFormat(language)
  return {
    language,
    t: (key, values = {}) => t(key, values),
    number: (value) => numbers.format(value),
    day: (date) => days.format(date),
    ago: (date, now) => ago(relative, (date.getTime() - now.getTime()) / 1000),
    span: (milliseconds) => span(language, milliseconds / 1000),
    languageName: (tag) => languageName(names, tag),
    list: (items) => lists.format(items),
    bytes: (size) => bytes(language, size),
  }
}

const spans: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

function ago(format: Intl.RelativeTimeFormat, seconds: number): string {
  const span = spans.find(([, length]) => Math.abs(seconds) >= length)
  return span ? format.format(Math.trunc(seconds / span[1]), span[0]) : format.format(0, 'second')
}

function span(language: Language, seconds: number): string {
  const [unit, length] = spans.find(([, each]) => seconds >= each) ?? ['second', 1]
  const value = Math.max(0, Math.trunc(seconds / length))
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

function languageName(names: Intl.DisplayNames, tag: string): string {
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(tag)) return tag
  return names.of(tag) ?? tag
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

function bytes(language: Language, size: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(size, 1)) / 3), units.length - 1)
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: 1,
  }).format(size / 1000 ** power)
}

/** The language that suits a reader best, from an Accept-Language header (RFC 9110, 12.5.4); English where none does. */
export function acceptedLanguage(header: string | undefined): Language {
  let best: { language: Language; weight: number } | undefined
  for (const part of (header ?? '').split(',')) {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
    const quality = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find(Boolean)
    const weight = quality === undefined ? 1 : Number(quality)
    const language = languages.find((each) => each === range.split('-')[0])
    if (language && weight > (best?.weight ?? 0)) best = { language, weight }
  }
  return best?.language ?? 'en'
}

export function isLanguage(tag: string | undefined): tag is Language {
  return (languages as readonly (string | undefined)[]).includes(tag)
}
