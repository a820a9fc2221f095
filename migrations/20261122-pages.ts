import type { MigrationInterface, QueryRunner } from 'typeorm'

/** A file of several pages has an image of each; what is made of them is noted while it is taken in. */
export class Pages1763995000000 implements MigrationInterface {
  name = 'Pages1763995000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE images ADD page integer NOT NULL DEFAULT 1,
        DROP CONSTRAINT images_sha256_uq,
        ADD CONSTRAINT images_page_uq UNIQUE (sha256, page);
      ALTER TABLE ingests ADD made jsonb NOT NULL DEFAULT '[]'`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM record_images USING images WHERE image_id = images.id AND page > 1;
      DELETE FROM images WHERE page > 1;
      ALTER TABLE images DROP CONSTRAINT images_page_uq, DROP page,
        ADD CONSTRAINT images_sha256_uq UNIQUE (sha256);
      ALTER TABLE ingests DROP made`)
  }
}
