// What the domain throws: a stable code, a message for people, no HTTP status. Each door translates once, at its edge.

export type ErrorCode = 'not-found' | 'forbidden' | 'invalid' | 'conflict' | 'gone' | 'unavailable'

export class DomainError extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export const notFound = (message: string): DomainError => new DomainError('not-found', message)
export const forbidden = (message: string): DomainError => new DomainError('forbidden', message)
export const invalid = (message: string, options?: ErrorOptions): DomainError =>
  new DomainError('invalid', message, options)
export const conflict = (message: string): DomainError => new DomainError('conflict', message)
export const gone = (message: string): DomainError => new DomainError('gone', message)
export const unavailable = (message: string, options?: ErrorOptions): DomainError =>
  new DomainError('unavailable', message, options)

const statusOf: Record<ErrorCode, number> = {
  'not-found': 404,
  forbidden: 403,
  invalid: 400,
  conflict: 409,
  gone: 410,
  unavailable: 503,
}

export function httpStatus(error: unknown): number {
  return error instanceof DomainError ? statusOf[error.code] : 500
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
