import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readToken, writeToken, type ListPlace } from '../../server/oai/token.ts'

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

describe('a resumption token', () => {
  it('gives back the place that was put into it, in letters that need no escaping', () => {
    const token = writeToken('secret', place)
    assert.deepEqual(readToken('secret', token), place)
    assert.match(token, /^[A-Za-z0-9_-]+$/)
  })

  it('is nothing to another brick', () => {
    assert.equal(readToken('other', writeToken('secret', place)), undefined)
  })

  it('is nothing once any letter of it is changed, and no text is one by chance', () => {
    const token = writeToken('secret', place)
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '0', '-'), (at, letter) => {
        fc.pre(token[at] !== letter)
        const changed = token.slice(0, at) + letter + token.slice(at + 1)
        // The last letter of base64 carries bits that mean nothing.
        fc.pre(at !== token.length - 1)
        assert.equal(readToken('secret', changed), undefined)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => assert.equal(readToken('secret', text), undefined)),
    )
  })
})
