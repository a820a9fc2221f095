import assert from 'node:assert/strict'
import type { Identity } from '../../harvester/identify.ts'
import type { Source } from '../../server/network/entities.ts'
import {
  beganAnew,
  clockBehind,
  nextFrom,
  onlyStrangers,
  planFor,
} from '../../server/network/plan.ts'

const now = new Date('2025-06-15T12:00:00Z')

const identity = (change: Partial<Identity> = {}): Identity => ({
  repositoryName: 'x',
  baseUrl: 'http://x.example/oai',
  protocolVersion: '2.0',
  responseDate: '2025-06-15T12:00:00Z',
  earliestDatestamp: '2020-01-01T00:00:00Z',
  deletedRecord: 'persistent',
  granularity: 'YYYY-MM-DDThh:mm:ssZ',
  adminEmails: [],
  friends: [],
  description: {},
  ...change,
})

const source = (change: Partial<Source> = {}): Source =>
  ({
    granularity: 'YYYY-MM-DDThh:mm:ssZ',
    lastResponseDate: '2025-06-14T12:00:00Z',
    identify: { ...identity() },
    compareDays: 7,
    comparedAt: new Date('2025-06-10T12:00:00Z'),
    clockBehind: 0,
    anew: null,
    ...change,
  }) as Source

const plan = (change: Partial<Source> = {}, says: Partial<Identity> = {}, all = false) =>
  planFor(source(change), identity(says), { all, acceptsVanished: false, holds: true }, now)

describe('the plan of a harvest', () => {
  it('is what changed since the last one, a little more than that', () => {
    assert.deepEqual(plan(), { from: '2025-06-14T11:59:00Z', compares: false, problems: [] })
    assert.equal(plan({ granularity: 'YYYY-MM-DD' }).from, '2025-06-13')
    assert.equal(plan({ lastResponseDate: null }).from, null)
    assert.equal(nextFrom(source({ lastResponseDate: null })), null)
  })

  it('is all of it, to compare, when a source that tells of no deletions for good was last listed long ago', () => {
    const none = { deletedRecord: 'no' } as const
    const passing = { deletedRecord: 'transient' } as const
    assert.deepEqual(plan({}, none), {
      from: '2025-06-14T11:59:00Z',
      compares: false,
      problems: [],
    })
    const longAgo = { comparedAt: new Date('2025-06-08T11:00:00Z') }
    assert.deepEqual(plan(longAgo, none), { from: null, compares: true, problems: [] })
    assert.deepEqual(plan(longAgo, passing), { from: null, compares: true, problems: [] })
    assert.equal(plan(longAgo).from, '2025-06-14T11:59:00Z')
    assert.equal(plan({ ...longAgo, compareDays: 0 }, none).compares, false)
    assert.equal(plan({ ...longAgo, compareDays: 30 }, none).compares, false)
    assert.deepEqual(plan({}, none, true), { from: null, compares: true, problems: [] })
    assert.deepEqual(plan({}, {}, true), { from: null, compares: false, problems: [] })
  })

  it('reaches further back when the clock of the source was put back', () => {
    const late = { responseDate: '2025-06-15T10:00:00Z' }
    assert.equal(clockBehind(identity(late), now), 7200)
    assert.equal(clockBehind(identity({ responseDate: '2025-06-15T14:00:00Z' }), now), 0)
    assert.equal(clockBehind(identity({ responseDate: 'noon' }), now), 0)
    const put = plan({}, late)
    assert.equal(put.from, '2025-06-14T09:59:00Z')
    assert.equal(put.problems[0]?.code, 'clock-changed')
    assert.deepEqual(plan({ clockBehind: 7200 }, late).problems, [])
    assert.equal(plan({ clockBehind: 7200 }).from, '2025-06-14T11:59:00Z')
  })

  it('is all of it after a sign that the source began anew', () => {
    const { from, compares, problems } = plan({ anew: 'it was filled anew' })
    assert.deepEqual([from, compares], [null, true])
    assert.match(problems[0]?.message ?? '', /^it was filled anew; so all/)
  })
})

describe('that a source began anew', () => {
  const sign = (change: Partial<Source>, says: Partial<Identity> = {}): string =>
    beganAnew(source(change), identity(says)) ?? 'no'

  it('is not said of one that goes on as it was', () => {
    assert.equal(sign({}), 'no')
    assert.equal(sign({ lastResponseDate: null }, { granularity: 'YYYY-MM-DD' }), 'no')
    assert.equal(sign({ identify: null }), 'no')
    // Its oldest record was changed.
    assert.equal(sign({}, { earliestDatestamp: '2021-01-01T00:00:00Z' }), 'no')
    // Two servers behind one address.
    assert.equal(sign({ lastResponseDate: '2025-06-15T12:00:30Z' }), 'no')
    assert.equal(sign({}, { earliestDatestamp: 'unknown' }), 'no')
  })

  it('is said by its clock, its granularity, its domain and its oldest record', () => {
    assert.match(sign({}, { responseDate: '2025-06-01T00:00:00Z' }), /its clock says/)
    assert.match(sign({}, { granularity: 'YYYY-MM-DD' }), /its datestamps are YYYY-MM-DD now/)
    const was = { ...identity({ repositoryIdentifier: 'old.example' }) }
    assert.match(
      sign({ identify: was }, { repositoryIdentifier: 'new.example' }),
      /its identifiers are of new\.example now/,
    )
    assert.match(sign({}, { earliestDatestamp: '1990-01-01T00:00:00Z' }), /its oldest record is of/)
    assert.match(sign({}, { earliestDatestamp: '2025-06-15T00:00:00Z' }), /filled anew/)
  })

  it('is not said of one that names today as its oldest day whenever it is asked', () => {
    const identify = { ...identity({ earliestDatestamp: '2025-06-14T11:59:59Z' }) }
    assert.equal(sign({ identify }, { earliestDatestamp: '2025-06-15T11:59:59Z' }), 'no')
  })

  it('is said by a list of changes in which nobody is known', () => {
    const signs = (records: number, added: number, come: number, from: string | null = 'x') =>
      onlyStrangers({ records }, { from, added, records: come }) !== undefined
    assert.equal(signs(100, 60, 60), true)
    assert.equal(signs(100, 60, 61), false)
    assert.equal(signs(100, 40, 40), false)
    assert.equal(signs(10, 10, 10), false)
    assert.equal(signs(100, 60, 60, null), false)
    assert.equal(signs(0, 60, 60), false)
  })
})
