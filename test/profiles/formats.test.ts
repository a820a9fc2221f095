import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { XmlDocument } from 'libxml2-wasm'
import { create } from 'xmlbuilder2'
import type { FormatFile } from '../../schemas/profile-format.ts'
import { readXml, textOf } from '../../schemas/xml-tree.ts'
import { xmlSafe } from '../../schemas/xml.ts'
import type { Format } from '../../server/formats/format.ts'
import { loadProfiles } from '../../server/profiles/profiles.ts'
import { described } from '../formats/described.ts'

const house = join(import.meta.dirname, '..', '..', 'schemas', 'profiles')

const songs = {
  id: 'songs',
  label: { en: 'Songs' },
  description: { en: 'Songs of the balconies' },
  schema: {
    type: 'object',
    properties: { name: { $ref: 'campa:texts' }, seconds: { $ref: 'campa:quantity' } },
  },
  crosswalk: { title: ['name'] },
  display: {},
}

const own: FormatFile = {
  metadataPrefix: 'song',
  schema: 'https://museum.example.org/song.xsd',
  metadataNamespace: 'https://museum.example.org/song',
  profiles: ['songs'],
  namespaces: { s: 'https://museum.example.org/song' },
  template: {
    element: 's:song',
    attributes: { id: { record: 'identifier' } },
    content: [
      { element: 's:name', each: 'name', text: { value: true } },
      {
        element: 's:length',
        attributes: { unit: { constant: 's' } },
        text: { field: 'seconds' },
      },
    ],
  },
}

describe('a crosswalk file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'campa-formats-'))
    mkdirSync(join(folder, 'formats'))
    writeFileSync(join(folder, 'songs.json'), JSON.stringify(songs))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const load = (file: object, name = 'song'): Format => {
    writeFileSync(join(folder, 'formats', `${name}.json`), JSON.stringify(file))
    const found = loadProfiles([house, folder]).formats()
    return found.find(({ metadataPrefix }) => metadataPrefix === name) ?? assert.fail()
  }

  it('adds a format to its profiles, and to no other', () => {
    const format = load(own)
    assert.equal(format.metadataPrefix, 'song')
    const record = described({
      profile: 'songs',
      metadata: { name: [{ value: 'Bella <ciao>', language: 'it' }, { value: 'x' }], seconds: 91 },
    })
    assert.deepEqual(format.lacks(record), [])
    assert.deepEqual(format.lacks(described()), ['profile'])
    assert.equal(
      format.write(record),
      '<s:song xmlns:s="https://museum.example.org/song" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
        ' xsi:schemaLocation="https://museum.example.org/song https://museum.example.org/song.xsd"' +
        ' id="oai:museum.example.org:7"><s:name xml:lang="it">Bella &lt;ciao&gt;</s:name><s:name>x</s:name>' +
        '<s:length unit="s">91</s:length></s:song>',
    )
  })

  it('leaves out what a record does not say', () => {
    const record = described({ profile: 'songs', metadata: { name: [{ value: ' ' }] } })
    assert.match(load(own).write(record), /id="oai:museum.example.org:7"\/>$/)
  })

  it('is well-formed whatever the record holds, and says what the library says', () => {
    const format = load({ ...own, schema: 'https://museum.example.org/song' })
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((each) => each.trim() !== '')
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), text, (names, identifier) => {
        const metadata = { name: names.map((value) => ({ value })) }
        const written = format.write(described({ identifier, metadata }))
        XmlDocument.fromString(written).dispose()
        const root = create().ele(own.metadataNamespace, 's:song', { id: xmlSafe(identifier) })
        for (const name of names) root.ele('s:name').txt(xmlSafe(name))
        // The library writes a carriage return as it is, which XML then reads as a line feed.
        const plain = (xml: string): string => textOf(readXml(xml)).replaceAll('\r', '\n')
        if (names.every((each) => !each.includes('\r')))
          assert.equal(plain(written), plain(root.end({ headless: true })))
      }),
    )
  })

  const at = (template: object): object => ({ ...own, template })
  const wrong: [what: string, file: object, message: RegExp][] = [
    ['no template', { ...own, template: undefined }, /song\.json is wrong at \/.*template/],
    ['another name than its file', { ...own, metadataPrefix: 'chant' }, /\/metadataPrefix.*chant/],
    [
      'a profile that is not there',
      { ...own, profiles: ['songs', 'cries'] },
      /\/profiles\/1.*cries/,
    ],
    ['a name that XML refuses', at({ element: 's:my song' }), /\/template\/element: .*no name/],
    ['a prefix that is not declared', at({ element: 't:song' }), /\/template\/element: .*"t"/],
    ['no default namespace', at({ element: 'song' }), /\/template\/element: .*default namespace/],
    [
      'a field that is not there',
      at({ element: 's:song', content: [{ element: 's:x', each: 'nom' }] }),
      /\/template\/content\/0\/each: .*"nom"/,
    ],
    [
      'an attribute that is none',
      at({ element: 's:song', attributes: { 'a b': { constant: '' } } }),
      /\/template\/attributes\/a b: .*no name/,
    ],
    [
      'a value of nothing',
      at({ element: 's:song', text: { value: true } }),
      /\/template\/text\/value: there is no "each"/,
    ],
    ['a word it does not know', at({ element: 's:song', txt: 1 }), /\/template.*txt/],
    ['a reserved prefix', { ...own, namespaces: { xmlfoo: 'urn:x:y' } }, /\/namespaces/],
    [
      'two prefixes for one namespace',
      { ...own, namespaces: { s: 'urn:x:y', t: 'urn:x:y' } },
      /\/namespaces\/t/,
    ],
  ]
  for (const [what, file, message] of wrong) {
    it(`is refused with the pointer to the fault: ${what}`, () => {
      assert.throws(() => load(file), message)
    })
  }

  it('cannot take the place of a format of the house', () => {
    assert.throws(() => load({ ...own, metadataPrefix: 'mets' }, 'mets'), /"mets" is a format of/)
  })
})

