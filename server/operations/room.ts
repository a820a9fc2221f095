import type { Room } from '../room.ts'
import { routes } from './routes.ts'

export const operations: Room = { name: 'operations', routes }
