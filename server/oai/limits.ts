// Politeness from our side: one client has so many answers on their way and so many requests in a minute, all clients
// together so many answers. Beyond that it is told when to come back (503 with Retry-After, OAI-PMH 2.0, section 3.1.2.2).
import type { Config } from '../../config/config.ts'

export interface Pass {
  /** To be called once, when the answer is sent or given up. */
  leave(): void
}

export interface Refusal {
  /** Seconds. */
  retryAfter: number
}

export interface Limits {
  enter(client: string): Pass | Refusal
}

interface Account {
  open: number
  /** Requests that it may make at once; grows with time up to a minute's worth. */
  credit: number
  at: number
}

/** Answers on their way to all clients: each waits with at most two stretches in memory. */
const mostOpen = 256
const mostAccounts = 10_000
const busy = 5

/** @param now in milliseconds */
export function limitsOf(
  { oaiConcurrency, oaiRequestsPerMinute }: Config,
  now: () => number = () => performance.now(),
): Limits {
  const accounts = new Map<string, Account>()
  const perMillisecond = oaiRequestsPerMinute / 60_000
  let open = 0

  const accountOf = (client: string): Account => {
    const at = now()
    const known = accounts.get(client)
    const credit = known ? known.credit + (at - known.at) * perMillisecond : oaiRequestsPerMinute
    const account = known ?? { open: 0, credit, at }
    account.credit = Math.min(credit, oaiRequestsPerMinute)
    account.at = at
    // The one that was here last stands last.
    accounts.delete(client)
    accounts.set(client, account)
    if (accounts.size > mostAccounts) forgetOldest(accounts)
    return account
  }

  return {
    enter(client) {
      const account = accountOf(client)
      if (account.credit < 1) {
        return { retryAfter: Math.max(1, Math.ceil((1 - account.credit) / perMillisecond / 1000)) }
      }
      account.credit -= 1
      if (account.open >= oaiConcurrency || open >= mostOpen) return { retryAfter: busy }
      account.open += 1
      open += 1
      return {
        leave() {
          account.open -= 1
          open -= 1
        },
      }
    },
  }
}

function forgetOldest(accounts: Map<string, Account>): void {
  for (const [client, { open }] of accounts) {
    if (open > 0) continue
    accounts.delete(client)
    return
  }
}
