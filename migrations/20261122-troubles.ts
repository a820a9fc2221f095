import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
CREATE TABLE source_troubles (
  source_id integer NOT NULL,
  kind text NOT NULL,
  since timestamptz NOT NULL,
  reason text NOT NULL,
  told_at timestamptz,
  over_at timestamptz,
  CONSTRAINT source_troubles_pk PRIMARY KEY (source_id, kind),
  CONSTRAINT source_troubles_source_fk FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE CASCADE
);
`

/** What of a source wants a person, and whether the operator has been told. */
export class Troubles1763870000000 implements MigrationInterface {
  name = 'Troubles1763870000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE source_troubles')
  }
}
