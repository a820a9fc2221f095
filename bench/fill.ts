// A line of made-up records, written by the statement that a million of them can be waited for.
import { setPosition } from '../server/changes/changes.ts'
import { ensureCollection } from '../server/collections/collections.ts'
import type { Context } from '../server/context.ts'
import { offeredFormats } from '../server/records/records.ts'

const word = (...values: string[]): string =>
  `json_build_array(${values.map((each) => `json_build_object('value', ${each}, 'language', 'fr')`).join(', ')})`

const title = `'Dessin numéro ' || i`
const subjects = [`'confinement'`, `'arc-en-ciel'`, `'fenêtre ' || i % 31`]
const creator = `'Élève ' || i % 977`
const day = `'2020-04-' || lpad((1 + i % 28)::text, 2, '0')`
const rights = `'http://creativecommons.org/licenses/by/4.0/'`

const element = (name: string, value: string): string =>
  `'<dc:${name} xml:lang="fr">' || ${value} || '</dc:${name}>'`

/** Records of about 1.3 kB in oai_dc, one in a hundred withdrawn, spread over sets nested in one. */
export async function fillLine(ctx: Context, records: number): Promise<void> {
  const sets: { id: number; setSpec: string }[] = []
  for (const slug of ['bench', 'a', 'b', 'c']) {
    const parent = sets[0] && { parentId: sets[0].id }
    const { id, setSpec } = await ensureCollection(ctx, {
      slug,
      title: { fr: slug },
      profile: 'dublin-core',
      ...parent,
    })
    sets.push({ id, setSpec })
  }
  const masks = offeredFormats(ctx).reduce(
    (sum, { format, mask }) => (format.own ? sum : sum | mask),
    0,
  )
  const page = `'${ctx.links.record('')}' || i`
  const header = `'<identifier>oai:${ctx.config.domain}:' || i || '</identifier><datestamp>' ||
    to_char(stamp.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '</datestamp><setSpec>' || set_spec || '</setSpec></header>'`
  const metadata = [
    `'<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"' ||
      ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'`,
    element('title', title),
    element('creator', creator),
    ...subjects.map((each) => element('subject', each)),
    element('description', 'd.text'),
    element('date', day),
    element('type', `'Image'`),
    element('rights', rights),
    `'<dc:identifier>' || ${page} || '</dc:identifier></oai_dc:dc></metadata></record>'`,
  ].join(' || ')
  await ctx.db.query(
    `INSERT INTO records (id, identifier, collection_id, key, profile, status, visibility, source, metadata, dc, files,
       oai_dc, hash, formats, formats_once, sequence, datestamp)
     SELECT i, 'oai:${ctx.config.domain}:' || i, sets.id, i::text, 'dublin-core',
       CASE WHEN i % 100 = 0 THEN 'withdrawn' ELSE 'published' END, 'open',
       json_build_object('title', ${title}, 'description', d.text, 'creator', ${creator}, 'date', ${day}),
       json_build_object('title', ${word(title)}, 'description', ${word('d.text')}),
       json_build_object('title', ${word(title)}, 'creator', ${word(creator)}, 'subject', ${word(...subjects)},
         'description', ${word('d.text')}, 'date', ${word(day)}, 'type', ${word(`'Image'`)}, 'rights', ${word(rights)}),
       '[]',
       CASE WHEN i % 100 = 0 THEN '<record><header status="deleted">' || ${header} || '</record>'
         ELSE '<record><header>' || ${header} || ${metadata} END,
       decode(md5(i::text), 'hex'), $2, $2, i, stamp.at
     FROM generate_series(1, $1::int) AS i,
       LATERAL (SELECT left(repeat('Feutre sur papier quadrillé, vu de la fenêtre de ' || md5(i::text) ||
         ' pendant le confinement ; ' || md5((i * 7)::text) || '. ', 4), 330) AS text) AS d,
       LATERAL (SELECT timestamptz '2026-01-01' + (i / 50) * interval '1 second' AS at) AS stamp
       JOIN LATERAL (SELECT id, set_spec FROM (SELECT $3::int[] AS ids, $4::text[] AS specs) AS given,
         LATERAL (SELECT ids[1 + i % 4] AS id, specs[1 + i % 4] AS set_spec) AS each) AS sets ON true`,
    [records, masks, sets.map(({ id }) => id), sets.map(({ setSpec }) => setSpec)],
  )
  await ctx.db.query(
    `SELECT setval('line', $1::bigint), setval(pg_get_serial_sequence('records', 'id'), $1::bigint)`,
    [records],
  )
  await ctx.db.query(
    `INSERT INTO list_sizes (collection_id, mask, size)
     SELECT collection_id, mask, count(*) FROM records, unnest($1::int[]) AS mask GROUP BY 1, 2`,
    [[0, ...offeredFormats(ctx).flatMap(({ mask }) => (mask & masks ? [mask] : []))]],
  )
  // What is measured is not the search.
  await setPosition(ctx, (await ctx.engine.prepare()).reader, records)
  await ctx.db.query('VACUUM ANALYZE records')
}

