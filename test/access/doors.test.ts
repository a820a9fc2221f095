// Who may see what, asked at every door: one table says what must come out, and nothing of a hidden record goes out.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  statuses,
  visibilities,
  type FileReference,
  type Status,
  type Visibility,
} from '../../schemas/record.ts'
import type { RunningBrick } from '../../server/brick.ts'
import { position } from '../../server/changes/changes.ts'
import { ensureCollection } from '../../server/collections/collections.ts'
import { facets } from '../../server/engine/engine.ts'
import { imageById, ingest, openFile } from '../../server/files/files.ts'
import { endOfLine, findRecord, save } from '../../server/records/records.ts'
import { brick, collection, draft } from '../house.ts'
import { painting } from '../iiif/painting.ts'

const token = 'a-token-of-sixteen-letters'

/** What the public sees of a record. */
type Seen = 'whole' | 'described' | 'gone' | 'unknown'

interface Case {
  status: Status
  visibility: Visibility
  wasPublic: boolean
  seen: Seen
}

const once = { wasPublic: true }
const never = { wasPublic: false }

/** The promise: what anybody sees. The administrator sees all of it, wherever one record is asked for. */
const cases: Case[] = [
  { status: 'published', visibility: 'open', ...once, seen: 'whole' },
  { status: 'published', visibility: 'on-request', ...once, seen: 'described' },
  { status: 'published', visibility: 'closed', ...once, seen: 'gone' },
  { status: 'published', visibility: 'closed', ...never, seen: 'unknown' },
  { status: 'draft', visibility: 'open', ...once, seen: 'gone' },
  { status: 'draft', visibility: 'open', ...never, seen: 'unknown' },
  { status: 'draft', visibility: 'on-request', ...once, seen: 'gone' },
  { status: 'draft', visibility: 'on-request', ...never, seen: 'unknown' },
  { status: 'draft', visibility: 'closed', ...once, seen: 'gone' },
  { status: 'draft', visibility: 'closed', ...never, seen: 'unknown' },
  { status: 'withdrawn', visibility: 'open', ...once, seen: 'gone' },
  { status: 'withdrawn', visibility: 'open', ...never, seen: 'unknown' },
  { status: 'withdrawn', visibility: 'on-request', ...once, seen: 'gone' },
  { status: 'withdrawn', visibility: 'on-request', ...never, seen: 'unknown' },
  { status: 'withdrawn', visibility: 'closed', ...once, seen: 'gone' },
  { status: 'withdrawn', visibility: 'closed', ...never, seen: 'unknown' },
]

interface Kept extends Case {
  id: string
  identifier: string
  image: string
  /** The SHA-256 of a file of it that is no picture. */
  note: string
  /** A word that stands in its title, its keywords, its type and its file's name, and nowhere else. */
  word: string
}

interface Answer {
  status: number
  text: string
}

type Ask = (address: string, headers?: Record<string, string>) => Promise<Answer>

interface Door {
  name: string
  /** What this door shows of a record, in a word or two. */
  ask(house: RunningBrick, record: Kept, ask: Ask): Promise<string>
  public: Record<Seen, string>
  /** Left out: the same as the public gets, for lists and harvests are made for everybody. */
  administrator?: string
}

const status = ({ status: code }: Answer): string => String(code)

/** An OAI-PMH answer's one record, or one of a list. */
function harvested({ text }: Answer, { identifier, image, word }: Kept): string {
  const error = /<error code="(\w+)"/.exec(text)?.[1]
  if (error) return error
  const mark = `<identifier>${identifier}</identifier>`
  const at = text.split('<header').find((each) => each.includes(mark))
  if (!at) return 'absent'
  if (at.startsWith(' status="deleted"')) return 'deleted'
  if (!at.includes('<metadata>')) return 'named'
  return `${at.includes(word) ? 'described' : 'empty'}${at.includes(image) ? ' with picture' : ''}`
}

/** What a list or page shows of a record: its words, its picture. */
function shown({ text }: Answer, { image, word }: Kept): string {
  if (text.includes(image)) return 'with picture'
  return text.includes(word) ? 'in words' : 'absent'
}

