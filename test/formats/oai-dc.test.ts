import assert from 'node:assert/strict'
import fc from 'fast-check'
import { XmlDocument } from 'libxml2-wasm'
import { create } from 'xmlbuilder2'
import { dcElements, type DublinCore, type Value } from '../../schemas/dublin-core.ts'
import { oaiDc } from '../../schemas/oai.ts'
import { xmlSafe } from '../../schemas/xml.ts'
import { writeOaiDc } from '../../server/formats/oai-dc.ts'

const value: fc.Arbitrary<Value> = fc.record(
  {
    value: fc.string({ unit: 'binary', maxLength: 30 }),
    language: fc.constantFrom('fr', 'en', 'zh-Hant'),
  },
  { requiredKeys: ['value'] },
)
const description: fc.Arbitrary<DublinCore> = fc.dictionary(
  fc.constantFrom(...dcElements),
  fc.array(value, { minLength: 1, maxLength: 3 }),
  { noNullPrototype: true },
)

/** The same record by the library: slow, and known to be right. */
function oracle(dc: DublinCore): string {
  const root = create().ele(oaiDc.metadataNamespace, 'oai_dc:dc')
  for (const name of dcElements) {
    for (const { value: text, language } of dc[name] ?? []) {
      const element = root.ele('http://purl.org/dc/elements/1.1/', `dc:${name}`)
      if (language) element.att('http://www.w3.org/XML/1998/namespace', 'xml:lang', language)
      element.txt(xmlSafe(text))
    }
  }
  return root.end({ headless: true })
}

/** What a reader of the XML sees: names, languages and texts, in order. */
function seen(xml: string): string[] {
  const document = XmlDocument.fromString(xml)
  try {
    return document.find('/*/*').map((node) => {
      const element = node as unknown as {
        name: string
        content: string
        attrs: { name: string; value: string }[]
      }
      const language = element.attrs.find((each) => each.name === 'lang')?.value ?? ''
      return `${element.name}@${language}=${element.content}`
    })
  } finally {
    document.dispose()
  }
}

describe('oai_dc', () => {
  it('says the same as the library says, whatever the record', () => {
    fc.assert(
      fc.property(description, (dc) => {
        // XML reads a carriage return as a line feed unless it is written as a reference; the library does not do that.
        const plain = JSON.parse(JSON.stringify(dc).replaceAll('\\r', '')) as DublinCore
        assert.deepEqual(seen(writeOaiDc(plain)), seen(oracle(plain)))
      }),
      { numRuns: 300 },
    )
  })

  it('loses no character that XML can carry', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [read] = seen(writeOaiDc({ title: [{ value: text }] }))
        assert.equal(read, `title@=${xmlSafe(text)}`)
      }),
    )
  })

  it('adds the address of the page to the identifiers, once', () => {
    const page = 'https://museum.example.org/records/7?a=1&b'
    assert.deepEqual(seen(writeOaiDc({ identifier: [{ value: 'A.7' }] }, page)), [
      'identifier@=A.7',
      `identifier@=${page}`,
    ])
    assert.deepEqual(seen(writeOaiDc({ identifier: [{ value: page }] }, page)), [
      `identifier@=${page}`,
    ])
  })
})
