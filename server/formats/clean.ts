// Text and addresses that come from elsewhere, made fit to be kept: what XML can carry, trimmed, bounded, web links only.
import {
  addValue,
  type DcElement,
  type DcTerm,
  type DublinCore,
  type Value,
} from '../../schemas/dublin-core.ts'
import { isLanguage, xmlSafe } from '../../schemas/xml.ts'

/** Of one value, in characters. */
export const longestValue = 65_536
const mostValues = 2000

/** A web address, or undefined for anything else (`javascript:`, `file:`, words). */
export function webAddress(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  if (!trimmed || trimmed.length > 4096 || !/^https?:\/\/[^\s<>"]+$/i.test(trimmed))
    return undefined
  return plainOrigin(trimmed) !== undefined || URL.canParse(trimmed) ? trimmed : undefined
}

/** Its origin, where that is seen without taking it apart, as of most addresses. */
export function plainOrigin(address: string): string | undefined {
  if (address.includes('xn--')) return undefined
  return /^(https?:\/\/(?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+[a-z]{2,})(?:[/?#]|$)/.exec(address)?.[1]
}

/** BCP 47 begins with two or three letters; longer tags could not be given out again as xml:lang. */
const isTag = (text: string): boolean => /^[A-Za-z]{2,3}(?:-|$)/.test(text) && isLanguage(text)

/** Collects the values of a description, each once. */
export class DescriptionBuilder {
  readonly dc: DublinCore = {}
  /** What had to be cut, for the report. */
  readonly cut: string[] = []
  private count = 0

  /** @param text out of XML that is well-formed, so without a character that XML cannot carry */
  add(element: DcElement, text: string, language?: string, term?: DcTerm): void {
    let value = text.trim()
    if (!value) return
    if (++this.count > mostValues) {
      if (this.count === mostValues + 1) this.cut.push(`more than ${mostValues} values`)
      return
    }
    if (value.length > longestValue) {
      this.cut.push(`${element} of ${value.length} characters`)
      // Not between the halves of a surrogate pair.
      value = xmlSafe(value.slice(0, longestValue)).replace(/\uFFFD$/, '')
    }
    const tag = language?.trim()
    const made: Value = { value }
    if (tag && isTag(tag)) made.language = tag
    if (term) made.term = term
    addValue((this.dc[element] ??= []), made)
  }
}
