import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { harvestEntity, seenEntity, sourceEntity, sourceHostEntity } from './entities.ts'
import { routes } from './routes.ts'
import { keepHarvesting } from './work.ts'

export const network: Room = {
  name: 'network',
  entities: [
    sourceEntity as EntitySchema,
    harvestEntity as EntitySchema,
    seenEntity as EntitySchema,
    sourceHostEntity as EntitySchema,
  ],
  routes,
  work: keepHarvesting,
}
