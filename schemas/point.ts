// A place on the map, in the words of DCMI Point (https://www.dublincore.org/specifications/dublin-core/dcmi-point/), as a
// brick states it in the dc:coverage of its own description: `name=Grenoble; north=45.188; east=5.724`.

export interface Point {
  /** Degrees, -90 to 90. */
  north: number
  /** Degrees, -180 to 180. */
  east: number
  name?: string
}

const longestName = 200

export function writePoint({ north, east, name }: Point): string {
  const parts = [`north=${north}`, `east=${east}`]
  // A semicolon would end the name (DCSV, section 4).
  if (name) parts.unshift(`name=${name.replace(/[;\\]/g, '\\$&')}`)
  return parts.join('; ')
}

/** Undefined where the text is no point, or one that is not on the globe. */
export function readPoint(text: string): Point | undefined {
  const fields = new Map<string, string>()
  for (const [, name = '', value = ''] of text.matchAll(/([A-Za-z]+)\s*=\s*((?:\\.|[^;\\])*)/g)) {
    fields.set(name.toLowerCase(), value.replace(/\\(.)/g, '$1').trim())
  }
  return pointOf(fields.get('north'), fields.get('east'), fields.get('name'))
}

/** `45.188,5.724,Grenoble`, as people type it. */
export function readTypedPoint(text: string): Point | undefined {
  const [north, east, ...name] = text.split(',')
  return pointOf(north, east, name.join(','))
}

export const typedPoint = ({ north, east, name }: Point): string =>
  [north, east, ...(name ? [name] : [])].join(',')

function pointOf(
  north: string | undefined,
  east: string | undefined,
  name: string | undefined,
): Point | undefined {
  const [y, x] = [degrees(north, 90), degrees(east, 180)]
  const called = name?.trim().slice(0, longestName)
  return y === undefined || x === undefined
    ? undefined
    : { north: y, east: x, ...(called && { name: called }) }
}

function degrees(text: string | undefined, most: number): number | undefined {
  const plain = text?.trim() ?? ''
  const value = Number(plain)
  return /^[+-]?\d{1,3}(\.\d{1,12})?$/.test(plain) && Math.abs(value) <= most ? value : undefined
}
