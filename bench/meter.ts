// What work costs: processor time of processes and of all that they started, as Linux counts it, and what PostgreSQL writes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../server/db/db.ts'

const ticks = 100

interface Counted {
  parent: number
  /** Of itself and of those of its children that have ended. */
  ticks: number
}

function counted(pid: number): Counted | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = line
      .slice(line.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    return { parent, ticks: fields.slice(11, 15).reduce((sum, each) => sum + each, 0) }
  } catch {
    return undefined
  }
}

/** CPU-seconds of a process and of what it started. */
export function cpuOf(pid: number | undefined): number {
  const all = new Map<number, Counted>()
  for (const name of readdirSync('/proc')) {
    const each = /^\d+$/.test(name) && counted(Number(name))
    if (each) all.set(Number(name), each)
  }
  const isOf = (each: number): boolean =>
    each === pid || (all.has(each) && isOf(all.get(each)?.parent ?? 0))
  const mine = [...all].filter(([each]) => isOf(each))
  return mine.reduce((sum, [, each]) => sum + each.ticks, 0) / ticks
}

/** Megabytes that a process had in memory at most. */
export function peakOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

/** The process of an embedded server; undefined where it is another one. */
export function postmasterIn(folder: string): number | undefined {
  try {
    const [pid] = readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
    return Number(pid)
  } catch {
    return undefined
  }
}

export interface Cost {
  seconds: number
  /** CPU-seconds of this process. */
  own: number
  /** Those of PostgreSQL, where it is embedded. */
  database: number
  /** Bytes of its log. */
  log: number
}

/** @param postmaster process of PostgreSQL */
export async function costOf(
  db: Database,
  postmaster: number | undefined,
  work: () => Promise<unknown>,
): Promise<Cost> {
  const written = async (): Promise<number> => {
    const [row] = await db.query<{ bytes: string }>(
      `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes`,
    )
    return Number(row?.bytes ?? 0)
  }
  const [log, database, own] = [await written(), cpuOf(postmaster), process.cpuUsage()]
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(own)
  return {
    seconds,
    own: (user + system) / 1e6,
    database: cpuOf(postmaster) - database,
    log: (await written()) - log,
  }
}
