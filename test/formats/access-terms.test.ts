import assert from 'node:assert/strict'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { readXml } from '../../schemas/xml-tree.ts'
import { termsOf } from '../../server/formats/access-terms.ts'
import { metsFormat } from '../../server/formats/mets.ts'
import { readMetadata } from '../../server/formats/read.ts'
import { rightsValues } from '../../server/formats/rights.ts'
import { described } from './described.ts'

const now = new Date('2026-01-15T00:00:00Z')
const stated = (...values: string[]): DublinCore => ({ rights: values.map((value) => ({ value })) })
const terms = (...values: string[]) =>
  termsOf({ rights: values.map((value) => ({ value, term: 'accessRights' as const })) }, now)

describe('terms of access', () => {
  it('are read in the vocabularies that repositories use', () => {
    const eu = 'http://publications.europa.eu/resource/authority/access-right/'
    const read = [
      'info:eu-repo/semantics/openAccess',
      'info:eu-repo/semantics/restrictedAccess',
      'info:eu-repo/semantics/closedAccess',
      'http://purl.org/coar/access_right/c_abf2',
      'https://purl.org/coar/access_right/c_16ec/',
      'http://purl.org/coar/access_right/c_14cb',
      `${eu}PUBLIC`,
      `${eu}NON_PUBLIC`,
      `${eu}CONFIDENTIAL`,
      'All rights reserved',
      'https://creativecommons.org/licenses/by/4.0/',
    ].map((value) => termsOf(stated(value), now).visibility)
    assert.deepEqual(read, [
      'open',
      'on-request',
      'on-request',
      'open',
      'on-request',
      'on-request',
      'open',
      'on-request',
      'closed',
      'open',
      'open',
    ])
  })

  it('are read in words where those stand for access', () => {
    assert.equal(terms('Restricted access').visibility, 'on-request')
    assert.equal(terms('Accès restreint').visibility, 'on-request')
    assert.equal(terms('Accès libre').visibility, 'open')
    assert.equal(terms('private').visibility, 'closed')
    assert.equal(terms('See our reading room rules').visibility, 'open')
    assert.equal(termsOf(stated('private'), now).visibility, 'open', 'rights are not access')
  })

  it('are the strictest of those that are stated', () => {
    assert.equal(terms('open', 'restricted').access, 'restricted')
    assert.equal(terms('private', 'open').access, 'private')
    assert.equal(termsOf({}, now).access, 'open')
  })

  it('change when an embargo ends', () => {
    const embargo = (end?: string): DublinCore => ({
      ...stated('info:eu-repo/semantics/embargoedAccess'),
      ...(end && { date: [{ value: '2020' }, { value: `info:eu-repo/date/embargoEnd/${end}` }] }),
    })
    assert.deepEqual(termsOf(embargo('2026-01-16'), now), {
      access: 'embargoed',
      visibility: 'on-request',
      until: new Date('2026-01-16T00:00:00Z'),
    })
    assert.equal(termsOf(embargo('2026-01-15'), now).visibility, 'open')
    assert.deepEqual(termsOf(embargo(), now), { access: 'embargoed', visibility: 'on-request' })
    const available = {
      ...stated('http://purl.org/coar/access_right/c_f1cf'),
      date: [{ value: '2027-01-01', term: 'available' as const }],
    }
    assert.equal(termsOf(available, now).until?.getUTCFullYear(), 2027)
  })

  it('are no licence', () => {
    const own = rightsValues({ dc: stated('info:eu-repo/semantics/openAccess'), rights: 'CC0' })
    assert.deepEqual(
      own.map((each) => each.value),
      ['info:eu-repo/semantics/openAccess', 'CC0'],
    )
  })

  it('go from brick to brick with what is kept back', () => {
    const read = (isRestricted: boolean, dc = described().dc) => {
      const xml = metsFormat.write(described({ isRestricted, dc, links: {} }))
      const provenance = { repositoryName: 'x', host: 'x' }
      return termsOf(readMetadata(readXml(xml), provenance)?.dc ?? {}, now)
    }
    assert.equal(read(true).visibility, 'on-request')
    assert.equal(read(false).visibility, 'open')
    const confidential = stated('http://purl.org/coar/access_right/c_f1cf')
    assert.equal(read(true, confidential).access, 'embargoed', 'what is said is not said anew')
  })
})
