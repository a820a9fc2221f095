import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { Client } from '@elastic/elasticsearch'
import { freePort, needed, tools } from '../house.ts'
import { document, engineContract, type Opened } from './contract.ts'

interface OpenedIndex extends Opened {
  client: Client
  prefix: string
}

/** An engine on indexes of its own, which go with it. */
async function open(test: Mocha.Context): Promise<OpenedIndex> {
  const url = needed(process.env['ELASTICSEARCH_URL'], 'ELASTICSEARCH_URL', test)
  const prefix = `test_${randomBytes(6).toString('hex')}`
  const brick = await tools({ elasticsearchUrl: url, elasticsearchIndex: prefix })
  const client = new Client({ node: url })
  return {
    engine: brick.ctx.engine,
    client,
    prefix,
    async close() {
      const found = await client.indices.get({ index: `${prefix}*`, allow_no_indices: true })
      for (const index of Object.keys(found)) await client.indices.delete({ index })
      await client.close()
      await brick.close()
    },
  }
}

describe('the Elasticsearch engine', () => {
  engineContract(open)

  describe('on its own', () => {
    let opened: OpenedIndex
    before(async function () {
      opened = await open(this)
    })
    after(() => opened?.close())

    const drop = async (): Promise<void> => {
      const { client, prefix } = opened
      for (const index of Object.keys(await client.indices.get({ index: prefix })))
        await client.indices.delete({ index })
    }

    it('makes another index when its own was thrown away, and nothing by writing into none', async () => {
      const { engine, client, prefix } = opened
      const before = await engine.prepare()
      assert.equal((await engine.prepare()).fresh, false)
      await engine.apply({ upserts: [document('1')], deletes: [] })
      await drop()
      await assert.rejects(engine.apply({ upserts: [document('2')], deletes: [] }), /gone|no such/)
      await assert.rejects(engine.search({ limit: 1 }), { code: 'unavailable' })
      assert.equal(await client.indices.exists({ index: prefix }), false)
      const after = await engine.prepare()
      assert.ok(after.fresh)
      assert.notEqual(after.reader, before.reader)
      assert.equal((await engine.search({ limit: 1 })).total, 0)
    })

    it('removes what a killed rebuild left behind, and nothing of a brick whose name begins alike', async () => {
      const { engine, client, prefix } = opened
      const orphan = `${prefix}-20200101000000-0123abcd`
      const neighbour = `${prefix}-other-20200101000000-0123abcd`
      for (const index of [orphan, neighbour]) await client.indices.create({ index })
      await (await engine.rebuild()).abandon()
      assert.equal(await client.indices.exists({ index: orphan }), false)
      assert.equal(await client.indices.exists({ index: neighbour }), true)
    })

    it('leaves a document out that Elasticsearch refuses, and says which', async () => {
      const { engine } = opened
      // The first makes Elasticsearch refuse the whole request, the second is refused alone.
      const impossible = document('impossible', { sequence: -1 })
      const deep = JSON.parse('{"a":'.repeat(3000) + '1' + '}'.repeat(3000)) as object
      const nested = document('nested', { links: { homepage: deep as unknown as string } })
      const upserts = [document('1'), impossible, document('2'), nested, document('3')]
      const refused = await engine.apply({ upserts, deletes: [] })
      assert.deepEqual(refused.map((each) => each.id).toSorted(), ['impossible', 'nested'])
      await engine.refresh()
      const { hits } = await engine.search({ limit: 5 })
      assert.deepEqual(hits.map((hit) => hit.id).toSorted(), ['1', '2', '3'])
    })
  })

  describe('without its server', () => {
    it('says "unavailable" to visitors and throws at the reader', async () => {
      const brick = await tools({ elasticsearchUrl: `http://127.0.0.1:${await freePort()}` })
      const { engine } = brick.ctx
      await assert.rejects(engine.search({ limit: 1 }), { code: 'unavailable' })
      await assert.rejects(engine.prepare())
      await assert.rejects(engine.apply({ upserts: [document('1')], deletes: [] }))
      await assert.rejects(engine.check(), /Elasticsearch does not answer .* PostgreSQL searches/)
      await brick.close()
    })
  })

  describe('while its server is busy', () => {
    let server: Server
    let answers: object[][]
    let asked: string[]
    before(async () => {
      server = createServer((request, response) => {
        let body = ''
        request.on('data', (part: Buffer) => (body += part.toString()))
        request.on('end', () => {
          asked.push(body)
          const items = answers.shift() ?? []
          response.setHeader('X-Elastic-Product', 'Elasticsearch')
          response.setHeader('Content-Type', 'application/vnd.elasticsearch+json;compatible-with=9')
          response.end(JSON.stringify({ took: 1, errors: true, items }))
        })
      })
      const port = await freePort()
      await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
    })
    after(() => new Promise((done) => server.close(done)))

    it('tries again what it was too busy for, and only that', async () => {
      const { bulk } = await import('../../server/engine/elasticsearch/bulk.ts')
      const bound = server.address()
      const client = new Client({
        node: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
      })
      asked = []
      answers = [
        [
          { index: { _id: 'a', status: 201 } },
          { index: { _id: 'b', status: 429, error: { type: 'es_rejected_execution_exception' } } },
          { index: { _id: 'c', status: 400, error: { type: 'x', reason: 'it is odd' } } },
          {
            index: { _id: 'd', status: 409, error: { type: 'version_conflict_engine_exception' } },
          },
        ],
        [{ index: { _id: 'b', status: 200 } }],
      ]
      const upserts = ['a', 'b', 'c', 'd'].map((id) => document(id))
      const refused = await bulk(client, 'index', true, { upserts, deletes: [] })
      assert.deepEqual(refused, [{ id: 'c', reason: 'it is odd' }])
      assert.equal(asked.length, 2)
      assert.match(asked[1] ?? '', /^\{"index":\{"_id":"b"/)
      assert.equal((asked[1] ?? '').trim().split('\n').length, 2)
      await client.close()
    })
  })
})
