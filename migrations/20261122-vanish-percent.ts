import type { MigrationInterface, QueryRunner } from 'typeorm'

/** How much of a source may vanish at once, source by source. */
export class VanishPercent1763867000000 implements MigrationInterface {
  name = 'VanishPercent1763867000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sources ADD COLUMN vanish_percent integer NOT NULL DEFAULT 20')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sources DROP COLUMN vanish_percent')
  }
}
