// The JSON columns of a record as text: hashed to see whether anything changed, and written as they are.
import { createHash } from 'node:crypto'
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
  const parts = [
    profile,
    status,
    visibility,
    source,
    metadata,
    dc,
    files,
    links ?? '',
    keeper ?? '',
  ]
  const rights = harvested?.origins[0]?.rights ?? ''
  const hash = createHash('sha1')
    .update(`${parts.join('\n')}\n${rights}`)
    .digest()
  return { source, metadata, dc, files, links, keeper, origins, hash }
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
