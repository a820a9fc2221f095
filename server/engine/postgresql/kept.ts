// Counts that are kept: what was counted holds until the index changes.
import type { Database } from '../../db/db.ts'
import type { Plan } from '../plan.ts'
import { count, type Counts } from './search.ts'
import type { Codes } from './sql.ts'
import { standing, table } from './tables.ts'

interface Kept {
  version: string
  counts: Promise<Counts>
  /** Until when it may be shown although the index has changed. */
  until: number
}

// While a harvest changes the index every second, counting everything each time would be all that PostgreSQL does: a
// count that took long is kept for ten times as long as it took, at most half a minute.
const long = 100
const longestKept = 30_000
const mostKept = 200

export interface KeptCounts {
  count(plan: Plan, codes: Codes): Promise<Counts>
  forget(): void
}

export function keepCounts(db: Database): KeptCounts {
  const kept = new Map<string, Kept>()
  return {
    forget: () => kept.clear(),
    async count(plan, codes) {
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
        const took = Date.now() - began
        fresh.until = took < long ? 0 : Date.now() + Math.min(took * 10, longestKept)
      } catch (error) {
        if (kept.get(key) === fresh) kept.delete(key)
        throw error
      }
      return counts
    },
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
  language,
  histogram,
}: Plan): string {
  const { all, none } = question
  return JSON.stringify([
    all,
    none,
    [...filters],
    years,
    pictured,
    facets,
    facetLimit,
    language,
    histogram,
  ])
}
