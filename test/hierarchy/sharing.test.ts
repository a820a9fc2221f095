import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { isSharedSet } from '../../schemas/shared.ts'
import type { RunningBrick } from '../../server/brick.ts'
import { allCollections } from '../../server/collections/collections.ts'
import type { Context } from '../../server/context.ts'
import { listReceived, adopt, markRead } from '../../server/hierarchy/from-above.ts'
import { keepUp } from '../../server/hierarchy/hierarchy.ts'
import { aboveState } from '../../server/hierarchy/keeping-up.ts'
import {
  announce,
  put,
  readShared,
  shareProfile,
  shareVocabulary,
  unshare,
} from '../../server/hierarchy/sharing.ts'
import { addSource, harvestSource } from '../../server/network/network.ts'
import { profilesOf } from '../../server/profiles/profiles.ts'
import { keysIn, save } from '../../server/records/records.ts'
import { openPost, type Post } from '../mail/post.ts'
import { brick, collection, draft, testConfig } from '../house.ts'
import { catchUp } from '../../server/changes/changes.ts'
import { indexReader } from '../../server/search/search.ts'

const posters = {
  id: 'posters',
  label: { en: 'Posters', fr: 'Affiches' },
  description: { en: 'Posters of the street', fr: 'Affiches de rue' },
  schema: {
    type: 'object',
    properties: { name: { $ref: 'campa:texts' }, printer: { $ref: 'campa:texts' } },
  },
  crosswalk: { title: ['name'], publisher: ['printer'] },
  display: { name: { label: { en: 'Name', fr: 'Nom' }, order: 1 } },
}

/** The brick reads what is above, now. */
const read = (ctx: Context): Promise<void> => keepUp(ctx, undefined, true)

const titles = async (ctx: Context): Promise<string[]> =>
  (await listReceived(ctx)).map(({ item }) => `${item.kind}: ${item.title['en'] ?? ''}`).toSorted()

