import type { LineReader } from '../changes/changes.ts'
import type { Room } from '../room.ts'
import { indexReader } from './reader.ts'

export const search: Room = {
  name: 'search',
  readers: async (ctx) => [(await indexReader(ctx)) as LineReader<never>],
}
