import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import type { Brick } from '../../server/brick.ts'
import { findCollection } from '../../server/collections/collections.ts'
import { csvLine } from '../../server/deposit/csv.ts'
import {
  planImport,
  runImport,
  type ImportOptions,
  type ImportReport,
} from '../../server/deposit/deposit.ts'
import { openTable } from '../../server/deposit/rows.ts'
import {
  findByIdentifier,
  findByKey,
  readLine,
  type LineRecord,
} from '../../server/records/records.ts'
import { tools } from '../house.ts'
import { workbook } from './zip.ts'

describe('an import', () => {
  let brick: Brick
  let folder: string
  let number = 0
  before(async () => {
    brick = await tools()
    folder = mkdtempSync(join(tmpdir(), 'campa-import-'))
  })
  after(async () => {
    await brick.close()
    rmSync(folder, { recursive: true })
  })

  const file = (content: string | Buffer, name = `table-${++number}.csv`): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  const run = async (
    path: string,
    options: Partial<ImportOptions> = {},
  ): Promise<ImportReport & { slug: string }> => {
    const slug = options.collection ?? `c${++number}`
    const all = { collection: slug, rejected: join(folder, `${slug}.rejected`), ...options }
    const report = await runImport(brick.ctx, await planImport(brick.ctx, path, all), all)
    return { ...report, slug }
  }

  const records = async (slug: string): Promise<LineRecord[]> => {
    const collection = await findCollection(brick.ctx, slug)
    return (await readLine(brick.ctx, 0, 100_000)).filter(
      (each) => each.collectionId === collection?.id,
    )
  }

  const drawings =
    'id;Titre;Auteurs;Mots-clés\n1;Fenêtre;Lina;arc-en-ciel|école\n2;Balcons;Tom;bravo\n'

  it('makes Dublin Core of columns that it knows, in their language, and keeps the row as it came', async () => {
    const { slug, added } = await run(file(drawings), { language: 'fr' })
    assert.equal(added, 2)
    const [first] = await records(slug)
    assert.deepEqual(first?.dc, {
      title: [{ value: 'Fenêtre', language: 'fr' }],
      creator: [{ value: 'Lina', language: 'fr' }],
      subject: [
        { value: 'arc-en-ciel', language: 'fr' },
        { value: 'école', language: 'fr' },
      ],
    })
    const kept = await findByIdentifier(brick.ctx, first.identifier)
    assert.deepEqual(kept?.source, {
      id: '1',
      Titre: 'Fenêtre',
      Auteurs: 'Lina',
      'Mots-clés': 'arc-en-ciel|école',
    })
  })

  it('changes nothing the second time, and only what changed the third', async () => {
    const { slug } = await run(file(drawings))
    const before = await records(slug)
    const again = await run(file(drawings), { collection: slug })
    assert.deepEqual([again.added, again.changed, again.unchanged], [0, 0, 2])
    assert.deepEqual(await records(slug), before)
    const third = await run(file(drawings.replace('Balcons', 'Les balcons')), { collection: slug })
    assert.deepEqual([third.added, third.changed, third.unchanged], [0, 1, 1])
    const after = await records(slug)
    assert.equal(after[0]?.sequence, before[0]?.sequence)
    assert.ok((after[1]?.sequence ?? 0) > (before[1]?.sequence ?? 0))
  })

  for (const [name, content] of Object.entries({
    'comma, UTF-8': 'id,titre\n1,"Été, à la fenêtre"\n',
    'semicolon, UTF-8 with a mark, CRLF': '\uFEFFid;titre\r\n1;Été, à la fenêtre\r\n',
    'tab, UTF-16': Buffer.from('\uFEFFid\ttitre\n1\tÉté, à la fenêtre\n', 'utf16le'),
    'bar, windows-1252': Buffer.from('id|titre\n1|Été, à la fenêtre\n', 'latin1'),
    'semicolon, macintosh': Buffer.from(
      'id;titre\n1;Été, à la fenêtre\n'
        .replace('É', '\u0083')
        .replaceAll('é', '\u008e')
        .replace('à', '\u0088')
        .replace('ê', '\u0090'),
      'latin1',
    ),
    gzipped: gzipSync('id,titre\n1,"Été, à la fenêtre"\n'),
  })) {
    it(`reads a table of ${name}`, async () => {
      const { slug } = await run(file(content))
      assert.equal((await records(slug))[0]?.dc.title?.[0]?.value, 'Été, à la fenêtre')
    })
  }

  it('reads NDJSON, a JSON list, an envelope around a list, texts in several languages and nested names', async () => {
    const row = {
      id: 'a',
      title: { fr: 'Fenêtre', en: 'Window' },
      contributors: [{ fc: 'Lina' }, { fc: 'Tom' }],
      subject: ['sky', 'rain'],
    }
    for (const [name, text] of [
      ['x.ndjson', `${JSON.stringify(row)}\n`],
      ['x.json', JSON.stringify([row])],
      ['y.json', JSON.stringify({ count: 1, records: [row, { ...row, id: 'b' }] }, null, 1)],
    ] as const) {
      const { slug } = await run(file(text, name))
      const [first] = await records(slug)
      assert.deepEqual(first?.dc.title, [
        { value: 'Fenêtre', language: 'fr' },
        { value: 'Window', language: 'en' },
      ])
      assert.deepEqual(
        first.dc.creator?.map((each) => each.value),
        ['Lina', 'Tom'],
      )
      assert.deepEqual(
        first.dc.subject?.map((each) => each.value),
        ['sky', 'rain'],
      )
    }
  })

  it('reads a workbook: shared and inline texts, numbers, dates, gaps', async () => {
    const path = file(
      workbook(
        ['id', 'Titre', 'Date', 'Fenêtre &amp; ciel'],
        [
          '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="s"><v>2</v></c>',
          '<c r="A2"><v>7</v></c><c r="B2" t="s"><v>3</v></c><c r="D2" s="1"><v>43907</v></c>',
          '<c r="A3"><v>8</v></c><c r="B3" t="inlineStr"><is><t>Balcons</t></is></c>',
        ],
      ),
      'book.xlsx',
    )
    const { slug, added } = await run(path)
    assert.equal(added, 2)
    const [first, second] = await records(slug)
    assert.deepEqual(first?.dc, {
      title: [{ value: 'Fenêtre & ciel' }],
      date: [{ value: '2020-03-17' }],
    })
    assert.deepEqual([first.key, second?.key, second?.dc.title?.[0]?.value], ['7', '8', 'Balcons'])
  })

  it('takes the columns that --map names, and the others only where it says so', async () => {
    const path = file('id;A;B;Titre\n1;Lune;ciel / nuit;Autre\n')
    const only = await run(path, { map: 'A=title@fr, B=subject[/]' })
    assert.deepEqual((await records(only.slug))[0]?.dc, {
      title: [{ value: 'Lune', language: 'fr' }],
      subject: [{ value: 'ciel' }, { value: 'nuit' }],
    })
    const rest = await run(path, { map: 'A=alternative, *' })
    assert.deepEqual(
      (await records(rest.slug))[0]?.dc.title?.map((each) => each.value),
      ['Autre', 'Lune'],
    )
  })

  it('reads a vocabulary as concepts, labels whole and links apart', async () => {
    const row = {
      scheme: 'arts',
      id: 'http://vocab.example/1',
      prefLabel: { en: 'Birth; death', fr: 'Naissance ; mort' },
      altLabel: { en: ['Beginning', 'End'] },
      broader: ['http://vocab.example/2', 'http://vocab.example/3'],
      notation: ['42A'],
    }
    const { slug } = await run(file(`${JSON.stringify(row)}\n`, 'concepts.ndjson'), {
      profile: 'concept',
    })
    const [concept] = await records(slug)
    assert.deepEqual(concept?.dc.title, [
      { value: 'Birth; death', language: 'en' },
      { value: 'Naissance ; mort', language: 'fr' },
      { value: 'Beginning', language: 'en', term: 'alternative' },
      { value: 'End', language: 'en', term: 'alternative' },
    ])
    assert.deepEqual(
      concept.metadata['broader'],
      row.broader.map((value) => ({ value })),
    )
    assert.deepEqual(concept.dc.identifier, [{ value: row.id }, { value: '42A' }])
  })

  it('keeps rows that repeat a guessed identifier, and refuses them when --id names the column', async () => {
    const table = `id,title\n${Array.from({ length: 1100 }, (_, index) => `${index},t${index}\n`).join('')}5,again\n`
    const guessed = await run(file(table))
    assert.deepEqual([guessed.added, guessed.repeated, guessed.refused], [1101, 1, 0])
    const stated = await run(file(table), { id: 'id' })
    assert.deepEqual([stated.added, stated.refused], [1100, 1])
    assert.match(
      readFileSync(stated.rejected ?? '', 'utf8'),
      /1102,id,5,an earlier row has the same identifier/,
    )
  })

  it('knows rows without an identifier by their content, twins too', async () => {
    const table = 'parent,child\n1,2\n1,3\n1,2\n'
    const first = await run(file(table))
    assert.equal(first.added, 3)
    const again = await run(file(table), { collection: first.slug })
    assert.deepEqual([again.added, again.unchanged], [0, 3])
  })

  it('refuses rows one by one, in a file that can be corrected and imported again', async () => {
    const table =
      'id,titre,tweets\n1,un,12\n2,deux,many\n3,"trois"" et"" plus",13\n4,quatre\n5,"ci"nq,1\n6,six,14\n'
    const first = await run(file(table), { profile: 'dataset' })
    assert.deepEqual([first.rows, first.added, first.refused], [6, 3, 3])
    const rejected = readFileSync(first.rejected ?? '', 'utf8')
    assert.match(rejected, /^id,titre,tweets,campa:line,campa:column,campa:value,campa:reason\n/)
    assert.match(rejected, /2,deux,many,3,tweets,many,size must be number/)
    assert.match(
      rejected,
      /4,quatre,,5,titre,quatre,it has 2 cells where the first line names 3 columns/,
    )
    assert.match(rejected, /,,,6,,.*a quotation mark stands inside a quoted cell/s)
    const corrected = rejected.replace('deux,many', 'deux,99').split('\n').slice(0, 2).join('\n')
    const second = await run(file(corrected), { collection: first.slug, profile: 'dataset' })
    assert.deepEqual([second.added, second.refused], [1, 0])
    const made = await findByKey(
      brick.ctx,
      (await findCollection(brick.ctx, first.slug))?.id ?? 0,
      '2',
    )
    assert.deepEqual(made?.source, { id: '2', titre: 'deux', tweets: '99' })
  })

  it('refuses the lines of a mixed encoding, readable in the report, and takes the others', async () => {
    const mixed = Buffer.concat([
      Buffer.from('id,titre\n1,Fenêtre\n2,Élève\n'),
      Buffer.from('3,\xC9cole\n', 'latin1'),
      Buffer.from('4,Été\n'),
    ])
    const { added, refused, rejected } = await run(file(mixed))
    assert.deepEqual([added, refused], [3, 1])
    assert.match(
      readFileSync(rejected ?? '', 'utf8'),
      /^3,École,4,titre,École,"it holds bytes that are not UTF-8/m,
    )
  })

  it('says where a quotation mark was opened and never closed, and keeps what came before and after', async () => {
    const { added, faults } = await run(file('id,title\n1,one\n2,"two\n3,three\n4,four\n'))
    assert.equal(added, 3)
    assert.equal(faults[0]?.line, 3)
    assert.match(faults[0]?.fault.reason ?? '', /none closes it/)
  })

  it('replaces what neither XML nor the database can carry', async () => {
    const { slug } = await run(
      file('{"id":"1","title":"a\\u0000b\\u0003c\\ud800d"}\n', 'odd.ndjson'),
    )
    const [first] = await records(slug)
    assert.equal(first?.dc.title?.[0]?.value, 'a\uFFFDb\uFFFDc\uFFFDd')
  })

  it('tells on which line and in which column it replaced a character', async () => {
    const table = await run(file('id,title,subject\n1,plain,x\n2,a\u0003b,c|d\u0008\n'))
    assert.deepEqual([table.added, table.refused, table.repaired], [2, 0, 1])
    assert.deepEqual(table.repairs, [
      { line: 3, column: 'title' },
      { line: 3, column: 'subject' },
    ])
    assert.equal((await records(table.slug))[1]?.dc.title?.[0]?.value, 'a\uFFFDb')
    const lines = ['{"id":"1","title":"x"}', '{"id":"2","title":{"fr":"a\\u0003b"}}']
    const json = await run(file(lines.join('\n'), 'control.ndjson'))
    assert.deepEqual(json.repairs, [{ line: 2, column: 'title' }])
    const [, second] = await records(json.slug)
    assert.deepEqual(second?.dc.title, [{ value: 'a\uFFFDb', language: 'fr' }])
  })

  describe('with pictures', () => {
    let images: string
    before(async () => {
      images = mkdtempSync(join(tmpdir(), 'campa-images-'))
      const picture = sharp({
        create: { width: 900, height: 600, channels: 3, background: '#d7263d' },
      })
      await picture.jpeg().toFile(join(images, 'a.jpg'))
      await picture.rotate(90).jpeg().toFile(join(images, 'b.jpg'))
      writeFileSync(join(images, 'page.jpg'), '<html>not a picture</html>')
      writeFileSync(join(images, 'empty.jpg'), '')
    })
    after(() => rmSync(images, { recursive: true }))

    it('attaches those that a column names, several in one cell', async () => {
      const { slug, images: taken } = await run(file('id,title,image\n1,two,a.jpg|b.jpg\n'), {
        images,
      })
      assert.equal(taken, 2)
      const [record] = await records(slug)
      assert.deepEqual(
        record?.files.map((each) => [each.width, each.height]),
        [
          [900, 600],
          [600, 900],
        ],
      )
    })

    it('refuses a row whose picture is none, empty, missing or outside the folder, and imports nothing of it', async () => {
      const table =
        'id,title,image\n1,x,a.jpg|page.jpg\n2,x,empty.jpg\n3,x,nowhere.jpg\n4,x,../../etc/passwd\n5,x,a.jpg\n'
      const { added, refused, faults } = await run(file(table), { images })
      assert.deepEqual([added, refused], [1, 4])
      for (const { fault } of faults) assert.equal(fault.column, 'image')
    })

    it('says which columns there are when none holds file names', async () => {
      await assert.rejects(
        planImport(brick.ctx, file('id,title\n1,x\n'), { collection: 'none', images }),
        /no column "image", "images" or "file".*id, title/,
      )
    })
  })

  const hopeless: [string, string | Buffer, Partial<ImportOptions>, RegExp][] = [
    ['an empty file', '', {}, /is empty/],
    ['a file of nothing gzipped', gzipSync(''), {}, /is empty/],
    ['a header without rows', 'id,title\n', {}, /no rows/],
    ['a PDF', '%PDF-1.7 …', {}, /not a text file/],
    ['an archive', Buffer.from('PK\u0003\u0004…'), {}, /ZIP archive/],
    [
      'a column that does not exist',
      'id,title\n1,x\n',
      { map: 'Tytle=title' },
      /no column "Tytle"; its columns are "id", "title"/,
    ],
    [
      'a field that does not exist',
      'id,title\n1,x\n',
      { map: 'title=titel' },
      /no field "titel"; its fields are title, /,
    ],
    ['an identifier column that does not exist', 'id,title\n1,x\n', { id: 'nr' }, /no column "nr"/],
    [
      'a profile that does not exist',
      'id,title\n1,x\n',
      { profile: 'sculpture' },
      /no profile "sculpture"; there are concept, dataset, /,
    ],
    ['an encoding that does not exist', 'id,title\n1,x\n', { encoding: 'utf-9' }, /no encoding/],
  ]
  for (const [what, content, options, message] of hopeless) {
    it(`refuses ${what} with one sentence and makes no collection`, async () => {
      const collection = `hopeless${++number}`
      await assert.rejects(
        planImport(brick.ctx, file(content), { collection, ...options }),
        message,
      )
      assert.equal(await findCollection(brick.ctx, collection), undefined)
    })
  }

  it('refuses a damaged archive and a missing file', async () => {
    await assert.rejects(openTable(file(gzipSync('id,title\n1,x\n').subarray(0, 20))), /damaged/)
    await assert.rejects(openTable(join(folder, 'nowhere.csv')), /There is no file/)
  })

  it('writes no report where nothing was refused', async () => {
    const { slug, rejected } = await run(file(drawings))
    assert.equal(rejected, undefined)
    assert.ok(!existsSync(join(folder, `${slug}.rejected`)))
  })

  it('reads back whatever a spreadsheet can write', async () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((text) => text.replace(/[\r\uFEFF\uFDD0]/g, ''))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(',', ';', '\t'),
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 }),
        async (delimiter, rows) => {
          const path = file(
            [['alpha', 'beta', 'gamma'], ...rows].map((row) => csvLine(row, delimiter)).join(''),
            'any.csv',
          )
          const table = await openTable(path, { delimiter })
          const read: string[][] = []
          for await (const { source, fault } of table.rows()) {
            assert.equal(fault, undefined)
            read.push(
              ['alpha', 'beta', 'gamma'].map((name) => (source[name] as string | undefined) ?? ''),
            )
          }
          assert.deepEqual(
            read,
            rows.filter((row) => row.some((each) => each !== '')),
          )
        },
      ),
      { numRuns: 60 },
    )
  })
})
