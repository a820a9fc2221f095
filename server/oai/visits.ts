// Who harvests this brick. Visits are added up in memory and written every few seconds, so no answer waits for them; any
// number of servers add to the same rows. Memory and table are bounded, whatever names programs give themselves.
import ipaddr from 'ipaddr.js'
import { oaiErrorCodes, type OaiErrorCode } from '../../schemas/oai.ts'
import { xmlSafe } from '../../schemas/xml.ts'
import type { Context } from '../context.ts'
import type { VisitRow } from './entities.ts'

/** An error of the protocol; sent away (503), failed (500), or the client hung up before the end. */
export type VisitError = OaiErrorCode | 'busy' | 'failed' | 'cut'

export const visitErrors: VisitError[] = [...oaiErrorCodes, 'busy', 'failed', 'cut']

/** One request, told when its answer is through. */
export interface OaiVisit {
  /** IP address; only its network is kept. */
  client: string
  /** User-Agent. */
  agent: string
  /** From header. */
  contact?: string | undefined
  verb?: string | undefined
  /** Of the list, also where a token stands for them. */
  metadataPrefix?: string | undefined
  set?: string | undefined
  /** The window asked for, as it was written. */
  from?: string | undefined
  until?: string | undefined
  /** Records or headers in the answer. */
  records: number
  bytes: number
  error?: VisitError | undefined
  /** Whether a list came to its end. */
  done: boolean
  /** Records of the list before this answer, and in all. */
  position?: { cursor: number; completeListSize?: number | undefined } | undefined
}

/** What is added to one row. */
interface Tally extends VisitRow {
  /** Whether anything is said of a walk, and whether it began here. */
  walked: boolean
  began: boolean
}

interface Ledger {
  tallies: Map<string, Tally>
  agents: Map<string, Set<string>>
  writing: Promise<void> | undefined
}

const bounds = {
  /** Rows gathered between two writings. */
  gathered: 1000,
  /** Programs of one network: who changes its name at every request is one of these, then one of the others. */
  agentsOfNetwork: 20,
  harvesters: 500,
  listsOfHarvester: 40,
  text: 200,
}

const ledgers = new WeakMap<Context, Ledger>()

function ledgerOf(ctx: Context): Ledger {
  const known = ledgers.get(ctx)
  if (known) return known
  const made: Ledger = { tallies: new Map(), agents: new Map(), writing: undefined }
  ledgers.set(ctx, made)
  return made
}

/** The network of an address: /24 of IPv4, /48 of IPv6. */
export function networkOf(client: string): string {
  if (!ipaddr.isValid(client)) return ''
  const address = ipaddr.process(client)
  const length = address.kind() === 'ipv4' ? 24 : 48
  const bytes = address.toByteArray().map((byte, index) => (index * 8 < length ? byte : 0))
  return `${ipaddr.fromByteArray(bytes).toString()}/${length}`
}

// What a program says of itself may be anything.
const bounded = (text: string): string => xmlSafe(text.slice(0, bounds.text)).trim()

const listing = ['ListRecords', 'ListIdentifiers']
const ofLists: (VisitError | undefined)[] = [undefined, 'noRecordsMatch', 'failed', 'cut']

/** Notes a visit; takes no time and never fails. */
export function noteVisit(ctx: Context, visit: OaiVisit): void {
  try {
    add(ledgerOf(ctx), tallyOf(ctx, visit))
  } catch (error) {
    ctx.log.warn({ err: error }, 'a visit of a harvester was not noted')
  }
}

