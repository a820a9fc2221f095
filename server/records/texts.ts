// The JSON columns of a record as the bytes that are written: what they hash to tells whether anything changed.
import { hash as digest } from 'node:crypto'
import type { RecordInput } from './save.ts'

export interface Texts {
  source: Buffer
  metadata: Buffer
  dc: Buffer
  files: Buffer
  links: Buffer | null
  keeper: Buffer | null
  origins: Buffer | null
  hash: Buffer
}

// Texts of many records share their memory, for each alone would be as many small pieces to collect.
const chunkLength = 2 ** 20
let chunk = Buffer.allocUnsafeSlow(chunkLength)
let end = 0

function room(most: number): void {
  if (end + most <= chunk.length) return
  chunk = Buffer.allocUnsafeSlow(Math.max(chunkLength, most))
  end = 0
}

/** @returns where it begins */
function append(text: string): number {
  const start = end
  end += chunk.write(text, end)
  return start
}

// The hash tells what makes a record another record to those who read it. Where it was harvested from and when is not
// part of it.
export function textsOf(input: RecordInput): Texts {
  const { profile, status, visibility, harvested } = input
  const head = `${profile}\n${status}\n${visibility}\n`
  const parts = [
    sourceOf(input),
    jsonText(input.metadata),
    jsonText(input.dc),
    jsonText(input.files),
    harvested ? jsonText(harvested.links) : '',
    harvested ? jsonText(harvested.keeper) : '',
  ] as const
  const rights = harvested?.origins[0]?.rights ?? ''
  const origins = harvested ? jsonText(harvested.origins) : ''
  const xml = harvested?.xml.length ?? 0
  // A character of UTF-16 has three bytes at most.
  const characters = parts.reduce((sum, part) => sum + part.length + 1, head.length)
  room((characters + rights.length + origins.length) * 3 + xml)
  const start = append(head)
  const [source, metadata, dc, files, links, keeper] = parts.map((part) => {
    const begin = append(part)
    append('\n')
    return chunk.subarray(begin, end - 1)
  }) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer]
  append(rights)
  if (harvested) chunk.set(harvested.xml, end)
  const hash = digest('sha1', chunk.subarray(start, end + xml), 'buffer')
  const last = append(origins)
  return {
    source,
    metadata,
    dc,
    files,
    links: harvested ? links : null,
    keeper: harvested ? keeper : null,
    origins: harvested ? chunk.subarray(last, end) : null,
    hash,
  }
}

const unstorable = /\\u0000|\\ud[89a-f]/i

// Escapes that may have to be repaired are told apart in what JSON.stringify writes, not in what people write.
function sourceOf({ source, sourceText }: RecordInput): string {
  return sourceText === undefined || unstorable.test(sourceText) ? jsonText(source) : sourceText
}

/** JSON that PostgreSQL can take apart: NUL and lone surrogates, which it refuses, become U+FFFD. */
function repaired(text: string): string {
  return text.includes('\\u') && unstorable.test(text)
    ? text.replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '$1\uFFFD')
    : text
}

const jsonText = (value: unknown): string => repaired(JSON.stringify(value))
