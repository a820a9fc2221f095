import type { EntitySchema } from 'typeorm'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Room } from '../room.ts'
import { fileEntity, imageEntity, ingestEntity } from './entities.ts'
import { mend, resume } from './store.ts'

export const files: Room = {
  name: 'files',
  entities: [fileEntity, imageEntity, ingestEntity] as EntitySchema[],
  jobs: [
    {
      name: 'files-resume',
      schedule: '* * * * *',
      expireInSeconds: 7200,
      handle: (ctx, _data, stopping) => resume(ctx, stopping),
    },
    {
      name: 'files-mend',
      schedule: '37 2 * * *',
      expireInSeconds: 43_200,
      handle: (ctx, _data, stopping) => mend(ctx, stopping),
    },
  ],
  work: resumeNow,
}

/** What was begun before a restart need not wait for the job. */
function resumeNow(ctx: Context): () => Promise<void> {
  const stopping = new AbortController()
  const done = resume(ctx, stopping.signal).catch((error: unknown) =>
    ctx.log.warn({ err: error }, 'what was begun could not be gone on with'),
  )
  return async () => {
    stopping.abort()
    // A large picture is left as it is: the next start goes on with it.
    await Promise.race([done, sleep(3000, undefined, { ref: false })])
  }
}
