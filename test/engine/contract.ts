// What an engine promises, whichever it is: run by postgresql.test.ts and elasticsearch.test.ts.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type {
  Engine,
  SearchDocument,
  SearchQuery,
  SearchResult,
} from '../../server/engine/engine.ts'
import { surely } from '../../server/engine/prints.ts'

let drawn = 0

/** A document with a title, and what a test adds. */
export function document(id: string, change: Partial<SearchDocument> = {}): SearchDocument {
  return {
    id,
    identifier: `oai:test:${id}`,
    sequence: ++drawn,
    title: [],
    creator: [],
    description: [],
    date: [],
    keywords: [],
    types: [],
    languages: [],
    other: [],
    collections: [],
    keeper: { name: 'Tate' },
    links: {},
    ...change,
  }
}

const gone = (id: string) => ({ id, sequence: ++drawn })
const texts = (...values: string[]) => values.map((value) => ({ value }))
const titled = (id: string, title: string, change: Partial<SearchDocument> = {}) =>
  document(id, { title: texts(title), ...change })

export interface Opened {
  engine: Engine
  close(): Promise<void>
}

export function engineContract(open: (test: Mocha.Context) => Promise<Opened>): void {
  let opened: Opened
  let engine: Engine

  before(async function () {
    this.timeout(60_000)
    opened = await open(this)
    engine = opened.engine
  })
  after(() => opened?.close())

  /** Empties the index and puts these in. */
  const hold = async (...documents: SearchDocument[]): Promise<void> => {
    const next = await engine.rebuild()
    assert.deepEqual(await next.apply({ upserts: documents, deletes: [] }), [])
    await next.finish()
    await engine.refresh()
  }
  const search = (query: Partial<SearchQuery>): Promise<SearchResult> =>
    engine.search({ limit: 100, ...query })
  const ids = async (query: Partial<SearchQuery>): Promise<string[]> =>
    (await search(query)).hits.map((hit) => hit.id)
  const found = async (text: string): Promise<string[]> => (await ids({ text })).toSorted()

  describe('words', () => {
    before(() =>
      hold(
        titled('window', 'The window'),
        titled('windows', 'Windows on the courtyard'),
        titled('fenetre', 'La fenêtre ouverte'),
        titled('ecole', 'L’École des filles', { description: texts('Un dessin de craie') }),
        titled('ecoles', 'Deux écoles'),
        titled('storm', 'Snow Storm: Steam-Boat off a Harbour’s Mouth', {
          creator: texts('Turner, Joseph Mallord William'),
        }),
        titled('boat', 'A boat in the snow, and a storm'),
        titled('code', 'Portrait', { other: ['NPG.87.178'] }),
        titled('cote', 'Portrait', { other: ['NPG.88.178', '87'] }),
        titled('rainbow', 'Arc-en-ciel 🌈', { keywords: texts('rainbow', 'balcony rail') }),
        titled('oeuvre', 'Œuvre d’art', { keywords: texts('rail', 'road') }),
        titled('fuji', '富士山の絵'),
        titled('who', 'The Who'),
      ),
    )

    const examples: [string, string[]][] = [
      ['ecole', ['ecole', 'ecoles']],
      ['ÉCOLE', ['ecole', 'ecoles']],
      ["l'école", ['ecole', 'ecoles']],
      ['l’ecole des filles', ['ecole']],
      ['fenetres', ['fenetre']],
      ['windows', ['window', 'windows']],
      ['window', ['window', 'windows']],
      ['the window', ['window', 'windows']],
      ['the who', ['who']],
      ['oeuvre', ['oeuvre']],
      ['œuvres', ['oeuvre']],
      ['snow storm', ['boat', 'storm']],
      ['"snow storm"', ['storm']],
      ['“Snow storm”', ['storm']],
      ['"snow storms"', []],
      ['snow -harbour', ['boat']],
      ['snow -"snow storm"', ['boat']],
      ['snow -harbours -boats', []],
      ['-portrait -snow -window -école', ['fenetre', 'fuji', 'oeuvre', 'rainbow', 'who']],
      ['turner storm', ['storm']],
      ['NPG.87.178', ['code']],
      ['npg 178', ['code', 'cote']],
      ['"rail road"', []],
      ['rail road', ['oeuvre']],
      ['🌈', ['rainbow']],
      ['富士', ['fuji']],
      ['士富', []],
      ['nothing-of-the-kind', []],
    ]
    for (const [text, expected] of examples) {
      it(`finds by ${text} ${expected.join(', ') || 'nothing'}`, async () =>
        assert.deepEqual(await found(text), expected))
    }

    it('puts a word in the title before one elsewhere, the shorter title first, words together first', async () => {
      await hold(
        document('described', { title: texts('One'), description: texts('a harbour') }),
        titled('long', 'A harbour in the evening light'),
        titled('short', 'Harbour'),
        document('keyword', { title: texts('Two'), keywords: texts('harbours') }),
        document('elsewhere', { title: texts('Three'), other: ['Harbour Press'] }),
        titled('light', 'Light in the evening at the harbour'),
      )
      assert.deepEqual(await ids({ text: 'harbour' }), [
        'short',
        'long',
        'light',
        'keyword',
        'described',
        'elsewhere',
      ])
      assert.deepEqual(await ids({ text: 'evening light' }), ['long', 'light'])
    })

    const hostile = [
      '"',
      '-',
      '*',
      '\\',
      '""',
      '- - -',
      '-"',
      "'",
      "';--",
      ':*',
      '!x & | ( <-> )',
      'AND OR NOT',
      'a:b^2~3 [1 TO *] /x/',
      '🎨👩‍👩‍👧‍👦',
      '{"query":{"match_all":{}}}',
      'x'.repeat(10_000),
      'x '.repeat(5_000),
      Array.from({ length: 3000 }, (_, index) => `w${index}`).join(' '),
      '"'.repeat(10_000),
      `"${'x '.repeat(4_000)}"`,
      '\0\u0001\ud800\udfff\uffff',
      '%s $1 ${x}',
    ]
    for (const text of hostile) {
      it(`answers to ${JSON.stringify(text.slice(0, 40))}`, async () => {
        await search({ text, facets: ['type'], histogram: true })
      })
    }

    it('answers to any text and any filter', async function () {
      this.timeout(60_000)
      const text = fc.string({ unit: 'binary', maxLength: 40 })
      await fc.assert(
        fc.asyncProperty(text, text, async (one, other) => {
          await search({ text: one, filters: { keyword: [other] } })
        }),
        { numRuns: 40 },
      )
    })
  })

  describe('filters', () => {
    before(() =>
      hold(
        titled('a', 'Drawing', {
          collections: ['drawings', 'museum'],
          keeper: { name: 'Tate' },
          types: texts('Drawing'),
          languages: ['en'],
          keywords: texts('snow', 'sea'),
          years: { from: 1850, to: 1860 },
          date: texts('1850-60'),
          links: { thumbnail: 'https://example.org/a.jpg' },
        }),
        titled('b', 'Drawing', {
          collections: ['drawings', 'museum'],
          keeper: { name: 'Tate' },
          types: texts('Drawing'),
          languages: ['fr'],
          keywords: texts('sea', 'Sea'),
          years: { from: 1855, to: 1855 },
        }),
        titled('c', 'Print', {
          collections: ['prints', 'museum'],
          keeper: { name: 'Joconde' },
          types: texts('Print'),
          languages: ['fr', 'en'],
          keywords: texts('snow'),
          years: { from: 1700, to: 1799 },
        }),
        titled('d', 'Print', { collections: ['prints', 'museum'], types: texts('Print') }),
      ),
    )

    const examples: [string, Partial<SearchQuery>, string[]][] = [
      ['collection', { filters: { collection: ['drawings'] } }, ['a', 'b']],
      ['collection above', { filters: { collection: ['museum'] } }, ['a', 'b', 'c', 'd']],
      ['brick', { filters: { brick: ['Joconde'] } }, ['c']],
      ['type', { filters: { type: ['Print'] } }, ['c', 'd']],
      ['language', { filters: { language: ['fr'] } }, ['b', 'c']],
      ['keyword', { filters: { keyword: ['snow'] } }, ['a', 'c']],
      ['keyword as it is written', { filters: { keyword: ['Sea'] } }, ['b']],
      ['alternatives', { filters: { keyword: ['snow', 'Sea'] } }, ['a', 'b', 'c']],
      ['two facets', { filters: { keyword: ['snow'], language: ['fr'] } }, ['c']],
      ['a value that is not there', { filters: { type: ['Sonata'] } }, []],
      ['no values', { filters: { type: [] } }, ['a', 'b', 'c', 'd']],
      ['a year', { years: { from: 1852, to: 1852 } }, ['a']],
      ['years that touch', { years: { from: 1799, to: 1850 } }, ['a', 'c']],
      ['years from', { years: { from: 1856 } }, ['a']],
      ['years until', { years: { to: 1700 } }, ['c']],
      ['years beyond all', { years: { from: -1e300, to: 1e300 } }, ['a', 'b', 'c']],
      ['a picture', { pictured: true }, ['a']],
      ['words and a filter', { text: 'drawing', filters: { language: ['fr'] } }, ['b']],
    ]
    for (const [name, query, expected] of examples) {
      it(`finds by ${name}`, async () => {
        const result = await search(query)
        assert.deepEqual(result.hits.map((hit) => hit.id).toSorted(), expected)
        assert.equal(result.total, expected.length)
      })
    }

    it('counts a facet as if its own filter were not set', async () => {
      const { facets, total } = await search({
        text: '-nothing',
        filters: { type: ['Drawing'], language: ['fr'] },
        facets: ['type', 'language', 'keyword', 'brick', 'collection'],
      })
      assert.equal(total, 1)
      const count = (value: string, number: number) => ({ value, count: number })
      assert.deepEqual(facets, {
        type: [count('Drawing', 1), count('Print', 1)],
        language: [count('en', 1), count('fr', 1)],
        keyword: [count('Sea', 1), count('sea', 1)],
        brick: [count('Tate', 1)],
        collection: [count('drawings', 1), count('museum', 1)],
      })
    })

    it('counts facets of everything, the most frequent first, as many as asked', async () => {
      const { facets } = await search({ facets: ['keyword', 'type'], facetLimit: 2, limit: 0 })
      assert.deepEqual(facets, {
        keyword: [
          { value: 'sea', count: 2 },
          { value: 'snow', count: 2 },
        ],
        type: [
          { value: 'Drawing', count: 2 },
          { value: 'Print', count: 2 },
        ],
      })
    })

    it('counts years as asking for each would find, whatever years are asked for', async () => {
      const { histogram } = await search({ histogram: true, years: { from: 1700, to: 1700 } })
      assert.equal(histogram.length, 111)
      for (const year of [1700, 1799, 1850, 1854, 1855, 1860]) {
        const { total } = await search({ years: { from: year, to: year }, limit: 0 })
        assert.equal(histogram.find((each) => each.year === year)?.count, total, String(year))
      }
      assert.deepEqual(
        (await search({ histogram: true, text: 'print', filters: { type: ['Drawing'] } }))
          .histogram,
        [],
      )
    })

    it('sorts by date and by number, those without a date last', async () => {
      assert.deepEqual(await ids({ sort: 'oldest-date' }), ['c', 'a', 'b', 'd'])
      assert.deepEqual(await ids({ sort: 'latest-date' }), ['a', 'b', 'c', 'd'])
      assert.deepEqual(await ids({ sort: 'newest' }), ['d', 'c', 'b', 'a'])
      assert.deepEqual(await ids({}), ['d', 'c', 'b', 'a'])
    })

    it('hands the document back as it was given', async () => {
      const given = titled('whole', 'Tout entier', {
        description: [{ value: 'L’été,\n"là-bas" \u0000 \\u0000', language: 'fr' }],
        types: texts('Drawing'),
        picture: { width: 6000, height: 4000, image: 'abc' },
        keeper: { name: 'Tate', url: 'https://tate.example.org' },
        links: { homepage: 'https://example.org/1', manifest: 'https://example.org/1/manifest' },
        years: { from: 1990, to: 1999 },
      })
      assert.deepEqual(await engine.apply({ upserts: [given], deletes: [] }), [])
      await engine.refresh()
      assert.deepEqual((await search({ text: 'tout entier' })).hits, [given])
      await engine.apply({ upserts: [], deletes: [gone('whole')] })
      await engine.refresh()
    })
  })

  describe('facets for a reader', () => {
    const said = (...pairs: [value: string, language?: string][]) =>
      pairs.map(([value, language]) => (language ? { value, language } : { value }))
    before(() =>
      hold(
        titled('both', 'Window', {
          types: said(['dessin', 'fr'], ['drawing', 'en']),
          keywords: said(['fenêtre', 'fr'], ['window', 'en'], ['Lyon']),
          collections: ['drawings'],
        }),
        titled('both too', 'Window', {
          types: said(['dessin', 'fr-CA'], ['drawing', 'en-GB']),
          keywords: said(['fenêtre', 'fr']),
          collections: ['drawings'],
        }),
        titled('german', 'Fenster', { types: said(['Zeichnung', 'de']) }),
        titled('untold', 'Drawing', { types: said(['drawing'], ['sketch']) }),
        titled('same', 'Photo', { types: said(['photo', 'fr'], ['photo', 'en']) }),
      ),
    )

    const types = async (query: Partial<SearchQuery>) =>
      (await search({ facets: ['type'], ...query })).facets.type?.map(
        ({ value, count }) => `${value} ${count}`,
      )

    it('count translations in the language of the reader, and what is in no language or in none of theirs', async () => {
      assert.deepEqual(await types({ language: 'fr' }), [
        'dessin 2',
        'Zeichnung 1',
        'drawing 1',
        'photo 1',
        'sketch 1',
      ])
      assert.deepEqual(await types({ language: 'en' }), [
        'drawing 3',
        'Zeichnung 1',
        'photo 1',
        'sketch 1',
      ])
      const keywords = await search({ language: 'en', facets: ['keyword', 'collection'] })
      assert.deepEqual(keywords.facets, {
        keyword: ['Lyon', 'fenêtre', 'window'].map((value) => ({ value, count: 1 })),
        collection: [{ value: 'drawings', count: 2 }],
      })
    })

    it('count all without a language, and for one that the pages do not speak', async () => {
      const all = ['drawing 3', 'dessin 2', 'Zeichnung 1', 'photo 1', 'sketch 1']
      assert.deepEqual(await types({}), all)
      assert.deepEqual(await types({ language: 'de' }), all)
      assert.deepEqual(await types({ language: 'en-GB' }), await types({ language: 'en' }))
      assert.deepEqual(await types({ language: '\u0000"}' }), all)
    })

    it('find by any value in any language, and count the values that are filtered by', async () => {
      for (const language of ['fr', 'en']) {
        const found = async (type: string) =>
          (await ids({ language, filters: { type: [type] } })).toSorted()
        assert.deepEqual(await found('dessin'), ['both', 'both too'])
        assert.deepEqual(await found('drawing'), ['both', 'both too', 'untold'])
      }
      assert.deepEqual(
        await types({ language: 'en', filters: { type: ['dessin', 'nothing'] }, facetLimit: 1 }),
        ['drawing 3', 'dessin 2'],
      )
      assert.deepEqual(
        await types({
          language: 'en',
          filters: { type: ['dessin'], keyword: ['window'] },
          text: 'window',
        }),
        ['dessin 1', 'drawing 1'],
      )
    })
  })

  describe('pages', () => {
    it('refuses an "after" that it did not give', async () => {
      await hold(...Array.from({ length: 5 }, (_, index) => titled(`t${index}`, 'Same')))
      const { next } = await engine.search({ text: 'same', limit: 2 })
      assert.ok(next)
      const wrong = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
      const tampered = [
        '',
        'x',
        next.slice(4),
        `${next.slice(0, -6)}AAAA`,
        wrong(['relevance', 1, 'x']),
        wrong(['relevance', 1, 1, 1]),
        wrong(['relevance', 1e300, 1, 1, 'x']),
        wrong(['relevance', 1, 1, 1, 'a\0b']),
        wrong(['newest', 1, 'x']),
        wrong({ sort: 'relevance' }),
        'A'.repeat(100_000),
      ]
      for (const after of tampered) {
        await assert.rejects(
          engine.search({ text: 'same', limit: 2, after }),
          { code: 'invalid' },
          after,
        )
      }
      await assert.rejects(engine.search({ text: 'same', limit: 2, after: next, sort: 'newest' }), {
        code: 'invalid',
      })
    })

    it('bears numbers at their ends', async () => {
      assert.deepEqual((await search({ limit: 0 })).hits, [])
      assert.equal((await search({ limit: 1e9 })).hits.length, 5)
      assert.deepEqual((await search({ limit: Number.NaN })).hits, [])
    })

    it('hold every match once, in one order, whatever is asked', async function () {
      this.timeout(120_000)
      await fc.assert(
        fc.asyncProperty(collectionArbitrary, async ({ documents, queries, limit }) => {
          await hold(...documents.map(make))
          for (const query of queries) {
            const expected = documents.map(make).filter((each) => isMatch(each, query))
            const seen: string[] = []
            let after: string | undefined
            do {
              const page = await engine.search({ ...query, limit, ...(after && { after }) })
              assert.equal(page.total, expected.length)
              assert.ok(page.hits.length > 0 || !after, 'an empty page')
              seen.push(...page.hits.map((hit) => hit.id))
              after = page.next
            } while (after)
            assert.deepEqual(seen.toSorted(), expected.map((each) => each.id).toSorted())
            assert.deepEqual(seen, await ids(query))
          }
        }),
        { numRuns: 8 },
      )
    })
  })

  describe('pictures that look alike', () => {
    const flipped = (print: string, bits: number[]): string =>
      bits
        .reduce((number, bit) => number ^ (1n << BigInt(bit)), BigInt(`0x${print}`))
        .toString(16)
        .padStart(16, '0')
    const print = 'f0e1d2c3b4a59687'
    const other = '0123456789abcdef'
    const spread = (count: number): number[] =>
      Array.from({ length: count }, (_, index) => (index * 17 + 5) % 64)
    const look = (prints: string[], dhash = other) => ({ prints, dhash })
    const shown = (id: string, ...looks: ReturnType<typeof look>[]) =>
      titled(id, `Picture ${id}`, { looks })
    const alike = async (prints: string[], limit = 10) =>
      (await engine.alike(look(prints), limit)).map((each) => [each.document.id, each.distance])

    it('are found by any of their pictures, the nearest first', async () => {
      await hold(
        shown('far', look([flipped(print, spread(11))])),
        shown('same', look([print])),
        shown('near', look(['0000000000000000', flipped(print, spread(3))])),
        shown('second', look(['ffffffffffffffff']), look([flipped(print, spread(6))])),
        shown('another', look([flipped(print, spread(40))])),
        titled('none', 'Without a picture'),
      )
      const expected = [
        ['same', 0],
        ['near', 3],
        ['second', 6],
        ['far', 11],
      ]
      assert.deepEqual(await alike([print]), expected)
      assert.deepEqual(await alike([print], 2), expected.slice(0, 2))
      assert.deepEqual(await alike([]), [])
    })

    it('are found by any of the prints that are sought', async () => {
      const found = await alike([other, flipped(print, [63, 0, 17])])
      assert.deepEqual(found[0], ['same', 3])
    })

    it('of two as near is the one first whose other hash is nearer', async () => {
      await hold(
        shown('1', look([print], flipped(other, [1, 2]))),
        shown('2', look([print], flipped(other, [1]))),
        shown('3', look([print], flipped(other, [1, 2, 3]))),
      )
      assert.deepEqual(
        (await alike([print])).map(([id]) => id),
        ['2', '1', '3'],
      )
    })

    it('are found for certain as far as it is said, wherever their bits differ', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: surely.first }), {
            minLength: 20,
            maxLength: 20,
          }),
          async (all) => {
            await hold(
              ...all.map((bits, index) => shown(`p${index}`, look([flipped(print, bits)]))),
            )
            const found = new Map(
              await alike([print], 20).then((list) => list as [string, number][]),
            )
            for (const [index, bits] of all.entries())
              assert.equal(found.get(`p${index}`), bits.length)
          },
        ),
        { numRuns: 4 },
      )
    })

    it('go with their record', async () => {
      await hold(shown('1', look([print])))
      await engine.apply({ upserts: [titled('1', 'Without')], deletes: [] })
      await engine.refresh()
      assert.deepEqual(await alike([print]), [])
      assert.equal((await search({})).total, 1)
    })
  })

  describe('changes', () => {
    it('replace what was there', async () => {
      await hold(titled('1', 'Before'))
      await engine.apply({ upserts: [titled('1', 'After')], deletes: [] })
      await engine.refresh()
      assert.deepEqual(await found('before'), [])
      assert.deepEqual(await found('after'), ['1'])
    })

    it('never replace the newer by the older', async () => {
      const older = titled('1', 'Older')
      const goneBefore = gone('1')
      const newer = titled('1', 'Newer')
      await hold(titled('2', 'Other'))
      await engine.apply({ upserts: [newer], deletes: [] })
      await engine.apply({ upserts: [older], deletes: [goneBefore] })
      await engine.apply({ upserts: [newer], deletes: [] })
      await engine.refresh()
      assert.deepEqual(await found('older'), [])
      assert.deepEqual(await found('newer'), ['1'])
    })

    it('remove, and remove again, and bring back', async () => {
      await hold(titled('1', 'Here'))
      await engine.apply({ upserts: [], deletes: [gone('1'), gone('never-there')] })
      await engine.apply({ upserts: [], deletes: [gone('1')] })
      await engine.refresh()
      assert.deepEqual((await search({ facets: ['brick'] })).total, 0)
      await engine.apply({ upserts: [titled('1', 'Here')], deletes: [] })
      await engine.refresh()
      assert.deepEqual(await found('here'), ['1'])
    })

    it('bear a document of any text, and the longest', async () => {
      await hold()
      const long = 'word '.repeat(400_000)
      const given = [
        titled('long', long, { keywords: texts(long, 'x'.repeat(50_000), ''), other: [long] }),
        titled('strange', '\0\ud800 \u2028 \\ \' " %', {
          keywords: texts('\0', "'", '{a,b}', '\\', '\ud800'),
          types: texts('NULL', ''),
        }),
        titled('plain', 'Plain', { years: { from: -1e12, to: 1e12 } }),
        document('empty'),
      ]
      assert.deepEqual(await engine.apply({ upserts: given, deletes: [] }), [])
      await engine.refresh()
      assert.equal((await search({ facets: ['keyword', 'type'], limit: 0 })).total, 4)
      assert.deepEqual(await found('word'), ['long'])
      assert.deepEqual(await ids({ filters: { keyword: ["'"] } }), ['strange'])
    })
  })

  describe('a new index', () => {
    it('takes the place of the live one, which answers until then', async () => {
      await hold(titled('1', 'Old'))
      const before = await engine.prepare()
      const next = await engine.rebuild()
      await next.apply({ upserts: [titled('2', 'New')], deletes: [] })
      await engine.apply({ upserts: [titled('3', 'Old too')], deletes: [] })
      await engine.refresh()
      assert.deepEqual(await found('old'), ['1', '3'])
      assert.deepEqual(await found('new'), [])
      assert.deepEqual(await engine.prepare(), before)
      await next.finish()
      await engine.refresh()
      assert.deepEqual(await found('old'), [])
      assert.deepEqual(await found('new'), ['2'])
      const after = await engine.prepare()
      assert.notEqual(after.reader, before.reader)
      assert.deepEqual(after, { reader: next.reader, fresh: false })
    })

    it('is left without a trace, and only one is made at a time', async () => {
      await hold(titled('1', 'Old'))
      const before = await engine.prepare()
      const next = await engine.rebuild()
      await assert.rejects(engine.rebuild(), { code: 'conflict' })
      await next.apply({ upserts: [titled('2', 'New')], deletes: [] })
      await next.abandon()
      await next.abandon()
      assert.deepEqual(await found('old'), ['1'])
      assert.deepEqual(await engine.prepare(), before)
      const again = await engine.rebuild()
      await again.abandon()
    })

    it('is built while people search', async () => {
      await hold(titled('1', 'Window'))
      let searching = true
      const people = Array.from({ length: 3 }, async () => {
        while (searching) assert.deepEqual(await found('window'), ['1'])
      })
      for (let round = 0; round < 4; round++) await hold(titled('1', 'Window'))
      searching = false
      await Promise.all(people)
    })
  })

  it('says that it is well', () => engine.check())
}

