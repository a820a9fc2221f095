import assert from 'node:assert/strict'
import { contrast, shadeOf } from '../../server/web/colour.ts'
import { html, scriptJson, trusted } from '../../server/web/html.ts'
import { storedSizes } from '../../server/web/pictures.ts'
import { recognise, rightsOf } from '../../server/web/rights.ts'
import { shortened } from '../../server/web/values.ts'
import { binYears } from '../../server/web/years.ts'
import { dayNumber, shuffled } from '../../server/search/daily.ts'
import { nearWishes, parametersOf, readWish } from '../../server/search/query.ts'

describe('html', () => {
  it('escapes what is put in, once', () => {
    assert.equal(
      html`<p>${'<&"\''}${html`<b>${'&'}</b>`}</p>`.text,
      '<p>&lt;&amp;&quot;&#39;<b>&amp;</b></p>',
    )
    assert.equal(html`${[1, false, null, undefined, 'a', trusted('<i>')]}`.text, '1a<i>')
  })

  it('keeps JSON from ending its script element', () => {
    const text = scriptJson({ a: '</script><!--' }).text
    assert.doesNotMatch(text, /[<>]/)
    assert.deepEqual(JSON.parse(text), { a: '</script><!--' })
  })
})

describe('the accent', () => {
  it('holds its contrast whatever the operator chose', () => {
    for (const accent of [
      '#0f5c5c',
      '#ffffff',
      '#000000',
      '#ffff00',
      '#7f7f7f',
      '#ff0000',
      '#a0c0ff',
    ]) {
      for (const [scheme, grounds] of [
        ['light', ['#fbfaf7', '#eceae5']],
        ['dark', ['#141413', '#211f1d']],
      ] as const) {
        const shade = shadeOf(accent, scheme)
        for (const ground of grounds) {
          assert.ok(contrast(shade.accent, ground) >= 4.5, `${accent} ${scheme} ${shade.accent}`)
        }
        assert.ok(contrast(shade.accent, shade.ink) >= 4.5, `${accent} ${scheme} ink`)
      }
    }
  })

  it('is left alone where it can be read', () => {
    assert.equal(shadeOf('#0f5c5c', 'light').accent, '#0f5c5c')
  })
})

describe('rights', () => {
  it('are recognised by URI and by name', () => {
    const cases: [string, string | undefined][] = [
      ['https://creativecommons.org/licenses/by-nc-sa/3.0/fr/', 'CC BY-NC-SA 3.0'],
      ['http://creativecommons.org/publicdomain/mark/1.0/', 'Public Domain Mark 1.0'],
      ['CC0', 'CC0 1.0'],
      ['CC BY-ND 2.0', 'CC BY-ND 2.0'],
      ['Licence CC-BY 4.0, voir plus bas', 'CC BY 4.0'],
      [
        'http://rightsstatements.org/vocab/InC-EDU/1.0/',
        'In Copyright – Educational Use Permitted',
      ],
      ['rightsstatements.org/page/UND/1.0/?language=fr', 'Copyright Undetermined'],
      ['© the artist', undefined],
      ['ACC BY', undefined],
    ]
    for (const [text, name] of cases) assert.equal(recognise(text)?.name, name, text)
  })

  it('fall back to the collection, and say so where nobody says anything', () => {
    assert.equal(
      rightsOf([], 'https://creativecommons.org/licenses/by/4.0/').answer,
      'rights.credit',
    )
    assert.equal(rightsOf([{ value: 'Ask' }], 'CC0').answer, 'rights.stated')
    assert.equal(rightsOf([]).answer, 'rights.unstated')
  })
})

describe('the bar of years', () => {
  it('groups years so that they fit, and loses none', () => {
    const histogram = Array.from({ length: 170 }, (_, index) => ({ year: 1851 + index, count: 1 }))
    const bins = binYears(histogram)
    assert.ok(bins.length <= 40)
    assert.equal(
      bins.reduce((sum, bin) => sum + bin.count, 0),
      170,
    )
    assert.equal(bins[0]?.from, 1851)
    assert.equal(bins.at(-1)?.to, 2020)
  })

  it('does not let one misread year flatten the rest', () => {
    const bins = binYears([
      { year: 12, count: 1 },
      { year: 1990, count: 300 },
      { year: 1991, count: 300 },
    ])
    assert.deepEqual(
      bins.map((bin) => bin.from),
      [1990, 1991],
    )
  })

  it('is nothing where there are no years', () => {
    assert.deepEqual(binYears([]), [])
  })
})

describe('the wall of the day', () => {
  it('is the same all day and another the next', () => {
    const items = Array.from({ length: 30 }, (_, index) => index)
    const today = dayNumber(new Date('2026-11-21T01:00:00Z'))
    assert.deepEqual(
      shuffled(items, today),
      shuffled(items, dayNumber(new Date('2026-11-21T23:00:00Z'))),
    )
    assert.notDeepEqual(shuffled(items, today), shuffled(items, today + 1))
    assert.deepEqual(
      shuffled(items, today).toSorted((a, b) => a - b),
      items,
    )
  })
})

describe('the address of a search', () => {
  it('comes back as it was read', () => {
    const text =
      'q=rue+vide&collection=a&collection=b&keyword=x&from=1900&to=1950&pictured=1&sort=newest&view=list&after=z'
    const parameters = parametersOf(readWish(new URLSearchParams(text)))
    assert.equal(
      new URLSearchParams(
        Object.entries(parameters).flatMap(([name, value]) =>
          [value].flat().map((each): [string, string] => [name, each]),
        ),
      ).toString(),
      text,
    )
  })

  it('leaves out what makes no sense, and turns years that run backwards', () => {
    const wish = readWish(new URLSearchParams('sort=up&view=map&from=x&to=1e9&type=&type=A&type=A'))
    assert.deepEqual(parametersOf(wish), { type: ['A'] })
    const turned = readWish(new URLSearchParams('from=2020&to=1900'))
    assert.deepEqual([turned.from, turned.to], [1900, 2020])
  })

  it('names nearer searches: without filters, with fewer words', () => {
    const near = nearWishes(readWish(new URLSearchParams('q=rue+silencieuse&type=Sound')))
    assert.deepEqual(
      near.map((each) => each.text),
      ['rue silencieuse', 'rue', 'silencieuse'],
    )
    assert.ok(near.every((each) => each.filters.type.length === 0))
  })
})

describe('sizes and texts', () => {
  it('halve a picture until it is small', () => {
    assert.deepEqual(storedSizes({ width: 1000, height: 601 }), [
      { width: 1000, height: 601 },
      { width: 500, height: 301 },
      { width: 250, height: 151 },
    ])
  })

  it('are cut between words', () => {
    assert.equal(shortened('La rue sans personne', 12), 'La rue sans…')
    assert.equal(shortened('court', 12), 'court')
  })
})
