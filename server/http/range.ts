// One stretch of bytes of a whole (RFC 9110, section 14).

export type Range = { start: number; end: number }

/**
 * What a Range header asks for; undefined: the whole. Several stretches at once are answered with the whole, which is
 * allowed.
 */
export function rangeOf(header: string, size: number): Range | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.replace(/\s/g, ''))
  const [, first = '', last = ''] = match ?? []
  if (!match || (!first && !last)) return undefined
  if (first && last && Number(first) > Number(last)) return undefined
  const start = first ? Number(first) : Math.max(0, size - Number(last))
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1
  return start > end || start >= size ? 'unsatisfiable' : { start, end }
}