// Random collections: few words, so that questions hit, and whose stems nobody argues about.
const vocabulary = ['snow', 'sea', 'window', 'ecole', 'dessin', 'map', 'tree', 'pont']
const word = fc.constantFrom(...vocabulary)
const some = (most: number) => fc.array(word, { maxLength: most })

interface Sketch {
  id: number
  title: string[]
  keywords: string[]
  description: string[]
  type: string | null
  year: number | null
  span: number
  pictured: boolean
}

const sketch: fc.Arbitrary<Omit<Sketch, 'id'>> = fc.record({
  title: some(3),
  keywords: some(3),
  description: some(4),
  type: fc.option(fc.constantFrom('Drawing', 'Print')),
  year: fc.option(fc.integer({ min: 1890, max: 1900 })),
  span: fc.integer({ min: 0, max: 3 }),
  pictured: fc.boolean(),
})

function make({
  id,
  title,
  keywords,
  description,
  type,
  year,
  span,
  pictured,
}: Sketch): SearchDocument {
  return document(`r${id}`, {
    // Some numbers are the same, so that the identifier must decide.
    sequence: 1_000_000 + Math.floor(id / 2),
    title: texts(title.join(' ')),
    keywords: texts(...keywords),
    description: texts(description.join(' ')),
    types: texts(...(type ? [type] : [])),
    ...(year !== null && { years: { from: year, to: year + span } }),
    ...(pictured && { picture: { width: 1, height: 1 } }),
  })
}

