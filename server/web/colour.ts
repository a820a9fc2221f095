// The operator's accent, made to hold its contrast (WCAG 2.2, 1.4.3: 4.5 to 1) on paper and on the wall, by day and by night.

/** Grounds that the accent stands on; the same as in style.css. */
const grounds = { light: ['#fbfaf7', '#eceae5'], dark: ['#141413', '#211f1d'] } as const

export interface Shade {
  /** For text, links and filled buttons. */
  accent: string
  /** For text on a filled button. */
  ink: string
}

type Rgb = [number, number, number]

const parse = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]

const format = (rgb: Rgb): string =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

function luminance(hex: string): number {
  const [r, g, b] = parse(hex).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function mix(hex: string, towards: string, share: number): string {
  const [from, to] = [parse(hex), parse(towards)]
  return format(from.map((part, index) => part + ((to[index] ?? 0) - part) * share) as Rgb)
}

/** The accent itself where it can be read, else the nearest shade of it towards black (light) or white (dark). */
export function shadeOf(accent: string, scheme: 'light' | 'dark'): Shade {
  const towards = scheme === 'light' ? '#000000' : '#ffffff'
  // By night a colour needs more than the least to be pleasant.
  const least = scheme === 'light' ? 4.6 : 6
  let shade = accent.toLowerCase()
  for (let step = 1; step <= 50; step++) {
    if (grounds[scheme].every((ground) => contrast(shade, ground) >= least)) break
    shade = mix(accent, towards, step / 50)
  }
  const ink = contrast('#ffffff', shade) >= 4.5 ? '#ffffff' : '#101010'
  return { accent: shade, ink }
}

/** The custom properties of style.css that the operator's colour decides. */
export function accentStyle(accent: string): string {
  const rule = (scheme: 'light' | 'dark'): string => {
    const shade = shadeOf(accent, scheme)
    return `:root{--accent:${shade.accent};--accent-ink:${shade.ink}}`
  }
  return `${rule('light')}\n@media (prefers-color-scheme:dark){${rule('dark')}}\n`
}
