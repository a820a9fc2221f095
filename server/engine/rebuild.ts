import type { Database } from '../db/db.ts'
import { openGate, type Gate } from '../db/gate.ts'
import { conflict } from '../http/errors.ts'

/**
 * One rebuild of an index at a time, whichever process makes it.
 * @param what an index, by the name that all its brick's processes know
 * @throws conflict when another process is at it
 */
export async function beginRebuild(db: Database, what: string): Promise<Gate> {
  const gate = await openGate(db)
  const isMine = await gate.take(`rebuild of ${what}`).catch(async (error: unknown) => {
    await gate.leave()
    throw error
  })
  if (isMine) return gate
  await gate.leave()
  throw conflict('The search index is being rebuilt already.')
}
