// How often somebody may be wrong: so many times at once, and again as time passes. Each process counts for itself.
import { Kept } from './kept.ts'

export interface Tries {
  /** Whether this one may try. */
  isLeft(who: string): boolean
  /** It was wrong. */
  spend(who: string): void
}

const mostKnown = 10_000

/** @param now in milliseconds */
export function triesOf(perMinute: number, now = (): number => performance.now()): Tries {
  const known = new Kept<{ left: number; at: number }>(mostKnown)
  const leftOf = (who: string): number => {
    const last = known.get(who)
    if (!last) return perMinute
    return Math.min(perMinute, last.left + ((now() - last.at) * perMinute) / 60_000)
  }
  return {
    isLeft: (who) => leftOf(who) >= 1,
    spend(who) {
      known.set(who, { left: leftOf(who) - 1, at: now() })
    },
  }
}
