import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { dctermsFormat } from '../../server/formats/dcterms.ts'
import { edmFormat } from '../../server/formats/edm.ts'
import type { Described, Format, Lack } from '../../server/formats/format.ts'
import { standardFormats } from '../../server/formats/formats.ts'
import { metsFormat } from '../../server/formats/mets.ts'
import { oaiDataciteFormat } from '../../server/formats/oai-datacite.ts'
import { oaiOpenaireFormat } from '../../server/formats/oai-openaire.ts'
import { needed, sharedFolder } from '../house.ts'
import { anyPage, described, file, likeness } from './described.ts'
import { faults } from './valid.ts'

const schemas = sharedFolder('schemas')

describe('each metadata format', () => {
  for (const format of standardFormats) {
    describe(format.metadataPrefix, () => {
      it('gives a record that says all, valid under the official schema', function () {
        const folder = needed(schemas, '../shared/schemas', this)
        const records = [
          described(),
          described({ files: [file('recto.jpg', { likeness }), file('verso.jpg', { likeness })] }),
          described({ files: [file('paper.pdf', { mediaType: 'application/pdf' })], links: {} }),
        ].map((each, index) => ({ ...each, identifier: `${each.identifier}${index}` }))
        for (const record of records) assert.deepEqual(format.lacks(record), [])
        assert.deepEqual(
          faults(
            folder,
            format,
            records.map((each) => format.write(each)),
          ),
          [],
        )
      })

      it('is held to the schema indeed: an element too many is refused', function () {
        const folder = needed(schemas, '../shared/schemas', this)
        const text = format.write(described()).replace(/(?=<\/[\w:]+>$)/, '<x/>')
        assert.match(faults(folder, format, [text]).join(), /Element '[^']*x'/)
      })

      it('is valid for any record that lacks nothing', function () {
        const folder = needed(schemas, '../shared/schemas', this)
        this.timeout(60_000)
        let written = 0
        fc.assert(
          fc.property(anyPage(30), (records) => {
            const given = records.filter((record) => format.lacks(record).length === 0)
            written += given.length
            if (given.length)
              assert.deepEqual(
                faults(
                  folder,
                  format,
                  given.map((each) => format.write(each)),
                ),
                [],
              )
          }),
          { numRuns: 40 },
        )
        assert.ok(written > 300, `only ${written} records could be given`)
      })
    })
  }
})

describe('what a record must have', () => {
  const without = (...elements: (keyof DublinCore)[]): Described => {
    const { dc } = described()
    return described({
      dc: Object.fromEntries(
        Object.entries(dc).filter(([name]) => !elements.includes(name as keyof DublinCore)),
      ),
    })
  }
  const changed = (dc: DublinCore, rest: Partial<Described> = {}): Described =>
    described({ ...rest, dc: { ...described().dc, ...dc } })

  const cases: [what: string, format: Format, record: Described, lacks: Lack[]][] = [
    [
      'edm: a title or a description',
      edmFormat,
      without('title', 'description'),
      ['title-or-description'],
    ],
    ['edm: … of which one is enough', edmFormat, without('title'), []],
    [
      'edm: … and an alternative title is none',
      edmFormat,
      changed({ title: [{ value: 'x', term: 'alternative' }], description: [{ value: ' ' }] }),
      ['title-or-description'],
    ],
    [
      'edm: a subject, a type, a place or a time',
      edmFormat,
      without('subject', 'type', 'coverage'),
      ['subject-type-place-or-time'],
    ],
    [
      'edm: … and a coverage that may be either is neither',
      edmFormat,
      {
        ...without('subject', 'type'),
        dc: { ...without('subject', 'type').dc, coverage: [{ value: 'Lyon' }] },
      },
      ['subject-type-place-or-time'],
    ],
    ['edm: … a place is enough', edmFormat, without('subject', 'type'), []],
    [
      'edm: the language of a text',
      edmFormat,
      { ...without('language'), dc: { ...without('language').dc, type: [{ value: 'lettre' }] } },
      ['language'],
    ],
    ['edm: … but not of a picture', edmFormat, without('language'), []],
    ['edm: rights', edmFormat, without('rights'), ['rights']],
    [
      'edm: … that machines know',
      edmFormat,
      changed({ rights: [{ value: 'Tous droits réservés' }] }),
      ['rights'],
    ],
    [
      'edm: … and not those of its collection where it states others',
      edmFormat,
      changed(
        { rights: [{ value: 'Tous droits réservés' }] },
        { rights: 'https://creativecommons.org/publicdomain/zero/1.0/' },
      ),
      ['rights'],
    ],
    [
      'edm: … but who holds them is no licence',
      edmFormat,
      changed(
        { rights: [{ value: '© Musée', term: 'rightsHolder' }] },
        { rights: 'https://creativecommons.org/publicdomain/zero/1.0/' },
      ),
      [],
    ],
    [
      'edm: … of its collection where it has none',
      edmFormat,
      { ...without('rights'), rights: 'https://rightsstatements.org/page/InC/1.0/?language=fr' },
      [],
    ],
    ...([oaiDataciteFormat, oaiOpenaireFormat] as const).flatMap(
      (format): [string, Format, Described, Lack[]][] => [
        [`${format.metadataPrefix}: a maker`, format, without('creator'), ['creator']],
        [`${format.metadataPrefix}: a title`, format, without('title'), ['title']],
        [`${format.metadataPrefix}: a date`, format, without('date'), ['date']],
        [
          `${format.metadataPrefix}: … with a year in it`,
          format,
          changed({ date: [{ value: 'undated' }] }),
          ['date'],
        ],
        [
          `${format.metadataPrefix}: … in whatever words`,
          format,
          changed({ date: [{ value: 'vers 1850-1860' }] }),
          [],
        ],
      ],
    ),
    ['oai_dc, dcterms, mods, mets: nothing', metsFormat, described({ dc: {} }), []],
  ]
  for (const [what, format, record, missing] of cases) {
    it(what, () => assert.deepEqual(format.lacks(record), missing))
  }
})

