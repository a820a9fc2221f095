import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import {
  addSource,
  findSource,
  harvestSource,
  type HarvestReport,
} from '../../server/network/network.ts'
import { findByIdentifier, linksOf, save } from '../../server/records/records.ts'
import { identifierOf, oaiDcOf, testSource, type TestSource } from '../harvester/source.ts'
import { brick, collection, draft } from '../house.ts'

const patience = { retryMs: 2, attempts: 2 }

describe('the terms of access that a record comes with', function () {
  this.timeout(40_000)
  let root: RunningBrick
  let ctx: Context
  let remote: TestSource
  let now = new Date('2026-01-10T00:00:00Z').getTime()

  const thumbnail = (id: string): string => `http://127.0.0.1:9/thumbnail-${id}.jpg`
  const put = (id: string, rights: string, date = '', about = ''): void =>
    remote.put(id, {
      metadata: oaiDcOf(
        id,
        `<dc:identifier>http://127.0.0.1:9/page/${id}</dc:identifier><dc:identifier>${thumbnail(id)}</dc:identifier>` +
          `<dc:rights>${rights}</dc:rights><dc:date>${date}</dc:date>`,
      ),
      about,
    })
  const harvest = async (): Promise<HarvestReport> =>
    harvestSource(ctx, await findSource(ctx, 'remote'), { patience })
  const page = async (id: string, language = 'en'): Promise<{ status: number; html: string }> => {
    const record = await findByIdentifier(ctx, identifierOf(id))
    const answer = await fetch(`${root.address}/records/${record?.id}`, {
      headers: { 'accept-language': language },
    })
    return { status: answer.status, html: await answer.text() }
  }

  before(async () => {
    root = await brick({ name: 'Root' })
    ctx = Object.assign(root.ctx, { clock: () => new Date(now) })
    remote = await testSource()
    remote.now = () => new Date(now)
    put('open', 'info:eu-repo/semantics/openAccess')
    put('restricted', 'info:eu-repo/semantics/restrictedAccess')
    put(
      'embargoed',
      'info:eu-repo/semantics/embargoedAccess',
      'info:eu-repo/date/embargoEnd/2026-02-01',
    )
    put('private', 'http://publications.europa.eu/resource/authority/access-right/CONFIDENTIAL')
    await addSource(ctx, remote.url, { slug: 'remote', patience })
    await ctx.db.query('UPDATE sources SET paused = true')
    assert.equal((await harvest()).added, 4)
  })
  after(async () => {
    await remote.close()
    await root.close()
  })

  it('decide whether its picture is shown, and the page says so', async () => {
    const open = await page('open')
    assert.equal(open.status, 200)
    assert.ok(open.html.includes(thumbnail('open')))
    const restricted = await page('restricted')
    assert.equal(restricted.status, 200)
    assert.ok(!restricted.html.includes(`src="${thumbnail('restricted')}"`))
    assert.match(restricted.html, /The files are not open to all/)
    assert.match((await page('restricted', 'fr')).html, /ne sont pas ouverts à tous/)
    assert.match((await page('embargoed')).html, /open its files on 1 February 2026/)
    const record = await findByIdentifier(ctx, identifierOf('restricted'))
    assert.ok(record)
    assert.deepEqual(Object.keys(linksOf(ctx, record)), ['homepage'])
  })

  it('hide what is private from everybody', async () => {
    assert.equal((await page('private')).status, 404)
    const listed = await (
      await fetch(`${root.address}/oai?verb=ListRecords&metadataPrefix=oai_dc`)
    ).text()
    assert.ok(listed.includes(identifierOf('restricted')))
    assert.ok(!listed.includes(identifierOf('private')))
    put('private', 'info:eu-repo/semantics/openAccess')
    await harvest()
    assert.equal((await page('private')).status, 200)
    put('private', 'http://publications.europa.eu/resource/authority/access-right/CONFIDENTIAL')
    await harvest()
    assert.equal((await page('private')).status, 410)
  })

  it('open the files when the embargo ends, though the source says nothing new', async () => {
    now = new Date('2026-01-31T00:00:00Z').getTime()
    await harvest()
    assert.equal((await findByIdentifier(ctx, identifierOf('embargoed')))?.visibility, 'on-request')
    now = new Date('2026-02-01T00:00:01Z').getTime()
    const report = await harvest()
    assert.deepEqual([report.changed, report.problems], [1, []])
    assert.ok((await page('embargoed')).html.includes(thumbnail('embargoed')))
    remote.requests.length = 0
    await harvest()
    assert.equal(remote.requests.filter((each) => each.get('verb') === 'GetRecord').length, 0)
  })

  it('and the rights in its description are kept, and handed on', async () => {
    const licence = 'https://creativecommons.org/publicdomain/zero/1.0/'
    const rights = 'http://www.openarchives.org/OAI/2.0/rights/'
    put('rights', '', '', `<rights xmlns="${rights}"><rightsReference ref="${licence}"/></rights>`)
    await harvest()
    const record = await findByIdentifier(ctx, identifierOf('rights'))
    assert.equal(record?.origins?.[0]?.rights, licence)
    for (const format of ['oai_dc', 'mets']) {
      const given = await (
        await fetch(
          `${root.address}/oai?verb=GetRecord&metadataPrefix=${format}&identifier=${identifierOf('rights')}`,
        )
      ).text()
      assert.ok(given.includes(`<rightsReference ref="${licence}"/>`), format)
      assert.ok(given.includes('<originDescription'), format)
    }
    put(
      'rights',
      '',
      '',
      `<rights xmlns="${rights}"><rightsDefinition>ask us</rightsDefinition></rights>`,
    )
    await harvest()
    const changed = await findByIdentifier(ctx, identifierOf('rights'))
    assert.equal(changed?.origins?.[0]?.rights, 'ask us')
  })

  it('go from a brick to the one above it', async () => {
    const leaf = await brick({ name: 'Leaf' })
    try {
      const drawings = await collection(leaf.ctx)
      const [kept] = await save(leaf.ctx, [
        draft(drawings, 'a', { visibility: 'on-request' }),
        draft(drawings, 'b', { visibility: 'closed' }),
      ])
      const source = await addSource(ctx, leaf.ctx.config.baseUrl, { slug: 'leaf', patience })
      await ctx.db.query('UPDATE sources SET paused = true')
      assert.equal((await harvestSource(ctx, source, { patience })).added, 1)
      const record = await findByIdentifier(ctx, kept?.identifier ?? '')
      assert.equal(record?.visibility, 'on-request')
      const answer = await fetch(`${root.address}/records/${record.id}`)
      assert.match(await answer.text(), /class="stage closed"/)
    } finally {
      await leaf.close()
    }
  })
})
