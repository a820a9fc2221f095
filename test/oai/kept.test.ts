import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { addSource } from '../../server/network/network.ts'
import { keptTexts, keyOf } from '../../server/oai/kept.ts'
import { findFormat, save, withdraw } from '../../server/records/records.ts'
import { testSource, type TestSource } from '../harvester/source.ts'
import { brick, collection, draft } from '../house.ts'

describe('records that came from elsewhere, in oai_dc', () => {
  let house: RunningBrick
  let remote: TestSource

  before(async () => {
    house = await brick()
    remote = await testSource()
    const { ctx } = house
    const { id: sourceId } = await addSource(ctx, remote.url, { slug: 'remote' })
    const shelf = await collection(ctx, 'shelf')
    const origin = {
      baseUrl: remote.url,
      datestamp: '2024-01-01',
      metadataNamespace: 'http://www.openarchives.org/OAI/2.0/oai_dc/',
      harvestDate: '2026-11-22T10:00:00Z',
      altered: false,
    }
    const harvested = (identifier: string) =>
      draft(shelf, identifier, {
        harvested: {
          sourceId,
          identifier,
          xml: Buffer.from('<came as it is/>'),
          links: {},
          keeper: { name: 'Remote' },
          origins: [{ ...origin, identifier }],
        },
      })
    await save(ctx, [draft(shelf, 'own'), harvested('oai:x:1'), harvested('oai:x:2')])
  })
  after(async () => {
    await remote.close()
    await house.close()
  })

  const xml = async (query: string): Promise<string> =>
    (await fetch(`${house.ctx.links.oai()}?metadataPrefix=oai_dc&${query}`)).text()
  const list = async (): Promise<string[]> =>
    (await xml('verb=ListRecords')).match(/<record>.*?<\/record>/gs) ?? []
  const kept = async (): Promise<number> => {
    const { ctx } = house
    await keptTexts(ctx)
    const { format } = findFormat(ctx, 'oai_dc') ?? {}
    assert.ok(format)
    const rows = await ctx.db.query('SELECT FROM kept_texts WHERE format = $1', [
      keyOf(ctx, format),
    ])
    return rows.length
  }

  it('are written when somebody asks for them, and the next time given as they were', async () => {
    const first = await list()
    assert.equal(first.length, 3)
    assert.equal(await kept(), 2)
    assert.deepEqual(await list(), first)
    const [own, one] = first
    assert.doesNotMatch(own ?? '', /<provenance/)
    assert.match(one ?? '', /<dc:title xml:lang="en">Record oai:x:1<\/dc:title>/)
    assert.match(one ?? '', /<originDescription [^>]*altered="true"><baseURL>/)
    assert.ok((await xml('verb=GetRecord&identifier=oai:x:1')).includes(one ?? ''))
  })

  it('leave a tombstone', async () => {
    await withdraw(house.ctx, ['oai:x:1'])
    const last = (await list()).at(-1) ?? ''
    assert.match(last, /<header status="deleted"><identifier>oai:x:1</)
    assert.ok((await xml('verb=GetRecord&identifier=oai:x:1')).includes(last))
  })
})
