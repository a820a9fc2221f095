// One rebuild at a time, whichever process makes it: a lock of the database that goes with its connection, so that a
// process that is killed leaves none behind.
import type { Client, Database } from '../db/db.ts'
import { conflict } from '../http/errors.ts'

const rebuildLock = 7_261_006

export interface Gate {
  client: Client
  /** Gives the lock back; again is fine. */
  leave(): Promise<void>
}

/**
 * @param what an index, by the name that all its brick's processes know
 * @throws conflict when another process holds it
 */
export async function enter(db: Database, what: string): Promise<Gate> {
  const client = await db.pool.connect()
  const key = [rebuildLock, what]
  let open = true
  const leave = async (): Promise<void> => {
    if (!open) return
    open = false
    let broken: Error | undefined
    await client
      .query('SELECT pg_advisory_unlock($1, hashtext(current_schema() || $2))', key)
      .catch((error: Error) => (broken = error))
    // A connection that does not answer any more is closed, and its lock goes with it.
    client.release(broken)
  }
  try {
    const { rows } = await client.query<{ mine: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext(current_schema() || $2)) AS mine',
      key,
    )
    if (rows[0]?.mine) return { client, leave }
  } catch (error) {
    client.release(true)
    throw error
  }
  client.release()
  throw conflict('The search index is being rebuilt already.')
}
