// A file as it lies on the disk: plain or gzipped text, an archive of JSON files, a spreadsheet.
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { invalid } from '../http/errors.ts'

export type Shape = 'csv' | 'ndjson' | 'json' | 'xlsx' | 'tar'

export interface Opened {
  path: string
  /** Without the endings of compression: `tate.ndjson`. */
  name: string
  shape: Shape
  gzipped: boolean
  /** Bytes on the disk: what progress is measured against. */
  size: number
}

const gzipMagic = Buffer.from([0x1f, 0x8b])
const zipMagic = Buffer.from('PK\u0003\u0004', 'latin1')

/**
 * Finds out what a file is, from what is in it and then from its name.
 * @throws invalid when it is missing, empty, a folder, or none of the formats that can be imported
 */
export async function openFile(path: string): Promise<Opened> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw invalid(`There is no file ${path}.`)
  if (found.isDirectory()) throw invalid(`${path} is a folder: name one file of it.`)
  if (found.size === 0) throw invalid(`${path} is empty: there is nothing to import.`)
  const gzipped = (await firstBytes(path, 2)).equals(gzipMagic)
  const opened = {
    path,
    name: basename(path).replace(/\.gz$/i, ''),
    gzipped,
    size: found.size,
    shape: 'csv' as Shape,
  }
  const head = await headOf(opened)
  if (head.length === 0) throw invalid(`${path} is empty: there is nothing to import.`)
  return { ...opened, shape: shapeOf(head, opened.name, path) }
}

/** The bytes as they were before compression; `onBytes` hears how far reading on the disk has come. */
export function readBytes(
  file: Pick<Opened, 'path' | 'gzipped'>,
  onBytes?: (count: number) => void,
): Readable {
  const disk = createReadStream(file.path, { highWaterMark: 256 * 1024 })
  if (onBytes) disk.on('data', (chunk) => onBytes(chunk.length))
  if (!file.gzipped) return disk
  const unzip = createGunzip()
  pipeline(disk, unzip).catch((error: Error) => unzip.destroy(error))
  return unzip
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const headSize = 64 * 1024

/** The first 64 kB, decompressed. */
export async function headOf(file: Pick<Opened, 'path' | 'gzipped'>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const bytes = readBytes(file)
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= headSize) break
    }
  } catch (cause) {
    throw invalid(
      `${file.path} is damaged: it could not be decompressed (${(cause as Error).message}).`,
      { cause },
    )
  } finally {
    bytes.destroy()
  }
  return Buffer.concat(chunks).subarray(0, headSize)
}

function shapeOf(head: Buffer, name: string, path: string): Shape {
  if (head.subarray(257, 262).toString('latin1') === 'ustar') return 'tar'
  if (head.subarray(0, 4).equals(zipMagic)) {
    if (/\.(xlsx|xlsm)$/i.test(name)) return 'xlsx'
    throw invalid(`${path} is a ZIP archive: unpack it and import the files in it.`)
  }
  if (head.subarray(0, 4).toString('latin1') === '%PDF' || head.includes(0) !== isWide(head)) {
    throw invalid(`${path} is not a text file: CSV, NDJSON, JSON and XLSX can be imported.`)
  }
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson'
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (text.startsWith('[') && !/\.(csv|tsv|txt)$/i.test(name)) return 'json'
  if (text.startsWith('{')) return isJson(text.split(/\r?\n/, 1)[0] ?? '') ? 'ndjson' : 'json'
  return 'csv'
}

const isWide = (head: Buffer): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
