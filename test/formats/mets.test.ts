import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import type { Links } from '../../schemas/record.ts'
import { readXml } from '../../schemas/xml-tree.ts'
import { xmlSafe } from '../../schemas/xml.ts'
import { DescriptionBuilder, webAddress } from '../../server/formats/clean.ts'
import type { Described } from '../../server/formats/format.ts'
import { metsFormat } from '../../server/formats/mets.ts'
import { readMetadata, type Reading } from '../../server/formats/read.ts'
import { isLicence } from '../../server/formats/rights.ts'
import { addressOf } from '../../server/formats/writer.ts'
import { anyDescribed, described, file, likeness } from './described.ts'

const provenance = { repositoryName: 'Somebody else', host: 'x.example' }

function read(xml: string): Reading {
  const reading = readMetadata(readXml(xml), provenance)
  assert.ok(reading)
  return reading
}

const roundTrip = (record: Described): Reading => read(metsFormat.write(record))

/** A description as any that came in is kept: trimmed, each value once, languages that are some. */
function clean(dc: DublinCore, rights?: string): DublinCore {
  const builder = new DescriptionBuilder()
  for (const [element, values] of Object.entries(dc) as [keyof DublinCore, DublinCore['title']][])
    for (const { value, language, term } of values ?? [])
      builder.add(element, xmlSafe(value), language, term)
  if (rights?.trim() && !builder.dc.rights?.some(isLicence)) builder.add('rights', xmlSafe(rights))
  return builder.dc
}

/** What is an address to browsers but not to schemas travels percent-encoded. */
function sound(links: Links, page: string): Links {
  const { looks: _, ...addresses } = links
  const all = { ...addresses, homepage: links.homepage ?? page }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, given]) => {
      const address = webAddress(addressOf(given))
      return address ? [[name, address]] : []
    }),
  )
}

