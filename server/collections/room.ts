import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { collectionEntity } from './entities.ts'

export const collections: Room = {
  name: 'collections',
  entities: [collectionEntity as EntitySchema],
}
