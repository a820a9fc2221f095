import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import {
  gapEntity,
  harvestEntity,
  keptPageEntity,
  missingEntity,
  seenEntity,
  sourceEntity,
  sourceHostEntity,
  wayEntity,
} from './entities.ts'
import { forgetting } from './forgetting.ts'
import { routes } from './routes.ts'
import { keepHarvesting } from './work.ts'

export const network: Room = {
  name: 'network',
  entities: [
    sourceEntity as EntitySchema,
    harvestEntity as EntitySchema,
    seenEntity as EntitySchema,
    sourceHostEntity as EntitySchema,
    missingEntity as EntitySchema,
    wayEntity as EntitySchema,
    gapEntity as EntitySchema,
    keptPageEntity as EntitySchema,
  ],
  routes,
  jobs: [forgetting],
  work: keepHarvesting,
}
