import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Collection, Manifest } from '@iiif/presentation-3'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { RunningBrick } from '../../server/brick.ts'
import { ensureCollection } from '../../server/collections/collections.ts'
import { ingest } from '../../server/files/files.ts'
import { rightsAddress } from '../../server/iiif/rights.ts'
import { save, withdraw, type RecordInput } from '../../server/records/records.ts'
import type { FileReference } from '../../schemas/record.ts'
import { pdfOf } from '../files/documents.ts'
import { brick, collection, draft, needed, sharedFolder } from '../house.ts'
import { painting } from './painting.ts'

const token = 'a-token-for-the-tests'

/** The published JSON Schema (draft 7) of Presentation 3, or undefined. */
function schema(): ValidateFunction | undefined {
  const folder = sharedFolder('schemas', 'iiif')
  if (!folder) return undefined
  const text = readFileSync(join(folder, 'presentation-3.schema.json'), 'utf8')
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  return ajv.compile(JSON.parse(text) as object)
}

describe('the presentation of records', () => {
  let house: RunningBrick
  let folder: string
  let files: FileReference[]
  let collectionId: number
  before(async () => {
    house = await brick({ adminToken: token, name: 'Musée du balcon', operator: 'Ville de Lyon' })
    folder = mkdtempSync(join(tmpdir(), 'campa-presentation-'))
    collectionId = await collection(house.ctx, 'drawings')
    files = []
    for (const [name, width, height] of [
      ['recto', 1400, 900],
      ['verso', 300, 200],
    ] as const) {
      const path = join(folder, `${name}.png`)
      await painting(width, height, path)
      const file = await ingest(house.ctx, path, { name: `${name}.png`, mustBeImage: true })
      files.push({ ...file, label: { fr: name, en: name } })
    }
  })
  after(async () => {
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function keep(
    key: string,
    change: Partial<RecordInput>,
  ): Promise<{ id: string; identifier: string }> {
    const [saved] = await save(house.ctx, [draft(collectionId, key, { files, ...change })])
    assert.ok(saved)
    return saved
  }

  async function read<T>(address: string, status = 200): Promise<T> {
    const response = await fetch(address)
    const text = await response.text()
    assert.equal(response.status, status, text)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    return JSON.parse(text) as T
  }

  const two = {
    dc: {
      title: [
        { value: 'Arc-en-ciel à la fenêtre', language: 'fr' },
        { value: 'Rainbow at the window', language: 'en' },
      ],
      description: [{ value: 'Dessin du printemps', language: 'fr' }],
      date: [{ value: 'printemps' }, { value: '2020-04-05' }],
      creator: [{ value: '<Léa>' }],
      subject: [
        { value: 'fenêtre', language: 'fr' },
        { value: 'window', language: 'en' },
        { value: 'arc-en-ciel', language: 'fr' },
      ],
      rights: [
        { value: 'https://creativecommons.org/licenses/by-sa/4.0/deed.fr' },
        { value: 'Collection of the school', language: 'en' },
      ],
    },
  }

  it('a manifest has a canvas for each image, painted by both versions of its service', async () => {
    const { id } = await keep('two', two)
    const { ctx } = house
    const manifest = await read<Manifest>(ctx.links.manifest(id))
    assert.equal(manifest.id, ctx.links.manifest(id))
    assert.equal(manifest.items.length, 2)
    const [canvas] = manifest.items
    assert.deepEqual([canvas?.width, canvas?.height], [1400, 900])
    assert.deepEqual(canvas?.label, { fr: ['recto'], en: ['recto'] })
    const body = canvas?.items?.[0]?.items?.[0]?.body as unknown as {
      id: string
      service: { id?: string; '@id'?: string; type?: string }[]
    }
    const image = files[0]?.image ?? ''
    assert.equal(body.id, ctx.links.image(image, 'max'))
    assert.deepEqual(
      body.service.map((service) => service.id ?? service['@id']),
      [ctx.links.imageService(image, 3), ctx.links.imageService(image, 2)],
    )
    const [thumbnail] = manifest.thumbnail as unknown as {
      id: string
      width: number
      height: number
    }[]
    assert.deepEqual([thumbnail?.width, thumbnail?.height], [350, 225])
    const response = await fetch(thumbnail?.id ?? '')
    assert.equal(response.status, 200)
    await response.arrayBuffer()
  })

  it('speaks each language, and marks what is no HTML as text', async () => {
    const manifest = await read<Manifest>(house.ctx.links.manifest((await keep('two', two)).id))
    assert.deepEqual(manifest.label, {
      fr: ['Arc-en-ciel à la fenêtre'],
      en: ['Rainbow at the window'],
    })
    assert.deepEqual(manifest.summary, { fr: ['Dessin du printemps'] })
    const field = (name: string): unknown =>
      manifest.metadata?.find(({ label }) => label.en?.[0] === name)?.value
    assert.deepEqual(field('Subject'), { fr: ['fenêtre', 'arc-en-ciel'], en: ['window'] })
    assert.deepEqual(field('Creator'), { none: ['<Léa> '] })
    assert.equal(
      manifest.metadata?.find(({ label }) => label.fr?.[0] === 'Sujet') !== undefined,
      true,
    )
    assert.equal(manifest.navDate, '2020-04-05T00:00:00Z')
  })

  it('says who provides it, under which rights, and where else it is described', async () => {
    const { id, identifier } = await keep('two', two)
    const manifest = await read<Manifest>(house.ctx.links.manifest(id))
    assert.equal(manifest.rights, 'http://creativecommons.org/licenses/by-sa/4.0/')
    assert.deepEqual(manifest.requiredStatement?.value, {
      none: ['Ville de Lyon'],
      en: ['Collection of the school'],
    })
    assert.deepEqual(manifest.provider?.[0]?.label, { none: ['Ville de Lyon'] })
    const seeAlso = (manifest.seeAlso as unknown as { id: string }[]).map(
      (each) => new URL(each.id),
    )
    assert.deepEqual(
      seeAlso.map(({ searchParams }) => [
        searchParams.get('metadataPrefix'),
        searchParams.get('identifier'),
      ]),
      [
        ['oai_dc', identifier],
        ['dcterms', identifier],
        ['edm', identifier],
        ['mets', identifier],
        ['mods', identifier],
        ['oai_datacite', identifier],
        ['oai_openaire', identifier],
      ],
    )
  })

  it('takes its headings from the profile', async () => {
    const { id } = await keep('profiled', {
      metadata: {
        title: [{ value: 'Masque' }],
        creator: [{ value: 'Ana', language: 'fr' }],
      },
      dc: { title: [{ value: 'Masque' }], creator: [{ value: 'Ana', language: 'fr' }] },
    })
    const manifest = await read<Manifest>(house.ctx.links.manifest(id))
    assert.equal(manifest.metadata?.length, 1)
    assert.deepEqual(manifest.metadata?.[0]?.value, { fr: ['Ana'] })
    assert.deepEqual(Object.keys(manifest.metadata?.[0]?.label ?? {}).toSorted(), ['en', 'fr'])
  })

  it('holds to the published schema', async function () {
    const valid = needed(schema(), 'the JSON Schema of Presentation 3', this)
    assert.ok(
      !valid({ type: 'Manifest', id: 'https://example.org/' }),
      'the schema lets all through',
    )
    const { ctx } = house
    const { id } = await keep('two', two)
    const path = join(folder, 'letter.pdf')
    writeFileSync(path, pdfOf([{}, { width: 200, height: 300 }]))
    const letter = await ingest(ctx, path, { name: 'letter.pdf', mustBeImage: true })
    const asked = await keep('asked', { ...two, visibility: 'on-request' })
    for (const address of [
      ctx.links.manifest(id),
      ctx.links.manifest((await keep('letter', { files: [letter] })).id),
      ctx.links.manifest((await keep('letters', { files: [...files, letter] })).id),
      ctx.links.manifest(asked.id),
      ctx.links.collectionManifest('drawings'),
      ctx.links.collectionManifests(),
      `${ctx.links.collectionManifest('drawings')}/pages/0`,
    ]) {
      const json = await read<object>(address)
      assert.ok(valid(json), `${address}: ${JSON.stringify(valid.errors?.slice(0, 5), null, 1)}`)
    }
  })

  it('has no manifest for a record without images, and says where its description is', async () => {
    const { id } = await keep('wordy', { files: [] })
    const { detail } = await read<{ detail: string }>(house.ctx.links.manifest(id), 404)
    assert.ok(detail.includes(house.ctx.links.record(id)))
  })

  it('sends to the source for what was harvested', async () => {
    const [source] = await house.ctx.db.query<{ id: number }>(
      `INSERT INTO sources (slug, url, name, every_minutes) VALUES ('leaf', 'https://leaf.example.org/oai', 'Leaf', 1440) RETURNING id`,
    )
    const harvested = {
      sourceId: source?.id ?? 0,
      identifier: 'oai:leaf.example.org:1',
      xml: Buffer.from('<dc/>'),
      links: {
        manifest: 'https://leaf.example.org/manifest',
        thumbnail: 'https://leaf.example.org/thumbnail.jpg',
      },
      keeper: { name: 'Leaf', url: 'https://leaf.example.org/' },
      origins: [],
    }
    const { id } = await keep('oai:leaf.example.org:1', { files: [], harvested })
    const response = await fetch(house.ctx.links.manifest(id), { redirect: 'manual' })
    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), harvested.links.manifest)
    const list = await read<Collection>(house.ctx.links.collectionManifest('drawings'))
    const item = list.items.find((each) => each.id === harvested.links.manifest)
    assert.deepEqual(item?.provider?.[0]?.label, { none: ['Leaf'] })
  })

  it('asks who may see a record', async () => {
    const { ctx } = house
    const status = async (id: string, authorization?: string): Promise<number> => {
      const headers = authorization ? { authorization } : {}
      const response = await fetch(ctx.links.manifest(id), { headers })
      await response.arrayBuffer()
      assert.match(response.headers.get('cache-control') ?? '', /no-store/)
      return response.status
    }
    const request = await keep('on-request', { visibility: 'on-request' })
    const hidden = await keep('hidden', { status: 'draft' })
    const gone = await keep('gone', {})
    await withdraw(ctx, [gone.identifier])
    assert.equal(await status(request.id), 200)
    assert.equal(await status(hidden.id), 404)
    assert.equal(await status(gone.id), 410)
    assert.equal(await status('999999'), 404)
    assert.equal(await status('none'), 404)
    assert.equal(await status(request.id, `Bearer ${token}`), 200)
    assert.equal(await status(hidden.id, `Bearer ${token}`), 200)
    const list = await read<Collection>(ctx.links.collectionManifest('drawings'))
    for (const { id } of [hidden, gone]) {
      assert.ok(!list.items.some((item) => item.id === ctx.links.manifest(id)))
    }
  })

  it('lists a collection with its own collections, and the way up', async () => {
    const { ctx } = house
    const parent = await ensureCollection(ctx, {
      slug: 'museum',
      title: { fr: 'Musée', en: 'Museum' },
      description: { fr: 'Tout' },
      profile: 'dublin-core',
      rights: 'http://rightsstatements.org/page/InC/1.0/',
    })
    const child = await collection(ctx, 'posters', parent.id)
    await save(ctx, [draft(child, 'one', { files })])
    const list = await read<Collection>(ctx.links.collectionManifest('museum'))
    assert.deepEqual(list.label, { fr: ['Musée'], en: ['Museum'] })
    assert.equal(list.rights, 'http://rightsstatements.org/vocab/InC/1.0/')
    assert.deepEqual(
      list.items.map(({ id }) => id),
      [ctx.links.collectionManifest('posters')],
    )
    const below = await read<Collection>(ctx.links.collectionManifest('posters'))
    assert.equal(
      (below.partOf?.[0] as { id: string } | undefined)?.id,
      ctx.links.collectionManifest('museum'),
    )
    assert.equal(below.items[0]?.type, 'Manifest')
    const top = await read<Collection>(ctx.links.collectionManifests())
    const tops = top.items.map(({ id }) => id)
    assert.ok(tops.includes(ctx.links.collectionManifest('museum')))
    assert.ok(!tops.includes(ctx.links.collectionManifest('posters')))
  })

  it('cuts a large collection into pages that together hold each record once', async function () {
    this.timeout(60_000)
    const { ctx } = house
    const many = await collection(ctx, 'many')
    const count = 1203
    for (let from = 0; from < count; from += 300) {
      const batch = Array.from({ length: Math.min(300, count - from) }, (_, index) => from + index)
      await save(
        ctx,
        batch.flatMap((each) => [
          draft(many, `p${each}`, { files: files.slice(1) }),
          ...(each % 3 ? [] : [draft(many, `w${each}`)]),
        ]),
      )
    }
    const list = await read<Collection>(ctx.links.collectionManifest('many'))
    assert.deepEqual(
      list.items.map(({ label }) => label),
      [{ none: ['1–500'] }, { none: ['501–1000'] }, { none: ['1001–1203'] }],
    )
    const seen = new Set<string>()
    let listed = 0
    for (const { id } of list.items) {
      const page = await read<Collection>(id)
      assert.equal(page.id, id)
      for (const item of page.items) seen.add(item.id)
      listed += page.items.length
    }
    assert.deepEqual([seen.size, listed], [count, count])
    const rest = await read<Collection>(`${ctx.links.collectionManifest('many')}/after/0`)
    assert.equal(rest.items.length, 3)
  })

  it('knows no collection of another name, nor a closed one', async () => {
    const { ctx } = house
    await ensureCollection(ctx, {
      slug: 'secret',
      title: { en: 'S' },
      profile: 'dublin-core',
      visibility: 'closed',
    })
    for (const path of [
      'nothing',
      'secret',
      'nothing/pages/0',
      'drawings/pages/x',
      'drawings/pages/-1',
      'drawings/after/1e3',
    ]) {
      await read(`${ctx.links.collectionManifests()}/${path}`, 404)
    }
  })

  it('needs sending once only to who has it', async () => {
    const { id } = await keep('two', two)
    const first = await fetch(house.ctx.links.manifest(id))
    await first.arrayBuffer()
    assert.match(
      first.headers.get('content-type') ?? '',
      /^application\/ld\+json;profile="http:\/\/iiif\.io\/api\/presentation\/3\/context\.json"$/,
    )
    const again = await fetch(house.ctx.links.manifest(id), {
      headers: { 'If-None-Match': first.headers.get('etag') ?? '' },
    })
    assert.equal(again.status, 304)
  })
})

