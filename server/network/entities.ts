import { EntitySchema } from 'typeorm'
import type { Place } from '../../harvester/harvest.ts'
import type { Granularity } from '../../schemas/datestamp.ts'
import type { JsonObject } from '../../schemas/record.ts'

const inKey = (constraint: string) => ({ primary: true, primaryKeyConstraintName: constraint })

/** Another brick or any OAI-PMH repository that this one reads. */
export interface Source {
  id: number
  slug: string
  /** Base URL of its OAI-PMH door. */
  url: string
  name: string
  setSpec: string | null
  /** The format that it is asked for now: the first of `formats` that it gives. */
  metadataPrefix: string | null
  /** Formats to ask for, the best one first; null: the usual ones (formats.ts). */
  formats: string[] | null
  /** How its datestamps are written in requests; what it says of itself may be wrong. */
  granularity: Granularity | null
  /** What it says of itself: Identify and, for a brick, its own description. */
  identify: JsonObject | null
  everyMinutes: number
  paused: boolean
  /** Since when the operator has it paused; null where it is only paused because it is being forgotten. */
  pausedAt: Date | null
  /** When its records go; until then its operator can think again. */
  forgetAt: Date | null
  /** Its records have gone: the row stays, for its tombstones refer to it. */
  forgottenAt: Date | null
  /** Where it stands on the map, as the operator has it: `lat,lon,name`; otherwise as it says itself. */
  place: string | null
  /** The next run lists all, for the operator asked for it. */
  scratchWanted: boolean
  /** It also withdraws at once what is no longer there, however much it is. */
  acceptWanted: boolean
  /** So many of its records were missing from the last list of all, which was not believed; null: it was. */
  vanished: number | null
  nextRunAt: Date | null
  /** responseDate of the first answer of its last complete harvest: the next `from`. */
  lastResponseDate: string | null
  /** Days for which a record must be missing from its lists before it is withdrawn here. */
  graceDays: number
  /** So many per cent of its records may vanish at once; when more do, its list is not believed. */
  vanishPercent: number
  /** Every so many days all is listed, where it does not tell of its deletions for good; 0: never by itself. */
  compareDays: number
  /** When all that it has was last listed without a gap. */
  comparedAt: Date | null
  /** Seconds by which its clock was behind ours at its last complete harvest. */
  clockBehind: number
  /** What says that it began anew: then all is listed next time. */
  anew: string | null
  /** Public records from it, as of the end of its last harvest (counts.ts). */
  records: number
  /** Who keeps them, as of when they were last counted. */
  keepers: JsonObject[] | null
  /** Changes since then. */
  uncounted: number
  createdAt: Date
  /** Between the beginnings of two requests. */
  delayMs: number
  /** How many harvests may run at its host while this one does, itself included. */
  hostPlaces: number
  ignoresRobots: boolean
  /** The hours at which it may be harvested, as `22:00:00`; null: any. They may go over midnight. */
  hoursFrom: string | null
  hoursUntil: string | null
  timeZone: string | null
  /** It came by itself: nobody here typed its address, which is trusted no further than any other. */
  stranger: boolean
  /** When its Identify was first seen to name this brick as its parent; null: it never did. */
  namedUsAt: Date | null
  /** When it was seen to have ceased to. */
  leftAt: Date | null
}

