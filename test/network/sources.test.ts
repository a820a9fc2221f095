import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { collectionBySlug } from '../../server/collections/collections.ts'
import {
  addSource,
  childrenOf,
  findSource,
  harvestSource,
  listSources,
} from '../../server/network/network.ts'
import { nextFrom } from '../../server/network/plan.ts'
import { slugOf } from '../../server/network/sources.ts'
import { collection, freePort, tools } from '../house.ts'
import { oaiDcOf, testSource, type TestSource } from '../harvester/source.ts'

const patience = { retryMs: 5, attempts: 2 }

describe('a source', () => {
  let brick: Brick
  let remote: TestSource

  before(async () => {
    brick = await tools()
    remote = await testSource()
  })
  after(async () => {
    await remote.close()
    await brick.close()
  })

  const forget = async (slug: string): Promise<void> => {
    await brick.ctx.db.query('DELETE FROM collections WHERE slug = $1', [slug])
    await brick.ctx.db.query('DELETE FROM sources WHERE slug = $1', [slug])
  }

  it('is asked who it is when it is added, and gets a collection', async () => {
    await collection(brick.ctx, 'archives-d-essai')
    const source = await addSource(brick.ctx, `${remote.url}/`, { patience })
    assert.equal(source.name, 'Archives d’essai')
    assert.equal(source.slug, 'archives-d-essai-2')
    assert.equal(source.url, remote.url)
    assert.equal(source.metadataPrefix, 'oai_dc')
    assert.equal(source.everyMinutes, brick.ctx.config.harvestEveryMinutes)
    const top = await collectionBySlug(brick.ctx, source.slug)
    assert.deepEqual(
      [top.sourceId, top.profile, top.title],
      [source.id, 'dublin-core', { und: 'Archives d’essai' }],
    )
    assert.equal((await findSource(brick.ctx, remote.url)).id, source.id)
    assert.equal((await findSource(brick.ctx, source.slug)).id, source.id)
  })

  it('is the same when it is added again, with the options changed', async () => {
    const again = await addSource(brick.ctx, remote.url, { everyMinutes: 5 })
    assert.equal(again.everyMinutes, 5)
    assert.equal((await listSources(brick.ctx)).length, 1)
  })

  it('is found from the address of the home page, and prefers edm', async () => {
    const other = await testSource()
    other.formats.unshift({
      metadataPrefix: 'edm',
      metadataNamespace: 'http://www.europeana.eu/schemas/edm/',
    })
    other.misbehave.answer = (_, response) => {
      if (!response.req.url?.startsWith('/oai')) return response.writeHead(404).end() !== undefined
      return false
    }
    const typed = new URL(other.url).origin
    const source = await addSource(brick.ctx, typed, { slug: 'edm-source', patience })
    assert.equal(source.url, other.url)
    assert.equal(source.metadataPrefix, 'edm')
    assert.equal((await addSource(brick.ctx, typed)).id, source.id)
    assert.equal((await findSource(brick.ctx, typed)).id, source.id)
    await other.close()
  })

  it('that is a brick is asked for METS, and another one is not', async () => {
    const other = await testSource()
    const format = (metadataPrefix: string): void =>
      void other.formats.push({ metadataPrefix, metadataNamespace: `http://${metadataPrefix}/` })
    format('mets')
    format('edm')
    const foreign = await addSource(brick.ctx, other.url, { slug: 'foreign', patience })
    assert.equal(foreign.metadataPrefix, 'edm')
    await forget('foreign')
    const self = oaiDcOf('Musée', '<dc:format>CaMPA 0.1.0</dc:format>')
    other.misbehave.body = (xml) =>
      xml.replace('</Identify>', `<description>${self}</description></Identify>`)
    const near = await addSource(brick.ctx, other.url, { slug: 'near', patience })
    assert.equal(near.metadataPrefix, 'mets')
    // A brick that was added before it had METS.
    await brick.ctx.db.query(
      `UPDATE sources SET metadata_prefix = 'edm', last_response_date = now() WHERE slug = 'near'`,
    )
    const again = await addSource(brick.ctx, other.url, { patience })
    assert.deepEqual([again.metadataPrefix, again.lastResponseDate], ['mets', null])
    const chosen = await addSource(brick.ctx, other.url, { prefix: 'edm', patience })
    assert.equal(chosen.metadataPrefix, 'edm')
    await other.close()
    const down = await addSource(brick.ctx, other.url, { everyMinutes: 7, patience })
    assert.deepEqual([down.metadataPrefix, down.everyMinutes], ['edm', 7])
    await forget('near')
  })

  it('that is none is refused with one clear sentence', async () => {
    const refused = (url: string, message: RegExp, options = {}): Promise<void> =>
      assert.rejects(addSource(brick.ctx, url, { patience, ...options }), message)
    await refused('museum', /"museum" is not an address that begins with http/)
    await refused('file:///etc/passwd', /is not an address/)
    await refused('http://a:b@x.example/', /must not hold a name and password/)
    await refused(
      `http://127.0.0.1:${await freePort()}/oai`,
      /not a source that can be harvested: .*cannot be reached/,
    )
    const page = await testSource()
    page.misbehave.answer = (_, response) => {
      response.end('<!DOCTYPE html><title>Museum</title>')
      return true
    }
    await refused(page.url, /answers with a web page \("Museum"\) instead of OAI-PMH/)
    page.misbehave = {}
    await refused(page.url, /does not offer the format "mods"; it offers oai_dc/, {
      prefix: 'mods',
    })
    await refused(page.url, /There is a collection "archives-d-essai" already/, {
      slug: 'archives-d-essai',
    })
    await refused(page.url, /"A museum" is no short name/, { slug: 'A museum' })
    await assert.rejects(findSource(brick.ctx, page.url), /There is no source/)
    await page.close()
    await assert.rejects(
      findSource(brick.ctx, 'nowhere'),
      /There is no source "nowhere"; there are/,
    )
  })

  it('is summed up with its last harvest and who keeps what is below', async () => {
    const source = await findSource(brick.ctx, remote.url)
    for (const id of ['1', '2', '3']) remote.put(id)
    const edm = (name: string): string =>
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:edm="http://www.europeana.eu/schemas/edm/"` +
      ` xmlns:ore="http://www.openarchives.org/ore/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
      `<edm:ProvidedCHO rdf:about="#o"><dc:title>x</dc:title></edm:ProvidedCHO><ore:Aggregation rdf:about="#a">` +
      `<edm:dataProvider>${name}</edm:dataProvider><edm:isShownAt rdf:resource="http://${name}.example/1"/></ore:Aggregation></rdf:RDF>`
    remote.put('4', { metadata: edm('leaf') })
    remote.put('5', { metadata: edm('leaf') })
    remote.put('6', { metadata: edm('bough') })
    await harvestSource(brick.ctx, source, { patience })
    const summary = (await listSources(brick.ctx)).find((each) => each.slug === source.slug)
    assert.equal(summary?.records, 6)
    assert.equal(summary.childCount, 2)
    const children = await childrenOf(brick.ctx, [source.slug], 9)
    assert.deepEqual(children.get(source.slug), [
      { name: 'leaf', url: 'http://leaf.example', records: 2 },
      { name: 'bough', url: 'http://bough.example', records: 1 },
    ])
    assert.equal(summary.lastHarvest?.status, 'complete')
    assert.equal(summary.lastHarvest.added, 6)
    assert.ok(summary.lastHarvest.endedAt instanceof Date)
  })
})

describe('the next harvest', () => {
  it('asks from a little before the last complete one, in the granularity of the source', () => {
    const lastResponseDate = '2024-03-01T00:00:30Z'
    assert.equal(
      nextFrom({ lastResponseDate, granularity: 'YYYY-MM-DDThh:mm:ssZ' }),
      '2024-02-29T23:59:30Z',
    )
    assert.equal(nextFrom({ lastResponseDate, granularity: 'YYYY-MM-DD' }), '2024-02-29')
    assert.equal(nextFrom({ lastResponseDate: null, granularity: 'YYYY-MM-DD' }), null)
  })
})

describe('a slug', () => {
  it('is made of small letters, digits and hyphens', () => {
    assert.equal(slugOf('  Musée d’Art & d’Histoire! '), 'musee-d-art-d-histoire')
    assert.equal(slugOf('東京'), '')
  })
})
