// Where a record can be seen: at this brick for its own, at the brick that holds it for a harvested one.
import { confined } from '../../schemas/image-address.ts'
import { mostLooks, type Look } from '../../schemas/likeness.ts'
import { pagesOf, type Links, type StoredRecord } from '../../schemas/record.ts'
import { sightOf } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'

export const thumbnailSide = 480

/** Addresses that anybody may follow: a record whose files are kept back has its page only. */
export function linksOf(
  ctx: Context,
  record: Pick<StoredRecord, 'id' | 'status' | 'visibility' | 'files' | 'links'>,
): Links {
  const isOpen = sightOf(anybody, record) === 'all'
  if (record.links) {
    const { looks: _, ...addresses } = record.links
    return isOpen ? addresses : pageOf(addresses)
  }
  const homepage = ctx.links.record(record.id)
  const file = record.files.find((each) => each.image !== undefined)
  if (file?.image === undefined || !isOpen) return { homepage }
  const { width = thumbnailSide, height = thumbnailSide } = file
  // Both sides are stated, so that the brick above knows the shape of the picture before it is there.
  const small = confined({ width, height }, thumbnailSide)
  return {
    homepage,
    manifest: ctx.links.manifest(record.id),
    thumbnail: ctx.links.image(file.image, `${small.width},${small.height}`),
    image: ctx.links.image(file.image, 'max'),
    imageService: ctx.links.imageService(file.image),
  }
}

/** What its pictures look like: at the brick that holds it, or here. Who may see them is asked before. */
export function looksOf({ links, files }: Pick<StoredRecord, 'links' | 'files'>): Look[] {
  if (links) return links.looks ?? []
  const pages = files.flatMap((file) =>
    pagesOf(file).map(({ likeness }) => ({ likeness, sha256: file.sha256 })),
  )
  return pages.slice(0, mostLooks).flatMap(({ sha256, likeness }): Look[] => {
    if (!likeness?.prints.length) return []
    const { prints, dhash, pixels } = likeness
    return [{ prints, dhash, sha256, pixels }]
  })
}

const pageOf = ({ homepage }: Links): Links => (homepage === undefined ? {} : { homepage })
