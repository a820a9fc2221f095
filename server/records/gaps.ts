// What a record lacks for the formats that it is left out of, for its owner.
import type { StoredRecord } from '../../schemas/record.ts'
import type { Collection } from '../collections/entities.ts'
import type { Context } from '../context.ts'
import { describe } from './described.ts'
import { partialFormats } from './offered.ts'
import type { Gap } from './view.ts'

export function gapsOf(ctx: Context, record: StoredRecord, collection: Collection): Gap[] {
  const described = describe(ctx, { ...record, datestamp: record.datestamp ?? '', collection })
  return partialFormats(ctx).flatMap(({ format }) => {
    const lacks = format.lacks(described)
    return lacks.length ? [{ metadataPrefix: format.metadataPrefix, lacks }] : []
  })
}
