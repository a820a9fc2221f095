// The statements that write records: new ones by COPY, known ones by one UPDATE, behind the lock of the line.
//
// A record that is given out is written around its datestamp, which is drawn with its number when nobody else can write
// any more; so it may be made ready long before.
import { isGiven, pagesOf } from '../../schemas/record.ts'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { drawDatestamp, lockLine } from '../changes/changes.ts'
import type { Context } from '../context.ts'
import { textArray } from '../db/arrays.ts'
import { CopyRows, copyInto, type Place } from '../db/copy.ts'
import type { Client } from '../db/db.ts'
import { finish, type Finished, type Shelf, type Unfinished } from './finish.ts'
import type { Known, RecordInput } from './save.ts'
import { countLists, type Counted, type Move } from './sizes.ts'
import { storedHash, type Texts } from './texts.ts'

/** A record that is to be written, under its number in the table. */
export interface Write {
  input: RecordInput
  texts: Texts
  id: number
  identifier: string
  /** Whether it is to have a number on the line. */
  numbered: boolean
}

type Type = 'bigint' | 'int' | 'text' | 'json' | 'bytea'

interface Column {
  name: string
  type: Type
  of: (write: Write, finished: Finished) => string | number | Buffer | null
}

const columns: Column[] = [
  { name: 'id', type: 'bigint', of: ({ id }) => id },
  { name: 'identifier', type: 'text', of: ({ identifier }) => identifier },
  { name: 'collection_id', type: 'int', of: ({ input }) => input.collectionId },
  { name: 'source_id', type: 'int', of: ({ input }) => input.harvested?.sourceId ?? null },
  { name: 'fingerprint', type: 'bigint', of: ({ input }) => input.harvested?.fingerprint ?? null },
  { name: 'key', type: 'text', of: ({ input }) => input.key },
  { name: 'profile', type: 'text', of: ({ input }) => input.profile },
  { name: 'status', type: 'text', of: ({ input }) => input.status },
  { name: 'visibility', type: 'text', of: ({ input }) => input.visibility },
  { name: 'source', type: 'json', of: ({ texts }) => texts.source },
  { name: 'xml', type: 'text', of: ({ input }) => input.harvested?.xml ?? null },
  { name: 'metadata', type: 'json', of: ({ texts }) => texts.metadata },
  { name: 'dc', type: 'json', of: ({ texts }) => texts.dc },
  { name: 'files', type: 'json', of: ({ texts }) => texts.files },
  { name: 'links', type: 'json', of: ({ texts }) => texts.links },
  { name: 'keeper', type: 'json', of: ({ texts }) => texts.keeper },
  { name: 'origins', type: 'json', of: ({ texts }) => texts.origins },
  { name: 'hash', type: 'bytea', of: ({ input, texts }) => storedHash(input, texts) },
  { name: 'formats', type: 'int', of: (_, { formats }) => formats },
  { name: 'formats_once', type: 'int', of: (_, { once }) => once },
]
const drawn = ['oai_dc', 'sequence', 'datestamp']
const target = `records (${[...columns.map((each) => each.name), ...drawn].join(', ')})`

interface Mark {
  text: Place | undefined
  sequence: Place
  datestamp: Place
}

interface Held {
  id: number
  files: RecordInput['files']
}

const blankStamp = '0000-00-00T00:00:00Z'

/** New records, ready but for their numbers and datestamps: bytes, so that nothing else of them need be kept. */
export class NewRows {
  readonly written: { id: number; identifier: string }[] = []
  readonly held: Held[] = []
  readonly moves: Move[] = []
  private readonly rows = new CopyRows()
  private readonly marks: Mark[] = []

  add(ctx: Context, write: Write, shelf: Shelf): void {
    const { rows } = this
    const finished = finish(ctx, finishable(write, shelf), 0)
    const { id, identifier, numbered, input } = write
    rows.row(columns.length + drawn.length)
    rows.encoding = input.isInBytes ? 'latin1' : 'utf8'
    for (const { type, of } of columns) put(rows, type, of(write, finished))
    if (numbered) {
      const text = finished.text && rows.textAround(finished.text[0], blankStamp, finished.text[1])
      if (!text) rows.text('')
      this.marks.push({ text, sequence: rows.bigint(0), datestamp: rows.bigint(0) })
    } else {
      rows.text('')
      rows.null()
      rows.null()
    }
    this.written.push({ id, identifier })
    if (input.files.length) this.held.push({ id, files: input.files })
    const after = { collection_id: input.collectionId, numbered, formats_once: finished.once }
    this.moves.push({ before: undefined, after })
  }

  /** How many numbers they need. */
  get numbered(): number {
    return this.marks.length
  }

  async insert(client: Client, { first, seconds }: Stamp): Promise<void> {
    if (!this.written.length) return
    const stamp = formatDatestamp(new Date(seconds * 1000))
    const moment = CopyRows.moment(seconds)
    this.marks.forEach(({ text, sequence, datestamp }, index) => {
      if (text !== undefined) this.rows.setText(text, stamp)
      this.rows.setBigint(sequence, first + index)
      this.rows.setBigint(datestamp, moment)
    })
    await copyInto(client, target, this.rows)
    this.rows.release()
  }
}

