// Rows into a table by COPY in its binary form: nothing is escaped here and nothing parsed there, and a row is bytes as soon
// as it is made. https://www.postgresql.org/docs/18/sql-copy.html, Binary Format; and Frontend/Backend Protocol, 54.2.6 COPY
// Operations.
import type pg from 'pg'

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const trailer = Buffer.from([0xff, 0xff])
const pieceLength = 2 ** 20
/** What was sent and is used again: fresh memory costs more than what is written into it. */
const spare: Buffer[] = []
const mostSpare = 16
const epoch = Date.UTC(2000) / 1000

/** Where something was written, to be written over. */
export type Place = number

/** Rows as the bytes that COPY takes: of each, its number of columns and then their values. */
export class CopyRows {
  /** How texts are written: latin1 for such as stand for bytes in UTF-8. */
  encoding: 'utf8' | 'latin1' = 'utf8'
  private pieces: Buffer[] = []
  private bytes: Buffer = Buffer.alloc(0)
  private length = 0

  row(columns: number): void {
    this.room(2)
    this.length = this.bytes.writeInt16BE(columns, this.length)
  }

  null(): void {
    this.room(4)
    this.length = this.bytes.writeInt32BE(-1, this.length)
  }

  /** A text, or json. */
  text(value: string): void {
    // A character of UTF-16 has three bytes at most.
    this.room(4 + value.length * 3)
    const { bytes, length } = this
    const written = bytes.write(value, length + 4, this.encoding)
    bytes.writeInt32BE(written, length)
    this.length = length + 4 + written
  }

  /**
   * A text around something that is written over later.
   * @returns where that is
   */
  textAround(before: string, inside: string, after: string): Place {
    this.room(4 + (before.length + inside.length + after.length) * 3)
    const { bytes, length: start } = this
    this.length += 4
    this.length += bytes.write(before, this.length, this.encoding)
    const { place } = this
    this.length += bytes.write(inside, this.length)
    this.length += bytes.write(after, this.length, this.encoding)
    bytes.writeInt32BE(this.length - start - 4, start)
    return place
  }

  raw(value: Uint8Array): void {
    this.room(4 + value.length)
    this.length = this.bytes.writeInt32BE(value.length, this.length)
    this.bytes.set(value, this.length)
    this.length += value.length
  }

  integer(value: number): void {
    this.room(8)
    this.length = this.bytes.writeInt32BE(4, this.length)
    this.length = this.bytes.writeInt32BE(value, this.length)
  }

  bigint(value: number): Place {
    this.room(12)
    this.length = this.bytes.writeInt32BE(8, this.length)
    const { place } = this
    this.length += 8
    this.setBigint(place, value)
    return place
  }

  setBigint(place: Place, value: number): void {
    const bytes = this.at(place)
    const high = Math.floor(value / 2 ** 32)
    bytes.writeInt32BE(high)
    bytes.writeUInt32BE(value - high * 2 ** 32, 4)
  }

  /** Over a text of the same length, of one byte for each character. */
  setText(place: Place, text: string): void {
    this.at(place).write(text, 'latin1')
  }

  /** What a timestamptz is, written as a bigint. */
  static moment(seconds: number): number {
    return (seconds - epoch) * 1e6
  }

  /** All that was written. */
  *sent(): Generator<Buffer> {
    yield signature
    yield* this.pieces
    yield this.bytes.subarray(0, this.length)
    yield trailer
  }

  /** To be called when it was sent: its memory is used again. */
  release(): void {
    const pieces = [...this.pieces, this.bytes].filter(
      ({ buffer }) => buffer.byteLength === pieceLength,
    )
    for (const { buffer } of pieces.slice(0, mostSpare - spare.length)) {
      spare.push(Buffer.from(buffer))
    }
    this.pieces = []
    this.bytes = Buffer.alloc(0)
    this.length = 0
  }

  private get place(): Place {
    return this.pieces.length * 2 ** 32 + this.length
  }

  private at(place: Place): Buffer {
    const piece = Math.floor(place / 2 ** 32)
    return (this.pieces[piece] ?? this.bytes).subarray(place - piece * 2 ** 32)
  }

  private room(size: number): void {
    if (this.length + size <= this.bytes.length) return
    if (this.length) this.pieces.push(this.bytes.subarray(0, this.length))
    this.bytes =
      (size <= pieceLength && spare.pop()) || Buffer.allocUnsafeSlow(Math.max(pieceLength, size))
    this.length = 0
  }
}

/**
 * @param target table and columns, as SQL
 * @throws as a query does
 */
export function copyInto(client: pg.PoolClient, target: string, rows: CopyRows): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyQuery(`COPY ${target} FROM STDIN (FORMAT binary)`, rows, resolve, reject))
  })
}

/** Asks and sends at once: where PostgreSQL refuses the statement, it passes over what is sent. */
class CopyQuery implements pg.Submittable {
  private readonly text: string
  private readonly rows: CopyRows
  readonly handleReadyForQuery: () => void
  readonly handleError: (error: Error) => void

  constructor(text: string, rows: CopyRows, resolve: () => void, reject: (error: Error) => void) {
    this.text = text
    this.rows = rows
    this.handleReadyForQuery = resolve
    this.handleError = reject
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection
    connection.query(this.text)
    stream.cork()
    for (const piece of this.rows.sent()) {
      const header = Buffer.alloc(5, 'd')
      header.writeInt32BE(piece.length + 4, 1)
      stream.write(header)
      stream.write(piece)
    }
    stream.write(copyDone)
    stream.uncork()
  }

  // What the client tells a query that is none of ours to act upon.
  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
}

const copyDone = Buffer.from([0x63, 0, 0, 0, 4])
