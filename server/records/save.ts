// Writing records in batches: what is the same as before keeps its number, what differs moves to the end of the line.
//
// The order of locks: first one per collection or source (so that two writers of one collection do not both think that
// a record is new), then the line, then the one statement that writes. Nothing slow happens behind the line lock.
import { createHash } from 'node:crypto'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import type {
  FileReference,
  JsonObject,
  Keeper,
  Links,
  Origin,
  Status,
  Visibility,
} from '../../schemas/record.ts'
import { isPublic } from '../access/access.ts'
import { datestampText, drawDatestamp, drawNumber, lockLine } from '../changes/changes.ts'
import type { Context } from '../context.ts'
import { textArray } from '../db/arrays.ts'
import type { Client } from '../db/db.ts'
import { finish, loadShelves, type Finished, type Shelf } from './finish.ts'
import { countLists, type Counted } from './sizes.ts'

export interface RecordInput {
  collectionId: number
  /** What the depositor calls it, unique in its collection; a harvested record's is its OAI identifier. */
  key: string
  profile: string
  status: Status
  visibility: Visibility
  source: JsonObject
  /** The source as the JSON text that it came in, where it did. */
  sourceText?: string
  metadata: JsonObject
  dc: DublinCore
  files: FileReference[]
  /** Only for a harvested record. */
  harvested?: Harvested
}

export interface Harvested {
  sourceId: number
  identifier: string
  links: Links
  keeper: Keeper
  origins: Origin[]
  /** The source that held it until now, where this one takes it over. */
  takesOver?: number
  /** When its files are open, where an embargo keeps them back. */
  openFrom?: Date
}

export type Outcome = 'added' | 'changed' | 'unchanged' | 'kept-elsewhere'

export interface Saved {
  id: string
  identifier: string
  outcome: Outcome
  /** The source that keeps what is kept elsewhere, and whether it has withdrawn it. */
  heldBy?: number
  withdrawn?: boolean
}

/** What a record was before. */
export interface Known extends Counted {
  id: number
  identifier: string
  key: string
  source_id: number | null
  hash: Buffer
  withdrawn: boolean
}

const batchLock = 7_261_004

/**
 * Adds or replaces records, all or none.
 * A batch must not name the same record twice. A harvested record that this brick already has from elsewhere is left
 * as it is (`kept-elsewhere`).
 * @param within called in the same transaction after the records are written, to store a token or a position with them
 */
export async function save(
  ctx: Context,
  inputs: RecordInput[],
  within?: (client: Client, saved: Saved[]) => Promise<void>,
): Promise<Saved[]> {
  const texts = inputs.map(textsOf)
  return ctx.db.transaction(async (client) => {
    await lockOwners(client, inputs)
    const known = await findKnown(client, inputs)
    const plan = inputs.map((input, index) => planFor(input, texts[index] as Texts, known))
    const fresh = plan.filter((each) => each.outcome === 'added')
    const ids = await drawIds(client, fresh.length)
    fresh.forEach((each, index) => {
      each.id = ids[index] as number
      each.identifier = each.input.harvested?.identifier ?? `oai:${ctx.config.domain}:${each.id}`
    })
    const writes = plan.filter((each) => each.outcome === 'added' || each.outcome === 'changed')
    if (writes.length) await write(ctx, client, writes)
    const saved = plan.map(({ id, identifier, outcome, before }): Saved => {
      const made = { id: String(id), identifier, outcome }
      if (outcome !== 'kept-elsewhere' || !before) return made
      const { withdrawn, source_id: heldBy } = before
      return { ...made, withdrawn, ...(heldBy !== null && { heldBy }) }
    })
    await within?.(client, saved)
    return saved
  })
}

/**
 * Writes records that are there already once more, with new numbers for those that are on the line: what they are made of
 * has changed. The owners of all of them must be locked, and `before` read behind that lock.
 */
export async function rewrite(
  ctx: Context,
  client: Client,
  records: { input: RecordInput; before: Known }[],
): Promise<void> {
  const planned = records.map(({ input, before }): Planned => {
    const { id, identifier } = before
    const numbered = before.numbered || isPublic(input)
    return { input, texts: textsOf(input), outcome: 'changed', id, identifier, numbered, before }
  })
  if (planned.length) await write(ctx, client, planned)
}

/** The JSON columns as text: hashed to see whether anything changed, and written as they are. */
interface Texts {
  source: string
  metadata: string
  dc: string
  files: string
  links: string | null
  keeper: string | null
  /** Base64. */
  hash: string
}

interface Planned {
  input: RecordInput
  texts: Texts
  outcome: Outcome
  id: number
  identifier: string
  numbered: boolean
  before?: Known
}

function planFor(input: RecordInput, texts: Texts, known: Map<string, Known>): Planned {
  const before = known.get(ownKey(input))
  if (!before) {
    return { input, texts, outcome: 'added', id: 0, identifier: '', numbered: isPublic(input) }
  }
  const foreign = input.harvested !== undefined && !mayReplace(input.harvested, before)
  const same =
    before.hash.toString('base64') === texts.hash && before.collection_id === input.collectionId
  return {
    input,
    texts,
    outcome: foreign ? 'kept-elsewhere' : same ? 'unchanged' : 'changed',
    id: before.id,
    identifier: before.identifier,
    numbered: before.numbered || isPublic(input),
    before,
  }
}

