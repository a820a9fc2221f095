import type { MigrationInterface, QueryRunner } from 'typeorm'

/** How much of a source has changed since its records were counted. */
export class Uncounted1763920000000 implements MigrationInterface {
  name = 'Uncounted1763920000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sources ADD COLUMN uncounted integer NOT NULL DEFAULT 0')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sources DROP COLUMN uncounted')
  }
}
