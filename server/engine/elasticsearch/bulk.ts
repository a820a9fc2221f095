// Documents into Elasticsearch: bulk requests of a megabyte, one after the other, so that it sets the pace; the next is
// written while one is on its way. What it is too busy for is tried again; what it refuses for what it is, is returned;
// what it cannot do is an error.
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { errors, type Client, type estypes } from '@elastic/elasticsearch'
import type { Changes, Refused } from '../engine.ts'
import { indexed } from './mapping.ts'

const requestSize = 2 ** 20
const mostTries = 8
/** So many are written without a pause: the request that is on its way, and whoever else waits, get their turn. */
const atOnce = 50

type Answered = Pick<estypes.BulkResponseItem, 'status' | 'error'>

interface Operation {
  id: string
  /** Its lines. */
  text: string
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
  let sending: Promise<Refused[]> = Promise.resolve([])
  const flush = async (): Promise<void> => {
    refused.push(...(await sending))
    sending = send(client, target, alias, waiting)
    // Looked at when the next one is ready.
    sending.catch(() => undefined)
    waiting = []
    size = 0
  }
  let made = 0
  for (const operation of operations(changes)) {
    if (size + operation.text.length > requestSize) await flush()
    waiting.push(operation)
    size += operation.text.length
    if (++made % atOnce === 0) await turn()
  }
  await flush()
  return [...refused, ...(await sending)]
}

function* operations({ upserts, deletes }: Changes): Generator<Operation> {
  // The number on the line is the version: an older change that comes late is refused by Elasticsearch itself.
  const at = (id: string, version: number): string =>
    `{"_id":${JSON.stringify(id)},"version":${version},"version_type":"external_gte"}`
  for (const document of upserts) {
    const { id, sequence } = document
    yield { id, text: `{"index":${at(id, sequence)}}\n${indexed(document)}\n` }
  }
  for (const { id, sequence } of deletes) yield { id, text: `{"delete":${at(id, sequence)}}\n` }
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
    let items: Answered[] | undefined
    try {
      items = await post(client, target, alias, left)
      if (!items) return refused
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

// Bytes, which the client sends as they are: strings it would put together and look through once more. One piece of
// memory goes round, for what lies outside of V8's heap its collector is slow to give back.
const mostBytes = 3
let spare: Buffer | undefined

function written(operations: Operation[], room: Buffer): Buffer {
  const length = operations.reduce((sum, { text }) => sum + text.length, 0)
  if (length * mostBytes > room.length)
    return Buffer.from(operations.map(({ text }) => text).join(''))
  let end = 0
  for (const { text } of operations) end += room.write(text, end)
  return room.subarray(0, end)
}

/** What became of each; nothing where all went well. */
async function post(
  client: Client,
  index: string,
  require_alias: boolean,
  operations: Operation[],
): Promise<Answered[] | undefined> {
  const room = spare ?? Buffer.allocUnsafeSlow(mostBytes * requestSize)
  spare = undefined
  const answer = await client.transport.request<{
    errors: boolean
    items: Record<string, Answered>[]
  }>({
    method: 'POST',
    path: `/${encodeURIComponent(index)}/_bulk`,
    querystring: { require_alias, filter_path: 'errors,items.*.status,items.*.error' },
    bulkBody: written(operations, room),
  })
  spare = room
  if (answer.errors === false) return undefined
  return answer.items.flatMap((item) => Object.values(item)[0] ?? [])
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
