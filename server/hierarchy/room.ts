import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { joinAttemptEntity, joinRequestEntity, markEntity } from './entities.ts'
import { keepingUp } from './keeping-up.ts'
import { routes } from './routes.ts'

export const hierarchy: Room = {
  name: 'hierarchy',
  entities: [
    markEntity as EntitySchema,
    joinRequestEntity as EntitySchema,
    joinAttemptEntity as EntitySchema,
  ],
  routes,
  jobs: [keepingUp],
}
