import { EntitySchema } from 'typeorm'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import type {
  FileReference,
  JsonObject,
  Keeper,
  Links,
  Origin,
  Status,
  Visibility,
} from '../../schemas/record.ts'

/** A row of the records table. */
export interface RecordRow {
  id: number
  identifier: string
  collectionId: number
  sourceId: number | null
  key: string
  profile: string
  status: Status
  visibility: Visibility
  source: JsonObject
  /** What a harvested record came with, as it came. */
  xml: string | null
  metadata: JsonObject
  dc: DublinCore
  files: FileReference[]
  links: Links | null
  keeper: Keeper | null
  origins: Origin[] | null
  /** Its finished `<record>` in oai_dc; empty as long as it is not on the line, and of what came from elsewhere. */
  oaiDc: string
  hash: Buffer
  /** Of a harvested record as it came: tells whether it is as it was without looking at what was made of it. */
  fingerprint: number | null
  /** Masks of the partial formats that it can be given in (offered.ts), and of those that it ever could. */
  formats: number
  formatsOnce: number
  sequence: number | null
  datestamp: Date | null
  createdAt: Date
}

export const recordEntity = new EntitySchema<RecordRow>({
  name: 'record',
  tableName: 'records',
  columns: {
    id: {
      type: 'bigint',
      primary: true,
      primaryKeyConstraintName: 'records_pk',
      generated: 'increment',
    },
    identifier: { type: 'text' },
    collectionId: { name: 'collection_id', type: 'integer' },
    sourceId: { name: 'source_id', type: 'integer', nullable: true },
    key: { type: 'text' },
    profile: { type: 'text' },
    status: { type: 'text' },
    visibility: { type: 'text' },
    source: { type: 'json' },
    xml: { type: 'text', nullable: true },
    metadata: { type: 'json' },
    dc: { type: 'json' },
    files: { type: 'json' },
    links: { type: 'json', nullable: true },
    keeper: { type: 'json', nullable: true },
    origins: { type: 'json', nullable: true },
    oaiDc: { name: 'oai_dc', type: 'text' },
    hash: { type: 'bytea' },
    fingerprint: { type: 'bigint', nullable: true },
    formats: { type: 'integer', default: 0 },
    formatsOnce: { name: 'formats_once', type: 'integer', default: 0 },
    sequence: { type: 'bigint', nullable: true },
    datestamp: { type: 'timestamptz', precision: 0, nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', default: () => 'now()' },
  },
  uniques: [{ name: 'records_identifier_uq', columns: ['identifier'] }],
  indices: [
    // The key of a harvested record is its identifier.
    {
      name: 'records_key_uq',
      columns: ['collectionId', 'key'],
      unique: true,
      where: 'source_id IS NULL',
    },
    { name: 'records_sequence_uq', columns: ['sequence'], unique: true },
    { name: 'records_set_ix', columns: ['collectionId', 'sequence'] },
    { name: 'records_datestamp_ix', columns: ['datestamp', 'sequence'] },
    { name: 'records_source_ix', columns: ['sourceId', 'id'] },
  ],
})

/** Which records an image belongs to, so that its door can ask who may see it. */
export interface RecordImage {
  recordId: number
  position: number
  imageId: string
}

export const recordImageEntity = new EntitySchema<RecordImage>({
  name: 'recordImage',
  tableName: 'record_images',
  columns: {
    recordId: {
      name: 'record_id',
      type: 'bigint',
      primary: true,
      primaryKeyConstraintName: 'record_images_pk',
    },
    position: { type: 'integer', primary: true, primaryKeyConstraintName: 'record_images_pk' },
    imageId: { name: 'image_id', type: 'text' },
  },
  indices: [{ name: 'record_images_image_ix', columns: ['imageId'] }],
  foreignKeys: [
    {
      name: 'record_images_record_fk',
      target: 'record',
      columnNames: ['recordId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
    {
      name: 'record_images_image_fk',
      target: 'image',
      columnNames: ['imageId'],
      referencedColumnNames: ['id'],
    },
  ],
})

/** Which records hold a file that is given as it is kept, so that its door can ask who may have it. */
export interface RecordFile {
  recordId: number
  position: number
  sha256: string
}

export const recordFileEntity = new EntitySchema<RecordFile>({
  name: 'recordFile',
  tableName: 'record_files',
  columns: {
    recordId: {
      name: 'record_id',
      type: 'bigint',
      primary: true,
      primaryKeyConstraintName: 'record_files_pk',
    },
    position: { type: 'integer', primary: true, primaryKeyConstraintName: 'record_files_pk' },
    sha256: { type: 'text' },
  },
  indices: [{ name: 'record_files_file_ix', columns: ['sha256'] }],
  foreignKeys: [
    {
      name: 'record_files_record_fk',
      target: 'record',
      columnNames: ['recordId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
    {
      name: 'record_files_file_fk',
      target: 'file',
      columnNames: ['sha256'],
      referencedColumnNames: ['sha256'],
    },
  ],
})

/** How long a list of OAI-PMH is. */
export interface ListSize {
  collectionId: number
  /** Of a partial format (offered.ts); 0: of all. */
  mask: number
  size: number
}

export const listSizeEntity = new EntitySchema<ListSize>({
  name: 'listSize',
  tableName: 'list_sizes',
  columns: {
    collectionId: {
      name: 'collection_id',
      type: 'integer',
      primary: true,
      primaryKeyConstraintName: 'list_sizes_pk',
    },
    mask: { type: 'integer', primary: true, primaryKeyConstraintName: 'list_sizes_pk' },
    size: { type: 'bigint' },
  },
  foreignKeys: [
    {
      name: 'list_sizes_collection_fk',
      target: 'collection',
      columnNames: ['collectionId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
  ],
})
