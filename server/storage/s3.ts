// A store of the S3 kind: an object appears whole or not at all, is read in ranges, and never becomes other bytes.
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  type GetObjectCommandOutput,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Bucket } from '../../config/config.ts'
import { clear, forget, withPath } from './aside.ts'
import { isMissing, isOutside, isUnheardOf, told } from './s3-errors.ts'
import {
  checkKey,
  digest,
  endsBefore,
  reading,
  Missing,
  StoreError,
  type Opened,
  type Storage,
} from './storage.ts'

export interface S3Options extends Bucket {
  region: string
  style: 'path' | 'host'
  /** Undefined: those that the machine is given. */
  keys: { id: string; secret: string; token: string | undefined } | undefined
  /** A folder for files on their way. */
  aside: string
}

interface Store {
  client: S3Client
  place: S3Options
}

interface Stretch {
  start?: number
  /** The last byte, as HTTP counts. */
  end?: number
  /** Of what was read before. */
  etag?: string | undefined
  signal?: AbortSignal
}

// An answer that stands still for so long is asked for again.
const stillFor = 30_000
// Each visitor who takes his time for a download holds one.
const connections = 256
const tries = 4
// Two of them stand in memory for each file that is sent.
const part = 8 * 2 ** 20
const mostParts = 10_000
// The head of a pyramid, or most often all of a cut edge.
const firstBlock = 65_536

/** @throws with a sentence for the operator when the store cannot be used */
export async function openBucket(place: S3Options): Promise<Storage> {
  const client = clientOf(place)
  try {
    // Who asks for the bucket alone is refused without a reason.
    await client.send(
      new ListObjectsV2Command({ Bucket: place.bucket, Prefix: place.prefix, MaxKeys: 1 }),
    )
  } catch (error) {
    client.destroy()
    throw told(error, place)
  }
  await clear(place.aside)
  return storageOf({ client, place })
}

function clientOf({ endpoint, region, style, keys }: S3Options): S3Client {
  const agent = { keepAlive: true, maxSockets: connections }
  return new S3Client({
    region,
    ...(endpoint === undefined
      ? { followRegionRedirects: true }
      : { endpoint, forcePathStyle: style === 'path' }),
    ...(keys && {
      credentials: {
        accessKeyId: keys.id,
        secretAccessKey: keys.secret,
        ...(keys.token !== undefined && { sessionToken: keys.token }),
      },
    }),
    maxAttempts: tries,
    // Many stores refuse what the SDK would add; all compare the SHA-256 of what is sent, which is in its signature.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 5000,
      socketTimeout: stillFor,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
}

function storageOf(store: Store): Storage {
  const { client, place } = store
  return {
    async put(key, write, use) {
      await withPath(place.aside, checkKey(key), 'part', async (path) => {
        await write(path)
        await upload(store, key, path)
        await use?.(path)
      })
    },
    async has(key) {
      try {
        await head(store, key)
        return true
      } catch (error) {
        if (error instanceof Missing) return false
        throw error
      }
    },
    missing: (keys) => missing(store, keys),
    size: async (key) => (await head(store, key)).ContentLength ?? 0,
    read: (key, range) => streamOf((signal) => bytesOf(store, key, { ...range, signal })),
    open: (key) => open(store, key),
    async local(key, work) {
      return withPath(place.aside, checkKey(key), 'copy', async (path) => {
        await download(store, key, path)
        return work(path)
      })
    },
    async remove(key) {
      await asked(store, key, client.send(new DeleteObjectCommand(object(store, key))))
    },
    async tidy(key) {
      await forget(place.aside, checkKey(key))
      await abortUploads(store, key)
    },
    close: () => Promise.resolve(client.destroy()),
  }
}

const object = ({ place }: Store, key: string): { Bucket: string; Key: string } => ({
  Bucket: place.bucket,
  Key: `${place.prefix}${checkKey(key)}`,
})

async function asked<T>({ place }: Store, key: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw isMissing(error) ? new Missing(key, { cause: error }) : told(error, place)
  }
}

const head = (store: Store, key: string): Promise<HeadObjectCommandOutput> =>
  asked(store, key, store.client.send(new HeadObjectCommand(object(store, key))))

/** A list of a thousand costs one request, as does one key. */
async function missing(store: Store, keys: string[]): Promise<Set<string>> {
  const lost = new Set(keys)
  const left = new Map(keys.map((key) => [object(store, key).Key, key]))
  for (const wanted of [...left.keys()].toSorted()) {
    const key = left.get(wanted)
    if (key === undefined) continue
    const { Contents = [], IsTruncated } = await asked(
      store,
      key,
      store.client.send(
        // What comes after all but its last letter.
        new ListObjectsV2Command({ Bucket: store.place.bucket, StartAfter: wanted.slice(0, -1) }),
      ),
    )
    for (const { Key = '' } of Contents) lost.delete(left.get(Key) ?? '')
    const last = Contents.at(-1)?.Key
    for (const each of left.keys())
      if (!IsTruncated || last === undefined || each <= last) left.delete(each)
  }
  return lost
}

async function get(
  store: Store,
  key: string,
  { start = 0, end, etag, signal }: Stretch,
): Promise<GetObjectCommandOutput> {
  const isPart = start > 0 || end !== undefined
  const command = new GetObjectCommand({
    ...object(store, key),
    ...(isPart && { Range: `bytes=${start}-${end ?? ''}` }),
    ...(etag !== undefined && { IfMatch: etag }),
  })
  const answer = await asked(
    store,
    key,
    store.client.send(command, signal ? { abortSignal: signal } : {}),
  )
  const problem =
    isPart && !answer.ContentRange?.startsWith(`bytes ${start}-`)
      ? 'it gives a whole file to who asks for a part of it'
      : etag !== undefined && answer.ETag !== etag
        ? `${key} became another file while it was read`
        : undefined
  if (problem === undefined) return answer
  ;(answer.Body as Readable).destroy()
  throw told(new Error(problem), store.place)
}

/** Goes on where a connection was lost, or the answer was short, in the same object or not at all. */
async function* bytesOf(store: Store, key: string, stretch: Stretch): AsyncGenerator<Buffer> {
  let { start = 0, etag } = stretch
  let end: number | undefined
  for (let lost = 0; ;) {
    const answer = await get(store, key, { ...stretch, start, etag })
    etag ??= answer.ETag
    end ??= endOf(answer, start, stretch.end)
    let problem: unknown
    try {
      for await (const chunk of answer.Body as AsyncIterable<Buffer>) {
        start += chunk.length
        if (start > end) throw told(new Error('it gives more than it was asked for'), store.place)
        lost = 0
        yield chunk
      }
    } catch (error) {
      if (error instanceof StoreError) throw error
      problem = error
    }
    // Where nobody said how much there is, the end of an answer is the end.
    if (start === end || (end === Infinity && problem === undefined)) return
    lost += 1
    problem ??= new Error('it gives less than it was asked for')
    if (stretch.signal?.aborted || lost === tries) throw told(problem, store.place)
    await sleep(100 * 2 ** lost, undefined, stretch.signal && { signal: stretch.signal })
  }
}

/** Behind the last byte of those that were asked for and are there. */
function endOf(
  { ContentRange, ContentLength }: GetObjectCommandOutput,
  start: number,
  last = Infinity,
): number {
  const size = Number(ContentRange?.split('/')[1])
  return Math.min(last + 1, size >= 0 ? size : start + (ContentLength ?? Infinity))
}

/** A stream that gives up what it has asked for when nobody reads it any more. */
function streamOf(begin: (signal: AbortSignal) => AsyncGenerator<Buffer>): Readable {
  const closing = new AbortController()
  const chunks = begin(closing.signal)
  return new Readable({
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done ? null : value),
        (error: Error) => this.destroy(error),
      )
    },
    destroy(error, done) {
      closing.abort()
      done(error)
    },
  })
}

