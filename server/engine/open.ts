// Chooses the engine: Elasticsearch when the configuration names one, PostgreSQL otherwise.
import type { Logger } from 'pino'
import type { Config } from '../../config/config.ts'
import type { Database } from '../db/db.ts'
import { elasticsearchEngine } from './elasticsearch/elasticsearch.ts'
import type { Engine } from './engine.ts'
import { postgresqlEngine } from './postgresql/postgresql.ts'

export function openEngine(config: Config, db: Database, log: Logger): Engine {
  const { elasticsearchUrl, elasticsearchIndex } = config
  return elasticsearchUrl
    ? elasticsearchEngine(elasticsearchUrl, elasticsearchIndex, db, log)
    : postgresqlEngine(db, log)
}
