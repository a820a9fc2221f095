import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
CREATE TABLE settings (
  name text NOT NULL,
  value json NOT NULL,
  CONSTRAINT settings_pk PRIMARY KEY (name)
);

CREATE TABLE readers (
  name text NOT NULL,
  position bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT readers_pk PRIMARY KEY (name)
);

CREATE TABLE sources (
  id SERIAL NOT NULL,
  slug text NOT NULL,
  url text NOT NULL,
  name text NOT NULL,
  set_spec text,
  metadata_prefix text,
  granularity text,
  identify json,
  every_minutes integer NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  next_run_at timestamptz,
  last_response_date text,
  records integer NOT NULL DEFAULT 0,
  keepers json,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sources_pk PRIMARY KEY (id),
  CONSTRAINT sources_slug_uq UNIQUE (slug),
  CONSTRAINT sources_url_uq UNIQUE (url)
);

CREATE TABLE harvests (
  id SERIAL NOT NULL,
  source_id integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  status text NOT NULL DEFAULT 'running',
  from_datestamp text,
  response_date text,
  metadata_prefix text,
  resumption_token text,
  from_scratch boolean NOT NULL DEFAULT false,
  pages integer NOT NULL DEFAULT 0,
  records integer NOT NULL DEFAULT 0,
  added integer NOT NULL DEFAULT 0,
  changed integer NOT NULL DEFAULT 0,
  deleted integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  complete_list_size integer,
  problems json,
  CONSTRAINT harvests_pk PRIMARY KEY (id),
  CONSTRAINT harvests_source_fk FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE CASCADE
);
CREATE INDEX harvests_source_ix ON harvests (source_id, started_at);

CREATE TABLE harvest_seen (
  harvest_id integer NOT NULL,
  identifier text NOT NULL,
  CONSTRAINT harvest_seen_pk PRIMARY KEY (harvest_id, identifier),
  CONSTRAINT harvest_seen_harvest_fk FOREIGN KEY (harvest_id) REFERENCES harvests (id) ON DELETE CASCADE
);

CREATE TABLE collections (
  id SERIAL NOT NULL,
  slug text NOT NULL,
  set_spec text NOT NULL,
  parent_id integer,
  source_id integer,
  title jsonb NOT NULL,
  description jsonb NOT NULL,
  profile text NOT NULL,
  rights text,
  visibility text NOT NULL DEFAULT 'open',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT collections_pk PRIMARY KEY (id),
  CONSTRAINT collections_slug_uq UNIQUE (slug),
  CONSTRAINT collections_set_spec_uq UNIQUE (set_spec),
  CONSTRAINT collections_parent_fk FOREIGN KEY (parent_id) REFERENCES collections (id),
  CONSTRAINT collections_source_fk FOREIGN KEY (source_id) REFERENCES sources (id)
);

CREATE TABLE files (
  sha256 text NOT NULL,
  size bigint NOT NULL,
  media_type text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT files_pk PRIMARY KEY (sha256)
);

CREATE TABLE images (
  id text NOT NULL,
  sha256 text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  levels jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT images_pk PRIMARY KEY (id),
  CONSTRAINT images_sha256_uq UNIQUE (sha256),
  CONSTRAINT images_file_fk FOREIGN KEY (sha256) REFERENCES files (sha256)
);

CREATE SEQUENCE line;

CREATE TABLE records (
  id BIGSERIAL NOT NULL,
  identifier text NOT NULL,
  collection_id integer NOT NULL,
  source_id integer,
  key text NOT NULL,
  profile text NOT NULL,
  status text NOT NULL,
  visibility text NOT NULL,
  source json NOT NULL,
  metadata json NOT NULL,
  dc json NOT NULL,
  files json NOT NULL,
  links json,
  keeper json,
  origins json,
  oai_dc text NOT NULL,
  hash bytea NOT NULL,
  sequence bigint,
  datestamp timestamptz(0),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT records_pk PRIMARY KEY (id),
  CONSTRAINT records_identifier_uq UNIQUE (identifier),
  CONSTRAINT records_key_uq UNIQUE (collection_id, key),
  CONSTRAINT records_collection_fk FOREIGN KEY (collection_id) REFERENCES collections (id),
  CONSTRAINT records_source_fk FOREIGN KEY (source_id) REFERENCES sources (id)
);
CREATE UNIQUE INDEX records_sequence_uq ON records (sequence);
CREATE INDEX records_set_ix ON records (collection_id, sequence);
CREATE INDEX records_datestamp_ix ON records (datestamp, sequence);
CREATE INDEX records_source_ix ON records (source_id);

CREATE TABLE record_images (
  record_id bigint NOT NULL,
  position integer NOT NULL,
  image_id text NOT NULL,
  CONSTRAINT record_images_pk PRIMARY KEY (record_id, position),
  CONSTRAINT record_images_record_fk FOREIGN KEY (record_id) REFERENCES records (id) ON DELETE CASCADE,
  CONSTRAINT record_images_image_fk FOREIGN KEY (image_id) REFERENCES images (id)
);
CREATE INDEX record_images_image_ix ON record_images (image_id);

CREATE TEXT SEARCH CONFIGURATION campa_fr (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION campa_fr
  ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, french_stem;
CREATE TEXT SEARCH CONFIGURATION campa_en (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION campa_en
  ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, english_stem;
`

const down = `
DROP TEXT SEARCH CONFIGURATION campa_en;
DROP TEXT SEARCH CONFIGURATION campa_fr;
DROP TABLE record_images, records, images, files, collections, harvest_seen, harvests, sources, readers, settings;
DROP SEQUENCE line;
`

/** What a brick begins with: collections, records on the number line, files, images, sources and their harvests. */
export class FirstTables1763750000000 implements MigrationInterface {
  name = 'FirstTables1763750000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
