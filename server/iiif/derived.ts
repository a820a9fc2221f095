// Pictures that were drawn are kept on disk as long as there is room, and drawn once when many ask at the same time. A name
// stands for the same bytes for ever, so what is kept is never out of date; who may see it was asked before.
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import { Kept } from '../http/kept.ts'

/** Those beyond are few, and would push out many. */
const largest = 16 * 2 ** 20
/** Writings that wait; what comes beyond is drawn again for the next who asks. */
const mostWaiting = 16
/** After so many writings the folder is looked through, for other processes write there as well. */
const oftenLooked = 500

type Wanted = () => boolean

/** A picture that is asked for by any number at the same time, and drawn once. */
interface Drawn {
  /** Who asks; with the last of them it is forgotten. */
  asking: number
  /** Once somebody's turn has come. */
  picture?: Promise<Buffer>
  /** Heard by those whose turn has not come. */
  done: Promise<Buffer>
  finish: (picture: Buffer) => void
  /** Until it is found on the disk. */
  writing?: Promise<void>
}

interface Cabinet {
  folder: string
  /** Names and sizes of what is there, as far as this process knows. */
  kept: Kept<string>
  /** What is asked for, until it is drawn and kept. */
  asked: Map<string, Drawn>
  writing: Set<Promise<void>>
  written: number
  looked: Promise<void>
}

const cabinets = new WeakMap<Context, Cabinet>()

function cabinetOf(ctx: Context): Cabinet {
  const known = cabinets.get(ctx)
  if (known) return known
  const { dataDir, imageCacheMegabytes } = ctx.config
  const folder = join(dataDir, 'cache', 'images')
  const remove = (name: string): void => void rm(placeOf(folder, name), { force: true })
  const cabinet: Cabinet = {
    folder,
    kept: new Kept(imageCacheMegabytes * 2 ** 20, remove),
    asked: new Map(),
    writing: new Set(),
    written: 0,
    looked: Promise.resolve(),
  }
  cabinet.looked = look(ctx, cabinet)
  cabinets.set(ctx, cabinet)
  return cabinet
}

const placeOf = (folder: string, name: string): string => join(folder, name.slice(0, 2), name)

/** Learns what lies in the folder, the longest unused first, and takes away what was never finished. */
async function look(ctx: Context, { folder, kept }: Cabinet): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    const names = await readdir(folder, { recursive: true, withFileTypes: true })
    const found = await Promise.all(
      names.map(async (entry) => {
        const path = join(entry.parentPath, entry.name)
        const state = entry.isFile() && (await stat(path).catch(() => undefined))
        return state ? [{ path, name: entry.name, size: state.size, at: state.mtimeMs }] : []
      }),
    )
    const anHourAgo = Date.now() - 3_600_000
    for (const { path, name, size, at } of found.flat().toSorted((a, b) => a.at - b.at)) {
      if (!name.endsWith('.part')) {
        if (kept.get(name) === undefined) kept.set(name, name, size)
      } else if (at < anHourAgo) await rm(path, { force: true })
    }
  } catch (error) {
    ctx.log.warn({ err: error, folder }, 'the folder of drawn pictures cannot be read')
  }
}

/**
 * Whoever asks takes a turn of his own, and has it by the first turn that comes.
 * @param wanted whether the one who asks still waits
 * @param take waits for a turn as long as that is wanted, and then draws it, where nobody else has begun to
 */
export async function derived(
  ctx: Context,
  name: string,
  wanted: Wanted,
  take: (wanted: Wanted, once: (draw: () => Promise<Buffer>) => Promise<Buffer>) => Promise<Buffer>,
): Promise<Buffer> {
  const cabinet = cabinetOf(ctx)
  const kept = await keptPicture(ctx, name)
  if (kept) return kept
  const drawn = cabinet.asked.get(name) ?? begin(cabinet, name)
  drawn.asking += 1
  try {
    if (drawn.picture) return await drawn.picture
    const mine = take(
      () => wanted() && drawn.picture === undefined,
      (draw) => (drawn.picture ??= draw().then((picture) => settle(ctx, name, drawn, picture))),
    )
    // A turn that did not come, or came too late, is nothing to him for whom it was drawn meanwhile.
    const given = mine.catch((error: unknown) => drawn.picture ?? Promise.reject(error as Error))
    return await Promise.race([given, drawn.done])
  } finally {
    drawn.asking -= 1
    if (drawn.asking === 0 && !drawn.writing) cabinet.asked.delete(name)
  }
}

function begin({ asked }: Cabinet, name: string): Drawn {
  let finish: Drawn['finish'] = () => undefined
  const done = new Promise<Buffer>((resolve) => (finish = resolve))
  const drawn: Drawn = { asking: 0, done, finish }
  asked.set(name, drawn)
  return drawn
}

function settle(ctx: Context, name: string, drawn: Drawn, picture: Buffer): Buffer {
  const { asked, writing } = cabinetOf(ctx)
  if (picture.length <= largest && writing.size < mostWaiting) {
    const kept = keep(ctx, name, picture)
    if (kept) drawn.writing = kept.finally(() => asked.delete(name))
  }
  drawn.finish(picture)
  return picture
}

/** What was drawn before, by whichever process. */
export async function keptPicture(ctx: Context, name: string): Promise<Buffer | undefined> {
  if (ctx.config.imageCacheMegabytes === 0) return undefined
  const { folder, kept } = cabinetOf(ctx)
  try {
    const picture = await readFile(placeOf(folder, name))
    if (kept.get(name) === undefined) kept.set(name, name, picture.length)
    return picture
  } catch {
    return undefined
  }
}

function keep(ctx: Context, name: string, picture: Buffer): Promise<void> | undefined {
  if (ctx.config.imageCacheMegabytes === 0) return undefined
  const cabinet = cabinetOf(ctx)
  const writing = write(cabinet, name, picture)
    .catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'a drawn picture could not be kept')
    })
    .finally(() => cabinet.writing.delete(writing))
  cabinet.writing.add(writing)
  if (++cabinet.written % oftenLooked === 0) cabinet.looked = look(ctx, cabinet)
  return writing
}

async function write({ folder, kept }: Cabinet, name: string, picture: Buffer): Promise<void> {
  const place = placeOf(folder, name)
  const aside = `${place}.${randomBytes(6).toString('hex')}.part`
  await mkdir(join(place, '..'), { recursive: true })
  try {
    const file = await open(aside, 'w')
    try {
      await file.writeFile(picture)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, place)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  kept.set(name, name, picture.length)
}

/** Waits until what was drawn is kept. */
export async function keptPictures(ctx: Context): Promise<void> {
  const cabinet = cabinets.get(ctx)
  if (!cabinet) return
  await cabinet.looked
  await Promise.all(cabinet.writing)
}
