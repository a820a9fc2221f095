// Which index is live: an alias names it, `<prefix>` for the index `<prefix>-<time>-<random>`. The identity of the index
// is its name and the identifier that Elasticsearch gave it.
import { randomBytes } from 'node:crypto'
import { errors, type Client, type estypes } from '@elastic/elasticsearch'
import type { Database } from '../../db/db.ts'
import { beginRebuild } from '../rebuild.ts'
import { mappings, settings, shape } from './mapping.ts'

export interface Made {
  /** The alias, and what the names of its indexes begin with. */
  prefix: string
  shards: number
}

export interface Live {
  index: string
  identity: string
  /** Whether this code can use it. */
  fits: boolean
}

const makingLock = 7_261_007

const nameOf = (prefix: string): string => {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  return `${prefix}-${time}-${randomBytes(4).toString('hex')}`
}

export const isGone = (error: unknown): boolean =>
  error instanceof errors.ResponseError && error.statusCode === 404

/**
 * What an alias names, or an index by its own name.
 * @throws when it is not one of ours
 */
async function find(client: Client, name: string): Promise<Live | undefined> {
  const found = await client.indices
    .get({ index: name, filter_path: '*.settings.index.uuid,*.mappings._meta' })
    .catch((error: unknown) => {
      if (isGone(error)) return {}
      throw error
    })
  const [first, second] = Object.entries(found)
  if (!first) return undefined
  const [index, state] = first
  const uuid = state.settings?.index?.uuid
  if (second || !uuid) throw new Error(`"${name}" in Elasticsearch is not one index.`)
  return {
    index,
    identity: `${index}-${uuid}`,
    fits: state.mappings?._meta?.['shape'] === shape,
  }
}

/** @throws when something else bears the name */
export async function live(client: Client, prefix: string): Promise<Live | undefined> {
  const found = await find(client, prefix)
  if (found?.index === prefix)
    throw new Error(
      `"${prefix}" in Elasticsearch is an index, not our alias: delete it, or set CAMPA_ELASTICSEARCH_INDEX.`,
    )
  return found
}

/** Makes the index if there is none that fits. Processes that start together make one, not two. */
export async function ensureLive(
  client: Client,
  db: Database,
  made: Made,
): Promise<Live & { fresh: boolean }> {
  const { prefix } = made
  const before = await live(client, prefix)
  if (before?.fits) return { ...before, fresh: false }
  return db.transaction(async (gate) => {
    await gate.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [makingLock, prefix])
    const now = await live(client, prefix)
    if (now?.fits) return { ...now, fresh: false }
    const index = await makeIndex(client, made)
    await replace(client, prefix, index)
    const found = await live(client, prefix)
    if (!found) throw new Error(`The index ${index} has been made and is not there.`)
    return { ...found, fresh: true }
  })
}

async function makeIndex(
  client: Client,
  { prefix, shards }: Made,
  quick: estypes.IndicesIndexSettings = {},
): Promise<string> {
  const index = nameOf(prefix)
  const asWanted = { ...settings, number_of_shards: shards, ...quick }
  await client.indices.create({ index, mappings, settings: asWanted })
  return index
}

/** In one step: the alias names the new index, and the one that it named before is gone. */
async function replace(client: Client, prefix: string, index: string): Promise<void> {
  const before = await live(client, prefix)
  await client.indices.updateAliases({
    actions: [
      ...(before ? [{ remove_index: { index: before.index } }] : []),
      { add: { index, alias: prefix } },
    ],
  })
}

// Exactly ours: another brick's prefix may begin with this one's.
async function removeOrphans(client: Client, prefix: string): Promise<void> {
  const ours = new RegExp(`^${prefix}-\\d{14}-[0-9a-f]{8}$`)
  const found = await client.indices.get({ index: `${prefix}-*`, filter_path: '*.aliases' })
  for (const [index, { aliases }] of Object.entries(found)) {
    if (ours.test(index) && !Object.keys(aliases ?? {}).length)
      await client.indices.delete({ index })
  }
}

export interface NewIndex {
  index: string
  identity: string
  finish(): Promise<void>
  abandon(): Promise<void>
}

/**
 * An empty index beside the live one. Only one process makes one; so what has no alias was left behind by one that was
 * killed.
 * @throws conflict when another process is making one
 */
export async function beside(client: Client, db: Database, made: Made): Promise<NewIndex> {
  const { prefix } = made
  const gate = await beginRebuild(db, prefix)
  let open = true
  try {
    await removeOrphans(client, prefix)
    // Nobody searches it yet: no copies, no refreshing.
    const quick = { refresh_interval: '-1', auto_expand_replicas: 'false', number_of_replicas: 0 }
    const index = await makeIndex(client, made, quick)
    const found = await find(client, index)
    return {
      index,
      identity: found?.identity ?? index,
      async finish() {
        const { refresh_interval, auto_expand_replicas } = settings
        await client.indices.putSettings({
          index,
          settings: { refresh_interval, auto_expand_replicas } as object,
        })
        await client.indices.refresh({ index })
        await replace(client, prefix, index)
        open = false
        await gate.leave()
      },
      async abandon() {
        if (open)
          await client.indices
            .delete({ index, ignore_unavailable: true })
            .finally(() => gate.leave())
        open = false
      },
    }
  } catch (error) {
    await gate.leave()
    throw error
  }
}
