// Work that is dear, let in a few at a time: the others wait in line, and beyond the line they are sent away. Whoever has much
// to ask waits behind himself: those who wait have their turns one after the other.
import { unavailable } from './errors.ts'

export interface Turnstile {
  /**
   * Does `work` when its turn comes.
   * @param wanted asked when the turn comes: work that nobody waits for any more is not begun
   * @param who asks; those who are not told apart wait in one line
   * @throws unavailable when the line is full or the work is no longer wanted
   */
  run<T>(work: () => Promise<T>, wanted?: () => boolean, who?: string): Promise<T>
}

/**
 * @param abreast how many at a time
 * @param line how many may wait
 * @param each of them of one who asks
 */
export function turnstile(abreast: number, line: number, each = line): Turnstile {
  let [inside, waiting] = [0, 0]
  /** Who waits, in the order of their turns. */
  const lines = new Map<string, (() => void)[]>()
  const leave = (): void => {
    const [first] = lines
    if (!first) {
      inside -= 1
      return
    }
    const [who, turns] = first
    const next = turns.shift()
    lines.delete(who)
    if (turns.length) lines.set(who, turns)
    waiting -= 1
    // The place is handed on, so that nobody slips in between.
    next?.()
  }
  return {
    async run(work, wanted = () => true, who = '') {
      if (inside >= abreast) {
        const turns = lines.get(who) ?? []
        if (waiting >= line || turns.length >= each) {
          throw unavailable('This server is busy: please ask again in a few seconds.')
        }
        waiting += 1
        lines.set(who, turns)
        await new Promise<void>((turn) => turns.push(turn))
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
