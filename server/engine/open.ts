// Chooses the engine: Elasticsearch when the configuration names one, PostgreSQL otherwise.
import type { Logger } from 'pino'
import type { Config } from '../../config/config.ts'
import type { Database } from '../db/db.ts'
import type { Engine } from './engine.ts'

export function openEngine(_config: Config, _db: Database, _log: Logger): Engine {
  const later = (): Promise<never> => Promise.reject(new Error('no engine yet'))
  return {
    name: 'postgresql',
    prepare: later,
    apply: later,
    refresh: later,
    search: later,
    rebuild: later,
    check: later,
    close: () => Promise.resolve(),
  }
}
