import assert from 'node:assert/strict'
import { openClient } from '../../harvester/client.ts'
import { halve, Order, type Dates } from '../../harvester/dates.ts'
import { Diagnosis, type Problem } from '../../harvester/diagnosis.ts'
import { harvest, type HarvestPage, type ListRequest } from '../../harvester/harvest.ts'
import { identifierOf, testSource, type TestSource } from './source.ts'

const at = (second: number): string =>
  `${new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString().slice(0, 19)}Z`

interface Outcome {
  ended: string
  identifiers: Set<string>
  problems: Problem[]
  pages: HarvestPage[]
}

async function outcomeOf(source: TestSource, asked: Partial<ListRequest> = {}): Promise<Outcome> {
  const client = openClient(source.url, { userAgent: 'CaMPA tests', retryMs: 1, attempts: 2 })
  const pages: HarvestPage[] = []
  let ended = 'complete'
  try {
    const request = { metadataPrefix: 'oai_dc', ...asked }
    for await (const page of harvest(client, request)) pages.push(page)
  } catch (error) {
    assert.ok(error instanceof Diagnosis, String(error))
    ended = error.code
  } finally {
    await client.close()
  }
  return {
    ended,
    identifiers: new Set(pages.flatMap((page) => page.records.map((each) => each.identifier))),
    problems: pages.flatMap((page) => page.problems),
    pages,
  }
}

const codes = (problems: Problem[]): string[] => [...new Set(problems.map((each) => each.code))]

