import type { Room } from '../room.ts'
import { routes } from './routes.ts'

export const likeness: Room = { name: 'likeness', routes }