const mayReplace = ({ sourceId, takesOver }: Harvested, before: Known): boolean =>
  before.source_id === sourceId || (takesOver !== undefined && before.source_id === takesOver)

// The hash tells what makes a record another record to those who read it. Where it was harvested from and when is not
// part of it.
function textsOf(input: RecordInput): Texts {
  const { profile, status, visibility, harvested } = input
  const texts = {
    source: sourceOf(input),
    metadata: jsonText(input.metadata),
    dc: jsonText(input.dc),
    files: jsonText(input.files),
    links: harvested ? jsonText(harvested.links) : null,
    keeper: harvested ? jsonText(harvested.keeper) : null,
  }
  const hash = createHash('sha1').update(`${profile}\n${status}\n${visibility}\n`)
  for (const text of Object.values(texts)) hash.update(text ?? '').update('\n')
  const [{ rights } = {}] = harvested?.origins ?? []
  if (rights !== undefined) hash.update(rights)
  return { ...texts, hash: hash.digest('base64') }
}

const unstorable = /\\u0000|\\ud[89a-f]/i

// Escapes that may have to be repaired are told apart in what JSON.stringify writes, not in what people write.
function sourceOf({ source, sourceText }: RecordInput): string {
  return sourceText === undefined || unstorable.test(sourceText) ? jsonText(source) : sourceText
}

/** JSON that PostgreSQL can take apart: NUL and lone surrogates, which it refuses, become U+FFFD. */
function repaired(text: string): string {
  return unstorable.test(text)
    ? text.replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '$1\uFFFD')
    : text
}

const jsonText = (value: unknown): string => repaired(JSON.stringify(value))

const ownKey = (input: RecordInput): string =>
  input.harvested ? input.harvested.identifier : `${input.collectionId}\n${input.key}`

/** One writer at a time for a collection, or for a source. */
export async function lockOwners(
  client: Client,
  inputs: { collectionId: number; harvested?: Pick<Harvested, 'sourceId' | 'takesOver'> }[],
): Promise<void> {
  // Sources count down from -1 and collections up from 1, so they do not collide.
  const owners = new Set(
    inputs.flatMap(({ collectionId, harvested }) => {
      if (!harvested) return collectionId
      const { sourceId, takesOver } = harvested
      return takesOver === undefined ? -sourceId : [-sourceId, -takesOver]
    }),
  )
  for (const owner of [...owners].toSorted((a, b) => a - b)) {
    await client.query(`SELECT pg_advisory_xact_lock($1, hashtext(current_schema() || $2::text))`, [
      batchLock,
      owner,
    ])
  }
}

async function findKnown(client: Client, inputs: RecordInput[]): Promise<Map<string, Known>> {
  const columns = `id, identifier, key, collection_id, source_id, hash, sequence IS NOT NULL AS numbered, formats_once,
    status = 'withdrawn' AS withdrawn`
  const found = new Map<string, Known>()
  const own = inputs.filter((each) => !each.harvested)
  if (own.length) {
    const { rows } = await client.query<Known>(
      `SELECT ${columns} FROM records
       WHERE (collection_id, key) IN (SELECT * FROM unnest($1::int[], $2::text[]))`,
      [own.map((each) => each.collectionId), own.map((each) => each.key)],
    )
    for (const row of rows) found.set(`${row.collection_id}\n${row.key}`, row)
  }
  const harvested = inputs.flatMap((each) => each.harvested?.identifier ?? [])
  if (harvested.length) {
    const { rows } = await client.query<Known>(
      `SELECT ${columns} FROM records WHERE identifier = ANY($1::text[])`,
      [harvested],
    )
    for (const row of rows) found.set(row.identifier, row)
  }
  return found
}

async function drawIds(client: Client, count: number): Promise<number[]> {
  if (count === 0) return []
  const { rows } = await client.query<{ id: number }>(
    `SELECT nextval(pg_get_serial_sequence('records', 'id')) AS id FROM generate_series(1, $1)`,
    [count],
  )
  return rows.map((row) => row.id)
}

interface Write extends Planned {
  finished: Finished
}

interface Column {
  name: string
  /** How the column is made of the text that is sent for it. */
  cast: (text: string) => string
  of: (write: Write) => string | null
}

const as =
  (type: string) =>
  (text: string): string =>
    `${text}::${type}`
const text = (name: string): string => name
const orNull = (value: number | undefined): string | null =>
  value === undefined ? null : String(value)

