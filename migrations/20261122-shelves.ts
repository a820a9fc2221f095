import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
CREATE INDEX collections_parent_ix ON collections (parent_id);
CREATE INDEX collections_source_ix ON collections (source_id, set_spec);
`

const down = `
DROP INDEX collections_source_ix, collections_parent_ix;
`

/** What is below a collection, and what came from a source, among a hundred thousand of others. */
export class Shelves1763910000000 implements MigrationInterface {
  name = 'Shelves1763910000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
