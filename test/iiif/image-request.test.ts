import assert from 'node:assert/strict'
import fc from 'fast-check'
import { draw, limits } from '../../server/iiif/image-geometry.ts'
import {
  BadParameter,
  parseRequest,
  type Version,
  type Written,
} from '../../server/iiif/image-request.ts'

const picture = { width: 1000, height: 601 }

/** What an address comes to: "x,y,w,h → w,h" or the parameter that is refused. */
function comesTo(change: Partial<Written>, version: Version = 3): string {
  const written = { region: 'full', size: 'max', rotation: '0', file: 'default.jpg', ...change }
  try {
    const { region, size } = draw(parseRequest(written, version), picture)
    return `${region.x},${region.y},${region.width},${region.height} → ${size.width},${size.height}`
  } catch (error) {
    assert.ok(error instanceof BadParameter, String(error))
    assert.ok(error.message.startsWith(`${error.parameter}: `))
    assert.ok(!error.message.includes('\n') && error.message.length < 250, error.message)
    return error.parameter
  }
}

describe('parameters of an image request', () => {
  const regions: [string, string][] = [
    ['full', '0,0,1000,601 → 1000,601'],
    ['square', '199,0,601,601 → 601,601'],
    ['0,0,10,20', '0,0,10,20 → 10,20'],
    ['990,600,100,100', '990,600,10,1 → 10,1'],
    ['pct:0,0,50,50', '0,0,500,301 → 500,301'],
    ['pct:33.333,0,33.333,100', '333,0,334,601 → 334,601'],
    ['pct:99.9,99.9,0.0001,0.0001', '999,600,1,1 → 1,1'],
    ['pct:.5,.5,10,10', '5,3,100,60 → 100,60'],
    ['pct:99.99,99.99,1,1', '999,600,1,1 → 1,1'],
    ['1000,0,1,1', 'region'],
    ['0,601,1,1', 'region'],
    ['pct:100,0,1,1', 'region'],
    ['0,0,0,10', 'region'],
    ['0,0,10,0', 'region'],
    ['pct:0,0,0,1', 'region'],
    ['-1,0,10,10', 'region'],
    ['1.5,0,10,10', 'region'],
    ['0,0,10', 'region'],
    ['0,0,10,10,10', 'region'],
    ['pct:1e2,0,1,1', 'region'],
    ['0,0,99999999999999999999,1', 'region'],
    ['0x1,0,1,1', 'region'],
    [' 0,0,1,1', 'region'],
    ['Full', 'region'],
    ['', 'region'],
  ]
  for (const [region, expected] of regions) {
    it(`region ${region || '(empty)'} comes to ${expected}`, () => {
      assert.equal(comesTo({ region }), expected)
      assert.equal(comesTo({ region }, 2), expected)
    })
  }

  const sizes: [string, string, string][] = [
    // size, in version 3, in version 2
    ['max', '1000,601', '1000,601'],
    ['^max', '1000,601', 'size'],
    ['full', 'size', '1000,601'],
    ['500,', '500,301', '500,301'],
    [',300', '499,300', '499,300'],
    ['pct:50', '500,301', '500,301'],
    ['pct:0.001', '1,1', '1,1'],
    ['pct:100', '1000,601', '1000,601'],
    ['10,500', '10,500', '10,500'],
    ['!500,500', '500,301', '500,301'],
    ['!500,100', '166,100', '166,100'],
    ['!2000,300', '499,300', '499,300'],
    ['!2000,2000', 'size', '1000,601'],
    ['1001,', 'size', '1001,602'],
    ['^1001,', '1001,602', 'size'],
    ['^2000,100', '2000,100', 'size'],
    ['^!2000,2000', '2000,1202', 'size'],
    ['^pct:200', '2000,1202', 'size'],
    ['pct:200', 'size', '2000,1202'],
    ['^20000,', 'size', 'size'],
    ['20000,', 'size', 'size'],
    ['^15000,15000', 'size', 'size'],
    ['^pct:100000', 'size', 'size'],
    ['pct:0', 'size', 'size'],
    ['0,', 'size', 'size'],
    ['!0,0', 'size', 'size'],
    ['!500,', 'size', 'size'],
    [',', 'size', 'size'],
    ['!,', 'size', 'size'],
    ['500', 'size', 'size'],
    ['5.5,', 'size', 'size'],
    ['-5,', 'size', 'size'],
    ['^^max', 'size', 'size'],
    ['', 'size', 'size'],
  ]
  for (const [size, three, two] of sizes) {
    it(`size ${size || '(empty)'} comes to ${three} in version 3 and ${two} in version 2`, () => {
      assert.equal(comesTo({ size }).replace(/.* → /, ''), three)
      assert.equal(comesTo({ size }, 2).replace(/.* → /, ''), two)
    })
  }

  it('takes any angle to 360, mirrored or not', () => {
    for (const rotation of ['0', '90', '!0', '!359.9', '22.5', '360', '.5']) {
      assert.match(comesTo({ rotation }), /→/, rotation)
    }
    for (const rotation of ['361', '-90', '!', '!!0', '90!', '1e1', 'x', '', '90.5.5', '+90']) {
      assert.equal(comesTo({ rotation }), 'rotation', rotation)
    }
  })

  it('refuses a turn that would need a larger answer than it draws', () => {
    assert.equal(comesTo({ size: '^16000,3', rotation: '45' }), 'rotation')
    assert.match(comesTo({ size: '^16000,3', rotation: '90' }), /→/)
  })

  it('knows its qualities and formats', () => {
    for (const file of ['default.jpg', 'color.png', 'gray.webp', 'bitonal.tif', 'default.avif']) {
      assert.match(comesTo({ file }), /→/, file)
    }
    for (const file of ['native.jpg', 'Default.jpg', '.jpg', 'jpg', '']) {
      assert.equal(comesTo({ file }), 'quality', file)
    }
    for (const file of ['default', 'default.', 'default.jp2', 'default.pdf', 'default.JPG']) {
      assert.equal(comesTo({ file }), 'format', file)
    }
  })

  it('announces sizes within its limits, whatever is asked for', () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: 40_000 }),
      fc.double({ min: 0, max: 200, noNaN: true }),
    )
    const text = fc.string({ maxLength: 12 })
    const region = fc.oneof(
      fc.constantFrom('full', 'square'),
      fc.array(number, { minLength: 4, maxLength: 4 }).map((all) => all.join(',')),
      fc.array(number, { minLength: 4, maxLength: 4 }).map((all) => `pct:${all.join(',')}`),
      text,
    )
    const size = fc.oneof(
      fc.constantFrom('max', '^max', 'full'),
      fc
        .tuple(fc.constantFrom('', '^', '!', '^!', 'pct:', '^pct:'), number, fc.option(number))
        .map(([mark, a, b]) => (mark.endsWith(':') ? `${mark}${a}` : `${mark}${a},${b ?? ''}`)),
      text,
    )
    const side = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(
        region,
        size,
        side,
        side,
        fc.constantFrom<Version>(2, 3),
        (region, size, width, height, version) => {
          const written = { region, size, rotation: '0', file: 'default.jpg' }
          try {
            const drawing = draw(parseRequest(written, version), { width, height })
            for (const each of [...Object.values(drawing.region), ...Object.values(drawing.size)]) {
              assert.ok(Number.isSafeInteger(each) && each >= 0)
            }
            assert.ok(drawing.region.width >= 1 && drawing.region.x + drawing.region.width <= width)
            assert.ok(
              drawing.region.height >= 1 && drawing.region.y + drawing.region.height <= height,
            )
            assert.ok(drawing.size.width >= 1 && drawing.size.width <= limits.maxWidth)
            assert.ok(drawing.size.height >= 1 && drawing.size.height <= limits.maxHeight)
            assert.ok(drawing.size.width * drawing.size.height <= limits.maxArea)
            if (version === 3 && !size.startsWith('^')) {
              assert.ok(drawing.size.width <= drawing.region.width)
              assert.ok(drawing.size.height <= drawing.region.height)
            }
          } catch (error) {
            assert.ok(error instanceof BadParameter, String(error))
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})
