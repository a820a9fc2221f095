import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { refreshJob } from './refresh.ts'
import { listSizeEntity, recordEntity, recordFileEntity, recordImageEntity } from './entities.ts'
import { routes } from './routes.ts'

export const records: Room = {
  name: 'records',
  entities: [
    recordEntity as EntitySchema,
    recordImageEntity as EntitySchema,
    recordFileEntity as EntitySchema,
    listSizeEntity as EntitySchema,
  ],
  routes,
  jobs: [refreshJob],
}
