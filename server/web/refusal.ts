// Why something cannot be done, for the person who asked for it: in the language of the page. Programs, commands and logs have
// the same in English.
import { DomainError, type ErrorCode } from '../http/errors.ts'
import { wordsIn, type Words } from '../text/text.ts'
import { html, type Content } from './html.ts'

type Say = (words: Words) => string

const said = new WeakMap<DomainError, Say>()

/** An error of the domain that a page can tell in either language. */
export function refusal(code: ErrorCode, say: Say, options?: ErrorOptions): DomainError {
  const error = new DomainError(code, say(wordsIn('en')), options)
  said.set(error, say)
  return error
}

/** In the reader's language, where there are words for it. */
export function refusalText(words: Words, error: DomainError): Content {
  return said.get(error)?.(words) ?? html`<span lang="en">${error.message}</span>`
}
