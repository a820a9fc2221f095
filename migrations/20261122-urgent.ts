import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Of which urgent announcement from above the operator was told by mail. */
export class Urgent1763930000000 implements MigrationInterface {
  name = 'Urgent1763930000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE shared_marks ADD COLUMN told_at timestamptz')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE shared_marks DROP COLUMN told_at')
  }
}
