import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { save, withdraw } from '../../server/records/records.ts'
import { heldBack } from '../../server/oai/item.ts'
import { brick, collection, draft, needed, sharedFolder } from '../house.ts'
import { complaints } from './validity.ts'

describe('the OAI-PMH provider', () => {
  let leaf: RunningBrick
  let nested: number
  const schemas = sharedFolder('schemas')

  before(async () => {
    leaf = await brick()
    const { ctx } = leaf
    const drawings = await collection(ctx, 'drawings')
    nested = await collection(ctx, 'rainbows', drawings)
    const inputs = Array.from({ length: 1203 }, (_, index) =>
      draft(index % 3 ? drawings : nested, String(index), {
        dc: {
          title: [{ value: `Dessin n° ${index} <&> "x"`, language: 'fr' }],
          creator: [{ value: 'Lina\u0003, 7 ans' }],
          date: [{ value: '2020-03-29' }],
          rights: [{ value: 'https://creativecommons.org/licenses/by/4.0/' }],
        },
      }),
    )
    await save(ctx, inputs.slice(0, 700))
    await save(ctx, inputs.slice(700))
    await save(ctx, [
      draft(drawings, 'secret', { visibility: 'closed' }),
      draft(drawings, 'draft', { status: 'draft' }),
    ])
    await withdraw(ctx, [`oai:${ctx.config.domain}:5`])
  })
  after(() => leaf.close())

  const ask = async (query: string): Promise<string> => {
    const response = await fetch(`${leaf.address}/oai${query}`)
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /^text\/xml; charset=utf-8/)
    return response.text()
  }

  const walk = async (query: string): Promise<string[]> => {
    const pages = [await ask(query)]
    const verb = /verb=(\w+)/.exec(query)?.[1] ?? ''
    for (;;) {
      const token = /<resumptionToken[^>]*>([^<]+)</.exec(pages.at(-1) ?? '')?.[1]
      if (!token) return pages
      pages.push(await ask(`?verb=${verb}&resumptionToken=${encodeURIComponent(token)}`))
    }
  }

  const identifiers = (pages: string[]): string[] =>
    pages.flatMap((page) =>
      [...page.matchAll(/<identifier>(oai:[^<]+)</g)].map((match) => match[1] ?? ''),
    )

  it('lists every record once, tombstones too, and nothing that the public may not see', async () => {
    const pages = await walk('?verb=ListRecords&metadataPrefix=oai_dc')
    const found = identifiers(pages)
    assert.equal(pages.length, 3)
    assert.equal(new Set(found).size, 1203)
    assert.equal(found.length, 1203)
    assert.equal(pages.join('').match(/status="deleted"/g)?.length, 1)
    assert.match(pages[0] ?? '', /completeListSize="1203" cursor="0"/)
    assert.match(
      pages[2] ?? '',
      /<resumptionToken completeListSize="1203" cursor="1000"><\/resumptionToken>/,
    )
  })

  it('gives the same page when a token is used again', async () => {
    const first = await ask('?verb=ListRecords&metadataPrefix=oai_dc')
    const token = /<resumptionToken[^>]*>([^<]+)</.exec(first)?.[1] ?? ''
    const ids = async (): Promise<string[]> =>
      identifiers([await ask(`?verb=ListRecords&resumptionToken=${token}`)])
    assert.deepEqual(await ids(), await ids())
  })

  it('lists a set with what is nested in it', async () => {
    const all = identifiers(await walk('?verb=ListIdentifiers&metadataPrefix=oai_dc&set=drawings'))
    const inner = identifiers(
      await walk('?verb=ListIdentifiers&metadataPrefix=oai_dc&set=drawings:rainbows'),
    )
    assert.equal(all.length, 1203)
    assert.equal(inner.length, 401)
  })

  it('lists only what changed since a moment', async () => {
    const { ctx } = leaf
    const text = await ask('?verb=ListIdentifiers&metadataPrefix=oai_dc')
    const responseDate = new Date(/<responseDate>([^<]+)/.exec(text)?.[1] ?? '')
    const later = new Date(responseDate.getTime() + 1000).toISOString().slice(0, 19)
    assert.match(
      await ask(`?verb=ListIdentifiers&metadataPrefix=oai_dc&from=${later}Z`),
      /code="noRecordsMatch"/,
    )
    await new Promise((done) => setTimeout(done, later > new Date().toISOString() ? 1100 : 0))
    await save(ctx, [draft(nested, '0', { dc: { title: [{ value: 'changed' }] } })])
    assert.equal(
      identifiers([await ask(`?verb=ListIdentifiers&metadataPrefix=oai_dc&from=${later}Z`)]).length,
      1,
    )
  })

  it('never gives an empty page when the rest of a list moved on meanwhile', async () => {
    const { ctx } = leaf
    const busy = await collection(ctx, 'busy')
    const all = (version: string) =>
      Array.from({ length: 501 }, (_, index) =>
        draft(busy, String(index), { dc: { title: [{ value: version }] } }),
      )
    await save(ctx, all('one'))
    const first = await ask('?verb=ListRecords&metadataPrefix=oai_dc&set=busy')
    const token = /<resumptionToken[^>]*>([^<]+)</.exec(first)?.[1] ?? ''
    await save(ctx, all('two').slice(500))
    const second = await ask(`?verb=ListRecords&resumptionToken=${token}`)
    assert.equal(identifiers([second]).length, 1)
    assert.match(second, /<dc:title>two</)
  })

  it('holds a record back that cannot be written, says so, and gives the others out', async () => {
    const { ctx } = leaf
    const spoilt = await collection(ctx, 'spoilt')
    const [first, second] = await save(ctx, [draft(spoilt, 'a'), draft(spoilt, 'b')])
    await ctx.db.query(`UPDATE records SET dc = 'null' WHERE id = $1`, [first?.id])
    const list = '?verb=ListRecords&metadataPrefix=mods&set=spoilt'
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(identifiers([await ask(list)]), [second?.identifier])
    }
    const [held, ...more] = heldBack(ctx)
    assert.deepEqual(
      [held?.identifier, held?.metadataPrefix, more],
      [first?.identifier, 'mods', []],
    )
    const one = `?verb=GetRecord&metadataPrefix=mods&identifier=${first?.identifier ?? ''}`
    assert.match(await ask(one), /code="cannotDisseminateFormat"/)
    const lost = await collection(ctx, 'lost')
    const all = await save(ctx, [draft(lost, 'a'), draft(lost, 'b')])
    const ids = all.map(({ id }) => id)
    await ctx.db.query(`UPDATE records SET dc = 'null' WHERE id = ANY($1)`, [ids])
    assert.match(
      await ask('?verb=ListRecords&metadataPrefix=mods&set=lost'),
      /code="noRecordsMatch"/,
    )
  })

  it('loses nothing of records so heavy that few fit into a stretch, in any format', async () => {
    const { ctx } = leaf
    const heavy = await collection(ctx, 'heavy')
    const text = (length: number) =>
      'Sept fenêtres, et derrière chacune un arc-en-ciel. '.repeat(length / 50)
    const described = (key: string, length: number) =>
      draft(heavy, key, {
        dc: {
          title: [{ value: key }],
          creator: [{ value: 'Ada' }],
          date: [{ value: '2020' }],
          type: [{ value: 'Image' }],
          rights: [{ value: 'http://creativecommons.org/publicdomain/zero/1.0/' }],
          description: [{ value: text(length) }],
        },
      })
    const lengths = Array.from({ length: 330 }, (_, index) => (index % 100 === 7 ? 600_000 : 1500))
    await save(
      ctx,
      lengths.map((length, index) => described(String(index), length)),
    )
    const formats = [
      ...(await ask('?verb=ListMetadataFormats')).matchAll(/<metadataPrefix>([^<]*)/g),
    ]
    for (const [, prefix = ''] of formats.filter(
      ([, each = '']) => !['skos', 'atom'].includes(each),
    )) {
      for (const verb of ['ListRecords', 'ListIdentifiers', 'ListRecords']) {
        const pages = await walk(`?verb=${verb}&metadataPrefix=${prefix}&set=heavy`)
        assert.equal(new Set(identifiers(pages)).size, 330, `${verb} ${prefix}`)
        assert.equal(identifiers(pages).length, 330, `${verb} ${prefix}`)
      }
    }
  })

  const errors: [string, string, string][] = [
    ['no verb', '', 'badVerb'],
    ['an unknown verb', '?verb=Harvest', 'badVerb'],
    ['two verbs', '?verb=Identify&verb=ListSets', 'badVerb'],
    ['an unknown argument', '?verb=Identify&colour=red', 'badArgument'],
    [
      'an argument twice',
      '?verb=GetRecord&identifier=a&identifier=b&metadataPrefix=oai_dc',
      'badArgument',
    ],
    ['a missing argument', '?verb=ListRecords', 'badArgument'],
    [
      'a token beside other arguments',
      '?verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x',
      'badArgument',
    ],
    ['a foreign token', '?verb=ListRecords&resumptionToken=x', 'badResumptionToken'],
    [
      'a date that is none',
      '?verb=ListRecords&metadataPrefix=oai_dc&from=2020-02-30',
      'badArgument',
    ],
    [
      'two granularities',
      '?verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2020-01-01T00:00:00Z',
      'badArgument',
    ],
    [
      'from after until',
      '?verb=ListRecords&metadataPrefix=oai_dc&from=2021-01-01&until=2020-01-01',
      'badArgument',
    ],
    ['an unknown format', '?verb=ListRecords&metadataPrefix=marc', 'cannotDisseminateFormat'],
    ['an unknown set', '?verb=ListRecords&metadataPrefix=oai_dc&set=nowhere', 'noRecordsMatch'],
    [
      'an unknown identifier',
      '?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:y',
      'idDoesNotExist',
    ],
    [
      'a hidden record',
      '?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:HERE:1204',
      'idDoesNotExist',
    ],
    ['long ago', '?verb=ListRecords&metadataPrefix=oai_dc&until=1999-01-01', 'noRecordsMatch'],
  ]
  for (const [what, query, code] of errors) {
    it(`answers ${what} with ${code}`, async () => {
      const text = await ask(query.replace('HERE', leaf.ctx.config.domain))
      assert.match(text, new RegExp(`<error code="${code}">`))
      assert.equal(/<request [^>]*verb=/.test(text), !['badVerb', 'badArgument'].includes(code))
      if (schemas) assert.deepEqual(complaints(schemas, 'oai_dc', text), [])
    })
  }

  it('answers POST as it answers GET', async () => {
    const response = await fetch(`${leaf.address}/oai`, {
      method: 'POST',
      body: new URLSearchParams({
        verb: 'GetRecord',
        metadataPrefix: 'oai_dc',
        identifier: `oai:${leaf.ctx.config.domain}:3`,
      }),
    })
    assert.match(await response.text(), /<GetRecord><record>/)
  })

  it('is valid under the official schemas, page by page', async function () {
    const folder = needed(schemas, '../shared/schemas', this)
    for (const verb of ['Identify', 'ListSets', 'ListMetadataFormats']) {
      assert.deepEqual(complaints(folder, 'oai_dc', await ask(`?verb=${verb}`)), [], verb)
    }
    for (const payload of ['oai_dc', 'edm', 'mets']) {
      for (const page of await walk(`?verb=ListRecords&metadataPrefix=${payload}`)) {
        assert.deepEqual(complaints(folder, payload, page), [], payload)
      }
    }
  })
})
