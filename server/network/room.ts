import type { EntitySchema } from 'typeorm'
import type { Room } from '../room.ts'
import { alarm } from './alarm.ts'
import {
  gapEntity,
  harvestEntity,
  keptPageEntity,
  missingEntity,
  seenEntity,
  sourceEntity,
  sourceHostEntity,
  troubleEntity,
  wayEntity,
} from './entities.ts'
import { forgetting } from './forgetting.ts'
import { pruning } from './harvest-list.ts'
import { routes } from './routes.ts'
import { keepHarvesting } from './work.ts'

export const network: Room = {
  name: 'network',
  entities: [
    sourceEntity as EntitySchema,
    harvestEntity as EntitySchema,
    seenEntity as EntitySchema,
    sourceHostEntity as EntitySchema,
    troubleEntity as EntitySchema,
    missingEntity as EntitySchema,
    wayEntity as EntitySchema,
    gapEntity as EntitySchema,
    keptPageEntity as EntitySchema,
  ],
  routes,
  jobs: [forgetting, alarm, pruning],
  work: keepHarvesting,
}