function tallyOf(ctx: Context, visit: OaiVisit): Tally {
  const now = ctx.clock()
  const { error, metadataPrefix, set, position, records, bytes } = visit
  // A list that there is not is no list: its name is whatever somebody typed.
  const inList =
    listing.includes(visit.verb ?? '') && metadataPrefix !== undefined && ofLists.includes(error)
  const walked = inList && (error === undefined || error === 'noRecordsMatch')
  const complete = walked && (visit.done || error === 'noRecordsMatch')
  const cursor = position?.cursor ?? 0
  return {
    client: networkOf(visit.client),
    agent: bounded(visit.agent),
    listPrefix: inList ? bounded(metadataPrefix) : '',
    listSet: inList ? bounded(set ?? '') : '',
    contact: bounded(visit.contact ?? '') || null,
    requests: 1,
    records,
    bytes,
    errors: error ? { [error]: 1 } : {},
    firstSeen: now,
    lastSeen: now,
    lastComplete: complete ? now : null,
    walked,
    began: walked && cursor === 0,
    walkedFrom: bounded(visit.from ?? '') || null,
    walkedUntil: bounded(visit.until ?? '') || null,
    walkedRecords: walked && !complete ? cursor + records : null,
    walkedSize: walked && !complete ? (position?.completeListSize ?? null) : null,
  }
}

const keyOf = (each: Tally): string =>
  JSON.stringify([each.client, each.agent, each.listPrefix, each.listSet])

function add(ledger: Ledger, tally: Tally): void {
  const known = ledger.tallies.get(keyOf(tally))
  if (known) return merge(known, tally)
  const agents = ledger.agents.get(tally.client) ?? new Set<string>()
  const full =
    ledger.tallies.size >= bounds.gathered ||
    (agents.size >= bounds.agentsOfNetwork && !agents.has(tally.agent))
  if (!full) {
    ledger.agents.set(tally.client, agents.add(tally.agent))
    ledger.tallies.set(keyOf(tally), tally)
    return
  }
  // Counted all the same, with all others that there is no room for.
  const other: Tally = {
    ...tally,
    client: '',
    agent: '',
    listPrefix: '',
    listSet: '',
    contact: null,
  }
  const others = ledger.tallies.get(keyOf(other))
  if (others) merge(others, { ...other, walked: false, lastComplete: null })
  else ledger.tallies.set(keyOf(other), { ...other, walked: false, lastComplete: null })
}

function merge(sum: Tally, { errors, ...later }: Tally): void {
  sum.requests += later.requests
  sum.records += later.records
  sum.bytes += later.bytes
  for (const [code, count] of Object.entries(errors)) {
    sum.errors[code] = (sum.errors[code] ?? 0) + count
  }
  sum.contact = later.contact ?? sum.contact
  if (later.firstSeen < sum.firstSeen) sum.firstSeen = later.firstSeen
  if (later.lastSeen < sum.lastSeen) return
  sum.lastSeen = later.lastSeen
  sum.lastComplete = later.lastComplete ?? sum.lastComplete
  if (!later.walked) return
  sum.walked = true
  sum.walkedRecords = later.walkedRecords
  sum.walkedSize = later.walkedSize
  if (!later.began) return
  sum.began = true
  sum.walkedFrom = later.walkedFrom
  sum.walkedUntil = later.walkedUntil
}

const everySeconds = 5

/** Writes what is gathered from now on, every few seconds and once more when the returned function is called. */
export function keepVisits(ctx: Context): () => Promise<void> {
  const timer = setInterval(() => void writeVisits(ctx), everySeconds * 1000)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await writeVisits(ctx)
  }
}

/** Writes what was gathered until now; where it cannot be written it is kept for the next time. */
export async function writeVisits(ctx: Context): Promise<void> {
  const ledger = ledgerOf(ctx)
  await ledger.writing
  if (!ledger.tallies.size) return
  const tallies = [...ledger.tallies.values()]
  ledger.tallies = new Map()
  ledger.agents = new Map()
  ledger.writing = write(ctx, tallies)
    .catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'the visits of harvesters could not be written yet')
      const since = [...ledger.tallies.values()]
      ledger.tallies = new Map()
      ledger.agents = new Map()
      for (const each of [...tallies, ...since]) add(ledger, each)
    })
    .finally(() => (ledger.writing = undefined))
  await ledger.writing
}

const lock = 7_261_020

