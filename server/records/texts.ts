// The JSON columns of a record as they are written; what they hash to tells whether anything changed.
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
}

export function textsOf(input: RecordInput): Texts {
  const { harvested } = input
  const source = sourceOf(input)
  const metadata = jsonText(input.metadata)
  const dc = jsonText(input.dc)
  const files = jsonText(input.files)
  const links = harvested ? jsonText(harvested.links) : null
  const keeper = harvested ? jsonText(harvested.keeper) : null
  const origins = harvested ? jsonText(harvested.origins) : null
  return { source, metadata, dc, files, links, keeper, origins }
}

/**
 * Tells what makes a record another record to those who read it. Where it was harvested from and when is not part of it.
 * That of a harvested record is not stored: as long as it comes as it came nobody asks for it, and `keptHash` makes it anew.
 */
export function hashOf(
  { profile, status, visibility, harvested }: RecordInput,
  texts: Texts,
): Buffer {
  const { source, metadata, dc, files, links, keeper } = texts
  const rights = harvested?.origins[0]?.rights ?? ''
  const parts = [profile, status, visibility, source, metadata, dc, files, links, keeper, rights]
  const text = parts.join('\n')
  return harvested
    ? createHash('sha256').update(text).update(harvested.xml).digest()
    : createHash('sha1').update(text).digest()
}

const nothing = Buffer.alloc(0)

/** What is stored of it. */
export const storedHash = (input: RecordInput, texts: Texts): Buffer =>
  input.harvested ? nothing : hashOf(input, texts)

/** SQL: the hash of a record that is not withdrawn. */
export const keptHash = `CASE WHEN source_id IS NULL OR status = 'withdrawn' THEN hash ELSE sha256(
  convert_to(concat_ws(E'\\n', profile, status, visibility, source, metadata, dc, files, links::text, keeper::text,
    coalesce(origins->0->>'rights', '')), 'UTF8') || convert_to(xml, 'UTF8')) END`

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

// What is the same for all records of a source is frozen, and written once.
const frozen = new WeakMap<object, string>()

function jsonText(value: object): string {
  const known = frozen.get(value)
  if (known !== undefined) return known
  const text = repaired(JSON.stringify(value))
  if (Object.isFrozen(value)) frozen.set(value, text)
  return text
}
