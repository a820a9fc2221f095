import type { Room } from '../room.ts'
import { routes } from './routes.ts'

export const publish: Room = { name: 'publish', routes }
