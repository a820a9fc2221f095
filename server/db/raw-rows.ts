// Rows as the bytes that PostgreSQL sends, for lists that hand finished text on: decoding a row to a string only to encode
// it again costs more than all else on the way from the table to the socket (docs/decisions/0051).
//
// The connections are pg's own: it speaks the protocol, and only the bodies of DataRow messages are led past its parser.
// PostgreSQL, Frontend/Backend Protocol, 54.7 Message Formats. Over TLS there is nothing to be led past, so rows are
// decoded and encoded again.
import { Socket } from 'node:net'
import pg from 'pg'

export interface Statement {
  /** Prepared once on each connection under this name. */
  name: string
  text: string
  values: unknown[]
}

/** Columns of a row as UTF-8. */
export type RawRow = (Buffer | null)[]

const dataRow = 0x44
const headerLength = 5

/** A socket that can lead the DataRow messages of an answer to another listener than the rest. */
class TappedSocket extends Socket {
  rows: ((body: Buffer) => void) | undefined
  /** Bytes that are missing of the message at hand. */
  #missing = 0
  #isTapped = false
  #header: Buffer = Buffer.alloc(0)
  #parts: Buffer[] = []

  override emit(event: string | symbol, ...details: unknown[]): boolean {
    if (event !== 'data') return super.emit(event, ...details)
    this.#read(details[0] as Buffer)
    return true
  }

  #read(received: Buffer): void {
    const bytes = this.#header.length ? Buffer.concat([this.#header, received]) : received
    this.#header = Buffer.alloc(0)
    let at = 0
    // Begin of what goes to pg as it is; -1: nothing is waiting.
    let kept = -1
    const pass = (): void => {
      if (kept >= 0) super.emit('data', bytes.subarray(kept, at))
      kept = -1
    }
    while (at < bytes.length) {
      if (this.#missing === 0) {
        if (bytes.length - at < headerLength) break
        this.#isTapped = this.rows !== undefined && bytes[at] === dataRow
        // The length counts itself but not the type before it.
        const length = bytes.readInt32BE(at + 1)
        if (this.#isTapped) pass()
        else if (kept < 0) kept = at
        at += headerLength
        this.#missing = length - 4
        if (this.#missing === 0) continue
      }
      const end = Math.min(at + this.#missing, bytes.length)
      this.#missing -= end - at
      if (this.#isTapped) this.#tap(bytes.subarray(at, end))
      else if (kept < 0) kept = at
      at = end
    }
    pass()
    this.#header = Buffer.from(bytes.subarray(at))
  }

  #tap(part: Buffer): void {
    if (this.#missing > 0) {
      this.#parts.push(part)
      return
    }
    const body = this.#parts.length ? Buffer.concat([...this.#parts, part]) : part
    this.#parts = []
    this.rows?.(body)
  }
}

function columnsOf(body: Buffer): RawRow {
  const columns: RawRow = []
  const count = body.readInt16BE(0)
  for (let column = 0, at = 2; column < count; column++) {
    const length = body.readInt32BE(at)
    at += 4
    columns.push(length < 0 ? null : body.subarray(at, at + length))
    at += Math.max(length, 0)
  }
  return columns
}

export function rawPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...options, stream: () => new TappedSocket() })
  // A connection that breaks while idle is replaced at its next use.
  pool.on('error', () => undefined)
  return pool
}

/** All rows of a statement; the text format of each column. */
export async function rawRows(pool: pg.Pool, statement: Statement): Promise<RawRow[]> {
  const client = await pool.connect()
  let broken: Error | undefined
  const socket = socketOf(client)
  try {
    const rows: RawRow[] = []
    if (socket) socket.rows = (body) => rows.push(columnsOf(body))
    const result = await client.query<(string | null)[]>({
      ...statement,
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    })
    for (const row of result.rows)
      rows.push(row.map((each) => (each === null ? null : Buffer.from(each))))
    return rows
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    if (socket) socket.rows = undefined
    client.release(broken)
  }
}

// pg keeps the connection to itself; over TLS its stream is not the socket that it was given.
function socketOf(client: pg.PoolClient): TappedSocket | undefined {
  const { stream } = (client as unknown as { connection: { stream: unknown } }).connection
  return stream instanceof TappedSocket ? stream : undefined
}