describe('what comes from above', function () {
  this.timeout(60_000)
  let root: RunningBrick
  let region: RunningBrick
  let museum: RunningBrick
  let post: Post

  before(async () => {
    const { dataDir } = await testConfig()
    mkdirSync(path(dataDir, 'profiles'), { recursive: true })
    writeFileSync(path(dataDir, 'profiles', 'posters.json'), JSON.stringify(posters))
    root = await brick({ name: 'World memory', level: 'international', dataDir })
    region = await brick({ name: 'Région', level: 'regional', parentUrl: root.ctx.config.baseUrl })
    post = await openPost()
    museum = await brick({
      name: 'Musée',
      level: 'museum',
      parentUrl: region.ctx.config.baseUrl,
      smtpUrl: post.url,
      adminEmail: 'museum@example.org',
    })
    const shelf = await collection(root.ctx, 'moods')
    await save(root.ctx, [
      draft(shelf, 'joy', {
        profile: 'concept',
        metadata: { pref_label: [{ value: 'joy', language: 'en' }] },
      }),
      draft(shelf, 'fear', {
        profile: 'concept',
        metadata: { pref_label: [{ value: 'fear', language: 'en' }] },
      }),
    ])
    await announce(root.ctx, {
      title: { en: 'CaMPA 2 is out', fr: 'CaMPA 2 est là' },
      text: { en: 'Update <b>soon</b>.', fr: 'Mettez à jour.' },
      importance: 'important',
      version: '2.0.0',
    })
    await shareProfile(root.ctx, 'posters')
    await shareVocabulary(root.ctx, 'moods')
  })
  after(async () => {
    await Promise.all([root, region, museum].map((each) => each.close()))
    await post.close()
  })

  it('reaches the brick below, and the one below that in two steps, with who said it', async () => {
    await read(museum.ctx)
    assert.deepEqual(await titles(museum.ctx), [])
    await read(region.ctx)
    await read(museum.ctx)
    const all = [
      'announcement: CaMPA 2 is out',
      'template: Posters',
      'vocabulary: Collection moods',
    ]
    assert.deepEqual(await titles(region.ctx), all)
    assert.deepEqual(await titles(museum.ctx), all)
    for (const { item, read: isRead, adopted } of await listReceived(museum.ctx)) {
      assert.deepEqual(item.issuer, { name: 'World memory', url: root.ctx.config.baseUrl })
      assert.deepEqual([isRead, adopted], [false, 'no'])
    }
    assert.equal((await aboveState(museum.ctx))?.problem, null)
  })

  it('is open to any harvester, as Dublin Core too', async () => {
    const query = new URLSearchParams({
      verb: 'ListRecords',
      metadataPrefix: 'oai_dc',
      set: 'campa!:announcements',
    })
    const text = await (await fetch(`${region.ctx.links.oai()}?${query.toString()}`)).text()
    assert.ok(text.includes('CaMPA 2 est là'))
    assert.ok(text.includes('<dc:publisher>World memory</dc:publisher>'))
  })

  it('moves nothing when it is read again and nothing changed', async () => {
    const last = async (): Promise<unknown> =>
      (await museum.ctx.db.query('SELECT max(sequence) FROM records'))[0]
    const before = await last()
    await read(museum.ctx)
    assert.deepEqual(await last(), before)
  })

  it('is no object: not found by a search, in no list of collections, and not taken up again', async () => {
    await catchUp(museum.ctx, await indexReader(museum.ctx))
    await museum.ctx.engine.refresh()
    assert.equal((await museum.ctx.engine.search({ limit: 5 })).total, 0)
    const page = await fetch(museum.ctx.links.api('collections'))
    assert.deepEqual(((await page.json()) as { total: number }).total, 0)
    const [{ id } = { id: '' }] = await museum.ctx.db.query<{ id: string }>(
      `SELECT id FROM records WHERE profile = 'shared' LIMIT 1`,
    )
    const headers = { accept: 'text/html' }
    const record = await fetch(museum.ctx.links.record(id), { headers })
    assert.equal(record.status, 200)
    assert.ok(!(await record.text()).includes(museum.ctx.links.collection('shared-below')))
    const source = await addSource(root.ctx, region.ctx.config.baseUrl, { slug: 'region' })
    await root.ctx.db.query('UPDATE sources SET paused = true')
    const report = await harvestSource(root.ctx, source)
    assert.deepEqual([report.status, report.added, report.problems], ['complete', 0, []])
    const sets = (await allCollections(root.ctx)).map((each) => each.setSpec)
    assert.deepEqual(
      sets.filter((each) => !isSharedSet(each)),
      ['moods', 'region'],
    )
  })

  it('is told by mail when it is urgent, once', async () => {
    assert.equal(post.received.length, 0)
    await announce(root.ctx, {
      title: { en: 'A hole in CaMPA', fr: 'Une faille dans CaMPA' },
      text: { en: 'Update today.\nSee https://evil.example.org/', fr: 'Mettez à jour ce jour.' },
      importance: 'urgent',
    })
    await read(region.ctx)
    await read(museum.ctx)
    await read(museum.ctx)
    assert.equal(post.received.length, 1)
    const [mail] = post.received
    assert.deepEqual(mail?.to, ['museum@example.org'])
    assert.match(
      mail?.text ?? '',
      /A hole in CaMPA \(World memory\)\r?\n {2}Update today\. See https evil/,
    )
    assert.match(mail?.text ?? '', /Une faille dans CaMPA/)
    assert.ok(mail?.text.includes(museum.ctx.links.network('above')))
    assert.doesNotMatch(mail?.text ?? '', /CaMPA 2/)
  })

  it('is used when the operator says so: a template is a profile from then on', async () => {
    assert.throws(() => profilesOf(museum.ctx.config).get('posters'), { code: 'not-found' })
    await adopt(museum.ctx, 'template', 'posters')
    assert.equal(profilesOf(museum.ctx.config).get('posters').label['fr'], 'Affiches')
    const template = (await listReceived(museum.ctx)).find(({ item }) => item.kind === 'template')
    assert.equal(template?.adopted, 'yes')
  })

  it('offers the newer form of what is used, and does not apply it by itself', async () => {
    const newer = { ...posters, label: { en: 'Street posters', fr: 'Affiches de rue' } }
    const { item } =
      (await listReceived(region.ctx)).find((each) => each.item.kind === 'template') ??
      assert.fail()
    assert.ok(item.kind === 'template')
    await put(region.ctx, [{ ...item, profile: newer as typeof item.profile }])
    await read(museum.ctx)
    const [template] = (await listReceived(museum.ctx)).filter((each) => each.adopted === 'older')
    assert.equal(template?.item.kind, 'template')
    assert.equal(profilesOf(museum.ctx.config).get('posters').label['en'], 'Posters')
    await adopt(museum.ctx, 'template', 'posters')
    assert.equal(profilesOf(museum.ctx.config).get('posters').label['en'], 'Street posters')
  })

  it('makes a closed collection of a vocabulary, which goes with what is withdrawn from it', async () => {
    await adopt(museum.ctx, 'vocabulary', 'moods')
    const kept = async (): Promise<string[]> => {
      const found = (await allCollections(museum.ctx)).find(
        ({ slug }) => slug === 'vocabulary-moods',
      )
      assert.equal(found?.visibility, 'closed')
      return (await keysIn(museum.ctx, found.id)).map(({ key }) => key).toSorted()
    }
    assert.deepEqual(await kept(), ['fear', 'joy'])
    const [vocabulary] = (await listReceived(museum.ctx)).filter(
      ({ item }) => item.kind === 'vocabulary',
    )
    assert.ok(vocabulary?.item.kind === 'vocabulary')
    await put(museum.ctx, [{ ...vocabulary.item, concepts: vocabulary.item.concepts.slice(1) }])
    await adopt(museum.ctx, 'vocabulary', 'moods')
    assert.equal((await kept()).length, 1)
  })

  it('remembers what was read', async () => {
    const [first] = await listReceived(museum.ctx)
    assert.ok(first)
    await markRead(museum.ctx, first.item.id, true)
    await read(museum.ctx)
    const again = (await listReceived(museum.ctx)).find(({ item }) => item.id === first.item.id)
    assert.equal(again?.read, true)
  })

  it('goes when it is shared no longer; what is used stays', async () => {
    for (const { item } of await listReceived(region.ctx))
      if (item.kind === 'announcement') await unshare(root.ctx, item.id)
    await read(region.ctx)
    await read(museum.ctx)
    assert.ok(!(await titles(museum.ctx)).some((each) => each.startsWith('announcement')))
    assert.ok(profilesOf(museum.ctx.config).get('posters'))
  })

  it('keeps what it had while the brick above does not answer, and says why', async () => {
    const before = await titles(museum.ctx)
    await museum.ctx.db.query('DELETE FROM settings WHERE name = $1', ['from above'])
    await region.ctx.db.query('ALTER TABLE collections RENAME TO collections_away')
    await read(museum.ctx)
    await region.ctx.db.query('ALTER TABLE collections_away RENAME TO collections')
    assert.deepEqual(await titles(museum.ctx), before)
    assert.ok((await aboveState(museum.ctx))?.problem)
  })
})

