// A folder: a key is a path in it.
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { checkKey, Missing, openPath, type Storage } from './storage.ts'

export function folderStorage(root: string): Storage {
  const path = (key: string): string => join(root, checkKey(key))
  const has = async (key: string): Promise<boolean> => {
    try {
      await stat(path(key))
      return true
    } catch (error) {
      // A disk that fails has not lost a file, which would be made again.
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
      throw error
    }
  }
  return {
    has,
    async put(key, write, use) {
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
      await use?.(target)
    },
    async missing(keys) {
      const lost = new Set<string>()
      for (const key of keys) if (!(await has(key))) lost.add(key)
      return lost
    },
    size: async (key) => (await found(key, stat(path(key)))).size,
    read: (key, range) => createReadStream(path(key), range),
    open: (key) => found(key, openPath(path(key))),
    async local(key, work) {
      await found(key, stat(path(key)))
      return work(path(key))
    },
    remove: (key) => rm(path(key), { force: true }),
    async tidy(key) {
      const target = path(key)
      const beside = await readdir(dirname(target)).catch(() => [])
      for (const name of beside) {
        if (name.startsWith(`${basename(target)}.`) && name.endsWith('.part'))
          await rm(join(dirname(target), name), { force: true })
      }
    },
    close: () => Promise.resolve(),
  }
}

async function found<T>(key: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'ENOENT' ? new Missing(key, { cause }) : cause
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
