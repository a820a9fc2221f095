// One stream of rows, whatever the file is.
import type { Readable } from 'node:stream'
import { streamArray } from 'stream-json/streamers/stream-array.js'
import { extract } from 'tar-stream'
import type { Json, JsonObject } from '../../schemas/record.ts'
import { invalid, messageOf } from '../http/errors.ts'
import { csvRows, detectDialect, lineSplitter, type Dialect } from './csv.ts'
import { damage, decoder, detectEncoding, type Encoding } from './encoding.ts'
import { headOf, openFile, readBytes, type Opened, type Shape } from './open.ts'
import { xlsxRows } from './xlsx.ts'

export interface RowFault {
  column: string
  value: string
  reason: string
}

export interface Row {
  /** Line of a text file on which it begins, row of a spreadsheet, position in a JSON array or an archive. */
  line: number
  source: JsonObject
  /** The source as the text that it came in, where that is JSON. */
  json?: string
  fault?: RowFault
  /** The text of a row that could not be taken apart. */
  raw?: string
}

export interface Table {
  file: Opened
  shape: Shape
  encoding: Encoding | undefined
  dialect: Dialect | undefined
  /** Every row from the beginning, each time it is called. */
  rows(onBytes?: (count: number) => void): AsyncGenerator<Row>
}

const lineLimit = 64 * 1024 * 1024
const wholeLimit = 64 * 1024 * 1024

/** @throws invalid when the file cannot be imported at all */
export async function openTable(
  path: string,
  stated: { encoding?: string; delimiter?: string } = {},
): Promise<Table> {
  const file = await openFile(path)
  const { shape } = file
  if (shape === 'xlsx')
    return { file, shape, encoding: undefined, dialect: undefined, rows: () => xlsxRows(path) }
  if (shape === 'tar') {
    return {
      file,
      shape,
      encoding: undefined,
      dialect: undefined,
      rows: (onBytes) => tarRows(file, onBytes),
    }
  }
  const encoding = await encodingOf(file, stated.encoding)
  const text = (onBytes?: (count: number) => void): Readable => {
    const bytes = readBytes(file, onBytes)
    const decoded = decoder(encoding)
    bytes.on('error', (error) => decoded.destroy(error))
    return bytes.pipe(decoded)
  }
  if (shape === 'ndjson')
    return {
      file,
      shape,
      encoding,
      dialect: undefined,
      rows: (onBytes) => ndjsonRows(text(onBytes)),
    }
  if (shape === 'json') {
    return {
      file,
      shape,
      encoding,
      dialect: undefined,
      rows: (onBytes) => jsonRows(file, text(onBytes)),
    }
  }
  const head = await headOf(file)
  const decoded = (await collect(decoder(encoding), head)).replace(/^\uFEFF/, '')
  const dialect = detectDialect(decoded, head.length < 64 * 1024, stated.delimiter)
  return { file, shape, encoding, dialect, rows: (onBytes) => csvRows(text(onBytes), dialect) }
}

async function encodingOf(file: Opened, stated: string | undefined): Promise<Encoding> {
  if (stated === undefined) return detectEncoding(readBytes(file) as AsyncIterable<Buffer>)
  try {
    return { name: new TextDecoder(stated).encoding, how: 'stated', invalidLines: 0 }
  } catch {
    throw invalid(
      `"${stated}" is no encoding that is known here; try utf-8, windows-1252, macintosh or utf-16le.`,
    )
  }
}

async function collect(decode: ReturnType<typeof decoder>, bytes: Buffer): Promise<string> {
  decode.end(bytes)
  let text = ''
  for await (const part of decode as AsyncIterable<string>) text += part
  return text
}

function objectRow(value: Json | undefined, line: number, raw?: string): Row {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const reason = 'it is not a JSON object with names and values'
    return {
      line,
      source: {},
      raw: raw ?? JSON.stringify(value),
      fault: { column: '', value: (raw ?? '').slice(0, 80), reason },
    }
  }
  return { line, source: value }
}