describe('a thing from a stranger', () => {
  const good = {
    kind: 'template',
    id: 'tag:museum.example.org,2026:template/posters',
    issuer: { name: 'Museum', url: 'https://museum.example.org' },
    issued: '2026-11-22T10:00:00Z',
    title: { en: 'Posters' },
    text: {},
    profile: posters,
  }
  const withSchema = (field: object): string =>
    JSON.stringify({
      ...good,
      profile: {
        ...posters,
        schema: { type: 'object', properties: { name: field } },
        crosswalk: {},
        display: {},
      },
    })

  it('is taken when it is what it should be', () => {
    assert.equal(readShared(JSON.stringify(good)).kind, 'template')
    assert.ok(readShared(withSchema({ type: 'string', pattern: '^[A-Z]{2}-\\d+$', maxLength: 20 })))
  })

  const bad: [string, string, RegExp][] = [
    ['what is no JSON', '{', /not JSON/],
    ['an unknown kind', JSON.stringify({ ...good, kind: 'program' }), /wrong/],
    [
      'an address that is none',
      JSON.stringify({ ...good, issuer: { name: 'x', url: 'javascript:1' } }),
      /wrong/,
    ],
    [
      'a pattern that takes for ever',
      withSchema({ type: 'string', pattern: '^(a+)+$' }),
      /for ever/,
    ],
    ['many repetitions', withSchema({ type: 'string', pattern: 'a*a*a*a*b' }), /for ever/],
    ['a reference outwards', withSchema({ $ref: 'https://evil.example/schema' }), /types of CaMPA/],
    ['a reference to itself', withSchema({ $ref: '#' }), /types of CaMPA/],
    ['keywords that nobody needs', withSchema({ patternProperties: { a: {} } }), /not taken/],
    ['a profile with a hole', JSON.stringify({ ...good, profile: { id: 'posters' } }), /wrong/],
    [
      'a profile called as a path',
      JSON.stringify({ ...good, profile: { ...posters, id: '../x' } }),
      /wrong/,
    ],
    [
      'more than it may hold',
      JSON.stringify({
        ...good,
        text: { en: 'x'.repeat(9000) },
        profile: { ...posters, x: 'y'.repeat(200_000) },
      }),
      /characters at most/,
    ],
  ]
  for (const [what, text, reason] of bad)
    it(`is refused: ${what}`, () => assert.throws(() => readShared(text), reason))
})
