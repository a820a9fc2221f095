import assert from 'node:assert/strict'
import { ensureCollection } from '../../server/collections/collections.ts'
import { chrome, doorHouse, type DoorHouse } from './door.ts'

const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }

describe('the door opened in a browser', () => {
  let house: DoorHouse
  before(async () => (house = await doorHouse()))
  after(() => house.close())

  const identifiersIn = (xml: string): string[] =>
    [...xml.matchAll(/<header[^>]*><identifier>([^<]+)</g)].map((match) => match[1] ?? '')

  const tokenIn = (xml: string): string => /<resumptionToken[^>]*>([^<]+)</.exec(xml)?.[1] ?? ''

  const queries = (): string[] => {
    const identifier = (id: number): string => house.identifier(id)
    const one = `?verb=GetRecord&identifier=${encodeURIComponent(identifier(1))}`
    return [
      '',
      '?verb=Identify',
      '?verb=ListMetadataFormats',
      `?verb=ListMetadataFormats&identifier=${encodeURIComponent(identifier(1))}`,
      '?verb=ListSets',
      '?verb=ListIdentifiers&metadataPrefix=oai_dc',
      '?verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&set=drawings',
      '?verb=ListRecords&metadataPrefix=edm',
      ...[1, 2, 3, 6, 7].map(
        (id) => `?verb=GetRecord&metadataPrefix=oai_dc&identifier=${identifier(id)}`,
      ),
      `${one}&metadataPrefix=edm`,
      // Every error that this provider gives.
      '?verb=Sing',
      '?verb=ListRecords',
      '?verb=ListRecords&metadataPrefix=oai_dc&colour="><b>',
      '?verb=ListRecords&metadataPrefix=marcxml',
      '?verb=ListRecords&metadataPrefix=oai_dc&from=2031-01-01&set=drawings',
      '?verb=ListRecords&resumptionToken=nothing',
      '?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:nobody:1',
      `${one}&metadataPrefix=marcxml`,
    ]
  }

  it('shows every answer in both languages, whole, small and without a script in it', async () => {
    for (const query of queries()) {
      for (const language of ['en', 'fr']) {
        const { status, text, headers } = await house.page(query, language)
        const what = `${query} in ${language}`
        assert.equal(status, 200, what)
        assert.match(headers.get('content-type') ?? '', /^text\/html/, what)
        assert.match(headers.get('vary') ?? '', /Accept, Sec-Fetch-Dest/, what)
        assert.ok(text.startsWith(`<!doctype html> <html lang="${language}">`), what)
        assert.ok(Buffer.byteLength(text) < 60_000, `${what}: ${Buffer.byteLength(text)} bytes`)
        assert.doesNotMatch(text, /undefined|\[object |NaN/, what)
        assert.doesNotMatch(text, /<script(?![^>]*src=)|\son\w+="|<b>"/, what)
        assert.match(text, /href="[^"]*\/oai\.xml\?verb=|href="[^"]*\/oai\.xml/, what)
      }
    }
  })

  it('leaves the XML as it is for programs, and gives it at /oai.xml to everybody', async () => {
    const plain = (xml: string): string => xml.replace(/<responseDate>[^<]*/, '')
    for (const query of queries()) {
      const address = `${house.ctx.links.oai()}.xml${query}`
      const answer = await house.get(address, { accept: chrome })
      assert.match(answer.headers.get('content-type') ?? '', /^text\/xml/)
      assert.equal(plain(await answer.text()), plain(await house.xml(query)), query)
    }
    const java = { accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' }
    const answer = await house.get(`${house.ctx.links.oai()}?verb=Identify`, java)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/xml/)
    assert.match(answer.headers.get('vary') ?? '', /Accept/)
  })

  it('loses no record on the way through a list, page by page', async () => {
    for (const verb of ['ListRecords', 'ListIdentifiers']) {
      const first = `?verb=${verb}&metadataPrefix=oai_dc`
      const wanted: string[] = []
      for (let query = first; query;) {
        const xml = await house.xml(query)
        wanted.push(...identifiersIn(xml))
        query = tokenIn(xml) && `?verb=${verb}&resumptionToken=${tokenIn(xml)}`
      }
      const shown: string[] = []
      for (let query: string | undefined = first; query;) {
        const { text } = await house.page(query)
        assert.ok(Buffer.byteLength(text) < 60_000, `${Buffer.byteLength(text)} bytes`)
        const list = text.slice(text.indexOf('<ol class="finds"'))
        shown.push(
          ...[...list.matchAll(/<code>(oai:[^<]+)<\/code><\/a>/g)].map((match) => match[1] ?? ''),
        )
        const next: string | undefined = /rel="next" href="[^"]*\/oai(\?[^"]+)"/.exec(text)?.[1]
        query = next?.replace(/&amp;/g, '&')
      }
      assert.deepEqual(shown, wanted)
    }
  })

  it('says how many of how many, and begins again beyond the end', async () => {
    const query = '?verb=ListRecords&metadataPrefix=oai_dc'
    assert.match((await house.page(query)).text, /<p class="lead"> 1 to 50 of 626/)
    assert.match((await house.page(`${query}&show=21`)).text, /<ol class="finds" start="21"/)
    assert.match((await house.page(`${query}&show=9999`)).text, /<ol class="finds" start="1"/)
    assert.match((await house.page(`${query}&show=x`)).text, /<ol class="finds" start="1"/)
    assert.match((await house.page(query, 'fr')).text, /1 à 50 sur 626/)
  })

  it('shows round whoever asks nothing, and says who answers', async () => {
    const { text } = await house.page('')
    assert.match(text, /<h1>The door for harvesters<\/h1>/)
    assert.match(text, /<code>badVerb<\/code>/)
    assert.match(text, /administrator@example\.org/)
    assert.match(text, /stay known for ever/)
    assert.match(text, /<option value="drawings:schools"> +Schools/)
    const identify = await house.page('?verb=Identify&lang=fr')
    assert.match(identify.text, /<h1>La porte des moissonneurs<\/h1>/)
    assert.doesNotMatch(identify.text, /badVerb/)
    assert.match(identify.text, />Écoles<\/a>/)
  })

  it('leads from a record to its page, its sets and every format', async () => {
    const { text } = await house.page(
      `?verb=GetRecord&metadataPrefix=oai_dc&identifier=${house.identifier(1)}`,
    )
    assert.match(text, /<h1[^>]*>\s*My class at home\s*<\/h1>/)
    assert.ok(text.includes(`href="${house.ctx.links.record('1')}"`))
    assert.match(text, /verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set=drawings:schools"/)
    assert.match(text, /verb=GetRecord&amp;identifier=[^"]+&amp;metadataPrefix=edm"/)
    assert.match(text, /Title <code>dc:title<\/code>/)
    assert.match(text, /<span lang="fr">Ma classe à la maison<\/span> <small>French<\/small>/)
    assert.match(text, /curl &#39;[^ ]+\/oai\?verb=GetRecord&amp;/)
  })

  it('shows nested metadata as its source, letter for letter', async () => {
    const query = `?verb=GetRecord&metadataPrefix=edm&identifier=${house.identifier(1)}`
    const [{ text }, xml] = [await house.page(query), await house.xml(query)]
    const shown = text
      .slice(text.indexOf('<div class="xml"'), text.indexOf('<aside>'))
      .replace(/<[^>]+>/g, '')
      .replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => characters[name] ?? '')
    for (const [tag] of xml.slice(xml.indexOf('<rdf:RDF')).matchAll(/<\/?[a-z]+:[^>]+>/g)) {
      assert.ok(shown.includes(tag), tag)
    }
    assert.match(text, /<details open>\s*<summary>&lt;<b>rdf:RDF<\/b>/)
  })

  it('says of a withdrawn record that it is', async () => {
    const record = (id: number): string =>
      `?verb=GetRecord&metadataPrefix=oai_dc&identifier=${house.identifier(id)}`
    assert.match((await house.page(record(4))).text, /has been withdrawn/)
  })

  it('explains an error and offers what would work', async () => {
    const nothing = await house.page(
      '?verb=ListRecords&metadataPrefix=oai_dc&set=drawings&from=2031-01-01',
    )
    assert.match(nothing.text, /<h1>Nothing fits<\/h1>/)
    assert.match(nothing.text, /it is up to date/)
    assert.match(nothing.text, /<code>noRecordsMatch<\/code>/)
    assert.match(
      nothing.text,
      /verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set=drawings"> ?The same set/,
    )
    const bad = await house.page('?verb=ListRecords', 'fr')
    assert.match(bad.text, /Quelque chose ne va pas dans cette question/)
    assert.match(bad.text, /lang="en">ListRecords needs/)
    const mark = await house.page('?verb=ListRecords&resumptionToken=nothing')
    assert.match(mark.text, /Begin the list again/)
  })

  it('runs nothing that a record brings', async () => {
    const query = `?verb=GetRecord&metadataPrefix=oai_dc&identifier=${house.identifier(7)}`
    const { text } = await house.page(query)
    assert.match(text, /&lt;script&gt;alert\(1\)/)
    assert.doesNotMatch(text, /<script>|href="javascript:/)
  })

  it('takes a form without a script: what is empty or of another verb is left out', async () => {
    const at = async (query: string): Promise<string> => {
      const answer = await house.get(`${house.ctx.links.oai()}/try?${query}`, { accept: chrome })
      assert.equal(answer.status, 303)
      return (answer.headers.get('location') ?? '').replace(house.ctx.config.baseUrl, '')
    }
    const all = 'metadataPrefix=edm&set=&from=2020-01-01&until=&identifier=+oai:a:1+'
    assert.equal(await at(`verb=Identify&${all}`), '/oai?verb=Identify')
    assert.equal(
      await at(`verb=ListRecords&${all}&as=page`),
      '/oai?verb=ListRecords&metadataPrefix=edm&from=2020-01-01',
    )
    assert.equal(
      await at(`verb=GetRecord&${all}&as=xml`),
      '/oai.xml?verb=GetRecord&identifier=oai:a:1&metadataPrefix=edm',
    )
    assert.equal(await at('verb=//evil.example.org'), '/oai')
  })

  it('stays small where there are many collections with long names', async () => {
    const { ctx } = house
    const long = 'Une très longue appellation d’un fonds d’archives départementales '
    for (const [from, to] of [
      [0, 75],
      [75, 200],
    ] as const) {
      for (let index = from; index < to; index += 1) {
        await ensureCollection(ctx, {
          slug: `fonds-departemental-numero-${index}-de-la-pandemie-de-2020`,
          title: { fr: `${long.repeat(3)}${index}`, en: `A very long name ${index}` },
          description: { fr: long.repeat(20) },
          profile: 'dublin-core',
        })
      }
      // What the door says of itself is remembered for half a minute.
      const { clock } = ctx
      ctx.clock = () => new Date(clock().getTime() + 60_000)
      for (const query of ['', '?verb=ListSets', '?verb=ListRecords&metadataPrefix=oai_dc']) {
        const { text } = await house.page(query, 'fr')
        const size = Buffer.byteLength(text)
        assert.ok(size < 60_000, `${to} collections, ${query}: ${size} bytes`)
        assert.match(text, from ? /<input id="try-set"/ : /<select id="try-set"/)
      }
    }
    assert.match((await house.page('?verb=ListSets')).text, /1 to 50 of 203/)
  })
})
