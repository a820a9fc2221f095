import type { MigrationInterface, QueryRunner } from 'typeorm'

// The documents themselves are in a table that the engine makes and throws away by itself (server/engine/postgresql).
// Words come to the text search configurations folded (server/engine/words.ts): what is left to do is to find the stem.
const up = `
CREATE TABLE search_index (
  single boolean NOT NULL DEFAULT true,
  shape integer NOT NULL,
  identity text NOT NULL,
  version bigint NOT NULL DEFAULT 0,
  CONSTRAINT search_index_pk PRIMARY KEY (single),
  CONSTRAINT search_index_single_ck CHECK (single)
);

CREATE TABLE search_values (
  id SERIAL NOT NULL,
  facet text NOT NULL,
  value text COLLATE "C" NOT NULL,
  CONSTRAINT search_values_pk PRIMARY KEY (id),
  CONSTRAINT search_values_value_uq UNIQUE (facet, value)
);

CREATE TEXT SEARCH DICTIONARY campa_french (TEMPLATE = snowball, LANGUAGE = french);
CREATE TEXT SEARCH DICTIONARY campa_english (TEMPLATE = snowball, LANGUAGE = english);
ALTER TEXT SEARCH CONFIGURATION campa_fr
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, hword, hword_part, word WITH campa_french;
ALTER TEXT SEARCH CONFIGURATION campa_en
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, hword, hword_part, word WITH campa_english;
`

const down = `
ALTER TEXT SEARCH CONFIGURATION campa_en
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH english_stem;
ALTER TEXT SEARCH CONFIGURATION campa_en
  ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, english_stem;
ALTER TEXT SEARCH CONFIGURATION campa_fr
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH french_stem;
ALTER TEXT SEARCH CONFIGURATION campa_fr
  ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, french_stem;
DROP TEXT SEARCH DICTIONARY campa_english;
DROP TEXT SEARCH DICTIONARY campa_french;
DROP TABLE IF EXISTS search_documents;
DROP TABLE search_values, search_index;
`

/** What PostgreSQL's full text needs: which index is live, values to filter by, stems without stop words. */
export class Search1763760000000 implements MigrationInterface {
  name = 'Search1763760000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
