// A stretch that is not well-formed is cut into its records by scanning; each is judged alone, repaired where only
// characters are wrong, and kept or reported.
import { isUtf8 } from 'node:buffer'
import type { Problem } from './diagnosis.ts'
import type { Envelope, Read } from './envelope.ts'

/** What follows a stretch: more of the list, its end, or nothing although it should. */
export type Following = 'more' | 'end' | 'cut'

interface Salvaged extends Read {
  /** What stands between the records. */
  between: string
  /** What may be a part of a record that ends in the next stretch. */
  rest: Buffer
}

interface Piece {
  start: number
  end: number
}

// MARCXML has elements called record, too; those of OAI-PMH begin with a header.
const recordStart = /<((?:[\w.-]+:)?)record(?:\s[^<>]*)?>\s*(?:<!--[^>]{0,1000}-->\s*)?<\1header\b/g
/** So many may be one: the metadata of a record may hold what looks like records. */
const mostJoined = 4

/** @param lossy whether U+FFFD stands for bytes that were no characters in the encoding of the page */
export function salvage(
  bytes: Buffer,
  envelope: Envelope,
  lossy: boolean,
  following: Following,
): Salvaged {
  const pieces = piecesOf(bytes.toString('latin1'))
  const read: Read = { records: [], problems: [] }
  const between = [bytes.toString('utf8', 0, pieces[0]?.start)]
  for (let index = 0; index < pieces.length;) {
    const candidates = pieces
      .slice(index, index + mostJoined)
      .map(({ end }) => bytes.subarray(pieces[index]?.start, end))
    const isWhole = candidates.length === mostJoined || following !== 'more'
    const sound = candidates.findIndex(
      (each) => !isReplaced(each, lossy) && !envelope.faultIn(each),
    )
    const fit =
      sound >= 0 || !isWhole ? -1 : candidates.findIndex((each) => isMended(each, envelope))
    const taken = Math.max(sound, fit, 0)
    const piece = candidates[taken] as Buffer
    if (sound >= 0) {
      envelope.read(piece.toString(), read)
    } else if (fit >= 0) {
      readMended(piece, envelope, lossy, read)
    } else if (!isWhole) {
      return { ...read, between: between.join(''), rest: bytes.subarray(pieces[index]?.start) }
    } else if (following !== 'cut' || index < pieces.length - 1) {
      read.problems.push(refused(piece, envelope))
    }
    index += taken + 1
    between.push(bytes.toString('utf8', pieces[index - 1]?.end, pieces[index]?.start))
  }
  return { ...read, between: between.join(''), rest: Buffer.alloc(0) }
}

/** @param text one character for each byte */
function piecesOf(text: string): Piece[] {
  const starts = [...text.matchAll(recordStart)]
  return starts.map((start, index) => {
    const until = starts[index + 1]?.index ?? text.length
    const close = `</${start[1] ?? ''}record>`
    const last = text.slice(start.index, until).lastIndexOf(close)
    return { start: start.index, end: last < 0 ? until : start.index + last + close.length }
  })
}

const mended = (piece: Buffer): string => repaired(piece.toString())

const isMended = (piece: Buffer, envelope: Envelope): boolean =>
  !envelope.faultIn(Buffer.from(mended(piece)))

/** Whether it has bytes that are no characters in the encoding of the page. */
export const isReplaced = (bytes: Buffer, lossy: boolean): boolean =>
  lossy ? bytes.includes('\uFFFD') : !isUtf8(bytes)

function readMended(piece: Buffer, envelope: Envelope, lossy: boolean, into: Read): void {
  const message = isReplaced(piece, lossy) ? badBytes : (envelope.faultIn(piece)?.message ?? '')
  into.problems.push({ code: 'characters-replaced', message, ...named(piece.toString()) })
  envelope.read(mended(piece), into)
}

function refused(piece: Buffer, envelope: Envelope): Problem {
  const name = named(piece.toString())
  const message = envelope.faultIn(piece)?.message ?? ''
  return {
    code: name.identifier ? 'record-not-well-formed' : 'record-without-header',
    message,
    ...name,
  }
}

function named(record: string): { identifier?: string } {
  const identifier = identifierIn(record)
  return identifier === undefined ? {} : { identifier }
}

export const badBytes = 'there are bytes that are no characters in the encoding of the page'

/** The identifier that a broken record seems to have. */
export function identifierIn(record: string): string | undefined {
  return /<(?:[\w.-]+:)?identifier[^<>]*>\s*([^<]{1,2048}?)\s*</.exec(record)?.[1]
}

const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const references = /&(?:#x([0-9a-fA-F]{1,8});|#([0-9]{1,9});|(?:amp|lt|gt|quot|apos);)?/g
const innerDeclaration = /(?!^)<\?xml\s[^>]*\?>/g

/** Characters that XML cannot carry, bare ampersands, unknown entities, an XML declaration in the middle. */
export function repaired(text: string): string {
  return text
    .replace(forbidden, '\uFFFD')
    .replace(innerDeclaration, '')
    .replace(references, (whole: string, hex?: string, decimal?: string) => {
      if (whole === '&') return '&amp;'
      if (hex === undefined && decimal === undefined) return whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      const fits =
        code === 9 ||
        code === 10 ||
        code === 13 ||
        (code >= 0x20 && code <= 0xd7ff) ||
        (code >= 0xe000 && code <= 0xfffd) ||
        (code >= 0x10000 && code <= 0x10ffff)
      return fits ? whole : '\uFFFD'
    })
}
