// What the operator is told of those who harvest: read from the visits, one harvester with its lists.
import type { Context } from '../context.ts'
import { visitEntity, type VisitRow } from './entities.ts'
import { writeVisits } from './visits.ts'

export interface Harvester {
  client: string
  agent: string
  contact: string | null
  firstSeen: Date
  lastSeen: Date
  requests: number
  records: number
  bytes: number
  /** Newest first. */
  lists: VisitRow[]
}

/** Records that a format leaves out, and what they lack. */
export interface FormatGap {
  metadataPrefix: string
  title?: string
  missing: number
  of: number
  /** What is lacking, in the reader's words. */
  reasons: { lack: string; count: number }[]
}

/** A record that could not be written down in a format. */
export interface HeldBack {
  identifier: string
  metadataPrefix: string
  reason: string
  since: Date
}

/** Everybody who is remembered, newest first. */
export async function readHarvesters(ctx: Context): Promise<Harvester[]> {
  await writeVisits(ctx)
  const rows = await ctx.db.dataSource
    .getRepository(visitEntity)
    .find({ order: { lastSeen: 'DESC' } })
  const found = new Map<string, Harvester>()
  for (const row of rows) {
    const key = JSON.stringify([row.client, row.agent])
    const known = found.get(key)
    if (known) addTo(known, row)
    else {
      const { client, agent, contact, firstSeen, lastSeen, requests, records, bytes } = row
      const first = { client, agent, contact, firstSeen, lastSeen, requests, records, bytes }
      found.set(key, { ...first, lists: [row] })
    }
  }
  return [...found.values()]
}

function addTo(harvester: Harvester, row: VisitRow): void {
  harvester.lists.push(row)
  harvester.requests += row.requests
  harvester.records += row.records
  harvester.bytes += row.bytes
  harvester.contact ??= row.contact
  if (row.firstSeen < harvester.firstSeen) harvester.firstSeen = row.firstSeen
}

/** The same for programs: who stands once, above the lists. */
export function harvestersJson(harvesters: Harvester[]): unknown {
  return harvesters.map(({ lists, ...harvester }) => ({
    ...harvester,
    lists: lists.map((row) => ({
      ...row,
      client: undefined,
      agent: undefined,
      contact: undefined,
    })),
  }))
}
