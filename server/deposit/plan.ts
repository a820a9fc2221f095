// How a file will be read: decided before anything is stored, and shown by --dry-run.
import type { Profile } from '../../schemas/profile.ts'
import type { JsonObject, Translations, Visibility } from '../../schemas/record.ts'
import { findCollection } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { invalid } from '../http/errors.ts'
import { profilesOf } from '../profiles/profiles.ts'
import {
  columnsOf,
  findColumn,
  guessMapping,
  normalise,
  parseMapping,
  valuesAt,
  type Mapping,
} from './mapping.ts'
import { openTable, type Row, type Table } from './rows.ts'

const sampleRows = 1000

export interface ImportOptions {
  collection: string
  profile?: string
  map?: string
  /** Folder with the pictures that a column names. */
  images?: string
  /** The column that names them. */
  image?: string
  /** The column that tells rows apart. */
  id?: string
  encoding?: string
  delimiter?: string
  /** Language of texts whose column names none. */
  language?: string
  title?: Translations
  description?: Translations
  rights?: string
  visibility?: Visibility
  draft?: boolean
  /** Where refused rows go. */
  rejected?: string
}

/** How a file will be read: what `--dry-run` shows. */
export interface Plan {
  table: Table
  profile: Profile
  columns: string[]
  mapping: Mapping
  /** undefined: rows are told apart by their content. */
  idColumn: string | undefined
  /** Whether the depositor named it: then two rows with one value are an error. */
  idStated: boolean
  imageColumn: string | undefined
}
/**
 * Looks at the file and decides how to read it; changes nothing.
 * @throws invalid, naming the file, column or field and what there is instead
 */
export async function planImport(
  ctx: Context,
  path: string,
  options: ImportOptions,
): Promise<Plan> {
  const profiles = profilesOf(ctx.config)
  const known = await findCollection(ctx, options.collection)
  if (known && options.profile && known.profile !== options.profile) {
    throw invalid(
      `The collection ${known.slug} has the profile ${known.profile}, not ${options.profile}: choose another collection.`,
    )
  }
  const profile = profiles.get(options.profile ?? known?.profile ?? 'dublin-core')
  const table = await openTable(path, options)
  const sample: Row[] = []
  for await (const row of table.rows()) {
    sample.push(row)
    if (sample.length >= sampleRows) break
  }
  if (!sample.length)
    throw invalid(`${path} has a first line and no rows: there is nothing to import.`)
  const columns = table.dialect?.columns ?? [
    ...new Set(sample.flatMap((row) => columnsOf(row.source))),
  ]
  const idColumn =
    options.id === undefined ? guessId(sample, columns) : findColumn(options.id, columns)
  const imageColumn = imageColumnOf(options, columns)
  const mapping = options.map
    ? parseMapping(options.map, profile, columns)
    : guessMapping(
        profile,
        columns.filter((each) => each !== imageColumn),
      )
  return {
    table,
    profile,
    columns,
    mapping,
    idColumn,
    idStated: options.id !== undefined,
    imageColumn,
  }
}

function imageColumnOf(options: ImportOptions, columns: string[]): string | undefined {
  if (options.image !== undefined) {
    if (options.images === undefined)
      throw invalid(
        '--image names a column of file names; --images DIR must say where the files lie.',
      )
    return findColumn(options.image, columns)
  }
  if (options.images === undefined) return undefined
  const found = columns.find((each) => ['image', 'images', 'file'].includes(normalise(each)))
  if (found === undefined) {
    throw invalid(
      `The file has no column "image", "images" or "file": name it with --image; its columns are ${columns.join(', ')}.`,
    )
  }
  return found
}

const idNames = [
  'id',
  'identifier',
  'identifiant',
  'uuid',
  'guid',
  'key',
  'slug',
  'inventorynumber',
  'numeroinventaire',
  'referencecode',
  'cote',
  'accession',
  'accessionnumber',
  'objectid',
  'objectnumber',
]

/** A column that looks like an identifier and is filled and different on every row of the sample. */
function guessId(sample: Row[], columns: string[]): string | undefined {
  const [first] = columns
  const named = idNames.flatMap((name) => columns.filter((each) => normalise(each) === name))
  const candidates = first !== undefined && /id$/i.test(first) ? [...named, first] : named
  const sound = sample.filter((row) => !row.fault)
  return candidates.find((column) => {
    const values = sound.map((row) => idOf(row.source, column))
    return values.every(Boolean) && new Set(values).size === values.length
  })
}
export function idOf(source: JsonObject, column: string): string {
  const [value] = valuesAt(source, column)
  return value === undefined || value === null || typeof value === 'object'
    ? ''
    : String(value).trim()
}
