// Records as the formats see them, for tests: one written out, and any that chance makes.
import fc from 'fast-check'
import { dcElements, refinements, type DcTerm, type Value } from '../../schemas/dublin-core.ts'
import type { Likeness } from '../../schemas/likeness.ts'
import type { Described, DescribedFile } from '../../server/formats/format.ts'

const base = 'https://museum.example.org'

/** A typical record of a museum, to be changed where a test needs it. */
export function described(change: Partial<Described> = {}): Described {
  return {
    identifier: 'oai:museum.example.org:7',
    page: `${base}/records/7`,
    datestamp: '2026-11-21T10:00:00Z',
    dc: {
      title: [
        { value: 'Fenêtre & arc-en-ciel', language: 'fr' },
        { value: 'Window', language: 'en' },
      ],
      creator: [{ value: 'Morisot, Berthe' }],
      subject: [
        { value: 'fenêtre', language: 'fr' },
        { value: 'rainbow', language: 'en' },
      ],
      description: [{ value: 'Dessin au feutre sur papier quadrillé.', language: 'fr' }],
      publisher: [{ value: 'Musée des fenêtres' }],
      date: [{ value: '2020-04', term: 'created' }],
      type: [{ value: 'dessin', language: 'fr' }],
      format: [
        { value: 'feutre', language: 'fr', term: 'medium' },
        { value: '21 × 29,7 cm', term: 'extent' },
      ],
      identifier: [{ value: 'INV.2020.7' }],
      language: [{ value: 'fr' }],
      relation: [{ value: 'Fonds du confinement', term: 'isPartOf' }],
      coverage: [
        { value: 'Lyon', term: 'spatial' },
        { value: '21e siècle', language: 'fr', term: 'temporal' },
      ],
      rights: [{ value: 'https://creativecommons.org/licenses/by-sa/4.0/' }],
    },
    links: {
      homepage: `${base}/records/7`,
      manifest: `${base}/iiif/presentation/3/records/7/manifest`,
      thumbnail: `${base}/iiif/image/3/a/full/480,360/0/default.jpg`,
      image: `${base}/iiif/image/3/a/full/max/0/default.jpg`,
      imageService: `${base}/iiif/image/3/a`,
    },
    keeper: { name: 'Musée des fenêtres', url: base },
    provider: { name: 'Ville de Lyon', url: base },
    collection: { title: { fr: 'Dessins', en: 'Drawings' }, page: `${base}/collections/drawings` },
    files: [],
    isRestricted: false,
    profile: 'dublin-core',
    metadata: {},
    ...change,
  }
}

export const likeness: Likeness = {
  prints: ['f0e1d2c3b4a59687', '8123456789abcdef'],
  dhash: '0123456789abcdef',
  pixels: 'b'.repeat(64),
  colours: [{ colour: '#aabbcc', share: 61 }],
  blurhash: 'L0E.|gsqoMsq?bfQfQfQfPfQfQfQ',
}

export function file(name: string, change: Partial<DescribedFile> = {}): DescribedFile {
  return {
    address: `${base}/files/${name}`,
    name,
    mediaType: 'image/jpeg',
    size: 12_345,
    sha256: 'a'.repeat(64),
    width: 800,
    height: 600,
    imageService: `${base}/iiif/image/3/${name}`,
    thumbnail: `${base}/iiif/image/3/${name}/full/480,360/0/default.jpg`,
    label: { fr: name },
    ...change,
  }
}

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    ' ',
    '<&>"\'',
    ']]>',
    'a\u0000b\u0003',
    '\ud800',
    '\r\n\t',
    '1850',
    '2020-02-30',
    'c.1850-60',
    '2020-04-05T10:11:12Z',
    '0000',
    '-0044',
    '2020-13',
    '10.1234/abc',
    'doi:10.1234/a b',
    'photo',
    'http://a.example/é|{}',
    'https://b.example/%zz#a#b',
    'http://[::1]/x',
    'http://x y/',
    'urn:a:b',
    'javascript:alert(1)',
    'http://',
    'dataset',
    'texte',
    'song',
    'Concept',
    'fr',
    'fr_FR',
    'eng',
    'https://creativecommons.org/licenses/by/4.0/deed.fr',
    'https://rightsstatements.org/page/InC/1.0/',
  ),
)

