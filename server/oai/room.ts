import type { Room } from '../room.ts'
import { routes } from './routes.ts'

export const oai: Room = { name: 'oai', routes }
