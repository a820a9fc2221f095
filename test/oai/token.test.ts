import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readToken, writeToken, type ListPlace, type Place } from '../../server/oai/token.ts'

const place: ListPlace = {
  kind: 'records',
  verb: 'ListRecords',
  metadataPrefix: 'oai_dc',
  set: 'dessins:été',
  after: 500,
  bound: 1203,
  cursor: 500,
  completeListSize: 1203,
}

const now = new Date('2026-03-17T11:00:00Z')
const write = (secret: string, given = place): string => writeToken(secret, given, now).text
const read = (secret: string, token: string, at = now): unknown => readToken(secret, token, at)

describe('a resumption token', () => {
  it('gives back the place that was put into it, in letters that need no escaping', () => {
    const token = write('secret')
    assert.deepEqual(read('secret', token), place)
    assert.match(token, /^[A-Za-z0-9_-]+$/)
  })

  it('is nothing to another brick', () => {
    assert.equal(read('other', write('secret')), undefined)
  })

  it('is nothing once any letter of it is changed, and no text is one by chance', () => {
    const token = write('secret')
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '0', '-'), (at, letter) => {
        fc.pre(token[at] !== letter)
        const changed = token.slice(0, at) + letter + token.slice(at + 1)
        // The last letter of base64 carries bits that mean nothing.
        fc.pre(at !== token.length - 1)
        assert.equal(read('secret', changed), undefined)
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => assert.equal(read('secret', text), undefined)))
  })

  it('is good for a year, and says until when', () => {
    const { text, expires } = writeToken('secret', place, now)
    const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000)
    assert.deepEqual(read('secret', text, later(365)), place)
    assert.ok(expires > later(365) && expires <= later(366))
    assert.equal(read('secret', text, new Date(expires.getTime() - 1)) !== undefined, true)
    assert.equal(read('secret', text, expires), undefined)
  })

  it('for sets gives back its place too', () => {
    const sets: Place = {
      kind: 'sets',
      verb: 'ListSets',
      after: 'a:b',
      cursor: 3,
      completeListSize: 9,
    }
    assert.deepEqual(read('secret', writeToken('secret', sets, now).text), sets)
  })
})
