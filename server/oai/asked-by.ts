// Whether a person or a program asks, from the headers alone (docs/decisions/0050). Pure.

interface Range {
  type: string
  weight: number
  place: number
}

const pages = ['application/xhtml+xml', 'text/html']
const xml = ['application/xml', 'text/xml']

/** The media ranges of an Accept header (RFC 9110, section 12.5.1); what cannot be read counts for nothing. */
function ranges(accept: string): Range[] {
  return accept.split(',').map((part, place) => {
    const [type = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
    const quality = parameters.find((each) => each.startsWith('q='))?.slice(2)
    const weight = quality === undefined ? 1 : Number(quality)
    return { type, place, weight: weight >= 0 && weight <= 1 ? weight : 0 }
  })
}

// Heaviest first, then first named.
function best(all: Range[], types: string[]): Range | undefined {
  return all
    .filter(({ type, weight }) => types.includes(type) && weight > 0)
    .toSorted((a, b) => b.weight - a.weight || a.place - b.place)[0]
}

/**
 * Whether this is a browser in which somebody opens an address. Every browser names application/xhtml+xml; text/html
 * alone does not tell one, for Java's HttpURLConnection, on which many harvesters stand, names it first of all by default.
 * @param destination the header Sec-Fetch-Dest, which only browsers send
 */
export function isPerson(accept: string, destination = ''): boolean {
  const all = ranges(accept)
  const named = all.some(({ type, weight }) => type === pages[0] && weight > 0)
  if (!named && destination !== 'document') return false
  const [page, source] = [best(all, pages), best(all, xml)]
  if (!source) return true
  if (!page) return false
  return page.weight > source.weight || (page.weight === source.weight && page.place < source.place)
}
