// Where a record can be seen: at this brick for its own, at the brick that holds it for a harvested one.
import type { Links, StoredRecord } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { sizeWithin } from '../http/links.ts'

// Side of the square that a thumbnail fits.
const thumbnailSide = 480

export function linksOf(ctx: Context, record: Pick<StoredRecord, 'id' | 'files' | 'links'>): Links {
  if (record.links) return record.links
  const file = record.files.find((each) => each.image !== undefined)
  const image = file?.image
  const { width = thumbnailSide + 1, height = 1 } = file ?? {}
  return {
    homepage: ctx.links.record(record.id),
    ...(image !== undefined && {
      manifest: ctx.links.manifest(record.id),
      thumbnail: ctx.links.image(image, sizeWithin({ width, height }, thumbnailSide)),
      image: ctx.links.image(image, 'max'),
      imageService: ctx.links.imageService(image),
    }),
  }
}
