// The JSON columns of a record as the bytes that are written: what they hash to tells whether anything changed.
import { createHash } from 'node:crypto'
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

// Encoded here first, for how long it will be is known only then.
let scratch = Buffer.allocUnsafe(64 * 1024)

function append(text: string, at: number): number {
  // A character of UTF-16 has three bytes at most.
  const most = at + text.length * 3
  if (most > scratch.length) scratch = Buffer.concat([scratch], most * 2)
  return at + scratch.write(text, at)
}

// The hash tells what makes a record another record to those who read it. Where it was harvested from and when is not
// part of it.
export function textsOf(input: RecordInput): Texts {
  const { profile, status, visibility, harvested } = input
  const parts = [
    sourceOf(input),
    jsonText(input.metadata),
    jsonText(input.dc),
    jsonText(input.files),
    harvested ? jsonText(harvested.links) : '',
    harvested ? jsonText(harvested.keeper) : '',
  ]
  let end = append(`${profile}\n${status}\n${visibility}\n`, 0)
  const places = parts.map((part) => {
    const start = end
    end = append('\n', append(part, start))
    return [start, end - 1] as const
  })
  const hashed = append(harvested?.origins[0]?.rights ?? '', end)
  const hash = createHash('sha1').update(scratch.subarray(0, hashed)).digest()
  end = append(harvested ? jsonText(harvested.origins) : '', hashed)
  const bytes = Buffer.from(scratch.subarray(0, end))
  const [source, metadata, dc, files, links, keeper] = places.map((place) =>
    bytes.subarray(...place),
  ) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer]
  return {
    source,
    metadata,
    dc,
    files,
    links: harvested ? links : null,
    keeper: harvested ? keeper : null,
    origins: harvested ? bytes.subarray(hashed, end) : null,
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
