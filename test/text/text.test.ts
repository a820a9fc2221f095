import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { acceptedLanguage, languages, wordsIn } from '../../server/text/text.ts'
import { typeset } from '../../server/text/typography.ts'

const root = resolve(import.meta.dirname, '..', '..')

function leaves(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([name, branch]: [string, unknown]) =>
    typeof branch === 'string'
      ? [[`${path}${name}`, branch] as [string, string]]
      : leaves(branch as object, `${path}${name}.`),
  )
}

const read = (language: string): [string, string][] =>
  leaves(
    JSON.parse(readFileSync(resolve(root, 'server/text', `${language}.json`), 'utf8')) as object,
  )

const singular = (key: string): string => key.replace(/_(?:one|many|other)$/, '')

describe('the words', () => {
  it('are the same in both languages, with the same places to fill', () => {
    const places = (language: string): Record<string, string> =>
      Object.fromEntries(
        read(language).map(([key, text]) => [
          singular(key),
          [...text.matchAll(/{{(\w+)/g)]
            .map((match) => match[1] ?? '')
            .toSorted((a, b) => a.localeCompare(b))
            .join(),
        ]),
      )
    assert.deepEqual(places('fr'), places('en'))
  })

  it('have every plural that their language needs', () => {
    for (const language of languages) {
      const keys = new Set(read(language).map(([key]) => key))
      const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
      for (const key of keys) {
        if (!/_(?:one|many|other)$/.test(key)) continue
        for (const category of needed) {
          assert.ok(
            keys.has(`${singular(key)}_${category}`),
            `${language}: ${singular(key)}_${category}`,
          )
        }
      }
    }
  })

  it('are all used', () => {
    const sources = readdirSync(resolve(root, 'server'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(resolve(root, 'server', file), 'utf8'))
      .join('\n')
    const computed = [...sources.matchAll(/`(\w+)\.(\w*)\$\{/g)].map((match) => `${match[1]}.`)
    const unused = read('en')
      .map(([key]) => singular(key))
      .filter(
        (key) => !sources.includes(`'${key}'`) && !computed.some((each) => key.startsWith(each)),
      )
    assert.deepEqual(unused, [])
  })

  it('are set as a typographer would set them', () => {
    const french = wordsIn('fr')
    assert.equal(french.t('search.titleFor', { text: 'rue' }), '«\u00A0rue\u00A0»')
    assert.equal(typeset("Puis-je l'utiliser ?", 'fr'), 'Puis-je l’utiliser\u202F?')
    assert.equal(typeset("It's here: now", 'en'), 'It’s here: now')
    for (const [key, text] of read('fr')) {
      assert.doesNotMatch(typeset(text, 'fr'), / [;:!?»]|« /, key)
      assert.doesNotMatch(text, /\S[!?;](?:\s|$)/u, `${key}: a space is missing`)
    }
  })

  it('count as each language counts', () => {
    const [french, english] = [wordsIn('fr'), wordsIn('en')]
    assert.equal(french.t('site.objects', { count: 0 }), '0 objet')
    assert.equal(french.t('site.objects', { count: 12_486 }), '12\u202F486 objets')
    assert.equal(french.t('site.objects', { count: 2_000_000 }), '2\u202F000\u202F000 d’objets')
    assert.equal(english.t('site.objects', { count: 0 }), '0 objects')
    assert.equal(english.t('site.objects', { count: 12_486 }), '12,486 objects')
  })

  it('tell time, sizes and languages', () => {
    const now = new Date('2026-11-21T12:00:00Z')
    const french = wordsIn('fr')
    assert.equal(french.ago(new Date('2026-11-21T10:00:00Z'), now), 'il y a 2 heures')
    assert.equal(french.ago(now, now), 'maintenant')
    assert.equal(french.day(now), '21 novembre 2026')
    assert.equal(french.languageName('de'), 'allemand')
    assert.equal(french.languageName('not a tag'), 'not a tag')
    assert.equal(wordsIn('en').bytes(0), '0 byte')
  })
})

describe('the language of a reader', () => {
  it('is the best of those accepted', () => {
    assert.equal(acceptedLanguage('fr-CA,fr;q=0.9,en;q=0.8'), 'fr')
    assert.equal(acceptedLanguage('de,en;q=0.5,fr;q=0.7'), 'fr')
    assert.equal(acceptedLanguage('fr;q=0,en;q=0.1'), 'en')
    assert.equal(acceptedLanguage(undefined), 'en')
    assert.equal(acceptedLanguage('*'), 'en')
    assert.equal(acceptedLanguage(',;q=;;,fr;q=1.2.3'), 'en')
  })
})
