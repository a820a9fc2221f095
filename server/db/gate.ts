// What one process at a time may do: locks that go with a connection to the database, so that a process that is killed
// leaves none behind.
import type { Client, Database } from './db.ts'

export interface Gate {
  /** The connection that holds the locks. */
  client: Client
  /** Aborted when the connection is lost, and every lock with it. */
  lost: AbortSignal
  /** Takes the lock of this name, unless somebody has it. */
  take(name: string): Promise<boolean>
  /** Gives all locks back; again is fine. */
  leave(): Promise<void>
}

export async function openGate(db: Database): Promise<Gate> {
  const client = await db.pool.connect()
  const losing = new AbortController()
  const onError = (): void =>
    losing.abort(new Error('the database closed the connection that holds the lock'))
  client.on('error', onError)
  let isOpen = true
  return {
    client,
    lost: losing.signal,
    async take(name) {
      const { rows } = await client.query<{ mine: boolean }>(
        'SELECT pg_try_advisory_lock(hashtext(current_schema()), hashtext($1)) AS mine',
        [name],
      )
      return rows[0]?.mine ?? false
    },
    async leave() {
      if (!isOpen) return
      isOpen = false
      if (!losing.signal.aborted)
        await client.query('SELECT pg_advisory_unlock_all()').catch(onError)
      client.off('error', onError)
      // A connection that does not answer any more is closed, and its locks go with it.
      client.release(losing.signal.aborted)
    },
  }
}
