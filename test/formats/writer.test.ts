import assert from 'node:assert/strict'
import { kindOf } from '../../server/formats/kinds.ts'
import { canonicalRights } from '../../server/formats/rights.ts'
import { addressOf, isW3cdtf, uriOf } from '../../server/formats/writer.ts'

describe('a date', () => {
  for (const date of [
    '2020',
    '2020-04',
    '2020-02-29',
    '2020-04-05T10:11:12Z',
    '2020-04-05T10:11:12+02:00',
  ])
    it(`${date} is one of W3CDTF`, () => assert.ok(isW3cdtf(date)))
  for (const date of [
    '0000',
    '2020-13',
    '2021-02-29',
    '2020-04-31',
    '1900-02-29',
    '2020-4',
    '-0044',
    '2020-04-05T10:11',
    'c. 1850',
    '',
  ])
    it(`${date || 'nothing'} is none`, () => assert.ok(!isW3cdtf(date)))
})

describe('an address', () => {
  const cases: [given: string, address: string | undefined][] = [
    ['https://a.example/x?y=1#z', 'https://a.example/x?y=1#z'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080/records/7', 'http://[::1]:8080/records/7'],
    ['https://a.example/é', 'https://a.example/%C3%A9'],
    ['https://a.example/{id}|%', 'https://a.example/%7Bid%7D%7C%25'],
    ['https://a.example/#a#b', 'https://a.example/#a%23b'],
    ['https://a.example/a%20b%zz', 'https://a.example/a%20b%25zz'],
    ['http://a b/', undefined],
    ['http://', undefined],
    ['javascript:alert(1)', undefined],
    ['', undefined],
  ]
  for (const [given, address] of cases)
    it(`${given || 'nothing'} is ${address ?? 'none'}`, () =>
      assert.equal(addressOf(given), address))

  it('may be a name that schemas take for one', () => {
    assert.equal(uriOf('urn:isbn:0451450523'), 'urn:isbn:0451450523')
    assert.equal(uriOf('ark:/12148/btv1b8449691v'), 'ark:/12148/btv1b8449691v')
    assert.equal(uriOf('urn:a b'), undefined)
    assert.equal(uriOf('broader term'), undefined)
  })
})

describe('a rights statement', () => {
  const cases: [given: string, address: string | undefined][] = [
    [
      'https://creativecommons.org/licenses/by/4.0/deed.fr',
      'http://creativecommons.org/licenses/by/4.0/',
    ],
    [
      'http://creativecommons.org/licenses/by-sa/3.0/fr',
      'http://creativecommons.org/licenses/by-sa/3.0/fr/',
    ],
    [
      'http://creativecommons.org/licenses/by/2.5/scotland/',
      'http://creativecommons.org/licenses/by/2.5/scotland/',
    ],
    [
      'https://creativecommons.org/publicdomain/mark/1.0',
      'http://creativecommons.org/publicdomain/mark/1.0/',
    ],
    [
      'https://rightsstatements.org/page/inc-edu/1.0/?language=en',
      'http://rightsstatements.org/vocab/InC-EDU/1.0/',
    ],
    ['http://rightsstatements.org/vocab/nonsense/1.0/', undefined],
    ['CC BY 4.0', undefined],
    ['https://creativecommons.org/', undefined],
  ]
  for (const [given, address] of cases)
    it(`${given} is ${address ?? 'only text'}`, () => assert.equal(canonicalRights(given), address))
})

describe('the kind of a thing', () => {
  const cases: [type: string, kind: string | undefined][] = [
    ['Carte postale', 'image'],
    ['Carte géographique', 'map'],
    ['Printed book', 'book'],
    ['Print', 'image'],
    ['Lettre', 'text'],
    ['Jeu de données', 'dataset'],
    ['Moving image', 'video'],
    ['Enregistrement sonore', 'sound'],
    ['Concept', 'concept'],
    ['Brimborion', undefined],
  ]
  for (const [type, kind] of cases)
    it(`${type} is ${kind ?? 'not known'}`, () =>
      assert.equal(kindOf({ type: [{ value: type }] }), kind))
})
