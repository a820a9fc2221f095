import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Client } from '@elastic/elasticsearch'
import type { Brick } from '../../server/brick.ts'
import { catchUp, follow, position } from '../../server/changes/changes.ts'
import type { Context } from '../../server/context.ts'
import { readLine, save, withdraw } from '../../server/records/records.ts'
import { indexReader, rebuildIndex } from '../../server/search/search.ts'
import { collection, draft, needed, tools } from '../house.ts'

const title = (value: string) => ({ dc: { title: [{ value }] } })

async function find(ctx: Context, text: string): Promise<string[]> {
  await ctx.engine.refresh()
  const { hits } = await ctx.engine.search({ text, limit: 100 })
  return hits.map((hit) => hit.title[0]?.value ?? '').toSorted()
}

const everything = async (ctx: Context): Promise<number> => {
  await ctx.engine.refresh()
  return (await ctx.engine.search({ limit: 0 })).total
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await what()) return
    await new Promise((done) => setTimeout(done, 100))
  }
  assert.fail('it did not happen within ten seconds')
}

interface Kind {
  name: string
  open(test: Mocha.Context): Promise<Brick>
  throwAway(ctx: Context): Promise<void>
}

const client = (ctx: Context) => new Client({ node: ctx.config.elasticsearchUrl ?? '' })

async function dropIndexes(ctx: Context): Promise<void> {
  const elastic = client(ctx)
  const found = await elastic.indices.get({ index: `${ctx.config.elasticsearchIndex}-*` })
  for (const index of Object.keys(found)) await elastic.indices.delete({ index })
  await elastic.close()
}

const kinds: Kind[] = [
  {
    name: 'PostgreSQL',
    open: () => tools({ elasticsearchUrl: undefined }),
    throwAway: async (ctx) => void (await ctx.db.query('DROP TABLE search_documents')),
  },
  {
    name: 'Elasticsearch',
    async open(test) {
      const elasticsearchUrl = needed(process.env['ELASTICSEARCH_URL'], 'ELASTICSEARCH_URL', test)
      const elasticsearchIndex = `test_${randomBytes(6).toString('hex')}`
      const brick = await tools({ elasticsearchUrl, elasticsearchIndex })
      return {
        ctx: brick.ctx,
        async close() {
          await dropIndexes(brick.ctx)
          await brick.close()
        },
      }
    },
    throwAway: dropIndexes,
  },
]

for (const kind of kinds) {
  describe(`the index in ${kind.name}, fed from the line`, function () {
    this.timeout(60_000)
    let brick: Brick
    let ctx: Context
    let drawings: number
    before(async function () {
      brick = await kind.open(this)
      ctx = brick.ctx
      drawings = await collection(ctx, 'drawings')
    })
    after(() => brick?.close())

    const feed = async (): Promise<number> => catchUp(ctx, await indexReader(ctx))

    it('holds what is public, and only that', async () => {
      await save(ctx, [
        draft(drawings, 'open', title('Window open')),
        draft(drawings, 'asked', { ...title('Window on request'), visibility: 'on-request' }),
        draft(drawings, 'closed', { ...title('Window closed'), visibility: 'closed' }),
        draft(drawings, 'draft', { ...title('Window drafted'), status: 'draft' }),
      ])
      await feed()
      assert.deepEqual(await find(ctx, 'window'), ['Window on request', 'Window open'])
    })

    it('replaces what has changed', async () => {
      await save(ctx, [draft(drawings, 'open', title('Balcony'))])
      assert.equal(await feed(), 1)
      assert.deepEqual(await find(ctx, 'window'), ['Window on request'])
      assert.deepEqual(await find(ctx, 'balcony'), ['Balcony'])
    })

    it('lets go what was closed or withdrawn, and takes it back', async () => {
      await save(ctx, [draft(drawings, 'open', { ...title('Balcony'), visibility: 'closed' })])
      const [gone] = await save(ctx, [draft(drawings, 'asked', title('Window'))])
      await withdraw(ctx, [gone?.identifier ?? ''])
      await feed()
      assert.equal(await everything(ctx), 0)
      await save(ctx, [draft(drawings, 'open', title('Balcony again'))])
      await feed()
      assert.deepEqual(await find(ctx, 'balcony'), ['Balcony again'])
    })

    it('lets a change be found within seconds, and the one right after it, by itself', async () => {
      const titles = async (): Promise<string[]> =>
        (await ctx.engine.search({ text: 'fresh', limit: 10 })).hits.map(
          (hit) => hit.title[0]?.value ?? '',
        )
      const follower = follow(ctx, await indexReader(ctx))
      for (const name of ['Fresh once', 'Fresh twice', 'Fresh thrice']) {
        await save(ctx, [draft(drawings, 'fresh', title(name))])
        await until(async () => (await titles())[0] === name)
      }
      await follower.stop()
      await save(ctx, [draft(drawings, 'fresh', { ...title('Fresh'), status: 'draft' })])
      await feed()
    })

    it('is filled again from the beginning by itself when it was thrown away', async () => {
      await save(
        ctx,
        Array.from({ length: 1200 }, (_, index) => draft(drawings, `many-${index}`)),
      )
      const follower = follow(ctx, await indexReader(ctx))
      await until(async () => (await everything(ctx)) === 1201)
      await kind.throwAway(ctx)
      await save(ctx, [draft(drawings, 'late', title('Latecomer'))])
      await until(async () => (await everything(ctx).catch(() => 0)) === 1202)
      assert.deepEqual(await find(ctx, 'latecomer'), ['Latecomer'])
      await follower.stop()
    })

    it('is rebuilt while a server follows, which goes on with the new one', async () => {
      const follower = follow(ctx, await indexReader(ctx))
      const { reader: before } = await ctx.engine.prepare()
      const seen: number[] = []
      const result = await rebuildIndex(ctx, ({ done }) => seen.push(done))
      assert.equal(result.refused, 0)
      assert.deepEqual(seen, [1000, result.done])
      const { reader } = await ctx.engine.prepare()
      assert.notEqual(reader, before)
      const end = (await readLine(ctx, 0, 10_000)).at(-1)?.sequence
      assert.equal(await position(ctx, reader), end)
      assert.equal(await everything(ctx), 1202)
      await save(ctx, [draft(drawings, 'last', title('Lastcomer'))])
      await until(async () => (await find(ctx, 'lastcomer')).length === 1)
      await until(async () => (await position(ctx, reader)) > (end ?? 0))
      await follower.stop()
      const readers = await ctx.db.query(`SELECT name FROM readers WHERE name LIKE 'search%'`)
      assert.deepEqual(readers, [{ name: reader }])
    })

    it('keeps the old index when a rebuild fails', async () => {
      const { reader } = await ctx.engine.prepare()
      await assert.rejects(
        rebuildIndex(ctx, () => {
          throw new Error('stopped')
        }),
        /stopped/,
      )
      assert.equal((await ctx.engine.prepare()).reader, reader)
      assert.equal(await everything(ctx), 1203)
      await rebuildIndex(ctx)
      assert.equal(await everything(ctx), 1203)
    })
  })
}

describe('a brick whose Elasticsearch does not answer', () => {
  it('starts all the same', async function () {
    this.timeout(30_000)
    const brick = await tools({ elasticsearchUrl: 'http://127.0.0.1:9' })
    const reader = await indexReader(brick.ctx)
    await assert.rejects(catchUp(brick.ctx, reader))
    await brick.close()
  })
})
