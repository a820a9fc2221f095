import assert from 'node:assert/strict'
import { readPoint, readTypedPoint, typedPoint, writePoint } from '../../schemas/point.ts'

describe('a point on the map', () => {
  it('comes back from DCMI Point as it was, whatever its name', () => {
    for (const name of ['Grenoble', 'a; b', 'c\\d = e', 'L’Isle-d’Abeau']) {
      const point = { north: -36.45746, east: 148.26218, name }
      assert.deepEqual(readPoint(writePoint(point)), point)
      assert.deepEqual(readTypedPoint(typedPoint(point)), point)
    }
    assert.deepEqual(readPoint('east=148.2; north=-36.4; elevation=2228; units=m'), {
      north: -36.4,
      east: 148.2,
    })
  })

  it('is none where the text is none, or not on the globe', () => {
    for (const text of ['Grenoble', '', 'north=91; east=0', 'north=1', 'north=x; east=2'])
      assert.equal(readPoint(text), undefined, text)
    for (const text of ['45', '45,x', '45,181', 'Grenoble,45,5'])
      assert.equal(readTypedPoint(text), undefined, text)
  })
})
