import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openClient } from '../../harvester/client.ts'
import type { Dates } from '../../harvester/dates.ts'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { harvest, type HarvestPage, type Place } from '../../harvester/harvest.ts'
import { identifierOf, testSource } from './source.ts'

/** A source made up by chance, and what is wrong with it. */
interface Faults {
  seconds: number[]
  pageSize: number
  byDay: boolean
  /** Records that break whatever answer they are in: lists; by themselves, too; even as a header. */
  bad: { index: number; verbs: string[] }[]
  /** Of so many requests with a token one finds it dead; 0: none. */
  deaths: number
  /** A run ends after so many pages, and another goes on. */
  runLength: number
}

const faults: fc.Arbitrary<Faults> = fc.record({
  seconds: fc.oneof(
    fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 50 }),
    fc
      .array(fc.integer({ min: 0, max: 4_000_000 }), { minLength: 20, maxLength: 60 })
      .map((all) => all.toSorted((a, b) => a - b)),
    fc.array(fc.constantFrom(0, 1, 90_000), { minLength: 1, maxLength: 40 }),
  ),
  pageSize: fc.integer({ min: 2, max: 12 }),
  byDay: fc.boolean(),
  bad: fc.array(
    fc.record({
      index: fc.nat(60),
      verbs: fc.constantFrom(
        ['ListRecords'],
        ['ListRecords', 'GetRecord'],
        ['ListRecords', 'GetRecord', 'ListIdentifiers'],
      ),
    }),
    { maxLength: 3 },
  ),
  deaths: fc.constantFrom(0, 0, 1, 2, 5),
  runLength: fc.constantFrom(3, 10, Infinity),
})

interface Come {
  identifiers: Set<string>
  lost: Set<string>
  dates: Dates[]
  ended: string
  requests: number
}

async function come(given: Faults): Promise<Come> {
  const source = await testSource(given.pageSize)
  if (given.byDay) source.granularity = 'YYYY-MM-DD'
  source.earliestDatestamp = '2023-12-31T00:00:00Z'.slice(0, source.granularity.length)
  given.seconds.forEach((second, index) => {
    const at = new Date(Date.UTC(2024, 0, 1) + second * 1000)
    source.put(String(index), { datestamp: `${at.toISOString().slice(0, 19)}Z` })
  })
  let withToken = 0
  source.misbehave.answer = (query) => {
    const isRecords = query.get('verb') === 'ListRecords' && query.has('resumptionToken')
    if (isRecords && given.deaths && ++withToken % given.deaths === 0) source.forgetTokens()
    return false
  }
  source.misbehave.body = (xml, query) =>
    given.bad.some(
      ({ index, verbs }) =>
        verbs.includes(query.get('verb') ?? '') && xml.includes(`>${identifierOf(String(index))}<`),
    )
      ? 'oops'
      : xml
  const client = openClient(source.url, { userAgent: 'CaMPA tests', retryMs: 1, attempts: 1 })
  const all: Come = {
    identifiers: new Set(),
    lost: new Set(),
    dates: [],
    ended: '',
    requests: 0,
  }
  let token: string | undefined
  let place: Place | undefined
  try {
    for (let run = 0; run < 100 && all.ended === ''; run++) {
      all.ended = await oneRun()
    }
    all.requests = source.requests.length
    return all
  } finally {
    await client.close()
    await source.close()
  }

  async function oneRun(): Promise<string> {
    let pages = 0
    const request = {
      metadataPrefix: 'oai_dc',
      granularity: source.granularity,
      ...(token !== undefined && { resumptionToken: token }),
      ...(place && { place }),
    }
    try {
      for await (const page of harvest(client, request)) {
        take(page)
        // What is stored after a page is all that the next run knows.
        place = JSON.parse(JSON.stringify(page.place)) as Place
        token = page.token
        if (++pages >= given.runLength) return ''
      }
      return 'complete'
    } catch (error) {
      assert.ok(error instanceof Diagnosis, String(error))
      return error.code
    }
  }

  function take({ records, problems }: HarvestPage): void {
    for (const { identifier } of records) all.identifiers.add(identifier)
    for (const { code, identifier, dates } of problems) {
      if (code === 'record-lost' && identifier) all.lost.add(identifier)
      if (dates) all.dates.push(dates)
    }
  }
}

describe('whatever is wrong with a list', function () {
  this.timeout(600_000)

  it('what is good comes, and what is not is named, in any number of runs', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (given) => {
        const { identifiers, lost, dates, ended, requests } = await come(given)
        assert.equal(ended, 'complete')
        const isIn = (second: number, { from, until }: Dates): boolean => {
          const at = `${new Date(Date.UTC(2024, 0, 1) + second * 1000).toISOString().slice(0, 19)}Z`
          return (
            (!from || at.slice(0, from.length) >= from) &&
            (!until || at.slice(0, until.length) <= until)
          )
        }
        given.seconds.forEach((second, index) => {
          const identifier = identifierOf(String(index))
          const isBad = given.bad.some(
            (each) => each.index === index && each.verbs.includes('GetRecord'),
          )
          const isNamed = lost.has(identifier) || dates.some((each) => isIn(second, each))
          assert.ok(
            identifiers.has(identifier) || isNamed,
            `${identifier} neither came nor was named`,
          )
          if (isBad) assert.ok(!identifiers.has(identifier))
          // Only what stands with something that cannot be named is lost with it.
          else if (!given.bad.some((each) => each.verbs.includes('ListIdentifiers'))) {
            assert.ok(identifiers.has(identifier), `${identifier} was lost without need`)
          }
        })
        assert.ok(requests < 4000, `${requests} requests`)
      }),
      { numRuns: Number(process.env['FAULTS'] ?? 40) },
    )
  })
})