export const sourceEntity = new EntitySchema<Source>({
  name: 'source',
  tableName: 'sources',
  columns: {
    id: {
      type: 'integer',
      primary: true,
      primaryKeyConstraintName: 'sources_pk',
      generated: 'increment',
    },
    slug: { type: 'text' },
    url: { type: 'text' },
    name: { type: 'text' },
    setSpec: { name: 'set_spec', type: 'text', nullable: true },
    metadataPrefix: { name: 'metadata_prefix', type: 'text', nullable: true },
    formats: { type: 'json', nullable: true },
    granularity: { type: 'text', nullable: true },
    identify: { type: 'json', nullable: true },
    everyMinutes: { name: 'every_minutes', type: 'integer' },
    paused: { type: 'boolean', default: false },
    pausedAt: { name: 'paused_at', type: 'timestamptz', nullable: true },
    forgetAt: { name: 'forget_at', type: 'timestamptz', nullable: true },
    forgottenAt: { name: 'forgotten_at', type: 'timestamptz', nullable: true },
    place: { type: 'text', nullable: true },
    scratchWanted: { name: 'scratch_wanted', type: 'boolean', default: false },
    acceptWanted: { name: 'accept_wanted', type: 'boolean', default: false },
    vanished: { type: 'integer', nullable: true },
    nextRunAt: { name: 'next_run_at', type: 'timestamptz', nullable: true },
    lastResponseDate: { name: 'last_response_date', type: 'text', nullable: true },
    graceDays: { name: 'grace_days', type: 'integer', default: 3 },
    vanishPercent: { name: 'vanish_percent', type: 'integer', default: 20 },
    compareDays: { name: 'compare_days', type: 'integer', default: 7 },
    comparedAt: { name: 'compared_at', type: 'timestamptz', nullable: true },
    clockBehind: { name: 'clock_behind', type: 'integer', default: 0 },
    anew: { type: 'text', nullable: true },
    records: { type: 'integer', default: 0 },
    keepers: { type: 'json', nullable: true },
    uncounted: { type: 'integer', default: 0 },
    createdAt: { name: 'created_at', type: 'timestamptz', default: () => 'now()' },
    delayMs: { name: 'delay_ms', type: 'integer', default: 0 },
    hostPlaces: { name: 'host_places', type: 'integer', default: 1 },
    ignoresRobots: { name: 'ignores_robots', type: 'boolean', default: false },
    hoursFrom: { name: 'hours_from', type: 'time', nullable: true },
    hoursUntil: { name: 'hours_until', type: 'time', nullable: true },
    timeZone: { name: 'time_zone', type: 'text', nullable: true },
    stranger: { type: 'boolean', default: false },
    namedUsAt: { name: 'named_us_at', type: 'timestamptz', nullable: true },
    leftAt: { name: 'left_at', type: 'timestamptz', nullable: true },
  },
  uniques: [
    { name: 'sources_slug_uq', columns: ['slug'] },
    { name: 'sources_url_uq', columns: ['url'] },
  ],
  // By an expression (turns.ts), which TypeORM knows nothing of.
  indices: [{ name: 'sources_due_ix', columns: ['id'], synchronize: false }],
})

/** What a host asks of those who come: it may hold many sources. */
export interface SourceHost {
  /** With its port, where it has one of its own. */
  host: string
  /** It asked to be left alone until then. */
  notBefore: Date | null
  /** Its robots.txt, and when it was read. */
  robots: string | null
  robotsReadAt: Date | null
}

export const sourceHostEntity = new EntitySchema<SourceHost>({
  name: 'sourceHost',
  tableName: 'source_hosts',
  columns: {
    host: { type: 'text', ...inKey('source_hosts_pk') },
    notBefore: { name: 'not_before', type: 'timestamptz', nullable: true },
    robots: { type: 'text', nullable: true },
    robotsReadAt: { name: 'robots_read_at', type: 'timestamptz', nullable: true },
  },
})

/** One run of reading a source; an unfinished one holds the token with which it goes on. */
export interface Harvest {
  id: number
  sourceId: number
  startedAt: Date
  endedAt: Date | null
  status: 'running' | 'complete' | 'failed'
  from: string | null
  responseDate: string | null
  metadataPrefix: string | null
  resumptionToken: string | null
  /** Where it stands besides the token. */
  place: Place | null
  /** The operator wanted all of it listed. */
  fromScratch: boolean
  /** What it meets is noted, to find what vanished. */
  compares: boolean
  /** The operator has said that what vanished may go at once, however much it is. */
  acceptsVanished: boolean
  pages: number
  records: number
  added: number
  changed: number
  deleted: number
  refused: number
  completeListSize: number | null
  problems: JsonObject[] | null
  /** Why it failed when it last did: the code of the diagnosis; it stays while the harvest is gone on with. */
  diagnosis: string | null
  /** When it was last gone on with, and how many records it had then: what its pace is counted from. */
  resumedAt: Date | null
  resumedRecords: number
  /** When it last stored something. */
  advancedAt: Date | null
}

