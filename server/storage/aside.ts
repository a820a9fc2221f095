// Files of this machine that do not last: what is being written for a store elsewhere, and copies of what lies there for
// programs that open files by path. Their names tell whose they are, so that what a killed process left can go.
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

const host = hostname().replaceAll('.', '-')
// A number is given again, soon where a container is started again.
const ours = [host, process.pid, Math.round(performance.timeOrigin)].join('.')
const plain = (key: string): string => key.replaceAll('/', '-')

/** A path for as long as `work` takes. */
export async function withPath<T>(
  folder: string,
  key: string,
  kind: 'part' | 'copy',
  work: (path: string) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${plain(key)}.${ours}.${randomBytes(6).toString('hex')}.${kind}`)
  try {
    return await work(path)
  } finally {
    await rm(path, { force: true })
  }
}

/** Removes what was being written for a key. */
export async function forget(folder: string, key: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(`${plain(key)}.`) && name.endsWith('.part'))
      await rm(join(folder, name), { force: true })
  }
}

// Nothing is written to, or made of, for so long.
const forgottenAfter = 24 * 3_600_000

/** Removes what processes have left that are no more: of this machine at once, of others (a container has a new name) later. */
export async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const [of, pid, since] = name.split('.').slice(-5)
    const isOurs = [of, pid, since].join('.') === ours
    const isLeft = of === host ? !isOurs && !isAlive(Number(pid)) : await isForgotten(path)
    if (isLeft) await rm(path, { force: true })
  }
}

async function isForgotten(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > forgottenAfter
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
