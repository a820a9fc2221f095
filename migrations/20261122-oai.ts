import type { MigrationInterface, QueryRunner } from 'typeorm'

// A list of OAI-PMH reads oai_dc by the thousand and the other long columns not at all: they make room for it in the row.
const up = `
ALTER TABLE records
  ADD formats integer NOT NULL DEFAULT 0,
  ADD formats_once integer NOT NULL DEFAULT 0,
  ALTER oai_dc SET STORAGE MAIN;

CREATE TABLE list_sizes (
  collection_id integer NOT NULL,
  mask integer NOT NULL,
  size bigint NOT NULL,
  CONSTRAINT list_sizes_pk PRIMARY KEY (collection_id, mask),
  CONSTRAINT list_sizes_collection_fk FOREIGN KEY (collection_id) REFERENCES collections (id) ON DELETE CASCADE
);
UPDATE records SET oai_dc = concat('<record><header',
  CASE WHEN shown THEN '>' ELSE ' status="deleted">' END, '<identifier>',
  replace(replace(replace(records.identifier, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '</identifier><datestamp>',
  to_char(datestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '</datestamp></header>',
  CASE WHEN shown THEN concat('<metadata>', oai_dc, '</metadata>') END, '</record>')
FROM (SELECT id, status = 'published' AND visibility <> 'closed' AS shown FROM records) AS known
WHERE known.id = records.id AND sequence IS NOT NULL;

-- What can be written again at any time: not logged, and empty after a crash.
CREATE UNLOGGED TABLE kept_texts (
  format bigint NOT NULL,
  sequence bigint NOT NULL,
  text text NOT NULL,
  CONSTRAINT kept_texts_pk PRIMARY KEY (format, sequence)
)
-- They stay in their row as they are: to look for each one elsewhere and to unpack it would cost more than to write it.
WITH (toast_tuple_target = 8160);

INSERT INTO list_sizes (collection_id, mask, size)
SELECT collection_id, 0, count(*) FROM records WHERE sequence IS NOT NULL GROUP BY collection_id;
`

const down = `
DROP TABLE kept_texts, list_sizes;
ALTER TABLE records DROP formats, DROP formats_once, ALTER oai_dc SET STORAGE EXTENDED;
`

/** Lists of OAI-PMH: the formats that each record can be given in, or once could, and how long each list is. */
export class Oai1763790000000 implements MigrationInterface {
  name = 'Oai1763790000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
