import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PlainReader, unjudged } from '../../harvester/plain.ts'
import { readRecord } from '../../harvester/record.ts'
import { faultOf } from '../../harvester/well-formed.ts'
import { readElement, type Scope } from '../../schemas/xml-tree.ts'
import { needed, sharedFolder } from '../house.ts'

const oai = 'http://www.openarchives.org/OAI/2.0/'
const usual: Scope = new Map([
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ['', oai],
  ['xsi', 'http://www.w3.org/2001/XMLSchema-instance'],
  ['dc', 'http://purl.org/dc/elements/1.1/'],
])

const inScope = (xml: string, scope: Scope): string => {
  const declared = [...scope].filter(([prefix]) => prefix !== 'xml')
  const declarations = declared.map(([prefix, namespace]) =>
    prefix ? ` xmlns:${prefix}="${namespace}"` : ` xmlns="${namespace}"`,
  )
  return `<list${declarations.join('')}>${xml}</list>`
}

const readerIn = (prefix: string, scope: Scope): PlainReader =>
  new PlainReader(prefix, scope, (xml) => !faultOf(inScope(xml, scope)))

/** Whether it was read without being judged; it must be well-formed and come out as it does with its tree. */
function isFlat(bytes: Buffer, reader = readerIn('', usual), scope = usual): boolean {
  const part = unjudged(bytes)
  const flat = part && reader.readFlat(part, 0)
  if (!flat) return false
  const text = bytes.toString()
  assert.equal(faultOf(inScope(text, scope)), undefined, text)
  const element = readElement(text, 0, scope)
  assert.deepEqual(flat.read, readRecord(element, text), text)
  const end = Buffer.byteLength(text.slice(0, element.end))
  assert.match(bytes.toString('utf8', end, flat.end), /^[ \t\r\n]*$/)
  assert.doesNotMatch(bytes.toString('utf8', flat.end, flat.end + 1), /[ \t\r\n]/)
  return true
}

/** Whether it was read without its tree; it must come out as it does with it. */
function isPlain(record: string, prefix = '', scope = usual): boolean {
  const around = `  \n${record}<record>`
  const at = around.indexOf('<')
  const element = readElement(around, at, scope)
  const plain = readerIn(prefix, scope).read(around, at)
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

describe('a flat record is read before anybody has judged it', () => {
  const dc =
    '<w:dc xmlns:w="http://w" xsi:schemaLocation="a b">\n <dc:title xml:lang="fr">é &amp; 東京 😀 ></dc:title>' +
    '<dc:date></dc:date>\r\n<w:a>xsi:\t</w:a></w:dc>'

  it('where it has the usual shape', () => {
    for (const each of [
      record(dc),
      record(`\n  ${dc}\r\n`),
      `${record(dc)} \n `,
      record('<note></note>'),
      record('<note><title>x</title></note>'),
      record('<note xmlns=""><title>x</title></note>'),
      record('<dc:note><title>x</title></dc:note>'),
      record('<dc:note><dc:title>title xsi:x</dc:title></dc:note>'),
      `<record>${header.replace('<header>', '<header status="deleted">')}</record> `,
      record(dc, '', header.replace('oai:x:1', 'no%uri')),
    ]) {
      assert.ok(isFlat(Buffer.from(each)), each)
    }
  })

  it('where it has not, for then it is left to the judge', () => {
    for (const each of [
      record('<note>x</note>'),
      record('<a><b><c>x</c></b></a>'),
      record('<a><b/></a>'),
      record('<a><b x="y">x</b></a>'),
      record('<a><b>&#233;</b></a>'),
      record('<a><b>&eacute;</b></a>'),
      record('<a><b>& </b></a>'),
      record('<a><b>]]></b></a>'),
      record('<a><b>\u0001</b></a>'),
      record('<a><b>\uFFFE</b></a>'),
      record('<a><b>x</c></a>'),
      record('<a><b>x</b></c>'),
      record('<a><b>x</b>y</a>'),
      record('<a><z:b>x</z:b></a>'),
      record('<z:a><b>x</b></z:a>'),
      record('<a><1>x</1></a>'),
      record('<a><b"c>x</b"c></a>'),
      record('<a b="c" b="d"><b>x</b></a>'),
      record('<a b="&c;"><b>x</b></a>'),
      record('<a x:b="c"><b>x</b></a>'),
      record('<a><b xml:lang="&">x</b></a>'),
      record('<a><b>x</b></a>', '<about><x/></about>'),
      record('<a><b>x</b></a>', '', header.replace('oai:x:1', 'oai:x:\u0001')),
      record('<a><b>x</b></a>', '', header.replace('oai:x:1', 'oai:x:é')),
      record('<a><b>x</b></a>').replace('</record>', ''),
    ]) {
      assert.ok(!isFlat(Buffer.from(each)), each)
    }
    const broken = Buffer.from(record('<a><b>é</b></a>'))
    broken[broken.indexOf(0xc3)] = 0x62
    assert.ok(!isFlat(broken))
  })

  it('never where it is not well-formed, whatever happens to it', () => {
    const [sound, reader] = [Buffer.from(record(dc, '', header)), readerIn('', usual)]
    const signs = Buffer.from(`<>/&;"'= :]xX\n\u0000\u000b`)
    let flat = 0
    for (let at = 0; at < sound.length; at++) {
      const [before, after] = [sound.subarray(0, at), sound.subarray(at)]
      for (const sign of [...signs, 0x80, 0xc3, 0xef, 0xff]) {
        const byte = Buffer.from([sign])
        if (isFlat(Buffer.concat([before, byte, after]), reader)) flat++
        if (isFlat(Buffer.concat([before, byte, after.subarray(1)]), reader)) flat++
      }
      if (isFlat(Buffer.concat([before, after.subarray(1)]), reader)) flat++
      if (isFlat(Buffer.concat([before, after.subarray(0, 7), after]), reader)) flat++
    }
    assert.ok(flat > 1000, `${flat} were flat`)
  })
})
