import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { keptTextEntity, visitEntity } from './entities.ts'
import { keptTexts, sweepJob } from './kept.ts'
import { routes } from './routes.ts'
import { keepVisits } from './visits.ts'

export const oai: Room = {
  name: 'oai',
  entities: [visitEntity as EntitySchema, keptTextEntity as EntitySchema],
  routes,
  jobs: [sweepJob],
  beside(ctx) {
    const stop = keepVisits(ctx)
    return async () => {
      await stop()
      await keptTexts(ctx)
    }
  },
}
