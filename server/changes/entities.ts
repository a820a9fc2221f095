import { EntitySchema } from 'typeorm'

/** How far a reader of the line has come. */
export interface ReaderRow {
  name: string
  position: number
  updatedAt: Date
}

export const readerEntity = new EntitySchema<ReaderRow>({
  name: 'reader',
  tableName: 'readers',
  columns: {
    name: { type: 'text', primary: true, primaryKeyConstraintName: 'readers_pk' },
    position: { type: 'bigint', default: 0 },
    updatedAt: { name: 'updated_at', type: 'timestamptz', default: () => 'now()' },
  },
})
