// The network as a page shows it: each source with its last harvest and with who keeps what came through it.
// Counts are those of the end of the last harvest, so this reads as many rows as there are sources.
import { levels } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { webAddress } from '../formats/clean.ts'
import type { Harvest, Source } from './entities.ts'
import { isBrick } from './formats.ts'
import { allSources } from './sources.ts'

export interface SourceSummary {
  slug: string
  name: string
  /** Base URL of its OAI-PMH door. */
  url: string
  homepage?: string
  level?: string
  records: number
  lastHarvest?: {
    endedAt: Date | null
    status: 'running' | 'complete' | 'failed'
    added: number
    changed: number
    deleted: number
  }
  collectionSlug: string
  /** Who keeps what it hands on from below. */
  children: { name: string; url?: string; records: number }[]
}

interface LastHarvest extends Pick<Harvest, 'status' | 'added' | 'changed' | 'deleted'> {
  source_id: number
  ended_at: Date | null
}

/** Every source of this brick, by name. */
export async function listSources(ctx: Context): Promise<SourceSummary[]> {
  const sources = await allSources(ctx)
  const rows = await ctx.db.query<LastHarvest>(
    `SELECT last.* FROM sources, LATERAL (
       SELECT source_id, status, ended_at, added, changed, deleted FROM harvests
       WHERE source_id = sources.id ORDER BY started_at DESC, id DESC LIMIT 1) AS last`,
  )
  const last = new Map(rows.map((row) => [row.source_id, row]))
  return sources.map((source) => summary(source, last.get(source.id)))
}

function summary(source: Source, last: LastHarvest | undefined): SourceSummary {
  const self = selfDescription(source)
  const keepers = (source.keepers ?? []) as unknown as SourceSummary['children']
  return {
    slug: source.slug,
    name: source.name,
    url: source.url,
    ...(self.homepage && { homepage: self.homepage }),
    ...(self.level && { level: self.level }),
    records: source.records,
    ...(last && {
      lastHarvest: {
        endedAt: last.ended_at,
        status: last.status,
        added: last.added,
        changed: last.changed,
        deleted: last.deleted,
      },
    }),
    collectionSlug: source.slug,
    children: keepers.filter((each) => each.name !== source.name && each.name !== self.name),
  }
}

/** What a brick says of itself in Identify: its level and its home page. */
function selfDescription(source: Source): { name?: string; homepage?: string; level?: string } {
  const { repositoryName, description } = source.identify ?? {}
  const name = typeof repositoryName === 'string' ? repositoryName : undefined
  if (!description || typeof description !== 'object' || Array.isArray(description)) {
    return name === undefined ? {} : { name }
  }
  const { type, identifier } = description
  const homepage = typeof identifier === 'string' ? webAddress(identifier) : undefined
  const level = isBrick(description) ? levels.find((each) => each === type) : undefined
  return {
    ...(name !== undefined && { name }),
    ...(homepage && { homepage }),
    ...(level && { level }),
  }
}
