// Years out of a free-text date, for sorting, the bar of years and the date filter; the text itself stays as it is.
// Forms seen in the collections of Tate, CMOA, the NPG, Joconde and the British Library.

export interface Years {
  from: number
  to: number
}

const parts: Record<string, [number, number]> = {
  début: [0, 24],
  early: [0, 33],
  milieu: [40, 60],
  mid: [40, 60],
  fin: [75, 99],
  late: [67, 99],
}

/**
 * The span of years that a date names, inclusive; undefined where it names none ("date not known").
 * `c.1850-60` → 1850–1860, `1er quart 19e siècle` → 1801–1825, `2020-03/2020-05` → 2020–2020, `1990s` → 1990–1999.
 */
export function yearsOf(text: string): Years | undefined {
  const lower = text.toLowerCase().normalize('NFC')
  return centuryOf(lower) ?? decadeOf(lower) ?? plainYears(lower)
}

function centuryOf(text: string): Years | undefined {
  const match =
    /(?:(\d)(?:er|e|ème|re)\s+(quart|tiers|moitié)\s+(?:du\s+)?)?(?:(début|milieu|fin|early|mid|late)[\s-]+(?:du\s+)?)?(\d{1,2})(?:e|ème|er|th|st|nd|rd)\s*(?:siècle|s\.|century)/.exec(
      text,
    )
  if (!match) return undefined
  const start = (Number(match[4]) - 1) * 100 + 1
  if (match[1] && match[2]) {
    const span = match[2] === 'quart' ? 25 : match[2] === 'tiers' ? 33 : 50
    const from = start + (Number(match[1]) - 1) * span
    return { from, to: from + span - 1 }
  }
  const [a, b] = parts[match[3] ?? ''] ?? [0, 99]
  return { from: start + a, to: start + b }
}

function decadeOf(text: string): Years | undefined {
  const match = /(?:années\s+)?\b(\d{3}0)s\b|années\s+(\d{3}0)\b/.exec(text)
  const from = Number(match?.[1] ?? match?.[2])
  return match ? { from, to: from + 9 } : undefined
}

function plainYears(text: string): Years | undefined {
  const years: number[] = []
  for (const match of text.matchAll(
    /(?<![\d.,])(\d{4})(?![\d])(?:\s*[-–—/]\s*(\d{2})(?!\d|[-/]\d))?/g,
  )) {
    const year = Number(match[1])
    if (year < 1 || year > 2200) continue
    years.push(year)
    // "1850-60" is a span; "2020-03" is a month, and so is a second part that would run backwards.
    const second =
      match[2] === undefined ? undefined : Math.floor(year / 100) * 100 + Number(match[2])
    if (
      second !== undefined &&
      second > year &&
      !(Number(match[2]) <= 12 && /^\d{4}-\d{2}(?:$|[-/T])/.test(text))
    )
      years.push(second)
  }
  if (!years.length) return undefined
  return { from: Math.min(...years), to: Math.max(...years) }
}
