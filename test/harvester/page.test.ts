import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XmlDocument } from 'libxml2-wasm'
import { retryAfter } from '../../harvester/client.ts'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { cutOut, readXml, textOf, type XmlElement } from '../../schemas/xml-tree.ts'
import { needed, sharedFolder } from '../house.ts'
import { read } from './read.ts'

const page = (inner: string, head = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${head}<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"` +
  ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:unused="http://unused">` +
  `<responseDate>2024-01-01T00:00:00Z</responseDate><request>http://x/oai?a=b&amp;c=d</request>${inner}</OAI-PMH>`

const record = (id: string, metadata: string): string =>
  `<record><header><identifier>${id}</identifier><datestamp>2024-01-01</datestamp></header>` +
  `<metadata>${metadata}</metadata></record>`

const dc = (title: string): string =>
  `<w:dc xmlns:w="http://w"><dc:title>${title}</dc:title></w:dc>`

const list = (...records: string[]): string =>
  page(`<ListRecords>${records.join('\n')}<resumptionToken>next</resumptionToken></ListRecords>`)

const codeOf = async (body: string): Promise<string> => {
  try {
    await read(Buffer.from(body))
    return 'none'
  } catch (error) {
    assert.ok(error instanceof Diagnosis, String(error))
    return error.code
  }
}

describe('a page', () => {
  it('gives metadata as they came, well-formed on their own', async () => {
    const { records } = await read(Buffer.from(list(record('a', dc('x &amp; <![CDATA[<]]>')))))
    assert.equal(
      records[0]?.metadata?.xml.toString(),
      '<w:dc xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:w="http://w"><dc:title>x &amp; <![CDATA[<]]></dc:title></w:dc>',
    )
    assert.equal(textOf(readXml(records[0].metadata.xml.toString())), 'x & <')
    XmlDocument.fromString(records[0].metadata.xml.toString()).dispose()
  })

  it('keeps a default namespace that metadata inherit or undo', async () => {
    const [inherited] = (await read(Buffer.from(list(record('a', '<note/>'))))).records
    assert.equal(
      inherited?.metadata?.xml.toString(),
      '<note xmlns="http://www.openarchives.org/OAI/2.0/"/>',
    )
    const [undone] = (await read(Buffer.from(list(record('a', '<note xmlns="">x</note>'))))).records
    assert.equal(undone?.metadata?.xml.toString(), '<note xmlns="">x</note>')
    assert.equal(undone.metadata.namespace, '')
  })

  it('that is not OAI-PMH gets a name', async () => {
    assert.equal(await codeOf('<!DOCTYPE html><html></html>'), 'html-instead-of-oai')
    assert.equal(
      await codeOf('<?xml version="1.0"?><!-- x --><html xmlns="h"></html>'),
      'html-instead-of-oai',
    )
    assert.equal(
      await codeOf(page('<Identify/>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">')),
      'doctype-refused',
    )
    assert.equal(
      await codeOf(page('<Identify/>', `<!--${'x'.repeat(70_000)}--><!DOCTYPE a []>`)),
      'doctype-refused',
    )
    assert.equal(await codeOf('<rss></rss>'), 'not-oai')
    assert.equal(await codeOf('Service unavailable'), 'not-xml')
    assert.equal(await codeOf('{"error":1}'), 'not-xml')
    assert.equal(await codeOf('<a><b></a>'), 'not-xml')
    assert.equal(await codeOf(''), 'page-cut')
    assert.equal(await codeOf(page('')), 'not-oai')
    assert.equal(await codeOf(list(record('a', dc('x'))).slice(0, -30)), 'page-cut')
  })

  it('that is broken is cut into its records, and the good ones are kept', async () => {
    const marc = '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>x</leader></record>'
    const body = list(
      record('good', dc('one')),
      record('marc', marc),
      record('control', dc('a\u0001b')),
      record('reference', dc('a&#2;b')),
      record('ampersand', dc('R&D &eacute;t&amp;')),
      record('declaration', `<?xml version="1.0"?>${dc('two')}`),
      record('unbound', '<x:y/>'),
      record('unclosed', '<p>'),
      record('last', dc('three')),
    )
    const page = await read(Buffer.from(body))
    assert.equal(page.token?.value, 'next')
    assert.equal(page.responseDate, '2024-01-01T00:00:00Z')
    assert.deepEqual(
      page.records.map((each) => [
        each.identifier,
        textOf(readXml(each.metadata?.xml.toString() ?? '')),
      ]),
      [
        ['good', 'one'],
        ['marc', 'x'],
        ['control', 'a\uFFFDb'],
        ['reference', 'a\uFFFDb'],
        ['ampersand', 'R&D &eacute;t&'],
        ['declaration', 'two'],
        ['last', 'three'],
      ],
    )
    assert.deepEqual(
      page.problems.map((each) => [each.code, each.identifier]),
      [
        ['page-not-well-formed', undefined],
        ['characters-replaced', 'control'],
        ['characters-replaced', 'reference'],
        ['characters-replaced', 'ampersand'],
        ['characters-replaced', 'declaration'],
        ['record-not-well-formed', 'unbound'],
        ['record-not-well-formed', 'unclosed'],
      ],
    )
  })

  it('is read in the encoding that it declares', async () => {
    const text = list(record('a', dc('Évreux — œuvre')))
    const declared = (encoding: string): string => text.replace('UTF-8', encoding)
    const title = async (body: Buffer): Promise<string> =>
      textOf(readXml((await read(body)).records[0]?.metadata?.xml.toString() ?? ''))
    const utf16 = Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le')
    assert.equal(await title(utf16), 'Évreux — œuvre')
    assert.equal(await title(Buffer.from(utf16).swap16()), 'Évreux — œuvre')
    const latin9 = declared('ISO-8859-15').replace('—', '-').replace('œ', '\u00bd')
    assert.equal(await title(Buffer.from(latin9, 'latin1')), 'Évreux - œuvre')
    const lie = await read(Buffer.from(text.replace(' — œ', ' '), 'latin1'))
    assert.equal(
      textOf(readXml(lie.records[0]?.metadata?.xml.toString() ?? '')),
      '\uFFFDvreux uvre',
    )
    assert.deepEqual(
      lie.problems.map((each) => each.code),
      ['page-not-well-formed', 'characters-replaced'],
    )
  })

  it('may be large: it is then read in stretches', async () => {
    const filling = 'x'.repeat(100_000)
    const records = Array.from({ length: 200 }, (_, index) => record(String(index), dc(filling)))
    const page = await read(Buffer.from(list(...records)))
    assert.equal(page.records.length, 200)
    assert.ok(page.stretches > 5)
    assert.deepEqual(page.problems, [])
    assert.equal(page.token?.value, 'next')
  })

  it('may hold a record that is too large, which is left out and named', async () => {
    const huge = record('huge', dc('y'.repeat(9_000_000)))
    for (const records of [
      [record('a', dc('a')), huge, record('b', dc('b'))],
      [huge, record('a', dc('a')), record('b', dc('b'))],
      [record('a', dc('a')), record('b', dc('b')), huge],
    ]) {
      const page = await read(Buffer.from(list(...records)))
      assert.deepEqual(
        page.records.map((each) => each.identifier),
        ['a', 'b'],
      )
      assert.deepEqual(
        page.problems.map((each) => [each.code, each.identifier]),
        [['record-too-large', 'huge']],
      )
      assert.equal(page.token?.value, 'next')
    }
  })

  it('of the real world ends in a reading or a diagnosis', async function () {
    const folder = needed(sharedFolder('oai-samples', 'real'), 'shared/oai-samples', this)
    let records = 0
    for (const file of readdirSync(folder).filter((each) => each.endsWith('.xml'))) {
      try {
        const page = await read(readFileSync(join(folder, file)))
        records += page.records.length
        for (const { metadata } of page.records) {
          if (metadata) XmlDocument.fromString(metadata.xml.toString()).dispose()
        }
      } catch (error) {
        assert.ok(error instanceof Diagnosis, `${file}: ${String(error)}`)
      }
    }
    assert.ok(records > 100, `${records} records`)
  })
})

describe('reading XML', () => {
  it('agrees with libxml2 on text, names and namespaces', function () {
    const folder = needed(sharedFolder('oai-samples'), 'shared/oai-samples', this)
    for (const file of readdirSync(folder).filter((each) => each.endsWith('.xml'))) {
      const text = readFileSync(join(folder, file), 'utf8')
      const root = readXml(text)
      const document = XmlDocument.fromString(text)
      const flat = (element: XmlElement): string[] => [
        `${element.namespace} ${element.name} ${element.attributes.map((each) => each.value).join()}`,
        ...element.children.flatMap((each) => (typeof each === 'string' ? [] : flat(each))),
      ]
      const theirs = document.find('//*').map((node) => {
        const element = node as ReturnType<typeof document.find>[number] & typeof document.root
        return `${element.namespaceUri} ${element.name} ${element.attrs.map((each) => each.value).join()}`
      })
      assert.deepEqual(flat(root), theirs, file)
      const squeeze = (each: string): string => each.replace(/\s+/g, '')
      assert.equal(squeeze(textOf(root)), squeeze(document.root.content), file)
      document.dispose()
    }
  })

  it('decodes references, CDATA and line ends, and refuses what is not XML', () => {
    assert.equal(textOf(readXml('<a>&#65;&#x1F600;&lt;\r\n<![CDATA[&]]]]>b</a>')), 'A😀<\n&]]b')
    assert.equal(readXml('<a b="1\n&#10;2"/>').attributes[0]?.value, '1 \n2')
    for (const bad of [
      '',
      'x',
      '<a>',
      '</a>',
      '<a/><b/>',
      '<a b=c/>',
      '<x:a/>',
      '<a>&b;</a>',
      '<!DOCTYPE a><a/>',
    ]) {
      assert.throws(() => readXml(bad), bad)
    }
    assert.throws(() => readXml('<a>'.repeat(300) + '</a>'.repeat(300)))
  })

  it('cuts an element out with the prefixes that only its values use', () => {
    const text = '<r xmlns:t="http://t" xmlns:i="http://i"><a i:type="t:x"/></r>'
    const [inner] = readXml(text).children
    assert.ok(inner && typeof inner !== 'string')
    assert.equal(cutOut(inner, text), '<a xmlns:t="http://t" xmlns:i="http://i" i:type="t:x"/>')
  })
})

describe('Retry-After', () => {
  it('is read as seconds and as a date', () => {
    assert.equal(retryAfter('120'), 120)
    assert.equal(
      retryAfter('Wed, 21 Oct 2015 07:28:10 GMT', Date.parse('2015-10-21T07:28:00Z')),
      10,
    )
    assert.equal(retryAfter('Wed, 21 Oct 2015 07:28:10 GMT'), 0)
    assert.equal(retryAfter('soon'), undefined)
    assert.equal(retryAfter(undefined), undefined)
  })
})
