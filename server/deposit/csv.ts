// CSV as people export it: any common delimiter, quoted or not, row by row with the line that each began on.
import { Transform, type Readable } from 'node:stream'
import { parse, type CsvError, type Options } from 'csv-parse'
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
const cellLimit = 4 * 1024 * 1024

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
  const quoted = delimiter !== '\t' || new RegExp(`(^|\t)"[^"\n]*"(\t|\r?\n)`, 'm').test(head)
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

interface Parsed {
  record: string[]
  info: { lines: number }
}

/** Rows of decoded text; a row that is not right carries its fault and goes on. */
export async function* csvRows(text: Readable, dialect: Dialect): AsyncGenerator<Row> {
  const { columns } = dialect
  const broken: Row[] = []
  const options: Options = {
    delimiter: dialect.delimiter,
    ...(dialect.quoted ? {} : { quote: false }),
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    info: true,
    raw: true,
    max_record_size: cellLimit,
    on_skip: (error: CsvError | undefined, raw: string | undefined) => {
      broken.push(brokenRow(error, raw ?? ''))
    },
  }
  const parser = parse(options)
  text.on('error', (error: Error) => parser.destroy(error))
  text.pipe(parser)
  let header = true
  let line = 1
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    yield* broken.splice(0)
    const began = line
    line = info.lines + 1
    if (header) header = false
    else yield rowOf(record, columns, began)
  }
  yield* broken.splice(0)
}

function brokenRow(error: CsvError | undefined, raw: string): Row {
  const line = Number((error as { lines?: number } | undefined)?.lines ?? 0)
  const unclosed = error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE'
  const reason = unclosed
    ? 'a quotation mark opens a cell here and none closes it: all that follows was read as one cell'
    : error?.code === 'CSV_INVALID_CLOSING_QUOTE'
      ? 'a quotation mark stands inside a quoted cell: double it ("")'
      : `the line cannot be read as CSV (${error?.message ?? 'unknown reason'})`
  const first = unclosed ? line - (raw.match(/\n/g)?.length ?? 0) : line
  return {
    line: Math.max(first, 2),
    source: {},
    raw: raw.slice(0, 10_000),
    fault: { column: '', value: raw.slice(0, 80), reason },
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
      fault: { column: damaged, value: record[columns.indexOf(damaged)] ?? '', reason },
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
