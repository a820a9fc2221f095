import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
CREATE TABLE oai_visits (
  client text NOT NULL,
  agent text NOT NULL,
  list_prefix text NOT NULL,
  list_set text NOT NULL,
  contact text,
  requests bigint NOT NULL DEFAULT 0,
  records bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  errors jsonb NOT NULL DEFAULT '{}',
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  last_complete timestamptz,
  walked_from text,
  walked_until text,
  walked_records bigint,
  walked_size bigint,
  CONSTRAINT oai_visits_pk PRIMARY KEY (client, agent, list_prefix, list_set)
);
`

/** Who harvests this brick, and how far each of them is. */
export class OaiVisits1763800000000 implements MigrationInterface {
  name = 'OaiVisits1763800000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE oai_visits')
  }
}