describe('what a record says', () => {
  it('goes out under its term where EDM has it, else under its element', () => {
    const text = edmFormat.write(
      described({
        dc: {
          ...described().dc,
          description: [{ value: 'kurz', term: 'abstract' }],
          coverage: [{ value: 'Lyon', term: 'spatial' }, { value: 'somewhere' }],
        },
      }),
    )
    assert.match(text, /<dcterms:spatial>Lyon<\/dcterms:spatial><dc:coverage>somewhere</)
    assert.match(text, /<dc:description>kurz</)
    assert.match(text, /<dcterms:created>2020-04</)
  })

  it('has one form of each licence in EDM', () => {
    const text = edmFormat.write(described())
    assert.match(
      text,
      /<edm:rights rdf:resource="http:\/\/creativecommons.org\/licenses\/by-sa\/4.0\/"\/>/,
    )
  })

  it('shows the first picture in EDM and links the others as views with their services', () => {
    const files = [file('recto.jpg'), file('verso.jpg')]
    const text = edmFormat.write(described({ files }))
    assert.equal([...text.matchAll(/<edm:WebResource /g)].length, 2)
    assert.deepEqual(
      [...text.matchAll(/<edm:hasView rdf:resource="([^"]+)"/g)].map((match) => match[1]),
      [files[1]?.address],
    )
    assert.equal([...text.matchAll(/<svcs:Service /g)].length, 2)
  })

  it('has a date of W3CDTF typed in dcterms, and others as they are', () => {
    const text = dctermsFormat.write(
      described({
        dc: { date: [{ value: '2020-02-29', term: 'issued' }, { value: '2021-02-29' }] },
      }),
    )
    assert.match(text, /<dcterms:issued xsi:type="dcterms:W3CDTF">2020-02-29</)
    assert.match(text, /<dc:date>2021-02-29</)
  })

  it('is cited by its DOI where it has one, else by its page', () => {
    assert.match(
      oaiDataciteFormat.write(described()),
      /<identifier identifierType="URL">https:\/\/museum.example.org\/records\/7</,
    )
    const { dc } = described()
    const identifier = [{ value: 'https://doi.org/10.1234/abc' }]
    const text = oaiDataciteFormat.write(described({ dc: { ...dc, identifier } }))
    assert.match(text, /<identifier identifierType="DOI">10.1234\/abc</)
    assert.match(text, /<publicationYear>2020</)
  })

  it('tells OpenAIRE what anybody may have', () => {
    assert.match(oaiOpenaireFormat.write(described()), /access_right\/c_abf2">open access</)
    assert.match(
      oaiOpenaireFormat.write(described({ links: {} })),
      /access_right\/c_14cb">metadata only access</,
    )
  })
})
