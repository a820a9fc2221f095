// Chooses the engine: Elasticsearch when the configuration names one, PostgreSQL otherwise.
import type { Logger } from 'pino'
import type { Config } from '../../config/config.ts'
import type { Database } from '../db/db.ts'
import type { Engine } from './engine.ts'

/** Loads the one that is wanted only: the client of Elasticsearch takes 30 MB of memory. */
export async function openEngine(config: Config, db: Database, log: Logger): Promise<Engine> {
  const { elasticsearchUrl, elasticsearchIndex, elasticsearchShards } = config
  if (elasticsearchUrl === undefined) {
    const { postgresqlEngine } = await import('./postgresql/postgresql.ts')
    return postgresqlEngine(db, log)
  }
  const { elasticsearchEngine } = await import('./elasticsearch/elasticsearch.ts')
  const index = { prefix: elasticsearchIndex, shards: elasticsearchShards }
  return elasticsearchEngine(elasticsearchUrl.split(','), index, db, log)
}
