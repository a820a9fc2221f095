// Bytes behind one interface: a folder here, an S3-compatible store later. Keys are made by us, never by a visitor.
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'

export interface Storage {
  /** Makes the bytes durable under `key` before it returns: written aside, synced, renamed. */
  put(key: string, write: (path: string) => Promise<void>): Promise<void>
  has(key: string): Promise<boolean>
  size(key: string): Promise<number>
  read(key: string, range?: { start: number; end: number }): Readable
  /** To read stretches of it again and again. */
  open(key: string): Promise<Opened>
  /** A path that image tools may open. */
  path(key: string): string
  remove(key: string): Promise<void>
  /** Removes what was written aside for a key when its process died; whoever calls knows that nobody is at it. */
  tidy(key: string): Promise<void>
}

export interface Opened {
  /**
   * @param before what the answer begins with, before what is read
   * @throws where there is less
   */
  read(start: number, length: number, before?: Buffer): Promise<Buffer>
  close(): Promise<void>
}

const keyShape = /^[a-z0-9]+(?:[/.-][a-z0-9]+)*$/

export function folderStorage(root: string): Storage {
  const path = (key: string): string => {
    if (!keyShape.test(key)) throw new Error(`"${key}" is not a storage key`)
    return join(root, key)
  }
  return {
    path,
    async put(key, write) {
      const target = path(key)
      await mkdir(dirname(target), { recursive: true })
      const aside = `${target}.${randomBytes(6).toString('hex')}.part`
      try {
        await write(aside)
        await sync(aside)
        await rename(aside, target)
        await sync(dirname(target))
      } catch (error) {
        await rm(aside, { force: true })
        throw error
      }
    },
    has: async (key) => (await stat(path(key)).catch(() => undefined)) !== undefined,
    size: async (key) => (await stat(path(key))).size,
    read: (key, range) => createReadStream(path(key), range),
    open: (key) => openPath(path(key)),
    remove: (key) => rm(path(key), { force: true }),
    async tidy(key) {
      const target = path(key)
      const beside = await readdir(dirname(target)).catch(() => [])
      for (const name of beside) {
        if (name.startsWith(`${basename(target)}.`) && name.endsWith('.part'))
          await rm(join(dirname(target), name), { force: true })
      }
    },
  }
}

/** For what is no key, as a file that is being written aside. */
export async function openPath(path: string): Promise<Opened> {
  const handle = await open(path, 'r')
  return {
    async read(start, length, before) {
      const head = before?.length ?? 0
      const bytes = Buffer.allocUnsafe(head + length)
      before?.copy(bytes)
      const { bytesRead } = await handle.read(bytes, head, length, start)
      if (bytesRead < length) throw new Error(`a file ends before byte ${start + length}`)
      return bytes
    },
    close: () => handle.close(),
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
