import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
ALTER TABLE records ADD xml text;
UPDATE records SET xml = source->>'xml', source = json_build_object('format', source->>'format')
WHERE source_id IS NOT NULL AND source->>'xml' IS NOT NULL;
`

const down = `
UPDATE records SET source = json_build_object('format', source->>'format', 'xml', xml) WHERE xml IS NOT NULL;
ALTER TABLE records DROP xml;
`

/** What a harvested record came with stands in a column of its own, so that it is stored and given out byte by byte. */
export class Xml1763900000000 implements MigrationInterface {
  name = 'Xml1763900000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