function finishable({ input, id, identifier }: Write, collection: Shelf): Unfinished {
  const { status, visibility, profile, metadata, dc, files, harvested } = input
  const record: Unfinished = {
    id: String(id),
    identifier,
    datestamp: '',
    status,
    visibility,
    profile,
    metadata,
    dc,
    files,
    collection,
  }
  if (!harvested) return record
  const { links, keeper, origins } = harvested
  return Object.assign(record, { links, keeper, origins })
}

function put(rows: CopyRows, type: Type, value: string | number | Buffer | null): void {
  if (value === null) rows.null()
  else if (typeof value === 'string') rows.text(value)
  else if (typeof value !== 'number') rows.raw(value)
  else if (type === 'int') rows.integer(value)
  else rows.bigint(value)
}

/** What is drawn behind the lock of the line. */
interface Stamp {
  /** The first of the numbers, which follow on each other. */
  first: number
  /** The datestamp, since 1970. */
  seconds: number
}

async function draw(client: Client, numbers: number): Promise<Stamp> {
  await lockLine(client)
  const { rows } = await client.query<{ first: number; seconds: number }>(
    `SELECT coalesce((SELECT min(nextval('line')) FROM generate_series(1, $1::int)), 0) AS first,
       extract(epoch FROM ${drawDatestamp})::bigint AS seconds`,
    [numbers],
  )
  return rows[0] as Stamp
}

const given = [...columns, { name: 'oai_dc', type: 'text' }, { name: 'sequence', type: 'bigint' }]
const arrays = given.map((_, index) => `$${index + 1}::text[]`).join(', ')
const cast = (name: string, type: string): string =>
  type === 'bytea' ? `decode(given.${name}, 'hex')` : `given.${name}::${type}`
const replacements = given
  .filter(({ name }) => name !== 'id' && name !== 'identifier')
  .map(({ name, type }) => `${name} = ${cast(name, type)}`)
  .join(', ')

const replace = `
  UPDATE records SET ${replacements},
    datestamp = CASE WHEN given.sequence IS NOT NULL THEN to_timestamp($${given.length + 1}) END
  FROM unnest(${arrays}) AS given(${given.map((each) => each.name).join(', ')})
  WHERE records.id = given.id::bigint`

async function replaceRows(
  client: Client,
  writes: (Write & { finished: Finished })[],
  { first, seconds }: Stamp,
): Promise<void> {
  if (!writes.length) return
  const stamp = formatDatestamp(new Date(seconds * 1000))
  let next = first
  const last = writes.map(({ numbered, finished: { text } }) =>
    numbered ? [text?.join(stamp) ?? '', String(next++)] : ['', null],
  )
  const values = columns.map(({ type, of }) =>
    textArray(writes.map((each) => textOf(type, of(each, each.finished)))),
  )
  await client.query(replace, [
    ...values,
    textArray(last.map(([text]) => text ?? '')),
    textArray(last.map(([, number]) => number ?? null)),
    seconds,
  ])
}

function textOf(type: Type, value: string | number | Buffer | null): string | null {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value.toString(type === 'bytea' ? 'hex' : 'utf8')
}

/**
 * Writes records with new numbers for those that are on the line.
 * @param fresh those that are not there yet
 * @param known those that are, with what they were
 */
export async function write(
  ctx: Context,
  client: Client,
  fresh: NewRows,
  known: (Write & { before: Known })[],
  shelves: Map<number, Shelf>,
): Promise<void> {
  const finished = known.map((each) => {
    const shelf = shelves.get(each.input.collectionId) as Shelf
    return { ...each, finished: finish(ctx, finishable(each, shelf), each.before.formats_once) }
  })
  const numbered = known.filter((each) => each.numbered).length
  const stamp = await draw(client, fresh.numbered + numbered)
  await fresh.insert(client, stamp)
  await replaceRows(client, finished, { ...stamp, first: stamp.first + fresh.numbered })
  const changed = known.map((each) => each.id)
  await writeFiles(client, changed, [
    ...fresh.held,
    ...known.map(({ id, input: { files } }) => ({ id, files })),
  ])
  const moves = finished.map(({ before, input, numbered, finished: { once } }): Move => {
    const after: Counted = { collection_id: input.collectionId, numbered, formats_once: once }
    return { before, after }
  })
  await countLists(client, [...fresh.moves, ...moves])
}

// What leads from an image, and from a file that is given, back to its records: for the doors that serve them.
async function writeFiles(client: Client, changed: number[], held: Held[]): Promise<void> {
  const tables = [
    {
      table: 'record_images',
      column: 'image_id',
      held: held.flatMap(({ id, files }) =>
        files.flatMap(pagesOf).map(({ image }, position) => ({ id, position, name: image })),
      ),
    },
    {
      table: 'record_files',
      column: 'sha256',
      held: held.flatMap(({ id, files }) =>
        files.filter(isGiven).map(({ sha256 }, position) => ({ id, position, name: sha256 })),
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