const lists = { whole: 'with picture', described: 'in words', gone: 'absent', unknown: 'absent' }
const files = { whole: '200', described: '401', gone: '410', unknown: '404' }
const described = { ...files, described: '200' }

const doors: Door[] = [
  {
    name: 'API, what looks alike',
    ask: async ({ ctx }, { id }, ask) => {
      const answer = await ask(`${ctx.links.api('records', id)}/alike`)
      // All pictures are one painting: there are many to be found beside the one that everybody sees.
      const told = (answer.text.match(/zq\w+/g) ?? []).filter(
        (word) => word !== 'zqpublishedopenonce',
      )
      return `${answer.status}${told.length ? ` ${told.join(' ')}` : ''}`
    },
    public: { whole: '200', described: '200', gone: '410', unknown: '404' },
    administrator: '200',
  },
  {
    name: 'OAI-PMH GetRecord, oai_dc',
    ask: async ({ ctx }, record, ask) =>
      harvested(
        await ask(
          `${ctx.links.oai()}?verb=GetRecord&metadataPrefix=oai_dc&identifier=${record.identifier}`,
        ),
        record,
      ),
    public: {
      whole: 'described',
      described: 'described',
      gone: 'deleted',
      unknown: 'idDoesNotExist',
    },
  },
  {
    name: 'OAI-PMH GetRecord, edm',
    ask: async ({ ctx }, record, ask) =>
      harvested(
        await ask(
          `${ctx.links.oai()}?verb=GetRecord&metadataPrefix=edm&identifier=${record.identifier}`,
        ),
        record,
      ),
    public: {
      whole: 'described with picture',
      described: 'described',
      gone: 'deleted',
      unknown: 'idDoesNotExist',
    },
  },
  {
    name: 'OAI-PMH GetRecord, mets',
    ask: async ({ ctx }, record, ask) =>
      harvested(
        await ask(
          `${ctx.links.oai()}?verb=GetRecord&metadataPrefix=mets&identifier=${record.identifier}`,
        ),
        record,
      ),
    public: {
      whole: 'described with picture',
      described: 'described',
      gone: 'deleted',
      unknown: 'idDoesNotExist',
    },
  },
  {
    name: 'OAI-PMH ListMetadataFormats',
    ask: async ({ ctx }, { identifier }, ask) =>
      /<error code="(\w+)"/.exec(
        (await ask(`${ctx.links.oai()}?verb=ListMetadataFormats&identifier=${identifier}`)).text,
      )?.[1] ?? 'formats',
    public: { whole: 'formats', described: 'formats', gone: 'formats', unknown: 'idDoesNotExist' },
  },
  {
    name: 'OAI-PMH ListIdentifiers',
    ask: async ({ ctx }, record, ask) =>
      harvested(await ask(`${ctx.links.oai()}?verb=ListIdentifiers&metadataPrefix=oai_dc`), record),
    public: { whole: 'named', described: 'named', gone: 'deleted', unknown: 'absent' },
  },
  {
    name: 'OAI-PMH ListRecords, edm, of a set',
    ask: async ({ ctx }, record, ask) =>
      harvested(
        await ask(`${ctx.links.oai()}?verb=ListRecords&metadataPrefix=edm&set=drawings`),
        record,
      ),
    public: {
      whole: 'described with picture',
      described: 'described',
      gone: 'deleted',
      unknown: 'absent',
    },
  },
  {
    name: 'OAI-PMH GetRecord, edm, as a page',
    ask: async ({ ctx }, record, ask) =>
      shown(
        await ask(
          `${ctx.links.oai()}?verb=GetRecord&metadataPrefix=edm&identifier=${record.identifier}`,
          { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
        ),
        record,
      ),
    public: lists,
  },
  {
    name: 'info.json',
    ask: async ({ ctx }, { image }, ask) =>
      status(await ask(`${ctx.links.imageService(image)}/info.json`)),
    public: described,
    administrator: '200',
  },
  {
    name: 'info.json, version 2',
    ask: async ({ ctx }, { image }, ask) =>
      status(await ask(`${ctx.links.imageService(image, 2)}/info.json`)),
    public: described,
    administrator: '200',
  },
  {
    name: 'an image',
    ask: async ({ ctx }, { image }, ask) => status(await ask(ctx.links.image(image, '40,'))),
    public: files,
    administrator: '200',
  },
  {
    name: 'the manifest',
    ask: async ({ ctx }, { id, word }, ask) => {
      const answer = await ask(ctx.links.manifest(id))
      return `${status(answer)}${answer.text.includes(`${word}.png`) ? ' with names of files' : ''}`
    },
    public: { ...described, whole: '200 with names of files' },
    administrator: '200 with names of files',
  },
  {
    name: 'the probe of an image',
    ask: async ({ ctx }, { image }, ask) => {
      const answer = await ask(ctx.links.iiifAuth('probe', image))
      const said = JSON.parse(answer.text) as { type?: string; status: number }
      return said.type === 'AuthProbeResult2' ? `says ${said.status}` : status(answer)
    },
    public: { whole: 'says 200', described: 'says 401', gone: '410', unknown: '404' },
    administrator: 'says 200',
  },
  {
    // Everybody else would see the small picture here, but none is allowed.
    name: 'the preview of an image',
    ask: async ({ ctx }, { image }, ask) =>
      status(await ask(ctx.links.image(ctx.links.preview(image), 'max'))),
    public: { whole: '404', described: '404', gone: '410', unknown: '404' },
    administrator: '404',
  },
  {
    // A manifest whose pictures not everybody may open is no item of a list of manifests.
    name: 'the IIIF collection',
    ask: async ({ ctx }, record, ask) =>
      shown(await ask(ctx.links.collectionManifest('drawings')), record),
    public: { ...lists, described: 'absent' },
  },
  {
    name: 'the search page',
    ask: async ({ ctx }, record, ask) => shown(await ask(ctx.links.search()), record),
    public: lists,
  },
  {
    name: 'a search for its title',
    ask: async ({ ctx }, { word, id }, ask) => {
      const { text } = await ask(ctx.links.search({ q: word, view: 'list' }))
      return text.includes(`href="${ctx.links.record(id)}"`) ? 'found' : 'absent'
    },
    public: { whole: 'found', described: 'found', gone: 'absent', unknown: 'absent' },
  },
  {
    name: 'the engine',
    ask: async ({ ctx }, record) => {
      const found = await ctx.engine.search({ limit: 100, facets: [...facets], facetLimit: 1000 })
      return shown({ status: 200, text: JSON.stringify(found) }, record)
    },
    public: lists,
  },
  {
    name: 'the page of the record',
    ask: async ({ ctx }, record, ask) => {
      const page = await ask(ctx.links.record(record.id), { accept: 'text/html' })
      return `${page.status} ${shown(page, record)}`
    },
    public: {
      whole: '200 with picture',
      described: '200 in words',
      gone: '410 absent',
      unknown: '404 absent',
    },
    administrator: '200 with picture',
  },
  {
    name: 'the page of the collection',
    ask: async ({ ctx }, record, ask) =>
      shown(await ask(ctx.links.collection('drawings'), { accept: 'text/html' }), record),
    public: lists,
  },
]

doors.push(
  {
    name: 'the JSON API, one record',
    ask: async ({ ctx }, record, ask) => {
      const answer = await ask(ctx.links.api('records', record.id))
      return `${answer.status} ${shown(answer, record)}`
    },
    public: {
      whole: '200 with picture',
      described: '200 in words',
      gone: '410 absent',
      unknown: '404 absent',
    },
    administrator: '200 with picture',
  },
  {
    name: 'the download of a file',
    ask: async ({ ctx }, { note }, ask) => status(await ask(ctx.links.file(note, 'note.txt'))),
    public: { ...files, described: '403' },
    administrator: '200',
  },
  {
    name: 'the JSON API, a list',
    ask: async ({ ctx }, record, ask) =>
      shown(await ask(`${ctx.links.api('records')}?limit=100`), record),
    public: lists,
  },
  {
    name: 'the sitemap',
    ask: async ({ ctx }, { id }, ask) => {
      const { text } = await ask(ctx.links.sitemap(1))
      return text.includes(`<loc>${ctx.links.record(id)}</loc>`) ? 'listed' : 'absent'
    },
    public: { whole: 'listed', described: 'listed', gone: 'absent', unknown: 'absent' },
  },
)

describe('every door', () => {
  let house: RunningBrick
  let folder: string
  let records: Kept[]
  let another: string

  const askAs =
    (headers: Record<string, string>): Ask =>
    async (address, more = {}) => {
      const response = await fetch(address, {
        redirect: 'manual',
        headers: { 'accept-language': 'en', ...headers, ...more },
      })
      return { status: response.status, text: await response.text() }
    }
  const anybody = askAs({})
  const administrator = askAs({ authorization: `Bearer ${token}` })

  async function picture(width: number, name: string): Promise<FileReference & { image: string }> {
    const path = join(folder, `${name}.png`)
    await painting(width, 50, path)
    const file = await ingest(house.ctx, path, { name: `${name}.png`, mustBeImage: true })
    return { ...file, image: file.image ?? assert.fail('no image was made') }
  }

  async function keep(collectionId: number, each: Case, index: number): Promise<Kept> {
    const word = `zq${each.status}${each.visibility.replace('-', '')}${each.wasPublic ? 'once' : 'never'}`
    const file = await picture(60 + index, word)
    writeFileSync(join(folder, 'note.txt'), `A note on ${word}`)
    const note = await ingest(house.ctx, join(folder, 'note.txt'), { name: 'note.txt' })
    const input = draft(collectionId, word, {
      files: [file, note],
      metadata: { title: word },
      dc: {
        title: [{ value: `Window ${word}`, language: 'en' }],
        description: [{ value: `A drawing of ${word}` }],
        subject: [{ value: 'window' }, { value: `keyword ${word}` }],
        type: [{ value: `type ${word}` }],
        language: [{ value: `language ${word}` }],
        date: [{ value: String(1900 + index) }],
        rights: [{ value: 'http://rightsstatements.org/vocab/InC/1.0/' }],
      },
    })
    if (each.wasPublic) await save(house.ctx, [input])
    const { status: now, visibility } = each
    const [saved] = await save(house.ctx, [{ ...input, status: now, visibility }])
    assert.ok(saved)
    const { id, identifier } = saved
    return { ...each, id, identifier, image: file.image, note: note.sha256, word }
  }

  async function collectionOf({ id }: Kept): Promise<number> {
    return (await findRecord(house.ctx, id))?.collectionId ?? assert.fail()
  }

  async function readPicture(image: string): Promise<Uint8Array<ArrayBuffer>> {
    const found = await imageById(house.ctx, image)
    const file = await openFile(house.ctx, found?.sha256 ?? '')
    return new Uint8Array(Buffer.concat(await file!.read().toArray()))
  }

  async function indexed(): Promise<void> {
    const { ctx } = house
    const { reader } = await ctx.engine.prepare()
    for (let tries = 0; (await position(ctx, reader)) < (await endOfLine(ctx)); tries++) {
      assert.ok(tries < 100, 'the index was not fed within ten seconds')
      await new Promise((done) => setTimeout(done, 100))
    }
    await ctx.engine.refresh()
  }

  before(async () => {
    house = await brick({ adminToken: token, operator: 'City archives' })
    folder = mkdtempSync(join(tmpdir(), 'campa-doors-'))
    const drawings = await collection(house.ctx, 'drawings')
    records = []
    for (const [index, each] of cases.entries()) records.push(await keep(drawings, each, index))
    const [other] = await save(house.ctx, [
      draft(drawings, 'other', {
        dc: { title: [{ value: 'Another' }], subject: [{ value: 'window' }] },
      }),
    ])
    another = other?.id ?? ''
    await indexed()
  })
  after(async () => {
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('has its line in the table', () => {
    const lines = new Set(cases.map((each) => `${each.status} ${each.visibility}`))
    const pairs = statuses.flatMap((one) => visibilities.map((other) => `${one} ${other}`))
    assert.deepEqual([...lines].toSorted(), pairs.toSorted())
  })

  for (const door of doors) {
    for (const who of ['anybody', 'administrator'] as const) {
      it(`${door.name} shows ${who} what the table says`, async () => {
        const ask = who === 'anybody' ? anybody : administrator
        const told: Record<string, string> = {}
        const promised: Record<string, string> = {}
        for (const record of records) {
          told[record.word] = await door.ask(house, record, ask)
          promised[record.word] =
            (who === 'administrator' ? door.administrator : undefined) ?? door.public[record.seen]
        }
        assert.deepEqual(told, promised)
      })
    }
  }

  it('that lists says nothing of what is hidden, and shows no picture that is on request', async () => {
    const { ctx } = house
    const { links } = ctx
    const oai = (verb: string): string => `${links.oai()}?verb=${verb}`
    const addresses = [
      links.home(),
      links.collections(),
      links.collection('drawings'),
      links.network(),
      links.search(),
      links.search({ view: 'list', sort: 'oldest-date' }),
      links.search({ q: 'window' }),
      links.search({ keyword: 'window', collection: 'drawings' }),
      links.record(another),
      ...records.filter((each) => each.seen === 'gone').map((each) => links.record(each.id)),
      links.openSearch(),
      links.api('records'),
      `${links.api('records')}?keyword=window`,
      ...records.filter((each) => each.seen === 'gone').map(({ id }) => links.api('records', id)),
      links.api('collections'),
      links.api('collections', 'drawings'),
      links.sitemap(),
      links.sitemap(0),
      links.sitemap(1),
      oai('Identify'),
      oai('ListSets'),
      oai('ListIdentifiers&metadataPrefix=oai_dc'),
      oai('ListRecords&metadataPrefix=oai_dc'),
      oai('ListRecords&metadataPrefix=edm'),
      links.collectionManifests(),
      links.collectionManifest('drawings'),
      `${links.collectionManifest('drawings')}/pages/0`,
      `${ctx.config.baseUrl}/metrics`,
    ]
    for (const address of addresses) {
      const { status: code, text } = await anybody(address)
      assert.ok([200, 410].includes(code), `${address} answers ${code}`)
      const told = records.filter(
        ({ seen, word, image }) =>
          (text.includes(image) && seen !== 'whole') ||
          (text.includes(word) && !['whole', 'described'].includes(seen)),
      )
      assert.deepEqual(
        told.map(({ word }) => word),
        [],
        address,
      )
    }
  })

  it('that a picture opens shows those records only whose files anybody may see', async () => {
    const { ctx } = house
    const whole = records.filter(({ seen }) => seen === 'whole').map(({ word }) => word)
    for (const { image } of records) {
      // All of them are one painting in several sizes: each would find all.
      const body = await readPicture(image)
      for (const authorization of [{}, { authorization: `Bearer ${token}` }]) {
        for (const address of [ctx.links.api('search', 'image'), ctx.links.searchByImage()]) {
          const response = await fetch(address, { method: 'POST', body, headers: authorization })
          const text = await response.text()
          assert.equal(response.status, 200, text)
          const told = records.filter((each) => text.includes(each.word)).map(({ word }) => word)
          assert.deepEqual(told, whole)
        }
      }
    }
  })

  it('counts only what is public', async () => {
    const { ctx } = house
    const { total, histogram } = await ctx.engine.search({ limit: 0, histogram: true })
    assert.equal(total, 3)
    assert.deepEqual(
      histogram.map(({ year }) => year),
      [1900, 1901],
    )
    for (const address of [ctx.links.home(), ctx.links.search(), ctx.links.collection('drawings')])
      assert.match((await anybody(address, { accept: 'text/html' })).text, /\b3 objects\b/, address)
  })

  it('shows an image that a public record holds too', async () => {
    const { ctx } = house
    const hidden = records.find((each) => each.seen === 'unknown') ?? assert.fail()
    const collectionId = await collectionOf(hidden)
    const shared = await picture(300, 'shared')
    const keepShared = async (key: string, visibility: Visibility): Promise<void> => {
      const files = [shared]
      await save(ctx, [draft(collectionId, key, { files, visibility })])
    }
    await keepShared('closed', 'closed')
    const address = ctx.links.image(shared.image, '40,')
    assert.equal((await anybody(address)).status, 404)
    await keepShared('open', 'open')
    assert.equal((await anybody(address)).status, 200)
  })

  it('keeps the pictures of a harvested record back that is shown on request', async () => {
    const { ctx } = house
    const asked = records.find((each) => each.seen === 'described') ?? assert.fail()
    const home = 'https://leaf.example.org/records/1'
    const secret = 'https://leaf.example.org/secret'
    const links = { homepage: home, thumbnail: secret, image: secret, manifest: secret }
    await ctx.db.query(
      `INSERT INTO sources (id, slug, url, name, every_minutes)
       VALUES (1, 'leaf', 'https://leaf.example.org/oai', 'Leaf', 1440)`,
    )
    const input = draft(await collectionOf(asked), 'oai:leaf:1', {
      visibility: 'on-request',
      source: { format: 'edm' },
      dc: {
        title: [{ value: 'A window' }],
        type: [{ value: 'Image' }],
        rights: [{ value: 'http://rightsstatements.org/vocab/InC/1.0/' }],
      },
      harvested: {
        sourceId: 1,
        identifier: 'oai:leaf:1',
        xml: Buffer.from(`<edm>${secret}</edm>`),
        links,
        keeper: { name: 'Leaf' },
        origins: [],
      },
    })
    const [saved] = await save(ctx, [input])
    await indexed()
    const addresses = [
      ctx.links.search(),
      ctx.links.record(saved?.id ?? ''),
      ctx.links.collectionManifest('drawings'),
      `${ctx.links.oai()}?verb=GetRecord&metadataPrefix=edm&identifier=oai:leaf:1`,
    ]
    for (const address of addresses)
      assert.doesNotMatch((await anybody(address)).text, /secret/, address)
    assert.ok((await anybody(addresses.at(-1) ?? '')).text.includes(home))
    assert.equal((await anybody(ctx.links.manifest(saved?.id ?? ''))).status, 401)
  })

  it('knows no closed collection, whatever lies in it', async () => {
    const { ctx } = house
    const cellar = await ensureCollection(ctx, {
      slug: 'cellar',
      title: { en: 'Zqcellar' },
      profile: 'dublin-core',
      visibility: 'closed',
    })
    const [saved] = await save(ctx, [
      draft(cellar.id, 'lost', { dc: { title: [{ value: 'Lost' }] } }),
    ])
    const { id = '', identifier = '' } = saved ?? {}
    await indexed()
    const addresses = [
      ctx.links.home(),
      ctx.links.collections(),
      ctx.links.search(),
      ctx.links.record(id),
      ctx.links.collectionManifests(),
      ctx.links.api('records'),
      ctx.links.api('records', id),
      ctx.links.api('collections'),
      ctx.links.sitemap(0),
      `${ctx.links.oai()}?verb=ListSets`,
      `${ctx.links.oai()}?verb=GetRecord&metadataPrefix=oai_dc&identifier=${identifier}`,
    ]
    for (const address of addresses) {
      const { status: code, text } = await anybody(address)
      assert.equal(code, 200)
      assert.doesNotMatch(text, /cellar/i, address)
    }
    assert.doesNotMatch(
      (await anybody(ctx.links.search({ collection: 'cellar' }))).text,
      /Zqcellar/,
    )
    for (const [address, unknown] of [
      [ctx.links.collection('cellar'), ctx.links.collection('attic')],
      [ctx.links.collectionManifest('cellar'), ctx.links.collectionManifest('attic')],
      [ctx.links.api('collections', 'cellar'), ctx.links.api('collections', 'attic')],
    ] as const) {
      const [closed, none] = [await anybody(address), await anybody(unknown)]
      assert.deepEqual([closed.status, none.status], [404, 404])
      assert.equal(closed.text.replaceAll('cellar', 'attic'), none.text)
    }
    assert.equal((await administrator(ctx.links.collection('cellar'))).status, 200)
  })
})
