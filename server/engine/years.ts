// The bar of years, from where spans of years begin and end.
import type { SearchResult } from './engine.ts'

/** @param steps in order of years: how many spans begin in a year, less those that ended in the year before */
export function runningSum(steps: { year: number; step: number }[]): SearchResult['histogram'] {
  const years: SearchResult['histogram'] = []
  let current = 0
  steps.forEach(({ year, step }, index) => {
    current += step
    const until = steps[index + 1]?.year ?? year
    for (let at = year; current > 0 && at < until; at++) years.push({ year: at, count: current })
  })
  return years
}
