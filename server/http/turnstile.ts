// Work that is dear, let in a few at a time: the others wait in line, and beyond the line they are sent away.
import { unavailable } from './errors.ts'

export interface Turnstile {
  /**
   * Does `work` when its turn comes.
   * @param wanted asked when the turn comes: work that nobody waits for any more is not begun
   * @throws unavailable when the line is full or the work is no longer wanted
   */
  run<T>(work: () => Promise<T>, wanted?: () => boolean): Promise<T>
}

/**
 * @param abreast how many at a time
 * @param line how many may wait
 */
export function turnstile(abreast: number, line: number): Turnstile {
  let inside = 0
  const waiting: (() => void)[] = []
  const leave = (): void => {
    const next = waiting.shift()
    // The place is handed on, so that nobody slips in between.
    if (next) next()
    else inside -= 1
  }
  return {
    async run(work, wanted = () => true) {
      if (inside >= abreast) {
        if (waiting.length >= line) {
          throw unavailable('This server is busy: please ask again in a few seconds.')
        }
        await new Promise<void>((turn) => waiting.push(turn))
      } else {
        inside += 1
      }
      try {
        if (!wanted()) throw unavailable('Nobody waits for this answer any more.')
        return await work()
      } finally {
        leave()
      }
    },
  }
}