describe('METS between bricks', () => {
  it('carries a record whole: Dublin Core with languages and terms, links, keeper', () => {
    const record = described()
    const reading = roundTrip(record)
    assert.deepEqual(reading, {
      dc: record.dc,
      links: record.links,
      keeper: record.keeper,
      cut: [],
    })
  })

  it('loses nothing of any record, and holds to its own rules', () => {
    fc.assert(
      fc.property(anyDescribed, (record) => {
        // Its own files are behind the links that the record has; they are tried below.
        const given = { ...record, files: [], dc: clean(record.dc) }
        const reading = roundTrip(given)
        assert.deepEqual(reading.dc, clean(given.dc, given.rights))
        const links = sound(given.links, given.page)
        // Without a page of its own it is looked for among the identifiers.
        if (links.homepage) assert.deepEqual(reading.links, links)
        const name = clean({
          title: [given.keeper, given.provider].map((each) => ({ value: each.name })),
        })
        assert.equal(reading.keeper.name, name.title?.[0]?.value ?? '—')
        const url = webAddress(given.keeper.url)
        assert.deepEqual(reading.keeper.url, url)
      }),
      { numRuns: 500 },
    )
  })

  it('lists the files that the brick holds, with size and checksum, and shows the first', () => {
    const files = [
      file('recto.jpg'),
      file('verso.jpg'),
      file('notes.pdf', { mediaType: 'application/pdf' }),
    ]
    const { links } = described()
    assert.deepEqual(roundTrip(described({ files })).links, links)
    const shown = { ...links, image: files[1]?.address ?? '' }
    assert.deepEqual(roundTrip(described({ files, links: shown })).links, shown)
    const text = metsFormat.write(described({ files }))
    const uses = [...text.matchAll(/USE="([^"]+)"/g)].map((match) => match[1])
    assert.deepEqual(
      uses.toSorted((a = '', b = '') => a.localeCompare(b)),
      ['DEFAULT', 'DOWNLOAD', 'IIIF-IMAGE', 'IIIF-MANIFEST', 'MAX', 'THUMBS'],
    )
    assert.match(
      text,
      /<file ID="\w[\w.-]*" MIMETYPE="application\/pdf" SIZE="12345" CHECKSUM="a{64}" CHECKSUMTYPE="SHA-256"><FLocat LOCTYPE="URL" xlink:href="https:\/\/museum.example.org\/files\/notes.pdf"\/>/,
    )
    assert.equal([...text.matchAll(/<div ORDER=/g)].length, 3)
  })

  it('carries what its pictures look like', () => {
    const files = [file('recto.jpg', { likeness }), file('verso.jpg')]
    const { colours: _, blurhash: __, ...look } = likeness
    const record = described({ files })
    assert.deepEqual(roundTrip(record).links.looks, [{ ...look, sha256: 'a'.repeat(64) }])
    assert.equal(roundTrip(described({ files: files.slice(1) })).links.looks, undefined)
    const text = metsFormat.write(record)
    const [, id] = /<techMD ID="([^"]+)"/.exec(text) ?? []
    assert.ok(text.includes(`ADMID="${id}" MIMETYPE="image/jpeg"`), text)
    assert.ok(text.indexOf('<techMD') < text.indexOf('<rightsMD'))
  })

  it('leaves out what is no print', () => {
    const said = (print: string, dhash: string): string =>
      metsFormat
        .write(
          described({
            files: [
              file('recto.jpg', {
                likeness: { prints: [print], dhash, pixels: 'x', colours: [], blurhash: '' },
              }),
            ],
          }),
        )
        .toString()
    const look = (print: string, dhash: string) => read(said(print, dhash)).links.looks
    const print = '0123456789abcdef'
    assert.equal(look('12', print), undefined)
    assert.equal(look(print, `${print}0`), undefined)
    assert.deepEqual(look(print, print), [
      { prints: [print], dhash: print, sha256: 'a'.repeat(64) },
    ])
  })

  it('carries the rights of the collection where the record says nothing, and only there', () => {
    const { rights: _, ...silent } = described().dc
    const rights = 'http://rightsstatements.org/vocab/InC/1.0/'
    assert.deepEqual(roundTrip(described({ dc: silent, rights })).dc.rights, [{ value: rights }])
    assert.deepEqual(roundTrip(described({ rights })).dc, described().dc)
    assert.equal(roundTrip(described({ dc: silent })).dc.rights, undefined)
  })

  it('gives a record that says nothing at all', () => {
    const reading = roundTrip(described({ dc: {}, links: {} }))
    assert.deepEqual(reading.dc, {})
    assert.equal(reading.links.homepage, described().page)
    assert.deepEqual(reading.keeper, described().keeper)
  })
})

