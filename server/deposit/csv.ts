// CSV as people export it: any common delimiter, quoted or not, row by row with the line that each began on.
import { Readable, Transform } from 'node:stream'
import { parse } from 'csv-parse'
import { parse as parseNow } from 'csv-parse/sync'
import type { JsonObject } from '../../schemas/record.ts'
import { invalid } from '../http/errors.ts'
import { damage } from './encoding.ts'
import type { Row } from './rows.ts'

export interface Dialect {
  delimiter: string
  /** False: quotes are letters like others. */
  quoted: boolean
  columns: string[]
}

const candidates = [',', ';', '\t', '|']
const lineLimit = 64 * 1024 * 1024

/**
 * Finds the delimiter of a table from its beginning: the one that cuts most lines into the same number of cells.
 * @param whole whether `text` is the whole file, not its beginning
 * @throws invalid when there is no header
 */
export function detectDialect(text: string, whole: boolean, stated?: string): Dialect {
  const head = whole ? text : text.slice(0, text.lastIndexOf('\n') + 1 || text.length)
  const dialects = (stated ? [stated] : candidates).map((delimiter) =>
    tryDelimiter(head, delimiter),
  )
  const [best] = dialects.toSorted((a, b) => b.score - a.score)
  if (!best?.columns.some((name) => name.trim() !== ''))
    throw invalid('The first line names no columns.')
  return { delimiter: best.delimiter, quoted: best.quoted, columns: unique(best.columns) }
}

function tryDelimiter(head: string, delimiter: string): Dialect & { score: number } {
  const quoted = delimiter !== '\t' || quotesCells(head)
  const rows: string[][] = parseNow(head, {
    delimiter,
    ...(quoted ? {} : { quote: false }),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    to: 200,
  })
  const columns = rows[0] ?? []
  const even = rows.filter((row) => row.length === columns.length).length / Math.max(rows.length, 1)
  return {
    delimiter,
    quoted,
    columns,
    score: columns.length === 1 ? 0.1 : even + Math.min(columns.length, 50) / 100,
  }
}

