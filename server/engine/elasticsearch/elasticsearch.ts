// The engine of a root: an index in Elasticsearch, behind an alias.
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, errors, type estypes } from '@elastic/elasticsearch'
import type { Logger } from 'pino'
import type { Database } from '../../db/db.ts'
import { messageOf, unavailable } from '../../http/errors.ts'
import type { Changes, Engine, Refused } from '../engine.ts'
import { planOf } from '../plan.ts'
import { bulk } from './bulk.ts'
import { beside, ensureLive, isGone, type Made } from './indexes.ts'
import { logRefused } from '../refused.ts'
import { alikeRequest, documentsOf, requestOf, resultOf, type Answer } from './query.ts'
import { nearest, overlook } from '../prints.ts'

// To make changes findable costs as much as hundreds of them.
const settlePause = 1000

const readerOf = (identity: string): string => `search-elasticsearch-${identity}`

function findableSoon(client: Client, index: string) {
  let settled = -Infinity
  return {
    isStale: false,
    async settle(): Promise<void> {
      if (!this.isStale || performance.now() - settled < settlePause) return
      await client.indices.refresh({ index })
      settled = performance.now()
      this.isStale = false
    },
  }
}

/** @param made how its index is named and made */
export function elasticsearchEngine(
  nodes: string[],
  made: Made,
  db: Database,
  log: Logger,
): Engine {
  // Once more at each of the others, for one that is down is no reason to wait.
  const client = new Client({ nodes, maxRetries: nodes.length, requestTimeout: 30_000 })
  const { prefix } = made
  let ready: Promise<unknown> | undefined
  const findable = findableSoon(client, prefix)

  // Asked again until it has been there once.
  const once = async (): Promise<void> => {
    ready ??= ensureLive(client, db, made)
    await ready.catch((error: unknown) => {
      ready = undefined
      throw error
    })
  }

  const apply = (target: string, alias: boolean, changes: Changes): Promise<Refused[]> =>
    put(client, target, alias, changes, log)
  const answered = (request: estypes.SearchRequest): Promise<Answer> =>
    answer(client, once, { index: prefix, ...request }, log)

  return {
    name: 'elasticsearch',

    async prepare() {
      const { identity, fresh } = await ensureLive(client, db, made)
      return { reader: readerOf(identity), fresh }
    },

    async apply(changes) {
      await once()
      findable.isStale = true
      return apply(prefix, true, changes)
    },

    async refresh() {
      await once()
      await client.indices.refresh({ index: prefix })
    },

    settle: () => findable.settle(),

    async search(query) {
      const plan = planOf(query)
      return resultOf(plan, await answered(requestOf(plan)))
    },

    async alike(sought, limit) {
      if (!sought.prints.length) return []
      const found = await answered(alikeRequest(sought.prints, limit * overlook))
      return nearest(documentsOf(found), sought, limit)
    },

    async rebuild() {
      const next = await beside(client, db, made)
      return {
        reader: readerOf(next.identity),
        apply: (changes) => apply(next.index, false, changes),
        finish: () => next.finish(),
        abandon: () => next.abandon(),
      }
    },

    async check() {
      const status = await healthOf(client)
      if (status === 'red')
        throw unavailable('Elasticsearch answers, but part of it is missing (red).')
    },

    close: () => client.close(),
  }
}

async function put(
  client: Client,
  target: string,
  alias: boolean,
  changes: Changes,
  log: Logger,
): Promise<Refused[]> {
  try {
    return logRefused(log, await bulk(client, target, alias, changes))
  } catch (cause) {
    throw new Error(`could not write to the index ${target}: ${messageOf(cause)}`, { cause })
  }
}

async function answer(
  client: Client,
  once: () => Promise<void>,
  request: estypes.SearchRequest,
  log: Logger,
): Promise<Answer> {
  try {
    await once()
    return await ask(client, request)
  } catch (error) {
    throw forVisitors(error, log)
  }
}

async function healthOf(client: Client): Promise<string> {
  try {
    const health = await client.cluster.health({ timeout: '2s' }, { requestTimeout: 5000 })
    return health.status
  } catch (cause) {
    throw unavailable(
      `Elasticsearch does not answer (ELASTICSEARCH_URL): ${messageOf(cause)}. Start it, or leave the setting out and PostgreSQL searches.`,
      { cause },
    )
  }
}

// A search that was under way when a rebuilt index took the place of the old one has lost it: it asks again, and once
// more, for a busy cluster takes a moment to open the new one.
async function ask(client: Client, request: estypes.SearchRequest): Promise<Answer> {
  for (const pause of [100, 400, 0]) {
    try {
      return await client.search(request)
    } catch (error) {
      if (pause === 0 || !isLost(error)) throw error
      await sleep(pause)
    }
  }
  throw new Error('unreachable: the last attempt returns or throws')
}

// An index that goes while a search reads it says what it misses first.
const isLost = (error: unknown): boolean =>
  error instanceof errors.ResponseError &&
  (error.statusCode === 404 || error.statusCode === 503 || /\bis closed\b/.test(error.message))

// What is wrong with Elasticsearch, or with the way to it, is told to visitors as "not now"; a request that it does not
// understand is a fault of ours.
function forVisitors(error: unknown, log: Logger): unknown {
  if (!(error instanceof errors.ElasticsearchClientError)) return error
  const busy =
    error instanceof errors.ResponseError && [429, 502, 503, 504].includes(error.statusCode ?? 0)
  if (error instanceof errors.ResponseError && !busy && !isGone(error))
    return new Error(`Elasticsearch refused a search: ${error.message}`, { cause: error })
  log.warn({ err: error }, 'Elasticsearch does not answer')
  return unavailable(
    'The search index does not answer at the moment; everything else works. Try again later.',
  )
}
