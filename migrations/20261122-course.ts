import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
ALTER TABLE sources
  ADD COLUMN formats json,
  ADD COLUMN grace_days integer NOT NULL DEFAULT 3,
  ADD COLUMN compare_days integer NOT NULL DEFAULT 7,
  ADD COLUMN compared_at timestamptz,
  ADD COLUMN clock_behind integer NOT NULL DEFAULT 0,
  ADD COLUMN anew text;

ALTER TABLE harvests
  ADD COLUMN compares boolean NOT NULL DEFAULT false,
  ADD COLUMN accepts_vanished boolean NOT NULL DEFAULT false,
  ADD COLUMN place json;

CREATE TABLE missing_records (
  source_id integer NOT NULL,
  identifier text NOT NULL,
  since timestamptz NOT NULL,
  lists integer NOT NULL,
  harvest_id integer NOT NULL,
  CONSTRAINT missing_records_pk PRIMARY KEY (source_id, identifier),
  CONSTRAINT missing_records_source_fk FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE CASCADE
);

CREATE TABLE record_ways (
  source_id integer NOT NULL,
  identifier text NOT NULL,
  wanted_at timestamptz,
  held_by integer,
  deleted boolean NOT NULL DEFAULT false,
  tries integer NOT NULL DEFAULT 0,
  CONSTRAINT record_ways_pk PRIMARY KEY (source_id, identifier),
  CONSTRAINT record_ways_source_fk FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE CASCADE
);
CREATE INDEX record_ways_identifier_ix ON record_ways (identifier);
CREATE INDEX record_ways_wanted_ix ON record_ways (source_id, wanted_at) WHERE wanted_at IS NOT NULL;

CREATE TABLE source_gaps (
  source_id integer NOT NULL,
  from_datestamp text NOT NULL,
  until_datestamp text NOT NULL,
  harvest_id integer NOT NULL,
  CONSTRAINT source_gaps_pk PRIMARY KEY (source_id, from_datestamp, until_datestamp),
  CONSTRAINT source_gaps_source_fk FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE CASCADE
);

CREATE TABLE kept_pages (
  id SERIAL NOT NULL,
  source_id integer NOT NULL,
  harvest_id integer NOT NULL,
  kept_at timestamptz NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  identifier text,
  url text NOT NULL,
  status integer,
  headers json NOT NULL,
  body bytea NOT NULL,
  CONSTRAINT kept_pages_pk PRIMARY KEY (id),
  CONSTRAINT kept_pages_source_fk FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE CASCADE,
  CONSTRAINT kept_pages_harvest_fk FOREIGN KEY (harvest_id) REFERENCES harvests (id) ON DELETE CASCADE
);
CREATE INDEX kept_pages_source_ix ON kept_pages (source_id, id);
CREATE INDEX kept_pages_harvest_ix ON kept_pages (harvest_id);
`

const down = `
DROP TABLE kept_pages, source_gaps, record_ways, missing_records;
ALTER TABLE harvests DROP COLUMN compares, DROP COLUMN accepts_vanished, DROP COLUMN place;
ALTER TABLE sources
  DROP COLUMN formats, DROP COLUMN grace_days, DROP COLUMN compare_days, DROP COLUMN compared_at,
  DROP COLUMN clock_behind, DROP COLUMN anew;
`

/** What makes harvests exact and forgiving: what is missing and since when, other ways to a record, pages kept. */
export class Course1763810000000 implements MigrationInterface {
  name = 'Course1763810000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
