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

type Hsl = [hue: number, saturation: number, lightness: number]

function toHsl(hex: string): Hsl {
  const [r, g, b] = parse(hex).map((part) => part / 255) as Rgb
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  const [span, lightness] = [most - least, (most + least) / 2]
  if (span === 0) return [0, 0, lightness]
  const turn =
    most === r ? ((g - b) / span + 6) % 6 : most === g ? (b - r) / span + 2 : (r - g) / span + 4
  return [turn * 60, span / (1 - Math.abs(2 * lightness - 1)), lightness]
}

function fromHsl([hue, saturation, lightness]: Hsl): string {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): number => {
    const at = (offset + hue / 30) % 12
    return 255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1)))
  }
  return format([channel(0), channel(8), channel(4)])
}

/** The accent itself where it can be read, else the same hue darker (light scheme) or lighter (dark scheme). */
export function shadeOf(accent: string, scheme: 'light' | 'dark'): Shade {
  const [hue, saturation, lightness] = toHsl(accent)
  // By night a colour needs more than the least contrast to be pleasant, and less strength.
  const [least, step, strongest] = scheme === 'light' ? [4.6, -0.01, 1] : [7, 0.01, 0.5]
  const readable = (shade: string): boolean =>
    grounds[scheme].every((ground) => contrast(shade, ground) >= least)
  let shade = accent.toLowerCase()
  for (let at = lightness; !readable(shade) && at >= 0 && at <= 1; at += step) {
    shade = fromHsl([hue, Math.min(saturation, strongest), at])
  }
  return { accent: shade, ink: contrast('#ffffff', shade) >= 4.5 ? '#ffffff' : '#101010' }
}

/** The custom properties of style.css that the operator's colour decides. */
export function accentStyle(accent: string): string {
  const rule = (scheme: 'light' | 'dark'): string => {
    const shade = shadeOf(accent, scheme)
    return `:root{--accent:${shade.accent};--accent-ink:${shade.ink}}`
  }
  return `${rule('light')}\n@media (prefers-color-scheme:dark){${rule('dark')}}\n`
}
