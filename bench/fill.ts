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
