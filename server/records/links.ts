// Where a record can be seen: at this brick for its own, at the brick that holds it for a harvested one.
import type { Links, StoredRecord } from '../../schemas/record.ts'
import type { Context } from '../context.ts'

/** Thumbnails are asked for at this size: confined, so that every picture keeps its shape. */
export const thumbnailSize = '!480,480'

export function linksOf(ctx: Context, record: Pick<StoredRecord, 'id' | 'files' | 'links'>): Links {
  if (record.links) return record.links
  const image = record.files.find((file) => file.image !== undefined)?.image
  return {
    homepage: ctx.links.record(record.id),
    ...(image !== undefined && {
      manifest: ctx.links.manifest(record.id),
      thumbnail: ctx.links.image(image, thumbnailSize),
      image: ctx.links.image(image, 'max'),
      imageService: ctx.links.imageService(image),
    }),
  }
}
