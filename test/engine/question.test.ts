import assert from 'node:assert/strict'
import fc from 'fast-check'
import { facetValue } from '../../server/engine/entry.ts'
import { questionOf } from '../../server/engine/question.ts'
import { fold, split, wordsOf } from '../../server/engine/words.ts'

/** A question in a line: words, "phrases", and what is left out after a minus. */
function read(text: string): string {
  const { all, none } = questionOf(text)
  const show = (term: (typeof all)[number]): string =>
    term.kind === 'word' ? term.word : `"${term.words.join(' ')}"`
  return [...all.map(show), ...none.map((term) => `-${show(term)}`)].join(' ')
}

describe('a word', () => {
  it('has no case, accent or ligature', () => {
    assert.equal(fold('L’ÉCOLE à Œuvre, Straße, Łódź, ﬁn'), 'l’ecole a oeuvre, strasse, lodz, fin')
    assert.deepEqual(wordsOf("l'École d’art"), ['l', 'ecole', 'd', 'art'])
  })

  it('is cut at punctuation, and a pictograph or a Chinese sign is one', () => {
    assert.deepEqual(wordsOf('NPG.87.178 (verso)'), ['npg', '87', '178', 'verso'])
    assert.deepEqual(wordsOf('arc-en-ciel🌈富士山'), ['arc', 'en', 'ciel', '🌈', '富', '士', '山'])
  })

  it('is never longer than an index takes, nor half a sign', () => {
    for (const word of wordsOf('𝔘'.repeat(300) + ' ' + '𠮷'.repeat(3) + '𐐷'.repeat(300))) {
      assert.ok(word.length <= 100)
      assert.ok(word.isWellFormed())
    }
  })

  it('is read in one pass as by normalising, folding and cutting the whole text', () => {
    const range = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, index) => String.fromCharCode(from + index))
    const letters = [
      ...range(0, 0x530),
      ...range(0x2000, 0x2070),
      ...range(0x2e80, 0x3100),
      ...range(0xac00, 0xac20),
      'ﬁ',
      '™',
      '富',
      '鿿',
      'ａ',
      '🌈',
      '\ud800',
      '\udc00',
      '\ufe0f',
      '\u20e3',
    ]
    for (const letter of letters)
      for (const text of [letter, `a${letter}富`])
        assert.equal(wordsOf(text).join('|'), split(fold(text)).join('|'), JSON.stringify(text))
    const letter = fc.oneof(
      fc.constantFrom(...letters),
      fc.constantFrom(...'aeÉ l’.-9富'.split('')),
    )
    const text = fc.oneof(
      fc.string({ unit: letter, maxLength: 150 }),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(fc.property(text, (each) => assert.deepEqual(wordsOf(each), split(fold(each)))))
  })

  it('comes out of any text without white space, and folds to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of wordsOf(text)) {
          assert.match(word, /^[^\s\0'\\]+$/u)
          assert.deepEqual(wordsOf(word), [word])
        }
      }),
    )
  })
})

describe('a value to filter by', () => {
  it('has one form, and single spaces', () => {
    const values: [string, string | undefined][] = [
      ['Huile sur toile', 'Huile sur toile'],
      ['  Huile\u00a0sur\n toile ', 'Huile sur toile'],
      ['e\u0301cole', 'école'],
      ['école\u0327', 'école\u0327'.normalize('NFC')],
      ['a\u0000b', 'a b'],
      ['a\ud800', 'a\ufffd'],
      ['富士山', '富士山'],
      [' ', undefined],
      ['', undefined],
      ['x'.repeat(200), 'x'.repeat(200)],
      ['x'.repeat(201), undefined],
    ]
    for (const [text, value] of values) assert.equal(facetValue(text), value)
  })
})

describe('a question', () => {
  const examples: [string, string][] = [
    ['Fenêtre ouverte', 'fenetre ouverte'],
    ["l'école", 'ecole'],
    ['L’École', 'ecole'],
    ['le musée de la ville', 'musee ville'],
    ['the who', 'the who'],
    ['thé', 'the'],
    ['thé vert', 'the vert'],
    ['"snow storm" sea', '"snow storm" sea'],
    ['« l’école des filles »', '"l ecole des filles"'],
    ['“open window', 'open window'],
    ['blake -night', 'blake -night'],
    ['blake -"the night"', 'blake -"the night"'],
    ['--night', '-night'],
    ['-l’école', '-ecole'],
    ['-porte-fenêtre', '-"porte fenetre"'],
    ['porte-fenêtre', 'porte fenetre'],
    ['NPG.87.178', '"npg 87 178"'],
    ['1850-60', '"1850 60"'],
    ['富士山', '"富 士 山"'],
    ['🌈', '🌈'],
    ['cats AND dogs OR NOT birds', 'cats dogs birds'],
    ['snow Snow SNOW', 'snow'],
    ["O'Keeffe", 'o keeffe'],
    ['""', ''],
    ['- -- " * \\ ( { ~', ''],
    ['{"query":{"match_all":{}}}', '"query" "match_all"'.replace('match_all', 'match all')],
  ]
  for (const [text, expected] of examples) {
    it(`reads ${text} as ${expected || 'nothing'}`, () => assert.equal(read(text), expected))
  }

  it('is never longer than an engine bears', () => {
    const { all } = questionOf(Array.from({ length: 5000 }, (_, index) => `w${index}x`).join(' '))
    assert.equal(all.length, 24)
  })

  it('can be any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void read(text)))
  })
})
