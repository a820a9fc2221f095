import assert from 'node:assert/strict'
import fc from 'fast-check'
import { yearsOf } from '../../schemas/years.ts'

function read(text: string): string | undefined {
  const years = yearsOf(text)
  return years && `${years.from}–${years.to}`
}

describe('the years of a date', () => {
  const examples: [string, string][] = [
    ['1626', '1626–1626'],
    ['c.1885', '1885–1885'],
    ['?1894', '1894–1894'],
    ['[1850?]', '1850–1850'],
    ['c.1850-60', '1850–1860'],
    ['c.1948–52', '1948–1952'],
    ['1996–8', '1996–1998'],
    ['?1800–5', '1800–1805'],
    ['1850-1', '1850–1851'],
    ['1930/31', '1930–1931'],
    ['c. 1662-1722', '1662–1722'],
    ['c.1895 - 1910', '1895–1910'],
    ['2001/2004', '2001–2004'],
    ['1976,1997', '1976–1997'],
    ['1850 or 1851', '1850–1851'],
    ['1850/1900', '1850–1900'],
    ['published 1808, reprinted 1820', '1808–1820'],
    ['2005 (printed 2016)', '2005–2016'],
    ['1995–6, 2007', '1995–2007'],
    ['after c.1830', '1830–1830'],
    ['March 27-29, 1956', '1956–1956'],
    ['December 1945 - January 1946', '1945–1946'],
    ['May 26 - 28,1959', '1959–1959'],
    ['7/26/1930', '1930–1930'],
    ['1973/02/27 décision dation', '1973–1973'],
    ['2020-03', '2020–2020'],
    ['2020-03/2020-05', '2020–2020'],
    ['2020-03-17T11:00:00Z', '2020–2020'],
    ['20200317', '2020–2020'],
    ['1990s', '1990–1999'],
    ['c. 1930s-1940s', '1930–1949'],
    ['c. 1870-1880s', '1870–1889'],
    ['the 1800s', '1800–1899'],
    ['années 1950', '1950–1959'],
    ['années 30', '1930–1939'],
    ['185?', '1850–1859'],
    ['[195-?]', '1950–1959'],
    ['[18--]', '1800–1899'],
    ['17th century', '1601–1700'],
    ['19e siècle', '1801–1900'],
    ['XIXe siècle', '1801–1900'],
    ['nineteenth century', '1801–1900'],
    ['1er quart 19e siècle', '1801–1825'],
    ['1ère moitié 19e siècle', '1801–1850'],
    ['2e moitié du XIXe siècle', '1851–1900'],
    ['fin du XIXe siècle', '1876–1900'],
    ['mid 18th century', '1741–1761'],
    ['19th-20th century', '1801–2000'],
    ['XIXe - XXe siècle', '1801–2000'],
    ['18th-early 19th century', '1701–1834'],
    ['late 18th-early 19th century', '1768–1834'],
    ['c. mid- to late-19th century', '1841–1900'],
    ['c. second half of the 19th century-early 20th century', '1851–1934'],
    ['third quarter of the 19th century', '1851–1875'],
    ['c. last half of the 19th century', '1851–1900'],
    ['3e quart 19e siècle ; 1874', '1874–1874'],
    ['4e quart 19e siècle ; 1875 entre,1885 et', '1875–1885'],
    ['Edo period (1603-1867), 19th century', '1801–1900'],
    ['Qianlong period (1736-1795)', '1736–1795'],
    ['500 BC', '-500–-500'],
    ['50-25 av. J.-C.', '-50–-25'],
    ['3rd century BC', '-300–-201'],
    ['-0044', '-44–-44'],
  ]
  for (const [text, years] of examples) {
    it(`${text} are ${years}`, () => assert.equal(read(text), years))
  }

  const none = [
    'date not known',
    'no date',
    'not dated',
    'Unknown',
    'n.d.a.',
    '06/93',
    '20 Jul 28',
    'Ajaccio',
    '12000',
    '10:30',
    '',
    '2e étage',
    '3rd floor',
    's.d.',
  ]
  for (const text of none) it(`"${text}" has none`, () => assert.equal(read(text), undefined))

  it('are in order, whatever the text', () => {
    const pieces = [
      '1850',
      '18',
      '60',
      '9',
      '-',
      '–',
      '/',
      ' ',
      'c.',
      '?',
      's',
      'e',
      'th',
      ' siècle',
    ]
    const more = [
      ' century',
      ' quart ',
      'late ',
      'XIX',
      ' BC',
      ' av. J.-C.',
      'first ',
      '[',
      '..',
      '\u0000',
      '𝟙𝟠',
    ]
    const piece = fc.constantFrom(...pieces, ...more)
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(text, (given) => {
        const years = yearsOf(given)
        if (!years) return
        assert.ok(Number.isInteger(years.from) && Number.isInteger(years.to), given)
        assert.ok(years.from <= years.to, given)
        assert.ok(years.to <= 2200 && years.from >= -99_999, given)
      }),
      { numRuns: 2000 },
    )
  })

  it('are found at once in a text as long as a book', () => {
    const began = performance.now()
    for (const unit of ['1850-', '19e ', '1850 - ', '9', 'first half ', '18--', '1 '])
      yearsOf(unit.repeat(100_000))
    assert.ok(performance.now() - began < 1000)
  })
})
