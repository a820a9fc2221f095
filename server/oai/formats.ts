// The metadata formats of this provider: each a pure function from a row to text.
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { oaiDc, type MetadataFormat } from '../../schemas/oai.ts'
import type {
  FileReference,
  Keeper,
  Links,
  Status,
  Translations,
  Visibility,
} from '../../schemas/record.ts'
import { sightOf } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { withPage } from '../formats/oai-dc.ts'
import { edmFormat } from '../formats/edm.ts'
import type { Described, Format as Writer } from '../formats/format.ts'
import { metsFormat } from '../formats/mets.ts'
import { linksOf } from '../records/records.ts'

/** What a list reads of each record. */
export interface Row {
  id: number
  identifier: string
  datestamp: Date
  collection_id: number
  slug: string
  title: Translations
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

/** A record as the writers see it. */
function describe(ctx: Context, row: Row): Described {
  const { status, visibility, files, links: harvested } = row
  const id = String(row.id)
  const links = linksOf(ctx, {
    id,
    status,
    visibility,
    files,
    ...(harvested && { links: harvested }),
  })
  const { name, operator, baseUrl } = ctx.config
  return {
    identifier: row.identifier,
    page: links.homepage ?? ctx.links.record(id),
    datestamp: formatDatestamp(row.datestamp),
    dc: row.dc,
    links,
    keeper: row.keeper ?? { name, url: baseUrl },
    provider: { name: operator, url: baseUrl },
    ...(row.rights !== null && { rights: row.rights }),
    collection: { title: row.title, page: ctx.links.collection(row.slug) },
    files: [],
    profile: 'dublin-core',
    metadata: {},
  }
}

/** "Copyright not evaluated": stands in edm:rights, which its schema demands, until nobody gets what lacks something. */
const notEvaluated = 'http://rightsstatements.org/vocab/CNE/1.0/'

function written(writer: Writer): Format {
  return {
    ...writer,
    columns: `r.status, r.visibility, r.dc, r.files, r.links, r.keeper, c.rights, c.slug, c.title,
      CASE WHEN r.source_id IS NOT NULL THEN r.source->>'format' END AS format,
      CASE WHEN r.source_id IS NOT NULL THEN r.source->>'xml' END AS xml`,
    write(ctx, row) {
      // What a harvested record came with is handed on as it is, unless it names files that are kept back.
      const isOpen = sightOf(anybody, row) === 'all'
      if (row.format === writer.metadataPrefix && row.xml && isOpen) return row.xml
      const record = describe(ctx, row)
      return writer.write(
        writer.lacks(record).includes('rights') ? { ...record, rights: notEvaluated } : record,
      )
    },
  }
}

export const formats: Format[] = [oaiDcFormat, written(edmFormat), written(metsFormat)]

export function findFormat(metadataPrefix: string): Format | undefined {
  return formats.find((each) => each.metadataPrefix === metadataPrefix)
}
