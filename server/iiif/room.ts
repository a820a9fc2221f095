import type { Room } from '../room.ts'
import { keptPictures } from './derived.ts'
import { readyFront } from './front.ts'
import { routes } from './routes.ts'

export const iiif: Room = {
  name: 'iiif',
  routes,
  front: readyFront,
  beside: (ctx) => () => keptPictures(ctx),
}
