// The engine that needs nothing but the database. What it has counted is kept until the index changes: the next page of
// the same answer, and the first page of the catalogue, need not be counted again.
import type { Logger } from 'pino'
import type { Database } from '../../db/db.ts'
import type { Changes, Engine, Refused } from '../engine.ts'
import { planOf, type Plan } from '../plan.ts'
import { codesOf, count, findPage, type Counts } from './search.ts'
import type { Codes } from './sql.ts'
import { ensureIndex, makeTable, standing, table } from './tables.ts'
import { write } from './write.ts'

interface Kept {
  version: string
  counts: Promise<Counts>
  /** Until when it may be shown although the index has changed. */
  until: number
}

// While a harvest changes the index every second, counting everything each time would be all that PostgreSQL does: a
// count is kept for ten times as long as it took, at most this long.
const longestKept = 30_000
const mostKept = 200

const readerOf = (identity: string): string => `search-postgresql-${identity}`

export function postgresqlEngine(db: Database, log: Logger): Engine {
  const kept = new Map<string, Kept>()

  const report = (refused: Refused[]): Refused[] => {
    for (const each of refused)
      log.error({ record: each.id, reason: each.reason }, 'the index refused a record')
    return refused
  }

  const countKept = async (plan: Plan, codes: Codes): Promise<Counts> => {
    const now = await standing(db)
    const version = `${now?.identity} ${now?.version}`
    const key = keyOf(plan)
    const known = kept.get(key)
    kept.delete(key)
    if (known && (known.version === version || Date.now() < known.until)) {
      kept.set(key, known)
      return known.counts
    }
    const began = Date.now()
    const counts = count(db, table, plan, codes)
    const fresh: Kept = { version, counts, until: Infinity }
    kept.set(key, fresh)
    for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest)
    try {
      await counts
      fresh.until = Date.now() + Math.min((Date.now() - began) * 10, longestKept)
    } catch (error) {
      if (kept.get(key) === fresh) kept.delete(key)
      throw error
    }
    return counts
  }

  return {
    name: 'postgresql',

    async prepare() {
      const { identity, fresh } = await ensureIndex(db)
      return { reader: readerOf(identity), fresh }
    },

    async apply(changes) {
      await ensureIndex(db)
      return report(await write(db, table, changes))
    },

    refresh() {
      kept.clear()
      return Promise.resolve()
    },

    async search(query) {
      const plan = planOf(query)
      await ensureIndex(db)
      const codes = await codesOf(db, plan)
      const [page, counts] = await Promise.all([
        findPage(db, table, plan, codes),
        countKept(plan, codes),
      ])
      return { ...page, ...counts }
    },

    async rebuild() {
      await ensureIndex(db)
      const next = await makeTable(db)
      return {
        reader: readerOf(next.identity),
        apply: async (changes: Changes) => report(await write(db, next.name, changes)),
        async finish() {
          await next.finish()
          kept.clear()
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

/** What the counts depend on: everything but the order and the page. */
function keyOf({
  question,
  filters,
  years,
  pictured,
  facets,
  facetLimit,
  histogram,
}: Plan): string {
  const { all, none } = question
  return JSON.stringify([all, none, [...filters], years, pictured, facets, facetLimit, histogram])
}
