// Documents into Elasticsearch: bulk requests of some megabytes, one after the other, so that it sets the pace. What it
// is too busy for is tried again; what it refuses for what it is, is returned; what it cannot do is an error.
import { setTimeout as sleep } from 'node:timers/promises'
import { errors, type Client, type estypes } from '@elastic/elasticsearch'
import type { Changes, Refused } from '../engine.ts'
import { indexed } from './mapping.ts'

const requestSize = 4 * 2 ** 20
const mostTries = 8

type Answered = estypes.BulkResponseItem

interface Operation {
  id: string
  lines: string[]
  size: number
}

/** @param alias whether `target` must be an alias: else a bulk into nothing would make an index of that name */
export async function bulk(
  client: Client,
  target: string,
  alias: boolean,
  changes: Changes,
): Promise<Refused[]> {
  const refused: Refused[] = []
  let waiting: Operation[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    if (waiting.length) refused.push(...(await send(client, target, alias, waiting)))
    waiting = []
    size = 0
  }
  for (const operation of operations(changes)) {
    if (size + operation.size > requestSize) await flush()
    waiting.push(operation)
    size += operation.size
  }
  await flush()
  return refused
}

function* operations({ upserts, deletes }: Changes): Generator<Operation> {
  const make = (id: string, action: object, body?: object): Operation => {
    const lines = [JSON.stringify(action), ...(body ? [JSON.stringify(body)] : [])]
    return { id, lines, size: lines.reduce((sum, line) => sum + line.length, 0) }
  }
  // The number on the line is the version: an older change that comes late is refused by Elasticsearch itself.
  const at = (id: string, version: number) => ({ _id: id, version, version_type: 'external_gte' })
  for (const document of upserts)
    yield make(document.id, { index: at(document.id, document.sequence) }, indexed(document))
  for (const { id, sequence } of deletes) yield make(id, { delete: at(id, sequence) })
}

async function send(
  client: Client,
  target: string,
  alias: boolean,
  operations: Operation[],
): Promise<Refused[]> {
  const refused: Refused[] = []
  let left = operations
  for (let tries = 1; left.length; tries++) {
    let items: Answered[]
    try {
      items = await post(client, target, alias, left)
    } catch (error) {
      if (!isOfRequest(error)) throw error
      return [...refused, ...(await sendHalves(client, target, alias, left, error))]
    }
    const busy: Operation[] = []
    for (const [index, operation] of left.entries()) {
      const answer = items[index]
      const verdict = answer ? judge(answer) : 'busy'
      if (verdict === 'busy') busy.push(operation)
      if (verdict === 'refused')
        refused.push({ id: operation.id, reason: reasonOf(answer?.error) ?? `${answer?.status}` })
    }
    if (busy.length && tries === mostTries)
      throw new Error(`Elasticsearch has been too busy for ${busy.length} changes ${tries} times`)
    if (busy.length) await sleep(Math.min(100 * 2 ** tries, 10_000) * (0.5 + Math.random() / 2))
    left = busy
  }
  return refused
}

async function post(
  client: Client,
  index: string,
  require_alias: boolean,
  operations: Operation[],
): Promise<Answered[]> {
  const lines = operations.flatMap((each) => each.lines)
  const { items } = await client.bulk({ index, require_alias, operations: lines })
  return items.flatMap((item) => Object.values(item)[0] ?? [])
}

// One document can make Elasticsearch refuse the whole request, or be too much with the others: halves find it.
const isOfRequest = (error: unknown): error is errors.ResponseError =>
  error instanceof errors.ResponseError && [400, 413].includes(error.statusCode ?? 0)

async function sendHalves(
  client: Client,
  target: string,
  alias: boolean,
  operations: Operation[],
  error: errors.ResponseError,
): Promise<Refused[]> {
  const [only, ...others] = operations
  if (only && !others.length) return [{ id: only.id, reason: error.message }]
  const middle = Math.ceil(operations.length / 2)
  return [
    ...(await send(client, target, alias, operations.slice(0, middle))),
    ...(await send(client, target, alias, operations.slice(middle))),
  ]
}

/** @throws when the index itself is gone */
function judge({ status, error }: Answered): 'done' | 'busy' | 'refused' {
  if (error?.type === 'index_not_found_exception')
    throw new Error(`The search index is gone: ${reasonOf(error)}`)
  if (status === 429 || status >= 500) return 'busy'
  // 409: a newer one is there already; 404: what is to be removed is not there.
  return status < 300 || status === 409 || status === 404 ? 'done' : 'refused'
}

function reasonOf(error: estypes.ErrorCause | undefined): string | undefined {
  if (!error) return undefined
  const cause = error.caused_by ? ` (${reasonOf(error.caused_by)})` : ''
  return `${error.reason ?? error.type}${cause}`
}