describe('SKOS', () => {
  const skos =
    loadProfiles([house])
      .formats()
      .find(({ metadataPrefix }) => metadataPrefix === 'skos') ?? assert.fail()
  const metadata = {
    uri: [{ value: 'http://data.silknow.org/vocabulary/103' }],
    pref_label: [
      { value: 'Brocatelle', language: 'en' },
      { value: 'Brocatel', language: 'es' },
    ],
    notation: [{ value: '11F', language: 'en' }],
    definition: [{ value: 'Some fabric & more', language: 'en' }],
    broader: [{ value: 'http://data.silknow.org/vocabulary/827' }, { value: 'Étoffe' }],
    exact_match: [{ value: 'http://vocab.example/a b' }],
  }

  it('is given of concepts: labels, notes, and links to other concepts', () => {
    const record = described({ profile: 'concept', metadata, dc: {} })
    assert.deepEqual(skos.lacks(record), [])
    const text = skos.write(record)
    XmlDocument.fromString(text).dispose()
    assert.match(text, /<skos:Concept rdf:about="http:\/\/data.silknow.org\/vocabulary\/103">/)
    assert.match(text, /<skos:prefLabel xml:lang="es">Brocatel<\/skos:prefLabel>/)
    assert.match(text, /<skos:notation>11F<\/skos:notation>/)
    assert.match(text, /<skos:broader rdf:resource="http:\/\/data.silknow.org\/vocabulary\/827"\/>/)
    assert.match(text, /<skos:exactMatch rdf:resource="http:\/\/vocab.example\/a%20b"\/>/)
    assert.doesNotMatch(text, /Étoffe/, 'a link to a concept is an address')
  })

  it('is not given of other records', () => {
    assert.deepEqual(skos.lacks(described()), ['profile'])
  })

  it('names a concept without an address by its page', () => {
    const { uri: _, ...rest } = metadata
    const text = skos.write(described({ profile: 'concept', metadata: rest }))
    assert.match(text, /<skos:Concept rdf:about="https:\/\/museum.example.org\/records\/7">/)
  })
})
