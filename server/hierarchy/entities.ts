import { EntitySchema } from 'typeorm'

/** What the operator has done with a thing that came from above. */
export interface Mark {
  /** Of the thing that is shared. */
  id: string
  readAt: Date | null
  /** When the operator was told of it by mail, where it was urgent. */
  toldAt: Date | null
  adoptedAt: Date | null
  /** Of what was adopted: another one is a newer form of it. */
  hash: string | null
}

export const markEntity = new EntitySchema<Mark>({
  name: 'sharedMark',
  tableName: 'shared_marks',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'shared_marks_pk' },
    readAt: { name: 'read_at', type: 'timestamptz', nullable: true },
    toldAt: { name: 'told_at', type: 'timestamptz', nullable: true },
    adoptedAt: { name: 'adopted_at', type: 'timestamptz', nullable: true },
    hash: { type: 'text', nullable: true },
  },
})

/** A repository that asks to be harvested. */
export interface JoinRequest {
  id: number
  /** Base URL of its OAI-PMH door. */
  url: string
  /** What it said of itself. */
  identify: Record<string, unknown>
  formats: string[]
  /** How many records it says it has. */
  records: number | null
  askedAt: Date
  /** To whom the mail went; null: none could be sent. */
  mailedTo: string | null
  /** SHA-256 of what the link in the mail holds; null: used, or there was no mail. */
  token: string | null
  expiresAt: Date
  confirmedAt: Date | null
  decidedAt: Date | null
  decision: 'taken' | 'refused' | null
}

export const joinRequestEntity = new EntitySchema<JoinRequest>({
  name: 'joinRequest',
  tableName: 'join_requests',
  columns: {
    id: {
      type: 'integer',
      primary: true,
      primaryKeyConstraintName: 'join_requests_pk',
      generated: 'increment',
    },
    url: { type: 'text' },
    identify: { type: 'json' },
    formats: { type: 'json' },
    records: { type: 'bigint', nullable: true },
    askedAt: { name: 'asked_at', type: 'timestamptz', default: () => 'now()' },
    mailedTo: { name: 'mailed_to', type: 'text', nullable: true },
    token: { type: 'text', nullable: true },
    expiresAt: { name: 'expires_at', type: 'timestamptz' },
    confirmedAt: { name: 'confirmed_at', type: 'timestamptz', nullable: true },
    decidedAt: { name: 'decided_at', type: 'timestamptz', nullable: true },
    decision: { type: 'text', nullable: true },
  },
  uniques: [{ name: 'join_requests_token_uq', columns: ['token'] }],
  indices: [{ name: 'join_requests_url_ix', columns: ['url', 'askedAt'] }],
})

/** One try of somebody from outside, kept for a day: what they may do is counted by these. */
export interface JoinAttempt {
  id: number
  /** The network that it came from. */
  network: string
  /** The host that it wanted us to ask. */
  host: string
  at: Date
}

export const joinAttemptEntity = new EntitySchema<JoinAttempt>({
  name: 'joinAttempt',
  tableName: 'join_attempts',
  columns: {
    id: {
      type: 'integer',
      primary: true,
      primaryKeyConstraintName: 'join_attempts_pk',
      generated: 'increment',
    },
    network: { type: 'text' },
    host: { type: 'text' },
    at: { type: 'timestamptz', default: () => 'now()' },
  },
  indices: [{ name: 'join_attempts_at_ix', columns: ['at'] }],
})
