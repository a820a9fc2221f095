import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Files that are being taken in: what a killed process had begun is gone on with. */
export class Ingests1763980000000 implements MigrationInterface {
  name = 'Ingests1763980000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ingests (
        sha256 text NOT NULL,
        size bigint NOT NULL,
        media_type text NOT NULL,
        fresh boolean NOT NULL,
        CONSTRAINT ingests_pk PRIMARY KEY (sha256)
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ingests')
  }
}
