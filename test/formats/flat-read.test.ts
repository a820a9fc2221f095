import assert from 'node:assert/strict'
import fc from 'fast-check'
import { XmlDocument } from 'libxml2-wasm'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { readXml } from '../../schemas/xml-tree.ts'
import { termsOf } from '../../server/formats/access-terms.ts'
import { inBytes, readFlat } from '../../server/formats/flat-read.ts'
import { standardFormats } from '../../server/formats/formats.ts'
import { writeOaiDc } from '../../server/formats/oai-dc.ts'
import { readMetadata, type Reading } from '../../server/formats/read.ts'
import { described } from './described.ts'

const provenance = { repositoryName: 'Musée de l’Œuvre', host: 'x.example' }
const bytesOf = { repositoryName: inBytes(provenance.repositoryName), host: provenance.host }

/** What texts of bytes stand for. */
const words = <T>(value: T): T =>
  JSON.parse(Buffer.from(JSON.stringify(value), 'latin1').toString()) as T

/** Whether it was read in bytes; it must come out as it does with its tree. */
function isFlat(xml: string): boolean {
  const flat = readFlat(Buffer.from(xml), bytesOf)
  if (!flat) return false
  const expected = readMetadata(readXml(xml), provenance) as Reading
  assert.deepEqual(words(flat), expected, xml)
  const told = ({ dc, links, keeper }: Reading) => [
    termsOf(dc, new Date('2026-01-01')),
    standardFormats.map((format) => format.lacks(described({ dc, links, keeper }))),
  ]
  assert.deepEqual(told(flat), told(expected), xml)
  // As JSON and XML are written.
  const written = (dc: DublinCore): string[] => [JSON.stringify(dc), writeOaiDc(dc)]
  assert.deepEqual(
    written(flat.dc).map((each) => Buffer.from(each, 'latin1').toString()),
    written(expected.dc),
  )
  return true
}

const open =
  '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"' +
  ' xmlns:q="http://purl.org/dc/terms/">'
const dc = (...children: string[]): string => `${open}${children.join('')}</oai_dc:dc>`

describe('flat oai_dc read in bytes is the same as with its tree', () => {
  it('where it has the usual shape', () => {
    for (const each of [
      dc(
        '<dc:title xml:lang="fr">Évreux à 東京 &amp; "😀" &lt;ici></dc:title>',
        '\n <dc:date> 1931 </dc:date>',
      ),
      dc('<dc:title>a\\b\tc\nd</dc:title><dc:title>a</dc:title><dc:title>a</dc:title>'),
      dc('<dc:title>&quot;&apos;&gt;</dc:title><dc:title></dc:title><dc:title>  </dc:title>'),
      dc(
        '<q:created>1931</q:created><q:alternative>é?</q:alternative><q:odd>x</q:odd><oai_dc:x>é</oai_dc:x>',
      ),
      dc(
        "<dc:date a='b' xml:lang='x-y'>1931</dc:date><dc:nothing>à</dc:nothing><dc:title>t</dc:title>",
      ),
      dc('<dc:identifier>https://x.example:81/é</dc:identifier>').replace('é', 'e'),
      dc(
        '<dc:identifier>http://X.example/thumb.jpg</dc:identifier><dc:identifier>http://y</dc:identifier>',
      ),
      dc('<dc:title>été</dc:title>').replace('<oai_dc:dc ', '<oai_dc:dc xml:lang="fr" '),
      dc(
        '<dc:title>privé</dc:title><dc:rights>restricted</dc:rights><q:accessRights>private</q:accessRights>',
      ),
    ]) {
      assert.ok(isFlat(each), each)
    }
  })

  it('where it has not, for then it is not read so', () => {
    for (const each of [
      dc(),
      dc('<dc:title></dc:title>'),
      dc('text<dc:title>x</dc:title>'),
      dc('<dc:title>x</dc:title>text'),
      dc('<dc:title/><dc:date>1</dc:date>'),
      dc('<dc:title>x<b/></dc:title>'),
      dc('<dc:title><![CDATA[x]]></dc:title>'),
      dc('<!-- x --><dc:title>x</dc:title>'),
      dc('<dc:title>&#233;</dc:title>'),
      dc('<dc:title>x\r\ny</dc:title>'),
      dc('<dc:title a="b>c">x</dc:title>'),
      dc('<dc:title>\u00a0x</dc:title>'),
      dc('<dc:title>é \u3000</dc:title>'),
      dc('<dc:title>là</dc:title>'),
      dc('<dc:title> é</dc:title>'),
      dc('<dc:type>vidéo</dc:type>'),
      dc('<dc:rights>privé</dc:rights>'),
      dc('<dc:identifier>https://é.example/</dc:identifier>'),
      dc('<dc:title>x</dc:title>').replace('<oai_dc:dc ', '<oai_dc:dc a="x>y" '),
      dc('<dc:title>x</dc:title>').replaceAll('oai_dc/"', 'other/"'),
      dc(`<dc:title>${'x'.repeat(20_000)}</dc:title>`),
      '<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/"/>',
    ]) {
      assert.ok(!isFlat(each), each)
    }
  })

  it('whatever is in it', () => {
    const text = fc.stringMatching(
      /^(?:[a-z01 éàÅœ東😀\u00a0\u2003\u2028\ufeff"'>\\\n]|&amp;|&lt;|&#233;|https?:\/\/[a-z.]{3,8}\/|\.jpg|thumb){0,6}$/u,
    )
    const tag = fc.constantFrom(
      'dc:title',
      'dc:title xml:lang="fr"',
      'dc:creator',
      'dc:type',
      'dc:date',
      'dc:identifier',
      'dc:relation',
      'dc:rights',
      'q:abstract',
      'q:accessRights',
      'q:available',
      'dc:other',
    )
    const child = fc
      .tuple(tag, text, fc.constantFrom('', ' ', '\n'))
      .map(([start, content, after]) => `<${start}>${content}</${start.split(' ')[0]}>${after}`)
    let flat = 0
    fc.assert(
      fc.property(fc.array(child, { maxLength: 6 }), (children) => {
        const xml = dc(...children)
        XmlDocument.fromString(xml).dispose()
        if (isFlat(xml)) flat++
      }),
      { numRuns: 3000 },
    )
    assert.ok(flat > 300, `${flat} were flat`)
  })
})
