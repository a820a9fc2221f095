// The bar of years: what a histogram by year becomes when it has to fit a page.

export interface Bin {
  from: number
  to: number
  count: number
}

const steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000]

/**
 * At most `most` bins of equal length, round where they can be. A few strays far from all others (a misread year) do
 * not flatten the rest: up to half a hundredth at either end is left out.
 */
export function binYears(histogram: { year: number; count: number }[], most = 40): Bin[] {
  const years = trimmed(histogram)
  const first = years[0]?.year
  const last = years.at(-1)?.year
  if (first === undefined || last === undefined) return []
  const step =
    steps.find((each) => Math.floor(last / each) - Math.floor(first / each) < most) ?? 1000
  const bins: Bin[] = []
  for (let from = Math.floor(first / step) * step; from <= last; from += step) {
    bins.push({ from, to: from + step - 1, count: 0 })
  }
  const start = bins[0]?.from ?? 0
  for (const { year, count } of years) {
    const bin = bins[Math.floor((year - start) / step)]
    if (bin) bin.count += count
  }
  // The ends say where the objects end, not where a round number does.
  const [head, tail] = [bins[0], bins.at(-1)]
  if (head) head.from = first
  if (tail) tail.to = last
  return bins
}

function trimmed(histogram: { year: number; count: number }[]): { year: number; count: number }[] {
  const years = histogram.toSorted((a, b) => a.year - b.year)
  const total = years.reduce((sum, each) => sum + each.count, 0)
  if (total < 200) return years
  const spare = total * 0.005
  const cut = (list: typeof years): number => {
    let sum = 0
    return list.findIndex(({ count }) => (sum += count) > spare)
  }
  return years.slice(cut(years), years.length - cut(years.toReversed()))
}
