import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
ALTER TABLE sources ADD accept_wanted boolean NOT NULL DEFAULT false, ADD vanished integer;
ALTER TABLE collections ADD retired boolean NOT NULL DEFAULT false;
UPDATE collections SET retired = true FROM sources WHERE sources.id = source_id AND forget_at IS NOT NULL;
`

const down = `
ALTER TABLE collections DROP retired;
ALTER TABLE sources DROP vanished, DROP accept_wanted;
`

/** How much is missing of a source, and that it may go; collections whose source is being forgotten. */
export class Care1763940000000 implements MigrationInterface {
  name = 'Care1763940000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
