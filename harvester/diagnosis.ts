// What can go wrong with a source, by name: a diagnosis ends a run, a problem is noted and the run goes on.

export type DiagnosisCode =
  | 'address-refused'
  | 'address-wrong'
  | 'unreachable'
  | 'timeout'
  | 'connection-cut'
  | 'too-many-redirects'
  | 'http-status'
  | 'busy'
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
  | 'oai-error'

export class Diagnosis extends Error {
  readonly code: DiagnosisCode
  /** Whether asking again may help. */
  readonly passing: boolean
  /** Seconds after which the source asked us to come back. */
  readonly retryAfter: number | undefined

  constructor(
    code: DiagnosisCode,
    message: string,
    options: ErrorOptions & { passing?: boolean; retryAfter?: number | undefined } = {},
  ) {
    super(message, options)
    this.code = code
    this.passing = options.passing ?? false
    this.retryAfter = options.retryAfter
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
  | 'fewer-than-announced'
  | 'sets-unread'
  | 'vanished-not-withdrawn'

export interface Problem {
  code: ProblemCode
  message: string
  identifier?: string
}

/** The message of anything thrown, with that of its cause where it says more. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return cause && !error.message.includes(cause) ? `${error.message}: ${cause}` : error.message
}
