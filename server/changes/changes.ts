// The number line: who writes takes the lock last and draws its numbers; who reads remembers the last one it has seen.
// DESIGN: numbers become visible in order, datestamps never run backwards along them.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../db/db.ts'
import { openGate } from '../db/gate.ts'
import type { Context } from '../context.ts'

const lineLock = 7_261_003
const wakeChannel = 'campa_line'

/** SQL for the next number; only behind `lockLine`. */
export const drawNumber = `nextval('line')`

/** SQL for the datestamp of the numbers drawn now: the clock, but never before the end of the line. */
export const drawDatestamp = `greatest(date_trunc('second', clock_timestamp()), coalesce(
  (SELECT datestamp FROM records WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1), '-infinity'))`

/** SQL for a datestamp as OAI-PMH writes it. */
export const datestampText = (moment: string): string =>
  `to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

// Locks are per database; bricks that share one (tests, a hosting provider) each have a line in a schema of their own.
const lineKey = `hashtext(current_schema())`

/** Holds the line until this transaction ends. Take it after all other locks, right before the writing statement. */
export async function lockLine(client: Client): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock($1, ${lineKey})`, [lineLock])
  await client.query(`SELECT pg_notify('${wakeChannel}', current_schema())`)
}

/**
 * A moment that no change still on its way can precede: whatever commits from now on bears this datestamp or a later
 * one. What a provider may state as its responseDate.
 */
export async function settledMoment(ctx: Context): Promise<Date> {
  return ctx.db.transaction(async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock_shared($1, ${lineKey})`, [lineLock])
    const { rows } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at')
    return rows[0]?.at ?? ctx.clock()
  })
}

/** Something that reads the line: an index, a feed. `apply` may see the same change twice, after a crash. */
export interface LineReader<Item> {
  name: string
  /** The next items after `position`, in order, and the number of the last one. */
  read(position: number): Promise<{ items: Item[]; last: number }>
  apply(items: Item[]): Promise<void>
}

export async function position(ctx: Context, name: string): Promise<number> {
  const [row] = await ctx.db.query<{ position: number }>(
    'SELECT position FROM readers WHERE name = $1',
    [name],
  )
  return row?.position ?? 0
}

export async function setPosition(ctx: Context, name: string, value: number): Promise<void> {
  await ctx.db.query(
    `INSERT INTO readers (name, position) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET position = excluded.position, updated_at = now()`,
    [name, value],
  )
}

export async function forgetReader(ctx: Context, name: string): Promise<void> {
  await ctx.db.query('DELETE FROM readers WHERE name = $1', [name])
}

/**
 * Reads to the end of the line as it is now, from where this reader stopped. One process at a time does so for a
 * reader; another gets 0 at once.
 * @returns how many changes were applied
 */
export async function catchUp<Item>(
  ctx: Context,
  reader: LineReader<Item>,
  signal?: AbortSignal,
): Promise<number> {
  const gate = await openGate(ctx.db)
  try {
    if (!(await gate.take(reader.name))) return 0
    let count = 0
    for (let at = await position(ctx, reader.name); !signal?.aborted && !gate.lost.aborted;) {
      const { items, last } = await reader.read(at)
      if (last === at) break
      if (items.length) await reader.apply(items)
      await setPosition(ctx, reader.name, last)
      at = last
      count += items.length
    }
    return count
  } finally {
    await gate.leave()
  }
}

export interface Follower {
  stop(): Promise<void>
}

/** Keeps a reader at the end of the line: woken by each commit, and every few seconds in case a wake-up was lost. */
export function follow<Item>(ctx: Context, reader: LineReader<Item>): Follower {
  const stopping = new AbortController()
  const bell = new EventTarget()
  const listening = listen(ctx, () => bell.dispatchEvent(new Event('ring')), stopping.signal)

  const pause = (milliseconds: number): Promise<void> =>
    new Promise((done) => {
      const awake = new AbortController()
      const wake = (): void => {
        clearTimeout(timer)
        awake.abort()
        done()
      }
      const timer = setTimeout(wake, milliseconds)
      bell.addEventListener('ring', wake, { signal: awake.signal })
      stopping.signal.addEventListener('abort', wake, { signal: awake.signal })
    })

  const loop = async (): Promise<void> => {
    let patience = 1000
    while (!stopping.signal.aborted) {
      try {
        await catchUp(ctx, reader, stopping.signal)
        patience = 1000
        if (!stopping.signal.aborted) await pause(5000)
      } catch (error) {
        if (stopping.signal.aborted) return
        ctx.log.warn(
          { err: error, reader: reader.name },
          'a reader of the change line stumbled and tries again',
        )
        await sleep(patience, undefined, { signal: stopping.signal }).catch(() => undefined)
        patience = Math.min(patience * 2, 30_000)
      }
    }
  }
  const running = loop()
  return {
    async stop() {
      stopping.abort()
      await Promise.all([running, listening])
    },
  }
}

async function listen(ctx: Context, ring: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const client = await ctx.db.pool.connect()
      await new Promise<void>((done) => {
        const end = (): void => done()
        client.on('error', end)
        client.on('end', end)
        client.on('notification', ring)
        signal.addEventListener('abort', end, { once: true })
        client.query(`LISTEN ${wakeChannel}`).catch(end)
      })
      client.removeAllListeners('notification')
      client.release(true)
    } catch (error) {
      ctx.log.debug({ err: error }, 'no connection to listen on')
    }
    if (!signal.aborted) await sleep(2000, undefined, { signal }).catch(() => undefined)
  }
}
