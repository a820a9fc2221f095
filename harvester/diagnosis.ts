// What can go wrong with a source, by name: a diagnosis ends a run, a problem is noted and the run goes on.
import type { Dates } from './dates.ts'

export type DiagnosisCode =
  | 'address-refused'
  | 'address-wrong'
  | 'unreachable'
  | 'timeout'
  | 'connection-cut'
  | 'too-many-redirects'
  | 'http-status'
  | 'busy'
  | 'robots-refuse'
  | 'too-large'
  | 'encoding-broken'
  | 'html-instead-of-oai'
  | 'doctype-refused'
  | 'not-xml'
  | 'not-oai'
  | 'page-cut'
  | 'token-repeats'
  | 'token-dead'
  | 'empty-pages'
  | 'identical-pages'
  | 'endless'
  | 'argument-refused'
  | 'format-refused'
  | 'oai-error'

/** What a source had said where something was wrong, for a person to look at. */
export interface Evidence {
  /** Around the fault, as they came or in UTF-8. */
  bytes: Buffer
  /** What was asked for; with the status and the headers of the answer, where there was one. */
  url?: string
  status?: number
  headers?: Record<string, string | string[] | undefined>
}

const mostEvidence = 64 * 1024

/** @param at where the fault is */
export function evidenceOf(bytes: Uint8Array, at = 0): Evidence {
  const start = Math.max(0, Math.min(at - mostEvidence / 2, bytes.length - mostEvidence))
  return { bytes: Buffer.from(bytes.subarray(start, start + mostEvidence)) }
}

export class Diagnosis extends Error {
  readonly code: DiagnosisCode
  /** Whether asking again may help. */
  readonly passing: boolean
  /** Seconds after which the source asked us to come back. */
  readonly retryAfter: number | undefined
  /** Whether asking otherwise cannot help either. */
  readonly hopeless: boolean
  evidence: Evidence | undefined

  constructor(
    code: DiagnosisCode,
    message: string,
    options: ErrorOptions & {
      passing?: boolean
      hopeless?: boolean
      retryAfter?: number | undefined
      evidence?: Evidence | undefined
    } = {},
  ) {
    super(message, options)
    this.code = code
    this.passing = options.passing ?? false
    this.hopeless = options.hopeless ?? false
    this.retryAfter = options.retryAfter
    this.evidence = options.evidence
  }
}

export type ProblemCode =
  | 'moved'
  | 'page-not-well-formed'
  | 'characters-replaced'
  | 'record-not-well-formed'
  | 'record-without-header'
  | 'record-without-metadata'
  | 'record-too-large'
  | 'record-twice'
  | 'value-cut'
  | 'metadata-unread'
  | 'own-record'
  | 'kept-elsewhere'
  | 'no-response-date'
  | 'list-ended-early'
  | 'list-restarted'
  | 'list-by-dates'
  | 'fewer-than-announced'
  | 'formats-unread'
  | 'format-partial'
  | 'format-changed'
  | 'granularity-refused'
  | 'from-refused'
  | 'came-back'
  | 'record-lost'
  | 'dates-lost'
  | 'sets-unread'
  | 'vanished-waiting'
  | 'vanished-not-withdrawn'
  | 'waited-for-index'
  | 'source-reset'
  | 'clock-changed'

export interface Problem {
  code: ProblemCode
  message: string
  identifier?: string
  /** Between which datestamps something could not be had. */
  dates?: Dates
  /** Of a problem with a page. */
  evidence?: Evidence
}

/** The message of anything thrown, with that of its cause where it says more. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return cause && !error.message.includes(cause) ? `${error.message}: ${cause}` : error.message
}
