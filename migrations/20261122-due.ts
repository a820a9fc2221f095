import type { MigrationInterface, QueryRunner } from 'typeorm'

// One that was never harvested is due before all others: in that order the first that may begin is found at once, be there
// a hundred thousand.
const up = `
CREATE INDEX sources_due_ix ON sources (coalesce(next_run_at, '-infinity'), id);
DROP INDEX sources_next_run_ix;
`

const down = `
CREATE INDEX sources_next_run_ix ON sources (next_run_at);
DROP INDEX sources_due_ix;
`

/** Sources in the order in which they are due. */
export class Due1763900000000 implements MigrationInterface {
  name = 'Due1763900000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
