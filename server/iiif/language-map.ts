// Text in several languages as Presentation 3 writes it: a list of strings by BCP 47 tag, "none" where it is not known.
// https://iiif.io/api/presentation/3.0/#44-language-of-property-values
import type { InternationalString } from '@iiif/presentation-3'
import type { Value } from '../../schemas/dublin-core.ts'
import type { Translations } from '../../schemas/record.ts'

const tag = (language: string | undefined): string =>
  language === undefined || language === 'und' || language === '' ? 'none' : language

// What begins with "<" and ends with ">" would be taken for HTML; a space at its end says that it is plain text.
const plain = (text: string): string => (/^<[\s\S]*>$/.test(text) ? `${text} ` : text)

export function fromValues(values: Value[]): InternationalString {
  const map: Record<string, string[]> = {}
  for (const { value, language } of values) (map[tag(language)] ??= []).push(plain(value))
  return map
}

export const fromTranslations = (texts: Translations): InternationalString =>
  fromValues(Object.entries(texts).map(([language, value]) => ({ value, language })))

/** A name, which is the same in every language. */
export const name = (text: string): InternationalString => ({ none: [plain(text)] })
