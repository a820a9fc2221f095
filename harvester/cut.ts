// A list of records cut into pieces while it streams: what stands before its records, stretches of whole records, what
// follows them. Only so much is held as a stretch or one record is long. Nothing is parsed here: a cut is made where a
// record ends and the next one begins, as far as bytes can tell, and whoever reads a stretch finds out whether that is so.
//
// Where the cuts are depends on the bytes alone, not on how they came.
import { Diagnosis } from './diagnosis.ts'

export type Piece =
  /** Up to and with the start tag of the list; all, where there is no list. */
  | { kind: 'head'; bytes: Buffer; isList: boolean; broken?: Diagnosis }
  | { kind: 'records'; bytes: Buffer }
  /** A record that is too large to be held: its beginning. */
  | { kind: 'too-large'; bytes: Buffer }
  /** The last records, what stands between them and the end, and why that is not the end, where it is not. */
  | { kind: 'end'; bytes: Buffer; tail: Buffer; broken?: Diagnosis }

/** All in bytes. */
export interface Bounds {
  /** What may stand before the first record, and the whole answer where that is no list of records. */
  head: number
  stretch: number
  /** The largest record that is taken. */
  record: number
  /** Around a cut, so much is looked at. */
  margin: number
}

export const usualBounds: Bounds = {
  head: 8 * 2 ** 20,
  // Short enough that nothing else waits long while one is read.
  stretch: 256 * 1024,
  record: 4 * 2 ** 20,
  margin: 64 * 1024,
}

/** @param chunks of UTF-8 */
export async function* cut(
  chunks: AsyncIterable<Buffer>,
  bounds: Bounds,
): AsyncGenerator<Piece, void> {
  const held = new Held(chunks, bounds)
  try {
    yield* piecesOf(held, bounds)
  } finally {
    await held.close()
  }
}

async function* piecesOf(held: Held, bounds: Bounds): AsyncGenerator<Piece, void> {
  const { stretch, record, margin } = bounds
  const { bytes, isList } = await takeHead(held, bounds.head)
  yield { kind: 'head', bytes, isList, ...(held.broken && { broken: held.broken }) }
  if (!isList) return
  for (;;) {
    await held.fill(stretch + margin)
    if (held.bytes.length <= stretch) break
    const end = lastStart(held.bytes, bounds) ?? (await held.nextStart())
    if (end !== undefined) {
      yield { kind: 'records', bytes: held.take(end) }
    } else if (held.bytes.length <= record + margin) {
      break
    } else if (isBlank(held.bytes.subarray(record * 0.75, record))) {
      held.broken = new Diagnosis('too-large', 'it sends blanks without end')
      break
    } else {
      yield { kind: 'too-large', bytes: held.bytes.subarray(0, margin) }
      await held.skip()
    }
  }
  const last = held.take(recordsEnd(held.bytes))
  yield { kind: 'end', bytes: last, tail: held.bytes, ...(held.broken && { broken: held.broken }) }
}

/** Bytes that have come and have not been taken. */
class Held {
  bytes: Buffer = Buffer.alloc(0)
  /** Why no more will come, where that is not the end. */
  broken: Diagnosis | undefined
  ended = false
  private readonly source: AsyncIterator<Buffer>
  private readonly bounds: Bounds

  constructor(chunks: AsyncIterable<Buffer>, bounds: Bounds) {
    this.source = chunks[Symbol.asyncIterator]()
    this.bounds = bounds
  }

  /** Reads until so many bytes are held, or there are no more. */
  async fill(length: number): Promise<void> {
    const parts = [this.bytes]
    let size = this.bytes.length
    while (size < length && !this.ended) {
      const chunk = await this.next()
      if (!chunk) break
      parts.push(chunk)
      size += chunk.length
    }
    if (parts.length > 1) this.bytes = Buffer.concat(parts, size)
  }

  private async next(): Promise<Buffer | undefined> {
    try {
      const next = await this.source.next()
      if (!next.done) return next.value
    } catch (error) {
      if (!(error instanceof Diagnosis)) throw error
      this.broken = error
    }
    this.ended = true
    return undefined
  }

  async close(): Promise<void> {
    await this.source.return?.()
  }

  take(length: number): Buffer {
    const taken = this.bytes.subarray(0, length)
    this.bytes = this.bytes.subarray(length)
    return taken
  }