async function* ndjsonRows(text: Readable): AsyncGenerator<Row> {
  const lines = lineSplitter(lineLimit)
  text.on('error', (error) => lines.destroy(error))
  for await (const { number, text: line } of text.pipe(lines) as AsyncIterable<{
    number: number
    text: string
  }>) {
    const content = number === 1 ? line.replace(/^\uFEFF/, '') : line
    if (content.trim() === '') continue
    yield ndjsonRow(content, number)
  }
}

function ndjsonRow(content: string, line: number): Row {
  const clean = content.replaceAll(damage, '')
  try {
    const row = objectRow(JSON.parse(clean) as Json, line, clean)
    if (row.fault) return row
    if (clean.length === content.length) return { ...row, json: clean }
    const reason =
      'it holds bytes that are not UTF-8 as the rest of the file is; check the letters, read here as windows-1252'
    return { ...row, fault: { column: '', value: '', reason } }
  } catch (error) {
    return {
      line,
      source: {},
      raw: clean,
      fault: {
        column: '',
        value: clean.slice(0, 80),
        reason: `it is not JSON: ${messageOf(error)}`,
      },
    }
  }
}

async function* jsonRows(file: Opened, text: Readable): AsyncGenerator<Row> {
  const head = (await headOf(file))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (!head.startsWith('[')) {
    yield* objectRows(file, text)
    return
  }
  const stream = streamArray.withParserAsStream()
  text.on('error', (error) => stream.destroy(error))
  let position = 0
  try {
    for await (const { value } of text.pipe(stream) as AsyncIterable<{ value: Json }>)
      yield objectRow(value, ++position)
  } catch (cause) {
    throw invalid(`${file.path} is not JSON after item ${position}: ${messageOf(cause)}`, { cause })
  }
}

// One object: a record by itself, or an envelope around one list of records.
async function* objectRows(file: Opened, text: Readable): AsyncGenerator<Row> {
  let whole = ''
  for await (const part of text as AsyncIterable<string>) {
    whole += part
    if (whole.length > wholeLimit) {
      throw invalid(
        `${file.path} is one JSON object of more than 64 MB: give a list ([…]) or one object a line.`,
      )
    }
  }
  let value: Json
  try {
    value = JSON.parse(whole.replace(/^\uFEFF/, '')) as Json
  } catch (cause) {
    throw invalid(`${file.path} is not JSON: ${messageOf(cause)}`, { cause })
  }
  const row = objectRow(value, 1)
  const lists = Object.values(row.source).filter(isListOfObjects)
  const [list] = lists
  if (lists.length !== 1 || !list || list.length < 2) yield row
  else for (const [index, each] of list.entries()) yield objectRow(each, index + 1)
}

const isListOfObjects = (value: Json): value is JsonObject[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((each) => each !== null && typeof each === 'object' && !Array.isArray(each))

/** An archive of JSON files, one object a file. */
async function* tarRows(file: Opened, onBytes?: (count: number) => void): AsyncGenerator<Row> {
  const archive = extract()
  const bytes = readBytes(file, onBytes)
  bytes.on('error', (error) => archive.destroy(error))
  bytes.pipe(archive)
  let position = 0
  for await (const entry of archive) {
    const { name, type, size } = entry.header
    if (type !== 'file' || !/\.json$/i.test(name) || /(^|\/)\._/.test(name)) {
      entry.resume()
      continue
    }
    position++
    if ((size ?? 0) > wholeLimit) throw invalid(`${name} in ${file.path} is larger than 64 MB.`)
    const chunks: Buffer[] = []
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk)
    const row = ndjsonRow(
      Buffer.concat(chunks)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
      position,
    )
    yield row.fault
      ? { ...row, fault: { ...row.fault, reason: `${name}: ${row.fault.reason}` } }
      : row
  }
}
