import type { Room } from '../room.ts'
import { routes } from './routes.ts'

export const search: Room = {
  name: 'search',
  routes,
}
