// What goes wrong with a source, in words: a sentence for what was met and one for what a person can do.
import type { DiagnosisCode, ProblemCode } from '../../harvester/diagnosis.ts'
import type { Words } from '../text/text.ts'

export type TroubleCode = DiagnosisCode | ProblemCode

// A code that has no words here is a type error, and so is one without words in either language.
const known: Record<TroubleCode, true> = {
  'address-refused': true,
  'address-wrong': true,
  unreachable: true,
  timeout: true,
  'connection-cut': true,
  'too-many-redirects': true,
  'http-status': true,
  busy: true,
  'robots-refuse': true,
  'too-large': true,
  'encoding-broken': true,
  'html-instead-of-oai': true,
  'doctype-refused': true,
  'not-xml': true,
  'not-oai': true,
  'page-cut': true,
  'token-repeats': true,
  'token-dead': true,
  'empty-pages': true,
  'oai-error': true,
  moved: true,
  'page-not-well-formed': true,
  'characters-replaced': true,
  'record-not-well-formed': true,
  'record-without-header': true,
  'record-without-metadata': true,
  'record-too-large': true,
  'record-twice': true,
  'value-cut': true,
  'metadata-unread': true,
  'own-record': true,
  'kept-elsewhere': true,
  'no-response-date': true,
  'list-ended-early': true,
  'list-restarted': true,
  'fewer-than-announced': true,
  'sets-unread': true,
  'vanished-not-withdrawn': true,
  'waited-for-index': true,
  'argument-refused': true,
  'format-refused': true,
  'identical-pages': true,
  endless: true,
  'list-by-dates': true,
  'formats-unread': true,
  'format-partial': true,
  'format-changed': true,
  'granularity-refused': true,
  'from-refused': true,
  'came-back': true,
  'record-lost': true,
  'dates-lost': true,
  'vanished-waiting': true,
  'source-reset': true,
  'clock-changed': true,
}

// What the database holds may be of another version.
const codeOf = (text: string): TroubleCode | 'other' =>
  Object.hasOwn(known, text) ? (text as TroubleCode) : 'other'

/** What was met. */
export const troubleText = ({ t }: Pick<Words, 't'>, code: string): string =>
  t(`trouble.${codeOf(code)}`)

/** What a person can do. */
export const remedyText = ({ t }: Pick<Words, 't'>, code: string): string =>
  t(`remedy.${codeOf(code)}`)
