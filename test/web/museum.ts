// A small museum for the tests of pages: a running brick, its records, and a search engine in memory that knows them.
import { createHash } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import type { RunningBrick } from '../../server/brick.ts'
import { ensureCollection } from '../../server/collections/collections.ts'
import { save, withdraw, type RecordInput } from '../../server/records/records.ts'
import { brick, draft } from '../house.ts'
import { fakeEngine, sample } from './fake.ts'

export interface Museum extends RunningBrick {
  /** Addresses of pages by what they show. */
  at: Record<
    'drawing' | 'words' | 'request' | 'withdrawn' | 'closed' | 'harvested' | 'hostile',
    string
  >
  get(address: string, headers?: Record<string, string>): Promise<Response>
}

const lead = '<script>alert(1)</script>" onload="alert(2)'

export async function museum(overrides: Partial<Config> = {}): Promise<Museum> {
  const running = await brick({
    name: 'Mémoire de la pandémie',
    operator: 'Archives municipales',
    parentUrl: 'https://national.example.org',
    adminToken: 'a-token-of-sixteen-letters',
    ...overrides,
  })
  const { ctx } = running
  const top = await ensureCollection(ctx, {
    slug: 'drawings',
    title: { fr: 'Dessins d’enfants', en: 'Children’s drawings' },
    description: { fr: 'Dessinés au printemps 2020.' },
    profile: 'dublin-core',
    rights: 'https://creativecommons.org/licenses/by-nc/4.0/',
  })
  const schools = await ensureCollection(ctx, {
    slug: 'schools',
    parentId: top.id,
    title: { fr: 'Écoles', en: 'Schools' },
    profile: 'dublin-core',
  })
  const image = await registerImage(running)
  const records: Record<keyof Museum['at'], RecordInput> = {
    drawing: draft(schools.id, 'drawing', {
      dc: {
        title: [
          { value: 'Ma classe à la maison', language: 'fr' },
          { value: 'My class at home', language: 'en' },
        ],
        creator: [{ value: 'Noé, 7 ans' }],
        date: [{ value: '4 mai 2020' }],
        type: [{ value: 'StillImage' }],
        subject: [{ value: 'école' }, { value: 'écran' }],
        description: [{ value: 'Six camarades dans six fenêtres.', language: 'fr' }],
        coverage: [{ value: 'Grenoble' }],
        rights: [{ value: 'http://creativecommons.org/publicdomain/zero/1.0/' }],
      },
      files: [image, image],
    }),
    words: draft(top.id, 'words'),
    request: draft(top.id, 'request', { visibility: 'on-request', files: [image] }),
    withdrawn: draft(top.id, 'withdrawn'),
    closed: draft(top.id, 'closed', { visibility: 'closed' }),
    harvested: draft(top.id, 'harvested'),
    hostile: draft(top.id, 'hostile', {
      dc: {
        title: [{ value: lead }],
        description: [{ value: lead, language: '"><b>' }],
        identifier: [{ value: 'javascript:alert(3)' }],
        subject: [{ value: lead }],
        rights: [{ value: lead }],
      },
    }),
  }
  const saved = await save(ctx, Object.values(records))
  await withdraw(ctx, [saved[3]?.identifier ?? ''])
  await harvestInto(running, saved[5]?.id ?? '')
  const documents = Object.values(records).map((input, index) =>
    sample(Number(saved[index]?.id), {
      title: input.dc.title ?? [],
      creator: input.dc.creator ?? [],
      description: input.dc.description ?? [],
      date: input.dc.date ?? [],
      keywords: input.dc.subject ?? [],
      types: input.dc.type ?? [],
      languages: index % 2 ? ['fr'] : ['en'],
      years: { from: 2015 + index, to: 2015 + index },
      collections: input.collectionId === schools.id ? ['schools', 'drawings'] : ['drawings'],
      keeper: { name: index % 3 ? ctx.config.name : 'Musée de la ville' },
      ...(index === 0 && {
        picture: { width: 1200, height: 900, image: image.image },
      }),
      ...(index === 5 && { links: { thumbnail: `${ctx.config.baseUrl}/nothing.jpg` } }),
    }),
  )
  const many = Array.from({ length: 40 }, (_, index) =>
    sample(10_000 + index, { years: { from: 1900 + index, to: 1900 + index } }),
  )
  ctx.engine = fakeEngine([...documents.filter((_, index) => index !== 3 && index !== 4), ...many])
  const names = Object.keys(records) as (keyof Museum['at'])[]
  return {
    ...running,
    at: Object.fromEntries(
      names.map((name, index) => [name, ctx.links.record(saved[index]?.id ?? '')]),
    ) as Museum['at'],
    get: (address, headers = {}) =>
      fetch(address, {
        redirect: 'manual',
        headers: { accept: 'text/html', 'accept-language': 'fr', ...headers },
      }),
  }
}

async function registerImage({
  ctx,
}: RunningBrick): Promise<RecordInput['files'][number] & { image: string }> {
  const sha256 = createHash('sha256').update('a picture').digest('hex')
  const image = sha256.slice(0, 32)
  await ctx.db.query(`INSERT INTO files (sha256, size, media_type) VALUES ($1, 9, 'image/png')`, [
    sha256,
  ])
  await ctx.db.query(
    `INSERT INTO images (id, sha256, width, height, levels) VALUES ($1, $2, 1200, 900, '[]')`,
    [image, sha256],
  )
  return { sha256, name: 'a.png', mediaType: 'image/png', size: 9, image, width: 1200, height: 900 }
}

// What a harvest would have written, without a source to read.
async function harvestInto({ ctx }: RunningBrick, id: string): Promise<void> {
  await ctx.db.query(
    `UPDATE records SET keeper = $2::json, links = $3::json, origins = $4::json WHERE id = $1`,
    [
      id,
      JSON.stringify({ name: 'Musée de la ville', url: 'https://museum.example.org/' }),
      JSON.stringify({
        homepage: 'https://museum.example.org/records/7',
        manifest: 'https://museum.example.org/iiif/presentation/3/records/7/manifest',
        thumbnail: `${ctx.config.baseUrl}/nothing.jpg`,
        imageService: 'https://museum.example.org/iiif/image/3/abc',
      }),
      JSON.stringify([
        {
          baseUrl: 'https://museum.example.org/oai',
          identifier: 'oai:museum.example.org:7',
          datestamp: '2020-05-04T00:00:00Z',
          metadataNamespace: 'http://www.openarchives.org/OAI/2.0/oai_dc/',
          harvestDate: '2020-06-01T00:00:00Z',
          altered: false,
        },
      ]),
    ],
  )
}
