// Years out of a free-text date, for sorting, the bar of years and the date filter; the text itself stays as it is.
// Forms seen in the collections of Tate, CMOA, the NPG, Joconde and the British Library (198,580 records).

export interface Years {
  from: number
  to: number
}

/**
 * The span of years that a date names, inclusive; undefined where it names none ("date not known"). Years before our
 * era are negative. Of a period and the years beside it the narrower counts.
 * `c.1850-60` → 1850–1860, `1er quart 19e siècle` → 1801–1825, `2020-03/2020-05` → 2020–2020, `1990s` → 1990–1999.
 */
export function yearsOf(text: string): Years | undefined {
  // Most dates are a year and nothing else.
  if (/^[12]\d{3}$/.test(text) && Number(text) <= latest) return one([text])
  const plain = text
    .slice(0, 500)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
  const before = beforeOurEra(plain)
  if (before) return before
  const [years, centuries] = [union(numbersIn(plain)), union(centuriesIn(plain))]
  if (!years || !centuries) return years ?? centuries
  return years.to - years.from <= centuries.to - centuries.from ? years : centuries
}

function union(spans: Years[]): Years | undefined {
  if (!spans.length) return undefined
  return {
    from: Math.min(...spans.map((span) => span.from)),
    to: Math.max(...spans.map((span) => span.to)),
  }
}

const latest = 2200
const decade = (from: number): Years => ({ from, to: from + (from % 100 === 0 ? 99 : 9) })

/** Forms of years in digits, the longer ones first: what one has read the others do not read again. */
const forms: { form: RegExp; read: (parts: string[]) => Years | undefined }[] = [
  // 20200317
  { form: /(?<!\d)(\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)/g, read: one },
  // 1990s, 1870-1880s; 1800s is a century
  {
    form: /(?<!\d)(?:(\d{4})\s*[-–—]\s*)?(\d{3}0)['’]?s\b/g,
    read: ([first = '', second = '']) => {
      const { from, to } = decade(Number(second))
      return { from: first ? Math.min(Number(first), from) : from, to }
    },
  },
  // années 1950, années 30
  {
    form: /\bannees\s+(\d{3}0|\d0)\b/g,
    read: ([digits = '']) => decade(Number(digits.length === 2 ? `19${digits}` : digits)),
  },
  // 2020-03, 2020-03-17, 2020-03-17T11:00:00Z: a month, not a span
  {
    form: /(?<![\d–—-])(\d{4})-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?=$|[/t\s])(?!\s*[,;]?\s*\d{4})/g,
    read: one,
  },
  // 1850-60, 1996–8; a second part that would run backwards belongs to something else
  {
    form: /(?<!\d)(\d{4})\s*[-–—]\s*(\d{1,2})(?![\d]|[-/.]\d)/g,
    read: ([first = '', second = '']) => {
      const from = Number(first)
      const to = Number(first.slice(0, -second.length) + second)
      return { from, to: to > from ? to : from }
    },
  },
  // 1930/31
  {
    form: /(?<!\d)(\d{4})\/(\d{2})(?![\d/])/g,
    read: ([first = '', second = '']) => {
      const from = Number(first)
      return { from, to: (from + 1) % 100 === Number(second) ? from + 1 : from }
    },
  },
  { form: /(?<!\d)(\d{4})(?!\d)/g, read: one },
  // 195-?, 185?
  {
    form: /(?<!\d)((?:1\d|20)\d)[-?](?!\d)/g,
    read: ([digits = '']) => decade(Number(`${digits}0`)),
  },
  // 18--, 18.., 18??
  {
    form: /(?<!\d)(1\d|20)(?:--|\.\.|\?\?)/g,
    read: ([digits = '']) => decade(Number(`${digits}00`)),
  },
]

function one([digits = '']: string[]): Years {
  return { from: Number(digits), to: Number(digits) }
}

function numbersIn(text: string): Years[] {
  const spans: Years[] = []
  let left = text
  for (const { form, read } of forms) {
    left = left.replace(form, (...found) => {
      const groups = found.slice(1, -2) as (string | undefined)[]
      const span = read(groups.map((group) => group ?? ''))
      if (span && span.from >= 1 && span.to <= latest) spans.push(span)
      return ' '
    })
  }
  return spans
}

