import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
CREATE TABLE record_files (
  record_id bigint NOT NULL,
  position integer NOT NULL,
  sha256 text NOT NULL,
  CONSTRAINT record_files_pk PRIMARY KEY (record_id, position),
  CONSTRAINT record_files_record_fk FOREIGN KEY (record_id) REFERENCES records (id) ON DELETE CASCADE,
  CONSTRAINT record_files_file_fk FOREIGN KEY (sha256) REFERENCES files (sha256)
);
CREATE INDEX record_files_file_ix ON record_files (sha256);
INSERT INTO record_files (record_id, position, sha256)
SELECT records.id, file.place - 1, file.content->>'sha256'
FROM records, json_array_elements(records.files) WITH ORDINALITY AS file(content, place)
WHERE file.content->>'image' IS NULL;
`

/** Which records hold a file that is no picture, so that its door can ask who may have it. */
export class RecordFiles1763770000000 implements MigrationInterface {
  name = 'RecordFiles1763770000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE record_files')
  }
}
