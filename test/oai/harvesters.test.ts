import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import { harvestersPage } from '../../server/oai/page-harvesters.ts'
import { noteVisit } from '../../server/oai/visits.ts'
import { answer, visitOf } from '../../server/web/web.ts'
import { createApp } from '../../server/http/app.ts'
import { brick, freePort, quiet } from '../house.ts'
import { doorHouse, token, type DoorHouse } from './door.ts'

const basic = (password: string, name = 'anna'): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

describe('the operator’s page of harvesters', () => {
  let house: DoorHouse
  before(async () => (house = await doorHouse()))
  after(() => house.close())

  const open = async (
    authorization?: string,
    language = 'en',
  ): Promise<{ status: number; text: string; headers: Headers }> => {
    const answered = await house.get(`${house.ctx.links.oai()}/harvesters`, {
      'accept-language': language,
      ...(authorization && { authorization }),
    })
    const text = (await answered.text()).replace(/\s+/g, ' ')
    return { status: answered.status, text, headers: answered.headers }
  }

  it('asks a browser for the token, and opens with it as a password or as a bearer token', async () => {
    for (const wrong of [
      undefined,
      basic('wrong'),
      basic(''),
      `Basic ${Buffer.from(token).toString('base64')}`,
      'Basic !',
      'Bearer wrong',
      token,
    ]) {
      const { status, text, headers } = await open(wrong)
      assert.equal(status, 401, wrong)
      assert.equal(headers.get('www-authenticate'), 'Basic realm="CaMPA", charset="UTF-8"')
      assert.match(text, /This page is for the administrator/)
      assert.doesNotMatch(text, /Nobody has come yet/)
    }
    for (const right of [basic(token), basic(token, ''), `bearer ${token}`]) {
      const { status, headers } = await open(right)
      assert.equal(status, 200, right)
      assert.equal(headers.get('cache-control'), 'no-store')
    }
  })

  it('says so while nobody has come', async () => {
    assert.match((await open(basic(token))).text, /Nobody has come yet/)
    assert.match((await open(basic(token), 'fr')).text, /Personne n’est encore venu/)
  })

  it('shows who took what, how far, and what went wrong', async () => {
    const { ctx } = house
    const visit = {
      client: '192.0.2.1',
      agent: 'metha/0.3 <script>',
      contact: 'who@example.org',
      verb: 'ListRecords',
      metadataPrefix: 'oai_dc',
      records: 500,
      bytes: 1_500_000,
      done: false,
    }
    noteVisit(ctx, { ...visit, position: { cursor: 0, completeListSize: 626 } })
    noteVisit(ctx, { ...visit, set: 'drawings', done: true, records: 6 })
    noteVisit(ctx, { ...visit, error: 'busy', records: 0, bytes: 0 })
    const { text } = await open(basic(token))
    assert.match(text, /metha\/0\.3 &lt;script&gt;/)
    assert.match(text, /192\.0\.2\.0\/24 · <a href="mailto:who@example\.org"/)
    assert.match(text, /Under way: 500 of 626/)
    assert.match(text, /Complete, now/)
    assert.match(text, /sent away to come again later \(503\)/)
    assert.match(text, /1 harvester · 3 requests · 506 records given out · 3 MB/)
    assert.match((await open(basic(token), 'fr')).text, /En cours : 500 sur 626/)
    assert.match(text, /What is not given out, and why/)
  })

  it('knows a harvester by its requests, from the first page to nothing new', async () => {
    const { links, config } = house.ctx
    const headers = { accept: '*/*', 'user-agent': 'Walker/1', from: 'walker@example.org' }
    const found = async (): Promise<Record<string, unknown>[]> => {
      const given = await house.get(links.api('harvesters'), { authorization: `Bearer ${token}` })
      const all = (await given.json()) as { agent: string; lists: Record<string, unknown>[] }[]
      return all.find(({ agent }) => agent === 'Walker/1')?.lists ?? []
    }
    const ask = async (query: string): Promise<string> =>
      (await house.get(`${links.oai()}?verb=ListRecords&${query}`, headers)).text()
    const first = await ask('metadataPrefix=oai_dc&from=2020-01-01')
    let [list] = await found()
    assert.equal(list?.['walkedRecords'], config.oaiPageSize)
    assert.equal(list['walkedFrom'], '2020-01-01T00:00:00Z')
    const mark = /<resumptionToken[^>]*>([^<]+)</.exec(first)?.[1] ?? ''
    await ask(`resumptionToken=${mark}`)
    ;[list] = await found()
    assert.equal(list?.['records'], 626)
    assert.equal(list['walkedRecords'], null)
    const complete = list['lastComplete']
    assert.ok(complete)
    await new Promise((done) => setTimeout(done, 5))
    await ask('metadataPrefix=oai_dc&from=2031-01-01')
    const lists = await found()
    assert.equal(lists.length, 1)
    assert.deepEqual(lists[0]?.['errors'], { noRecordsMatch: 1 })
    assert.notEqual(lists[0]['lastComplete'], complete)
    // Whoever looks at the page is no harvester.
    await house.page('?verb=ListRecords&metadataPrefix=oai_dc')
    assert.match((await open(basic(token))).text, /2 harvesters/)
  })

  it('gives the same as JSON to the administrator only', async () => {
    const address = house.ctx.links.api('harvesters')
    const headers = { accept: 'application/json' }
    assert.equal((await house.get(address, headers)).status, 403)
    const given = await house.get(address, { ...headers, authorization: `Bearer ${token}` })
    const all = (await given.json()) as { agent: string; lists: { listPrefix: string }[] }[]
    const harvester = all.find(({ agent }) => agent === 'metha/0.3 <script>')
    assert.ok(harvester)
    assert.ok(harvester.lists.some(({ listPrefix }) => listPrefix === 'oai_dc'))
  })

  it('tells what is left out of a format and what is held back, where that is known', async () => {
    const port = await freePort()
    const { koa, router } = createApp(
      quiet,
      '',
      () => undefined,
      () => undefined,
    )
    router.get('/', (context) => {
      const visit = visitOf(house.ctx, context)
      const gaps = [
        {
          metadataPrefix: 'oai_datacite',
          missing: 12,
          of: 626,
          reasons: [{ lack: 'no creator', count: 12 }],
        },
      ]
      const since = new Date('2026-11-22T00:00:00Z')
      const heldBack = [
        { identifier: 'oai:a:1', metadataPrefix: 'edm', reason: 'too long <b>', since },
      ]
      answer(context, visit, harvestersPage(visit, { harvesters: [], gaps, heldBack }))
    })
    const server = koa.listen(port, '127.0.0.1')
    const text = await (await fetch(`http://127.0.0.1:${port}/`)).text()
    server.close()
    assert.match(text, /12 of 626 records are left out/)
    assert.match(text, /no creator\s*<span class="count">12/)
    assert.match(text, /<code>oai:a:1<\/code>/)
    assert.match(text, /too long &lt;b&gt;/)
  })

  it('says how to set an administrator up where there is none', async () => {
    const plain: Brick & { address: string } = await brick()
    const answered = await fetch(`${plain.address}/oai/harvesters`, {
      headers: { authorization: basic('undefined') },
    })
    assert.equal(answered.status, 403)
    assert.equal(answered.headers.get('www-authenticate'), null)
    assert.match(await answered.text(), /CAMPA_ADMIN_TOKEN/)
    await plain.close()
  })
})