  /** Where the first record begins that follows on another one, where that one is not too large. */
  async nextStart(): Promise<number | undefined> {
    const { stretch, record, margin } = this.bounds
    for (let from = 0; ;) {
      const found = firstStart(this.bytes, from)
      if (found !== undefined) return found <= record ? found : undefined
      if (this.ended || this.bytes.length > record + margin) return undefined
      from = Math.max(0, this.bytes.length - 2 * margin)
      await this.fill(this.bytes.length + stretch)
    }
  }

  /** Lets go of the record that is held in part, up to where another one begins. */
  async skip(): Promise<void> {
    const { stretch, margin } = this.bounds
    this.take(1)
    for (;;) {
      const next = looseStart(this.bytes)
      if (next !== undefined) {
        this.take(next)
        return
      }
      if (this.ended) {
        this.take(recordsEnd(this.bytes))
        return
      }
      this.take(Math.max(0, this.bytes.length - margin))
      await this.fill(margin + stretch)
    }
  }
}

async function takeHead(held: Held, longest: number): Promise<{ bytes: Buffer; isList: boolean }> {
  for (let length = 4096; ; length *= 4) {
    await held.fill(Math.min(length, longest))
    const end = listStart(held.bytes.toString('latin1'))
    if (end !== undefined) return { bytes: held.take(end), isList: true }
    if (held.ended) break
    if (held.bytes.length >= longest) {
      held.broken = new Diagnosis(
        'too-large',
        `an answer holds more than ${Math.round(longest / 2 ** 20)} MiB and no record`,
      )
      break
    }
  }
  return { bytes: held.bytes, isList: false }
}

// Attributes hold no "<", so however often it is tried, each character is looked at once.
const listTag = /<(?:[\w.-]+:)?(?:ListRecords|GetRecord)(?:\s(?:[^<>"']|"[^<"]*"|'[^<']*')*)?>/y

/** Where the start tag of a list ends that is not empty. */
function listStart(text: string): number | undefined {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined
    if (close) {
      at = text.indexOf(close, at)
      if (at < 0) return undefined
      continue
    }
    listTag.lastIndex = at
    const tag = listTag.exec(text)?.[0]
    if (tag && !tag.endsWith('/>')) return at + tag.length
  }
  return undefined
}

const between = String.raw`(?:[ \t\r\n]|<!--(?:(?!-->)[^]){0,1000}-->)*`
const name = String.raw`((?:[\w.-]+:)?)record`
// MARCXML has elements called record, too; those of OAI-PMH begin with a header.
const begin = String.raw`record(?:\s[^<>]*)?>${between}<\1header\b`
const strict = new RegExp(String.raw`</${name}[ \t\r\n]*>${between}(?=<\1${begin})`, 'g')
const loose = new RegExp(String.raw`<((?:[\w.-]+:)?)${begin}`)
const close = new RegExp(String.raw`</${name}[ \t\r\n]*>`, 'g')

/** Where the last record of a stretch begins, other than the first. */
function lastStart(bytes: Buffer, { stretch, margin }: Bounds): number | undefined {
  for (let length = margin; ; length *= 4) {
    const from = Math.max(0, stretch - length)
    let last: number | undefined
    for (const match of bytes.toString('latin1', from, stretch + margin).matchAll(strict)) {
      const at = from + match.index + match[0].length
      if (at <= stretch) last = at
    }
    if (last !== undefined || from === 0) return last
  }
}

function firstStart(bytes: Buffer, from: number): number | undefined {
  strict.lastIndex = 0
  const match = strict.exec(bytes.toString('latin1', from))
  return match ? from + match.index + match[0].length : undefined
}

/** Where a record begins, whatever it follows on. */
function looseStart(bytes: Buffer): number | undefined {
  return loose.exec(bytes.toString('latin1'))?.index
}

/** Where the last record ends; 0 where none does. */
function recordsEnd(bytes: Buffer): number {
  for (let length = 4096; ; length *= 4) {
    const from = Math.max(0, bytes.length - length)
    let last = 0
    for (const match of bytes.toString('latin1', from).matchAll(close)) {
      last = from + match.index + match[0].length
    }
    if (last || from === 0) return last
  }
}

const isBlank = (bytes: Buffer): boolean => !/[^ \t\r\n]/.test(bytes.toString('latin1'))
