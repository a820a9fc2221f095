import type { LineReader } from '../changes/changes.ts'
import type { Room } from '../room.ts'
import { indexReader } from './reader.ts'
import { routes } from './routes.ts'

export const search: Room = {
  name: 'search',
  routes,
  readers: async (ctx) => [(await indexReader(ctx)) as LineReader<never>],
}
