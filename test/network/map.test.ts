// The map: where a place is drawn, and land cut to the picture.
import assert from 'node:assert/strict'
import { ringsOf, type Ring } from '../../server/network/land.ts'
import { boxText, pathOf, readBox, viewOf } from '../../server/network/projection.ts'

describe('the map of the network', () => {
  it('shows every place inside its picture, and the globe where they are far apart', () => {
    const far = [
      { north: 45, east: 5 },
      { north: -33, east: 151 },
      { north: 40, east: -74 },
    ]
    for (const points of [far, far.slice(0, 1), [far[0]!, { north: 45.2, east: 5.7 }]]) {
      const view = viewOf(points)
      for (const point of points) {
        const { x, y } = view.at(point)
        assert.ok(x > 0 && x < view.width && y > 0 && y < view.height, JSON.stringify({ x, y }))
      }
    }
    assert.ok(viewOf(far).box.west < -170)
    const { box } = viewOf(far.slice(0, 1))
    assert.ok(box.east - box.west < 8, 'one place is shown with its surroundings')
  })

  it('cuts land at the edge of the picture', () => {
    const view = viewOf([
      { north: 0, east: 0 },
      { north: 10, east: 10 },
    ])
    const inside: Ring = [[2, 2], [8, 2], [8, 8], [2, 8], [2, 2]] // prettier-ignore
    const around: Ring = [[-90, -60], [90, -60], [90, 60], [-90, 60], [-90, -60]] // prettier-ignore
    const beyond: Ring = [[50, 50], [60, 50], [60, 60], [50, 50]] // prettier-ignore
    assert.equal(pathOf([beyond], view), '')
    assert.match(pathOf([inside], view), /^M\d+ \d+l[-\d ]+z$/)
    const numbers = pathOf([around], view).match(/-?\d+/g)!.map(Number).map(Math.abs)
    assert.ok(Math.max(...numbers) <= view.width + 8, String(numbers))
  })

  it('reads land as arcs that neighbours share', () => {
    const rings = ringsOf({
      transform: { scale: [0.5, 0.5], translate: [-10, 20] },
      arcs: [
        [
          [0, 0],
          [4, 0],
          [0, 4],
        ],
        [
          [0, 0],
          [0, 4],
          [4, 0],
        ],
      ],
      objects: { land: { geometries: [{ type: 'MultiPolygon', arcs: [[[0, ~1]]] }] } },
    })
    assert.deepEqual(rings, [
      [
        [-10, 20],
        [-8, 20],
        [-8, 22],
        [-10, 22],
        [-10, 20],
      ],
    ])
  })

  it('keeps a part of the map in the address', () => {
    const box = { west: -1.5, south: 44, east: 2.25, north: 46.125 }
    assert.deepEqual(readBox(boxText(box)), box)
    for (const text of [null, '', '1,2,3', '1,2,3,x', '5,0,1,1'])
      assert.equal(readBox(text), undefined)
  })
})
