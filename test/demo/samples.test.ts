import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { makeSamples, samplePlan, type SampleCollection } from '../../demo/samples.ts'

type Row = Record<string, unknown>
type Text = Record<'fr' | 'en', string>

const plans = samplePlan()
const rowsOf = (slug: string): Row[] =>
  plans.find((plan) => plan.slug === slug)?.entries.map((entry) => entry.row) ?? []
const imagesOf = (row: Row) =>
  (typeof row['image'] === 'string' ? row['image'] : '').split('|').filter(Boolean)

describe('demo: the catalogues', () => {
  it('describe about 84 records and at least 64 pictures in four collections', () => {
    const entries = plans.flatMap((plan) => plan.entries)
    assert.deepEqual(
      plans.map(({ leaf, slug, profile }) => `${leaf}/${slug}: ${profile}`),
      [
        'museum/dessins-du-confinement: museum-object',
        'museum/affiches: museum-object',
        'archive/rues-desertes: photograph',
        'archive/donnees-du-confinement: dataset',
      ],
    )
    assert.equal(entries.length, 84)
    assert.ok(entries.flatMap((entry) => entry.pictures).length >= 64)
  })

  it('give every record a number of its own, a date and a rights URI', () => {
    const rows = plans.flatMap((plan) => plan.entries.map((entry) => entry.row))
    const numbers = rows.map(
      (row) => row['inventory_number'] ?? row['reference_code'] ?? row['identifier'],
    )
    assert.equal(new Set(numbers).size, rows.length)
    const date = /^20(20|21)-\d\d(-\d\d)?(\/20(20|21)-\d\d(-\d\d)?)?$/
    for (const row of rows) {
      assert.match(String(row['date']), date)
      assert.match(
        String(row['rights'] ?? row['licence']),
        /^https?:\/\/(creativecommons|rightsstatements)\.org\//,
      )
    }
  })

  it('say everything in French and in English', () => {
    for (const row of [...rowsOf('dessins-du-confinement'), ...rowsOf('affiches')]) {
      for (const field of ['title', 'object_type', 'material', 'description', 'subjects']) {
        assert.ok(
          row[`${field}_fr`] && row[`${field}_en`],
          `${String(row['inventory_number'])} ${field}`,
        )
      }
      const count = (text: unknown) => String(text).split('|').length
      assert.equal(count(row['subjects_fr']), count(row['subjects_en']))
    }
    for (const row of [...rowsOf('rues-desertes'), ...rowsOf('donnees-du-confinement')]) {
      for (const field of ['title', 'description', row['photographer'] ? 'process' : 'method']) {
        const { fr, en } = row[field] as Text
        assert.ok(fr && en && fr !== en, `${JSON.stringify(row['title'])} ${field}`)
      }
      const { fr, en } = row['subjects'] as Record<'fr' | 'en', string[]>
      assert.ok(fr.length > 0 && fr.length === en.length)
    }
  })

  it('keep French spaces from breaking, and use accents', () => {
    const text = JSON.stringify(plans.map((plan) => [plan.description.fr, ...plan.entries.map(({ row }) => [row['title_fr'], row['description_fr'], row['title'], row['description']])])) // prettier-ignore
    const french = text.replaceAll(/"en":"[^"]*"/g, '')
    assert.doesNotMatch(french, / [:;!?»]|« /)
    assert.doesNotMatch(french, /\p{L}'\p{L}/u)
    assert.ok(
      rowsOf('dessins-du-confinement').some((row) => /fenêtre/.test(String(row['title_fr']))),
    )
    assert.ok(
      rowsOf('dessins-du-confinement').some((row) =>
        /école à la maison/.test(String(row['subjects_fr'])),
      ),
    )
  })

  it('name exactly the pictures that are drawn', () => {
    for (const plan of plans) {
      const drawn = plan.entries.flatMap((entry) => entry.pictures.map(({ name }) => name))
      assert.equal(new Set(drawn).size, drawn.length)
      assert.deepEqual(
        plan.entries.flatMap(({ row }) => imagesOf(row)),
        drawn,
      )
      for (const name of drawn) assert.match(name, /^[A-Za-z0-9.-]+\.(jpg|png|tif)$/)
    }
  })
})

describe('demo: makeSamples', function () {
  this.timeout(120_000)
  let directory: string
  let collections: SampleCollection[]
  const progress: [number, number][] = []

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'campa-samples-'))
    collections = await makeSamples(directory, {
      only: 4,
      onProgress: (...step) => progress.push(step),
    })
  })
  after(async () => rm(directory, { recursive: true, force: true }))

  it('writes pictures that can be decoded, and reports each', async () => {
    const names = await readdir(directory, { recursive: true })
    assert.ok(!names.some((name) => name.endsWith('.part')))
    const files = names.filter((name) => /\.(jpg|png|tif)$/.test(name))
    assert.equal(files.length, 4)
    assert.deepEqual(progress.at(-1), [4, 4])
    for (const name of files) {
      const { channels } = await sharp(path.join(directory, name)).stats()
      assert.equal(channels.length, 3)
      assert.ok(
        channels.some(({ stdev }) => stdev > 12),
        `${name} is a blank sheet`,
      )
    }
  })

  it('writes metadata that name pictures in their folder', async () => {
    assert.equal(collections.length, 4)
    for (const { file, images, slug } of collections) {
      const text = await readFile(file, 'utf8')
      const rows: Row[] = file.endsWith('.csv')
        ? parse(text, { columns: true, delimiter: slug === 'affiches' ? ',' : ';' })
        : text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Row)
      assert.equal(rows.length, 1)
      for (const name of rows.flatMap(imagesOf)) {
        assert.ok((await stat(path.join(images ?? '', name))).size > 10_000)
      }
    }
  })

  it('does not draw again what is there', async () => {
    const images = collections[0]?.images ?? ''
    const [name = ''] = await readdir(images)
    const before = await stat(path.join(images, name))
    await makeSamples(directory, { only: 4 })
    assert.equal((await stat(path.join(images, name))).mtimeMs, before.mtimeMs)
  })
})