async function open(store: Store, key: string): Promise<Opened> {
  let first: GetObjectCommandOutput | undefined
  try {
    first = await get(store, key, { end: firstBlock - 1 })
  } catch (error) {
    // It is empty.
    if (!isOutside(error)) throw error
  }
  const size = Number(first?.ContentRange?.split('/')[1] ?? 0)
  const known = Buffer.from((await first?.Body?.transformToByteArray()) ?? [])
  const same = { etag: first?.ETag }
  const readInto = async (target: Buffer, start: number): Promise<void> => {
    const end = start + target.length
    if (end > size) throw endsBefore(end)
    if (end <= known.length) return void known.copy(target, 0, start, end)
    let at = 0
    for await (const chunk of bytesOf(store, key, { ...same, start, end: end - 1 }))
      at += chunk.copy(target, at)
    if (at < target.length) throw endsBefore(end)
  }
  return { size, read: reading(readInto), readInto, close: () => Promise.resolve() }
}

async function upload(store: Store, key: string, path: string): Promise<void> {
  const [{ size }, sha256] = [await stat(path), await digest(path)]
  const sent = new Upload({
    client: store.client,
    params: { ...object(store, key), Body: createReadStream(path), Metadata: { sha256 } },
    queueSize: 2,
    partSize: Math.max(part, Math.ceil(size / mostParts)),
  })
  try {
    await sent.done()
  } catch (error) {
    // Where only the last answer was lost, it is there.
    const there = await head(store, key).catch(() => undefined)
    if (there?.Metadata?.['sha256'] !== sha256) throw told(error, store.place)
  }
  const { ContentLength } = await head(store, key)
  if (ContentLength === size) return
  await store.client.send(new DeleteObjectCommand(object(store, key)))
  throw new Error(`${key} has ${size} bytes here, and ${ContentLength} in the store of files`)
}

/** Compared with what was stored; what others have put there, as when files were moved, says nothing to compare. */
async function download(store: Store, key: string, path: string): Promise<void> {
  const { ETag: etag, Metadata } = await head(store, key)
  await pipeline(bytesOf(store, key, { etag }), createWriteStream(path))
  const wanted = Metadata?.['sha256']
  if (wanted !== undefined && (await digest(path)) !== wanted)
    throw new Error(`${key} is no longer what was put into the store of files`)
}

async function abortUploads(store: Store, key: string): Promise<void> {
  const { client } = store
  const { Bucket, Key } = object(store, key)
  const begun = await asked(
    store,
    key,
    client
      .send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))
      .catch((error: unknown) => {
        // Stores that cannot say what was begun let go of it by a rule of their own.
        if (isUnheardOf(error)) return undefined
        throw error
      }),
  )
  for (const { UploadId, Key: of } of begun?.Uploads ?? []) {
    if (of !== Key) continue
    await asked(store, key, client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })))
  }
}
