import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { collectionEntity } from './entities.ts'
import { routes } from './routes.ts'

export const collections: Room = {
  name: 'collections',
  entities: [collectionEntity as EntitySchema],
  routes,
}
