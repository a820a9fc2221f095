import assert from 'node:assert/strict'
import { readXml, textOf } from '../../schemas/xml-tree.ts'
import type { RunningBrick } from '../../server/brick.ts'
import { allCollections } from '../../server/collections/collections.ts'
import type { Context } from '../../server/context.ts'
import {
  addSource,
  childrenOf,
  harvestSource,
  listSources,
  type HarvestReport,
} from '../../server/network/network.ts'
import { findByIdentifier, readLine, save, withdraw } from '../../server/records/records.ts'
import { brick, collection, draft } from '../house.ts'

describe('a hierarchy of three bricks', function () {
  this.timeout(60_000)
  let leaf: RunningBrick
  let national: RunningBrick
  let root: RunningBrick
  let identifier = ''

  const harvest = async (ctx: Context): Promise<HarvestReport> => {
    const [source] = await listSources(ctx)
    assert.ok(source)
    return harvestSource(ctx, await addSource(ctx, source.url))
  }
  const upwards = async (): Promise<HarvestReport[]> => [
    await harvest(national.ctx),
    await harvest(root.ctx),
  ]
  const published = async (ctx: Context): Promise<string[]> =>
    (await readLine(ctx, 0, 1000))
      .filter((each) => each.status === 'published')
      .map((each) => each.identifier)
      .toSorted()

  before(async () => {
    leaf = await brick({ name: 'Musée des fenêtres', level: 'museum' })
    national = await brick({ name: 'Collections nationales', level: 'national' })
    root = await brick({ name: 'World memory', level: 'international' })
    const drawings = await collection(leaf.ctx, 'drawings')
    const april = await collection(leaf.ctx, 'april', drawings)
    const inputs = Array.from({ length: 7 }, (_, index) =>
      draft(index % 2 ? april : drawings, `d${index}`, {
        dc: { title: [{ value: `Arc-en-ciel ${index}`, language: 'fr' }] },
      }),
    )
    identifier = (await save(leaf.ctx, inputs))[1]?.identifier ?? ''
    const source = await addSource(national.ctx, leaf.ctx.config.baseUrl, { slug: 'windows' })
    assert.equal(source.metadataPrefix, 'mets')
    await addSource(root.ctx, `${national.ctx.config.baseUrl}/oai`, { slug: 'nation' })
    // These bricks keep their schedule; here each harvest has its moment.
    for (const { ctx } of [national, root]) await ctx.db.query('UPDATE sources SET paused = true')
  })
  after(() => Promise.all([leaf.close(), national.close(), root.close()]))

  it('shows a record of the leaf at the root, with the leaf as its keeper', async () => {
    const reports = await upwards()
    assert.deepEqual(
      reports.map((each) => [each.status, each.added, each.problems]),
      [
        ['complete', 7, []],
        ['complete', 7, []],
      ],
    )
    assert.deepEqual(await published(root.ctx), await published(leaf.ctx))
    const here = await findByIdentifier(leaf.ctx, identifier)
    const there = await findByIdentifier(root.ctx, identifier)
    assert.ok(here && there)
    assert.deepEqual(there.dc, here.dc)
    assert.deepEqual(there.keeper, {
      name: 'Musée des fenêtres',
      url: new URL(leaf.ctx.config.baseUrl).origin,
    })
    assert.equal(there.links?.homepage, leaf.ctx.links.record(here.id))
    assert.deepEqual(
      there.origins?.map((each) => [each.baseUrl, each.identifier]),
      [
        [national.ctx.links.oai(), identifier],
        [leaf.ctx.links.oai(), identifier],
      ],
    )
  })

  it('nests the collections as they are below, with their names', async () => {
    const sets = (await allCollections(root.ctx)).map((each) => each.setSpec)
    assert.deepEqual(sets, [
      'nation',
      'nation:windows',
      'nation:windows:drawings',
      'nation:windows:drawings:april',
    ])
    const [april] = (await allCollections(root.ctx)).slice(-1)
    assert.deepEqual(april?.title, { en: 'Collection april', fr: 'Collection april' })
  })

  it('knows who keeps what', async () => {
    const [source] = await listSources(root.ctx)
    assert.deepEqual(
      [source?.name, source?.level, source?.homepage, source?.records],
      ['Collections nationales', 'national', national.ctx.links.home(), 7],
    )
    const children = await childrenOf(root.ctx, [source?.slug ?? ''], 9)
    assert.deepEqual(children.get(source?.slug ?? ''), [
      { name: 'Musée des fenêtres', url: new URL(leaf.ctx.config.baseUrl).origin, records: 7 },
    ])
    assert.equal((await listSources(national.ctx))[0]?.childCount, 0)
  })

  it('hands a record on as it came: the same text at each level', async () => {
    const metadata: string[] = []
    for (const { ctx } of [leaf, national, root]) {
      const query = new URLSearchParams({ verb: 'GetRecord', metadataPrefix: 'mets', identifier })
      const text = await (await fetch(`${ctx.links.oai()}?${query.toString()}`)).text()
      assert.ok(textOf(readXml(text)).includes('Arc-en-ciel'))
      metadata.push(/<metadata>.*<\/metadata>/s.exec(text)?.[0] ?? '')
    }
    assert.equal(new Set(metadata).size, 1)
  })

  it('moves nothing when nothing changed', async () => {
    const last = async (): Promise<number[]> =>
      Promise.all(
        [national, root].map(
          async ({ ctx }) => (await readLine(ctx, 0, 1000)).at(-1)?.sequence ?? 0,
        ),
      )
    const before = await last()
    const reports = await upwards()
    assert.deepEqual(
      reports.map((each) => [each.status, each.added, each.changed, each.deleted]),
      [
        ['complete', 0, 0, 0],
        ['complete', 0, 0, 0],
      ],
    )
    assert.deepEqual(await last(), before)
  })

  it('carries changes, deletions and returns from the leaf to the root', async () => {
    await withdraw(leaf.ctx, [identifier])
    const reports = await upwards()
    assert.deepEqual(
      reports.map((each) => each.deleted),
      [1, 1],
    )
    assert.equal((await findByIdentifier(root.ctx, identifier))?.status, 'withdrawn')
    assert.deepEqual(await published(root.ctx), await published(leaf.ctx))
    const record = await findByIdentifier(leaf.ctx, identifier)
    assert.ok(record)
    const back = draft(record.collectionId, record.key, { dc: { title: [{ value: 'Retour' }] } })
    await save(leaf.ctx, [back])
    await upwards()
    const there = await findByIdentifier(root.ctx, identifier)
    assert.deepEqual([there?.status, there?.dc.title], ['published', [{ value: 'Retour' }]])
    assert.deepEqual(await published(root.ctx), await published(leaf.ctx))
  })

  it('drops a record that comes back to where it lives', async () => {
    const source = await addSource(leaf.ctx, root.ctx.config.baseUrl, { slug: 'circle' })
    await leaf.ctx.db.query('UPDATE sources SET paused = true')
    const before = await published(leaf.ctx)
    const report = await harvestSource(leaf.ctx, source)
    assert.equal(report.status, 'complete')
    assert.equal(report.problems[0]?.code, 'own-record')
    assert.deepEqual(await published(leaf.ctx), before)
  })
})
