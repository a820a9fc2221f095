import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What pictures look like, in few bits. */
export class Likeness1763970000000 implements MigrationInterface {
  name = 'Likeness1763970000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE images ADD likeness json')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE images DROP likeness')
  }
}
