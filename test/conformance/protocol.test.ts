import assert from 'node:assert/strict'
import { attributeOf, childOf, childrenOf, childText, textOf } from '../../schemas/xml-tree.ts'
import { ensureCollection } from '../../server/collections/collections.ts'
import { save, withdraw } from '../../server/records/records.ts'
import { brick, collection, draft, sharedFolder } from '../house.ts'
import { complaintsAbout } from './valid.ts'
import { archive, described, type Archive } from './archive.ts'
import {
  ask as askOf,
  codesOf,
  identifiersOf,
  post,
  walk,
  type Answer,
  type Query,
} from './door.ts'

// OAI-PMH 2.0 by the letter, verb by verb and argument by argument
// (http://www.openarchives.org/OAI/openarchivesprotocol.html; the numbers are its sections).
const schemas = sharedFolder('schemas')
const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const listVerbs = ['ListRecords', 'ListIdentifiers'] as const

describe('OAI-PMH by the letter', function () {
  this.timeout(60_000)
  let here: Archive
  before(async () => {
    here = await archive()
  })
  after(() => here.leaf.close())

  /** An answer, valid under the schemas. */
  const ask = async (query: Query, payload = 'oai_dc'): Promise<Answer> => {
    const answer = await askOf(here.url, query)
    assertValid(answer, payload)
    return answer
  }
  const refused = async (query: Query, ...codes: string[]): Promise<Answer> => {
    const answer = await ask(query)
    assert.ok(answer.errors.length, `${JSON.stringify(query)} is refused`)
    assert.ok(
      codesOf(answer).every((each) => codes.includes(each)),
      `${JSON.stringify(query)}: ${codesOf(answer).join()}, not ${codes.join(' or ')}`,
    )
    assert.equal(answer.body, undefined)
    return answer
  }
  const first = (set: keyof Archive['sets']): string => here.sets[set][0] ?? ''
  const list = (more: Record<string, string> = {}): Record<string, string> => ({
    verb: 'ListIdentifiers',
    metadataPrefix: 'oai_dc',
    ...more,
  })
  /** @param identifier only those of this item */
  const formats = async (identifier?: string): Promise<{ prefix: string; namespace: string }[]> =>
    childrenOf(
      (await ask({ verb: 'ListMetadataFormats', ...(identifier && { identifier }) })).body!,
      'metadataFormat',
    ).map((each) => ({
      prefix: childText(each, 'metadataPrefix') ?? '',
      namespace: childText(each, 'metadataNamespace') ?? '',
    }))
  const tokenOf = async (more: Record<string, string> = {}): Promise<string> =>
    (await ask({ verb: 'ListRecords', metadataPrefix: 'oai_dc', set: 'exact', ...more })).token
      ?.value ?? ''

  describe('the frame (3.2)', () => {
    it('declares XML 1.0 in UTF-8 and states when the answer was made and to which base URL', async () => {
      const before = Math.floor(Date.now() / 1000) * 1000
      const answer = await ask('verb=Identify')
      assert.match(answer.text, /^<\?xml version="1.0" encoding="UTF-8"\?>/)
      assert.match(answer.responseDate, utc)
      const stated = Date.parse(answer.responseDate)
      assert.ok(stated >= before && stated <= Date.now(), answer.responseDate)
      assert.equal(answer.baseUrl, here.url)
    })

    const echoed: [string, () => [string, string][]][] = [
      ['Identify', () => [['verb', 'Identify']]],
      [
        'GetRecord',
        () => [
          ['verb', 'GetRecord'],
          ['metadataPrefix', 'oai_dc'],
          ['identifier', here.awkward],
        ],
      ],
      ['an unknown identifier', () => unknown('oai:nobody:"<&>\' é𝄞')],
      [
        'a list',
        () => [
          ['verb', 'ListIdentifiers'],
          ['set', 'drawings:april'],
          ['metadataPrefix', 'oai_dc'],
          ['from', '2000-01-01'],
          ['until', '2100-01-01'],
        ],
      ],
      [
        'a dead token',
        () => [
          ['verb', 'ListSets'],
          ['resumptionToken', 'a b&c'],
        ],
      ],
      [
        'a list that is empty',
        () => [
          ['verb', 'ListRecords'],
          ['metadataPrefix', 'oai_dc'],
          ['until', '1999-01-01'],
        ],
      ],
    ]
    const unknown = (identifier: string): [string, string][] => [
      ['verb', 'GetRecord'],
      ['metadataPrefix', 'oai_dc'],
      ['identifier', identifier],
    ]
    for (const [what, query] of echoed) {
      it(`repeats the arguments in <request>: ${what}`, async () => {
        assert.deepEqual((await ask(query())).echo, Object.fromEntries(query()))
      })
    }

    it('repeats none after badVerb and badArgument (3.6)', async () => {
      for (const query of ['verb=Nothing', 'verb=Identify&x=y', 'verb=ListRecords', 'x=y', ''])
        assert.deepEqual((await refused(query, 'badVerb', 'badArgument')).echo, {}, query)
    })

    it('reports several faults at once', async () => {
      const answer = await refused(
        'verb=ListRecords&metadataPrefix=oai_dc&from=yesterday&until=today',
        'badArgument',
      )
      assert.equal(answer.errors.length, 2)
      assert.equal(
        (await refused('verb=GetRecord&colour=red', 'badArgument')).errors.length,
        3,
        'an unknown argument and two missing ones',
      )
    })
  })

  describe('requests (3.1)', () => {
    const queries: [string, () => string][] = [
      ['Identify', () => 'verb=Identify'],
      ['ListSets', () => 'verb=ListSets'],
      ['ListMetadataFormats', () => 'verb=ListMetadataFormats'],
      ['ListIdentifiers', () => 'verb=ListIdentifiers&metadataPrefix=oai_dc&from=2000-01-01'],
      ['ListRecords', () => 'verb=ListRecords&metadataPrefix=oai_dc&set=drawings%3Aapril'],
      [
        'GetRecord',
        () =>
          new URLSearchParams({
            verb: 'GetRecord',
            metadataPrefix: 'oai_dc',
            identifier: here.awkward,
          }).toString(),
      ],
      ['no verb', () => ''],
      ['a missing argument', () => 'verb=GetRecord&metadataPrefix=oai_dc'],
    ]
    const timeless = ({ text }: Answer): string => text.replace(/<responseDate>[^<]*/, '')
    for (const [what, query] of queries) {
      it(`are answered by POST as by GET: ${what}`, async () => {
        assert.equal(timeless(await post(here.url, query())), timeless(await ask(query())))
      })
    }

    it('are answered by POST with a charset behind the media type', async () => {
      const answer = await askOf(here.url, '', {
        method: 'POST',
        body: 'verb=Identify',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
      })
      assert.deepEqual(codesOf(answer), [])
    })

    it('may escape a space as + or %20, and leave the colons of identifiers as they are', async () => {
      for (const space of ['+', '%20']) {
        const identifier = encodeURIComponent(here.awkward).replaceAll('%20', space)
        const query = `verb=GetRecord&metadataPrefix=oai_dc&identifier=${identifier}`
        assert.equal((await ask(query)).records[0]?.identifier, here.awkward)
      }
      const query = `verb=GetRecord&metadataPrefix=oai_dc&identifier=${first('drawings')}`
      assert.equal((await ask(query)).records[0]?.identifier, first('drawings'))
    })

    for (const query of ['', 'verb=', 'verb=identify', 'verb=Identify%20', 'Verb=Identify', 'junk'])
      it(`have exactly one verb: "${query}" is badVerb`, () => refused(query, 'badVerb'))
    it('have exactly one verb: two are badVerb', () =>
      refused('verb=Identify&verb=Identify', 'badVerb'))

    const illegal = [
      'verb=Identify&identifier=x',
      'verb=Identify&resumptionToken=x',
      'verb=ListSets&set=drawings',
      'verb=ListMetadataFormats&metadataPrefix=oai_dc',
      'verb=GetRecord&identifier=x&metadataPrefix=oai_dc&set=drawings',
      'verb=ListRecords&metadataPrefix=oai_dc&identifier=x',
      'verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc',
      'verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&from=2020-01-01',
      'verb=ListIdentifiers&metadataPrefix=oai_dc&MetadataPrefix=oai_dc',
      'verb=ListRecords',
      'verb=ListIdentifiers&set=drawings',
      'verb=GetRecord',
      'verb=GetRecord&metadataPrefix=oai_dc',
      'verb=GetRecord&identifier=x',
      'verb=ListRecords&metadataPrefix=',
      'verb=ListRecords&metadataPrefix=oai_dc&until=',
      'verb=ListRecords&metadataPrefix=oai_dc&set=a%20b',
      'verb=ListRecords&metadataPrefix=oai_dc&set=a::b',
      'verb=ListRecords&metadataPrefix=oai%20dc',
    ]
    for (const query of illegal)
      it(`have the arguments of their verb, once each: ${query}`, async () => {
        // A metadataPrefix or set that cannot exist may also be told as one that does not exist.
        const milder = /=(oai%20dc|a::b|a%20b)/.test(query)
          ? ['cannotDisseminateFormat', 'noRecordsMatch']
          : []
        await refused(query, 'badArgument', ...milder)
      })
  })

  describe('Identify (4.2)', () => {
    it('tells all that a harvester has to know', async () => {
      const { body } = await ask('verb=Identify')
      const told = (name: string): string[] => childrenOf(body!, name).map((each) => textOf(each))
      assert.equal(told('repositoryName').length, 1)
      assert.deepEqual(told('baseURL'), [here.url])
      assert.deepEqual(told('protocolVersion'), ['2.0'])
      for (const each of told('adminEmail')) assert.match(each, /^\S+@\S+$/)
      assert.deepEqual(told('deletedRecord'), ['persistent'])
      assert.deepEqual(told('granularity'), ['YYYY-MM-DDThh:mm:ssZ'])
    })

    it('states an earliestDatestamp that no record is older than', async () => {
      const { body } = await ask('verb=Identify')
      const earliest = childText(body!, 'earliestDatestamp') ?? ''
      assert.match(earliest, utc)
      assert.ok(earliest <= (here.datestamps[0] ?? ''), earliest)
    })

    it('describes its identifiers (oai-identifier guidelines)', async () => {
      const { body } = await ask('verb=Identify')
      const scheme = childrenOf(body!, 'description')
        .map((each) => childOf(each, 'oai-identifier'))
        .find(Boolean)
      const domain = here.leaf.ctx.config.domain
      assert.equal(childText(scheme!, 'repositoryIdentifier'), domain)
      assert.match(childText(scheme!, 'sampleIdentifier') ?? '', new RegExp(`^oai:${domain}:.`))
      assert.match(first('many'), new RegExp(`^oai:${domain}:[^\\s]+$`))
    })
  })

  describe('ListMetadataFormats (4.4)', () => {
    it('has oai_dc, and each format once', async () => {
      const prefixes = (await formats()).map((each) => each.prefix)
      assert.ok(prefixes.includes('oai_dc'), prefixes.join())
      assert.equal(new Set(prefixes).size, prefixes.length)
    })

    it('tells the formats of one item, of a deleted one too', async () => {
      for (const identifier of [first('many'), here.gone, here.awkward]) {
        const { body } = await ask({ verb: 'ListMetadataFormats', identifier })
        const prefixes = childrenOf(body!).map((each) => childText(each, 'metadataPrefix'))
        assert.ok(prefixes.includes('oai_dc'), identifier)
        for (const metadataPrefix of prefixes) {
          const query = { verb: 'GetRecord', identifier, metadataPrefix: metadataPrefix ?? '' }
          assert.equal((await ask(query, metadataPrefix)).records.length, 1)
        }
      }
    })

    it('does not know what is not there, not public or no identifier at all', async () => {
      for (const identifier of [...here.hidden, 'oai:nobody:1', 'no identifier', "' OR 1=1"])
        await refused({ verb: 'ListMetadataFormats', identifier }, 'idDoesNotExist', 'badArgument')
    })

    it('gives each format in the namespace that it states', async () => {
      for (const { prefix, namespace } of await formats(first('many'))) {
        const query = { verb: 'GetRecord', metadataPrefix: prefix, identifier: first('many') }
        const { body, errors } = await ask(query, prefix)
        assert.deepEqual(errors, [], prefix)
        const metadata = childOf(childOf(body!, 'record')!, 'metadata')
        // Europeana's schema of EDM is rooted in RDF.
        const expected =
          prefix === 'edm' ? 'http://www.w3.org/1999/02/22-rdf-syntax-ns#' : namespace
        assert.equal(childrenOf(metadata!)[0]?.namespace, expected, prefix)
      }
    })
  })

  describe('ListSets (4.6)', () => {
    it('has every set once, and the ancestors of each', async () => {
      const { body } = await ask('verb=ListSets')
      const specs = childrenOf(body!, 'set').map((each) => childText(each, 'setSpec') ?? '')
      assert.equal(new Set(specs).size, specs.length)
      for (const set of Object.keys(here.sets)) assert.ok(specs.includes(set), set)
      for (const each of specs) {
        assert.match(each, /^([A-Za-z0-9\-_.!~*'()]+)(:[A-Za-z0-9\-_.!~*'()]+)*$/)
        if (each.includes(':'))
          assert.ok(specs.includes(each.slice(0, each.lastIndexOf(':'))), each)
      }
      for (const each of childrenOf(body!, 'set'))
        assert.ok(childText(each, 'setName'), 'a set has a name')
    })

    it('gives each record the sets that lists are asked for by', async () => {
      const { records } = await ask(list({ set: 'drawings' }))
      for (const { identifier, sets } of records) {
        const nested = here.sets['drawings:april'].includes(identifier)
        assert.ok(sets.includes(nested ? 'drawings:april' : 'drawings'), identifier)
      }
    })
  })

  describe('GetRecord (4.1)', () => {
    const get = (identifier: string, metadataPrefix = 'oai_dc'): Query => ({
      verb: 'GetRecord',
      identifier,
      metadataPrefix,
    })

    it('gives header and metadata of a record', async () => {
      const { body, records } = await ask(get(first('drawings')))
      assert.deepEqual(records[0]?.sets, ['drawings'])
      assert.equal(records[0]?.datestamp, here.datestamps.at(-1))
      assert.ok(childOf(childOf(body!, 'record')!, 'metadata'), 'it has metadata')
    })

    it('gives of a deleted record the header alone, in every format', async () => {
      for (const { prefix } of await formats(here.gone)) {
        const { body } = await ask(get(here.gone, prefix), prefix)
        const record = childOf(body!, 'record')!
        assert.deepEqual(
          childrenOf(record).map((each) => each.name),
          ['header'],
        )
        assert.equal(attributeOf(childOf(record, 'header')!, 'status'), 'deleted')
      }
    })

    it('does not know what is not there or not public', async () => {
      for (const identifier of [...here.hidden, 'oai:nobody:1', `${first('many')} `, '€'])
        await refused(get(identifier), 'idDoesNotExist', 'badArgument')
    })

    it('refuses a format that there is not', () =>
      refused(get(first('many'), 'marc21x'), 'cannotDisseminateFormat'))
  })

  for (const verb of listVerbs) {
    describe(`${verb} (4.3, 4.5)`, () => {
      const all = async (more: Record<string, string>): Promise<string[]> =>
        identifiersOf(await walk(here.url, { verb, metadataPrefix: 'oai_dc', ...more }))
      const stamp = (index: number): string => here.datestamps.at(index) ?? ''
      const day = (offset: number): string =>
        new Date(Date.parse(stamp(-1)) + offset * 86_400_000).toISOString().slice(0, 10)
      const second = (text: string, offset: number): string =>
        `${new Date(Date.parse(text) + offset * 1000).toISOString().slice(0, 19)}Z`

      it('gives all that is public, once, and nothing else', async () => {
        const got = await all({})
        const { many, exact, drawings, drawings2 } = here.sets
        const expected = [...many, ...exact, ...drawings2, here.awkward, ...drawings]
        assert.deepEqual(got.toSorted(), expected.toSorted())
      })

      it('gives a set with its descendants, and not one whose name begins alike', async () => {
        assert.deepEqual((await all({ set: 'drawings' })).toSorted(), here.sets.drawings.toSorted())
        const inner = here.sets['drawings:april']
        assert.deepEqual((await all({ set: 'drawings:april' })).toSorted(), inner.toSorted())
      })

      it('knows no set that there is not', async () => {
        for (const set of ['april', 'drawing', 'drawings:', 'drawings:may', 'DRAWINGS', "x')--"])
          await refused(
            { verb, metadataPrefix: 'oai_dc', set },
            'noRecordsMatch',
            ...(set.endsWith(':') ? ['badArgument'] : []),
          )
      })

      it('takes from and until with what they name, to the second (2.7.1)', async () => {
        const { drawings } = here.sets
        const last = stamp(-1)
        assert.deepEqual((await all({ from: last })).toSorted(), drawings.toSorted())
        assert.deepEqual((await all({ from: last, until: last })).toSorted(), drawings.toSorted())
        const earlier = await all({ until: second(last, -1) })
        assert.equal(
          earlier.filter((each) => drawings.includes(each)).length,
          0,
          'the second before has none of them',
        )
        assert.equal((await all({})).length, earlier.length + drawings.length)
        assert.equal((await all({ until: last })).length, earlier.length + drawings.length)
      })

      it('takes from and until to the day, the days included', async () => {
        const count = (await all({})).length
        const [oldest, newest] = [stamp(0).slice(0, 10), stamp(-1).slice(0, 10)]
        assert.equal((await all({ from: oldest, until: newest })).length, count)
        assert.equal((await all({ from: oldest })).length, count)
        assert.equal((await all({ until: newest })).length, count)
        assert.equal((await all({ until: day(1) })).length, count)
      })

      it('has nothing of the future and nothing of the time before it began', async () => {
        const query = { verb, metadataPrefix: 'oai_dc' }
        const spans: Record<string, string>[] = [
          { from: day(2) },
          { from: second(stamp(-1), 3600) },
          { from: '2999-01-01T00:00:00Z', until: '2999-01-01T00:00:00Z' },
          { from: '9999-12-31' },
          { until: day(-2) },
          { until: second(stamp(0), -1) },
          { until: '0001-01-01' },
          { from: '1970-01-01', until: '1970-01-01' },
        ]
        for (const span of spans) await refused({ ...query, ...span }, 'noRecordsMatch')
      })

      it('combines a set with a span of time', async () => {
        const last = stamp(-1)
        assert.equal((await all({ set: 'drawings:april', from: last })).length, 3)
        await refused({ verb, metadataPrefix: 'oai_dc', set: 'many', from: last }, 'noRecordsMatch')
      })

      it('refuses from after until, and two granularities', async () => {
        const query = { verb, metadataPrefix: 'oai_dc' }
        const spans: Record<string, string>[] = [
          { from: '2020-01-02', until: '2020-01-01' },
          { from: '2020-01-01T00:00:01Z', until: '2020-01-01T00:00:00Z' },
          { from: '2020-01-01', until: '2020-01-01T00:00:00Z' },
          { from: '2020-01-01T00:00:00Z', until: '2020-01-01' },
        ]
        for (const span of spans) await refused({ ...query, ...span }, 'badArgument')
      })

      const noDates = [
        '2020',
        '2020-01',
        '2020-1-1',
        '2020-02-30',
        '2021-02-29',
        '2020-13-01',
        '2020-00-10',
        '20200101',
        '12020-01-01',
        '-2020-01-01',
        '2020-01-01T00:00Z',
        '2020-01-01T00:00:00',
        '2020-01-01T00:00:00.000Z',
        '2020-01-01T00:00:00+00:00',
        '2020-01-01T24:00:00Z',
        '2020-01-01T23:60:00Z',
        '2020-01-01T23:59:60Z',
        '2020-01-01t00:00:00z',
        '2020-01-01 00:00:00',
        ' 2020-01-01',
        'now',
        '٢٠٢٠-٠١-٠١',
      ]
      it('refuses what is no UTCdatetime (3.3)', async () => {
        for (const name of ['from', 'until'])
          for (const text of noDates)
            await refused({ verb, metadataPrefix: 'oai_dc', [name]: text }, 'badArgument')
      })

      it('gives deleted records as headers with a status, in every format', async () => {
        for (const { prefix } of await formats(here.gone)) {
          const { records } = await ask({ verb, metadataPrefix: prefix, set: 'drawings' }, prefix)
          const gone = records.filter((each) => each.deleted)
          assert.deepEqual(
            gone.map((each) => each.identifier),
            [here.gone],
          )
          assert.doesNotMatch(gone[0]?.xml ?? '', /<(metadata|about)\b/)
        }
      })

      it('refuses a format that there is not', () =>
        refused({ verb, metadataPrefix: 'nothing' }, 'cannotDisseminateFormat'))
    })
  }

  it('lists the same headers with ListIdentifiers and ListRecords', async () => {
    const headers = async (verb: string): Promise<object[]> =>
      (await walk(here.url, { verb, metadataPrefix: 'oai_dc' }))
        .flatMap((each) => each.records)
        .map(({ identifier, datestamp, sets, deleted }) => ({
          identifier,
          datestamp,
          sets,
          deleted,
        }))
        .toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1))
    assert.deepEqual(await headers('ListIdentifiers'), await headers('ListRecords'))
  })

  describe('resumption tokens (3.5)', () => {
    it('lead through a list in pages that are all valid and count from 0', async () => {
      for (const { prefix } of await formats(first('many'))) {
        let cursor = 0
        const pages = await walk(here.url, { verb: 'ListRecords', metadataPrefix: prefix })
        for (const page of pages) {
          assertValid(page, prefix)
          assert.ok(page.records.length, 'a page must not be empty')
          assert.equal(page.records.length <= here.page, true)
          if (page.token?.cursor !== undefined) assert.equal(Number(page.token.cursor), cursor)
          cursor += page.records.length
        }
        for (const { token } of pages) {
          if (token?.completeListSize !== undefined)
            assert.equal(Number(token.completeListSize), cursor, `${prefix} has ${cursor} records`)
        }
      }
    })

    it('end with an empty one where a list came in pages, and there only', async () => {
      const pages = await walk(here.url, { verb: 'ListRecords', metadataPrefix: 'oai_dc' })
      assert.ok(pages.length > 1, 'this list comes in pages')
      assert.deepEqual(
        pages.map((page) => page.token?.value === ''),
        pages.map((_, index) => index === pages.length - 1),
      )
      assert.equal((await ask(list({ set: 'drawings:april' }))).token, undefined)
    })

    it('lead to no empty page where the last one is full', async () => {
      const pages = await walk(here.url, {
        verb: 'ListRecords',
        metadataPrefix: 'oai_dc',
        set: 'exact',
      })
      assert.deepEqual(
        pages.map((page) => page.records.length),
        [here.page, here.page],
      )
      assert.equal(pages[1]?.token?.value, '')
    })

    it('give the same page again', async () => {
      const resumptionToken = await tokenOf()
      const again = { verb: 'ListRecords', resumptionToken }
      const [one, two] = [await ask(again), await ask(again)]
      assert.deepEqual(two.records, one.records)
      assert.deepEqual(two.token, one.token)
      const three = await post(here.url, again)
      assert.deepEqual(three.records, one.records)
    })

    it('keep the set and the span of time that were asked for', async () => {
      const last = here.datestamps.at(-1) ?? ''
      const pages = await walk(here.url, {
        verb: 'ListRecords',
        metadataPrefix: 'oai_dc',
        set: 'many',
        until: last,
        from: here.datestamps[0] ?? '',
      })
      assert.deepEqual(identifiersOf(pages).toSorted(), here.sets.many.toSorted())
    })

    it('are used alone', async () => {
      const resumptionToken = await tokenOf()
      const more: Record<string, string>[] = [
        { metadataPrefix: 'oai_dc' },
        { set: 'exact' },
        { from: '2020-01-01' },
        { until: '2020-01-01' },
        { identifier: 'x' },
      ]
      for (const each of more)
        await refused({ verb: 'ListRecords', resumptionToken, ...each }, 'badArgument')
      const twice: [string, string][] = [
        ['verb', 'ListRecords'],
        ['resumptionToken', resumptionToken],
        ['resumptionToken', resumptionToken],
      ]
      await refused(twice, 'badArgument')
    })

    it('belong to their verb', async () => {
      const resumptionToken = await tokenOf()
      for (const verb of ['ListIdentifiers', 'ListSets'])
        await refused({ verb, resumptionToken }, 'badResumptionToken')
    })

    it('cannot be made, cut or changed', async () => {
      const token = await tokenOf()
      const middle = Math.floor(token.length / 2)
      const spoilt = [
        'x',
        '0',
        token.slice(0, -4),
        token.slice(4),
        `${token}A`,
        `${token}${token}`,
        token.slice(0, middle) + (token[middle] === 'A' ? 'B' : 'A') + token.slice(middle + 1),
        token.toUpperCase(),
        'e30',
        'A'.repeat(5000),
      ]
      for (const resumptionToken of spoilt)
        await refused({ verb: 'ListRecords', resumptionToken }, 'badResumptionToken')
      await refused('verb=ListRecords&resumptionToken=', 'badResumptionToken', 'badArgument')
    })

    it('expire, if they do, in the future and in UTC', async () => {
      const { token } = await ask({ verb: 'ListRecords', metadataPrefix: 'oai_dc' })
      if (token?.expirationDate === undefined) return
      assert.match(token.expirationDate, utc)
      assert.ok(Date.parse(token.expirationDate) > Date.now(), token.expirationDate)
    })
  })

  describe('datestamps (2.7, 2.5.1)', () => {
    it('say when a record was changed or deleted', async () => {
      const own = await brick()
      try {
        const drawings = await collection(own.ctx, 'drawings')
        const [saved] = await save(own.ctx, [draft(drawings, '1')])
        const get = { verb: 'GetRecord', metadataPrefix: 'oai_dc', identifier: saved!.identifier }
        const stamp = async (): Promise<string> =>
          (await askOf(own.ctx.links.oai(), get)).records[0]?.datestamp ?? ''
        const created = await stamp()
        await new Promise((done) => setTimeout(done, Date.parse(created) + 1010 - Date.now()))
        await save(own.ctx, [draft(drawings, '1')])
        assert.equal(await stamp(), created, 'what did not change keeps its datestamp')
        await withdraw(own.ctx, [saved!.identifier])
        assert.notEqual(await stamp(), created)
      } finally {
        await own.close()
      }
    })
  })

  describe('a brick that re-exposes (provenance guidelines)', () => {
    it('tells where a record came from', async () => {
      const { body } = await ask({
        verb: 'GetRecord',
        metadataPrefix: 'oai_dc',
        identifier: here.awkward,
      })
      const about = childOf(childOf(body!, 'record')!, 'about')!
      const origin = childOf(childOf(about, 'provenance')!, 'originDescription')!
      assert.equal(childText(origin, 'identifier'), here.awkward)
      assert.match(attributeOf(origin, 'harvestDate') ?? '', utc)
      assert.match(childText(origin, 'baseURL') ?? '', /^http:/)
    })
  })

  describe('a brick without sets', () => {
    it('answers ListSets with noSetHierarchy', async () => {
      const bare = await brick()
      try {
        const url = bare.ctx.links.oai()
        assert.deepEqual(codesOf(await askOf(url, 'verb=ListSets')), ['noSetHierarchy'])
        const [token] = codesOf(await askOf(url, 'verb=ListSets&resumptionToken=x'))
        assert.match(token ?? '', /^(noSetHierarchy|badResumptionToken)$/)
        const empty = await askOf(url, 'verb=ListRecords&metadataPrefix=oai_dc')
        assert.deepEqual(codesOf(empty), ['noRecordsMatch'])
        assertValid(await askOf(url, 'verb=Identify'), 'oai_dc')
      } finally {
        await bare.close()
      }
    })
  })

  describe('more than the letter', () => {
    it('answers a set with noSetHierarchy where there are no sets', async () => {
      const bare = await brick()
      try {
        const { id } = await ensureCollection(bare.ctx, {
          slug: 'unlisted',
          title: { en: 'Unlisted' },
          profile: 'dublin-core',
          visibility: 'closed',
        })
        await save(bare.ctx, [draft(id, '1')])
        for (const verb of listVerbs) {
          const query = { verb, metadataPrefix: 'oai_dc', set: 'unlisted' }
          assert.deepEqual(codesOf(await askOf(bare.ctx.links.oai(), query)), ['noSetHierarchy'])
        }
      } finally {
        await bare.close()
      }
    })

    it('has as many records on a page as it is set to', () => {
      assert.equal(here.page, here.leaf.ctx.config.oaiPageSize)
    })

    it('deletes a record from a format that it can no longer be given in', async () => {
      const own = await brick()
      try {
        const url = own.ctx.links.oai()
        const drawings = await collection(own.ctx, 'drawings')
        const [saved] = await save(own.ctx, [described(drawings, '1')])
        const identifier = saved!.identifier
        const given = async (): Promise<(string | undefined)[]> => {
          const { body } = await askOf(url, { verb: 'ListMetadataFormats', identifier })
          return childrenOf(body!).map((each) => childText(each, 'metadataPrefix'))
        }
        const before = await given()
        await save(own.ctx, [draft(drawings, '1', { dc: { title: [{ value: 'Bare' }] } })])
        const after = await given()
        for (const metadataPrefix of before.filter((each) => !after.includes(each))) {
          const query = { verb: 'ListRecords', metadataPrefix: metadataPrefix ?? '' }
          const { records } = await askOf(url, query)
          assert.deepEqual(
            records.map((each) => [each.identifier, each.deleted]),
            [[identifier, true]],
            `a harvester of ${metadataPrefix} is told`,
          )
        }
      } finally {
        await own.close()
      }
    })

    it('names its sources (friends guidelines)', async () => {
      const { body } = await ask('verb=Identify')
      const friends = childrenOf(body!, 'description')
        .map((each) => childOf(each, 'friends'))
        .find(Boolean)
      assert.ok(friends, 'Identify has a friends container')
      assert.equal(childrenOf(friends, 'baseURL').length, 1, 'the source of the archive')
    })

    it('states the rights on its descriptions (rights guidelines)', async () => {
      const reference = 'https://creativecommons.org/publicdomain/zero/1.0/'
      const own = await brick({ metadataRights: reference })
      try {
        const drawings = await collection(own.ctx, 'drawings')
        await save(own.ctx, [described(drawings, '1')])
        const url = own.ctx.links.oai()
        const identify = await askOf(url, 'verb=Identify')
        const records = await askOf(url, 'verb=ListRecords&metadataPrefix=oai_dc')
        for (const answer of [identify, records]) assertValid(answer, 'oai_dc')
        assert.match(identify.text, /<rightsManifest[^>]*appliesTo="[^"]*#metadata"/)
        assert.match(identify.text, new RegExp(`ref="${reference}"`))
        assert.match(records.text, new RegExp(`<about><rights.*ref="${reference}"`))
      } finally {
        await own.close()
      }
    })
  })

  it('answers an identifier with a NUL as one that is not there', async () => {
    for (const verb of ['verb=GetRecord&metadataPrefix=oai_dc', 'verb=ListMetadataFormats'])
      await refused(`${verb}&identifier=a%00b`, 'idDoesNotExist', 'badArgument')
  })

  it('stays valid where an argument that it repeats is none', async () => {
    await refused('verb=ListMetadataFormats&identifier=%25', 'idDoesNotExist', 'badArgument')
    await refused(
      `verb=GetRecord&metadataPrefix=a%20b&identifier=${first('many')}`,
      'cannotDisseminateFormat',
      'badArgument',
    )
  })
})

function assertValid(answer: Answer, metadataPrefix: string): void {
  if (schemas) assert.deepEqual(complaintsAbout(schemas, metadataPrefix, answer.text), [])
}
