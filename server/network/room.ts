import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { harvestEntity, sourceEntity } from './entities.ts'
import { routes } from './routes.ts'

export const network: Room = {
  name: 'network',
  entities: [sourceEntity as EntitySchema, harvestEntity as EntitySchema],
  routes,
}
