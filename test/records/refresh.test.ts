import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { openBrick, type Brick } from '../../server/brick.ts'
import type { Config } from '../../config/config.ts'
import { describeCollection } from '../../server/collections/collections.ts'
import { ingest } from '../../server/files/files.ts'
import { crosswalk, profilesOf } from '../../server/profiles/profiles.ts'
import { endOfLine, readLine, refresh, save, withdraw } from '../../server/records/records.ts'
import { answerText } from '../../server/oai/oai.ts'
import { collection, draft, forget, quiet, testConfig } from '../house.ts'

const profile = (rules: unknown): object => ({
  id: 'song',
  label: { en: 'Song' },
  description: { en: 'A song' },
  schema: {
    type: 'object',
    properties: { name: { type: 'string' }, singer: { type: 'string' } },
  },
  crosswalk: rules,
  display: {},
})

describe('what records are written with', () => {
  let config: Config
  let brick: Brick

  const open = async (change: Partial<Config> = {}): Promise<void> => {
    await brick?.close()
    config = { ...config, ...change }
    brick = await openBrick(config, quiet)
  }
  const writeProfile = (rules: unknown): void => {
    const folder = join(config.dataDir, 'profiles')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'song.json'), JSON.stringify(profile(rules)))
  }
  const moved = async (since: number): Promise<string[]> =>
    (await readLine(brick.ctx, since, 1000)).map((each) => each.key).toSorted()
  const list = (query: string): Promise<string> => answerText(brick.ctx, new URLSearchParams(query))

  beforeEach(async () => {
    config = await testConfig()
    writeProfile({ title: ['name'] })
    brick = await openBrick(config, quiet)
    const songs = await collection(brick.ctx, 'songs')
    const drawings = await collection(brick.ctx, 'drawings')
    const song = profilesOf(config).get('song')
    const sung = (key: string, metadata: Record<string, string>) =>
      draft(songs, key, { profile: 'song', metadata, dc: crosswalk(song, metadata) })
    const typed = { title: [{ value: 'A window' }], type: [{ value: 'Image' }] }
    await save(brick.ctx, [
      sung('alone', { name: 'Alone' }),
      sung('sung', { name: 'Sung', singer: 'Ada' }),
      draft(drawings, 'window', { dc: typed }),
      draft(drawings, 'closed', { visibility: 'closed' }),
    ])
    const [gone] = await save(brick.ctx, [draft(drawings, 'gone')])
    await withdraw(brick.ctx, [gone?.identifier ?? ''])
  })
  afterEach(async () => {
    await brick.close()
    await forget(config)
  })

  it('moves nothing as long as it stays as it is', async () => {
    const end = await endOfLine(brick.ctx)
    assert.equal(await refresh(brick.ctx), 0)
    await open()
    assert.equal(await refresh(brick.ctx), 0)
    assert.equal(await endOfLine(brick.ctx), end)
  })

  it('moves those that a changed crosswalk describes in another way, and no others', async () => {
    const end = await endOfLine(brick.ctx)
    writeProfile({ title: ['name'], creator: ['singer'] })
    await open({ name: config.name })
    assert.equal(await refresh(brick.ctx), 1)
    assert.deepEqual(await moved(end), ['sung'])
    assert.match(await list('verb=ListRecords&metadataPrefix=oai_dc'), /<dc:creator>Ada</)
    assert.equal(await refresh(brick.ctx), 0)
  })

  it('moves the records of a collection that has got a licence, which fills a format more', async () => {
    const { ctx } = brick
    const edm = 'verb=ListIdentifiers&metadataPrefix=edm'
    assert.match(await list(edm), /noRecordsMatch/)
    const end = await endOfLine(ctx)
    await refresh(ctx)
    await describeCollection(ctx, 'drawings', {
      rights: 'http://creativecommons.org/publicdomain/zero/1.0/',
    })
    assert.equal(await refresh(ctx), 1)
    assert.deepEqual(await moved(end), ['window'])
    assert.match(await list(edm), /<header>/)
  })

  it('moves all when the brick moves to another address, and goes on where it was stopped', async () => {
    const end = await endOfLine(brick.ctx)
    await open({ baseUrl: 'https://museum.example.org' })
    const stopped = new AbortController()
    stopped.abort()
    assert.equal(await refresh(brick.ctx, stopped.signal), 0)
    assert.equal(await refresh(brick.ctx), 3)
    assert.deepEqual(await moved(end), ['alone', 'sung', 'window'])
    const text = await list('verb=ListRecords&metadataPrefix=oai_dc')
    assert.equal(text.match(/https:\/\/museum\.example\.org\/records\/\d+</g)?.length, 3)
    assert.equal(text.match(/status="deleted"/g)?.length, 1)
  })

  it('looks at the pictures that were there before anybody looked', async () => {
    const { ctx } = brick
    const path = join(config.dataDir, 'picture.png')
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#123456' } })
      .composite([{ input: { text: { text: 'A window', dpi: 300 } }, left: 10, top: 40 }])
      .png()
      .toFile(path)
    const { likeness, ...file } = await ingest(ctx, path, { name: 'picture.png' })
    assert.equal(likeness?.prints.length, 2)
    await ctx.db.query('UPDATE images SET likeness = NULL')
    const pictures = await collection(ctx, 'pictures')
    const before = { ...file, label: { en: 'Front' } }
    await save(ctx, [draft(pictures, 'picture', { files: [before] })])
    await refresh(ctx)
    await ctx.db.query(
      `UPDATE settings SET value = jsonb_set(value::jsonb, '{done,format mets}', '"older"')
       WHERE name = 'written with'`,
    )
    const end = await endOfLine(ctx)
    await refresh(ctx)
    const [record] = (await readLine(ctx, end, 100)).filter((each) => each.key === 'picture')
    assert.deepEqual(record?.files, [{ ...before, likeness }])
    const since = await endOfLine(ctx)
    const files = [{ ...file, likeness, label: { en: 'Front' } }]
    const [again] = await save(ctx, [draft(pictures, 'picture', { files })])
    assert.equal(again?.outcome, 'unchanged')
    await refresh(ctx)
    assert.equal(await endOfLine(ctx), since)
  })
})
