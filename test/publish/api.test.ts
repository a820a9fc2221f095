// The JSON API against its own description: every path, every answer.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { RunningBrick } from '../../server/brick.ts'
import { ensureCollection } from '../../server/collections/collections.ts'
import { ingest } from '../../server/files/files.ts'
import { unavailable } from '../../server/http/errors.ts'
import type { OpenApi, Schema } from '../../server/publish/schema.ts'
import { save, withdraw } from '../../server/records/records.ts'
import { brick, draft } from '../house.ts'
import { fillNetwork } from '../network/many.ts'
import { painting } from '../iiif/painting.ts'

interface Answer {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

interface Found {
  total: number
  records: { id: string; self: string; page: string }[]
  facets: Record<string, { value: string; count: number }[]>
  next?: string
}

describe('the JSON API', () => {
  let house: RunningBrick
  let folder: string
  let description: OpenApi
  let ids: { drawing: string; asked: string; gone: string; hidden: string }
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)

  async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${house.ctx.config.baseUrl}${path}`, { headers })
    const text = await response.text()
    const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>
    return { status: response.status, headers: response.headers, body }
  }

  const find = async (query: string): Promise<Found> =>
    (await ask(`/api/v1/records?${query}`)).body as unknown as Found

  before(async () => {
    house = await brick({ adminToken: 'a-token-of-sixteen-letters', operator: 'City archives' })
    folder = mkdtempSync(join(tmpdir(), 'campa-api-'))
    const { ctx } = house
    const museum = await ensureCollection(ctx, {
      slug: 'museum',
      title: { en: 'Museum', fr: 'Musée' },
      profile: 'dublin-core',
    })
    const drawings = await ensureCollection(ctx, {
      slug: 'drawings',
      parentId: museum.id,
      title: { fr: 'Dessins' },
      description: { fr: 'De 2020' },
      rights: 'http://rightsstatements.org/vocab/InC/1.0/',
      profile: 'dublin-core',
    })
    await ensureCollection(ctx, {
      slug: 'cellar',
      title: { en: 'Cellar' },
      profile: 'dublin-core',
      visibility: 'closed',
    })
    await fillNetwork(ctx, 6, { collections: false })
    await painting(600, 400, join(folder, 'window.png'))
    const file = await ingest(ctx, join(folder, 'window.png'), { name: 'window.png' })
    const saved = await save(ctx, [
      draft(drawings.id, 'drawing', {
        files: [{ ...file, label: { fr: 'recto' } }],
        metadata: { title: [{ value: 'Fenêtre', language: 'fr' }], extent: '30 cm' },
        dc: {
          title: [
            { value: 'Fenêtre', language: 'fr' },
            { value: 'Window', language: 'en' },
          ],
          creator: [{ value: 'Léa' }],
          date: [{ value: '2020' }],
          type: [
            { value: 'dessin', language: 'fr' },
            { value: 'drawing', language: 'en' },
          ],
          subject: [{ value: 'window' }, { value: 'rainbow' }],
          language: [{ value: 'fr' }],
        },
      }),
      draft(drawings.id, 'asked', { files: [file], visibility: 'on-request' }),
      draft(drawings.id, 'gone'),
      draft(drawings.id, 'hidden', { status: 'draft' }),
      ...Array.from({ length: 5 }, (_, index) =>
        draft(museum.id, `n${index}`, { dc: { title: [{ value: `Poster ${index}` }] } }),
      ),
    ])
    await withdraw(ctx, [saved[2]?.identifier ?? ''])
    const [drawing = '', asked = '', gone = '', hidden = ''] = saved.map(({ id }) => id)
    ids = { drawing, asked, gone, hidden }
    for (let tries = 0; tries < 100; tries++) {
      await ctx.engine.refresh()
      if ((await ctx.engine.search({ limit: 0 })).total === 7) break
      await new Promise((done) => setTimeout(done, 100))
    }
    description = (await ask('/api/openapi.json')).body as unknown as OpenApi
    ajv.addSchema({ $id: 'campa:api', ...description })
  })
  after(async () => {
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Checks an answer against what the description says of this path and status. */
  function holds(path: string, { status, headers, body }: Answer, method: 'get' | 'post' = 'get') {
    const given = description.paths[path]?.[method]?.responses[String(status)]
    assert.ok(given, `${path} may answer ${status}`)
    const name = '$ref' in given ? given.$ref.split('/').at(-1) : undefined
    const response = name ? description.components.responses[name] : given
    assert.ok(response && !('$ref' in response))
    const [declared] = Object.entries(response.content ?? {})
    if (!declared) return
    const [mediaType, { schema }] = declared
    assert.equal(headers.get('content-type')?.split(';')[0], mediaType)
    const validate = ajv.compile({ $ref: `campa:api${schema.$ref ?? ''}` })
    assert.ok(validate(body), JSON.stringify({ path, status, errors: validate.errors, body }))
  }

  it('has a description whose every reference leads somewhere, with one name per operation', () => {
    const text = JSON.stringify(description)
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      assert.ok(description.components.schemas[name ?? ''], name)
    const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods))
    const names = operations.map(({ operationId }) => operationId)
    assert.equal(new Set(names).size, names.length)
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const { parameters } of Object.values(methods)) {
        const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name)
        assert.deepEqual(
          [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
          inPath,
        )
      }
    }
    assert.equal(description.openapi, '3.1.0')
    assert.deepEqual(description.servers, [{ url: house.ctx.config.baseUrl }])
    for (const schema of Object.values<Schema>(description.components.schemas))
      assert.ok(ajv.validateSchema(schema))
  })

  it('answers on every path with every status what it describes', async () => {
    const requests: [path: string, address: string, status: number][] = [
      ['/api/v1/records', '', 200],
      ['/api/v1/records', '?q=window&type=dessin&limit=2&lang=fr&sort=oldest-date', 200],
      ['/api/v1/records', '?sort=best', 400],
      ['/api/v1/records/{id}', ids.drawing, 200],
      ['/api/v1/records/{id}', ids.asked, 200],
      ['/api/v1/records/{id}', `${ids.drawing}?format=xml`, 400],
      ['/api/v1/records/{id}', ids.hidden, 404],
      ['/api/v1/records/{id}', 'none', 404],
      ['/api/v1/records/{id}', ids.gone, 410],
      ['/api/v1/records/{id}/alike', ids.drawing, 200],
      ['/api/v1/records/{id}/alike', ids.asked, 200],
      ['/api/v1/records/{id}/alike', `${ids.drawing}?limit=0`, 400],
      ['/api/v1/records/{id}/alike', ids.hidden, 404],
      ['/api/v1/records/{id}/alike', ids.gone, 410],
      ['/api/v1/collections', '', 200],
      ['/api/v1/collections', '?limit=0', 400],
      ['/api/v1/collections/{slug}', 'drawings', 200],
      ['/api/v1/collections/{slug}', 'museum?x=1', 400],
      ['/api/v1/collections/{slug}', 'cellar', 404],
      ['/api/v1/network', '', 200],
      ['/api/v1/network', '?state=late', 400],
    ]
    const seen = new Set<string>()
    for (const [path, rest, status] of requests) {
      const [name = '', query] = rest.split('?')
      const address = `${path.includes('{') ? path.replace(/\{\w+\}/, name) : path}${query === undefined ? '' : `?${query}`}`
      const answer = await ask(address)
      assert.equal(answer.status, status, `${path} ${rest}`)
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      assert.match(answer.headers.get('link') ?? '', /openapi\.json>; rel="service-desc"/)
      holds(path, answer)
      seen.add(`${path} ${status}`)
      const etag = answer.headers.get('etag')
      if (status !== 200) continue
      assert.ok(etag)
      let again = await ask(address, { 'if-none-match': etag })
      // It may have changed meanwhile, but not each time.
      if (again.status === 200) {
        again = await ask(address, { 'if-none-match': again.headers.get('etag') ?? '' })
      }
      assert.equal(again.status, 304)
      seen.add(`${path} 304`)
    }
    const { engine } = house.ctx
    const broken = () => Promise.reject(unavailable('The index does not answer.'))
    house.ctx.engine = { ...engine, search: broken, alike: broken }
    for (const [path, address] of [
      ['/api/v1/records', '/api/v1/records'],
      ['/api/v1/records/{id}/alike', `/api/v1/records/${ids.drawing}/alike`],
    ] as const) {
      const answer = await ask(address)
      assert.equal(answer.status, 503)
      assert.ok(answer.headers.get('retry-after'))
      holds(path, answer)
      seen.add(`${path} 503`)
    }
    house.ctx.engine = engine
    // What bricks say to each other is held to it in test/hierarchy/programs.test.ts.
    const described = Object.entries(description.paths).flatMap(([path, { get }]) =>
      path.startsWith('/api/v1/network/')
        ? []
        : Object.keys(get?.responses ?? {}).map((status) => `${path} ${status}`),
    )
    assert.deepEqual([...seen].toSorted(), described.toSorted())
  })

  it('finds by a picture as it describes', async () => {
    const address = `${house.ctx.config.baseUrl}/api/v1/search/image`
    const send = async (body: Uint8Array<ArrayBuffer>): Promise<Answer> => {
      const response = await fetch(address, { method: 'POST', body })
      const { status, headers } = response
      return { status, headers, body: (await response.json()) as Record<string, unknown> }
    }
    const found = await send(new Uint8Array(readFileSync(join(folder, 'window.png'))))
    assert.equal(found.status, 200)
    holds('/api/v1/search/image', found, 'post')
    assert.equal((found.body['matches'] as { kind: string }[])[0]?.kind, 'exact')
    const allowed = await fetch(address, { method: 'OPTIONS' })
    assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /Content-Type/)
    const other = `${house.ctx.config.baseUrl}/api/v1/network/join`
    const kept = await fetch(other, { method: 'OPTIONS' })
    assert.doesNotMatch(kept.headers.get('access-control-allow-headers') ?? '', /Content-Type/)
    const refused = await send(new Uint8Array(3))
    assert.equal(refused.status, 400)
    holds('/api/v1/search/image', refused, 'post')
    assert.match(refused.headers.get('link') ?? '', /openapi/)
  })

  it('gives a record whole, and only its description where its files are on request', async () => {
    const { ctx } = house
    const { body } = await ask(`/api/v1/records/${ids.drawing}`)
    assert.equal(body['access'], 'all')
    assert.deepEqual(body['metadata'], {
      title: [{ value: 'Fenêtre', language: 'fr' }],
      extent: '30 cm',
    })
    const [file] = body['files'] as { image: { services: { address: string }[] } }[]
    for (const { address } of file?.image.services ?? [])
      assert.equal((await fetch(`${address}/info.json`)).status, 200)
    for (const { address } of body['formats'] as { address: string }[]) {
      const response = await fetch(address)
      assert.equal(response.status, 200, address)
      assert.doesNotMatch(await response.text(), /<error code/)
    }
    assert.deepEqual(body['keeper'], { name: ctx.config.name, url: ctx.config.baseUrl })
    const asked = (await ask(`/api/v1/records/${ids.asked}`)).body
    assert.equal(asked['access'], 'description')
    assert.deepEqual(asked['files'], [])
    assert.deepEqual(asked['links'], { homepage: ctx.links.record(ids.asked) })
  })

  it('shows the administrator what is not public, and keeps it out of caches', async () => {
    const authorization = 'Bearer a-token-of-sixteen-letters'
    const hidden = await ask(`/api/v1/records/${ids.hidden}`, { authorization })
    assert.equal(hidden.body['status'], 'draft')
    assert.equal(hidden.headers.get('cache-control'), 'private, no-store')
    assert.equal(hidden.headers.get('vary'), 'Authorization')
    holds('/api/v1/records/{id}', hidden)
    const gone = await ask(`/api/v1/records/${ids.gone}`, { authorization })
    assert.equal(gone.body['status'], 'withdrawn')
    holds('/api/v1/records/{id}', gone)
    const cellar = await ask('/api/v1/collections/cellar', { authorization })
    assert.equal(cellar.body['visibility'], 'closed')
    holds('/api/v1/collections/{slug}', cellar)
  })

  it('finds with the words of the search page, page by page', async () => {
    assert.deepEqual(
      (await find('q=fenetre&collection=museum')).records.map(({ id }) => id),
      [ids.drawing],
    )
    assert.equal((await find('from=2020&to=2020')).total, 1)
    assert.equal((await find('type=drawing&type=poster')).total, 1)
    assert.equal((await find('collection=cellar')).total, 0)
    const { facets } = await find('collection=museum')
    assert.deepEqual(facets['collection'], [
      { value: 'museum', count: 7 },
      { value: 'drawings', count: 2 },
    ])
    const seen: string[] = []
    let address: string | undefined =
      `${house.ctx.config.baseUrl}/api/v1/records?limit=3&q=-nothing`
    for (let pages = 0; address; pages++) {
      assert.ok(pages < 4)
      const response: Response = await fetch(address)
      const page = (await response.json()) as Found
      seen.push(...page.records.map(({ id }) => id))
      const link = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
      assert.equal(link, page.next)
      address = page.next
    }
    assert.equal(new Set(seen).size, 7)
    assert.equal(seen.length, 7)
  })

  it('counts types for a reader of one language, as the search page does, and finds by any', async () => {
    const types = async (query: string): Promise<string[]> =>
      ((await find(query)).facets['type'] ?? []).map(({ value }) => value)
    assert.deepEqual((await types('')).toSorted(), ['dessin', 'drawing'])
    assert.deepEqual(await types('lang=fr'), ['dessin'])
    assert.deepEqual(await types('lang=en'), ['drawing'])
    assert.equal((await find('lang=en&type=dessin')).total, 1)
    const boxes = async (query: Record<string, string>, language: string): Promise<string[]> => {
      const headers = { 'accept-language': language }
      const page = await (await fetch(house.ctx.links.search(query), { headers })).text()
      return [...page.matchAll(/"checkbox"\s+name="type"\s+value="([^"]+)"/g)].map(
        ([, value]) => value ?? '',
      )
    }
    assert.deepEqual(await boxes({}, 'fr'), ['dessin'])
    assert.deepEqual(await boxes({}, 'en'), ['drawing'])
    assert.deepEqual((await boxes({ type: 'dessin' }, 'en')).toSorted(), ['dessin', 'drawing'])
  })

  it('lists collections page by page, each with its parent and its count', async () => {
    const first = (await ask('/api/v1/collections?limit=1')).body
    assert.equal(first['total'], 2)
    const second = (await (await fetch(first['next'] as string)).json()) as {
      collections: { slug: string; parent?: string; total?: number; records: string }[]
      next?: string
    }
    const [drawings] = second.collections
    assert.deepEqual(
      [drawings?.slug, drawings?.parent, second.next],
      ['drawings', 'museum', undefined],
    )
    const { total } = (await (await fetch(drawings?.records ?? '')).json()) as Found
    assert.equal(total, 2)
    assert.equal((await ask('/api/v1/collections/drawings')).body['total'], 2)
  })

  const wrong: [query: string, name: string, allowed: RegExp][] = [
    ['sort=best', 'sort', /relevance, newest, oldest-date, latest-date/],
    ['limit=101', 'limit', /1 to 100/],
    ['limit=ten', 'limit', /1 to 100/],
    ['limit=1&limit=2', 'limit', /once/],
    ['from=MMXX', 'from', /-9999 to 9999/],
    ['to=10000', 'to', /-9999 to 9999/],
    ['from=2021&to=2020', 'from', /2020/],
    ['pictured=yes', 'pictured', /must be 1/],
    ['lang=de', 'lang', /fr, en/],
    ['after=', 'after', /"next"/],
    ['after=nonsense', 'after', /"next"/],
    [`q=${'x'.repeat(301)}`, 'q', /300/],
    ['keyword=', 'keyword', /1 to 300/],
    [Array.from({ length: 21 }, (_, index) => `type=${index}`).join('&'), 'type', /20/],
    ['page=2', 'page', /q, collection, brick, type/],
  ]
  for (const [query, name, allowed] of wrong) {
    it(`refuses ${query.slice(0, 30)}, and says what is allowed`, async () => {
      const answer = await ask(`/api/v1/records?${query}`)
      assert.equal(answer.status, 400)
      holds('/api/v1/records', answer)
      const [fault, ...others] = answer.body['parameters'] as { name: string; allowed: string }[]
      assert.deepEqual([fault?.name, others], [name, []])
      assert.match(fault?.allowed ?? '', allowed)
      assert.match(answer.body['detail'] as string, allowed)
    })
  }

  it('answers a browser, another address and a preflight as a program', async () => {
    const nothing = await ask('/api/v1/nothing', { accept: 'text/html' })
    assert.equal(nothing.status, 404)
    assert.equal(nothing.headers.get('content-type'), 'application/problem+json')
    const { status, headers } = await fetch(`${house.ctx.config.baseUrl}/api/v1/records`, {
      method: 'OPTIONS',
      headers: { origin: 'https://example.org', 'access-control-request-method': 'GET' },
    })
    assert.equal(status, 204)
    assert.equal(headers.get('access-control-allow-origin'), '*')
  })
})