describe('rights statements', () => {
  for (const [given, expected] of [
    ['https://creativecommons.org/licenses/by/4.0/', 'http://creativecommons.org/licenses/by/4.0/'],
    [
      'http://creativecommons.org/licenses/by-nc/2.0/fr/',
      'http://creativecommons.org/licenses/by-nc/2.0/fr/',
    ],
    [
      'https://creativecommons.org/publicdomain/zero/1.0',
      'http://creativecommons.org/publicdomain/zero/1.0/',
    ],
    [
      'https://creativecommons.org/publicdomain/mark/1.0/deed.en',
      'http://creativecommons.org/publicdomain/mark/1.0/',
    ],
    [
      'https://rightsstatements.org/page/InC-EDU/1.0/?language=fr',
      'http://rightsstatements.org/vocab/InC-EDU/1.0/',
    ],
    [
      'http://rightsstatements.org/vocab/NoC-OKLR/1.0/',
      'http://rightsstatements.org/vocab/NoC-OKLR/1.0/',
    ],
    ['CC BY 4.0', undefined],
    ['https://creativecommons.org/', undefined],
    ['https://example.org/licenses/by/4.0/', undefined],
  ] as const) {
    it(`${given} is ${expected ?? 'text'}`, () => assert.equal(rightsAddress(given), expected))
  }
})
