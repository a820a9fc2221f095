import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
ALTER TABLE sources
  ADD delay_ms integer NOT NULL DEFAULT 0,
  ADD host_places integer NOT NULL DEFAULT 1,
  ADD ignores_robots boolean NOT NULL DEFAULT false,
  ADD hours_from time,
  ADD hours_until time,
  ADD time_zone text;
CREATE INDEX sources_next_run_ix ON sources (next_run_at);

CREATE TABLE source_hosts (
  host text NOT NULL,
  not_before timestamptz,
  robots text,
  robots_read_at timestamptz,
  CONSTRAINT source_hosts_pk PRIMARY KEY (host)
);
`

const down = `
DROP TABLE source_hosts;
DROP INDEX sources_next_run_ix;
ALTER TABLE sources
  DROP delay_ms, DROP host_places, DROP ignores_robots, DROP hours_from, DROP hours_until, DROP time_zone;
`

/** How politely each source is asked, and what its host wishes. */
export class Turns1763816400000 implements MigrationInterface {
  name = 'Turns1763816400000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
