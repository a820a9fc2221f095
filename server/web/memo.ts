// Answers that many pages share and that may be some seconds old: kept per brick, never for long.
import type { Context } from '../context.ts'

interface Kept {
  until: number
  value: Promise<unknown>
  /** Milliseconds that it took to make, once it is made. */
  took: number
}

const kept = new WeakMap<Context, Map<string, Kept>>()
const most = 500

/** Milliseconds from which on a new answer is not waited for while there is an old one. */
const slow = 1000
/** Not more than so small a part of the time is spent on making an answer anew. */
const part = 20

/**
 * What `make` gave at most `seconds` ago; what failed is not kept. What takes long to make (a count of a thousand million
 * records) is kept for longer, and given while it is made anew.
 */
export function remembered<T>(
  ctx: Context,
  key: string,
  seconds: number,
  make: () => Promise<T>,
): Promise<T> {
  const memory = kept.get(ctx) ?? new Map<string, Kept>()
  kept.set(ctx, memory)
  const now = ctx.clock().getTime()
  const known = memory.get(key)
  if (known && known.until > now) return known.value as Promise<T>
  if (memory.size >= most) memory.clear()
  const began = performance.now()
  const value = make()
  const fresh: Kept = { until: now + seconds * 1000, value, took: 0 }
  value.then(
    () => {
      fresh.took = performance.now() - began
      fresh.until = now + Math.max(seconds * 1000, fresh.took * part)
      memory.set(key, fresh)
    },
    () => memory.get(key) === fresh && memory.delete(key),
  )
  if (known && known.took >= slow) {
    // Until then nobody else begins.
    known.until = now + known.took * part
    return known.value as Promise<T>
  }
  memory.set(key, fresh)
  return value
}

/** What a page can do without: undefined where it fails or takes too long. */
export async function optional<T>(
  ctx: Context,
  what: string,
  promise: Promise<T>,
  patience = 1500,
): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(done, patience, undefined)
  })
  try {
    return await Promise.race([promise, late])
  } catch (error) {
    ctx.log.warn({ err: error }, `a page was shown without ${what}`)
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
