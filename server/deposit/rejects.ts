// Refused rows in a file of their own, in the form of the file they came from, so that they can be corrected and
// imported again: the columns that begin with "campa:" say what is wrong and are passed over by the next import.
import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import type { Json } from '../../schemas/record.ts'
import { csvLine } from './csv.ts'
import { reportPrefix } from './mapping.ts'
import type { Row, RowFault, Table } from './rows.ts'

export interface Rejects {
  path: string
  add(row: Row, fault: RowFault): Promise<void>
  close(): Promise<void>
}

const remarks = ['line', 'column', 'value', 'reason'].map((each) => reportPrefix + each)

/** Made when the first row is refused; nothing refused, no file. */
export function openRejects(path: string, table: Table, columns: string[]): Rejects {
  let file: WriteStream | undefined
  const write = async (text: string): Promise<void> => {
    if (file && !file.write(text)) await once(file, 'drain')
  }
  const tabular = table.shape === 'csv' || table.shape === 'xlsx'
  const delimiter = table.dialect?.delimiter ?? ','
  const own = columns.filter((each) => !each.startsWith(reportPrefix))
  return {
    path,
    async add(row, fault) {
      if (!file) {
        file = createWriteStream(path)
        if (tabular) await write(csvLine([...own, ...remarks], delimiter))
      }
      const said = [String(row.line), fault.column, fault.value, fault.reason]
      if (tabular) {
        const cells = own.map((name) => text(row.source[name]))
        if (row.raw !== undefined) said[2] = row.raw
        await write(csvLine([...cells, ...said], delimiter))
        return
      }
      const remark = Object.fromEntries(remarks.map((name, index) => [name, said[index] ?? '']))
      const raw = row.raw === undefined ? {} : { [`${reportPrefix}raw`]: row.raw }
      await write(`${JSON.stringify({ ...row.source, ...remark, ...raw })}\n`)
    },
    async close() {
      if (!file) return
      file.end()
      await once(file, 'close')
    },
  }
}

const text = (value: Json | undefined): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
