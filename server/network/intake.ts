// A harvested record made ready for the records' door: read, cleaned, with its way here.
import type { Problem } from '../../harvester/diagnosis.ts'
import type { HarvestedRecord } from '../../harvester/record.ts'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import type { Origin } from '../../schemas/record.ts'
import { readXml } from '../../schemas/xml-tree.ts'
import type { Context } from '../context.ts'
import { webAddress } from '../formats/clean.ts'
import { termsOf } from '../formats/access-terms.ts'
import { readMetadata } from '../formats/read.ts'
import type { RecordInput } from '../records/records.ts'
import type { Source } from './entities.ts'

export interface Intake {
  source: Source
  repositoryName: string
  /** Base URL that the source states, or the one typed where that is none. */
  baseUrl: string
  host: string
  metadataPrefix: string
  /** Begin of this run. */
  now: Date
  harvestDate: string
}

export function intakeFrom(
  ctx: Context,
  source: Source,
  identity: { repositoryName: string; baseUrl: string },
  metadataPrefix: string,
): Intake {
  return {
    source,
    repositoryName: identity.repositoryName,
    baseUrl: webAddress(identity.baseUrl) ?? source.url,
    host: new URL(source.url).hostname,
    metadataPrefix,
    now: ctx.clock(),
    harvestDate: formatDatestamp(ctx.clock()),
  }
}

/** What to save of a record that is not deleted, or why nothing can be. */
export function inputOf(
  record: HarvestedRecord,
  collectionId: number,
  intake: Intake,
  problems: Problem[],
): RecordInput | undefined {
  const { identifier, metadata } = record
  const reading = metadata && readMetadata(readXml(metadata.xml), intake)
  if (!metadata || !reading) {
    const message = `nothing can be read of metadata in ${metadata?.namespace || 'no namespace'}`
    problems.push({ code: 'metadata-unread', message, identifier })
    return undefined
  }
  for (const message of reading.cut) problems.push({ code: 'value-cut', message, identifier })
  const origin: Origin = {
    baseUrl: intake.baseUrl,
    identifier,
    datestamp: record.datestamp,
    metadataNamespace: metadata.namespace,
    harvestDate: intake.harvestDate,
    altered: false,
    ...(record.rights !== undefined && { rights: record.rights }),
  }
  const { visibility, until } = termsOf(reading.dc, intake.now)
  return {
    collectionId,
    key: identifier,
    profile: 'dublin-core',
    status: 'published',
    visibility,
    source: { format: intake.metadataPrefix, xml: metadata.xml },
    // Its description is what it came with (`source`) and what that says (`dc`); nobody here edits it.
    metadata: {},
    dc: reading.dc,
    files: [],
    harvested: {
      sourceId: intake.source.id,
      identifier,
      links: reading.links,
      keeper: reading.keeper,
      origins: [origin, ...record.origins],
      ...(until && { openFrom: until }),
    },
  }
}