describe('METS of others', () => {
  const dfg = `<mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"
      xmlns:mods="http://www.loc.gov/mods/v3" xmlns:dv="http://dfg-viewer.de/">
    <mets:dmdSec ID="DMDPHYS"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><mods:mods>
      <mods:titleInfo><mods:title>the shelf</mods:title></mods:titleInfo>
    </mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>
    <mets:dmdSec ID="DMD1"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><mods:mods>
      <mods:titleInfo><mods:nonSort>Die</mods:nonSort><mods:title>Fenster</mods:title><mods:subTitle>ein Buch</mods:subTitle></mods:titleInfo>
      <mods:name type="personal"><mods:namePart type="family">Arp</mods:namePart><mods:namePart type="given">Sophie</mods:namePart>
        <mods:role><mods:roleTerm type="code" authority="marcrelator">aut</mods:roleTerm></mods:role></mods:name>
      <mods:name><mods:displayForm>Verlag X</mods:displayForm><mods:role><mods:roleTerm>prt</mods:roleTerm></mods:role></mods:name>
      <mods:originInfo><mods:dateIssued encoding="w3cdtf">1891</mods:dateIssued></mods:originInfo>
      <mods:subject><mods:topic>Fenster</mods:topic><mods:geographic>Zürich</mods:geographic></mods:subject>
      <mods:identifier type="urn">urn:nbn:de:1</mods:identifier>
    </mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>
    <mets:amdSec ID="AMD"><mets:rightsMD ID="R"><mets:mdWrap MDTYPE="OTHER" OTHERMDTYPE="DVRIGHTS"><mets:xmlData>
      <dv:rights><dv:owner>Stadtbibliothek</dv:owner><dv:ownerSiteURL>https://bib.example/</dv:ownerSiteURL>
      <dv:license>https://creativecommons.org/publicdomain/mark/1.0/</dv:license></dv:rights></mets:xmlData></mets:mdWrap></mets:rightsMD>
      <mets:digiprovMD ID="D"><mets:mdWrap MDTYPE="OTHER" OTHERMDTYPE="DVLINKS"><mets:xmlData>
      <dv:links><dv:presentation>https://bib.example/buch/1</dv:presentation><dv:iiif>https://bib.example/buch/1/manifest</dv:iiif></dv:links>
      </mets:xmlData></mets:mdWrap></mets:digiprovMD></mets:amdSec>
    <mets:fileSec>
      <mets:fileGrp USE="FULLTEXT"><mets:file ID="X1" MIMETYPE="text/xml"><mets:FLocat LOCTYPE="URL" xlink:href="https://bib.example/1.xml"/></mets:file></mets:fileGrp>
      <mets:fileGrp USE="MAX"><mets:file ID="A1" MIMETYPE="image/jpeg"><mets:FLocat LOCTYPE="URL" xlink:href="https://bib.example/max/1.jpg"/></mets:file></mets:fileGrp>
      <mets:fileGrp USE="DEFAULT"><mets:file ID="B1" MIMETYPE="image/jpeg"><mets:FLocat LOCTYPE="URL" xlink:href="https://bib.example/1.jpg"/></mets:file>
        <mets:file ID="B2" MIMETYPE="image/jpeg"><mets:FLocat LOCTYPE="URL" xlink:href="https://bib.example/2.jpg"/></mets:file></mets:fileGrp>
      <mets:fileGrp USE="THUMBS"><mets:file ID="C1" MIMETYPE="image/jpeg"><mets:FLocat LOCTYPE="URL" xlink:href="https://bib.example/t/1.jpg"/></mets:file></mets:fileGrp>
    </mets:fileSec>
    <mets:structMap TYPE="PHYSICAL"><mets:div DMDID="DMDPHYS" TYPE="physSequence"/></mets:structMap>
    <mets:structMap TYPE="LOGICAL"><mets:div TYPE="periodical"><mets:div DMDID="DMD1" TYPE="monograph"/></mets:div></mets:structMap>
  </mets:mets>`

  it('is read with MODS inside, its groups of files and its notes on owner, licence and page', () => {
    assert.deepEqual(read(dfg), {
      dc: {
        title: [{ value: 'Die Fenster : ein Buch' }],
        creator: [{ value: 'Arp, Sophie' }],
        contributor: [{ value: 'Verlag X' }],
        date: [{ value: '1891', term: 'issued' }],
        subject: [{ value: 'Fenster' }],
        coverage: [{ value: 'Zürich', term: 'spatial' }],
        identifier: [{ value: 'urn:nbn:de:1' }],
        rights: [{ value: 'https://creativecommons.org/publicdomain/mark/1.0/' }],
      },
      links: {
        homepage: 'https://bib.example/buch/1',
        manifest: 'https://bib.example/buch/1/manifest',
        image: 'https://bib.example/1.jpg',
        thumbnail: 'https://bib.example/t/1.jpg',
      },
      keeper: { name: 'Stadtbibliothek', url: 'https://bib.example/' },
      cut: [],
    })
  })

  it('is read with oai_dc inside, however little it holds', () => {
    const little = (inner: string): string =>
      `<mets xmlns="http://www.loc.gov/METS/"><dmdSec ID="a"><mdWrap MDTYPE="DC"><xmlData>${inner}</xmlData></mdWrap></dmdSec>` +
      `<structMap><div/></structMap></mets>`
    const reading = read(
      little(
        `<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
          `<dc:title>x</dc:title><dc:identifier>https://x.example/1</dc:identifier></oai_dc:dc>`,
      ),
    )
    assert.deepEqual(reading.dc.title, [{ value: 'x' }])
    assert.deepEqual(reading.links, { homepage: 'https://x.example/1' })
    assert.deepEqual(reading.keeper, { name: 'Somebody else', url: 'https://x.example' })
    assert.equal(readMetadata(readXml(little('<ead/>')), provenance), undefined)
  })
})
