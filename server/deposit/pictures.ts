// The pictures that a row names, taken in from a folder.
import { realpathSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import type { FileReference } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { ingest } from '../files/files.ts'
import { DomainError, invalid } from '../http/errors.ts'
import { valuesAt } from './mapping.ts'
import type { Row, RowFault } from './rows.ts'

/** The pictures of a row, all or the fault of the first that cannot be taken. */
export async function imagesOf(
  ctx: Context,
  row: Row,
  column: string,
  folder: string,
): Promise<FileReference[] | RowFault> {
  const names = valuesAt(row.source, column)
    .flatMap((each) => (typeof each === 'string' ? each.split(/[|;]/) : []))
    .map((each) => each.trim())
    .filter(Boolean)
  const files: FileReference[] = []
  for (const name of names) {
    try {
      files.push(
        await ingest(ctx, inside(folder, name), { name: basename(name), mustBeImage: true }),
      )
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return { column, value: name, reason: error.message }
    }
  }
  return files
}

/** @throws invalid when a name leads out of the folder or to nothing */
function inside(folder: string, name: string): string {
  const root = realpathSync(resolve(folder))
  const path = join(root, name)
  const out = (from: string): boolean =>
    from.startsWith('..') || resolve(root, from) !== join(root, from)
  if (out(relative(root, path))) throw invalid(`"${name}" leads out of the folder ${folder}.`)
  try {
    if (out(relative(root, realpathSync(path))))
      throw invalid(`"${name}" leads out of the folder ${folder}.`)
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw invalid(`"${name}" is not in the folder ${folder}.`, { cause: error })
  }
  return path
}
