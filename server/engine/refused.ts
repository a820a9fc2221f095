// Documents that an index refused are told to the operator, each with its record's number.
import type { Logger } from 'pino'
import type { Refused } from './engine.ts'

export function logRefused(log: Logger, refused: Refused[]): Refused[] {
  for (const { id, reason } of refused)
    log.error({ record: id, reason }, 'the index refused a record')
  return refused
}
