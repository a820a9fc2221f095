import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { visitEntity } from './entities.ts'
import { routes } from './routes.ts'
import { keepVisits } from './visits.ts'

export const oai: Room = {
  name: 'oai',
  entities: [visitEntity as EntitySchema],
  routes,
  beside: keepVisits,
}
