// What a licence or rights statement lets a reader do, in plain words: Creative Commons and RightsStatements.org by URI.
import type { Value } from '../../schemas/dublin-core.ts'
import { accessOf } from '../formats/access-terms.ts'
import type { Key } from '../text/text.ts'

export interface Rights {
  /** Canonical URI, where one was recognised. */
  uri?: string
  /** What people call it: CC BY-NC 4.0. */
  name?: string
  answer: Key
  explanation: Key
  /** What the keeper wrote, where no URI says it all. */
  statements: Value[]
}

type Answer =
  | 'free'
  | 'credit'
  | 'creditAlike'
  | 'creditAsIs'
  | 'nonCommercial'
  | 'nonCommercialAlike'
  | 'nonCommercialAsIs'
  | 'protected'
  | 'educational'
  | 'notCommercialUse'
  | 'restricted'
  | 'orphan'
  | 'unknown'

const licences: Record<string, Answer> = {
  by: 'credit',
  'by-sa': 'creditAlike',
  'by-nd': 'creditAsIs',
  'by-nc': 'nonCommercial',
  'by-nc-sa': 'nonCommercialAlike',
  'by-nc-nd': 'nonCommercialAsIs',
}

const statements: Record<string, [name: string, answer: Answer]> = {
  InC: ['In Copyright', 'protected'],
  'InC-OW-EU': ['In Copyright – EU Orphan Work', 'orphan'],
  'InC-EDU': ['In Copyright – Educational Use Permitted', 'educational'],
  'InC-NC': ['In Copyright – Non-Commercial Use Permitted', 'notCommercialUse'],
  'InC-RUU': ['In Copyright – Rights-holder(s) Unlocatable or Unidentifiable', 'orphan'],
  'NoC-CR': ['No Copyright – Contractual Restrictions', 'restricted'],
  'NoC-NC': ['No Copyright – Non-Commercial Use Only', 'notCommercialUse'],
  'NoC-OKLR': ['No Copyright – Other Known Legal Restrictions', 'restricted'],
  'NoC-US': ['No Copyright – United States', 'unknown'],
  CNE: ['Copyright Not Evaluated', 'unknown'],
  UND: ['Copyright Undetermined', 'unknown'],
  NKC: ['No Known Copyright', 'free'],
}

interface Recognised {
  uri: string
  name: string
  answer: Answer
}

/** The licence that a text names, by URI or by its short name ("CC BY-NC 4.0"). */
export function recognise(text: string): Recognised | undefined {
  return byUri(text) ?? byStatement(text) ?? byName(text)
}

const licence = (code: string, version: string): Recognised | undefined => {
  const answer = licences[code]
  return (
    answer && {
      uri: `http://creativecommons.org/licenses/${code}/${version}/`,
      name: `CC ${code.toUpperCase()} ${version}`,
      answer,
    }
  )
}

const zero: Recognised = {
  uri: 'http://creativecommons.org/publicdomain/zero/1.0/',
  name: 'CC0 1.0',
  answer: 'free',
}

const publicDomain: Recognised = {
  uri: 'http://creativecommons.org/publicdomain/mark/1.0/',
  name: 'Public Domain Mark 1.0',
  answer: 'free',
}

function byUri(text: string): Recognised | undefined {
  const match =
    /creativecommons\.org\/(?:licenses\/(by(?:-nc)?(?:-nd|-sa)?)\/([\d.]+)|publicdomain\/(zero|mark)\/)/i.exec(
      text,
    )
  if (!match) return undefined
  if (match[3]) return match[3].toLowerCase() === 'zero' ? zero : publicDomain
  return licence((match[1] ?? '').toLowerCase(), (match[2] ?? '4.0').replace(/\.+$/, ''))
}

function byStatement(text: string): Recognised | undefined {
  const code = /rightsstatements\.org\/(?:vocab|page)\/([A-Za-z-]+)/i.exec(text)?.[1]
  const known = Object.entries(statements).find(
    ([key]) => key.toLowerCase() === code?.toLowerCase(),
  )
  return (
    known && {
      uri: `http://rightsstatements.org/vocab/${known[0]}/1.0/`,
      name: known[1][0],
      answer: known[1][1],
    }
  )
}

function byName(text: string): Recognised | undefined {
  const match = /\bCC[ -](BY(?:-NC)?(?:-ND|-SA)?)(?:[ -](\d\.\d))?(?![\w-])/i.exec(text)
  if (match) return licence((match[1] ?? '').toLowerCase(), match[2] ?? '4.0')
  if (/\bCC[ -]?0\b/i.test(text)) return zero
  return /^(?:public domain|domaine public)\.?$/i.test(text.trim()) ? publicDomain : undefined
}

/** What the statements of a record say, else what its collection says of all of its records. */
export function rightsOf(values: Value[], fallback?: string | null): Rights {
  // Who may see it is said elsewhere, in words.
  const own = values.filter((each) => accessOf(each) === undefined)
  const sources = own.length ? own : fallback ? [{ value: fallback }] : []
  for (const { value } of sources) {
    const found = recognise(value)
    if (!found) continue
    return {
      uri: found.uri,
      name: found.name,
      answer: `rights.${found.answer}`,
      explanation: `rights.${found.answer}Text`,
      statements: sources.filter((each) => each.value !== value && !recognise(each.value)),
    }
  }
  return sources.length
    ? { answer: 'rights.stated', explanation: 'rights.unstatedText', statements: sources }
    : { answer: 'rights.unstated', explanation: 'rights.unstatedText', statements: [] }
}
