// Rows of the first sheet of a workbook (ECMA-376, SpreadsheetML), streamed; only the table of shared texts is held.
import type { Readable } from 'node:stream'
import { SaxesParser } from 'saxes'
import { open as openZip, type Entry, type ZipFile } from 'yauzl'
import type { JsonObject } from '../../schemas/record.ts'
import { invalid, messageOf } from '../http/errors.ts'
import type { Row } from './rows.ts'

const sheetLimit = 4 * 1024 * 1024 * 1024

interface Workbook {
  zip: ZipFile
  entries: Map<string, Entry>
}

/** @throws invalid when the file is no workbook */
export async function* xlsxRows(path: string): AsyncGenerator<Row> {
  const workbook = await openWorkbook(path)
  try {
    const sheet = [...workbook.entries.keys()].filter((name) =>
      /^xl\/worksheets\/sheet\d+\.xml$/.test(name),
    )
    const first = sheet.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))[0]
    if (first === undefined) throw invalid(`${path} holds no sheet: is it a workbook?`)
    const texts = await sharedTexts(workbook)
    const dates = await dateStyles(workbook)
    let columns: Map<number, string> | undefined
    for await (const { number, cells } of sheetRows(workbook, first, texts, dates)) {
      if (!columns) {
        columns = new Map(
          [...cells].map(([index, text]) => [index, text.trim() || `column ${index + 1}`]),
        )
        continue
      }
      const source: JsonObject = {}
      for (const [index, text] of cells) {
        if (text !== '') source[columns.get(index) ?? `column ${index + 1}`] = text
      }
      if (Object.keys(source).length) yield { line: number, source }
    }
  } finally {
    workbook.zip.close()
  }
}

async function openWorkbook(path: string): Promise<Workbook> {
  try {
    const zip = await new Promise<ZipFile>((done, failed) => {
      openZip(path, { lazyEntries: true, autoClose: false }, (error, file) =>
        error ? failed(error) : done(file),
      )
    })
    const entries = new Map<string, Entry>()
    await new Promise<void>((done, failed) => {
      zip.on('entry', (entry: Entry) => {
        entries.set(entry.fileName, entry)
        zip.readEntry()
      })
      zip.on('end', done)
      zip.on('error', failed)
      zip.readEntry()
    })
    return { zip, entries }
  } catch (cause) {
    throw invalid(`${path} is not a workbook that can be read: ${messageOf(cause)}`, { cause })
  }
}

async function stream({ zip, entries }: Workbook, name: string): Promise<Readable | undefined> {
  const entry = entries.get(name)
  if (!entry) return undefined
  if (entry.uncompressedSize > sheetLimit)
    throw invalid(`${name} is larger than 4 GB when unpacked.`)
  return new Promise((done, failed) => {
    zip.openReadStream(entry, (error, opened) => (error ? failed(error) : done(opened)))
  })
}

type Event =
  | { kind: 'open'; name: string; attributes: Record<string, string> }
  | { kind: 'text'; text: string }
  | { kind: 'close'; name: string }

async function* events(bytes: Readable): AsyncGenerator<Event> {
  const parser = new SaxesParser()
  const queue: Event[] = []
  parser.on('opentag', ({ name, attributes }) =>
    queue.push({ kind: 'open', name: local(name), attributes }),
  )
  parser.on('text', (text) => queue.push({ kind: 'text', text }))
  parser.on('closetag', ({ name }) => queue.push({ kind: 'close', name: local(name) }))
  parser.on('doctype', () => {
    throw invalid('The workbook declares a document type, which no spreadsheet program writes.')
  })
  const decode = new TextDecoder('utf-8')
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    parser.write(decode.decode(chunk, { stream: true }))
    yield* queue.splice(0)
  }
  parser.close()
  yield* queue.splice(0)
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

