// What bricks say to each other, held to the description of the API.
import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { RunningBrick } from '../../server/brick.ts'
import { openApi } from '../../server/publish/openapi.ts'
import { brick } from '../house.ts'

describe('what bricks say to each other', function () {
  this.timeout(30_000)
  let above: RunningBrick
  let below: RunningBrick
  before(async () => {
    above = await brick({ name: 'Above', childrenNetworks: ['127.0.0.0/8'] })
    below = await brick({ name: 'Below' })
  })
  after(() => Promise.all([above.close(), below.close()]))

  it('is what the API describes', async () => {
    const { ctx } = above
    const description = openApi(ctx)
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    ajv.addSchema({ $id: 'campa:api', ...description })
    const ask = async (method: 'get' | 'post', path: string, url: unknown, status: number) => {
      const query = method === 'get' ? `?url=${encodeURIComponent(String(url))}` : ''
      const answer = await fetch(`${ctx.config.baseUrl}${path}${query}`, {
        method: method.toUpperCase(),
        ...(method === 'post' && { body: JSON.stringify({ url }) }),
      })
      const body: unknown = await answer.json()
      assert.equal(answer.status, status, JSON.stringify(body))
      const given = description.paths[path]?.[method]?.responses[status]
      assert.ok(given, `${path} may answer ${status}`)
      const name = '$ref' in given ? given.$ref.split('/').at(-1) : undefined
      const response = name ? description.components.responses[name] : given
      assert.ok(response && !('$ref' in response))
      const [[mediaType, { schema }] = assert.fail()] = Object.entries(response.content ?? {})
      assert.equal(answer.headers.get('content-type')?.split(';')[0], mediaType)
      assert.ok(ajv.validate({ $ref: `campa:api${schema.$ref ?? ''}` }, body))
      return body
    }
    const [join, notice, door] = [
      '/api/v1/network/join',
      '/api/v1/network/notice',
      below.ctx.links.oai(),
    ]
    assert.deepEqual(await ask('get', join, door, 200), { taken: false })
    await ask('get', join, '', 400)
    await ask('post', notice, door, 404)
    assert.deepEqual(await ask('post', join, door, 202), { state: 'waiting' })
    await ask('post', join, 7, 400)
    await ask('post', join, 'http://10.1.2.3/', 400)
    await ctx.db.query(`UPDATE join_requests SET decision = 'refused'`)
    await ask('post', join, door, 403)
    await ctx.db.query(
      `INSERT INTO sources (slug, url, name, every_minutes) VALUES ('b', $1, 'B', 9)`,
      [door],
    )
    assert.deepEqual(await ask('post', join, door, 200), { state: 'taken' })
    assert.deepEqual(await ask('get', join, door, 200), { taken: true })
    assert.deepEqual(await ask('post', notice, door, 202), {})
  })
})
