// Answers that many pages share and that may be some seconds old: kept per brick, never for long.
import type { Context } from '../context.ts'

interface Kept {
  until: number
  value: Promise<unknown>
}

const kept = new WeakMap<Context, Map<string, Kept>>()
const most = 500

/** What `make` gave at most `seconds` ago; what failed is not kept. */
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
  const value = make()
  memory.set(key, { until: now + seconds * 1000, value })
  value.catch(() => memory.delete(key))
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
