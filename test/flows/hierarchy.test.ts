import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'
import { addSource, harvestSource, listSources } from '../../server/network/network.ts'
import { save, withdraw } from '../../server/records/records.ts'
import type { Visibility } from '../../schemas/record.ts'
import { brick, collection, draft } from '../house.ts'
import { painting } from '../iiif/painting.ts'

// What a visitor of the root sees of a leaf, through HTTP alone.
describe('a picture of a leaf at the root', function () {
  this.timeout(60_000)
  let leaf: RunningBrick
  let national: RunningBrick
  let root: RunningBrick
  let folder = ''
  let identifiers: string[] = []

  const put = async (title: string, visibility: Visibility = 'open'): Promise<string> => {
    const { ctx } = leaf
    const file = await ingest(ctx, join(folder, 'window.png'), {
      name: 'window.png',
      mustBeImage: true,
    })
    const [saved] = await save(ctx, [
      draft(await collection(ctx), title.split(' ')[0] ?? '', {
        visibility,
        files: [file],
        dc: { title: [{ value: title, language: 'fr' }] },
      }),
    ])
    return saved?.identifier ?? ''
  }
  const upwards = async (): Promise<void> => {
    for (const { ctx } of [national, root]) {
      const [source] = await listSources(ctx)
      assert.ok(source)
      const report = await harvestSource(ctx, await addSource(ctx, source.url))
      assert.deepEqual([report.status, report.problems], ['complete', []])
    }
  }
  const found = async (words: string): Promise<string[]> => {
    const page = await fetch(root.ctx.links.search({ q: words }))
    assert.equal(page.status, 200)
    const text = await page.text()
    // Where nothing is found other objects are shown.
    if (text.includes('class="nothing"')) return []
    return [...new Set([...text.matchAll(/href="([^"]*\/records\/[^"]+)"/g)].map(([, at]) => at!))]
  }
  /** Waits for the index of the root, which follows its change line. */
  const finds = async (words: string, times: number): Promise<string[]> => {
    let last: string[] = []
    for (let tries = 0; tries < 100; tries++) {
      last = await found(words)
      if (last.length === times) return last
      await new Promise((done) => setTimeout(done, 50))
    }
    throw new Error(`${words}: found ${last.length} times, not ${times}`)
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'campa-flow-'))
    await painting(1200, 800, join(folder, 'window.png'))
    leaf = await brick({ name: 'Musée des fenêtres', level: 'museum' })
    national = await brick({ name: 'Collections nationales', level: 'national' })
    root = await brick({ name: 'World memory', level: 'international' })
    identifiers = [
      await put('Hirondelle à la fenêtre'),
      await put('Crocodile à la fenêtre'),
      await put('Girafe à la fenêtre'),
    ]
    await addSource(national.ctx, leaf.ctx.config.baseUrl, { slug: 'windows' })
    await addSource(root.ctx, national.ctx.config.baseUrl, { slug: 'nation' })
    for (const { ctx } of [national, root]) await ctx.db.query('UPDATE sources SET paused = true')
    await upwards()
  })
  after(async () => {
    await Promise.all([leaf, national, root].map((each) => each?.close()))
    rmSync(folder, { recursive: true, force: true })
  })

  it('is found without its accent, with the picture that the leaf serves', async () => {
    await finds('fenetre', 3)
    const [address] = await finds('hirondelle', 1)
    const page = await (await fetch(new URL(address ?? '', root.address))).text()
    assert.match(page, /Musée des fenêtres/)
    assert.ok(page.includes(`href="${leaf.ctx.config.baseUrl}/records/`))
    const picture = /<img\s+src="([^"]+)"/.exec(page.slice(page.indexOf('id="stage"')))?.[1] ?? ''
    assert.ok(picture.startsWith(leaf.ctx.config.baseUrl), picture)
    const answer = await fetch(picture)
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/jpeg'])
  })

  it('is found by its new title when the leaf gives it one, and no longer by the old', async () => {
    const { ctx } = leaf
    await save(ctx, [
      draft(await collection(ctx), 'Hirondelle', {
        dc: { title: [{ value: 'Martinet au balcon', language: 'fr' }] },
      }),
    ])
    await upwards()
    await finds('martinet', 1)
    await finds('hirondelle', 0)
  })

  it('is no longer found when the leaf withdraws it, and its page says that it was', async () => {
    const [address] = await finds('crocodile', 1)
    await withdraw(leaf.ctx, [identifiers[1] ?? ''])
    await upwards()
    await finds('crocodile', 0)
    assert.equal((await fetch(new URL(address ?? '', root.address))).status, 410)
  })

  it('is no longer found when the leaf closes it, neither its words nor its picture', async () => {
    const [address] = await finds('girafe', 1)
    await put('Girafe à la fenêtre', 'closed')
    await upwards()
    await finds('girafe', 0)
    const page = await fetch(new URL(address ?? '', root.address))
    assert.ok([403, 404, 410].includes(page.status), String(page.status))
    assert.doesNotMatch(await page.text(), /Girafe/)
  })

  it('is found again when the leaf opens it again', async () => {
    await put('Girafe à la fenêtre')
    await upwards()
    await finds('girafe', 1)
  })
})
