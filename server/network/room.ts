import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { harvestEntity, seenEntity, sourceEntity } from './entities.ts'
import { harvestJobs } from './jobs.ts'
import { routes } from './routes.ts'

export const network: Room = {
  name: 'network',
  entities: [
    sourceEntity as EntitySchema,
    harvestEntity as EntitySchema,
    seenEntity as EntitySchema,
  ],
  jobs: harvestJobs,
  routes,
}
