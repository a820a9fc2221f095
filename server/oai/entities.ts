import { EntitySchema } from 'typeorm'

/** What one program from one network asked of one list, or beside all lists. */
export interface VisitRow {
  /** Network of the client: its address is not kept. */
  client: string
  /** User-Agent. */
  agent: string
  /** metadataPrefix and set of the list; both empty: questions without a list. */
  listPrefix: string
  listSet: string
  /** From header, where it says whom to write to. */
  contact: string | null
  requests: number
  records: number
  bytes: number
  /** How often each error was met. */
  errors: Record<string, number>
  firstSeen: Date
  lastSeen: Date
  /** When it last came to the end of the list. */
  lastComplete: Date | null
  /** The window that it asked for when it last began. */
  walkedFrom: string | null
  walkedUntil: string | null
  /** Records behind it in the walk under way; null: none is. */
  walkedRecords: number | null
  /** Length of the list that it walks, where that is known. */
  walkedSize: number | null
}

const key = { type: 'text', primary: true, primaryKeyConstraintName: 'oai_visits_pk' } as const

export const visitEntity = new EntitySchema<VisitRow>({
  name: 'oaiVisit',
  tableName: 'oai_visits',
  columns: {
    client: key,
    agent: key,
    listPrefix: { ...key, name: 'list_prefix' },
    listSet: { ...key, name: 'list_set' },
    contact: { type: 'text', nullable: true },
    requests: { type: 'bigint', default: 0 },
    records: { type: 'bigint', default: 0 },
    bytes: { type: 'bigint', default: 0 },
    errors: { type: 'jsonb', default: {} },
    firstSeen: { name: 'first_seen', type: 'timestamptz' },
    lastSeen: { name: 'last_seen', type: 'timestamptz' },
    lastComplete: { name: 'last_complete', type: 'timestamptz', nullable: true },
    walkedFrom: { name: 'walked_from', type: 'text', nullable: true },
    walkedUntil: { name: 'walked_until', type: 'text', nullable: true },
    walkedRecords: { name: 'walked_records', type: 'bigint', nullable: true },
    walkedSize: { name: 'walked_size', type: 'bigint', nullable: true },
  },
})

/** A record as it was written in a format. */
export interface KeptText {
  /** Stands for the format and all that it is written with (kept.ts). */
  format: number
  /** Number of the record on the line. */
  sequence: number
  text: string
}

export const keptTextEntity = new EntitySchema<KeptText>({
  name: 'keptText',
  tableName: 'kept_texts',
  columns: {
    format: { type: 'bigint', primary: true, primaryKeyConstraintName: 'kept_texts_pk' },
    sequence: { type: 'bigint', primary: true, primaryKeyConstraintName: 'kept_texts_pk' },
    text: { type: 'text' },
  },
})
