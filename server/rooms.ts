// Every room of the house, lower floors first.
import type { EntitySchema } from 'typeorm'
import { readerEntity } from './changes/entities.ts'
import { collections } from './collections/room.ts'
import { settingEntity } from './db/settings.ts'
import { files } from './files/room.ts'
import { hierarchy } from './hierarchy/room.ts'
import { iiif } from './iiif/room.ts'
import { likeness } from './likeness/room.ts'
import { network } from './network/room.ts'
import { oai } from './oai/room.ts'
import { operations } from './operations/room.ts'
import { publish } from './publish/room.ts'
import { records } from './records/room.ts'
import type { Room } from './room.ts'
import { search } from './search/room.ts'
import { web } from './web/web.ts'

export const rooms: Room[] = [
  web,
  collections,
  files,
  records,
  oai,
  iiif,
  search,
  likeness,
  // Its addresses lie among those of the next two, which answer for what is left.
  hierarchy,
  publish,
  network,
  operations,
]

export const entities: EntitySchema[] = [
  settingEntity as EntitySchema,
  readerEntity as EntitySchema,
  ...rooms.flatMap((room) => room.entities ?? []),
]
