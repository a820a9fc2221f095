// The harvests of this process: as many at once as it has places for, each for a turn.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../../harvester/diagnosis.ts'
import type { Context } from '../context.ts'
import { DomainError } from '../http/errors.ts'
import { indexLag } from '../search/search.ts'
import type { Source } from './entities.ts'
import { harvestSource, type Pace } from './run.ts'
import { giveTurnBack, standingOf, takeTurn } from './turns.ts'

const lookAround = 3000
const afterError = 15_000
const everySoOften = 1000
/** So long a harvest waits in its place for the index; then it gives it back, and comes again later. */
const longestWait = 600_000

/**
 * Harvests what is due until it is told to stop.
 * @returns how it is told, and waits until what was under way is stored
 */
export function keepHarvesting(ctx: Context): () => Promise<void> {
  const stopping = new AbortController()
  const working = work(ctx, placesOf(ctx), stopping.signal)
  return async () => {
    stopping.abort()
    await working
  }
}

// Each harvest holds a connection and writes over two more; others need some as well.
function placesOf(ctx: Context): number {
  const { harvests, databasePoolSize } = ctx.config
  const most = Math.max(1, Math.floor((databasePoolSize - 4) / 3))
  if (harvests > most)
    ctx.log.warn(
      `CAMPA_HARVESTS is ${harvests}, but ${databasePoolSize} connections (CAMPA_DATABASE_POOL) are enough for ${most}`,
    )
  return Math.min(harvests, most)
}

async function work(ctx: Context, places: number, signal: AbortSignal): Promise<void> {
  const turns = new Set<Promise<void>>()
  while (places > 0 && !signal.aborted) {
    try {
      for (let source; turns.size < places && (source = await takeTurn(ctx));) {
        const turn = takeItsTurn(ctx, source, signal).finally(() => turns.delete(turn))
        turns.add(turn)
      }
    } catch (error) {
      ctx.log.warn({ err: error }, 'the next source to harvest could not be found')
    }
    const pause = new AbortController()
    const over = AbortSignal.any([signal, pause.signal])
    const rest = sleep(lookAround, undefined, { signal: over }).catch(() => undefined)
    await Promise.race([rest, ...turns])
    pause.abort()
  }
  await Promise.all(turns)
}

async function takeItsTurn(ctx: Context, source: Source, signal: AbortSignal): Promise<void> {
  const { slug } = source
  const turn = new Turn(ctx, source, signal)
  try {
    const { problems, ...report } = await harvestSource(ctx, source, { signal: turn.signal, turn })
    ctx.log.info({ ...report, problems: problems.length }, `harvested ${slug}`)
    if (report.status === 'stopped') await giveTurnBack(ctx, source, turn.due)
  } catch (error) {
    // Another process is at it, or the source is gone: either way there is nothing to do.
    const settled = error instanceof DomainError && ['conflict', 'not-found'].includes(error.code)
    if (settled) ctx.log.debug({ slug }, error.message)
    else if (signal.aborted) await giveTurnBack(ctx, source, turn.due)
    else {
      ctx.log.error({ err: error, slug }, 'a harvest broke off')
      const later = new Date(ctx.clock().getTime() + afterError)
      await giveTurnBack(ctx, source, later).catch(() => undefined)
    }
  }
}

/** What one harvest may take before others have theirs; asked after each part of a page. */
class Turn implements Pace {
  readonly signal: AbortSignal
  readonly #ctx: Context
  readonly #source: Source
  readonly #leaving = new AbortController()
  readonly #begun = Date.now()
  #asked = 0
  #wait = 0

  constructor(ctx: Context, source: Source, stopping: AbortSignal) {
    this.#ctx = ctx
    this.#source = source
    this.signal = AbortSignal.any([stopping, this.#leaving.signal])
  }

  /** When it is due again after it left. */
  get due(): Date {
    return new Date(this.#ctx.clock().getTime() + this.#wait)
  }

  async afterPart(after: { passed: boolean; restarted: boolean }): Promise<Problem | undefined> {
    const waited = await this.#indexCaughtUp()
    // In the middle of a page nobody makes room: it would have to be read again.
    if (after.passed && waited >= longestWait) {
      this.#wait = afterError
      this.#leave('the search index is behind')
    } else if (after.passed && (waited > 0 || Date.now() - this.#asked >= everySoOften)) {
      this.#asked = Date.now()
      await this.#lookAtOthers(after.restarted)
    }
    return waited > 0
      ? {
          code: 'waited-for-index',
          message: `it waited ${Math.round(waited / 1000)} seconds for the search index`,
        }
      : undefined
  }

  async #lookAtOthers(restarted: boolean): Promise<void> {
    const now = await standingOf(this.#ctx, this.#source)
    if (!now || now.paused) this.#leave('it is paused')
    else if (now.closed) this.#leave('its hours are over')
    // A source whose tokens die while it waits would never come to its end.
    else if (now.others && this.#isOver && !restarted) this.#leave('others wait')
  }

  get #isOver(): boolean {
    return Date.now() - this.#begun > this.#ctx.config.harvestTurnSeconds * 1000
  }

  #leave(why: string): void {
    this.#ctx.log.info(`the harvest of ${this.#source.slug} makes room: ${why}`)
    this.#leaving.abort(new Error(why))
  }

  /** @returns how long it waited, in milliseconds */
  async #indexCaughtUp(): Promise<number> {
    let waited = 0
    while ((await indexLag(this.#ctx)) > this.#ctx.config.indexLag) {
      if (this.signal.aborted || waited >= longestWait) break
      await sleep(everySoOften, undefined, { signal: this.signal }).catch(() => undefined)
      waited += everySoOften
    }
    return waited
  }
}