export const harvestEntity = new EntitySchema<Harvest>({
  name: 'harvest',
  tableName: 'harvests',
  columns: {
    id: {
      type: 'integer',
      primary: true,
      primaryKeyConstraintName: 'harvests_pk',
      generated: 'increment',
    },
    sourceId: { name: 'source_id', type: 'integer' },
    startedAt: { name: 'started_at', type: 'timestamptz', default: () => 'now()' },
    endedAt: { name: 'ended_at', type: 'timestamptz', nullable: true },
    status: { type: 'text', default: 'running' },
    from: { name: 'from_datestamp', type: 'text', nullable: true },
    responseDate: { name: 'response_date', type: 'text', nullable: true },
    metadataPrefix: { name: 'metadata_prefix', type: 'text', nullable: true },
    resumptionToken: { name: 'resumption_token', type: 'text', nullable: true },
    place: { type: 'json', nullable: true },
    fromScratch: { name: 'from_scratch', type: 'boolean', default: false },
    compares: { type: 'boolean', default: false },
    acceptsVanished: { name: 'accepts_vanished', type: 'boolean', default: false },
    pages: { type: 'integer', default: 0 },
    records: { type: 'integer', default: 0 },
    added: { type: 'integer', default: 0 },
    changed: { type: 'integer', default: 0 },
    deleted: { type: 'integer', default: 0 },
    refused: { type: 'integer', default: 0 },
    completeListSize: { name: 'complete_list_size', type: 'integer', nullable: true },
    problems: { type: 'json', nullable: true },
    diagnosis: { type: 'text', nullable: true },
    resumedAt: { name: 'resumed_at', type: 'timestamptz', nullable: true },
    resumedRecords: { name: 'resumed_records', type: 'integer', default: 0 },
    advancedAt: { name: 'advanced_at', type: 'timestamptz', nullable: true },
  },
  indices: [{ name: 'harvests_source_ix', columns: ['sourceId', 'startedAt'] }],
  foreignKeys: [
    {
      name: 'harvests_source_fk',
      target: 'source',
      columnNames: ['sourceId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
  ],
})

/** What a harvest of all has met, to find what vanished; kept only while it runs. */
export interface Seen {
  harvestId: number
  identifier: string
}

export const seenEntity = new EntitySchema<Seen>({
  name: 'harvestSeen',
  tableName: 'harvest_seen',
  columns: {
    harvestId: { name: 'harvest_id', type: 'integer', ...inKey('harvest_seen_pk') },
    identifier: { type: 'text', ...inKey('harvest_seen_pk') },
  },
  foreignKeys: [
    {
      name: 'harvest_seen_harvest_fk',
      target: 'harvest',
      columnNames: ['harvestId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
  ],
})

const ofSource = (name: string) => ({
  name,
  target: 'source',
  columnNames: ['sourceId'],
  referencedColumnNames: ['id'],
  onDelete: 'CASCADE' as const,
})

/** A record that complete lists of its source no longer name. */
export interface Missing {
  sourceId: number
  identifier: string
  since: Date
  /** In how many complete lists it was missing. */
  lists: number
  /** The last of them. */
  harvestId: number
}

export const missingEntity = new EntitySchema<Missing>({
  name: 'missingRecord',
  tableName: 'missing_records',
  columns: {
    sourceId: { name: 'source_id', type: 'integer', ...inKey('missing_records_pk') },
    identifier: { type: 'text', ...inKey('missing_records_pk') },
    since: { type: 'timestamptz' },
    lists: { type: 'integer' },
    harvestId: { name: 'harvest_id', type: 'integer' },
  },
  foreignKeys: [ofSource('missing_records_source_fk')],
})

/** A record that a source has and this brick does not hold from it, or is to ask it for by itself. */
export interface Way {
  sourceId: number
  identifier: string
  /** From when on it is to be asked for by itself (GetRecord); null: another source holds it, and that is well. */
  wantedAt: Date | null
  /** The source that held it until then. */
  heldBy: number | null
  /** It was deleted there: a copy that came through there is no reason to have it again. */
  deleted: boolean
  /** How often it was asked for in vain. */
  tries: number
}

export const wayEntity = new EntitySchema<Way>({
  name: 'recordWay',
  tableName: 'record_ways',
  columns: {
    sourceId: { name: 'source_id', type: 'integer', ...inKey('record_ways_pk') },
    identifier: { type: 'text', ...inKey('record_ways_pk') },
    wantedAt: { name: 'wanted_at', type: 'timestamptz', nullable: true },
    heldBy: { name: 'held_by', type: 'integer', nullable: true },
    deleted: { type: 'boolean', default: false },
    tries: { type: 'integer', default: 0 },
  },
  indices: [
    { name: 'record_ways_identifier_ix', columns: ['identifier'] },
    {
      name: 'record_ways_wanted_ix',
      columns: ['sourceId', 'wantedAt'],
      where: 'wanted_at IS NOT NULL',
    },
  ],
  foreignKeys: [ofSource('record_ways_source_fk')],
})

/** Dates between which a source could not list its records, nor name them; an open end is empty. */
export interface Gap {
  sourceId: number
  from: string
  until: string
  /** The last harvest that met it. */
  harvestId: number
}

export const gapEntity = new EntitySchema<Gap>({
  name: 'sourceGap',
  tableName: 'source_gaps',
  columns: {
    sourceId: { name: 'source_id', type: 'integer', ...inKey('source_gaps_pk') },
    from: { name: 'from_datestamp', type: 'text', ...inKey('source_gaps_pk') },
    until: { name: 'until_datestamp', type: 'text', ...inKey('source_gaps_pk') },
    harvestId: { name: 'harvest_id', type: 'integer' },
  },
  foreignKeys: [ofSource('source_gaps_source_fk')],
})

/** What a source answered when something was wrong with it, for a person to look at. */
export interface KeptPage {
  id: number
  sourceId: number
  harvestId: number
  keptAt: Date
  /** Of the diagnosis or problem. */
  code: string
  message: string
  identifier: string | null
  /** What was asked. */
  url: string
  status: number | null
  headers: JsonObject
  /** The bytes around the fault, at most 64 KiB. */
  body: Buffer
}

export const keptPageEntity = new EntitySchema<KeptPage>({
  name: 'keptPage',
  tableName: 'kept_pages',
  columns: {
    id: {
      type: 'integer',
      primary: true,
      primaryKeyConstraintName: 'kept_pages_pk',
      generated: 'increment',
    },
    sourceId: { name: 'source_id', type: 'integer' },
    harvestId: { name: 'harvest_id', type: 'integer' },
    keptAt: { name: 'kept_at', type: 'timestamptz' },
    code: { type: 'text' },
    message: { type: 'text' },
    identifier: { type: 'text', nullable: true },
    url: { type: 'text' },
    status: { type: 'integer', nullable: true },
    headers: { type: 'json' },
    body: { type: 'bytea' },
  },
  indices: [
    { name: 'kept_pages_source_ix', columns: ['sourceId', 'id'] },
    { name: 'kept_pages_harvest_ix', columns: ['harvestId'] },
  ],
  foreignKeys: [
    ofSource('kept_pages_source_fk'),
    {
      name: 'kept_pages_harvest_fk',
      target: 'harvest',
      columnNames: ['harvestId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
  ],
})

/** What of a source wants a person, from when it is noticed until the operator has been told that it is over. */
export interface Trouble {
  sourceId: number
  kind: string
  since: Date
  /** In English, as the program has it. */
  reason: string
  toldAt: Date | null
  overAt: Date | null
}

export const troubleEntity = new EntitySchema<Trouble>({
  name: 'sourceTrouble',
  tableName: 'source_troubles',
  columns: {
    sourceId: { name: 'source_id', type: 'integer', ...inKey('source_troubles_pk') },
    kind: { type: 'text', ...inKey('source_troubles_pk') },
    since: { type: 'timestamptz' },
    reason: { type: 'text' },
    toldAt: { name: 'told_at', type: 'timestamptz', nullable: true },
    overAt: { name: 'over_at', type: 'timestamptz', nullable: true },
  },
  foreignKeys: [ofSource('source_troubles_source_fk')],
})
