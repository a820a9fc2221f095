// text[] in the binary form of PostgreSQL, for statements that carry thousands of long texts: nothing is escaped here and
// nothing unescaped there. PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_recv.

const headerLength = 20
const textOid = 25

/** A parameter of type `text[]`; the statement must say so (`$1::text[]`). */
export function textArray(values: (string | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? -1 : Buffer.byteLength(value)))
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(length, 0), headerLength)
  const array = Buffer.allocUnsafe(size)
  array.writeInt32BE(1, 0)
  array.writeInt32BE(lengths.includes(-1) ? 1 : 0, 4)
  array.writeInt32BE(textOid, 8)
  array.writeInt32BE(values.length, 12)
  array.writeInt32BE(1, 16)
  let at = headerLength
  values.forEach((value, index) => {
    at = array.writeInt32BE(lengths[index] ?? -1, at)
    if (value !== null) at += array.write(value, at)
  })
  return array
}
