// What every room is handed: tools, never a room.
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { Database } from './db/db.ts'
import type { Engine } from './engine/engine.ts'
import { addresses, type Addresses } from './http/links.ts'
import type { Storage } from './storage/storage.ts'

export interface Context {
  config: Config
  db: Database
  storage: Storage
  engine: Engine
  log: Logger
  links: Addresses
  clock: () => Date
}

export function createContext(tools: Omit<Context, 'links' | 'clock'>): Context {
  return { ...tools, links: addresses(tools.config.baseUrl), clock: () => new Date() }
}
