// A brick with one of everything that a rule of OAI-PMH speaks of.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningBrick } from '../../server/brick.ts'
import type { Config } from '../../config/config.ts'
import { addSource, harvestSource } from '../../server/network/network.ts'
import { save, withdraw, type RecordInput } from '../../server/records/records.ts'
import { testSource } from '../harvester/source.ts'
import { brick, collection, draft } from '../house.ts'
import { ask } from './door.ts'
import { toNextSecond } from './writers.ts'

export interface Archive {
  leaf: RunningBrick
  /** Base URL. */
  url: string
  /** Records on a page of ListRecords. */
  page: number
  /** Identifiers by set; `exact` holds as many as fill two pages. */
  sets: Record<'many' | 'exact' | 'drawings' | 'drawings:april' | 'drawings2', string[]>
  /** Withdrawn, of `drawings`. */
  gone: string
  /** Never public. */
  hidden: string[]
  /** Datestamps in the order in which the sets were filled: `drawings` bears the last one, alone. */
  datestamps: string[]
  /** Harvested, with an identifier that has to be escaped in an address and in XML. */
  awkward: string
}

/** Described well enough for every format. */
export const described = (collectionId: number, key: string): RecordInput =>
  draft(collectionId, key, {
    dc: {
      title: [{ value: `Arc-en-ciel n° ${key} <&> "été"`, language: 'fr' }],
      description: [{ value: 'À la fenêtre ]]> 𝄞\u0003', language: 'fr' }],
      subject: [{ value: 'arc-en-ciel', language: 'fr' }],
      creator: [{ value: 'Lina, 7 ans' }],
      publisher: [{ value: 'Musée des fenêtres', language: 'fr' }],
      date: [{ value: '2020-03-29' }],
      type: [{ value: 'Image' }],
      language: [{ value: 'fr' }],
      rights: [{ value: 'https://creativecommons.org/licenses/by/4.0/' }],
    },
  })

export async function archive(overrides: Partial<Config> = {}): Promise<Archive> {
  const leaf = await brick({
    oaiPageSize: 25,
    oaiRequestsPerMinute: 1_000_000,
    harvestEveryMinutes: 525_600,
    ...overrides,
  })
  const { ctx } = leaf
  const url = ctx.links.oai()
  const fill = async (collectionId: number, count: number): Promise<string[]> => {
    const inputs = Array.from({ length: count }, (_, index) =>
      described(collectionId, String(index)),
    )
    return (await save(ctx, inputs)).map((each) => each.identifier)
  }
  const many = await fill(await collection(ctx, 'many'), 501)
  const { records } = await ask(url, 'verb=ListRecords&metadataPrefix=oai_dc')
  const page = records.length
  assert.ok(page < 501, 'a page holds fewer than 501 records')
  const exact = await fill(await collection(ctx, 'exact'), 2 * page)
  const drawings2 = await fill(await collection(ctx, 'drawings2'), 3)
  const awkward = await harvested(leaf, 'a/b?c=d&e=f#g h+i%20"<j>é;')
  // What follows bears a datestamp of its own.
  await sleep(toNextSecond())
  const outer = await collection(ctx, 'drawings')
  const inner = await collection(ctx, 'april', outer)
  const drawings = await fill(outer, 4)
  const april = await fill(inner, 3)
  const [gone = ''] = drawings.slice(2)
  await withdraw(ctx, [gone])
  const secret = await save(ctx, [
    draft(outer, 'draft', { status: 'draft' }),
    draft(outer, 'closed', { visibility: 'closed' }),
  ])
  const stamps = await ctx.db.query<{ datestamp: Date }>(
    'SELECT DISTINCT datestamp FROM records WHERE datestamp IS NOT NULL ORDER BY 1',
  )
  return {
    leaf,
    url,
    page,
    sets: { many, exact, drawings2, drawings: [...drawings, ...april], 'drawings:april': april },
    gone,
    hidden: secret.map((each) => each.identifier),
    datestamps: stamps.map((each) => `${each.datestamp.toISOString().slice(0, 19)}Z`),
    awkward,
  }
}

async function harvested({ ctx }: RunningBrick, id: string): Promise<string> {
  const remote = await testSource()
  try {
    remote.put(id)
    const source = await addSource(ctx, remote.url, { slug: 'elsewhere' })
    assert.equal((await harvestSource(ctx, source)).status, 'complete')
    return `oai:source.example.org:${id}`
  } finally {
    await remote.close()
  }
}
