import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
ALTER TABLE records
  ADD fingerprint bigint,
  DROP CONSTRAINT records_key_uq;
-- Two rows to a page: rows of 4 to 5 kB are left unpacked. What that saves, and what is not known of it: decision 0061.
ALTER TABLE records SET (toast_tuple_target = 4080);
CREATE UNIQUE INDEX records_key_uq ON records (collection_id, key) WHERE source_id IS NULL;
`

const down = `
DROP INDEX records_key_uq;
ALTER TABLE records RESET (toast_tuple_target);
ALTER TABLE records
  DROP fingerprint,
  ADD CONSTRAINT records_key_uq UNIQUE (collection_id, key);
`

/** What tells that a harvested record is as it was; one index less for those whose key is their identifier. */
export class Arrivals1763840000000 implements MigrationInterface {
  name = 'Arrivals1763840000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
