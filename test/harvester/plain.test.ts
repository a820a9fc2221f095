import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PlainReader } from '../../harvester/plain.ts'
import { readRecord } from '../../harvester/record.ts'
import { readElement, type Scope } from '../../schemas/xml-tree.ts'
import { needed, sharedFolder } from '../house.ts'

const oai = 'http://www.openarchives.org/OAI/2.0/'
const usual: Scope = new Map([
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ['', oai],
  ['xsi', 'http://www.w3.org/2001/XMLSchema-instance'],
  ['dc', 'http://purl.org/dc/elements/1.1/'],
])

/** Whether it was read without its tree; it must come out as it does with it. */
function isPlain(record: string, prefix = '', scope = usual): boolean {
  const around = `  \n${record}<record>`
  const at = around.indexOf('<')
  const element = readElement(around, at, scope)
  const plain = new PlainReader(prefix, scope).read(around, at)
  if (!plain) return false
  assert.deepEqual(plain.read, readRecord(element, around), record)
  assert.equal(plain.end, element.end, record)
  return true
}

const header = '<header><identifier>oai:x:1</identifier><datestamp>2024-01-01</datestamp></header>'
const record = (metadata: string, after = '', before = header): string =>
  `<record>${before}<metadata>${metadata}</metadata>${after}</record>`

describe('a record read without its tree is the same as with it', () => {
  it('where it has the usual shape', () => {
    const dc = '<w:dc xmlns:w="http://w"><dc:title xml:lang="fr">é &amp; 😀</dc:title></w:dc>'
    const provenance =
      '<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"><originDescription harvestDate="d"' +
      ' altered="true"><baseURL>b</baseURL><identifier>i</identifier></originDescription></provenance></about>'
    for (const each of [
      record(dc),
      record(`\n  ${dc}\r\n`),
      record('<note>x<b/></note>'),
      record('<dc:note><title>x</title></dc:note>'),
      record('<note xmlns="">x</note>'),
      record('<w:a xmlns:w="http://w" w:type="dc:x" b="a > b &lt;"><w:c/></w:a>'),
      record("<w:a xmlns:w='http://w'\n b='\"'>]]</w:a>"),
      record('<mets:mets xmlns:mets="m"><mets:metsHdr/></mets:mets>'),
      record(dc, provenance),
      record(dc, `<about><x/></about>\n${provenance} `),
      record(
        dc,
        '',
        header.replace('</datestamp>', '</datestamp> <setSpec> a </setSpec><setSpec>b:c</setSpec>'),
      ),
      `<record>${header.replace('<header>', '<header status="deleted">')}</record>`,
      `<record>${header}</record>`,
      `<record>${header.replace('oai:x:1', ' ')}</record>`,
      record(dc, '', header.replace('oai:x:1', '\n oai:x:2 \n')),
      record(dc, '', header.replace('oai:x:1', 'no%uri')),
    ]) {
      assert.ok(isPlain(each), each)
    }
    const prefixed = record('<x/>', '')
      .replaceAll(/<(\/?)(?=\w)/g, '<$1o:')
      .replace('<o:x/>', dc)
    assert.ok(isPlain(prefixed, 'o:', new Map([...usual, ['', 'd'], ['o', oai]])))
  })

  it('where it has not, for then it is not read so', () => {
    for (const each of [
      record('<a><![CDATA[</metadata></record>]]></a>'),
      record('<a><!-- </a></metadata> --></a>'),
      record('<a><?php echo "</metadata>" ?></a>'),
      record('<a/>'),
      record(''),
      record('text'),
      record('<a></a><b></b>'),
      record('<a></a><a></a>'),
      record('<a></a ><a></a>'),
      record('<a>x</a >'),
      record('<a><a></a></a>'),
      record('<a><metadata>x</metadata></a>'),
      record('<a>x</a><!-- y -->'),
      record('<a>x</a>', '<!-- y -->'),
      record('<a>x</a>', '<other/>'),
      record('<a>x</a>').replace('<record>', '<record id="1">'),
      record('<a>x</a>').replace('<header>', '<header><!-- x -->'),
      record('<a>x</a>').replace('oai:x:1', 'oai:&amp;'),
      record('<a>x</a>').replace('<header>', "<header status='deleted'>"),
      record('<a>x</a>').replace('</metadata>', '</metadata >'),
    ]) {
      assert.ok(!isPlain(each), each)
    }
  })

  it('in pages of the real world', function () {
    const folder = needed(sharedFolder('oai-samples'), 'shared/oai-samples', this)
    let plain = 0
    for (const place of [folder, join(folder, 'real')]) {
      for (const file of readdirSync(place).filter((each) => each.endsWith('.xml'))) {
        const text = readFileSync(join(place, file), 'utf8')
        const scope = new Map(usual)
        for (const [, prefix = '', namespace = ''] of text.matchAll(/xmlns:([\w-]+)="([^"]*)"/g)) {
          scope.set(prefix, namespace)
        }
        for (const match of text.matchAll(/<record>[^]*?<\/record>/g)) {
          if (isPlain(match[0].replace(/<!--[^]*?-->/g, ''), '', scope)) plain++
        }
      }
    }
    assert.ok(plain > 30, `${plain} records`)
  })
})