/** 500 BC, 50-25 av. J.-C., 3rd century BC, -0044. */
function beforeOurEra(text: string): Years | undefined {
  const era = String.raw`\s*(?:b\.?\s?c\.?(?:e\b\.?)?(?![a-z])|av(?:ant|\.)?\s*j)`
  const spans: Years[] = []
  // ISO 8601: -0044
  const signed = /^\s*(-\d{4})(?!\d)/.exec(text)?.[1]
  if (signed) spans.push(one([signed]))
  for (const [, first, second] of text.matchAll(
    new RegExp(String.raw`(?<!\d)(\d{1,5})(?:\s*[-–—/]\s*(\d{1,5}))?${era}`, 'g'),
  )) {
    const from = -Number(first)
    spans.push({ from, to: second ? Math.max(from, -Number(second)) : from })
  }
  if (!spans.length && new RegExp(`(?:siecles?|century|centuries)${era}`).test(text)) {
    for (const { from, to } of centuriesIn(text)) spans.push({ from: -to, to: -from })
  }
  return union(spans)
}

const periods: Record<string, [number, number]> = {
  debut: [0, 24],
  early: [0, 33],
  milieu: [40, 60],
  mid: [40, 60],
  middle: [40, 60],
  fin: [75, 99],
  end: [75, 99],
  late: [67, 99],
}

const units: Record<string, number> = { quart: 4, quarter: 4, tiers: 3, moitie: 2, half: 2 }

const ordinals = new Map(
  `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
   sixteenth seventeenth eighteenth nineteenth twentieth`
    .split(/\s+/)
    .map((word, index): [string, number] => [word, index + 1]),
)
for (const [index, words] of [
  'premier premiere',
  'deuxieme seconde',
  'troisieme',
  'quatrieme',
].entries())
  for (const word of words.split(' ')) ordinals.set(word, index + 1)
for (const word of ['last', 'dernier', 'derniere']) ordinals.set(word, Infinity)

const between = new Set(
  'a an and au c ca circa d de du des environ et l la le of or ou the to vers'.split(' '),
)

function ordinalOf(word: string): number | undefined {
  const digits = /^(\d{1,2})(?:er|ere|re|e|eme|d|nd|nde|th|st|rd)$/.exec(word)?.[1]
  if (digits) return Number(digits)
  const roman = /^([ivx]{1,5})(?:e|eme|er)$|^([ivx]{2,5})$/.exec(word)
  return roman ? romanOf(roman[1] ?? roman[2] ?? '') : ordinals.get(word)
}

function romanOf(letters: string): number {
  const worth: Record<string, number> = { i: 1, v: 5, x: 10 }
  const values = letters.split('').map((letter) => worth[letter] ?? 0)
  return values.reduce(
    (sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value),
    0,
  )
}

interface Century {
  number: number
  parts: [number, number][]
}

/** Word by word: parts of a century, numbers of centuries, and the word "century" that makes them so. */
function centuriesIn(text: string): Years[] {
  const found: Century[] = []
  let waiting: Century[] = []
  let parts: [number, number][] = []
  for (const word of text.match(/[\p{L}\d]+/gu) ?? []) {
    const ordinal = ordinalOf(word)
    const unit = units[word]
    const period = periods[word]
    if (period) parts.push(period)
    else if (unit) {
      const which = Math.min(waiting.pop()?.number ?? 0, unit)
      if (which > 0) parts.push(partOf(which, unit))
    } else if (/^(?:siecles?|century|centuries|s)$/.test(word)) {
      found.push(...waiting)
      waiting = []
      parts = []
    } else if (ordinal) {
      waiting.push({ number: ordinal, parts })
      parts = []
    } else if (!between.has(word)) {
      waiting = []
      parts = []
    }
  }
  return found.flatMap(spanOf)
}

const partOf = (which: number, of: number): [number, number] => [
  Math.round(((which - 1) * 100) / of),
  Math.round((which * 100) / of) - 1,
]

function spanOf({ number, parts }: Century): Years[] {
  if (number < 1 || number > 21) return []
  const start = (number - 1) * 100 + 1
  const ends = parts.length ? parts.flat() : [0, 99]
  return [{ from: start + Math.min(...ends), to: start + Math.max(...ends) }]
}
