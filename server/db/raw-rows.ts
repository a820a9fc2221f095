// Numbered texts as the bytes that PostgreSQL sends, for lists that hand finished text on: decoding each row to a string
// only to encode it again costs more than all else on the way from the table to the socket (docs/decisions/0052).
//
// The connections are pg's own: it speaks the protocol, and only the bodies of DataRow messages are led past its parser.
// PostgreSQL, Frontend/Backend Protocol, 54.7 Message Formats. Over TLS there is nothing to be led past, so there rows are
// decoded and encoded again.
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net'
import pg from 'pg'

export interface Statement {
  /** Prepared once on each connection under this name. */
  name: string
  text: string
  values: unknown[]
}

/** What a statement of two columns gave, a number and a text. */
export interface Texts {
  numbers: number[]
  /** The texts one after the other, in UTF-8; to be given back with `recycle` when they are sent. */
  bytes: Buffer
  /** Where each text ends in `bytes`. */
  ends: number[]
}

type TakeRow = (message: Buffer, start: number) => void

const dataRow = 0x44
const headerLength = 5
const receiveLength = 128 * 1024

/** A socket that can lead the DataRow messages of an answer to another listener than the rest. */
class TappedSocket extends Socket {
  /** Gets a message and where its body begins. */
  takeRow: TakeRow | undefined
  /** Bytes that are missing of the message at hand. */
  #missing = 0
  #isTapped = false
  #header: Buffer = Buffer.alloc(0)
  #parts: Buffer[] = []

  constructor() {
    const buffer = Buffer.allocUnsafeSlow(receiveLength)
    // Its declarations know it of connect() only.
    const options: SocketConstructorOpts & { onread: OnReadOpts } = {
      onread: {
        // One for all that is received: a new one for each piece keeps the collector busier than all else.
        buffer,
        callback: (length) => {
          this.#read(buffer.subarray(0, length))
          return true
        },
      },
    }
    super(options)
  }

  #read(received: Buffer): void {
    const bytes = this.#header.length ? Buffer.concat([this.#header, received]) : received
    let at = 0
    // Begin of what goes to pg as it is; -1: nothing is waiting.
    let kept = -1
    while (at < bytes.length) {
      if (this.#missing === 0) {
        if (bytes.length - at < headerLength) break
        this.#isTapped = this.takeRow !== undefined && bytes[at] === dataRow
        if (!this.#isTapped && kept < 0) kept = at
        if (this.#isTapped && kept >= 0) {
          this.#pass(bytes, kept, at)
          kept = -1
        }
        // The length counts itself but not the type before it.
        this.#missing = bytes.readInt32BE(at + 1) - 4
        at += headerLength
        continue
      }
      const end = Math.min(at + this.#missing, bytes.length)
      this.#missing -= end - at
      if (this.#isTapped) this.#tap(bytes, at, end)
      else if (kept < 0) kept = at
      at = end
    }
    if (kept >= 0) this.#pass(bytes, kept, at)
    this.#header = at < bytes.length ? Buffer.from(bytes.subarray(at)) : noBytes
  }

  // pg keeps what is not whole yet, and these bytes are overwritten.
  #pass(bytes: Buffer, start: number, end: number): void {
    this.emit('data', Buffer.from(bytes.subarray(start, end)))
  }

  #tap(bytes: Buffer, start: number, end: number): void {
    if (this.#missing === 0 && !this.#parts.length) {
      this.takeRow?.(bytes, start)
      return
    }
    this.#parts.push(Buffer.from(bytes.subarray(start, end)))
    if (this.#missing > 0) return
    const message = Buffer.concat(this.#parts)
    this.#parts = []
    this.takeRow?.(message, 0)
  }
}

const noBytes = Buffer.alloc(0)

// Memory outside of V8's heap is what its collector is slow to give back: pieces of one size go round.
const pieceLength = 384 * 1024
const mostPieces = 48
const pieces: Buffer[] = []

/** Takes back the memory of `Texts` that are sent: nobody may read them any more. */
export function recycle(texts: Buffer): void {
  const { buffer } = texts
  if (buffer.byteLength !== pieceLength || pieces.length >= mostPieces) return
  if (!(buffer instanceof ArrayBuffer) || pieces.some((each) => each.buffer === buffer)) return
  pieces.push(Buffer.from(buffer))
}

/** Gathers texts in one piece of memory. */
class Gatherer {
  numbers: number[] = []
  ends: number[] = []
  #bytes = pieces.pop() ?? Buffer.allocUnsafeSlow(pieceLength)
  #length = 0

  /** The body of a DataRow: how many columns, then of each its length and its bytes. */
  readonly takeRow: TakeRow = (message, start) => {
    const numberLength = message.readInt32BE(start + 2)
    const numberAt = start + 6
    this.numbers.push(Number(message.toString('latin1', numberAt, numberAt + numberLength)))
    const textAt = numberAt + numberLength + 4
    const textLength = Math.max(0, message.readInt32BE(textAt - 4))
    this.#room(textLength)
    message.copy(this.#bytes, this.#length, textAt, textAt + textLength)
    this.#end(textLength)
  }

  take([number, text]: [string, string | null]): void {
    this.numbers.push(Number(number))
    const length = Buffer.byteLength(text ?? '')
    this.#room(length)
    this.#bytes.write(text ?? '', this.#length)
    this.#end(length)
  }

  texts(): Texts {
    return { numbers: this.numbers, bytes: this.#bytes.subarray(0, this.#length), ends: this.ends }
  }

  #end(length: number): void {
    this.#length += length
    this.ends.push(this.#length)
  }

  #room(length: number): void {
    if (this.#length + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + length))
    this.#bytes.copy(larger, 0, 0, this.#length)
    recycle(this.#bytes)
    this.#bytes = larger
  }
}

export function rawPool(options: pg.PoolConfig): pg.Pool {
  // pg itself knows best whether it will speak TLS, by the address or by its own environment.
  const { ssl } = new pg.Client(options) as unknown as { ssl: unknown }
  const pool = new pg.Pool({ ...options, ...(!ssl && { stream: () => new TappedSocket() }) })
  // A connection that breaks while idle is replaced at its next use.
  pool.on('error', () => undefined)
  return pool
}

/** All rows of a statement of two columns. */
export async function readTexts(pool: pg.Pool, statement: Statement): Promise<Texts> {
  const client = await pool.connect()
  const socket = socketOf(client)
  const gatherer = new Gatherer()
  let broken: Error | undefined
  try {
    if (socket) socket.takeRow = gatherer.takeRow
    const { rows } = await client.query<[string, string | null]>({
      ...statement,
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    })
    for (const row of rows) gatherer.take(row)
    return gatherer.texts()
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    if (socket) socket.takeRow = undefined
    client.release(broken)
  }
}

// pg keeps the connection to itself.
function socketOf(client: pg.PoolClient): TappedSocket | undefined {
  const { stream } = (client as unknown as { connection: { stream: unknown } }).connection
  return stream instanceof TappedSocket ? stream : undefined
}
