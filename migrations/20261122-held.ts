import type { MigrationInterface, QueryRunner } from 'typeorm'

// To compare a source with its list goes through its records in the order of their ids, some thousand at a time. Without
// that order in the index each stretch would sort, or pass over, the records of a whole source or of all the others.
const up = `
DROP INDEX records_source_ix;
CREATE INDEX records_source_ix ON records (source_id, id);
`

const down = `
DROP INDEX records_source_ix;
CREATE INDEX records_source_ix ON records (source_id);
`

/** The records of a source, stretch by stretch. */
export class Held1763950000000 implements MigrationInterface {
  name = 'Held1763950000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
