import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { childOf, childrenOf, readXml, type XmlElement } from '../../schemas/xml-tree.ts'
import { longestValue } from '../../server/formats/clean.ts'
import { edmFormat } from '../../server/formats/edm.ts'
import { modsFormat } from '../../server/formats/mods.ts'
import { oaiDataciteFormat } from '../../server/formats/oai-datacite.ts'
import { writeOaiDc } from '../../server/formats/oai-dc.ts'
import { readMetadata, type Reading } from '../../server/formats/read.ts'
import { needed, sharedFolder } from '../house.ts'
import { described } from './described.ts'

const provenance = { repositoryName: 'Archives de T', host: 't.example.org' }

function read(xml: string): Reading {
  const reading = readMetadata(readXml(xml), provenance)
  assert.ok(reading)
  return reading
}

const oaiDc = (inner: string): string =>
  `<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
  ` xmlns:dcterms="http://purl.org/dc/terms/">${inner}</oai_dc:dc>`

describe('reading EDM', () => {
  it('takes description, links and keeper from the external form', function () {
    const file = needed(sharedFolder('oai-samples', 'edm-external-minimal.xml'), 'shared', this)
    let root: XmlElement | undefined = readXml(readFileSync(file, 'utf8'))
    for (const name of ['ListRecords', 'record', 'metadata', 'RDF'])
      root = root && childOf(root, name)
    assert.ok(root)
    assert.deepEqual(readMetadata(root, { repositoryName: 'other', host: 'x' }), {
      dc: {
        description: [{ value: 'Carte postale', language: 'fr' }],
        identifier: [{ value: 'CP-1' }],
        language: [{ value: 'fr' }],
        subject: [{ value: 'Ville', language: 'fr' }],
        title: [{ value: 'La gare', language: 'fr' }],
        type: [{ value: 'carte postale', language: 'fr' }],
        date: [{ value: '1910', term: 'created' }],
        rights: [{ value: 'http://creativecommons.org/publicdomain/mark/1.0/' }],
      },
      links: {
        homepage: 'https://t.example.org/ark:/12345/cp1',
        manifest: 'https://t.example.org/iiif/cp1/manifest',
        thumbnail: 'https://t.example.org/iiif/cp1/full/400,/0/default.jpg',
        image: 'https://t.example.org/iiif/cp1/full/max/0/default.jpg',
        imageService: 'https://t.example.org/iiif/cp1',
      },
      keeper: { name: 'Archives de T', url: 'https://t.example.org' },
      cut: [],
    })
  })

  it('takes the provider’s description from the internal form', function () {
    const file = needed(sharedFolder('oai-samples', 'edm-internal-europeana.xml'), 'shared', this)
    let root: XmlElement | undefined = readXml(readFileSync(file, 'utf8'))
    for (const name of ['GetRecord', 'record', 'metadata', 'RDF'])
      root = root && childOf(root, name)
    const reading = root && readMetadata(root, provenance)
    assert.ok(reading?.dc.title?.length ?? reading?.dc.description?.length)
  })

  it('gives back what our own provider writes', () => {
    const dc: DublinCore = {
      title: [
        { value: 'Fenêtre & arc-en-ciel', language: 'fr' },
        { value: 'Window', language: 'en' },
      ],
      date: [{ value: '2020-04' }],
      rights: [{ value: 'https://creativecommons.org/licenses/by/4.0/' }],
    }
    const links = {
      homepage: 'http://127.0.0.1:8080/records/7',
      manifest: 'http://127.0.0.1:8080/iiif/presentation/3/records/7/manifest',
      thumbnail: 'http://127.0.0.1:8080/iiif/image/3/a/full/400,/0/default.jpg',
      image: 'http://127.0.0.1:8080/iiif/image/3/a/full/max/0/default.jpg',
      imageService: 'http://127.0.0.1:8080/iiif/image/3/a',
    }
    const page = links.homepage
    const given = described({ page, dc, links, keeper: { name: 'Musée' } })
    const edm = read(edmFormat.write(given))
    assert.deepEqual(edm.dc, dc)
    assert.deepEqual(edm.links, links)
    assert.deepEqual(edm.keeper, { name: 'Musée', url: 'http://127.0.0.1:8080' })
    assert.deepEqual(read(writeOaiDc(dc, page)).dc, {
      ...dc,
      identifier: [{ value: page }],
    })
  })

  it('follows references to agents and places, and keeps addresses of those that are elsewhere', () => {
    const { dc } = read(
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:edm="http://www.europeana.eu/schemas/edm/"` +
        ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"` +
        ` xmlns:skos="http://www.w3.org/2004/02/skos/core#"><edm:ProvidedCHO rdf:about="#o">` +
        `<dc:creator rdf:resource="#a"/><dcterms:spatial rdf:resource="http://vocab.example/paris"/>` +
        `<dc:subject rdf:resource="#nothing"/><dcterms:medium>oil</dcterms:medium></edm:ProvidedCHO>` +
        `<edm:Agent rdf:about="#a"><skos:prefLabel xml:lang="fr">Berthe Morisot</skos:prefLabel></edm:Agent></rdf:RDF>`,
    )
    assert.deepEqual(dc, {
      creator: [{ value: 'Berthe Morisot', language: 'fr' }],
      coverage: [{ value: 'http://vocab.example/paris', term: 'spatial' }],
      format: [{ value: 'oil', term: 'medium' }],
    })
  })
})

