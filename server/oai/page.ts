// One page of a list: stretches of the line, each on its way while the one before is sent, then the token for the next page.
import type { Context } from '../context.ts'
import { brickSecret } from '../db/settings.ts'
import { resumptionToken } from './envelope.ts'
import { goesOn, type Chunk, type ReadChunk, type Window } from './list.ts'
import type { Offered } from '../records/records.ts'
import { writeToken, type ListPlace } from './token.ts'

/** Items of a stretch: what one answer of the database holds, and all that waits in memory for a slow client. */
const stretchLength = 250
/** A page that has grown so heavy ends, in bytes. */
const heaviestPage = 8 * 2 ** 20

export interface PagePlan {
  place: ListPlace
  window: Window
  offered: Offered
  read: ReadChunk
  /** Items of a page. */
  length: number
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
  parts: AsyncGenerator<Part, PageEnd>
  /** Whether it is one part. */
  whole: boolean
  /** Where the whole page is known already: what tells it from any other state of it. */
  tag?: string
}

/** The page at a place; undefined when there is nothing. */
export async function openPage(ctx: Context, plan: PagePlan): Promise<Page | undefined> {
  const first = await plan.read(plan.window, Math.min(plan.length, stretchLength))
  if (!first.count) return undefined
  const isWhole = first.count >= plan.length || first.more === false
  const { window, place } = plan
  return {
    parts: partsOf(ctx, plan, first),
    whole: isWhole,
    // A number on the line means one state of one record for ever, so the numbers tell the page.
    ...(isWhole &&
      first.more !== 'perhaps' && {
        tag: [place.cursor, window.after, window.bound, first.last, first.count, first.more].join(),
      }),
  }
}

async function* partsOf(ctx: Context, plan: PagePlan, first: Chunk): AsyncGenerator<Part, PageEnd> {
  const { place, window, length, read } = plan
  const secret = await brickSecret(ctx.db)
  let records = 0
  let bytes = 0
  for (let chunk = first; ;) {
    records += chunk.count
    bytes += chunk.bytes.length
    const here: Window = { ...window, after: chunk.last }
    const isLast = chunk.more === false || records >= length || bytes >= heaviestPage
    if (isLast) {
      const more =
        chunk.more === 'perhaps' ? await goesOn(ctx, plan.offered, here) : chunk.more === true
      const cursor = place.cursor + records
      const token = more
        ? writeToken(secret, { ...place, after: chunk.last, cursor }, ctx.clock())
        : undefined
      const end = resumptionToken(token, place.cursor, place.completeListSize)
      yield { bytes: chunk.bytes, end }
      return { records, done: !more }
    }
    const next = read(here, Math.min(length - records, stretchLength))
    // It is awaited below; until then it must not be taken for an error that nobody minds.
    next.catch(() => undefined)
    yield { bytes: chunk.bytes, end: '' }
    chunk = await next
  }
}
