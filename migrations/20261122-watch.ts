import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
ALTER TABLE sources
  ADD paused_at timestamptz,
  ADD forget_at timestamptz,
  ADD forgotten_at timestamptz,
  ADD place text,
  ADD scratch_wanted boolean NOT NULL DEFAULT false;
UPDATE sources SET paused_at = now() WHERE paused;

ALTER TABLE harvests
  ADD diagnosis text,
  ADD resumed_at timestamptz,
  ADD resumed_records integer NOT NULL DEFAULT 0,
  ADD advanced_at timestamptz;
`

const down = `
ALTER TABLE harvests DROP advanced_at, DROP resumed_records, DROP resumed_at, DROP diagnosis;
ALTER TABLE sources
  DROP scratch_wanted, DROP place, DROP forgotten_at, DROP forget_at, DROP paused_at;
`

/** What an operator sees of a source and does with it: since when, why, how fast, where; paused, forgotten. */
export class Watch1763830000000 implements MigrationInterface {
  name = 'Watch1763830000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