describe('reading oai_dc', () => {
  it('finds page and thumbnail by convention, web addresses only', () => {
    const { links, keeper } = read(
      oaiDc(
        `<dc:identifier>inv. 12</dc:identifier><dc:identifier>javascript:alert(1)</dc:identifier>` +
          `<dc:identifier>https://doi.org/10.1/x</dc:identifier><dc:identifier>https://t.example.org/12</dc:identifier>` +
          `<dc:relation>https://t.example.org/vignettes/12.jpg</dc:relation>` +
          `<dc:relation>https://t.example.org/full/12.jpg</dc:relation>`,
      ),
    )
    assert.deepEqual(links, {
      homepage: 'https://t.example.org/12',
      thumbnail: 'https://t.example.org/vignettes/12.jpg',
    })
    assert.deepEqual(keeper, { name: 'Archives de T', url: 'https://t.example.org' })
    assert.deepEqual(read(oaiDc('<dc:identifier>javascript:alert(1)</dc:identifier>')).links, {})
  })

  it('reads refinements, drops what is empty or twice, and languages that are none', () => {
    const { dc } = read(
      oaiDc(
        `<dc:title xml:lang="fr-FR"> a </dc:title><dc:title xml:lang="fr-FR">a</dc:title><dc:title xml:lang="??">b</dc:title>` +
          `<dc:subject> </dc:subject><dcterms:alternative>c</dcterms:alternative><dcterms:constructor>d</dcterms:constructor>`,
      ),
    )
    assert.deepEqual(dc, {
      title: [
        { value: 'a', language: 'fr-FR' },
        { value: 'b' },
        { value: 'c', term: 'alternative' },
      ],
    })
  })

  it('cuts what is too long and says so', () => {
    const { dc, cut } = read(oaiDc(`<dc:title>${'é'.repeat(longestValue + 1)}</dc:title>`))
    assert.equal(dc.title?.[0]?.value.length, longestValue)
    assert.deepEqual(cut, [`title of ${longestValue + 1} characters`])
  })

  it('reads nothing from what it does not know', () => {
    assert.equal(
      readMetadata(
        readXml('<record xmlns="http://www.loc.gov/MARC21/slim"><leader/></record>'),
        provenance,
      ),
      undefined,
    )
  })
})

describe('reading MODS and DataCite', () => {
  it('takes from our own MODS what it was made of', () => {
    const record = described()
    const { dc, links, keeper } = read(modsFormat.write(record))
    const { type, relation, rights, ...rest } = dc
    const { type: _, relation: __, rights: ___, ...told } = record.dc
    assert.deepEqual(rest, told)
    assert.deepEqual(type, [{ value: 'still image' }, { value: 'dessin', language: 'fr' }])
    assert.deepEqual(relation?.[0], { value: 'Fonds du confinement', term: 'isPartOf' })
    assert.deepEqual(rights, record.dc.rights)
    const { imageService: _service, ...found } = record.links
    assert.deepEqual(links, found)
    assert.equal(keeper.name, record.keeper.name)
  })

  it('takes from our own DataCite what it was made of', () => {
    const record = described()
    const { dc, links, keeper } = read(oaiDataciteFormat.write(record))
    const values = (found: DublinCore, name: keyof DublinCore): string[] =>
      (found[name] ?? []).map(({ value }) => value).toSorted((a, b) => a.localeCompare(b))
    for (const name of ['title', 'creator', 'subject', 'description', 'coverage'] as const)
      assert.deepEqual(values(dc, name), values(record.dc, name), name)
    assert.deepEqual(dc.rights, [{ value: 'http://creativecommons.org/licenses/by-sa/4.0/' }])
    assert.deepEqual(dc.date?.at(-1), { value: '2020-04', term: 'created' })
    assert.equal(links.homepage, record.page)
    assert.equal(keeper.name, record.keeper.name)
  })

  it('reads a real DataCite record, and a real MODS record of another repository', function () {
    const folder = needed(sharedFolder('oai-samples'), 'shared', this)
    const metadata = (file: string, verb: string): XmlElement => {
      let root: XmlElement | undefined = readXml(readFileSync(join(folder, file), 'utf8'))
      for (const name of [verb, 'record', 'metadata']) root = root && childOf(root, name)
      const [first] = root ? childrenOf(root) : []
      return first ?? assert.fail()
    }
    const datacite = readMetadata(
      metadata('datacite-dataset-listrecords.xml', 'ListRecords'),
      provenance,
    )
    assert.ok(datacite?.dc.title?.length && datacite.dc.creator?.length && datacite.links.homepage)
    const mods = readMetadata(
      metadata('real/ingestion3__resources__mt.xml', 'GetRecord'),
      provenance,
    )
    assert.ok(mods?.dc.title?.length && mods.links.homepage)
  })

  it('reads a MODS title, name, span of years and place as one value each', () => {
    const { dc } = read(
      '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><nonSort>The</nonSort><title>Window</title><subTitle>a view</subTitle></titleInfo>' +
        '<name><namePart type="given">Berthe</namePart><namePart type="family">Morisot</namePart><namePart type="date">1841-1895</namePart></name>' +
        '<originInfo><dateCreated point="start">1870</dateCreated><dateCreated point="end">1875</dateCreated></originInfo>' +
        '<subject><hierarchicalGeographic><country>France</country><city>Lyon</city></hierarchicalGeographic></subject></mods>',
    )
    assert.deepEqual(dc, {
      title: [{ value: 'The Window : a view' }],
      creator: [{ value: 'Morisot, Berthe' }],
      date: [{ value: '1870/1875', term: 'created' }],
      coverage: [{ value: 'France, Lyon', term: 'spatial' }],
    })
  })
})
