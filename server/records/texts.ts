// The JSON columns of a record as they are written: what they hash to tells whether anything changed.
import { hash as digest } from 'node:crypto'
import type { RecordInput } from './save.ts'

export interface Texts {
  source: string
  metadata: string
  dc: string
  files: string
  links: string | null
  keeper: string | null
  origins: string | null
  hash: Buffer
}

let scratch = Buffer.allocUnsafe(64 * 1024)

// The hash tells what makes a record another record to those who read it. Where it was harvested from and when is not
// part of it.
export function textsOf(input: RecordInput): Texts {
  const { profile, status, visibility, harvested } = input
  const source = sourceOf(input)
  const metadata = jsonText(input.metadata)
  const dc = jsonText(input.dc)
  const files = jsonText(input.files)
  const links = harvested ? jsonText(harvested.links) : null
  const keeper = harvested ? jsonText(harvested.keeper) : null
  const origins = harvested ? jsonText(harvested.origins) : null
  const rights = harvested?.origins[0]?.rights ?? ''
  const hash = hashOf(
    `${profile}\n${status}\n${visibility}\n${source}\n${metadata}\n${dc}\n${files}\n${links ?? ''}\n${keeper ?? ''}\n${rights}`,
    harvested?.xml,
  )
  return { source, metadata, dc, files, links, keeper, origins, hash }
}

function hashOf(text: string, bytes: Buffer | undefined): Buffer {
  // A character of UTF-16 has three bytes at most.
  const most = text.length * 3 + (bytes?.length ?? 0)
  if (most > scratch.length) scratch = Buffer.allocUnsafe(most * 2)
  let end = scratch.write(text)
  if (bytes) {
    scratch.set(bytes, end)
    end += bytes.length
  }
  return digest('sha1', scratch.subarray(0, end), 'buffer')
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