const columns: Column[] = [
  { name: 'id', cast: as('bigint'), of: ({ id }) => String(id) },
  { name: 'identifier', cast: text, of: ({ identifier }) => identifier },
  { name: 'collection_id', cast: as('int'), of: ({ input }) => String(input.collectionId) },
  { name: 'source_id', cast: as('int'), of: ({ input }) => orNull(input.harvested?.sourceId) },
  { name: 'key', cast: text, of: ({ input }) => input.key },
  { name: 'profile', cast: text, of: ({ input }) => input.profile },
  { name: 'status', cast: text, of: ({ input }) => input.status },
  { name: 'visibility', cast: text, of: ({ input }) => input.visibility },
  { name: 'source', cast: as('json'), of: ({ texts }) => texts.source },
  { name: 'metadata', cast: as('json'), of: ({ texts }) => texts.metadata },
  { name: 'dc', cast: as('json'), of: ({ texts }) => texts.dc },
  { name: 'files', cast: as('json'), of: ({ texts }) => texts.files },
  { name: 'links', cast: as('json'), of: ({ texts }) => texts.links },
  { name: 'keeper', cast: as('json'), of: ({ texts }) => texts.keeper },
  {
    name: 'origins',
    cast: as('json'),
    of: ({ input }) => (input.harvested ? jsonText(input.harvested.origins) : null),
  },
  { name: 'hash', cast: (given) => `decode(${given}, 'base64')`, of: ({ texts }) => texts.hash },
  { name: 'formats', cast: as('int'), of: ({ finished }) => String(finished.formats) },
  { name: 'formats_once', cast: as('int'), of: ({ finished }) => String(finished.once) },
]
const halves: Column[] = [
  { name: 'opening', cast: text, of: ({ finished }) => finished.opening },
  { name: 'rest', cast: text, of: ({ finished }) => finished.rest },
]

const given = [...columns, ...halves]
const names = columns.map((each) => each.name).join(', ')
const replacements = [...columns, { name: 'oai_dc' }, { name: 'sequence' }, { name: 'datestamp' }]
  .filter((each) => each.name !== 'id' && each.name !== 'identifier')
  .map((each) => `${each.name} = excluded.${each.name}`)
  .join(', ')
const arrays = given.map((_, index) => `$${index + 1}::text[]`)
const selected = columns.map((each) => each.cast(`given.${each.name}`))

const upsert = `
  WITH stamp AS MATERIALIZED (SELECT at, ${datestampText('at')} AS text FROM (SELECT ${drawDatestamp} AS at) AS drawn)
  INSERT INTO records (${names}, oai_dc, sequence, datestamp)
  SELECT ${selected.join(', ')},
    CASE WHEN given.numbered THEN concat(given.opening, stamp.text, given.rest) ELSE '' END,
    CASE WHEN given.numbered THEN ${drawNumber} END, CASE WHEN given.numbered THEN stamp.at END
  FROM unnest(${arrays.join(', ')}, $${given.length + 1}::bool[])
    AS given(${given.map((each) => each.name).join(', ')}, numbered), stamp
  ON CONFLICT (id) DO UPDATE SET ${replacements}`

async function write(ctx: Context, client: Client, planned: Planned[]): Promise<void> {
  const shelves = await loadShelves(
    client,
    planned.map((each) => each.input.collectionId),
  )
  const writes = planned.map((each): Write => {
    const { input, id, identifier, numbered, before } = each
    const shelf = shelves.get(input.collectionId) as Shelf
    const once = before?.formats_once ?? 0
    const finished = finish(
      ctx,
      { ...input, ...input.harvested, id: String(id), identifier, numbered },
      shelf,
      once,
    )
    return { ...each, finished }
  })
  const values: unknown[] = given.map((column) => textArray(writes.map((each) => column.of(each))))
  values.push(writes.map((each) => each.numbered))
  await lockLine(client)
  await client.query(upsert, values)
  await writeFiles(client, writes)
  await countLists(
    client,
    writes.map(({ before, input, numbered, finished }) => ({
      before,
      after: { collection_id: input.collectionId, numbered, formats_once: finished.once },
    })),
  )
}

// Pictures and other files have a table each: what leads from a file back to its records, for the doors that serve it.
async function writeFiles(client: Client, writes: Planned[]): Promise<void> {
  const changed = writes.filter((each) => each.outcome === 'changed').map((each) => each.id)
  const all = writes.flatMap(({ id, input }) =>
    input.files.map((file, position) => ({ id, position, file })),
  )
  const tables = [
    {
      table: 'record_images',
      column: 'image_id',
      held: all.flatMap(({ file, ...place }) =>
        file.image ? [{ ...place, name: file.image }] : [],
      ),
    },
    {
      table: 'record_files',
      column: 'sha256',
      held: all.flatMap(({ file, ...place }) =>
        file.image ? [] : [{ ...place, name: file.sha256 }],
      ),
    },
  ]
  for (const { table, column, held } of tables) {
    if (changed.length)
      await client.query(`DELETE FROM ${table} WHERE record_id = ANY($1::bigint[])`, [changed])
    if (!held.length) continue
    await client.query(
      `INSERT INTO ${table} (record_id, position, ${column})
       SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[])`,
      [
        held.map((each) => each.id),
        held.map((each) => each.position),
        held.map((each) => each.name),
      ],
    )
  }
}