type Query = Omit<SearchQuery, 'limit' | 'after'>

const query: fc.Arbitrary<Query> = fc.record(
  {
    text: fc
      .tuple(some(2), some(1), fc.boolean())
      .map(([all, none, phrase]) =>
        [phrase ? `"${all.join(' ')}"` : all.join(' '), ...none.map((each) => `-${each}`)].join(
          ' ',
        ),
      ),
    filters: fc.record({ type: fc.array(fc.constantFrom('Drawing', 'Print'), { maxLength: 2 }) }),
    years: fc.record({ from: fc.integer({ min: 1888, max: 1903 }) }),
    pictured: fc.boolean(),
    sort: fc.constantFrom('relevance', 'newest', 'oldest-date', 'latest-date'),
  },
  { requiredKeys: [] },
)

const collectionArbitrary = fc.record({
  documents: fc
    .array(sketch, { minLength: 1, maxLength: 40 })
    .map((list) => list.map((each, id) => ({ ...each, id }))),
  queries: fc.array(query, { minLength: 3, maxLength: 6 }),
  limit: fc.integer({ min: 1, max: 7 }),
})

/** The contract on words, filters and years, as plainly as it can be said. */
function isMatch(each: SearchDocument, { text = '', filters, years, pictured }: Query): boolean {
  const fields = [...each.title, ...each.keywords, ...each.description].map(({ value }) => value)
  const words = new Set(fields.flatMap((field) => field.split(' ')))
  const phrase = /^"(.+)"/.exec(text)?.[1]
  const [all, none] = [
    text
      .replace(/"/g, '')
      .split(' ')
      .filter((part) => part && !part.startsWith('-')),
    text.split(' ').filter((part) => part.startsWith('-')),
  ]
  const types = filters?.type ?? []
  return (
    (phrase === undefined || fields.some((field) => ` ${field} `.includes(` ${phrase} `))) &&
    all.every((part) => words.has(part)) &&
    none.every((part) => !words.has(part.slice(1))) &&
    (!types.length || each.types.some(({ value }) => types.includes(value))) &&
    (years?.from === undefined || (each.years?.to ?? -Infinity) >= years.from) &&
    (!pictured || each.picture !== undefined)
  )
}
