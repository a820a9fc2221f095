// Values as a page says them: in the reader's language first, and marked where they are in another (WCAG 2.2, 3.1.2).
import { preferred, type Value } from '../../schemas/dublin-core.ts'
import type { Translations } from '../../schemas/record.ts'
import type { Key, WordValues } from '../text/text.ts'
import { escapeHtml, html, Html, safeUrl, trusted, type Content } from './html.ts'
import type { Visit } from './visit.ts'

/** The text to show a reader of `language`, with the language it is in. */
export function chosen(translations: Translations, language: string): Value | undefined {
  return preferred(
    Object.entries(translations).map(([tag, value]) =>
      tag === 'und' ? { value } : { value, language: tag },
    ),
    language,
  )
}

const foreign = (visit: Visit, language: string | undefined): language is string =>
  language !== undefined &&
  /^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language) &&
  language.split('-')[0]?.toLowerCase() !== visit.language

/** A value as text, with its language where that is not the page's. */
export function said(visit: Visit, value: Value | undefined, text = value?.value): Content {
  if (!value) return ''
  return foreign(visit, value.language) ? html`<span lang="${value.language}">${text}</span>` : text
}

/** ` lang="…"` for an element that holds just this value. */
export function langOf(visit: Visit, value: Value | undefined): Content {
  return value && foreign(visit, value.language) ? trusted(` lang="${value.language}"`) : ''
}

/** A value that may be an address: then it can be followed. */
export function linked(visit: Visit, value: Value): Content {
  const address = safeUrl(value.value.trim())
  return address
    ? html`<a href="${address}" rel="noopener nofollow">${address}</a>`
    : said(visit, value)
}

/** A sentence with pieces of HTML in it: what is HTML stays, all else is escaped. */
export function sentence(visit: Visit, key: Key, pieces: Record<string, Content>): Html {
  const values: WordValues = {}
  const found = new Map<string, Content>()
  for (const [name, piece] of Object.entries(pieces)) {
    // Private-use characters cannot come from our own words.
    const place = `\uE000${name}\uE001`
    values[name] = place
    found.set(place, piece)
  }
  const text = escapeHtml(visit.t(key, values))
  return trusted(text.replace(/\uE000[^\uE001]*\uE001/g, (place) => html`${found.get(place)}`.text))
}

/** At most `length` characters, cut between words. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text
  const cut = text.slice(0, length)
  const space = cut.lastIndexOf(' ')
  return `${cut.slice(0, space > length * 0.6 ? space : length).replace(/[\uD800-\uDBFF]$/, '')}…`
}
