// A harvested record made ready for the records' door: read, cleaned, with its way here.
import { hash } from 'node:crypto'
import type { Problem } from '../../harvester/diagnosis.ts'
import type { HarvestedRecord } from '../../harvester/record.ts'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import type { FileReference, Origin } from '../../schemas/record.ts'
import { readXml } from '../../schemas/xml-tree.ts'
import type { Context } from '../context.ts'
import { webAddress } from '../formats/clean.ts'
import { termsOf } from '../formats/access-terms.ts'
import { inBytes, readFlat } from '../formats/flat-read.ts'
import { readingRevision, readMetadata, type Reading } from '../formats/read.ts'
import type { Harvested, RecordInput } from '../records/records.ts'
import type { Source } from './entities.ts'

export interface Intake {
  source: Source
  repositoryName: string
  /** Base URL that the source states, or the one typed where that is none. */
  baseUrl: string
  host: string
  metadataPrefix: string
  /** What its records say of how they came. */
  format: Readonly<{ format: string }>
  /** Of the source, in bytes. */
  inBytes: { repositoryName: string; baseUrl: string; host: string }
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
  const { repositoryName } = identity
  const baseUrl = webAddress(identity.baseUrl) ?? source.url
  const host = new URL(source.url).hostname
  return {
    source,
    repositoryName,
    baseUrl,
    host,
    inBytes: { repositoryName: inBytes(repositoryName), baseUrl: inBytes(baseUrl), host },
    metadataPrefix,
    format: Object.freeze({ format: metadataPrefix }),
    now: ctx.clock(),
    harvestDate: formatDatestamp(ctx.clock()),
  }
}

let scratch = Buffer.allocUnsafe(64 * 1024)

/** Of all that its input is made of, but for its datestamp: a number of 52 bits. */
export function fingerprintOf(record: HarvestedRecord, intake: Intake): number {
  const { repositoryName, host, metadataPrefix } = intake
  const { metadata, sets, about = '' } = record
  const around = `${readingRevision}\n${metadataPrefix}\n${host}\n${repositoryName}\n${sets.join('\n')}\n${about}\n`
  const most = around.length * 3 + (metadata?.xml.length ?? 0)
  if (most > scratch.length) scratch = Buffer.allocUnsafe(most * 2)
  let end = scratch.write(around)
  if (metadata) {
    scratch.set(metadata.xml, end)
    end += metadata.xml.length
  }
  return Number.parseInt(hash('sha1', scratch.subarray(0, end)).slice(0, 13), 16)
}

/** Where a record belongs. */
interface Place {
  collectionId: number
  fingerprint: number
  /** The source that held it until now, where this one takes it over. */
  takesOver?: number
}

// The way of most records, which come in the thousands: in ASCII but for the metadata, and without a past.
function flatReading(record: HarvestedRecord, intake: Intake): Reading | undefined {
  const { identifier, datestamp, metadata, origins, rights } = record
  return metadata && !origins.length && rights === undefined && isAscii(identifier + datestamp)
    ? readFlat(metadata.xml, intake.inBytes)
    : undefined
}

const nothing = Object.freeze({})
const noFiles: FileReference[] = []
Object.freeze(noFiles)

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text)

/**
 * What to save of a record that is not deleted, or why nothing can be.
 * @param isNew whether it may be in bytes
 */
export function inputOf(
  record: HarvestedRecord,
  place: Place,
  intake: Intake,
  problems: Problem[],
  isNew = false,
): RecordInput | undefined {
  const { identifier, metadata } = record
  const flat = isNew ? flatReading(record, intake) : undefined
  const reading = flat ?? (metadata && readMetadata(readXml(metadata.xml.toString()), intake))
  if (!metadata || !reading) {
    const message = `nothing can be read of metadata in ${metadata?.namespace || 'no namespace'}`
    problems.push({ code: 'metadata-unread', message, identifier })
    return undefined
  }
  for (const message of reading.cut) problems.push({ code: 'value-cut', message, identifier })
  const origin: Origin = {
    baseUrl: (flat ? intake.inBytes : intake).baseUrl,
    identifier,
    datestamp: record.datestamp,
    metadataNamespace: metadata.namespace,
    harvestDate: intake.harvestDate,
    altered: false,
  }
  if (record.rights !== undefined) origin.rights = record.rights
  const { visibility, until } = termsOf(reading.dc, intake.now)
  const { collectionId, fingerprint, takesOver } = place
  const harvested: Harvested = {
    sourceId: intake.source.id,
    identifier,
    xml: metadata.xml,
    links: reading.links,
    keeper: reading.keeper,
    origins: record.origins.length ? [origin, ...record.origins] : [origin],
  }
  // At the end of an embargo it is another record, although it came as before.
  if (until) harvested.openFrom = until
  else harvested.fingerprint = fingerprint
  if (takesOver !== undefined) harvested.takesOver = takesOver
  return {
    collectionId,
    key: identifier,
    profile: 'dublin-core',
    status: 'published',
    visibility,
    source: intake.format,
    // Its description is what it came with (`source`) and what that says (`dc`); nobody here edits it.
    metadata: nothing,
    dc: reading.dc,
    files: noFiles,
    harvested,
    isInBytes: flat !== undefined,
  }
}
