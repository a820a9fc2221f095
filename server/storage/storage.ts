// Bytes under keys, behind one interface: a folder, or a store of the S3 kind that several servers share. Keys are made by
// us, never by a visitor, and what lies under one never becomes something else.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Storage {
  /**
   * Makes the bytes durable under `key` before it returns: written aside, then there as a whole or not at all.
   * @param write to a path of this machine
   * @param use is handed a path with the same bytes once they are stored, while they are still at hand
   */
  put(
    key: string,
    write: (path: string) => Promise<void>,
    use?: (path: string) => Promise<void>,
  ): Promise<void>
  has(key: string): Promise<boolean>
  /** Those under which nothing lies; keys that are near each other are looked for together. */
  missing(keys: string[]): Promise<Set<string>>
  /** @throws Missing */
  size(key: string): Promise<number>
  read(key: string, range?: { start: number; end: number }): Readable
  /**
   * To read stretches of it again and again.
   * @throws Missing
   */
  open(key: string): Promise<Opened>
  /**
   * For programs that open files by path; it is good until `work` ends.
   * @throws Missing
   */
  local<T>(key: string, work: (path: string) => Promise<T>): Promise<T>
  remove(key: string): Promise<void>
  /** Removes what was written aside for a key when its process died; whoever calls knows that nobody is at it. */
  tidy(key: string): Promise<void>
  close(): Promise<void>
}

export interface Opened {
  size: number
  /**
   * @param before what the answer begins with, before what is read
   * @throws where there is less
   */
  read(start: number, length: number, before?: Buffer): Promise<Buffer>
  /**
   * Reads to a place in what is there already, all of it.
   * @throws where there is less
   */
  readInto(target: Buffer, start: number): Promise<void>
  close(): Promise<void>
}

/** Nothing lies under the key. */
export class Missing extends Error {
  constructor(key: string, options?: ErrorOptions) {
    super(`nothing is stored under ${key}`, options)
  }
}

/** The store does not do what it is for; the message is for the operator. */
export class StoreError extends Error {}

const keyShape = /^[a-z0-9]+(?:[/.-][a-z0-9]+)*$/

export function checkKey(key: string): string {
  if (!keyShape.test(key)) throw new Error(`"${key}" is not a storage key`)
  return key
}

/** For what is no key, as a file that is being written aside. */
export async function openPath(path: string): Promise<Opened> {
  const handle = await open(path, 'r')
  const { size } = await handle.stat()
  const readInto = async (target: Buffer, start: number): Promise<void> => {
    const { bytesRead } = await handle.read(target, 0, target.length, start)
    if (bytesRead < target.length) throw endsBefore(start + target.length)
  }
  return {
    size,
    read: reading(readInto),
    readInto,
    close: () => handle.close(),
  }
}

/** Reads into new bytes. */
export const reading =
  (readInto: Opened['readInto']): Opened['read'] =>
  async (start, length, before) => {
    const head = before?.length ?? 0
    const bytes = Buffer.allocUnsafe(head + length)
    before?.copy(bytes)
    await readInto(bytes.subarray(head), start)
    return bytes
  }

export const endsBefore = (end: number): Error => new Error(`a file ends before byte ${end}`)

/** A file of 100 MB is read in a hundred steps, not in 1,500. */
export const inLargePieces = { highWaterMark: 2 ** 20 }

/** The SHA-256 of a file of this machine. */
export async function digest(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, inLargePieces), hash)
  return hash.digest('hex')
}

// What describes a level of a pyramid lies in one place, and is rarely more.
const block = 65_536

/** To read many small stretches of a file that lie together: each brings what lies behind it. Let go of it afterwards. */
export function readAhead(file: Opened): Pick<Opened, 'read'> {
  const blocks: { start: number; bytes: Buffer }[] = []
  return {
    async read(start, length) {
      const holds = (each: { start: number; bytes: Buffer }): boolean =>
        each.start <= start && start + length <= each.start + each.bytes.length
      let found = blocks.find(holds)
      if (!found) {
        const most = Math.max(length, Math.min(block, file.size - start))
        found = { start, bytes: await file.read(start, most) }
        blocks.push(found)
      }
      return found.bytes.subarray(start - found.start, start - found.start + length)
    },
  }
}
