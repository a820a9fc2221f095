import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp, { type OverlayOptions, type Sharp } from 'sharp'
import type { RunningBrick } from '../../server/brick.ts'
import { imageById, ingest } from '../../server/files/files.ts'
import { pyramidKey } from '../../server/files/store.ts'
import { save, withdraw } from '../../server/records/records.ts'
import type { FileReference, Status, Visibility } from '../../schemas/record.ts'
import { brick, collection, draft, keptAt } from '../house.ts'
import { painting } from './painting.ts'

const token = 'a-token-for-the-tests'
const [width, height] = [1501, 1003]

describe('the image service', () => {
  let house: RunningBrick
  let folder: string
  let file: FileReference
  let collectionId: number
  before(async () => {
    house = await brick({ adminToken: token })
    folder = mkdtempSync(join(tmpdir(), 'campa-image-'))
    collectionId = await collection(house.ctx)
    file = await take('open', width, height)
    await keep('open', file)
  })
  after(async () => {
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function take(name: string, wide: number, high: number): Promise<FileReference> {
    const path = join(folder, `${name}.png`)
    await painting(wide, high, path)
    return ingest(house.ctx, path, { name: `${name}.png`, mustBeImage: true })
  }

  async function keep(
    key: string,
    kept: FileReference,
    visibility: Visibility = 'open',
    status: Status = 'published',
  ): Promise<string> {
    const [saved] = await save(house.ctx, [
      draft(collectionId, key, { files: [kept], visibility, status }),
    ])
    return saved?.identifier ?? ''
  }

  const at = (path: string, version: 2 | 3 = 3, image: FileReference = file): string =>
    `${house.address}/iiif/image/${version}/${image.image}${path}`

  async function drawn(path: string, version: 2 | 3 = 3): Promise<{ pixels: Sharp; text: string }> {
    const response = await fetch(at(path, version))
    assert.equal(response.status, 200, path)
    const pixels = sharp(Buffer.from(await response.arrayBuffer()))
    const { format, width: wide, height: high } = await pixels.metadata()
    return { pixels, text: `${format} ${wide},${high}` }
  }

  it('describes itself in both versions', async () => {
    const three = (await (await fetch(at('/info.json'))).json()) as Record<string, unknown>
    assert.equal(three['id'], house.ctx.links.imageService(file.image ?? '', 3))
    assert.equal(three['type'], 'ImageService3')
    assert.equal(three['width'], width)
    assert.deepEqual(three['sizes'], [
      { width: 376, height: 251 },
      { width: 751, height: 502 },
      { width, height },
    ])
    assert.deepEqual(three['tiles'], [{ width: 512, height: 512, scaleFactors: [1, 2, 4] }])
    const two = (await (await fetch(at('/info.json', 2))).json()) as Record<string, unknown>
    assert.equal(two['@id'], house.ctx.links.imageService(file.image ?? '', 2))
    assert.equal((two['profile'] as string[])[0], 'http://iiif.io/api/image/2/level2.json')
  })

  it('gives JSON-LD to who asks for it and plain JSON to a browser', async () => {
    const type = async (accept: string, version: 2 | 3): Promise<string> => {
      const response = await fetch(at('/info.json', version), { headers: { accept } })
      assert.equal(response.headers.get('vary'), 'Accept')
      await response.arrayBuffer()
      return response.headers.get('content-type') ?? ''
    }
    assert.match(
      await type('application/ld+json', 3),
      /^application\/ld\+json;profile="http:\/\/iiif.io\/api\/image\/3\/context.json"$/,
    )
    assert.match(await type('*/*', 3), /^application\/ld\+json/)
    assert.match(await type('text/html,*/*;q=0.8', 3), /^application\/json/)
    assert.match(await type('*/*', 2), /^application\/json/)
    assert.match(await type('application/ld+json', 2), /image\/2\/context.json"$/)
  })

  it('sends its base address on to the description', async () => {
    const response = await fetch(at(''), { redirect: 'manual' })
    assert.equal(response.status, 303)
    assert.equal(
      response.headers.get('location'),
      house.ctx.links.imageService(file.image ?? '') + '/info.json',
    )
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
  })

  const cases: [string, string][] = [
    ['/full/max/0/default.jpg', `jpeg ${width},${height}`],
    ['/full/750,501/0/default.jpg', 'jpeg 750,501'],
    ['/full/200,/0/default.webp', 'webp 200,134'],
    ['/0,0,512,512/512,512/0/default.jpg', 'jpeg 512,512'],
    ['/1024,0,477,512/477,512/0/default.jpg', 'jpeg 477,512'],
    ['/1024,0,477,1003/239,502/0/default.jpg', 'jpeg 239,502'],
    ['/square/100,100/90/default.png', 'png 100,100'],
    ['/full/300,200/90/default.png', 'png 200,300'],
    ['/full/300,200/!270/gray.gif', 'gif 200,300'],
    ['/full/!50,50/0/bitonal.tif', 'tiff 50,33'],
    ['/full/%5E1600,/0/default.jpg', 'jpeg 1600,1069'],
    ['/pct%3A0%2C0%2C10%2C10/max/0/default.jpg', 'jpeg 150,100'],
    ['/full/64,/0/default.avif', 'heif 64,43'],
  ]
  for (const [path, expected] of cases) {
    it(`draws ${path}`, async () => assert.equal((await drawn(path)).text, expected))
  }

  it('gives exactly the size that it announces', async function () {
    this.timeout(60_000)
    const share = fc.double({ min: 0, max: 0.999, noNaN: true })
    await fc.assert(
      fc.asyncProperty(
        share,
        share,
        share,
        share,
        fc.constantFrom(0, 90, 180, 270),
        async (a, b, c, d, turn) => {
          const x = Math.floor(a * width)
          const y = Math.floor(b * height)
          const wide = 1 + Math.floor(c * (width - x))
          const high = 1 + Math.floor(d * (height - y))
          const [w, h] = [1 + Math.floor(c * d * wide), 1 + Math.floor(a * high)]
          const { text } = await drawn(`/${x},${y},${wide},${high}/${w},${h}/${turn}/default.jpg`)
          assert.equal(text, turn % 180 === 0 ? `jpeg ${w},${h}` : `jpeg ${h},${w}`)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('shows the right part of the picture, at every level', async () => {
    const truth = sharp(join(folder, 'open.png')).removeAlpha()
    for (const [region, size] of [
      ['512,512,512,491', '512,491'],
      ['1024,0,477,1003', '239,502'],
      ['0,0,1501,1003', '375,250'],
      ['301,77,600,400', '140,93'],
    ] as const) {
      const [left = 0, top = 0, wide = 0, high = 0] = region.split(',').map(Number)
      const [w = 0, h = 0] = size.split(',').map(Number)
      const { pixels } = await drawn(`/${region}/${size}/0/default.png`)
      const wanted = await truth
        .clone()
        .extract({ left, top, width: wide, height: high })
        .resize(w, h, { fit: 'fill' })
        .raw()
        .toBuffer()
      const got = await pixels.removeAlpha().raw().toBuffer()
      let sum = 0
      for (let index = 0; index < wanted.length; index++) {
        sum += ((wanted[index] ?? 0) - (got[index] ?? 0)) ** 2
      }
      const psnr = 10 * Math.log10(255 ** 2 / (sum / wanted.length))
      assert.ok(psnr > 27, `${region}/${size}: ${psnr.toFixed(1)} dB`)
    }
  })

  it('mirrors before it turns', async () => {
    const corner = async (path: string): Promise<number[]> => {
      const { pixels } = await drawn(path)
      const { data } = await pixels
        .extract({ left: 5, top: 5, width: 10, height: 10 })
        .removeAlpha()
        .resize(1, 1)
        .raw()
        .toBuffer({ resolveWithObject: true })
      return [...data]
    }
    const path = join(folder, 'corners.png')
    const square = (left: number, top: number, background: string): OverlayOptions => ({
      input: { create: { width: 50, height: 50, channels: 3, background } },
      left,
      top,
    })
    await sharp({ create: { width: 100, height: 100, channels: 3, background: 'white' } })
      .composite([square(0, 0, 'red'), square(50, 0, 'lime'), square(0, 50, 'blue')])
      .toFile(path)
    const corners = await ingest(house.ctx, path, { name: 'corners.png', mustBeImage: true })
    await keep('corners', corners)
    const kept = file
    file = corners
    try {
      // Mirrored, lime comes to the upper left; turned by 90 then, the lower left (white) does.
      const [red = 0, green = 0, blue = 0] = await corner('/full/max/!0/default.png')
      assert.ok(green > 200 && red < 60 && blue < 60)
      assert.ok((await corner('/full/max/!90/default.png')).every((each) => each > 200))
      const [r = 0, g = 0, b = 0] = await corner('/full/max/90/default.png')
      assert.ok(b > 200 && r < 60 && g < 60)
    } finally {
      file = kept
    }
  })

  it('says what its answer is and how long it may be kept', async () => {
    const response = await fetch(at('/0,0,1501,1003/750,/0/color.jpg'))
    await response.arrayBuffer()
    const base = house.ctx.links.imageService(file.image ?? '')
    assert.equal(
      response.headers.get('link'),
      `<${base}/full/750,501/0/default.jpg>;rel="canonical", <http://iiif.io/api/image/3/level2.json>;rel="profile"`,
    )
    assert.match(response.headers.get('cache-control') ?? '', /^public, max-age=\d+, immutable$/)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.ok(response.headers.get('last-modified'))
    const two = await fetch(at('/full/750,/0/default.jpg', 2), { method: 'HEAD' })
    assert.match(
      two.headers.get('link') ?? '',
      /\/2\/[0-9a-f]{32}\/full\/750,\/0\/default\.jpg>;rel="canonical"/,
    )
  })

  it('draws nothing for who has it, nor for a HEAD', async () => {
    const first = await fetch(at('/full/300,/0/default.jpg'))
    await first.arrayBuffer()
    const etag = first.headers.get('etag') ?? ''
    const again = await fetch(at('/full/300,/0/default.jpg'), {
      headers: { 'If-None-Match': etag },
    })
    assert.equal(again.status, 304)
    assert.equal(again.headers.get('etag'), etag)
    const since = await fetch(at('/full/300,/0/default.jpg'), {
      headers: { 'If-Modified-Since': first.headers.get('last-modified') ?? '' },
    })
    assert.equal(since.status, 304)
    const head = await fetch(at('/full/300,/0/default.jpg'), { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(head.headers.get('content-type'), 'image/jpeg')
    assert.equal(head.headers.get('etag'), etag)
  })

  it('tells a browser of another host that it may ask', async () => {
    const response = await fetch(at('/info.json'), { method: 'OPTIONS' })
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.match(response.headers.get('access-control-allow-headers') ?? '', /Authorization/)
  })

  it('answers what it cannot draw with one line that says which parameter and why', async () => {
    for (const [path, status, words] of [
      ['/full/full/0/default.jpg', 400, /^size: "full"/],
      ['/5000,0,1,1/max/0/default.jpg', 400, /^region: it begins outside the picture/],
      ['/full/max/400/default.jpg', 400, /^rotation: /],
      ['/full/max/0/sepia.jpg', 400, /^quality: /],
      ['/full/max/0/default.bmp', 400, /^format: /],
      ['/full/%5E16000,/0/default.jpg', 400, /^size: /],
      ['/full/%5E3000,/0/default.gif', 400, /^format: gif is drawn up to/],
      ['/full/max/0', 404, /no address of an image/],
      ['/full/max/0/default.jpg/more', 404, /no address of an image/],
      ['/%zz/max/0/default.jpg', 404, /no address of an image/],
    ] as const) {
      const response = await fetch(at(path))
      const body = await response.text()
      assert.equal(response.status, status, `${path}: ${body}`)
      assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.equal(body.trim().split('\n').length, 1)
      assert.match((JSON.parse(body) as { detail: string }).detail, words)
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      assert.equal(response.headers.get('cache-control'), 'no-store')
    }
    for (const id of [
      '0'.repeat(32),
      'nothing',
      '..%2f..%2fetc%2fpasswd',
      '%00',
      'a'.repeat(5000),
    ]) {
      const response = await fetch(`${house.address}/iiif/image/3/${id}/info.json`)
      assert.equal(response.status, 404, id.slice(0, 40))
    }
    assert.equal((await fetch(`${house.address}/iiif/image/4/${file.image}/info.json`)).status, 404)
  })

  it('never stumbles over a random address', async function () {
    this.timeout(60_000)
    const odd = fc.string({ maxLength: 15, unit: 'binary' }).map(encodeURIComponentSafely)
    const part = (...good: string[]): fc.Arbitrary<string> =>
      fc.oneof(fc.constantFrom(...good), odd)
    await fc.assert(
      fc.asyncProperty(
        part('full', 'square', '0,0,9,9', 'pct:1,1,1,1'),
        part('max', '9,', ',9', '!9,9', '9,9', 'pct:1'),
        part('0', '!90', '12'),
        part('default.jpg', 'gray.png', 'bitonal.webp'),
        async (...parts) => {
          const response = await fetch(at(`/${parts.join('/')}`))
          await response.arrayBuffer()
          assert.ok(
            [200, 400, 404].includes(response.status),
            `${parts.join('/')}: ${response.status}`,
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  describe('asks who may see an image', () => {
    const status = async (image: FileReference, authorization?: string): Promise<string> => {
      const headers = authorization ? { authorization } : {}
      const results: number[] = []
      for (const path of ['/info.json', '/full/max/0/default.jpg', '/full/50,/0/default.jpg', '']) {
        const response = await fetch(at(path, 3, image), { headers, redirect: 'manual' })
        await response.arrayBuffer()
        results.push(response.status)
        const cache = response.headers.get('cache-control') ?? ''
        if (image !== file) assert.ok(!cache.includes('public'), `${path}: ${cache}`)
      }
      return results.join(' ')
    }

    it('gives what is open to everybody', async () => {
      assert.equal(await status(file), '200 200 200 303')
    })

    it('describes what is shown on request, and asks for a right to its pictures', async () => {
      const image = await take('on-request', 60, 40)
      await keep('on-request', image, 'on-request')
      assert.equal(await status(image), '200 401 401 303')
      const response = await fetch(at('/full/max/0/default.jpg', 3, image))
      assert.equal(response.headers.get('www-authenticate'), 'Bearer')
      assert.match(await response.text(), /on request/)
      assert.equal(await status(image, `Bearer ${token}`), '200 200 200 303')
      assert.equal(await status(image, 'Bearer not-the-right-token'), '200 401 401 303')
    })

    it('does not tell that a draft or closed image exists', async () => {
      const image = await take('draft', 61, 40)
      assert.equal(await status(image), '404 404 404 404')
      await keep('draft', image, 'open', 'draft')
      assert.equal(await status(image), '404 404 404 404')
      const hidden = await (await fetch(at('/info.json', 3, image))).text()
      const none = await fetch(`${house.address}/iiif/image/3/${'0'.repeat(32)}/info.json`)
      assert.equal(hidden, await none.text())
      assert.equal(await status(image, `Bearer ${token}`), '200 200 200 303')
    })

    it('says that a withdrawn image is gone', async () => {
      const image = await take('withdrawn', 62, 40)
      const identifier = await keep('withdrawn', image)
      await withdraw(house.ctx, [identifier])
      assert.equal(await status(image), '410 410 410 410')
    })

    it('gives an image as long as one of its records is open', async () => {
      const image = await take('shared', 63, 40)
      await keep('shared-closed', image, 'closed')
      assert.equal(await status(image), '404 404 404 404')
      await keep('shared-open', image)
      const response = await fetch(at('/full/max/0/default.jpg', 3, image))
      await response.arrayBuffer()
      assert.equal(response.status, 200)
    })

    it('does not let a copy be confirmed to who may not see it', async () => {
      const image = await take('confirmed', 64, 40)
      const identifier = await keep('confirmed', image)
      const first = await fetch(at('/full/max/0/default.jpg', 3, image))
      await first.arrayBuffer()
      await withdraw(house.ctx, [identifier])
      const again = await fetch(at('/full/max/0/default.jpg', 3, image), {
        headers: { 'If-None-Match': first.headers.get('etag') ?? '' },
      })
      assert.equal(again.status, 410)
    })
  })

  it('keeps under a sub-path and another host what it says of itself', async () => {
    const other = await brick({ baseUrl: 'https://museum.example.org/archive' })
    try {
      const path = join(folder, 'sub.png')
      await painting(30, 20, path)
      const image = await ingest(other.ctx, path, { name: 'sub.png', mustBeImage: true })
      await save(other.ctx, [draft(await collection(other.ctx), 'sub', { files: [image] })])
      const base = `/archive/iiif/image/3/${image.image}`
      const info = (await (await fetch(`${other.address}${base}/info.json`)).json()) as {
        id: string
      }
      assert.equal(info.id, `https://museum.example.org${base}`)
      const response = await fetch(`${other.address}${base}/full/max/0/default.jpg`)
      assert.equal(response.status, 200)
      assert.match(
        response.headers.get('link') ?? '',
        /^<https:\/\/museum\.example\.org\/archive\/iiif/,
      )
      await response.arrayBuffer()
    } finally {
      await other.close()
    }
  })

  it('answers 500 without inner text, and stays up, when a pyramid is broken', async () => {
    const image = await take('broken', 600, 600)
    await keep('broken', image)
    const row = await imageById(house.ctx, image.image ?? '')
    assert.ok(row)
    writeFileSync(keptAt(house.ctx, pyramidKey(row.id)), 'rubbish')
    const response = await fetch(at('/full/max/0/default.jpg', 3, image))
    assert.equal(response.status, 500)
    assert.ok(!(await response.text()).includes('Input file'))
    assert.equal((await drawn('/full/64,/0/default.jpg')).text, 'jpeg 64,43')
  })
})

function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/\./g, '%2E')
}
