import type { MigrationInterface, QueryRunner } from 'typeorm'

// A table of a thousand million rows would gather two hundred million dead ones before anybody sweeps it, and a hundred
// million changes before anybody counts anew what the planner goes by.
const up = `
ALTER TABLE records SET (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02,
  toast.autovacuum_vacuum_scale_factor = 0.02
);
`

const down = `
ALTER TABLE records RESET (
  autovacuum_vacuum_scale_factor,
  autovacuum_vacuum_insert_scale_factor,
  autovacuum_analyze_scale_factor,
  toast.autovacuum_vacuum_scale_factor
);
`

/** Large tables are swept often and a little at a time. */
export class Vacuum1763890000000 implements MigrationInterface {
  name = 'Vacuum1763890000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