describe('a list that cannot be walked', () => {
  let source: TestSource
  beforeEach(async () => (source = await testSource(10)))
  afterEach(() => source.close())

  const fill = (count: number, datestamp: (index: number) => string = at): void => {
    for (let index = 0; index < count; index++) {
      source.put(String(index), { datestamp: datestamp(index) })
    }
  }
  // Neighbours in the list are far apart in time.
  const shuffled = (index: number): string => at((index * 37) % 101)

  /** Dies at every answer that would hold this record. */
  const dieAt = (id: string, verbs = ['ListRecords', 'GetRecord']): void => {
    source.misbehave.body = (xml, query) => {
      const isHit = xml.includes(`>${identifierOf(id)}<`)
      return isHit && verbs.includes(query.get('verb') ?? '') ? '<html>oops</html>' : xml
    }
  }

  for (const [name, order] of [
    ['in order', at],
    ['in no order', shuffled],
  ] as const) {
    it(`because of one record is had but for that one, which is named (${name})`, async () => {
      fill(100, order)
      dieAt('42')
      const { ended, identifiers, problems } = await outcomeOf(source)
      assert.equal(ended, 'complete')
      assert.equal(identifiers.size, 99)
      assert.equal(identifiers.has(identifierOf('42')), false)
      assert.deepEqual(codes(problems), ['list-by-dates', 'record-lost'])
      const lost = problems.find((each) => each.code === 'record-lost')
      assert.equal(lost?.identifier, identifierOf('42'))
      assert.equal(lost.evidence?.bytes.toString(), '<html>oops</html>')
      assert.match(lost.evidence?.url ?? '', /GetRecord/)
      assert.ok(source.requests.length < 200, String(source.requests.length))
    })
  }

  it('is had in full where the record can be had by itself', async () => {
    fill(100, shuffled)
    dieAt('42', ['ListRecords'])
    const { ended, identifiers, problems } = await outcomeOf(source)
    assert.equal(ended, 'complete')
    assert.equal(identifiers.size, 100)
    assert.deepEqual(codes(problems), ['list-by-dates'])
  })

  it('is had but for the dates where nothing can even be named', async () => {
    fill(100, shuffled)
    dieAt('42', ['ListRecords', 'ListIdentifiers', 'GetRecord'])
    const { ended, identifiers, problems } = await outcomeOf(source)
    assert.equal(ended, 'complete')
    assert.equal(identifiers.size, 99)
    const lost = problems.find((each) => each.code === 'dates-lost')
    assert.deepEqual(lost?.dates, { from: shuffled(42), until: shuffled(42) })
  })

  it('by days is had in full, too', async () => {
    source.granularity = 'YYYY-MM-DD'
    fill(60, (index) => at((index % 6) * 86_400))
    dieAt('42', ['ListRecords'])
    const { ended, identifiers } = await outcomeOf(source, { granularity: 'YYYY-MM-DD' })
    assert.deepEqual([ended, identifiers.size], ['complete', 60])
  })

  it('because its tokens die at once is had by dates', async () => {
    fill(100, shuffled)
    source.misbehave.answer = () => (source.forgetTokens(), false)
    const { ended, identifiers, problems } = await outcomeOf(source)
    assert.deepEqual([ended, identifiers.size], ['complete', 100])
    assert.deepEqual(codes(problems), ['list-restarted', 'list-by-dates'])
  })

  it('because a token has died goes on from the datestamp that it had reached', async () => {
    fill(100)
    let deaths = 1
    source.misbehave.answer = (query) => {
      if (query.get('resumptionToken')?.startsWith('g0 50') && deaths-- > 0) source.forgetTokens()
      return false
    }
    const { ended, identifiers, pages } = await outcomeOf(source)
    assert.deepEqual([ended, identifiers.size], ['complete', 100])
    assert.equal(pages.filter((each) => each.first).length, 1)
    const starts = source.requests.filter((each) => each.has('metadataPrefix'))
    assert.deepEqual(
      starts.map((each) => each.get('from')),
      [null, at(49)],
    )
  })

  it('goes on in another run from the datestamp, when the token has died by then', async () => {
    fill(100)
    const { pages } = await outcomeOf(source)
    const left = pages[4]
    assert.ok(left?.token && left.place.reached)
    source.forgetTokens()
    const rest = await outcomeOf(source, { resumptionToken: left.token, place: left.place })
    assert.equal(rest.ended, 'complete')
    assert.equal(rest.identifiers.size, 51)
    assert.equal(rest.pages[0]?.first, false)
    // Where the order of an earlier run is not known, nothing is relied on.
    const all = await outcomeOf(source, { resumptionToken: 'dead' })
    assert.equal(all.identifiers.size, 100)
    assert.equal(all.pages[0]?.first, true)
  })

  it('does not rely on an order that a list announced longer turns out not to have', async () => {
    // The first half is in order, the second is older.
    fill(100, (index) => at(index < 50 ? 1000 + index : index))
    let deaths = 1
    source.misbehave.answer = (query) => {
      if (query.get('resumptionToken')?.startsWith('g0 40') && deaths-- > 0) source.forgetTokens()
      return false
    }
    const { ended, identifiers } = await outcomeOf(source)
    assert.deepEqual([ended, identifiers.size], ['complete', 100])
  })

  it('goes on in another run with the dates that were left', async () => {
    fill(100, shuffled)
    dieAt('42')
    const { pages } = await outcomeOf(source)
    const index = pages.findIndex((each) => (each.place.lists?.length ?? 0) > 2)
    const left = pages[index]
    assert.ok(left)
    const rest = await outcomeOf(source, {
      ...(left.token && { resumptionToken: left.token }),
      place: left.place,
    })
    assert.equal(rest.ended, 'complete')
    const earlier = pages
      .slice(0, index + 1)
      .flatMap((page) => page.records.map((each) => each.identifier))
    assert.equal(new Set([...earlier, ...rest.identifiers]).size, 99)
  })

  it('whose source heeds no dates is given up with the fault that it had', async () => {
    fill(100, shuffled)
    dieAt('42')
    source.misbehave.answer = (query) => {
      query.delete('from')
      query.delete('until')
      return false
    }
    const { ended, identifiers } = await outcomeOf(source)
    assert.equal(ended, 'html-instead-of-oai')
    assert.equal(identifiers.size, 40)
    assert.ok(source.requests.length < 25, String(source.requests.length))
  })

  it('whose source is down is given up at once', async () => {
    fill(100)
    source.misbehave.answer = (_, response, request) => {
      if (request <= 3) return false
      response.writeHead(500).end()
      return true
    }
    const { ended } = await outcomeOf(source)
    assert.equal(ended, 'http-status')
    assert.equal(source.requests.length, 3 + 2 + 2)
  })

  it('is asked in days where seconds are refused, and without dates where these are', async () => {
    fill(30)
    const refuse = (most: number): void => {
      source.misbehave.body = (xml, query) =>
        (query.get('from')?.length ?? 0) > most
          ? xml.replace(/<ListRecords>.*<\/ListRecords>/s, '<error code="badArgument">no</error>')
          : xml
    }
    refuse(10)
    const inDays = await outcomeOf(source, { from: at(20) })
    assert.deepEqual([inDays.ended, inDays.identifiers.size], ['complete', 30])
    assert.deepEqual(codes(inDays.problems), ['granularity-refused'])
    refuse(0)
    const atAll = await outcomeOf(source, { from: at(20) })
    assert.deepEqual([atAll.ended, atAll.identifiers.size], ['complete', 30])
    assert.deepEqual(codes(atAll.problems), ['granularity-refused', 'from-refused'])
    assert.equal(atAll.pages[0]?.first, true)
  })
})