// Tables with tabs mostly need no quoting, and then a mark is a letter: only where every cell that begins with one also
// ends with one is it taken for quoting.
function quotesCells(head: string): boolean {
  const begins = [...head.matchAll(/(?:^|\t)"/gm)].length
  const whole = [...head.matchAll(/(?:^|\t)"(?:[^"]|"")*"(?=\t|\r?$)/gm)].length
  return begins > 0 && whole === begins
}

/** Column names as they stand, made different where two are the same or one is missing. */
function unique(columns: string[]): string[] {
  const seen = new Map<string, number>()
  return columns.map((given, index) => {
    const name = given.replaceAll(damage, '').trim() || `column ${index + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

/** Rows of decoded text; a row that is not right carries its fault and the next one goes on. */
export async function* csvRows(text: Readable, dialect: Dialect): AsyncGenerator<Row> {
  const broken: Row[] = []
  const lines: number[] = []
  const parser = parse({
    delimiter: dialect.delimiter,
    ...(dialect.quoted ? {} : { quote: false }),
    relax_column_count: true,
    relax_quotes: true,
  })
  const sound = Readable.from(soundRecords(text, dialect, lines, broken))
  sound.on('error', (error: Error) => parser.destroy(error))
  sound.pipe(parser)
  let header = true
  for await (const record of parser as AsyncIterable<string[]>) {
    const line = lines.shift() ?? 0
    while (broken[0] && broken[0].line < line) yield broken.shift() as Row
    if (header) header = false
    else if (record.some((cell) => cell !== '')) yield rowOf(record, dialect.columns, line)
  }
  yield* broken.splice(0)
}

/** The text without the records that cannot be taken apart, which go to `broken`; `lines` tells where each began. */
async function* soundRecords(
  text: Readable,
  dialect: Dialect,
  lines: number[],
  broken: Row[],
): AsyncGenerator<string> {
  let block = ''
  for await (const { line, text: record, fault } of logicalRecords(text, dialect)) {
    if (fault !== undefined) {
      broken.push({
        line,
        source: {},
        raw: record,
        fault: { column: '', value: record, reason: fault },
      })
      continue
    }
    lines.push(line)
    block += `${record}\n`
    if (block.length < 64 * 1024) continue
    yield block
    block = ''
  }
  yield block
}

interface LogicalRecord {
  line: number
  text: string
  fault?: string
}

interface Line {
  number: number
  text: string
}

const unclosed = 'a quotation mark opens a cell on this line and none closes it'
const misplaced = 'a quotation mark stands inside a quoted cell: double it ("")'

// A cell may hold line breaks; one that goes on beyond these bounds was never closed.
const openLines = 2000
const openCharacters = 1024 * 1024

/**
 * Physical lines put together to records. A mark that is not closed costs its own line only: the search begins anew
 * on the line after it.
 */
async function* logicalRecords(text: Readable, dialect: Dialect): AsyncGenerator<LogicalRecord> {
  const splitter = lineSplitter(lineLimit)
  text.on('error', (error: Error) => splitter.destroy(error))
  let open: Line[] = []
  let length = 0
  const take = function* (first: Line): Generator<LogicalRecord> {
    const waiting = [first]
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (!open.length && (!dialect.quoted || !next.text.includes('"'))) {
        if (next.text !== '') yield { line: next.number, text: next.text }
        continue
      }
      const end = scan(next.text, dialect.delimiter, open.length > 0)
      open.push(next)
      length += next.text.length
      if (end === 'closed') {
        yield { line: open[0]?.number ?? 0, text: open.map((each) => each.text).join('\n') }
      } else if (end === 'open' && open.length < openLines && length < openCharacters) continue
      else {
        const [refused, ...rest] = open
        if (refused)
          yield {
            line: refused.number,
            text: refused.text,
            fault: rest.length || end === 'open' ? unclosed : misplaced,
          }
        waiting.unshift(...rest)
      }
      open = []
      length = 0
    }
  }
  for await (const { number, text: raw } of text.pipe(splitter) as AsyncIterable<Line>) {
    yield* take({ number, text: raw.endsWith('\r') ? raw.slice(0, -1) : raw })
  }
  while (open.length) {
    const [refused, ...rest] = open
    open = []
    length = 0
    if (refused) yield { line: refused.number, text: refused.text, fault: unclosed }
    for (const line of rest) yield* take(line)
  }
}

/** Where a line leaves us: at the end of a record, inside a quoted cell, or at a mark that fits nowhere. */
function scan(text: string, delimiter: string, inside: boolean): 'closed' | 'open' | 'bad' {
  let at = 0
  let quoted = inside || text.startsWith('"')
  if (quoted && !inside) at = 1
  for (;;) {
    if (quoted) {
      at = text.indexOf('"', at)
      if (at === -1) return 'open'
      if (text[at + 1] === '"') {
        at += 2
        continue
      }
      at++
      if (at >= text.length) return 'closed'
      if (!text.startsWith(delimiter, at)) return 'bad'
    } else {
      at = text.indexOf(delimiter, at)
      if (at === -1) return 'closed'
    }
    at += delimiter.length
    quoted = text[at] === '"'
    if (quoted) at++
  }
}

function rowOf(record: string[], columns: string[], line: number): Row {
  const source: JsonObject = {}
  let damaged: string | undefined
  record.forEach((cell, index) => {
    const name = columns[index] ?? `column ${index + 1}`
    if (cell.includes(damage)) damaged ??= name
    if (cell !== '') source[name] = cell.replaceAll(damage, '')
  })
  if (record.length !== columns.length) {
    const reason = `it has ${record.length} cells where the first line names ${columns.length} columns`
    return {
      line,
      source,
      fault: {
        column: columns[Math.min(record.length, columns.length) - 1] ?? '',
        value: record.at(-1) ?? '',
        reason,
      },
    }
  }
  if (damaged !== undefined) {
    const reason =
      'it holds bytes that are not UTF-8 as the rest of the file is; check the letters, read here as windows-1252'
    return {
      line,
      source,
      fault: {
        column: damaged,
        value: (record[columns.indexOf(damaged)] ?? '').replaceAll(damage, ''),
        reason,
      },
    }
  }
  return { line, source }
}

/** Text written as one CSV line, quoted where it must be. */
export function csvLine(cells: string[], delimiter: string): string {
  return `${cells
    .map((cell) =>
      /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell,
    )
    .join(delimiter)}\n`
}

/** Splits a stream of text into lines with their numbers; memory is bounded by the longest line. */
export function lineSplitter(limit: number): Transform {
  let rest = ''
  let number = 0
  return new Transform({
    readableObjectMode: true,
    decodeStrings: false,
    transform(chunk: string | Buffer, _, done) {
      const parts = (rest + chunk.toString()).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) this.push({ number: ++number, text: part })
      done(
        rest.length > limit
          ? invalid(`Line ${number + 1} is longer than ${limit} characters.`)
          : null,
      )
    },
    flush(done) {
      if (rest !== '') this.push({ number: ++number, text: rest })
      done()
    },
  })
}
