// People at work: several writers that add, change, hide, show again and withdraw records all the while, each over a
// database connection of its own; some hold their transaction open, some change their mind at its end.
import { setTimeout as sleep } from 'node:timers/promises'
import { randomFrom, type Random } from '../../demo/random.ts'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import type { Context } from '../../server/context.ts'
import { save, withdraw, type RecordInput } from '../../server/records/records.ts'
import { draft } from '../house.ts'

export interface Writers {
  /** Done when so many more batches were written. */
  more(batches: number): Promise<void>
  /** Ends their work; throws what any of them stumbled over. */
  stop(): Promise<void>
}

/** What tells the versions of all records apart, in every format. */
export const markOf = (text: string): string | undefined => /version-\d+/.exec(text)?.[0]

let versions = 0

// Enough for every format to have what it asks for.
const description = (key: string): DublinCore => ({
  title: [{ value: `Rainbow ${key} version-${++versions}`, language: 'en' }],
  description: [{ value: 'Drawn at the window & hung there <for all to see>.', language: 'en' }],
  subject: [{ value: 'rainbow', language: 'en' }],
  creator: [{ value: 'Lina, 7' }],
  publisher: [{ value: 'Museum of Windows' }],
  date: [{ value: '2020-03-29' }],
  type: [{ value: 'Image' }],
  language: [{ value: 'en' }],
  rights: [{ value: 'https://creativecommons.org/publicdomain/zero/1.0/' }],
})

/** A record in any state that a record can be in, more often than not one that anybody may see. */
export function anyVersion(random: Random, collectionId: number, key: string): RecordInput {
  const fate = random()
  return draft(collectionId, key, {
    dc: description(key),
    status: fate < 0.06 ? 'draft' : 'published',
    visibility: fate < 0.8 ? 'open' : fate < 0.88 ? 'on-request' : 'closed',
  })
}

/** Milliseconds until the clock shows another second. */
export const toNextSecond = (): number => 1000 - (Date.now() % 1000)

class ChangeOfMind extends Error {}

/**
 * @param ctx with at least as many connections as there are writers
 * @param identifiers of the records that there are
 */
export function startWriters(
  ctx: Context,
  count: number,
  collections: number[],
  identifiers: string[],
  seed: number,
): Writers {
  const known = new Set(identifiers)
  const stopping = new AbortController()
  const waiting: { batches: number; done: () => void; failed: (error: unknown) => void }[] = []
  let written = 0
  let keys = identifiers.length

  const wrote = (): void => {
    written++
    for (const each of waiting) if (each.batches <= written) each.done()
  }

  const saveSome = async (random: Random): Promise<void> => {
    const size = 1 + Math.floor(random() ** 2 * 20)
    const inputs = new Map<string, RecordInput>()
    for (let index = 0; index < size; index++) {
      const key = String(random() < 0.15 ? keys++ : Math.floor(random() * keys))
      // A key stands in the same collection always, so that a record is written again and again.
      const collectionId = collections[Number(key) % collections.length] as number
      inputs.set(key, anyVersion(random, collectionId, key))
    }
    const [hold, fate] = [20 + random() * 100, random()]
    const saved = await save(ctx, [...inputs.values()], async () => {
      // Across the edge of a second, for datestamps have no finer grain.
      if (fate < 0.3 && toNextSecond() < 150) await sleep(toNextSecond() + hold)
      else if (fate < 0.03) await sleep(hold)
      if (fate > 0.95) throw new ChangeOfMind()
    })
    for (const each of saved) known.add(each.identifier)
  }

  const withdrawSome = async (random: Random): Promise<void> => {
    const all = [...known]
    const size = 1 + Math.floor(random() ** 2 * 20)
    const chosen = Array.from({ length: size }, () => all[Math.floor(random() * all.length)] ?? '')
    await withdraw(ctx, chosen)
  }

  const write = async (random: Random): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await (random() < 0.15 ? withdrawSome(random) : saveSome(random))
      } catch (error) {
        if (!(error instanceof ChangeOfMind)) throw error
      }
      wrote()
      await sleep(random() * 25)
    }
  }

  const working = Promise.all(
    Array.from({ length: count }, (_, index) => write(randomFrom(seed * 100 + index))),
  ).catch((error: unknown) => {
    stopping.abort()
    for (const each of waiting) each.failed(error)
    throw error
  })
  working.catch(() => undefined)

  return {
    more: (batches) =>
      new Promise((done, failed) => {
        if (stopping.signal.aborted) done()
        else waiting.push({ batches: written + batches, done, failed })
      }),
    async stop() {
      stopping.abort()
      for (const each of waiting) each.done()
      await working
    },
  }
}
