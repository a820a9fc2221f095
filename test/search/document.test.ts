import assert from 'node:assert/strict'
import type { StoredRecord } from '../../schemas/record.ts'
import type { Collection } from '../../server/collections/entities.ts'
import type { Context } from '../../server/context.ts'
import { addresses } from '../../server/http/links.ts'
import { documentOf, languageTag } from '../../server/search/search.ts'

const ctx = {
  config: { name: 'Musée', baseUrl: 'https://musee.example.org' },
  links: addresses('https://musee.example.org'),
} as Context

const collections = new Map(
  [
    { id: 1, slug: 'museum', parentId: null, visibility: 'open' },
    { id: 2, slug: 'drawings', parentId: 1, visibility: 'open' },
  ].map((each) => [each.id, each as Collection]),
)

const record: StoredRecord = {
  id: '7',
  identifier: 'oai:musee.example.org:7',
  collectionId: 2,
  key: 'a',
  profile: 'museum-object',
  status: 'published',
  visibility: 'open',
  source: {},
  metadata: {
    title: [{ value: 'Fenêtre', language: 'fr' }],
    technique: [{ value: 'craie', language: 'fr' }],
    height: 30,
    room: 'Salle 4',
  },
  dc: {
    title: [{ value: 'Fenêtre', language: 'fr' }],
    date: [{ value: 'sans date' }, { value: 'vers 1850-60' }],
    coverage: [{ value: 'Ajaccio' }],
    language: [{ value: 'fre' }, { value: 'French' }, { value: 'English' }],
    publisher: [{ value: 'Atelier' }],
  },
  files: [],
  sequence: 12,
}

const image = {
  sha256: 'f'.repeat(64),
  name: 'a.jpg',
  mediaType: 'image/jpeg',
  size: 1,
  image: 'abc',
  width: 6000,
  height: 4000,
}

describe('the document of a record', () => {
  it('has its words, its years, its languages and all its collections', () => {
    const document = documentOf(ctx, record, collections)
    assert.deepEqual(document.other, ['Atelier', 'Ajaccio', 'craie', '30', 'Salle 4'])
    assert.deepEqual(document.years, { from: 1850, to: 1860 })
    assert.deepEqual(document.languages, ['fr', 'en'])
    assert.deepEqual(document.collections, ['drawings', 'museum'])
    assert.deepEqual(document.keeper, { name: 'Musée', url: 'https://musee.example.org' })
    assert.deepEqual(document.links, { homepage: 'https://musee.example.org/records/7' })
  })

  it('shows its first image', () => {
    const { links, picture } = documentOf(ctx, { ...record, files: [image] }, collections)
    assert.deepEqual(picture, { width: 6000, height: 4000, image: 'abc' })
    assert.deepEqual(links, {
      homepage: 'https://musee.example.org/records/7',
      manifest: 'https://musee.example.org/iiif/presentation/3/records/7/manifest',
      thumbnail: 'https://musee.example.org/iiif/image/3/abc/full/480,320/0/default.jpg',
      image: 'https://musee.example.org/iiif/image/3/abc/full/max/0/default.jpg',
      imageService: 'https://musee.example.org/iiif/image/3/abc',
    })
  })

  it('shows no image that is seen on request only', () => {
    const asked: StoredRecord = { ...record, files: [image], visibility: 'on-request' }
    const { links, picture } = documentOf(ctx, asked, collections)
    assert.equal(picture, undefined)
    assert.deepEqual(links, { homepage: 'https://musee.example.org/records/7' })
  })

  it('of a harvested record leads to the brick that holds it', () => {
    const keeper = { name: 'Leaf', url: 'https://leaf.example.org' }
    const links = { homepage: 'https://leaf.example.org/records/1' }
    const document = documentOf(ctx, { ...record, keeper, links }, collections)
    assert.deepEqual(document.keeper, keeper)
    assert.deepEqual(document.links, links)
  })
})

describe('a language', () => {
  const examples: [string, string][] = [
    ['fr', 'fr'],
    ['FRE', 'fr'],
    ['fra', 'fr'],
    ['fr-CA', 'fr'],
    ['Français', 'fr'],
    ['ENGLISH', 'en'],
    ['anglais', 'en'],
    ['deutsch', 'de'],
    ['occitan', 'oc'],
    ['grc', 'grc'],
    ['zxx', 'zxx'],
    ['en français et en latin', 'en français et en latin'],
    ['', ''],
  ]
  for (const [text, tag] of examples) {
    it(`${text || '(empty)'} is ${tag || 'nothing'}`, () => assert.equal(languageTag(text), tag))
  }
})