const languages = fc.constantFrom(
  'fr',
  'en-GB',
  'zh-Hant',
  'abcdefghi',
  'fr_FR',
  '',
  'x',
  'fr-',
  '"',
)

const terms = Object.keys(refinements) as DcTerm[]

/** Values of any element, with terms that refine it or none. */
const description = fc
  .array(
    fc.record(
      {
        element: fc.constantFrom(...dcElements),
        value: words,
        language: languages,
        term: fc.constantFrom(...terms),
      },
      { requiredKeys: ['element', 'value'] },
    ),
    { maxLength: 25 },
  )
  .map((rows) => {
    const dc: Described['dc'] = rows.length % 7 === 0 ? { title: [], subject: [] } : {}
    for (const { element, value, language, term } of rows) {
      const name = term ? refinements[term] : element
      const made: Value = {
        value,
        ...(language !== undefined && { language }),
        ...(term && { term }),
      }
      ;(dc[name] ??= []).push(made)
    }
    return dc
  })

const address = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  words.filter((text) => text !== ''),
)
const name = fc.oneof(fc.constantFrom('Musée & <co>', ' ', '\u0003'), fc.string({ minLength: 1 }))
const keeper = fc.record({ name, url: address }, { requiredKeys: ['name'] })
const title = fc.dictionary(fc.constantFrom('fr', 'en', 'und', 'abcdefghi'), words, {
  noNullPrototype: true,
})

const files = fc.array(
  fc.record(
    {
      address,
      name,
      mediaType: fc.oneof(fc.constantFrom('image/jpeg', 'application/pdf', ''), words),
      size: fc.nat(),
      sha256: fc.constant('ab'.repeat(32)),
      width: fc.nat(),
      height: fc.nat(),
      imageService: address,
      thumbnail: address,
      label: title,
    },
    { requiredKeys: ['address', 'name', 'mediaType', 'sha256'] },
  ),
  { maxLength: 3 },
)

const oddities: fc.Arbitrary<Described> = fc.record(
  {
    identifier: fc.oneof(fc.constant('oai:museum.example.org:7'), fc.string({ minLength: 1 })),
    page: address,
    datestamp: fc.constantFrom('2026-11-21T10:00:00Z', '2020-02-30', 'yesterday'),
    dc: description,
    links: fc.record(
      {
        homepage: address,
        manifest: address,
        thumbnail: address,
        image: address,
        imageService: address,
      },
      { requiredKeys: [] },
    ),
    keeper,
    provider: keeper,
    rights: words,
    collection: fc.record({ title, page: address }),
    files,
    isRestricted: fc.constant(false),
    profile: fc.constant('dublin-core'),
    metadata: fc.constant({}),
  },
  {
    requiredKeys: [
      'identifier',
      'page',
      'datestamp',
      'dc',
      'links',
      'keeper',
      'isRestricted',
      'provider',
      'collection',
      'files',
      'profile',
      'metadata',
    ],
  },
)

/** Any record at all, as odd as it can be; every other one has what each format asks for besides. */
export const anyDescribed: fc.Arbitrary<Described> = fc
  .tuple(oddities, fc.boolean())
  .map(([record, whole]) => (whole ? { ...record, dc: joined(record.dc, described().dc) } : record))

const joined = (odd: Described['dc'], sound: Described['dc']): Described['dc'] =>
  Object.fromEntries(
    dcElements.flatMap((name) => {
      const values = [...(odd[name] ?? []), ...(sound[name] ?? [])]
      return values.length ? [[name, values]] : []
    }),
  )

/** Records of one answer: no two have one identifier. */
export const anyPage = (size: number): fc.Arbitrary<Described[]> =>
  fc
    .array(anyDescribed, { minLength: size, maxLength: size })
    .map((records) =>
      records.map((each, index) => ({ ...each, identifier: `${each.identifier}${index}` })),
    )
