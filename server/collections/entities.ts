import { EntitySchema } from 'typeorm'
import type { Translations, Visibility } from '../../schemas/record.ts'

export interface Collection {
  id: number
  slug: string
  /** setSpec of OAI-PMH: the path of slugs from the top, joined by ":". */
  setSpec: string
  parentId: number | null
  /** The source that it is harvested from; null: it lives here. */
  sourceId: number | null
  title: Translations
  description: Translations
  profile: string
  /** URI of a licence or rights statement for its records. */
  rights: string | null
  visibility: Visibility
  /** Its source is being forgotten or is: it is in no list, and stays as the set that its tombstones are in. */
  retired: boolean
  createdAt: Date
}

export const collectionEntity = new EntitySchema<Collection>({
  name: 'collection',
  tableName: 'collections',
  columns: {
    id: {
      type: 'integer',
      primary: true,
      primaryKeyConstraintName: 'collections_pk',
      generated: 'increment',
    },
    slug: { type: 'text' },
    setSpec: { name: 'set_spec', type: 'text' },
    parentId: { name: 'parent_id', type: 'integer', nullable: true },
    sourceId: { name: 'source_id', type: 'integer', nullable: true },
    title: { type: 'jsonb' },
    description: { type: 'jsonb' },
    profile: { type: 'text' },
    rights: { type: 'text', nullable: true },
    visibility: { type: 'text', default: 'open' },
    retired: { type: 'boolean', default: false },
    createdAt: { name: 'created_at', type: 'timestamptz', default: () => 'now()' },
  },
  uniques: [
    { name: 'collections_slug_uq', columns: ['slug'] },
    { name: 'collections_set_spec_uq', columns: ['setSpec'] },
  ],
  indices: [
    { name: 'collections_parent_ix', columns: ['parentId'] },
    { name: 'collections_source_ix', columns: ['sourceId', 'setSpec'] },
  ],
  foreignKeys: [
    {
      name: 'collections_parent_fk',
      target: 'collection',
      columnNames: ['parentId'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'collections_source_fk',
      target: 'source',
      columnNames: ['sourceId'],
      referencedColumnNames: ['id'],
    },
  ],
})