async function sharedTexts(workbook: Workbook): Promise<string[]> {
  const bytes = await stream(workbook, 'xl/sharedStrings.xml')
  const texts: string[] = []
  if (!bytes) return texts
  let current = ''
  let inText = false
  let phonetic = false
  for await (const event of events(bytes)) {
    if (event.kind === 'open') {
      if (event.name === 'si') current = ''
      if (event.name === 'rPh') phonetic = true
      inText = event.name === 't' && !phonetic
    } else if (event.kind === 'text') {
      if (inText) current += event.text
    } else {
      inText = false
      if (event.name === 'rPh') phonetic = false
      if (event.name === 'si') texts.push(current)
    }
  }
  return texts
}

// Built-in number formats 14–22 and 45–47 are dates (ECMA-376 18.8.30); others by the letters of their pattern.
async function dateStyles(workbook: Workbook): Promise<Set<number>> {
  const bytes = await stream(workbook, 'xl/styles.xml')
  const styles = new Set<number>()
  if (!bytes) return styles
  const dateFormats = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47])
  let inCells = false
  let index = 0
  for await (const event of events(bytes)) {
    if (event.kind === 'text') continue
    if (event.kind === 'close') {
      if (event.name === 'cellXfs') inCells = false
      continue
    }
    const { attributes } = event
    if (
      event.name === 'numFmt' &&
      /[dmy]/i.test((attributes['formatCode'] ?? '').replace(/"[^"]*"|\[[^\]]*\]/g, ''))
    ) {
      dateFormats.add(Number(attributes['numFmtId']))
    }
    if (event.name === 'cellXfs') inCells = true
    else if (inCells && event.name === 'xf') {
      if (dateFormats.has(Number(attributes['numFmtId']))) styles.add(index)
      index++
    }
  }
  return styles
}

interface SheetRow {
  number: number
  cells: Map<number, string>
}

async function* sheetRows(
  workbook: Workbook,
  name: string,
  texts: string[],
  dates: Set<number>,
): AsyncGenerator<SheetRow> {
  const bytes = await stream(workbook, name)
  if (!bytes) return
  let row: SheetRow = { number: 0, cells: new Map() }
  let cell = { index: 0, type: '', style: 0, text: '' }
  let inValue = false
  for await (const event of events(bytes)) {
    if (event.kind === 'text') {
      if (inValue) cell.text += event.text
    } else if (event.kind === 'open') {
      const { attributes } = event
      if (event.name === 'row')
        row = { number: Number(attributes['r'] ?? row.number + 1), cells: new Map() }
      else if (event.name === 'c') {
        cell = {
          index: attributes['r'] ? columnIndex(attributes['r']) : row.cells.size,
          type: attributes['t'] ?? 'n',
          style: Number(attributes['s'] ?? 0),
          text: '',
        }
      } else inValue = event.name === 'v' || event.name === 't'
    } else {
      inValue = false
      if (event.name === 'c') row.cells.set(cell.index, cellText(cell, texts, dates))
      else if (event.name === 'row') yield row
    }
  }
}

/** `BC12` → 54 */
function columnIndex(reference: string): number {
  let index = 0
  for (const letter of reference.replace(/\d+$/, ''))
    index = index * 26 + (letter.charCodeAt(0) - 64)
  return index - 1
}

function cellText(
  cell: { type: string; style: number; text: string },
  texts: string[],
  dates: Set<number>,
): string {
  if (cell.type === 's') return texts[Number(cell.text)] ?? ''
  if (cell.type === 'b') return cell.text === '1' ? 'true' : 'false'
  if (cell.type === 'e') return ''
  if (cell.type === 'n' && cell.text !== '' && dates.has(cell.style))
    return dateText(Number(cell.text))
  return cell.text
}

/** Days since 1899-12-30 (the calendar of 1900 with its leap year that never was) to W3CDTF. */
function dateText(serial: number): string {
  const date = new Date(Math.round((serial - 25_569) * 86_400_000))
  if (Number.isNaN(date.getTime())) return String(serial)
  const iso = date.toISOString()
  return Number.isInteger(serial) ? iso.slice(0, 10) : `${iso.slice(0, 19)}`
}
