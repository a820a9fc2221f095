// How a source is doing, in one word and since when; from what its row and its harvests say.

export const healthStates = ['failing', 'late', 'never', 'paused', 'fresh'] as const
/** The one that wants attention most comes first. */
export type HealthState = (typeof healthStates)[number]

export interface Health {
  state: HealthState
  since: Date
  /** The code of its last diagnosis; only when failing. */
  diagnosis?: string
}

export interface Facts {
  createdAt: Date
  everyMinutes: number
  paused: boolean
  pausedAt: Date | null
  /** End of its last complete harvest. */
  completedAt: Date | null
  /** Begin of the first harvest that failed after that one. */
  failingSince: Date | null
  lastStatus: 'running' | 'complete' | 'failed' | null
  /** That of the last one that failed since. */
  diagnosis: string | null
  /** When its last harvest last stored something, was begun or was gone on with. */
  movedAt: Date | null
}

/** A harvest that has stored nothing for so long is not under way any more. */
const stalledAfter = 10 * 60_000

/** Whether a harvest of it is under way. */
export const isRunning = ({ lastStatus, movedAt }: Facts, now: Date): boolean =>
  lastStatus === 'running' && movedAt !== null && now.getTime() - movedAt.getTime() < stalledAfter

export function healthOf(facts: Facts, now: Date): Health {
  const { createdAt, completedAt, failingSince, diagnosis } = facts
  if (facts.paused) return { state: 'paused', since: facts.pausedAt ?? createdAt }
  if (failingSince !== null) {
    return { state: 'failing', since: failingSince, ...(diagnosis !== null && { diagnosis }) }
  }
  if (completedAt === null) return { state: 'never', since: createdAt }
  const due = dueAt(facts, completedAt)
  return now > due && !isRunning(facts, now)
    ? { state: 'late', since: due }
    : { state: 'fresh', since: completedAt }
}

// Twice its time, and an hour: a harvest takes a while, and may wait for others.
function dueAt({ everyMinutes }: Facts, completedAt: Date): Date {
  return new Date(completedAt.getTime() + (2 * everyMinutes + 60) * 60_000)
}
