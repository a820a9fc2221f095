// The engine that needs nothing but the database. What it has counted is kept until the index changes: the next page of
// the same answer, and the first page of the catalogue, need not be counted again.
import type { Logger } from 'pino'
import type { Database } from '../../db/db.ts'
import type { Changes, Engine } from '../engine.ts'
import { planOf } from '../plan.ts'
import { logRefused } from '../refused.ts'
import { keepCounts } from './kept.ts'
import { nearest, overlook } from '../prints.ts'
import { codesOf, findAlike, findPage } from './search.ts'
import { ensureIndex, makeTable, table } from './tables.ts'
import { write } from './write.ts'

const readerOf = (identity: string): string => `search-postgresql-${identity}`

export function postgresqlEngine(db: Database, log: Logger): Engine {
  const kept = keepCounts(db)

  return {
    name: 'postgresql',

    async prepare() {
      const { identity, fresh } = await ensureIndex(db)
      return { reader: readerOf(identity), fresh }
    },

    async apply(changes) {
      await ensureIndex(db)
      return logRefused(log, await write(db, table, changes))
    },

    refresh() {
      kept.forget()
      return Promise.resolve()
    },

    // What is in the table is found.
    settle: () => Promise.resolve(),

    async search(query) {
      const plan = planOf(query)
      await ensureIndex(db)
      const codes = await codesOf(db, plan)
      const [page, counts] = await Promise.all([
        findPage(db, table, plan, codes),
        kept.count(plan, codes),
      ])
      return { ...page, ...counts }
    },

    async alike(sought, limit) {
      await ensureIndex(db)
      if (!sought.prints.length) return []
      return nearest(await findAlike(db, table, sought.prints, limit * overlook), sought, limit)
    },

    async rebuild() {
      await ensureIndex(db)
      const next = await makeTable(db)
      return {
        reader: readerOf(next.identity),
        apply: async (changes: Changes) => logRefused(log, await write(db, next.name, changes)),
        async finish() {
          await next.finish()
          kept.forget()
        },
        abandon: () => next.abandon(),
      }
    },

    async check() {
      await db.query(`SELECT FROM search_index`)
    },

    close: () => Promise.resolve(),
  }
}