/**
 * Sources as they are after many harvests, each at an address of its own.
 * @param url SQL for the address of source `i`, counted from 1
 * @param harvests complete ones of each, one a day
 */
export async function fillSources(
  ctx: Context,
  count: number,
  url: string,
  harvests: number,
): Promise<void> {
  const { rows } = await ctx.db.pool.query<{ first: number }>(
    `WITH made AS (
       INSERT INTO sources (slug, url, name, metadata_prefix, granularity, identify, every_minutes, records, keepers, next_run_at)
       SELECT 'source-' || i, ${url}, 'Source ' || i, 'oai_dc', 'YYYY-MM-DDThh:mm:ssZ',
         json_build_object('repositoryName', 'Source ' || i, 'adminEmails', json_build_array('a@example.org'),
           'granularity', 'YYYY-MM-DDThh:mm:ssZ', 'description', json_build_object('format', 'CaMPA 0.1.0', 'type', 'museum',
             'publisher', 'Ville ' || i % 900, 'coverage', 'name=Ville ' || i % 900 || '; north=' || 42 + i % 83 / 10.0 ||
             '; east=' || i % 71 / 10.0)),
         1440, i * 7919 % 90000, json_build_array(json_build_object('name', 'Source ' || i, 'records', i)),
         now() + interval '1 day' * i / $1::int
       FROM generate_series(1, $1::int) AS i RETURNING id, slug, name)
     , shelved AS (
       INSERT INTO collections (slug, set_spec, source_id, title, description, profile)
       SELECT slug, slug, id, jsonb_build_object('und', name), '{}', 'dublin-core' FROM made)
     SELECT min(id) AS first FROM made`,
    [count],
  )
  await ctx.db.query(
    `INSERT INTO harvests (source_id, started_at, ended_at, advanced_at, status, diagnosis, pages, records, added, problems)
     SELECT $1::int + i, at, at, at, CASE WHEN failed THEN 'failed' ELSE 'complete' END, CASE WHEN failed THEN 'timeout' END,
       3, 1200, 40, '[]'
     FROM generate_series(0, $2::int - 1) AS i, generate_series(1, $3::int) AS days,
       LATERAL (SELECT now() - interval '1 day' * (days - i::float8 / $2) AS at, (i * 31 + days) % 37 = 0 AS failed) AS known`,
    [rows[0]?.first, count, harvests],
  )
  await ctx.db.query('ANALYZE sources, collections, harvests')
}

/** Small harvested records: a quarter of the first source, the others of all of them in turn. */
export async function fillHarvested(ctx: Context, records: number, sources: number): Promise<void> {
  const step = 250_000
  for (let from = 1; from <= records; from += step) {
    await ctx.db.query(
      `INSERT INTO records (id, identifier, collection_id, source_id, key, profile, status, visibility, source, metadata, dc,
         files, links, keeper, origins, oai_dc, hash, fingerprint, sequence, datestamp)
       SELECT i, name, c.id, c.source_id, name, 'dublin-core', 'published', 'open',
         json_build_object('format', 'oai_dc', 'xml', '<dc:title>Objet ' || i || '</dc:title>'), '{}',
         json_build_object('title', ${word(`'Objet ' || i`)}), '[]', '{}',
         json_build_object('name', c.slug, 'url', 'https://' || c.slug || '.example.org'), '[]',
         '<record><header><identifier>' || name || '</identifier></header><metadata>Objet ' || i || '</metadata></record>',
         decode(md5(i::text), 'hex'), i, i, timestamptz '2026-01-01' + (i / 500) * interval '1 second'
       FROM generate_series($1::int, $2::int) AS i
         JOIN collections c ON c.slug = 'source-' || CASE WHEN i % 4 = 0 THEN 1 ELSE 1 + i % $3 END,
         LATERAL (SELECT 'oai:' || c.slug || ':' || i AS name) AS named`,
      [from, Math.min(records, from + step - 1), sources],
    )
  }
  await ctx.db.query(
    `SELECT setval('line', $1::bigint), setval(pg_get_serial_sequence('records', 'id'), $1::bigint)`,
    [records],
  )
  await ctx.db.query(
    `INSERT INTO list_sizes (collection_id, mask, size)
     SELECT collection_id, 0, count(*) FROM records GROUP BY 1`,
  )
  await ctx.db.query(
    `UPDATE sources SET records = size FROM collections c JOIN list_sizes ON collection_id = c.id WHERE source_id = sources.id`,
  )
  await setPosition(ctx, (await ctx.engine.prepare()).reader, records)
  await ctx.db.query('VACUUM ANALYZE records, sources')
}
