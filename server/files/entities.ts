import { EntitySchema } from 'typeorm'
import type { Likeness } from '../../schemas/likeness.ts'

export interface FileRow {
  sha256: string
  size: number
  mediaType: string
  createdAt: Date
}

export const fileEntity = new EntitySchema<FileRow>({
  name: 'file',
  tableName: 'files',
  columns: {
    sha256: { type: 'text', primary: true, primaryKeyConstraintName: 'files_pk' },
    size: { type: 'bigint' },
    mediaType: { name: 'media_type', type: 'text' },
    createdAt: { name: 'created_at', type: 'timestamptz', default: () => 'now()' },
  },
})

/** One level of a tiled pyramid, the largest first. */
export interface Level {
  width: number
  height: number
}

export interface ImageRow {
  /** 32 hexadecimal digits: of the first page the first half of its file's SHA-256 (store.ts). */
  id: string
  sha256: string
  /** Which page of its file it is, from 1. */
  page: number
  width: number
  height: number
  levels: Level[]
  /** What it looks like; null as long as nobody has looked. */
  likeness: Likeness | null
  createdAt: Date
}

export const imageEntity = new EntitySchema<ImageRow>({
  name: 'image',
  tableName: 'images',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'images_pk' },
    sha256: { type: 'text' },
    page: { type: 'integer', default: 1 },
    width: { type: 'integer' },
    height: { type: 'integer' },
    levels: { type: 'jsonb' },
    // As it was written, word for word: what is made of it is compared.
    likeness: { type: 'json', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', default: () => 'now()' },
  },
  uniques: [{ name: 'images_page_uq', columns: ['sha256', 'page'] }],
  foreignKeys: [
    {
      name: 'images_file_fk',
      target: 'file',
      columnNames: ['sha256'],
      referencedColumnNames: ['sha256'],
    },
  ],
})

/** A file that is being taken in, or was when its process died. */
interface IngestRow {
  sha256: string
  size: number
  mediaType: string
  /** Whether its bytes were not there before: then they go when it turns out that they cannot be taken. */
  fresh: boolean
  /** The levels of the pages that are made, in their order. */
  made: Level[][]
}

export const ingestEntity = new EntitySchema<IngestRow>({
  name: 'ingest',
  tableName: 'ingests',
  columns: {
    sha256: { type: 'text', primary: true, primaryKeyConstraintName: 'ingests_pk' },
    size: { type: 'bigint' },
    mediaType: { name: 'media_type', type: 'text' },
    fresh: { type: 'boolean' },
    made: { type: 'jsonb', default: [] },
  },
})