async function write(ctx: Context, tallies: Tally[]): Promise<void> {
  await ctx.db.transaction(async (client) => {
    // One server at a time: two that write the same rows in another order would wait for each other for ever.
    await client.query(`SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))`, [lock])
    const { rowCount } = await client.query(addUp, [JSON.stringify(tallies)])
    if (rowCount) {
      await client.query(forget, [
        bounds.listsOfHarvester,
        bounds.agentsOfNetwork,
        bounds.harvesters,
      ])
    }
  })
}

const addUp = `
WITH given AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS t (
    client text, agent text, "listPrefix" text, "listSet" text, contact text,
    requests bigint, records bigint, bytes bigint, errors jsonb,
    "firstSeen" timestamptz, "lastSeen" timestamptz, "lastComplete" timestamptz, walked boolean, began boolean,
    "walkedFrom" text, "walkedUntil" text, "walkedRecords" bigint, "walkedSize" bigint)
), known AS (
  UPDATE oai_visits AS v SET
    contact = coalesce(g.contact, v.contact),
    requests = v.requests + g.requests,
    records = v.records + g.records,
    bytes = v.bytes + g.bytes,
    errors = (
      SELECT coalesce(jsonb_object_agg(code, sum), '{}') FROM (
        SELECT key AS code, sum(value::bigint) AS sum
        FROM (SELECT * FROM jsonb_each_text(v.errors) UNION ALL SELECT * FROM jsonb_each_text(g.errors)) AS met
        GROUP BY key) AS summed),
    first_seen = least(v.first_seen, g."firstSeen"),
    last_seen = greatest(v.last_seen, g."lastSeen"),
    last_complete = greatest(v.last_complete, g."lastComplete"),
    walked_records = CASE WHEN g.walked AND g."lastSeen" >= v.last_seen THEN g."walkedRecords" ELSE v.walked_records END,
    walked_size = CASE WHEN g.walked AND g."lastSeen" >= v.last_seen THEN g."walkedSize" ELSE v.walked_size END,
    walked_from = CASE WHEN g.began AND g."lastSeen" >= v.last_seen THEN g."walkedFrom" ELSE v.walked_from END,
    walked_until = CASE WHEN g.began AND g."lastSeen" >= v.last_seen THEN g."walkedUntil" ELSE v.walked_until END
  FROM given AS g
  WHERE v.client = g.client AND v.agent = g.agent
    AND v.list_prefix = g."listPrefix" AND v.list_set = g."listSet"
  RETURNING v.client, v.agent, v.list_prefix, v.list_set
)
INSERT INTO oai_visits (client, agent, list_prefix, list_set, contact, requests, records, bytes, errors,
  first_seen, last_seen, last_complete, walked_from, walked_until, walked_records, walked_size)
SELECT client, agent, "listPrefix", "listSet", contact, requests, records, bytes, errors,
  "firstSeen", "lastSeen", "lastComplete", "walkedFrom", "walkedUntil", "walkedRecords", "walkedSize"
FROM given AS g
WHERE NOT EXISTS (
  SELECT FROM known AS k
  WHERE k.client = g.client AND k.agent = g.agent AND k.list_prefix = g."listPrefix" AND k.list_set = g."listSet")`

// The oldest go first; to have come to the end of a list is worth three months, so that a crowd of passers-by does not push
// those out who really harvest.
const forget = `
WITH harvesters AS (
  SELECT client, agent,
    max(last_seen) + CASE WHEN bool_or(last_complete IS NOT NULL) THEN interval '90 days' ELSE interval '0' END AS worth
  FROM oai_visits GROUP BY client, agent
), of_network AS (
  SELECT *, row_number() OVER (PARTITION BY client ORDER BY worth DESC, agent) AS place FROM harvesters
), kept AS (
  SELECT client, agent FROM of_network WHERE place <= $2 ORDER BY worth DESC, client, agent LIMIT $3
), lists AS (
  SELECT v.ctid AS row, row_number() OVER (PARTITION BY v.client, v.agent ORDER BY v.last_seen DESC, v.list_prefix, v.list_set) AS place
  FROM oai_visits AS v JOIN kept USING (client, agent)
)
DELETE FROM oai_visits WHERE ctid NOT IN (SELECT row FROM lists WHERE place <= $1)`
