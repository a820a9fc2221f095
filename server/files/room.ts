import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { fileEntity, imageEntity } from './entities.ts'

export const files: Room = {
  name: 'files',
  entities: [fileEntity as EntitySchema, imageEntity as EntitySchema],
}