describe('a list that would never end', () => {
  let source: TestSource
  beforeEach(async () => (source = await testSource(10)))
  afterEach(() => source.close())

  const token = (xml: string, value: string): string =>
    xml.replace(/<resumptionToken.*<\/resumptionToken>|(?=<\/ListRecords>)/s, (found) =>
      found ? `<resumptionToken>${value}</resumptionToken>` : '',
    )

  it('because its pages are all the same, whatever the token, is had as far as it goes', async () => {
    for (let index = 0; index < 30; index++) source.put(String(index), { datestamp: at(index % 3) })
    source.misbehave.answer = (query) => {
      const token = query.get('resumptionToken')
      if (token) query.set('resumptionToken', token.replace(/^g0 \d+/, 'g0 10'))
      return false
    }
    source.misbehave.body = (xml, _, request) =>
      xml.replace(/>g0 \d+ &amp;/, `>g0 ${request * 10} &amp;`)
    const { ended, identifiers, problems } = await outcomeOf(source)
    assert.deepEqual([ended, identifiers.size], ['complete', 30])
    assert.match(problems[0]?.message ?? '', /identical-pages/)
    assert.ok(source.requests.length < 150, String(source.requests.length))
  })

  it('because its pages come round again, with letters of tokens changed, is named', async () => {
    for (let index = 0; index < 50; index++) source.put(String(index), { datestamp: at(0) })
    source.misbehave.answer = (query, _, request) => {
      const place = (request * 10) % 50
      if (query.has('resumptionToken')) {
        query.set('resumptionToken', `g0 ${place} & "metadataPrefix=oai_dc"`)
      }
      return false
    }
    source.misbehave.body = (xml, _, request) =>
      token(xml, request % 2 ? `Token ${request}` : `tOKEN ${request}`)
    const { identifiers, problems } = await outcomeOf(source)
    assert.equal(identifiers.size, 50)
    assert.deepEqual(codes(problems), ['list-by-dates', 'dates-lost'])
    assert.match(problems[0]?.message ?? '', /identical-pages/)
    assert.ok(source.requests.length < 500, String(source.requests.length))
  })

  it('because every page has other records and another token is named where a size was announced', async () => {
    for (let index = 0; index < 10; index++) source.put(String(index), { datestamp: at(0) })
    source.misbehave.body = (xml, _, request) =>
      xml
        .replaceAll(/example\.org:(\d+)</g, `example.org:${request}-$1<`)
        .replace(
          '</ListRecords>',
          `<resumptionToken completeListSize="10">${request}</resumptionToken></ListRecords>`,
        )
    source.misbehave.answer = (query) => {
      if (query.has('resumptionToken')) query.delete('resumptionToken')
      query.set('metadataPrefix', 'oai_dc')
      return false
    }
    const { ended } = await outcomeOf(source)
    assert.equal(ended, 'endless')
    assert.ok(source.requests.length < 1000, String(source.requests.length))
  })

  it('because its pages are empty is named', async () => {
    source.put('1', { datestamp: at(0) })
    source.misbehave.body = (xml, _, request) =>
      xml.replace(
        /<ListRecords>.*<\/ListRecords>/s,
        `<ListRecords><resumptionToken>${request}</resumptionToken></ListRecords>`,
      )
    source.misbehave.answer = (query) => (
      query.set('metadataPrefix', 'oai_dc'),
      query.delete('resumptionToken'),
      false
    )
    const { problems, identifiers } = await outcomeOf(source)
    assert.equal(identifiers.size, 1)
    assert.match(problems[0]?.message ?? '', /empty-pages/)
    assert.deepEqual(codes(problems), ['list-by-dates'])
  })
})

describe('dates', () => {
  const bounds = {
    earliest: new Date('2020-01-01T00:00:00Z'),
    latest: new Date('2020-01-04T00:00:00Z'),
  }
  const day = 'YYYY-MM-DD' as const
  const second = 'YYYY-MM-DDThh:mm:ssZ' as const

  it('are halved without a gap and without an overlap, down to one', () => {
    assert.deepEqual(halve({}, bounds, day), [{ until: '2020-01-02' }, { from: '2020-01-03' }])
    const all = (dates: Dates): string[] => {
      const halves = halve(dates, bounds, day)
      return halves ? halves.flatMap(all) : [`${dates.from ?? ''}/${dates.until ?? ''}`]
    }
    assert.deepEqual(all({}), [
      '/2020-01-01',
      '2020-01-02/2020-01-02',
      '2020-01-03/2020-01-03',
      '2020-01-04/',
    ])
    assert.equal(
      halve({ from: '2020-01-01T00:00:01Z', until: '2020-01-01T00:00:01Z' }, bounds, second),
      undefined,
    )
    assert.deepEqual(
      halve({ from: '2020-01-01T00:00:00Z', until: '2020-01-01T00:00:01Z' }, bounds, second),
      [
        { from: '2020-01-01T00:00:00Z', until: '2020-01-01T00:00:00Z' },
        { from: '2020-01-01T00:00:01Z', until: '2020-01-01T00:00:01Z' },
      ],
    )
  })

  it('show an order only where there are many, all of them in it', () => {
    const record = (datestamp: string) => ({
      identifier: 'x',
      datestamp,
      sets: [],
      deleted: false,
      origins: [],
    })
    const reached = (stamps: string[]): string | undefined => {
      const order = new Order()
      order.see(stamps.map(record))
      return order.reached
    }
    const ten = Array.from({ length: 10 }, (_, index) => at(index))
    assert.equal(reached(ten), at(9))
    assert.equal(reached(ten.slice(1)), undefined)
    assert.equal(reached([...ten, at(9)]), at(9))
    assert.equal(reached([...ten, at(8)]), undefined)
    assert.equal(reached([...ten, 'yesterday']), undefined)
    // 02:00 in Paris is before 00:00:09 in UTC.
    assert.equal(reached([...ten, '2024-01-01T02:00:00+02:00']), undefined)
    assert.equal(reached([...ten, '2024-01-01T02:00:30+02:00']), at(30))
  })
})
