// One page of a list: stretches of the line, each on its way while the one before is sent, then the token for the next page.
import type { Context } from '../context.ts'
import { brickSecret } from '../db/settings.ts'
import { comesFast, readAhead, takeAhead } from './ahead.ts'
import { resumptionToken } from './envelope.ts'
import { goesOn, type Chunk, type ReadChunk, type Window } from './list.ts'
import type { Offered } from '../records/records.ts'
import { writeToken, type ListPlace } from './token.ts'

/** A page that has grown so heavy ends, in bytes. */
const heaviestPage = 8 * 2 ** 20

export interface PagePlan {
  place: ListPlace
  window: Window
  offered: Offered
  read: ReadChunk
  /** Items of a page. */
  length: number
  /** Items of a stretch: what one answer of the database holds, and all that waits in memory for a slow client. */
  stretch: number
  /** The token that it was asked for with. */
  token?: string
}

/** What a page held, known when it is at its end. */
export interface PageEnd {
  records: number
  /** Whether the list ended with it. */
  done: boolean
}

/** What can be written at once: bytes that `recycle` may have back, then text. */
export interface Part {
  bytes: Buffer
  end: string
}

export interface Page {
  /** A page in one part. */
  whole?: Part & PageEnd
  /** A page that is still being read. */
  parts?: AsyncGenerator<Part, PageEnd>
  /** Where the whole page is known already: what tells it from any other state of it. */
  tag?: string
}

/** The page at a place; undefined when there is nothing. */
export async function openPage(ctx: Context, plan: PagePlan): Promise<Page | undefined> {
  const isFast = plan.token !== undefined && comesFast(ctx, plan.token)
  const ahead = plan.token === undefined ? undefined : takeAhead(ctx, plan.token)
  let first = await (ahead ?? plan.read(plan.window, Math.min(plan.length, plan.stretch)))
  // All of it is held back: an element for a list needs something in it.
  while (first.count && !first.bytes.length) {
    const after = first.last
    first = await plan.read({ ...plan.window, after }, Math.min(plan.length, plan.stretch))
  }
  if (!first.count) return undefined
  const { window, place } = plan
  if (first.count < plan.length && first.more === 'perhaps') {
    first.more = await goesOn(ctx, plan.offered, { ...window, after: first.last })
  }
  if (first.count < plan.length && first.more !== false) {
    return { parts: partsOf(ctx, plan, first, isFast) }
  }
  const whole = await ending(ctx, plan, first, first.count, isFast)
  // A number on the line means one state of one record for ever, so the numbers tell the page.
  const { last, count } = first
  return { whole, tag: [place.cursor, window.after, window.bound, last, count, whole.done].join() }
}

async function* partsOf(
  ctx: Context,
  plan: PagePlan,
  first: Chunk,
  isFast: boolean,
): AsyncGenerator<Part, PageEnd> {
  const { window, length, stretch, read } = plan
  let records = 0
  let bytes = 0
  for (let chunk = first; ;) {
    records += chunk.count
    bytes += chunk.bytes.length
    if (chunk.more === false || records >= length || bytes >= heaviestPage) {
      const { done, ...part } = await ending(ctx, plan, chunk, records, isFast)
      yield part
      return { records, done }
    }
    const here: Window = { ...window, after: chunk.last }
    const next = read(here, Math.min(length - records, stretch))
    // It is awaited below; until then it must not be taken for an error that nobody minds.
    next.catch(() => undefined)
    yield { bytes: chunk.bytes, end: '' }
    chunk = await next
  }
}

/** The last part of a page, with the token for the next one. */
async function ending(
  ctx: Context,
  { place, window, offered, length, stretch, read }: PagePlan,
  chunk: Chunk,
  records: number,
  isFast: boolean,
): Promise<Part & PageEnd> {
  const { bytes, last } = chunk
  const here: Window = { ...window, after: last }
  const more = chunk.more === 'perhaps' ? await goesOn(ctx, offered, here) : chunk.more
  if (!more) {
    const end = resumptionToken(undefined, place.cursor, place.completeListSize)
    return { bytes, end, records, done: true }
  }
  const next = { ...place, after: last, cursor: place.cursor + records }
  const token = writeToken(await brickSecret(ctx.db), next, ctx.clock())
  readAhead(ctx, token.text, isFast, () => read(here, Math.min(length, stretch)))
  const end = resumptionToken(token, place.cursor, place.completeListSize)
  return { bytes, end, records, done: false }
}
