// The metadata formats of this provider: each a pure function from a row to text.
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { edm, oaiDc, type MetadataFormat } from '../../schemas/oai.ts'
import type { FileReference, Keeper, Links, Status, Visibility } from '../../schemas/record.ts'
import { sightOf } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { withPage } from '../formats/oai-dc.ts'
import { writeEdm } from '../formats/edm.ts'
import { linksOf } from '../records/records.ts'

/** What a list reads of each record. */
export interface Row {
  id: number
  identifier: string
  collection_id: number
  rights: string | null
  status: Status
  visibility: Visibility
  oai_dc: string
  dc: DublinCore
  files: FileReference[]
  links: Links | null
  keeper: Keeper | null
  /** Format and XML that a harvested record came with. */
  format: string | null
  xml: string | null
}

export interface Format extends MetadataFormat {
  /** Columns of records (as `r`) that `write` needs. */
  columns: string
  write(ctx: Context, row: Row): string
}

/** The format that every item has (section 2.5). */
export const oaiDcFormat: Format = {
  ...oaiDc,
  columns: 'r.oai_dc, r.links',
  write: (ctx, { id, oai_dc, links }) =>
    withPage(oai_dc, links?.homepage ?? ctx.links.record(String(id))),
}

export const formats: Format[] = [
  oaiDcFormat,
  {
    ...edm,
    columns: `r.status, r.visibility, r.dc, r.files, r.links, r.keeper, c.rights,
      CASE WHEN r.source_id IS NOT NULL THEN r.source->>'format' END AS format,
      CASE WHEN r.source_id IS NOT NULL THEN r.source->>'xml' END AS xml`,
    write(ctx, row) {
      const { status, visibility, files, links: harvested } = row
      // What a harvested record came with is handed on as it is, unless it names files that are kept back.
      const isOpen = sightOf(anybody, { status, visibility }) === 'all'
      if (row.format === edm.metadataPrefix && row.xml && isOpen) return row.xml
      const links = linksOf(ctx, {
        id: String(row.id),
        status,
        visibility,
        files,
        ...(harvested && { links: harvested }),
      })
      return writeEdm({
        page: ctx.links.record(String(row.id)),
        dc: row.dc,
        links,
        keeper: row.keeper?.name ?? ctx.config.name,
        rights: row.rights ?? undefined,
      })
    },
  },
]

export function findFormat(metadataPrefix: string): Format | undefined {
  return formats.find((each) => each.metadataPrefix === metadataPrefix)
}
