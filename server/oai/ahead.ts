// The next stretch of a list on its way before it is asked for: who asked for this page as soon as the last one was there
// will ask for the next one too. For a moment only, and only so many.
import type { Context } from '../context.ts'
import { recycle } from '../db/db.ts'
import type { Chunk } from './list.ts'

/** A harvester that comes back within this time is a fast one, in milliseconds. */
const fast = 250
/** What was read ahead is thrown away after this time, so that nobody gets what is older, in milliseconds. */
const goodFor = 1000
const mostWalkers = 256
const mostRead = 16

interface Ahead {
  /** When each token was given out. */
  given: Map<string, number>
  read: Map<string, { chunk: Promise<Chunk>; expiry: NodeJS.Timeout }>
}

const known = new WeakMap<Context, Ahead>()

function aheadOf(ctx: Context): Ahead {
  const ahead = known.get(ctx) ?? { given: new Map(), read: new Map() }
  known.set(ctx, ahead)
  return ahead
}

/** Whether this token comes back at once; it is asked once. */
export function comesFast(ctx: Context, token: string): boolean {
  const { given } = aheadOf(ctx)
  const at = given.get(token)
  given.delete(token)
  return at !== undefined && performance.now() - at < fast
}

/** Notes a token that is given out, and reads on from there if it is given to a fast one. */
export function readAhead(
  ctx: Context,
  token: string,
  isFast: boolean,
  read: () => Promise<Chunk>,
): void {
  const { given, read: stretches } = aheadOf(ctx)
  const [oldest] = given.keys()
  if (given.size >= mostWalkers && oldest !== undefined) given.delete(oldest)
  given.set(token, performance.now())
  if (!isFast || stretches.size >= mostRead) return
  // The answer that it follows is sent first.
  const chunk = new Promise((begin) => setImmediate(begin)).then(read)
  chunk.catch(() => undefined)
  const expiry = setTimeout(() => {
    stretches.delete(token)
    chunk.then(({ bytes }) => recycle(bytes)).catch(() => undefined)
  }, goodFor)
  expiry.unref()
  stretches.set(token, { chunk, expiry })
}

/** What was read for this token, if it was; it is given once. */
export function takeAhead(ctx: Context, token: string): Promise<Chunk> | undefined {
  const { read } = aheadOf(ctx)
  const found = read.get(token)
  if (!found) return undefined
  clearTimeout(found.expiry)
  read.delete(token)
  return found.chunk
}
